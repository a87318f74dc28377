"""The English text of every problem, and the severity it has."""

from __future__ import annotations

from review.text import N_

#: code → text. The severity and the hint are given where the problem is found.
PROBLEMS = {
    "round_undecided": N_(
        "round “{round}” cannot start: the shortlist of “{source}” is undecided for {proposals}"
    ),
    "tie_refused": N_("round “{round}”: {proposals} are tied and the chain says `refuse`"),
    "quota_impossible": N_("round “{round}”: the minimum of {min} from {by} “{value}” cannot be met"),
    "incomplete_ballot_renormalised": N_(
        "round “{round}”: the ballot of {judge} on {proposal} lacks {criteria}; its weights were renormalised"
    ),
    "incomplete_ballot_dropped": N_(
        "round “{round}”: the ballot of {judge} on {proposal} lacks {criteria} and was dropped"
    ),
    "incomplete_ballot_refused": N_(
        "round “{round}”: the ballot of {judge} on {proposal} lacks {criteria}"
    ),
    "incomplete_criteria_renormalised": N_(
        "round “{round}”: {proposal} has no score on {criteria}; the weights were renormalised"
    ),
    "incomplete_criteria_dropped": N_(
        "round “{round}”: {proposal} has no score on {criteria}, so it has no score at all"
    ),
    "incomplete_criteria_refused": N_("round “{round}”: {proposal} has no score on {criteria}"),
    "incomplete_more_renormalised": N_("round “{round}”: {count} more were renormalised"),
    "incomplete_more_dropped": N_("round “{round}”: {count} more were dropped"),
    "incomplete_more_refused": N_("round “{round}”: {count} more are incomplete"),
    "hint_decide": N_("rule on them in the decisions table (`in` or `out`), or change `line`"),
    "column_unknown": N_("there is no column “{column}” to compute with; there are {columns}"),
    "column_ambiguous": N_("“{column}” can mean {columns}: name it in full"),
    "headroom": N_(
        "round “{round}”: {stage} does not fit 64-bit exact arithmetic ({bits} bits are needed, {limit} are there)"
    ),
    "hint_headroom": N_(
        "declare `rounding = {{ ballot = n }}` in the rubric, or `incomplete = \"drop\"`"
    ),
    # plugins: each text names the plugin with its distribution and version
    "kind_rubrics": N_("rubric"),
    "kind_scorers": N_("scorer"),
    "kind_shortlists": N_("shortlist rule"),
    "kind_awards": N_("award"),
    "kind_readers": N_("reader"),
    "kind_exporters": N_("exporter"),
    "kind_suffix": N_("reader of files ending in"),
    "plugin_import": N_("plugin {plugin} cannot be imported: {error}"),
    "plugin_failed": N_("plugin {plugin} failed: {error}"),
    "plugin_name_twice": N_("two plugins have the same name: {other} and {plugin}; uninstall one"),
    "plugin_unknown": N_("there is no plugin “{name}” to leave out; there are: {names}"),
    "plugin_hook": N_("plugin {plugin} does not fit: {error}; the hooks are: {hooks}"),
    "plugin_without_hook": N_(
        "plugin {plugin} has no hook: put `@hookimpl` above a function such as `register_awards`"
    ),
    "plugin_answer": N_(
        "plugin {plugin}: {hook}() returned None; return a list, an empty one if there is nothing"
    ),
    "part_twice": N_(
        "{kind} “{id}” comes from two plugins: {other} and {plugin}; leave one out with `--no-plugin`"
    ),
    "part_of_no_kind": N_(
        "plugin {plugin}: {hook}() returned {part}, which is not a subclass of {bases}"
    ),
    "part_abstract": N_("plugin {plugin}: {part} does not define {methods}"),
    "part_id": N_("plugin {plugin}: {part} needs an `id` in snake_case; it has {value}"),
    "reader_suffixes": N_(
        "plugin {plugin}: {part} needs a list of `suffixes`, each beginning with a dot"
    ),
    "rubric_unreadable": N_("plugin {plugin}: the rubric {file} cannot be read: {error}"),
    "rubric_without_id": N_("plugin {plugin}: the rubric {file} has no `id`"),
    "plugin_folder": N_(
        "{folder} declares no plugin: a pyproject.toml with [project.entry-points.review] is "
        "needed ({error})"
    ),
    "plugin_folder_exists": N_("{folder} is there already and is left alone"),
    "plugin_nowhere": N_(
        "“{name}” is neither a folder, a file nor an installed plugin; installed are: {names}"
    ),
    # what `review plugins check` finds; each text is about one part
    "check_title": N_("`title` says nothing in {language}"),
    "check_docstring": N_("there is no docstring that says what it does"),
    "check_options_model": N_("`Options` is not a subclass of review.Options"),
    "check_option_example": N_(
        "option “{option}”: {error}; an option without a default needs "
        "an example to be checked with: Field(examples=[…])"
    ),
    "check_options_round_trip": N_("options change when written down and read again: {options}"),
    "check_raised": N_("failed: {error}"),
    "check_unrepeatable": N_("gives another answer when asked twice"),
    "check_rows": N_("the order of the rows changes the answer"),
    "check_judges": N_("the names of the judges change the answer"),
    "check_proposals": N_("the names of the proposals change the answer"),
    "check_rounds": N_(
        "two rounds at once differ from each alone: take keys.cell and keys.field into account"
    ),
    "check_unit": N_(
        "unit = “{unit}” is not kept: with marks in tenths, ten times the score is expected of “mark” "
        "and the same score of “points”"
    ),
    "check_integers": N_("`num` and `den` must be Int64; they are {kinds}"),
    "check_cells": N_("there is more than one score for a cell"),
    "check_bound": N_("`bound` is exceeded: num {num}, den {den}"),
    "check_used": N_("`used` returns rows that it was not given"),
    "check_forgotten": N_("nothing is said of {proposals}"),
    "check_rulings": N_(
        "decisions by people are not kept: ruled in and out, found {statuses}"
    ),
    "check_places": N_("`place` counts from 1 for `in` and is None for `out` and `undecided`"),
    "check_reason": N_("the reason “{code}” is not given in every language"),
    "check_exact": N_("`value` returns {type}; a Column of exact numbers is wanted"),
    "check_length": N_("`value` returns {length} values, not one per proposal"),
    "check_sheet": N_("`cells` must be text in columns “0”, “1”, …; they are {columns}"),
    "check_written": N_("names {named} as written; there are {there}"),
    "check_rubric": N_("{name}: {error}"),
    "check_rubric_title": N_("{name} has no title in {language}"),
    "check_rubric_scorer": N_("the scorer “{scorer}” is not installed; installed are: {scorers}"),
}

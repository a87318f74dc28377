"""The English text of every problem, and the severity it has."""

from __future__ import annotations

from review.text import N_

#: code → text. The severity and the hint are given where the problem is found.
PROBLEMS = {
    "round_undecided": N_(
        "round “{round}” cannot start: the shortlist of “{source}” is undecided for {proposals}"
    ),
    "tie_refused": N_("round “{round}”: {proposals} are tied and the chain says `refuse`"),
    "incomplete_ballot_renormalised": N_(
        "round “{round}”: the ballot of {judge} on {proposal} lacks {criteria}; its "
        "weights were renormalised"
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
    "marks_of_no_entrant": N_(
        "round “{round}”: marks of proposals that are not in the round were left out ({count}): "
        "{proposals}"
    ),
    "round_is_silent": N_("round “{round}” has no marks yet"),
    "judge_without_marks": N_(
        "round “{round}”: judge {judge} marked nothing, and nothing says why"
    ),
    "ruling_without_effect": N_(
        "the decision “{what}” on {proposal} in round “{round}” changes nothing"
    ),
    "award_waits": N_("award “{award}” is not given: nobody in round “{round}” has a score yet"),
    "hint_draw": N_("the draw is pending: publish its secret as `draw_seed` in competition.toml"),
    "hint_decide": N_("rule on them in the decisions table (`in` or `out`), or change `line`"),
    "column_unknown": N_("there is no column “{column}” to compute with; there are {columns}"),
    "column_ambiguous": N_("“{column}” can mean {columns}: name it in full"),
    "headroom": N_(
        "round “{round}”: {stage} does not fit 64-bit exact arithmetic ({bits} bits are "
        "needed, {limit} are there)"
    ),
    "hint_headroom": N_(
        'declare `rounding = {{ ballot = n }}` in the rubric, or `incomplete = "drop"`'
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
    "plugin_failed_at": N_("plugin {plugin} failed ({doing}): {error}"),
    "doing_scorer": N_("scorer {scorer}, round {rounds}"),
    "doing_shortlist": N_("shortlist rule {rule}, round {round}"),
    "doing_award": N_("award “{award}”, {part}"),
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
        "{kind} “{id}” comes from two plugins: {other} and {plugin}; leave one out with "
        "`--no-plugin`"
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
        "unit = “{unit}” is not kept: with marks in tenths, ten times the score is "
        "expected of “mark” "
        "and the same score of “points”"
    ),
    "check_integers": N_("`num` and `den` must be Int64; they are {kinds}"),
    "check_cells": N_("there is more than one score for a cell"),
    "check_bound": N_("`bound` is exceeded: num {num}, den {den}"),
    "check_used": N_("`used` returns rows that it was not given"),
    "check_forgotten": N_("nothing is said of {proposals}"),
    "check_rulings": N_("decisions by people are not kept: ruled in and out, found {statuses}"),
    "check_places": N_("`place` counts from 1 for `in` and is None for `out` and `undecided`"),
    "check_reason": N_("the reason “{code}” is not given in every language"),
    "check_exact": N_("`value` returns {type}; a Column of exact numbers is wanted"),
    "check_length": N_("`value` returns {length} values, not one per proposal"),
    "check_sheet": N_("`cells` must be text in columns “0”, “1”, …; they are {columns}"),
    "check_written": N_("names {named} as written; there are {there}"),
    "check_rubric": N_("{name}: {error}"),
    "check_rubric_title": N_("{name} has no title in {language}"),
    "check_rubric_scorer": N_("the scorer “{scorer}” is not installed; installed are: {scorers}"),
    # loading
    # places, hints
    "at_cell": N_(" (cell {cell})"),
    "more_of_kind": N_("{count} more {count:problem|problems} of this kind from here on ({code})"),
    "hint_did_you_mean": N_("did you mean “{name}”?"),
    "hint_known": N_("known {count:is|are} {names}"),
    "hint_no_other_round": N_("there is no other round"),
    "hint_facts": N_(
        "there are no facts: name a table of them under [facts.…], or give the proposals a column "
        "of numbers “{name}”"
    ),
    "hint_init": N_("`review init DIR` makes a new competition; is this the right folder?"),
    "hint_at_top": N_(
        "`{key}` belongs at the top of the file, above the first line in [square brackets]"
    ),
    "hint_one_of": N_("it may be {names}: write the id"),
    "hint_headers": N_("the headers are {names}"),
    "hint_zeros_lost": N_(
        "the leading zeros were lost: {value} is {id}; format the column as text and write the "
        "ids again"
    ),
    "hint_zeros_lost_there": N_(
        "{value} is {id} in the table where it is listed: the leading zeros were lost there; "
        "format that column as text and write the ids again"
    ),
    "hint_marks_later": N_("a round that is not judged yet may leave out `marks`"),
    "hint_columns_of_marks": N_(
        "a table of marks has a column of proposals, and one for each criterion: {names}"
    ),
    "hint_save_utf8": N_("open the file in Notepad, choose “Save as” and the encoding UTF-8"),
    "hint_tie_number": N_("`tie:1` comes first of those tied, then `tie:2` and so on"),
    "hint_decimal_point": N_("write the decimal point as “.”, and nothing between thousands"),
    "hint_mark": N_(
        "write a number such as 8.5; leave it blank, or write absent, abstain or recused, "
        "where there is none"
    ),
    "hint_incomplete": N_(
        'add the mark, take the ballot out, or write `incomplete = "renormalise"` or `"drop"` in '
        "the rubric"
    ),
    # files
    "competition_unusable": N_("{file} cannot be used: {count} {count:error|errors}"),
    "file_missing": N_("there is no file “{value}”"),
    "file_outside": N_("“{value}” lies outside the folder of the competition"),
    "file_kind_unknown": N_("no reader for “{value}”: files may end in {suffixes}"),
    "file_unreadable": N_("the file cannot be read: {detail}"),
    "glob_empty": N_("no file matches “{value}”"),
    "toml_invalid": N_("not valid TOML: {detail}"),
    "file_empty": N_("the file is empty"),
    "toml_table_twice": N_("[{table}] stands twice: merge the two"),
    "toml_wide_sign": N_(
        "{value} cannot stand here: type {plain} instead, half-width and not curly"
    ),
    "toml_wide_space": N_("there is a full-width space here: type a plain one instead"),
    "toml_not_utf8": N_("the text is not UTF-8"),
    # keys of TOML files
    "key_missing": N_("“{key}” is missing"),
    "key_unknown": N_("there is no key “{value}” here"),
    "value_choice": N_("“{value}” is not one of {choices}"),
    "value_only": N_("“{value}” cannot stand here, only “{choices}”"),
    "value_bound": N_("“{value}” is not allowed: the value must be {bound}"),
    "value_empty": N_("“{key}” is empty"),
    "value_refused": N_("“{value}” does not fit: {reason}"),
    "table_refused": N_("this does not fit: {reason}"),
    "wants_text": N_("text is wanted"),
    "wants_whole_number": N_("a whole number is wanted"),
    "wants_fewer_digits": N_("a number of at most 18 digits before and after the point is wanted"),
    "wants_number": N_("a number is wanted"),
    "wants_true_or_false": N_("true or false is wanted"),
    "wants_table": N_("a table is wanted"),
    "wants_list": N_("a list is wanted"),
    "wants_title": N_("a title is wanted: text, or a table of texts by language"),
    "tiers_or_count": N_("give either `tiers` or `count`, not both"),
    "scale_upside_down": N_("`min` ({min}) must be below `max` ({max})"),
    "criterion_twice": N_("the criterion “{criterion}” is there twice"),
    "no_criterion_counts": N_("no criterion counts"),
    "scales_differ": N_('criteria with different scales need report = "sum" or "percent"'),
    "tie_criterion_unknown": N_(
        "the tie-break “{token}” names no criterion of the rubric; it has {criteria}"
    ),
    "tie_unknown": N_("“{token}” is not a tie-break; known are {known}"),
    # rules
    "id_twice": N_("the id “{value}” is there twice"),
    "part_unknown": N_("there is no {kind} “{value}”"),
    "rubric_unknown": N_("there is no rubric “{value}”"),
    "rubric_twice": N_(
        'the rubric “{value}” is there twice: here and in {other} (`extends = "{value}"` '
        "under an id of its own varies it)"
    ),
    "rubric_circle": N_("the rubric extends itself by way of “{value}”"),
    "round_unknown": N_("there is no round “{value}”"),
    "round_ambiguous": N_("“{value}” may mean several rounds"),
    "round_by_name": N_("“{value}” was taken for the round “{id}”"),
    "round_circle": N_("the rounds wait for each other: {rounds}"),
    "round_without_shortlist": N_("the round “{value}” has no shortlist to take entrants from"),
    "round_without_marks": N_("the round “{value}” names no marks: it is not judged yet"),
    "tie_round_unknown": N_(
        "a tie-break of the rubric names the round “{value}”, which is not there"
    ),
    "panel_empty": N_("no judge sits on the panel “{value}”"),
    "award_unknown": N_("there is no award “{value}”"),
    "award_criterion_unknown": N_(
        "the award needs the criterion “{value}”, which the rubric of its round does not have"
    ),
    "award_column_unknown": N_("there is neither a criterion nor a fact “{value}”"),
    "fact_unknown": N_("there is no fact “{value}”"),
    "score_unreachable": N_("no proposal can reach “{value}”: the most is {most}"),
    "no_shortlist": N_(
        "only shortlisted proposals may have an award, but no round has a shortlist"
    ),
    "blind_unknown": N_("no proposal has the attribute “{value}”, which judges are not to see"),
    "attribute_unknown": N_("no proposal has the attribute “{value}”"),
    "attribute_blank": N_("“{value}” is blank for every proposal"),
    "nobody_where": N_("no proposal has “{value}” as its {attribute}"),
    "judge_attribute_unknown": N_("the judges have no column “{value}”"),
    "proposal_attribute_unknown": N_("the proposals have no column “{value}”"),
    # tables
    "sheet_missing": N_("there is no sheet “{value}” in {file}"),
    "sheet_hidden": N_("this hidden sheet is not read"),
    "sheet_not_read": N_('this sheet is not read; `sheet = "…"` says which one is'),
    "sheet_without_marks": N_("this sheet is not read: it has no columns of marks"),
    "sheet_is_summary": N_("the sheet “{value}” is taken for a summary and not read"),
    "file_without_marks": N_("nothing in this file can be read as marks"),
    "sheet_empty": N_("the sheet is empty"),
    "table_without_header": N_("no row of headers was found"),
    "table_empty": N_("the table has no rows"),
    "column_missing": N_("there is no column “{value}”"),
    "column_twice": N_("the header “{value}” is there twice{at}"),
    "columns_not_read": N_("these columns are not read: {columns}"),
    "cell_without_header": N_("“{value}” stands under no header{at}"),
    "cell_required": N_("this cell must not be blank{at}"),
    "cell_error": N_("the cell holds an error of the spreadsheet{at}"),
    "formula_without_value": N_(
        "the formula has no stored value: open the file in a spreadsheet and save it{at}"
    ),
    "row_short": N_("the row ends after {fields} of {columns} fields; the rest is taken as blank"),
    "rows_without_content": N_(
        "rows skipped from here on, for they hold nothing in the columns that are read: {count}"
    ),
    "row_of_totals": N_("a row of totals (“{value}”) is not read{at}"),
    "rows_of_footer": N_(
        "rows of signatures, dates and remarks are not read: {count}, the first “{value}”{at}"
    ),
    "zeros_lost": N_(
        "ids differ from the known ones in leading zeros: {count} cells of this column, the "
        "first “{value}”{at}"
    ),
    "zeros_by_name": N_(
        "leading zeros of ids were restored with the help of “{header}”: {ids}{at}"
    ),
    # proposals, judges
    "proposal_twice": N_("the proposal “{value}” is already in row {first}{at}"),
    "proposal_unknown": N_("there is no proposal “{value}”{at}"),
    "proposal_ambiguous": N_("“{value}” may mean several proposals{at}"),
    "proposal_by_name": N_("“{value}” was taken for the proposal “{id}”{at}"),
    "amount_not_a_number": N_("the amount “{value}” is not a number{at}"),
    "status_unknown": N_("“{value}” is not a status{at}"),
    "judge_twice": N_("the judge “{value}” is already in row {first}{at}"),
    "judge_unknown": N_("there is no judge “{value}”{at}"),
    "judge_ambiguous": N_("“{value}” may mean several judges{at}"),
    "judge_by_name": N_("“{value}” was taken for the judge “{id}”{at}"),
    "judge_by_sheet": N_("the marks are those of “{value}”, the judge “{id}”"),
    "judge_not_told": N_("there is no column of judges, and “{value}” is no judge either"),
    "judge_not_on_panel": N_(
        "the judge “{judge}” does not sit on the panel “{panel}” of round “{round}”{at}"
    ),
    # marks
    "marks_without_criteria": N_(
        "there is neither a column of criteria nor a column for one of them"
    ),
    "criterion_unknown": N_("“{value}” is no criterion of the rubric{at}"),
    "criterion_by_name": N_("“{value}” was taken for the criterion “{id}”{at}"),
    "criteria_by_name": N_("columns taken for criteria: {columns}"),
    "criterion_not_marked": N_("nobody marked the criterion “{value}” in round “{round}”"),
    "round_not_marked": N_("there are no marks in round “{value}”"),
    "round_not_here": N_(
        "marks of round “{value}” stand here, but only {rounds} names this table{at}"
    ),
    "mark_not_a_number": N_("“{value}” is not a mark{at}"),
    "mark_too_fine": N_(
        "“{value}” is too fine (decimals allowed for “{criterion}”: {decimals}){at}"
    ),
    "mark_out_of_range": N_("“{value}” is not between {min} and {max} (“{criterion}”){at}"),
    "mark_off_step": N_(
        "“{value}” is not on the scale of “{criterion}”: steps of {step} from {min}{at}"
    ),
    "mark_twice": N_(
        "{judge} marked {proposal} twice on “{criterion}” in round “{round}”: "
        "“{first_value}” ({file}, row {first}) and “{value}”{at}"
    ),
    "mark_repeated": N_(
        "{judge}'s mark of {proposal} on “{criterion}” in round “{round}” is repeated "
        "({file}, row {first}){at}"
    ),
    "mark_in_conflict": N_("{judge} must not mark {proposal} in round “{round}”: {reason}{at}"),
    "mark_in_conflict_excluded": N_(
        "{judge} must not mark {proposal} in round “{round}”: {reason}; the marks do not count{at}"
    ),
    "ballot_incomplete": N_(
        "the rubric refuses incomplete ballots, and that of {judge} on {proposal} in round "
        "“{round}” has no number on “{criterion}”{at}"
    ),
    "mark_not_assigned": N_("{judge} was not asked to mark {proposal} in round “{round}”{at}"),
    "mark_with_status": N_("{proposal} has marks, but its status is “{status}”{at}"),
    "revision_not_a_number": N_("the revision “{value}” is not a whole number{at}"),
    # facts, decisions
    "fact_rule_unknown": N_("“{value}” is not a way to make a fact"),
    "fact_column_missing": N_("there is no column “{value}” in {file}"),
    "fact_twice": N_("the fact “{value}” is defined in {other} too"),
    "fact_not_a_number": N_("“{value}” is not a number{at}"),
    "fact_too_fine": N_("“{value}” has more than {decimals} {decimals:decimal|decimals}{at}"),
    "fact_cell_too_large": N_("“{value}” is too large: 18 digits can be held{at}"),
    "fact_too_large": N_("the sums of “{value}” do not fit 64 bits"),
    "date_unreadable": N_("“{value}” is not a date such as 2024-09-02{at}"),
    "mark_time_unreadable": N_(
        "“{value}” is not a date with a time such as 2024-09-02 10:30, so it is not known when"
        " this mark was given{at}"
    ),
    "latest_ambiguous": N_(
        "“{value}” is another value of {proposal} on {date}: which is the latest?{at}"
    ),
    "decision_unknown": N_("“{value}” is not a decision{at}"),
    "decision_elsewhere": N_("“{value}” is decided in round “{own}”, not in “{round}”{at}"),
    "decision_with_status": N_("“{value}” for {proposal}, whose status is “{status}”{at}"),
    "decision_without_shortlist": N_(
        "“{value}” for {proposal}: the round “{round}” has no shortlist{at}"
    ),
    "decision_beyond_prizes": N_(
        "“{value}” for {proposal} is one too many: the award has {count} {count:prize|prizes}{at}"
    ),
    "decision_contradicts": N_(
        "“{value}” for {proposal} contradicts another decision in round “{round}”{at}"
    ),
}

"""Texts about rounds that are judged by comparisons or rankings."""

from __future__ import annotations

from review.text import N_

PAIRWISE = {
    # rules
    "marks_beside_comparisons": N_(
        "the round “{value}” has both marks and comparisons; a round is judged in one way"
    ),
    "scorer_needs_marks": N_(
        "the scorer “{value}” needs marks, but the round “{round}” is judged by comparisons"
    ),
    "hint_scorers_of_comparisons": N_("scorers of comparisons: {names}"),
    "compared_by_criteria": N_(
        "proposals are compared as a whole in round “{value}”, but its rubric has the criteria"
        " {criteria}"
    ),
    "hint_one_criterion": N_("use a rubric with one criterion, such as “pairwise”"),
    "tie_needs_marks": N_(
        "the tie-break “{value}” looks at marks, but the round “{round}” is judged by comparisons"
    ),
    "hint_comparisons_later": N_(
        "a round that is not judged yet may leave out `comparisons` and `rankings`"
    ),
    "compared_not_live": N_(
        "the round “{value}” is judged by comparisons, which cannot be given live yet: collect them"
        " in a table and use `review run`"
    ),
    # tables
    "tie_not_told": N_("“{value}” does not say whether it is a tie{at}"),
    "hint_tie_word": N_("write yes for a tie; leave the cell blank where somebody won"),
    "compared_with_itself": N_("{judge} compared “{value}” with itself{at}"),
    "compared_twice": N_(
        "{judge} compared “{value}” and “{other}” in row {first} of {first_file} already{at}"
    ),
    "compared_both_ways": N_(
        "{judge} said otherwise of “{value}” and “{other}” in row {first} of {first_file}{at}"
    ),
    "hint_order_of_comparisons": N_(
        "where a judge compared a pair again, tell the comparisons apart by `order` or `at`: each"
        " of them counts"
    ),
    "place_not_a_number": N_("“{value}” is not a place: 1 is the best{at}"),
    "ranked_twice": N_("{judge} has ranked “{value}” before{at}"),
    "ranked_alone": N_(
        "{judge} ranked nothing but {proposal} in round “{round}”, which compares it with nothing"
        "{at}"
    ),
    "round_not_compared": N_("there are no comparisons in round “{value}”"),
    "compared_in_conflict": N_(
        "{judge} must not judge {proposal} in round “{round}”: {reason}{at}"
    ),
    "compared_in_conflict_excluded": N_(
        "{judge} must not judge {proposal} in round “{round}”: {reason}; where it is compared does"
        " not count{at}"
    ),
    "compared_not_assigned": N_("{judge} was not asked to judge {proposal} in round “{round}”{at}"),
    "compared_with_status": N_("{proposal} was compared, but its status is “{status}”{at}"),
    # results
    "compared_no_entrant": N_(
        "round “{round}”: comparisons of proposals that are not in the round were left out"
        " ({count}): {proposals}"
    ),
    "compared_across_groups": N_(
        "round “{round}”: {count} {count:comparison|comparisons} of proposals in different groups"
        " cannot count, since each group is ranked by itself"
    ),
    "round_without_comparisons": N_("round “{round}” has no comparisons yet"),
    "judge_without_comparisons": N_(
        "round “{round}”: judge {judge} compared nothing, and nothing says why"
    ),
    "explain_compared": N_(
        "Judges said which proposal is better; the scorer works on who was placed above whom."
    ),
    "explain_compared_with": N_(
        "Placed above another {won} {won:time|times}, below {lost} {lost:time|times},"
        " level {tied} {tied:time|times}."
    ),
    "explain_scorer_compared": N_("Scorer: {scorer}."),
    # which pair to compare next
    "next_pair": N_("Next, have {first} compared with {second}: that is expected to tell most."),
    "next_pair_judge": N_(
        "Next, ask {judge} to compare {first} with {second}: that is expected to tell most."
    ),
    "next_pair_none": N_("There is nothing to compare: fewer than two proposals are in the round."),
    "next_pair_judge_done": N_("{judge} has compared every pair that they may judge."),
    "next_pair_state": N_(
        "So far there {comparisons:is|are} {comparisons} {comparisons:comparison|comparisons} of"
        " {compared} out of {possible} {possible:pair|pairs}."
    ),
    "next_pair_no_round": N_(
        "no round “{round}” is judged by comparisons here; there are {rounds}"
    ),
    "next_pair_no_rounds": N_("no round is judged by comparisons here"),
    "next_pair_no_judge": N_("there is no judge “{judge}”, or several; there are {judges}"),
}

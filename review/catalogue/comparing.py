"""Texts about what would change a result."""

from __future__ import annotations

from review.text import N_

COMPARING: dict[str, str] = {
    # what is at stake
    "goal_both": N_("a place on the shortlist or an award"),
    "goal_shortlist": N_("a place on the shortlist"),
    "goal_award": N_("an award"),
    "goal_first": N_("who is first"),
    # what a change does
    "effect_all": N_("{parts}"),
    "effect_refused": N_("it could not be run: {reason}"),
    "effect_waits": N_("the round would have to wait for a decision"),
    "effect_leads": N_("{proposals} would be first"),
    "effect_swaps": N_("{enters} would be on the shortlist instead of {leaves}"),
    "effect_enters": N_("{proposals} would come onto the shortlist"),
    "effect_leaves": N_("{proposals} would drop off the shortlist"),
    "effect_undecided": N_("{proposals} would be tied across the line, to be decided"),
    "effect_award_waits": N_("“{award}” would wait for a decision"),
    "effect_award_swaps": N_("“{award}” would go to {enters} instead of {leaves}"),
    "effect_award_enters": N_("“{award}” would also go to {proposals}"),
    "effect_award_leaves": N_("“{award}” would not go to {proposals}"),
    "effect_award_moves": N_("within “{award}”, {proposals} would change prizes"),
    # left out
    "left_out_judges_none": N_(
        "No judge decides {what} alone: without any one of the {tried}"
        " {tried:judge|judges}, nothing changes there."
    ),
    "left_out_judges_none_worked": N_(
        "Of the {tried} {tried:judge|judges} for whom it could be worked out, none decides {what}"
        " alone: without any one of them, nothing changes there."
    ),
    "left_out_judges_some": N_(
        "{count} of the {tried} judges {count:decides|decide} {what} alone:"
        " without them, it would come out differently."
    ),
    "left_out_judges_some_worked": N_(
        "{count} of the {tried} {tried:judge|judges} for whom it could be worked out"
        " {count:decides|decide} {what} alone: without them, it would come out differently."
    ),
    "left_out_criteria_none": N_(
        "No criterion decides {what} alone: without any one of the {tried}, nothing changes there."
    ),
    "left_out_criteria_none_worked": N_(
        "Of the {tried} {tried:criterion|criteria} for which it could be worked out, none decides"
        " {what} alone: without any one of them, nothing changes there."
    ),
    "left_out_criteria_some": N_(
        "{count} of the {tried} criteria {count:decides|decide} {what} alone."
    ),
    "left_out_criteria_some_worked": N_(
        "{count} of the {tried} {tried:criterion|criteria} for which it could be worked out"
        " {count:decides|decide} {what} alone."
    ),
    "proposal_titled": N_("{id} “{title}”"),
    "without_judges": N_("Without judge {who}: {effect}."),
    "without_criteria": N_("Without the criterion “{who}”: {effect}."),
    "without_proposals": N_("Had {who} withdrawn: {effect}."),
    "criterion_of": N_("{criterion} ({round})"),
    "first_depends": N_(
        "Who is first depends on {count:one judge|single judges}: leaving out {judges}"
        "{count:| (each alone)} would put another one in the place of {leader}."
    ),
    "first_stands": N_("{leader} stays first whichever judge is left out."),
    "first_stands_worked": N_(
        "{leader} stays first whichever of the {tried} {tried:judge|judges} for whom it could be"
        " worked out is left out."
    ),
    "withdrawn_none": N_(
        "Had any one proposal withdrawn, the others would have kept their order, and nobody would"
        " have lost a place or a prize by it."
    ),
    "withdrawn_none_worked": N_(
        "Had any one of the {tried} {tried:proposal|proposals} withdrawn for which it could be"
        " worked out, the others would have kept their order, and nobody would have lost a place"
        " or a prize by it."
    ),
    "withdrawn_some": N_(
        "Had one proposal withdrawn, that could have moved others, too: {count} of the {tried}"
        " {count:does|do} more than free {count:its|their} own place."
    ),
    "withdrawn_some_worked": N_(
        "Had one proposal withdrawn, that could have moved others, too: {count} of the {tried} for"
        " which it could be worked out {count:does|do} more than free {count:its|their} own place."
    ),
    "left_out_refused": N_("Without {who} the rules give no result: {reason}."),
    "left_out_refused_each": N_(
        "Without any one of these the rules give no result: {who}. Without {first}: {reason}."
    ),
    "and_more": N_("And {count} more."),
    "limit_judges": N_("Tried were the {tried} judges with the most marks, of {of}."),
    "limit_criteria": N_("Tried were the first {tried} criteria, of {of}."),
    "limit_proposals": N_("Tried were the {tried} proposals nearest to a line, of {of}."),
    "limit_draws": N_("That is {tried} draws, not {of}: more take too long here."),
    "limit_marks": N_("Tried were {tried} marks of the proposals nearest to a line, of {of}."),
    # weights
    "weights_all": N_(
        "If the weights were about {percent} % different: all {size} of the shortlist stay on it in"
        " every one of {draws} random draws."
    ),
    "weights_some": N_(
        "If the weights were about {percent} % different: {sure} of the {size} on the shortlist"
        " stay on it in every one of {draws} random draws; less sure: {shares}."
    ),
    "weights_others": N_("Not on the shortlist, but on it in some of those draws: {shares}."),
    "weights_award": N_(
        "If the weights were about {percent} % different: “{award}” goes to {shares} in {draws}"
        " random draws."
    ),
    "weights_first": N_(
        "If the weights were about {percent} % different: first in {draws} random draws is"
        " {shares}."
    ),
    "weights_waiting": N_("In {count} of the {draws} draws a tie would have to be decided first."),
    "weights_failed": N_("None of {asked} draws of weights could be run."),
    "weights_some_failed": N_(
        "{count} further {count:draw|draws} could not be run: the numbers get too long."
    ),
    "share_of_draws": N_("{proposal} ({share} %)"),
    # methods
    "methods_same": N_(
        "{count} other {count:way|ways} of scoring the same marks {count:leads|lead} to the same"
        " shortlist as {official}."
    ),
    "methods_differ": N_(
        "{sure} of the {size} on the shortlist are there by {count} other {count:way|ways} of"
        " scoring the same marks, too; the place of {proposals} depends on the way."
    ),
    "methods_awards_same": N_(
        "By {count} other {count:way|ways} of scoring the awards stay the same."
    ),
    "methods_award": N_("By {method}: {effect}."),
    "methods_awards_apart": N_("Awards were not compared for {methods} ({reason})."),
    "methods_first_same": N_(
        "By {count} other {count:way|ways} of scoring the same marks the first stays first."
    ),
    "methods_first": N_("By {method}, {proposals} would be first."),
    "methods_no_advice": N_(
        "That is no reason to change the way of scoring: {official} was declared beforehand."
    ),
    "method_refused": N_("Not compared: {methods} ({reason})."),
    "method_options": N_("options must be given"),
    "method_needs_marks": N_("marks are needed, and the round has comparisons or rankings"),
    "method_parts": N_(
        "that gives points, and this round adds other parts to scores on the scale of marks"
    ),
    "method_shortlist": N_(
        "that gives points, and the shortlist of this round goes by scores on the scale of marks"
    ),
    "method_later": N_("that gives points, and {rounds} takes the score on the scale of marks"),
    "method_least": N_(
        "that gives points, and an award asks for a least score on the scale of marks"
    ),
    "compare_no_scorer": N_("there is no scorer “{scorer}”; there are {scorers}"),
    # influence
    "influence_none": N_(
        "No single mark decides {what}: none of the {tried} that are away from the panel's median"
        " changes anything there when it is moved to it."
    ),
    "influence_none_worked": N_(
        "Of the {tried} single {tried:mark|marks} away from the panel's median for which it could"
        " be worked out, none decides {what}: nothing changes there when one is moved to it."
    ),
    "influence_some": N_(
        "{count} of {tried} single marks that are away from the panel's median"
        " {count:decides|decide} {what}."
    ),
    "influential": N_(
        "{judge}'s {mark} for {proposal} on “{criterion}”: at the median of {median}, {effect}."
    ),
    "influence_refused": N_("{count} more could not be tried: {reason}."),
}

"""Texts about how sure a ranking is."""

from __future__ import annotations

from review.text import N_

STABILITY: dict[str, str] = {
    # the line
    "stability_blurred": N_(
        "Places {first}–{last} ({proposals}) cannot be told apart by these ballots: each of them"
        " has a chance between {low} and {high} % of belonging among the best {size}."
    ),
    "stability_open": N_(
        "Places {first}–{last} ({proposals}) are not settled by these ballots: their chances of"
        " belonging among the best {size} are between {low} and {high} %."
    ),
    "stability_clear": N_(
        "The line after place {size} is clear: whoever stands above it belongs there with a chance"
        " of at least {low} %, whoever stands below it with one of at most {high} %."
    ),
    "stability_also": N_("In doubt as well, further from the line: {proposals}."),
    "stability_wrong": N_(
        "Of the {size} above the line, about {wrong} are expected to belong below it."
    ),
    "stability_wrong_none": N_("The {size} above the line may be taken to belong there."),
    "stability_one_more": N_(
        "One more ballot on {proposal} “{title}” would help most: it lowers that number by about"
        " {fewer}."
    ),
    "stability_one_more_little": N_("No single further ballot would change much."),
    "stability_everybody": N_("Everybody is in, so there is no line."),
    "stability_nobody": N_("Nobody is in, so there is no line."),
    "stability_line_not_rank": N_(
        "Who is in was not decided by rank alone (a minimum, a cap, a lot or a ruling); chances are"
        " about rank alone."
    ),
    "stability_best_among": N_(
        "With {level} % confidence the best {size} are all among these {count}: {proposals}."
    ),
    "stability_best_among_many": N_(
        "With {level} % confidence the best {size} are all among {count} of the {all} proposals."
    ),
    # ranks
    "stability_first": N_(
        "{proposal} “{title}” stands first; the chance that it is the best is {percent} %."
    ),
    "stability_spread": N_(
        "A proposal's place is known to within {places} {places:place|places} up or down, as a rule"
        " (intervals of 90 %)."
    ),
    "stability_spread_none": N_("The places of most proposals are known exactly."),
    # the official ranking
    "stability_official": N_(
        "The official ranking is what counts. That of the model agrees with it to {correlation} (1"
        " is the same order)."
    ),
    "stability_not_mean": N_(
        "The scorer “{scorer}” does not simply take the mean of the ballots, and the model looks at"
        " all of them: a proposal may stand elsewhere in its eyes."
    ),
    "stability_moved": N_(
        "Furthest apart: {proposal} “{title}”, officially {rank}, by the model about {expected}."
    ),
    # how far this goes
    "stability_parts": N_("Facts and earlier rounds are taken as they are, without doubt."),
    "stability_disconnected": N_(
        "No chain of judges connects all proposals: how groups of them compare rests on the"
        " assumption that their judges are alike."
    ),
    "stability_left_out": N_("Ranked without a ballot, so not looked at: {proposals}."),
    "stability_bootstrap": N_(
        "As a cross-check, panels were drawn anew from the same judges, with plain means: chances"
        " of being among the best {size} differ by at most {difference} points."
    ),
    "stability_bootstrap_few": N_(
        "That check is coarse: some proposal has only {ballots} {ballots:ballot|ballots}, of which"
        " {different} different panels can be drawn, and their spread is too small by"
        " {percent} %."
    ),
    # nothing can be said
    "stability_unknown": N_("How sure the ranking is cannot be said: {reason}."),
    "stability_no_own": N_("the round has no marks of its own"),
    "stability_compared": N_("the round is judged by comparison, for which this is not worked out"),
    "stability_no_ballots": N_("there are no ballots"),
    "stability_one_proposal": N_("there is one proposal"),
    "stability_one_ballot": N_(
        "every proposal has one ballot, so nothing tells noise from quality"
    ),
    "stability_all_equal": N_("every ballot is the same, so everybody is equal"),
    "stability_too_many": N_("there are {count} proposals; up to {most} can be looked at"),
    "stability_points_parts": N_(
        "the scorer “{scorer}” gives points of its own, to which other parts are added"
    ),
    "stability_unsettled": N_(
        "the calculation did not settle, so its chances would not be reliable"
    ),
    # awards
    "stability_award": N_("“{award}”: the chances of those who have it are {winners}."),
    "stability_award_rival": N_("“{award}”: closest behind is {rival}."),
    "stability_award_facts": N_(
        "“{award}” is decided by facts, not by marks: there is no doubt in it."
    ),
    "stability_award_facts_too": N_(
        "“{award}” is decided by facts; marks matter at ties and for who may have it: {winners}."
    ),
    "stability_award_vacant": N_("“{award}” was not given."),
    "stability_award_unknown": N_("“{award}”: how sure it is cannot be said: {reason}."),
    "stability_award_points": N_("the scorer “{scorer}” gives points of its own"),
    "stability_award_costly": N_(
        "its value would have to be computed anew for {count} proposals, too many times"
    ),
    "stability_named": N_("{proposal} “{title}” {percent} %"),
    "stability_group": N_("{group}: {sentence}"),
}

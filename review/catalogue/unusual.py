"""Texts about unusual marks."""

from __future__ import annotations

from review.text import N_

UNUSUAL: dict[str, str] = {
    # why there is nothing to look at
    "unusual_no_ballots": N_("No ballots count in this round, so there is nothing to look at."),
    "unusual_too_few": N_(
        "Too few ballots to tell what is unusual: {ballots} {ballots:ballot|ballots} by {judges}"
        " {judges:judge|judges}. It takes three judges who marked the same proposals, and ten"
        " ballots more than there are proposals and judges."
    ),
    "unusual_all_agree": N_(
        "Apart from being stricter or more generous, the judges agree on everything: no ballot can"
        " stand out."
    ),
    "unusual_too_many": N_(
        "{judges} judges are more than can be compared with each other ({most} can)."
    ),
    # in all
    "unusual_nothing": N_(
        "In {tests} {tests:test|tests} nothing passed the threshold for unusual. Where marks are"
        " few even a large difference may not pass: look at the tables, too."
    ),
    "unusual_found": N_(
        "{found} of {tests} {tests:test|tests} {found:shows|show} something unusual. Unusual is not"
        " wrong: it is worth a question, and there may be good reasons."
    ),
    "unusual_detectable": N_(
        "That nothing was found does not mean that nothing is there: with so many ballots, a single"
        " one is told only from about {size} points beside what was to be expected."
    ),
    "unusual_far": N_(
        "{far} of {tested} ballots {far:lies|lie} more than three standard deviations from what was"
        " to be expected; chance alone gives about {chance}."
    ),
    # single ballots
    "unusual_mark_high": N_(
        "{judge} gave “{title}” ({proposal}) {ballot}, unusually high: the {count} others gave"
        " {low} to {high}, and of this judge about {expected} was to be expected."
    ),
    "unusual_mark_low": N_(
        "{judge} gave “{title}” ({proposal}) {ballot}, unusually low: the {count} others gave"
        " {low} to {high}, and of this judge about {expected} was to be expected."
    ),
    "unusual_why_marks": N_(
        "What else could explain it: a slip of the pen, something that only this judge knows, a"
        " criterion read in another way. Ask before anything is changed."
    ),
    # pairs
    "unusual_pair_with": N_(
        "{first} and {second} are unusually alike: on {shared} proposals they were above or below"
        " expectation together (correlation {correlation}; chance gives {chance})."
    ),
    "unusual_pair_against": N_(
        "{first} and {second} are unusually unlike: on {shared} proposals one was often above"
        " expectation where the other was below (correlation {correlation}; chance gives {chance})."
    ),
    "unusual_why_pairs": N_(
        "What else could explain it: the same profession or taste, the same briefing, seats side by"
        " side, a talk during the pitches; two ways to read a criterion; or a third judge's unusual"
        " marks on the same proposals."
    ),
    # affinity
    "unusual_attribute": N_("{by}"),
    "unusual_two_attributes": N_("{first} (as {second})"),
    "unusual_affinity_more": N_(
        "{judge} gave {own} {own:proposal|proposals} of the same {attribute} an unusual"
        " {effect} points more than other proposals, quality and strictness allowed for (between"
        " {low} and {high})."
    ),
    "unusual_affinity_less": N_(
        "{judge} gave {own} {own:proposal|proposals} of the same {attribute} an unusual"
        " {effect} points less than other proposals, quality and strictness allowed for (between"
        " {low} and {high})."
    ),
    "unusual_judges_together": N_("The judges together"),
    "unusual_why_affinity": N_(
        "What else could explain it: the judge knows these proposals better than others do, or"
        " values what they do well and others overlook."
    ),
    # groups
    "unusual_group": N_(
        "{judges} form an unusual group: they are above or below expectation together (mean"
        " correlation {correlation}; chance gives {chance})."
    ),
    "unusual_why_groups": N_(
        "What else could explain it: two schools of thought on the panel, a criterion that can be"
        " read in two ways, or a kind of proposal that some know well."
    ),
    # favours
    "unusual_favours": N_(
        "{first} and {second} each gave the other's entry unusually much: {to_second} and"
        " {to_first} points more than was to be expected."
    ),
    "unusual_why_favours": N_(
        "What else could explain it: both work in the same field and see the same strengths, or"
        " both entries suit judges of their kind."
    ),
    # what could not have passed
    "unusual_small_more": N_(
        "{judge} gave {own} {own:proposal|proposals} of the same {attribute} {effect} points more"
        " than other proposals, quality and strictness allowed for (between {low} and {high}). With"
        " so few proposals and so many tests no difference, however large, could have passed here:"
        " look at it yourself."
    ),
    "unusual_small_less": N_(
        "{judge} gave {own} {own:proposal|proposals} of the same {attribute} {effect} points less"
        " than other proposals, quality and strictness allowed for (between {low} and {high}). With"
        " so few proposals and so many tests no difference, however large, could have passed here:"
        " look at it yourself."
    ),
    "unusual_small_favours": N_(
        "{first} and {second} each gave the other's entry more than was to be expected: {to_second}"
        " and {to_first} points. With so few proposals and so many tests no difference, however"
        " large, could have passed here: look at it yourself."
    ),
    # what was not tested
    "unusual_no_marks": N_(
        "Single ballots were not tested: no proposal has ballots of three judges."
    ),
    "unusual_no_pairs": N_(
        "Pairs of judges were not tested: no two marked {least} proposals or more in common."
    ),
    "unusual_pairs_too_many": N_(
        "Pairs of judges, and all judges together, were not tested: {ballots} ballots are too many"
        " to be shuffled ({most} can)."
    ),
    "unusual_pairs_left_out": N_(
        "{count} {count:pair|pairs} of judges with the fewest proposals in common"
        " {count:was|were} left out for lack of room."
    ),
    "unusual_coarse": N_(
        "With {tests} tests, {draws} shuffles are too few to tell a single pair or a single judge;"
        " only what many of them show together can be told."
    ),
    "unusual_no_groups": N_(
        "Groups of judges were not tested: that takes {least} to {most} judges who share proposals."
    ),
    "unusual_no_attribute": N_(
        "Affinity was not tested: the tables of judges and proposals share no column such as"
        " organisation or community."
    ),
    "unusual_no_own": N_(
        "Affinity by {attribute} was not tested: {own} {own:ballot is|ballots are} on proposals"
        " that share it with the judge. It takes {least} of those by one judge, and {others}"
        " others."
    ),
    "unusual_no_entries": N_(
        "Favours returned were not tested: as far as the tables say, no two judges have entries of"
        " their own that the other marked."
    ),
}

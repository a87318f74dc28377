"""Texts about how far judges agree."""

from __future__ import annotations

from review.text import N_

AGREEMENT: dict[str, str] = {
    "agree_nobody": N_("No marks count in this round, so there is nothing to agree on."),
    "agree_compared": N_(
        "The round is judged by comparison. How far judges agree is worked out for marks and for"
        " whole rankings alone."
    ),
    "agree_alone": N_(
        "No two judges marked the same proposal, so it cannot be told how far they agree."
    ),
    "agree_one": N_("There is one proposal, so it cannot be told how far the judges agree."),
    "agree_equal": N_("All marks are the same, so no coefficient tells how far the judges agree."),
    # how well, after Koo & Li (2016)
    "agree_excellent": N_(
        "The panel agrees very well on {what}: another panel like it would come to nearly the same"
        " ({numbers})."
    ),
    "agree_good": N_(
        "The panel agrees well on {what}: another panel like it would come to much the same"
        " ({numbers})."
    ),
    "agree_moderate": N_(
        "The panel agrees on {what} in part: the strongest and the weakest can be told apart, near"
        " neighbours hardly ({numbers})."
    ),
    "agree_poor": N_(
        "The panel agrees little on {what}: where a proposal stands has as much to do with who"
        " judged as with what was judged ({numbers})."
    ),
    "agree_what_order": N_("the order"),
    "agree_what_marks": N_("the marks"),
    "agree_numbers": N_(
        "mean of {k} {k:judge|judges}: {form} = {value}{interval}; {word} in the words of Koo & Li"
        " 2016"
    ),
    "agree_interval": N_(", {percent} % interval {low} to {high}"),
    "agree_no_interval": N_(", from components of variance"),
    "agree_word_poor": N_("poor"),
    "agree_word_moderate": N_("moderate"),
    "agree_word_good": N_("good"),
    "agree_word_excellent": N_("excellent"),
    "agree_word_range": N_("{low} to {high}"),
    "agree_no_difference": N_(
        "The marks show no difference between proposals beyond what judges differ by anyway; more"
        " judges would not change that."
    ),
    "agree_close": N_(
        "The proposals lie close together: their quality has a standard deviation of {quality} on a"
        " scale of {reach}. Such a coefficient is lower then, even where judges differ"
        " little: here a single mark is off by {error} or so."
    ),
    "agree_close_and_apart": N_(
        "The proposals lie close together: their quality has a standard deviation of {quality} on a"
        " scale of {reach}, and a single mark is off by {error} or so. Both keep such a coefficient"
        " down."
    ),
    # how many judges
    "agree_more": N_(
        "Next year: one more judge for each proposal would raise this from {now} to {then};"
        " {needed} {needed:judge|judges} would reach {target}."
    ),
    "agree_many": N_(
        "Next year: one more judge for each proposal would raise this from {now} to {then}, but"
        " {target} would take {needed}. Criteria that say more exactly what is meant help more than"
        " more judges."
    ),
    "agree_enough": N_(
        "Next year: {needed} {needed:judge|judges} for each proposal would do to reach {target}."
    ),
    "agree_both": N_(
        "On the order the panel agrees to {order} (ICC(3,k), with strictness taken out), on the"
        " marks only to {marks} (ICC(2,k)), because judges differ in strictness: {target} would"
        " take {order_needed} {order_needed:judge|judges} for the order and {marks_needed} for the"
        " marks."
    ),
    # the order
    "agree_alike": N_(
        "Over {block} the judges' orders are alike beyond chance (Kendall's W = {w}, p {p})."
    ),
    "agree_unlike": N_(
        "Over {block} the judges' orders are no more alike than chance could make them"
        " (Kendall's W = {w}, p {p})."
    ),
    "agree_block_all": N_("all {proposals} proposals"),
    "agree_block_shared": N_(
        "the {proposals} proposals that the same {judges} judges all marked (the largest such"
        " block)"
    ),
    "agree_criteria": N_(
        "Judges agree most on “{most}” and least on “{least}” (Krippendorff's alpha {high} and"
        " {low}): it may help to say more exactly what “{least}” means."
    ),
    "agree_parts": N_(
        "No chain of judges connects all proposals: they fall into {parts} parts. Whether a judge"
        " is strict or got weaker proposals cannot be told from one part to another."
    ),
    # single judges
    "agree_strict": N_(
        "{judge} marks about {size} points lower than the panel (between {low} and {high}): strict,"
        " not wrong."
    ),
    "agree_lenient": N_(
        "{judge} marks about {size} points higher than the panel (between {low} and {high}):"
        " generous, not wrong."
    ),
    "agree_others_off": N_("{count} more {count:judge is|judges are} off the panel's level."),
    "agree_level": N_("No judge marks noticeably higher or lower than the panel."),
    "agree_moves_all": N_(
        "As every judge marked every proposal, that moves all proposals about alike."
    ),
    "agree_moves_some": N_(
        "As not every judge marked every proposal, a proposal gains or loses by who marked it;"
        " `review compare` shows what allowing for that would change."
    ),
    "agree_apart": N_(
        "{judge} sees another order than the others (correlation {correlation} over {shared}"
        " proposals): worth a talk about how each reads the criteria."
    ),
    "agree_narrow": N_(
        "{judge} uses little of the scale (standard deviation {spread}, usual here: {usual}): such"
        " marks count for less in the order than they might."
    ),
    "agree_rising": N_(
        "{judge}'s marks rise by about {size} points from first to last (between {low} and {high}):"
        " to start each judge elsewhere in the list evens that out."
    ),
    "agree_falling": N_(
        "{judge}'s marks fall by about {size} points from first to last (between {low} and {high}):"
        " to start each judge elsewhere in the list evens that out."
    ),
    # single marks
    "agree_odd": N_(
        "{odd} of {looked_at} marks and totals stand out from what the others gave; chance alone"
        " would make about {chance}. The farthest: {judge} gave {proposal} {value}{on}, the others"
        " {others}. Worth a second look; there may be a reason."
    ),
    "agree_not_odd": N_("No mark stands out from what the others gave."),
    "agree_on": N_(" on “{criterion}”"),
    "agree_in_all": N_(" in all"),
    "agree_others_mean": N_("{mean} on average"),
}

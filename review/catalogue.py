"""The English text of every code of the core; plain data, sorted by area.

`{name}` stands for a parameter. Add a code here, its Chinese text in
`locale/zh_Hans/LC_MESSAGES/messages.po`, and use it through `Message`.
"""

from __future__ import annotations

from review.catalogue_problems import PROBLEMS
from review.text import N_

REASONS = {
    "in_round": N_("round “{round}”: {message}"),
    # shortlists
    "within_size": N_("within the {size} places"),
    "beyond_size": N_("below the line: the {size} places are taken"),
    "floor_place": N_("in for the minimum of {min} from {by} “{value}”"),
    "kept_for_floor": N_("the remaining places are kept for the minimum of {min} from {by}: {values}"),
    "cap_reached": N_("{by} cap of {max} reached: {holders}"),
    "reserve": N_("reserve, place {place}"),
    "tie_at_line": N_("tied across the line with {with_}: to be decided"),
    "tie_extended": N_("tied across the line with {with_}: the shortlist is extended"),
    "chain_at_line": N_("tied across the line with {with_}: decided by {by}"),
    "reaches_threshold": N_("reaches {min_score}"),
    "below_threshold": N_("below {min_score}"),
    "within_share": N_("within the best {percent} % ({size} places)"),
    "beyond_share": N_("below the best {percent} % ({size} places)"),
    "no_score": N_("no score: no counted ballot"),
    "status_withdrawn": N_("withdrawn"),
    "status_disqualified": N_("disqualified"),
    "status_absent": N_("absent"),
    "status_with_reason": N_("{status}: {reason}"),
    "decision_in": N_("in by decision of {by}: {why}"),
    "decision_out": N_("out by decision of {by}: {why}"),
    # awards
    "award_best": N_("best value: {value}"),
    "award_place": N_("place {place} with {value}"),
    "award_ex_aequo": N_("place {place} with {value}, shared with {with_}"),
    "award_by_rank": N_("place {place} with {value}; equal to {with_}, the higher rank decides"),
    "award_decision": N_("by decision of {by}: {why}"),
    "passed_one_per": N_("already has an award: {award} ({by} “{value}”)"),
    "passed_not_shortlisted": N_("not on a shortlist"),
    "passed_min_ballots": N_("has {ballots} ballots; {min_ballots} are needed"),
    "passed_min_score": N_("score {score} is below {min_score}"),
    "passed_status": N_("not eligible: {status}"),
    "passed_no_value": N_("no value for this award: {missing} is not known"),
    "vacant": N_("{count} not given: nobody eligible is left"),
    # the command line
    "command_raised": N_("the command “{command}” of {distribution} failed: {error}"),
    "command_twice": N_("the command “{command}” comes from {distributions}; uninstall one"),
    "command_not_click": N_("the command “{command}” of {distribution} is not a click command"),
    "folder_not_empty": N_("{folder} is not an empty folder, so it was left alone"),
    # what a value is made of
    "award_value_score": N_("overall score of the round"),
}

CATALOGUE: dict[str, str] = {**REASONS, **PROBLEMS}

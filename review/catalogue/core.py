"""Texts of results, explanations and files that are written."""

from __future__ import annotations

from review.text import N_

REASONS = {
    "in_round": N_("round “{round}”: {message}"),
    # shortlists
    "within_size": N_("inside the line of {size}"),
    "beyond_size": N_("below the line of {size}: all places are taken"),
    "floor_place": N_("in for the minimum of {min} from {by} “{value}”"),
    "kept_for_floor": N_(
        "the remaining places are kept for the minimum of {min} from {by}: {values}"
    ),
    "cap_reached": N_("{by} cap of {max} reached: {holders}"),
    "displaced": N_("the place went to {holders}, ruled in"),
    "reserve": N_("reserve, place {place}"),
    "tie_at_line": N_("tied across the line with {with_}: to be decided"),
    "tie_extended": N_("tied across the line with {with_}: the shortlist is extended"),
    "chain_at_line": N_("tied across the line with {with_}: decided by {by}"),
    "reaches_threshold": N_("reaches {min_score}"),
    "below_threshold": N_("below {min_score}"),
    "within_share": N_("within the best {percent} % ({size} {size:place|places})"),
    "beyond_share": N_("below the best {percent} % ({size} {size:place|places})"),
    "no_score": N_("no score: no counted ballot"),
    "no_score_in_round": N_("no score: none in round {rounds}"),
    "no_score_from_ballots": N_(
        "no score: {ballots} {ballots:ballot was|ballots were} counted, and the scorer gives none"
    ),
    "status_withdrawn": N_("withdrawn"),
    "status_disqualified": N_("disqualified"),
    "status_absent": N_("absent"),
    "status_with_reason": N_("{status}: {reason}"),
    "decision_in": N_("in by decision of {by}{why}"),
    "decision_out": N_("out by decision of {by}{why}"),
    "ruled_by_two": N_("{one} and {other}"),
    "ruled_why": N_(": {why}"),
    # awards
    "award_best": N_("best value: {value}"),
    "award_place": N_("place {place} with {value}"),
    "award_ex_aequo": N_("place {place} with {value}, shared with {with_}"),
    "award_by_rank": N_("place {place} with {value}; equal to {with_}, the higher rank decides"),
    "award_decision": N_("by decision of {by}{why}"),
    "passed_one_per": N_("already has an award: {award} ({by} “{value}”)"),
    "passed_not_shortlisted": N_("not on a shortlist"),
    "passed_min_ballots": N_(
        "has {ballots} {ballots:ballot|ballots}; {min_ballots} {min_ballots:is|are} needed"
    ),
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

EXPLANATIONS = {
    "explain_no_round": N_("there is no round “{round}”; there are {rounds}"),
    "explain_no_proposal": N_("there is no proposal “{proposal}” in these rounds"),
    "explain_no_proposal_hint": N_("there is no proposal “{proposal}” in these rounds; {hint}"),
    "explain_title_twice": N_("several proposals are called “{title}”: {proposals}; give the id"),
    "explain_unranked": N_("Not ranked: {reason}."),
    "explain_order_judge-first": N_(
        "Each judge's ballot is weighed first ({report}); then the scorer works over judges."
    ),
    "explain_order_criterion-first": N_(
        "The scorer works over judges on each criterion first;"
        " then the criteria are weighed ({report})."
    ),
    "explain_report_own": N_("the weighted mean of the criteria"),
    "explain_report_sum": N_("the weighted sum of the criteria"),
    "explain_report_percent": N_("the weighted share of the attainable points, in %"),
    "explain_scorer": N_("Scorer: {scorer}; every ballot entered."),
    "explain_scorer_dropped": N_("Scorer: {scorer}; left out: {dropped}."),
    "explain_renormalised": N_("Weights renormalised over what was marked: {judges}."),
    "explain_incomplete": N_("Incomplete, so not counted: {judges}."),
    "explain_conflict": N_("In conflict, so not counted: {judges}."),
    "explain_rounding": N_("Rounded half up to {places} {places:decimal|decimals}: {stage}."),
    "stage_mark": N_("each mark"),
    "stage_ballot": N_("each ballot"),
    "stage_criterion": N_("each criterion"),
    "stage_weighted": N_("each weighted criterion"),
    "stage_subtotal": N_("the subtotal"),
    "stage_parts": N_("each part"),
    "stage_total": N_("the total before publication"),
    "explain_subtotal": N_("Subtotal: {subtotal} from {ballots} {ballots:ballot|ballots}."),
    "explain_part": N_("{part} × {times}: {value}."),
    "explain_part_blank": N_("{part} × {times}: nothing is known, so nothing is added."),
    "part_own": N_("This round"),
    "part_round": N_("Round “{round}”"),
    "part_fact": N_("Fact “{fact}”"),
    "explain_total": N_("Total: {score}, rounded half up to {places} {places:decimal|decimals}."),
    "explain_rank": N_("Rank {rank} with {score}."),
    "explain_tie": N_("The same score as {with_}; decided by {by}."),
    "tie_by": N_("{by}"),
    "tie_by_criterion": N_("criterion “{name}”"),
    "explain_tie_ruling": N_("The same score as {with_}; decided by {by}{why}."),
    "explain_shared": N_(
        "The same score as {with_}; nothing in the chain decides, the place is shared."
    ),
}

WRITING = {
    "output_not_ours": N_(
        "{folder} is not empty and was not written by review; choose another folder"
    ),
    "output_unwritable": N_("{folder} cannot be written: {error}"),
    "format_unknown": N_("there is no format “{format}”; there are {formats}"),
    "exporter_failed": N_("the exporter “{format}” failed, the other files are there: {error}"),
    "not_scored": N_("{count} {count:error|errors}: nothing was scored"),
    "verify_no_result": N_("{folder} holds no result.json that can be read: {error}"),
    "verify_same": N_("the result is what the competition comes to, byte for byte"),
    "verify_content": N_(
        "the content differs: marks, proposals, judges, facts or decisions were changed"
    ),
    "verify_rules": N_("the rules differ: rounds, rubrics, awards or policy were changed"),
    "verify_plugin": N_("plugin {plugin}: the result was made with {was}, here is {now}"),
    "verify_result": N_("the result differs, although content and rules are the same"),
    "verify_title": N_("the title differs: it was “{was}”, here it is “{now}”"),
    "verify_state": N_("the state differs: it was “{was}”, here it is “{now}”"),
    "state_provisional": N_("provisional"),
    "state_final": N_("final"),
    "verify_file_changed": N_("{file} is not as it was written"),
    "verify_file_missing": N_("{file} is missing"),
    "verify_no_manifest": N_(
        "{file} is missing or cannot be read, so nobody can tell whether the files beside it were"
        " changed"
    ),
}

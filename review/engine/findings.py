"""What a run has to tell of its rounds: what was left out, lacks or had no effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review.messages import Message
from review.model.problem import Problem, error, note, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.engine.entrants import Panels
    from review.engine.rules import RoundRules
    from review.model.loaded import LoadedCompetition
    from review.model.result import AwardResult, RoundResult

PAIR = ["round", "proposal"]
LISTED = 200
"""So many are named one by one; the others are counted."""


def strangers(marks: pl.DataFrame, entrants: pl.DataFrame) -> Iterator[Problem]:
    """Proposals that were marked in a round they are not in."""
    given = marks.filter(pl.col("value").is_not_null())
    found = given.join(entrants, on=PAIR, how="anti").select(PAIR).unique().sort(PAIR)
    for (round_id,), part in found.group_by("round", maintain_order=True):
        named = part["proposal"].head(LISTED).to_list()
        params = {"round": round_id, "count": part.height, "proposals": named}
        yield warning(Message("marks_of_no_entrant", params))


def silence(
    rules: RoundRules, marks: pl.DataFrame, panels: Panels, loaded: LoadedCompetition
) -> Iterator[Problem]:
    """A round without any mark, or judges of it who neither marked nor said why.

    `marks`: those of `counted_marks`.
    """
    here = pl.col("round") == rules.id
    told = marks.filter(here & (pl.col("state").fill_null("") != "missing"))
    heard = set(told["judge"])
    if not heard:
        yield warning(Message("round_is_silent", {"round": rules.id}))
        return
    asked = set(panels.members.filter(here)["judge"])
    if loaded.assignments is not None:
        named = set(loaded.assignments.filter(here)["judge"])
        asked = named or asked
    for judge in sorted(asked - heard):
        yield warning(Message("judge_without_marks", {"round": rules.id, "judge": judge}))


def gaps(rules: RoundRules, found: pl.DataFrame) -> Iterator[Problem]:
    """Each incomplete ballot (or proposal) of a round, and what was done with it."""
    rubric = rules.rubric
    kind = "ballot" if rubric.order == "judge-first" else "criteria"
    severity, told = {
        "renormalise": (note, "renormalised"),
        "drop": (warning, "dropped"),
        "refuse": (error, "refused"),
    }[rubric.incomplete]
    listed = found.sort("proposal", "judge").select("proposal", "judge", "mask")
    for proposal, judge, mask in listed.head(LISTED).iter_rows():
        lacking = [c.id for i, c in enumerate(rubric.counting) if not mask >> i & 1]
        params = {"round": rules.id, "proposal": proposal, "judge": judge, "criteria": lacking}
        yield severity(Message(f"incomplete_{kind}_{told}", params))
    if found.height > LISTED:
        params = {"round": rules.id, "count": found.height - LISTED}
        yield severity(Message(f"incomplete_more_{told}", params))


def idle_rulings(
    decisions: pl.DataFrame, rounds: Sequence[RoundResult], awards: Sequence[AwardResult]
) -> Iterator[Problem]:
    """Decisions that changed nothing, because what they rule on is not there."""
    if decisions.height == 0:
        return
    shortlists = {r.id: {e.proposal: e for e in r.shortlist or ()} for r in rounds}
    ties = {r.id: {s.proposal for s in r.standings if s.tie} for r in rounds}
    winners = {a.id: {w.proposal for w in a.winners} for a in awards}
    for row in decisions.iter_rows(named=True):
        kind, _, what = row["what"].partition(":")
        round_id, proposal = row["round"], row["proposal"]
        if kind == "award":
            idle = what in winners and proposal not in winners[what]
        elif round_id not in shortlists:
            idle = False  # the round was not run
        elif kind == "tie":
            idle = proposal not in ties[round_id]
        else:
            entry = shortlists[round_id].get(proposal)
            idle = entry is None or entry.status != kind
        if idle:
            params = {"round": round_id or "–", "proposal": proposal, "what": row["what"]}
            # an award that somebody was promised and does not get must stop the run
            severity = error if kind == "award" else warning
            yield severity(Message("ruling_without_effect", params))

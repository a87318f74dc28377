"""Asking a shortlist rule, and putting people's rulings and the ineligible where they belong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from review.messages import Message
from review.model.result import ShortlistEntry, decimal
from review.plugin.parts import Choice, Entrant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from review.model.result import RoundTrace
    from review.plugin.parts import RoundContext, Selection, ShortlistRule
    from review.stats.crossed import Crossed

Ruling = tuple[Literal["in", "out"], Message]
"""What was ruled; by whom and why, in words."""


@dataclass(frozen=True)
class Field:
    """What a shortlist is drawn from: the standings of a round, and what is known beside them.

    `attributes`: proposal → attribute → value. `reasons`: why a proposal has no rank. `rulings`: a
    person's. `context`: what is known of the round, without group and ballots; `trace`: its
    ballots, where the rule wants them.
    """

    standings: pl.DataFrame
    places: int
    attributes: Mapping[str, Mapping[str, str | None]]
    reasons: Mapping[str, Message]
    rulings: Mapping[str, Ruling]
    context: RoundContext
    trace: RoundTrace | None = None


def draw_up(
    rule: ShortlistRule, field: Field
) -> tuple[tuple[ShortlistEntry, ...], list[Selection]]:
    """One entry per entrant, in the order of the standings, and what the rule said of each group.

    Of its selections only what it has to tell is of interest still.
    """
    choices: dict[str, Choice] = {}
    selections = []
    ranked = field.standings.filter(field.standings["rank"].is_not_null())
    for part in ranked.partition_by("group", maintain_order=True):
        entrants = [_entrant(row, field) for row in part.iter_rows(named=True)]
        context = _context(field, part["group"][0], [e.proposal for e in entrants])
        selection = rule.select_in(entrants, context)
        chosen = selection.choices
        if len(chosen) != len(entrants):
            left_out = sorted({e.proposal for e in entrants} - set(chosen))
            msg = f"select() chose nothing for {', '.join(left_out)}"
            raise ValueError(msg)  # the caller's guard names the plugin
        choices.update(_with_displaced(rule, entrants, chosen, context))
        selections.append(selection)
    return tuple(_entry(p, choices, field) for p in field.standings["proposal"]), selections


def crossed(trace: RoundTrace, proposals: Sequence[str]) -> Crossed | None:
    """What each judge gave each of the proposals in all, as shown; None where there is nothing.

    Ballots that a scorer trims away are in; those that do not count are not.
    """
    mine = trace.ballots.filter(
        trace.ballots["fate"].is_in(["counted", "renormalised", "dropped"])
        & trace.ballots["value"].is_not_null()
        & trace.ballots["proposal"].is_in(list(proposals))
    )
    if not mine.height:
        return None
    from review.stats.crossed import Crossed  # noqa: PLC0415 -- numpy, which few rounds need

    values = mine["value"].to_numpy() / 10**trace.ballot_places
    return Crossed.of(mine["proposal"].to_list(), mine["judge"].to_list(), values)


def _context(field: Field, group: str | None, proposals: Sequence[str]) -> RoundContext:
    ballots = None if field.trace is None else crossed(field.trace, proposals)
    return replace(field.context, group=group or "", ballots=ballots)


def _entrant(row: Mapping[str, object], field: Field) -> Entrant:
    proposal = str(row["proposal"])
    ruling = field.rulings.get(proposal)
    return Entrant(
        proposal=proposal,
        rank=row["rank"],  # type: ignore[arg-type]
        score=decimal(row["score"], field.places),  # type: ignore[arg-type]
        attributes=field.attributes[proposal],
        ruling=ruling[0] if ruling else None,
        line_key=row["line_rank"],  # type: ignore[arg-type]
        line_by=row["line_by"],  # type: ignore[arg-type]
    )


def _with_displaced(
    rule: ShortlistRule,
    entrants: Sequence[Entrant],
    chosen: Mapping[str, Choice],
    context: RoundContext,
) -> dict[str, Choice]:
    """The choices, with the true reason for those who would be in if nobody else were ruled in."""
    ruled = [e.proposal for e in entrants if e.ruling == "in"]
    if not ruled or rule.draws_lots:
        return dict(chosen)
    otherwise = rule.select_in([replace(e, ruling=None) for e in entrants], context).choices
    reason = Message("displaced", {"holders": ruled})
    return {
        proposal: replace(choice, reason=reason)
        if choice.status != "in" and otherwise[proposal].status == "in"
        else choice
        for proposal, choice in chosen.items()
    }


def _may_overrule(reason: Message) -> bool:
    """A person may let in who has no score; a status stays."""
    return reason.code.startswith("no_score")


def _entry(proposal: str, choices: Mapping[str, Choice], field: Field) -> ShortlistEntry:
    choice = choices.get(proposal)
    ruling = field.rulings.get(proposal)
    if ruling is not None and (choice is not None or _may_overrule(field.reasons[proposal])):
        what, reason = ruling
        place = choice.place if choice is not None and what == "in" else None
        return ShortlistEntry(proposal, place, what, reason)
    if choice is None:
        return ShortlistEntry(proposal, None, "ineligible", field.reasons[proposal])
    return ShortlistEntry(proposal, choice.place, choice.status, choice.reason)

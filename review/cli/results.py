"""A result as tables: standings, shortlists, awards, each number with what stands behind it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from review.cli.screen import heading, plain, screen_width
from review.cli.tables import Column, table
from review.cli.width import indented
from review.engine.explain import tie_break
from review.messages import Message
from review.text import _, counted, current_language, pick

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from review.model.result import (
        AwardResult,
        Result,
        RoundResult,
        ShortlistEntry,
        Standing,
    )
    from review.model.rubric import Rubric


def result_lines(result: Result) -> Iterator[str]:
    """Everything that was decided, round by round, then the awards."""
    yield heading(f"{titled(result.title, result.competition)} · {state_word(result.state)}")
    for round_ in result.rounds:
        yield ""
        yield from _round(round_)
    for award in result.awards:
        yield ""
        yield from _award(award)


def titled(title: Mapping[str, str], id_: str) -> str:
    """A title in the current language, the id where there is none."""
    return plain(pick(title) or id_)


def state_word(state: str) -> str:
    """Whether objections are still possible."""
    return _("final") if state == "final" else _("provisional")


def number(value: Decimal | None) -> str:
    """A number at its own decimals, nothing where there is none."""
    return "" if value is None else f"{value:f}"


def listed(things: Iterable[str]) -> str:
    """Things in one line, with the commas of the language."""
    return ("、" if current_language() == "zh-Hans" else ", ").join(things)


# -------------------------------------------------------------------------------------- standings


def _round(round_: RoundResult) -> Iterator[str]:
    name = titled(round_.title, round_.id)
    standings = list(round_.standings)
    for group, members in groupby(standings, key=lambda standing: standing.group):
        where = name if group is None else f"{name} · {plain(group)}"
        yield heading(_("{round}: standings").format(round=where))
        rows = [_standing(standing, round_.rubric) for standing in members]
        yield table(_standings_columns(), rows)
        yield ""
    yield _coverage(round_, len(standings))
    yield from _excluded(round_)
    if round_.shortlist is not None:
        yield ""
        titles = {standing.proposal: standing.title for standing in standings}
        yield heading(_("{round}: shortlist").format(round=name))
        yield from _shortlist(round_.shortlist, titles)


def _standings_columns() -> list[Column]:
    return [
        Column(_("Rank"), "right"),
        Column(_("No.")),
        Column(_("Proposal"), fit="cut", least=30),
        Column(_("Score"), "right"),
        Column(_("Ballots"), "right"),
        Column(_("Note"), fit="wrap", least=18),
    ]


def _standing(standing: Standing, rubric: Rubric) -> list[str]:
    return [
        "" if standing.rank is None else str(standing.rank),
        standing.proposal,
        titled(standing.title, standing.proposal),
        number(standing.score),
        str(standing.ballots),
        _note(standing, rubric),
    ]


def _note(standing: Standing, rubric: Rubric) -> str:
    """Why there is no rank, what happened at an equal score, how many marks are missing."""
    notes = [standing.reason.render()] if standing.reason else []
    if standing.tie:
        others, by = listed(standing.tie.with_), tie_break(standing.tie.by, rubric).render()
        shared = standing.tie.by == "share"
        text = _("shared with {others}") if shared else _("equal to {others}; decided by {by}")
        notes.append(text.format(others=others, by=by))
    if standing.missing:
        notes.append(counted("{count} mark missing", "{count} marks missing", standing.missing))
    return _("; ").join(notes)


def _coverage(round_: RoundResult, entrants: int) -> str:
    proposals = counted("{count} proposal", "{count} proposals", entrants)
    if not round_.expected:
        return proposals
    marks = _(
        "{marked} of {expected} marked, {excused} absent, abstained or recused, {missing} missing"
    ).format(
        marked=f"{round_.marked:,}",
        expected=f"{round_.expected:,}",
        excused=f"{round_.expected - round_.marked - round_.missing:,}",
        missing=f"{round_.missing:,}",
    )
    return _paragraph(_("; ").join([proposals, marks]))


def _excluded(round_: RoundResult) -> Iterator[str]:
    """Marks that conflicts kept out, and whose rank that changed."""
    for judge, proposal, why in round_.excluded:
        text = _("not counted: {judge} on {proposal} ({why})")
        yield _paragraph(text.format(judge=judge, proposal=proposal, why=why))
    for effect in round_.excluded_effect:
        text = _("{proposal}: rank {rank}, with those marks {rank_with}")
        ranks = {"rank": effect.rank or "–", "rank_with": effect.rank_with or "–"}
        yield _paragraph(text.format(proposal=effect.proposal, **ranks))


def _paragraph(text: str) -> str:
    return indented(plain(text), screen_width(), "", "  ")


# ------------------------------------------------------------------------------------- shortlists


def status_word(status: str) -> str:
    """What became of an entrant, in a word."""
    words = {
        "in": _("in"),
        "reserve": _("reserve"),
        "undecided": _("undecided"),
        "out": _("out"),
        "ineligible": _("not eligible"),
    }
    return words[status]


def _shortlist(
    entries: Sequence[ShortlistEntry], titles: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Those who go on or may, line by line; the others by their reason."""
    columns = [
        Column(_("Place"), "right"),
        Column(_("No.")),
        Column(_("Proposal"), fit="cut", least=16),
        Column(_("Status")),
        Column(_("Reason"), fit="wrap", least=24),
    ]
    order = ("in", "undecided", "reserve")
    kept = sorted(
        (entry for entry in entries if entry.status in order),
        key=lambda entry: order.index(entry.status),
    )
    if kept:
        yield table(
            columns,
            [
                [
                    str(entry.place or ""),
                    entry.proposal,
                    titled(titles[entry.proposal], entry.proposal),
                    status_word(entry.status),
                    entry.reason.render(),
                ]
                for entry in kept
            ],
        )
    others: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        if entry.status not in order:
            key = (status_word(entry.status), entry.reason.render())
            others.setdefault(key, []).append(entry.proposal)
    for (status, reason), proposals in others.items():
        text = _("{status} ({reason}): {proposals}")
        yield _paragraph(text.format(status=status, reason=reason, proposals=listed(proposals)))


# ----------------------------------------------------------------------------------------- awards


def _award(award: AwardResult) -> Iterator[str]:
    yield heading(titled(award.title, award.id))
    if award.winners:
        yield table(
            [
                Column(_("Prize"), fit="cut", least=16),
                Column(_("Group"), fit="cut", least=12),
                Column(_("No.")),
                Column(_("Proposal"), fit="cut", least=16),
                Column(_("Value"), "right"),
                Column(_("Reason"), fit="wrap", least=24),
            ],
            [
                [
                    titled(winner.tier_title, str(winner.place)),
                    winner.group or "",
                    winner.proposal,
                    titled(winner.title, winner.proposal),
                    number(winner.value),
                    winner.reason.render(),
                ]
                for winner in award.winners
            ],
        )
    if award.vacant:
        yield _paragraph(Message("vacant", {"count": award.vacant}).render())
    for passed in award.passed_over:
        name = f"{passed.proposal} {titled(passed.title, passed.proposal)}"
        text = _("passed over: {name} ({reason})")
        yield _paragraph(text.format(name=name, reason=passed.reason.render()))

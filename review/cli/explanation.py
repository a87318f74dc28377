"""An explanation as text: marks by judge, the steps to the score, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.cli.results import number, status_word, titled
from review.cli.screen import heading, plain, screen_width
from review.cli.tables import Column, table
from review.cli.width import indented
from review.model.result import Winner
from review.text import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.engine.explain import (
        AwardExplanation,
        BallotLine,
        Explanation,
        MarkCell,
        RoundExplanation,
    )
    from review.model.rubric import Criterion

#: Criteria beside each other; more of them go into further tables.
ABREAST = 5


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """Everything about one proposal, round by round, then its awards."""
    title = titled(explanation.title, explanation.proposal)
    yield heading(f"{plain(explanation.proposal)} · {title}")
    for round_ in explanation.rounds:
        yield ""
        yield from _round(round_)
    for award in explanation.awards:
        yield ""
        yield from _award(award)


def _round(round_: RoundExplanation) -> Iterator[str]:
    yield heading(titled(round_.title, round_.id))
    if round_.ballots:
        for start in range(0, len(round_.criteria), ABREAST):
            yield _marks(round_, round_.criteria[start : start + ABREAST])
            yield ""
    for step in round_.steps:
        yield _item(step.render())
    if round_.shortlist:
        status = status_word(round_.shortlist.status)
        text = _("Shortlist: {status} ({reason})")
        yield _item(text.format(status=status, reason=round_.shortlist.reason.render()))
    yield from _comments(round_.ballots)


def _item(text: str) -> str:
    return indented(plain(text), screen_width(), "- ", "  ")


def _marks(round_: RoundExplanation, criteria: Sequence[Criterion]) -> str:
    """Marks by judge and criterion, between the weights and what they came to."""
    last = criteria[-1] is round_.criteria[-1]
    columns = [
        Column(_("Judge"), fit="cut", least=12),
        *(Column(titled(c.title, c.id), "right", "wrap", 6) for c in criteria),
        Column(_("Ballot"), "right"),
        Column(_("Note"), fit="wrap", least=12),
    ]
    weights = [number(c.weight) if c.counts else _("not counted") for c in criteria]
    scores = [number(round_.standing.criteria.get(c.id)) for c in criteria]
    rows = [
        [_("(weight)"), *weights, "", ""],
        *(
            [
                ballot.name,
                *(_mark(ballot.marks.get(c.id)) for c in criteria),
                number(ballot.total) if last else "",
                _fate(ballot.fate) if last else "",
            ]
            for ballot in round_.ballots
        ),
        [_("(together)"), *scores, number(round_.standing.subtotal) if last else "", ""],
    ]
    return table(columns, rows)


def _mark(cell: MarkCell | None) -> str:
    """A mark; one that the scorer left out stands in brackets."""
    if cell is None:
        return "–"
    if cell.value is None:
        return _state(cell.state)
    return f"({cell.value})" if cell.dropped else number(cell.value)


def _state(state: str | None) -> str:
    words = {"absent": _("absent"), "abstain": _("abstained"), "recused": _("recused")}
    return words.get(state or "", "–")


def _fate(fate: str) -> str:
    words = {
        "renormalised": _("gap: renormalised"),
        "dropped": _("left out by the scorer"),
        "incomplete": _("incomplete: not counted"),
        "conflict": _("conflict: not counted"),
    }
    return words.get(fate, "")


def _comments(ballots: Sequence[BallotLine]) -> Iterator[str]:
    for ballot in ballots:
        for comment in dict.fromkeys(c.comment for c in ballot.marks.values() if c.comment):
            yield _item(_("{judge}: “{comment}”").format(judge=ballot.name, comment=comment))


def _award(award: AwardExplanation) -> Iterator[str]:
    yield heading(titled(award.title, award.id))
    reason = award.outcome.reason.render()
    if isinstance(award.outcome, Winner):
        prize = titled(award.outcome.tier_title, _("won"))
        yield _item(_("{prize} ({reason})").format(prize=prize, reason=reason))
    else:
        yield _item(_("passed over ({reason})").format(reason=reason))

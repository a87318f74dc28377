"""An explanation as text: marks by judge, the steps to the score, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.cli.results import number, status_word, titled
from review.cli.screen import heading, plain, screen_width
from review.cli.tables import GAP, Column, table
from review.cli.width import display_width, indented, pieces
from review.model.result import Winner
from review.text import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.engine.explain import (
        AwardExplanation,
        BallotLine,
        DuelLine,
        Explanation,
        MarkCell,
        RoundExplanation,
    )
    from review.model.rubric import Criterion

JUDGE = 16


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
        for criteria in _abreast(round_.criteria):
            yield _marks(round_, criteria)
            yield ""
    if round_.duels:
        yield _duels(round_.duels)
        yield ""
    if any(b.fate == "dropped" or _dropped(b) for b in round_.ballots):
        yield _item(_("In brackets: what the scorer left out."))
    if any(b.fate == "dropped" for b in round_.ballots):
        yield _item(
            _(
                "Criterion figures are the scorer's over judges on each criterion by itself; they"
                " need not add up to the subtotal."
            )
        )
    for step in round_.steps:
        yield _item(step.render())
    if round_.shortlist:
        status = status_word(round_.shortlist.status)
        text = _("Shortlist: {status} ({reason})")
        yield _item(text.format(status=status, reason=round_.shortlist.reason.render()))
    yield from _comments(round_.ballots)


def _duels(duels: Sequence[DuelLine]) -> str:
    """Against whom the proposal was placed, and who said so, in the order of the others' ranks."""
    columns = [
        Column(_("Compared with"), fit="cut", least=JUDGE),
        Column(_("above"), "right"),
        Column(_("below"), "right"),
        Column(_("level"), "right"),
        Column(_("Judges: above, below, level"), fit="wrap"),
    ]
    rows = [
        [
            f"{duel.other} {titled(duel.title, '')}".strip(),
            *map(str, (duel.above, duel.below, duel.level)),
            _(", ").join(f"{name} {won}:{lost}:{tied}" for name, won, lost, tied in duel.judges),
        ]
        for duel in duels
    ]
    return table(columns, rows)


def _item(text: str) -> str:
    return indented(plain(text), screen_width(), "- ", "  ")


def _abreast(criteria: Sequence[Criterion]) -> Iterator[list[Criterion]]:
    """As many criteria beside each other as the screen takes; the others go into further tables."""
    room = screen_width() - JUDGE - GAP - display_width(_("Ballot"))
    found: list[Criterion] = []
    for criterion in criteria:
        columns = [_criterion(each) for each in (*found, criterion)]
        if found and sum(GAP + column.least for column in columns) > room:
            yield found
            found = []
        found.append(criterion)
    yield found


def _criterion(criterion: Criterion) -> Column:
    """Its title may wrap, but not within a word."""
    title = titled(criterion.title, criterion.id)
    widest = max(map(display_width, [*pieces(title), *_states().values(), _weight(criterion)]))
    return Column(title, "right", "wrap", widest)


def _weight(criterion: Criterion) -> str:
    return number(criterion.weight) if criterion.counts else _("not counted")


def _marks(round_: RoundExplanation, criteria: Sequence[Criterion]) -> str:
    """Marks by judge and criterion, between the weights and what they came to."""
    last = criteria[-1] is round_.criteria[-1]
    scores = [number(round_.standing.criteria.get(c.id)) for c in criteria]
    rows = [
        [_("(weight)"), *map(_weight, criteria), ""],
        *(
            [
                _judge(ballot),
                *(_mark(ballot.marks.get(c.id)) for c in criteria),
                _total(ballot) if last else "",
            ]
            for ballot in round_.ballots
        ),
        [_("(criterion)"), *scores, number(round_.standing.subtotal) if last else ""],
    ]
    columns = [
        Column(_("Judge"), fit="cut", least=JUDGE),
        *map(_criterion, criteria),
        Column(_("Ballot"), "right"),
    ]
    return table(columns, rows)


def _total(ballot: BallotLine) -> str:
    """A ballot that the scorer left out stands in brackets; the steps tell of others."""
    return f"({ballot.total})" if ballot.fate == "dropped" else number(ballot.total)


def _dropped(ballot: BallotLine) -> bool:
    return any(cell.dropped for cell in ballot.marks.values())


def _judge(ballot: BallotLine) -> str:
    return ballot.judge if ballot.name == ballot.judge else f"{ballot.judge} {ballot.name}"


def _mark(cell: MarkCell | None) -> str:
    """A mark; one that the scorer left out stands in brackets."""
    if cell is None:
        return "–"
    if cell.value is None:
        return _states().get(cell.state or "", "–")
    return f"({cell.value})" if cell.dropped else number(cell.value)


def _states() -> dict[str, str]:
    return {"absent": _("absent"), "abstain": _("abstained"), "recused": _("recused")}


def _comments(ballots: Sequence[BallotLine]) -> Iterator[str]:
    for ballot in ballots:
        for comment in dict.fromkeys(c.comment for c in ballot.marks.values() if c.comment):
            yield _item(_("{judge}: “{comment}”").format(judge=_judge(ballot), comment=comment))


def _award(award: AwardExplanation) -> Iterator[str]:
    yield heading(titled(award.title, award.id))
    reason = award.outcome.reason.render()
    if isinstance(award.outcome, Winner):
        prize = titled(award.outcome.tier_title, _("won"))
        yield _item(_("{prize} ({reason})").format(prize=prize, reason=reason))
    else:
        yield _item(_("passed over ({reason})").format(reason=reason))

"""A report on what is unusual as text: plain words, then the figures behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.analysis.agreement.words import number
from review.analysis.unusual.report import LEVEL
from review.analysis.unusual.words import signed
from review.cli.results import titled
from review.cli.screen import heading, plain, screen_width
from review.cli.tables import Column, table
from review.cli.width import indented
from review.text import _, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.analysis.unusual.report import Kin, Mark, Odds, Pair, RoundUnusual, Unusual

#: Of each kind; `--json` has more.
SHOWN = 10
JUDGE = 8
_LEAST = 0.0001


def unusual_lines(report: Unusual) -> Iterator[str]:
    """The whole report, round by round."""
    yield heading(titled(report.title, report.competition))
    for round_ in report.rounds:
        yield ""
        yield from _round(round_)
    if report.tests:
        yield ""
        yield from _method(report.tests)


def _round(round_: RoundUnusual) -> Iterator[str]:
    name = titled(round_.title, round_.id)
    yield heading(_("{round}: what is unusual").format(round=name))
    for sentence in (*round_.sentences, *round_.untested):
        yield indented(plain(sentence.render()), screen_width(), "- ", "  ")
    if round_.marks:
        yield ""
        yield from _marks(round_.marks)
    if round_.affinity:
        yield ""
        yield from _affinity(round_.affinity)
    pairs = [pair for pair in round_.pairs if pair.odds.unusual]
    if pairs:
        yield ""
        yield from _pairs(pairs)


def _method(tests: int) -> Iterator[str]:
    text = _(
        "p: how often chance alone gives as much. Adjusted: the same for that many tests"
        " (Benjamini-Hochberg). Up to {level} is called unusual, so that about {percent} % of what"
        " is called so is chance at most."
    ).format(level=LEVEL, percent=round(100 * LEVEL))
    count = counted("{count} test in all.", "{count} tests in all.", tests)
    yield indented(_("{first} {second}").format(first=count, second=text), screen_width(), "", "")


def _marks(marks: Sequence[Mark]) -> Iterator[str]:
    columns = [
        Column(_("Ballot on")),
        Column(_("Judge"), fit="cut", least=JUDGE),
        Column(_("Ballot"), "right"),
        Column(_("Others")),
        Column(_("Expected"), "right"),
        *_odds_columns(),
    ]
    rows = [
        [
            each.proposal,
            each.called,
            number(each.ballot, 2),
            f"{number(each.others[0], 2)}–{number(each.others[2], 2)}",
            f"{each.expected:.1f}",
            *_odds(each.odds),
        ]
        for each in marks[:SHOWN]
    ]
    yield table(columns, rows)


def _affinity(kin: Sequence[Kin]) -> Iterator[str]:
    columns = [
        Column(_("Own proposals"), fit="cut", least=JUDGE),
        Column(_("Judge"), fit="cut", least=JUDGE),
        Column(_("Own"), "right"),
        Column(_("Others"), "right"),
        Column(_("Points more"), "right"),
        *_odds_columns(),
    ]
    rows = [
        [
            each.shared.render(),
            each.called or _("all"),
            str(each.own),
            str(each.others),
            f"{signed(each.effect)} [{signed(each.low)}, {signed(each.high)}]",
            *_odds(each.odds),
        ]
        for each in kin[:SHOWN]
    ]
    yield table(columns, rows)


def _pairs(pairs: Sequence[Pair]) -> Iterator[str]:
    columns = [
        Column(_("Unusual pair"), fit="cut", least=JUDGE),
        Column(_("Judge"), fit="cut", least=JUDGE),
        Column(_("Shared"), "right"),
        Column(_("Correlation"), "right"),
        Column(_("By chance"), "right"),
        *_odds_columns()[:2],
    ]
    rows = [
        [
            *each.called,
            str(each.shared),
            signed(each.correlation),
            signed(each.by_chance),
            *_odds(each.odds)[:2],
        ]
        for each in pairs[:SHOWN]
    ]
    yield table(columns, rows)


def _odds_columns() -> list[Column]:
    return [Column("p", "right"), Column(_("Adjusted"), "right"), Column("")]


def _odds(odds: Odds) -> list[str]:
    return [_probability(odds.p), _probability(odds.adjusted), _("unusual") if odds.unusual else ""]


def _probability(p: float) -> str:
    return f"<{_LEAST}" if p < _LEAST else f"{p:.4f}" if p < 0.01 else f"{p:.2f}"  # noqa: PLR2004

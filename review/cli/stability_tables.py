"""A report on stability as text: what it comes to, then chances and drawn intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.analysis.percent import percent
from review.cli.results import titled
from review.cli.screen import heading, plain, screen_width
from review.cli.tables import Column, table
from review.cli.width import indented
from review.text import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.analysis.stability.places import FieldStability, Line, ProposalStability
    from review.analysis.stability.report import RoundStability, Stability
    from review.analysis.stability.winning import AwardChances

#: The widest and the narrowest drawing of an interval.
WIDE, NARROW = 32, 12
#: What the other columns of the table take.
BESIDE = 56
#: A field of more proposals is shown at its top and around its line; `--json` has all.
MANY = 60
TOP, AROUND = 20, 15


def stability_lines(report: Stability) -> Iterator[str]:
    """The whole report, round by round."""
    yield heading(titled(report.title, report.competition))
    for round_ in report.rounds:
        yield ""
        yield from _round(round_)


def _round(round_: RoundStability) -> Iterator[str]:
    name = titled(round_.title, round_.id)
    for at, field in enumerate(round_.fields):
        where = name if field.group is None else f"{name} · {plain(field.group)}"
        if at:
            yield ""
        yield heading(_("{round}: how sure the ranking is").format(round=where))
        yield from map(_item, (s.render() for s in field.sentences))
        if field.proposals:
            yield ""
            yield from _places(field)
    told = [s.render() for award in round_.awards for s in award.sentences]
    if told:
        yield ""
        yield heading(_("{round}: how sure the awards are").format(round=name))
        yield from map(_item, told)
    for award in round_.awards:
        if any(0 < c.chance < 1 for c in award.chances):
            yield ""
            yield from _award(award)


def _item(text: str) -> str:
    return indented(plain(text), screen_width(), "- ", "  ")


def _places(field: FieldStability) -> Iterator[str]:
    """The table of places."""
    n = len(field.proposals)
    shown, hidden = _shown(field)
    width = min(WIDE, max(NARROW, screen_width() - BESIDE), max(NARROW, 2 * n))
    columns = [
        Column(_("Rank"), "right"),
        Column(_("No.")),
        Column(_("Proposal"), fit="cut", least=14),
        Column(_axis(n, width)),
        Column(_("90 %"), "right"),
        Column(_("First, %"), "right"),
        Column(_("In, %") if field.line else "", "right"),
    ]
    yield table(columns, [_row(p, field.line, n, width) for p in shown])
    yield from map(
        _item,
        [
            *_hidden(hidden),
            _("├─┤ the places that hold with 90 %, ━ with 50 %, ● the expected place"),
            *([_("┊ the line after place {size}").format(size=field.line.size)]
              if field.line else []),
        ],
    )  # fmt: skip


def _hidden(count: int) -> list[str]:
    text = _("{count} proposals far from the line are not shown; --json has all")
    return [text.format(count=count)] if count else []


def _shown(field: FieldStability) -> tuple[Sequence[ProposalStability], int]:
    """Those that are shown, and how many are not."""
    everybody = field.proposals
    if len(everybody) <= MANY:
        return everybody, 0
    kept = set(range(TOP))
    if field.line is not None:
        first, last = field.line.first or field.line.size, field.line.last or field.line.size
        ends = (max(0, min(first - 1, field.line.size - AROUND)),
                max(field.line.size + AROUND, min(last, first + MANY)))  # fmt: skip
        kept |= set(range(*ends))
    shown = [p for i, p in enumerate(everybody) if i in kept]
    return shown, len(everybody) - len(shown)


def _axis(n: int, width: int) -> str:
    """The title of the drawing: the first and the last place at its ends."""
    return "1" + str(n).rjust(width - 1)


def _row(p: ProposalStability, line: Line | None, n: int, width: int) -> list[str]:
    return [
        str(p.rank),
        p.proposal,
        titled(p.title, p.proposal),
        drawing(p, None if line is None else line.size, n, width),
        _span(p.interval_90),
        percent(p.p_first),
        "" if p.p_in is None else percent(p.p_in),
    ]


def _span(ends: tuple[int, int]) -> str:
    return str(ends[0]) if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"


def drawing(p: ProposalStability, size: int | None, n: int, width: int) -> str:
    """An interval as characters, places 1 to n over the width: `  ├─━━●━─┤  `."""

    def at(place: float) -> int:
        return round((place - 1) / max(1, n - 1) * (width - 1))

    cells = [" "] * width
    low, high = map(at, p.interval_90)
    if size is not None:
        cells[at(size + 0.5)] = "┊"
    for i in range(low, high + 1):
        cells[i] = "┼" if cells[i] == "┊" else "─"
    for i in range(at(p.interval_50[0]), at(p.interval_50[1]) + 1):
        cells[i] = "┿" if cells[i] == "┼" else "━"
    if low < high:
        cells[low], cells[high] = "├", "┤"
    cells[at(p.expected_rank)] = "●"
    return "".join(cells)


def _award(award: AwardChances) -> Iterator[str]:
    columns = [
        Column(titled(award.title, award.id), fit="cut", least=24),
        Column(_("No.")),
        Column(_("Chance, %"), "right"),
        Column(_("Has it"), "left"),
    ]
    rows = [
        [titled(c.title, c.proposal), c.proposal, percent(c.chance), _("yes") if c.won else ""]
        for c in award.chances[:10]
    ]
    yield table(columns, rows)

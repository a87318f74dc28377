"""Coverage, judge by proposal, and where judges disagree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from markupsafe import escape

from review.live.coverage import coverage, disagreement
from review.store import chain
from review.text import _
from review.web.charts import bar, strip
from review.web.rendering import html
from review.web.routes.organiser import names
from review.web.streams import Part, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from review.live.coverage import Coverage, Disagreement, JudgeCoverage
    from review.live.definition import Form
    from review.live.event import Event

#: The sign and the class of a cell; the legend names the sign.
SIGNS: Mapping[str, tuple[str, str, Callable[[], str]]] = {
    "done": ("✓", "c-done", lambda: _("done")),
    "part": ("½", "c-part", lambda: _("begun")),
    "todo": ("", "c-none", lambda: _("to do")),
    "abstain": ("–", "c-out", lambda: _("abstained")),
    "recused": ("⊘", "c-out", lambda: _("recused")),
    "conflict": ("×", "c-out", lambda: _("conflict of interest")),
    "withdrawn": ("·", "c-out", lambda: _("withdrawn")),
    "none": ("", "c-out", lambda: _("not asked")),
}
_CELLS = {state: f'<td class="{css}">{sign}</td>' for state, (sign, css, _text) in SIGNS.items()}
#: States in which nobody waits for a ballot.
UNASKED = frozenset(("conflict", "withdrawn", "none"))
#: Judges named as behind before "and N more".
BEHIND = 20


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns and rows of a matrix."""

    proposals: Sequence[names.Named]
    rows: Sequence[str]


def legend() -> list[tuple[str, str, str]]:
    """Sign, class and meaning of what a cell may show."""
    return [(sign, css, text()) for sign, css, text in SIGNS.values()]


def shape(event: Event, round_id: str) -> Shape:
    """Columns and rows of a round's matrix; no rows where it has not opened."""
    counts = coverage(event, round_id)
    return Shape(
        [names.proposal(event.definition, p) for p in counts.proposals],
        [f"j{i}" for i in range(len(counts.judges))],
    )


def look(event: Event, round_id: str) -> Snapshot:
    """The matrix: a part for each judge, for the figures, the foot and who is behind."""
    with event.database.reading() as conn:
        seq = chain.head(conn).seq
    counts = coverage(event, round_id)
    rows = [
        tuple(counts.cells.get((judge.judge, p), "none") for p in counts.proposals)
        for judge in counts.judges
    ]
    parts = [
        _row(f"j{i}", judge.name or judge.judge, row)
        for i, (judge, row) in enumerate(zip(counts.judges, rows, strict=True))
    ]
    states = Counter(state for row in rows for state in row)
    parts.append(_summary(counts, states))
    parts.append(_foot(rows, len(counts.proposals)))
    parts.append(_behind(counts))
    columns = (
        event.definition.version,
        tuple(counts.proposals),
        tuple(j.judge for j in counts.judges),
    )
    return Snapshot(seq, columns, parts)


def _row(part: str, name: str, states: tuple[str, ...]) -> Part:
    return Part(part, (name, states), lambda: row(part, name, states))


def row(part: str, name: str, states: Sequence[str]) -> str:
    """One judge's row; plain text, since there may be hundreds of fifty cells."""
    asked = sum(state not in UNASKED for state in states)
    done = states.count("done") + sum(state in {"abstain", "recused"} for state in states)
    cells = "".join(map(_CELLS.__getitem__, states))
    return (
        f'<tr id="{part}" hx-swap-oob="outerMorph"><th scope="row" title="{escape(name)}">'
        f'{escape(name)}</th><td class="count">{done}/{asked}</td>{cells}</tr>'
    )


def _summary(counts: Coverage, states: Counter[str]) -> Part:
    figures = {
        "expected": counts.expected,
        "marked": counts.marked,
        "ballots": states.total() - sum(states[state] for state in UNASKED),
        "done": states["done"],
        "part": states["part"],
        "out": states["abstain"] + states["recused"],
    }

    def draw() -> str:
        name = _("{marked} of {expected} marks").format(**figures)
        chart = bar(
            [("b-done", figures["done"]), ("b-part", figures["part"]), ("b-out", figures["out"])],
            figures["ballots"],
            name,
        )
        return html("organiser/parts/summary.html", s={**figures, "bar": chart})

    return Part("summary", tuple(figures.values()), draw)


def ballots(judge: JudgeCoverage) -> int:
    """How many ballots a judge was asked for."""
    return judge.todo + judge.part + judge.done


def _foot(rows: Sequence[tuple[str, ...]], columns: int) -> Part:
    done = tuple(sum(row[i] == "done" for row in rows) for i in range(columns))
    return Part("foot", done, lambda: foot(done))


def foot(done: Sequence[int]) -> str:
    """Under each proposal the number of ballots that are done."""
    cells = "".join(f"<td>{count}</td>" for count in done)
    return (
        f'<tr id="foot" hx-swap-oob="outerMorph"><th scope="row">{escape(_("Ballots done"))}</th>'
        f'<td class="count">{sum(done)}</td>{cells}</tr>'
    )


def _behind(counts: Coverage) -> Part:
    behind = [
        {"name": b.name or b.judge, "done": b.done, "of": ballots(b), "at": b.at}
        for b in counts.behind[:BEHIND]
    ]
    more = max(0, len(counts.behind) - BEHIND)
    key = (tuple(tuple(b.values()) for b in behind), more)
    return Part(
        "behind", key, lambda: html("organiser/parts/behind.html", behind=behind, more=more)
    )


def look_at_spread(event: Event, round_id: str) -> Snapshot:
    """Every proposal with two ballots or more, the widest spread first."""
    with event.database.reading() as conn:
        seq = chain.head(conn).seq
    found = disagreement(event, round_id)
    form = event.definition.form(round_id)

    def draw() -> str:
        low, high = span(form)
        rows = [_spread(event, line, low, high) for line in found]
        return html("organiser/parts/spread.html", low=low, high=high, rows=rows)

    return Snapshot(seq, event.definition.version, [Part("spread", tuple(found), draw)])


def span(form: Form) -> tuple[Decimal, Decimal]:
    """The lowest and the highest that a ballot can come to."""
    counting = [(form.rubric.scale_of(c), c.weight) for c in form.rubric.counting]
    if form.rubric.report == "percent":
        return Decimal(0), Decimal(100)
    if form.rubric.report == "sum":
        low = sum((w * Decimal(scale.min) for scale, w in counting), Decimal(0))
        return low, sum((w * Decimal(scale.max) for scale, w in counting), Decimal(0))
    return min(scale.min for scale, _w in counting), max(scale.max for scale, _w in counting)


def _spread(event: Event, line: Disagreement, low: Decimal, high: Decimal) -> dict[str, object]:
    values = [float(value) for value in line.values]
    (lowest, least), (highest, most) = line.lowest, line.highest
    name = _("{count} ballots from {low} to {high}, mean {mean}").format(
        count=line.ballots, low=least, high=most, mean=line.mean
    )
    apart = least != most
    far = (float(least), float(most)) if apart else ()
    return {
        "title": names.proposal(event.definition, line.proposal).title,
        "apart": apart,
        "chart": strip(values, float(low), float(high), name, far),
        "count": line.ballots,
        "spread": line.spread,
        "low": least,
        "high": most,
        "low_name": names.judge(event.definition, lowest),
        "high_name": names.judge(event.definition, highest),
    }

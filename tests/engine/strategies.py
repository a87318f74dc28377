"""Random small competitions over everything the rules allow: what hypothesis draws, and how it is built."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import strategies as st

from review.model.competition import Competition
from review.model.loaded import LoadedCompetition
from review.model.rubric import Rubric
from review.model.types import scaled
from review.testing import competition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import DrawFn

PROPOSALS = ("p1", "p2", "p3", "p4", "p5", "p6")
JUDGES = ("j1", "j2", "j3", "j4", "j5")
FACTS = {"overtime": 1, "reach": 0, "votes": 2}
STATES = ("missing", "absent", "abstain", "recused")
MARK = {
    "round": pl.String, "proposal": pl.String, "judge": pl.String, "criterion": pl.String,
    "value": pl.Int64, "state": pl.String, "comment": pl.String,
}  # fmt: skip
PLACES = st.none() | st.integers(0, 3)
SCALES = (
    {"min": 0, "max": 10, "step": "0.5"},
    {"min": 1, "max": 5, "decimals": 0},
    {"min": -3, "max": 3, "decimals": 1},
    {"min": -10, "max": -2, "decimals": 0},
    {"min": 0, "max": 30, "decimals": 2},
    {"min": "0.5", "max": "7.25", "decimals": 2},
)
WEIGHTS = ("1", "2", "3", "0.5", "1.25", "30", "17.35")


def build(
    rounds: Sequence[Mapping[str, Any]],
    rubrics: Mapping[str, Rubric],
    rows: Sequence[tuple[Any, ...]],
    proposals: Mapping[str, Mapping[str, str]],
    judges: Sequence[str],
    **rules: Any,
) -> LoadedCompetition:
    """A competition from `[[rounds]]`, the rubric of each round and rows of marks (see `MARK`)."""
    base = competition({}, proposals=dict(proposals))
    document = {
        "format": 1, "id": "c", "proposals": "p.csv", "judges": "j.csv", "rounds": list(rounds),
        **rules,
    }  # fmt: skip
    panel = base.judges.clear().with_columns(pl.lit(None, pl.String).alias("panel"))
    found = pl.DataFrame({"judge": sorted(judges)}, {"judge": pl.String})
    return replace(
        base,
        competition=Competition.model_validate(document),
        rubrics=rubrics,
        judges=pl.concat([panel, found], how="diagonal"),
        marks=pl.DataFrame(list(rows), MARK, orient="row").sort("round", "proposal", "judge", "criterion"),
    )  # fmt: skip


def table(columns: Sequence[str], rows: Sequence[Sequence[str | None]]) -> pl.DataFrame:
    """A frame of text."""
    return pl.DataFrame(list(rows), dict.fromkeys(columns, pl.String), orient="row")


# --------------------------------------------------------------------------------------- rubrics


@st.composite
def scorers(draw: DrawFn, names: Sequence[str]) -> dict[str, Any]:
    """A scorer and its options."""
    name = draw(st.sampled_from(names))
    options: dict[str, Any] = {}
    if name == "trimmed_mean":
        below = {"below": draw(st.sampled_from(["mean", "median", "none"]))}
        least = draw(st.none() | st.integers(0, 1))
        if draw(st.booleans()):
            options = {"share": draw(st.sampled_from(["0.2", "0.25", "0.34", "0.49"])), **below}
            smallest = 1
        else:
            drop = draw(st.integers(0, 2))
            options = {"drop": drop, **below}
            smallest = 2 * drop + 1
        if least is not None:
            options["min_ballots"] = smallest + least
    return {"name": name, **options}


@st.composite
def criteria(draw: DrawFn, report: str) -> list[dict[str, Any]]:
    """Up to four criteria; the first always counts."""
    number = draw(st.integers(1, 4))
    common = draw(st.sampled_from(SCALES))
    found = []
    for i in range(number):
        scale = common if report == "own" else draw(st.sampled_from(SCALES))
        found.append({
            "id": f"c{i}",
            "weight": draw(st.sampled_from(WEIGHTS)),
            "scale": scale,
            "counts": i == 0 or draw(st.integers(0, 3)) > 0,
        })  # fmt: skip
    return found


SCORERS = ("weighted_mean", "trimmed_mean", "median", "majority_judgment", "borda", "z_score")


@st.composite
def rubrics(
    draw: DrawFn,
    *,
    names: Sequence[str] = SCORERS,
    earlier: Sequence[str] = (),
    incomplete: Sequence[str] = ("renormalise", "renormalise", "drop", "refuse"),
) -> Rubric:
    """A rubric; its ties may look at `earlier` rounds."""
    report = draw(st.sampled_from(["own", "sum", "percent"]))
    found = draw(criteria(report))
    tokens = [
        *(f"criterion:{c['id']}" for c in found), "subtotal", "median", "top_marks", "head_to_head",
        "fact:reach", "fact:votes:asc", *(f"score:{r}" for r in earlier),
    ]  # fmt: skip
    chain = draw(st.lists(st.sampled_from(tokens), max_size=3, unique=True))
    ends: list[list[str]] = [[], ["share"], ["lot"], ["refuse"], ["share", "lot"]]
    rounding = {
        stage: places
        for stage in ("mark", "ballot", "criterion", "weighted", "subtotal", "parts", "total")
        if (places := draw(PLACES)) is not None
    }
    return Rubric.model_validate({
        "id": "r",
        "scorer": draw(scorers(names)),
        "order": draw(st.sampled_from(["judge-first", "criterion-first"])),
        "report": report,
        "decimals": draw(st.integers(0, 3)),
        "incomplete": draw(st.sampled_from(incomplete)),
        "rounding": rounding if draw(st.booleans()) else {},
        "ties": [*chain, *draw(st.sampled_from(ends))],
        "criteria": found,
    })  # fmt: skip


# ------------------------------------------------------------------------------------------ marks


def possible(rubric: Rubric, criterion: int) -> list[int]:
    """A few marks of a criterion, its ends among them, as integers: few, so that there are ties."""
    scale = rubric.scale_of(rubric.criteria[criterion])
    unit = 10 ** (rubric.places - scale.places)
    low, high = (int(scaled_at(end, scale.places)) for end in (scale.min, scale.max))
    marks = {low, high, (low + high) // 2, (low + 2 * high) // 3, min(high, low + 1)}
    return sorted(mark * unit for mark in marks)


def scaled_at(end: Decimal, places: int) -> Decimal:
    return end.scaleb(places).to_integral_value(rounding="ROUND_FLOOR")


@st.composite
def marks(
    draw: DrawFn,
    round_id: str,
    rubric: Rubric,
    proposals: Sequence[str],
    judges: Sequence[str],
    *,
    complete: bool = False,
) -> list[tuple[Any, ...]]:
    """Rows of a round's marks: about one in five of them is no number, or no row at all."""
    cells = [(p, j, c) for p in proposals for j in judges for c in range(len(rubric.criteria))]
    kinds = draw(st.lists(st.integers(0, 24), min_size=len(cells), max_size=len(cells)))
    rows = []
    for (proposal, judge, c), kind in zip(cells, kinds, strict=True):
        choices = possible(rubric, c)
        key = (round_id, proposal, judge, rubric.criteria[c].id)
        if complete or kind < 20:
            rows.append((*key, choices[kind % len(choices)], None, None))
        elif kind < 24:
            rows.append((*key, None, STATES[kind - 20], None))
    return rows


# ----------------------------------------------------------------------------------- competitions


@st.composite
def parts(draw: DrawFn, earlier: Sequence[str]) -> list[dict[str, Any]]:
    """What a round's score is made of."""
    sources = ["own", *(f"round:{r}" for r in earlier), "fact:overtime", "fact:reach"]
    chosen = draw(st.lists(st.sampled_from(sources), max_size=3, unique=True))
    times = st.sampled_from(["1", "0.6", "-0.5", "2.25", "-3", "0.333"])
    return [{"from": source, "times": draw(times)} for source in chosen]


@st.composite
def facts(draw: DrawFn, proposals: Sequence[str], rounds: Sequence[str]) -> pl.DataFrame:
    """Facts of some proposals, of any round or of one."""
    rows = []
    for column in FACTS:
        for proposal in proposals:
            for round_id in (None, rounds[0]):
                if draw(st.booleans()):
                    rows.append((round_id, proposal, column, draw(st.integers(-4, 40))))
    schema = {"round": pl.String, "proposal": pl.String, "column": pl.String, "value": pl.Int64}
    return pl.DataFrame(rows, schema, orient="row")


@st.composite
def pairs(draw: DrawFn, proposals: Sequence[str], judges: Sequence[str]) -> list[tuple[str, str]]:
    """A few judges and proposals."""
    pair = st.tuples(st.sampled_from(judges), st.sampled_from(proposals))
    return sorted(set(draw(st.lists(pair, max_size=3))))


@st.composite
def competitions(
    draw: DrawFn,
    *,
    most_rounds: int = 3,
    make_rubric: Callable[..., st.SearchStrategy[Rubric]] = rubrics,
    status: bool = True,
) -> LoadedCompetition:
    """A competition of one to three rounds with everything that may stand in it."""
    proposals = PROPOSALS[: draw(st.integers(1, len(PROPOSALS)))]
    judges = JUDGES[: draw(st.integers(1, len(JUDGES)))]
    names = [f"r{i}" for i in range(draw(st.integers(1, most_rounds)))]
    rounds, found, rows = [], {}, []
    for i, name in enumerate(names):
        earlier = names[:i]
        rubric = draw(make_rubric(earlier=earlier))
        found[name] = rubric
        rows += draw(marks(name, rubric, proposals, judges))
        given: dict[str, Any] = {"id": name, "rubric": "r"}
        if draw(st.booleans()):
            given["parts"] = draw(parts(earlier))
        if draw(st.integers(0, 2)) == 0:
            given["group_by"] = "community"
        if draw(st.integers(0, 4)) == 0:
            given["entrants"] = {"where": {"community": "a"}}
        rounds.append(given)
    attributes = {p: draw(attributes_of(status=status)) for p in proposals}
    loaded = build(rounds, found, rows, attributes, judges, seed=draw(st.integers(0, 9)))
    ties = st.lists(st.sampled_from(proposals), max_size=2, unique=True)
    rulings = [(names[0], p, f"tie:{n}") for n, p in enumerate(draw(ties), 1)]
    asked = draw(pairs(proposals, judges))
    return replace(
        loaded,
        conflicts=table(["judge", "proposal", "reason"], [(*c, None) for c in draw(pairs(proposals, judges))]),
        decisions=table(["round", "proposal", "what", "by", "second", "why"], [(*r, None, None, None) for r in rulings]),
        facts=draw(facts(proposals, names)),
        fact_places=FACTS,
        assignments=table(["round", "judge", "proposal"], [(names[-1], *a) for a in asked]) if draw(st.booleans()) else None,
    )  # fmt: skip


@st.composite
def attributes_of(draw: DrawFn, *, status: bool) -> dict[str, str]:
    """A community, or none; now and then a status."""
    found = {"community": draw(st.sampled_from(["a", "b"]))} if draw(st.integers(0, 5)) else {}
    if status and draw(st.integers(0, 7)) == 0:
        found["status"] = draw(st.sampled_from(["withdrawn", "disqualified", "absent"]))
    return found


__all__ = ["build", "competitions", "marks", "rubrics", "scaled", "table"]

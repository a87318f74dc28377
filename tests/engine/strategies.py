"""Random small competitions over everything the rules allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import strategies as st

from review.model.competition import Competition, Round
from review.model.rubric import Rubric
from review.testing import competition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import DrawFn

    from review.model.loaded import LoadedCompetition

PROPOSALS = ("p1", "p2", "p3", "p4", "p5", "p6")
JUDGES = ("j1", "j2", "j3", "j4", "j5")
FACTS = {"overtime": 1, "reach": 0, "votes": 2}
STATES = ("missing", "absent", "abstain", "recused")
MARK = {
    "round": pl.String, "proposal": pl.String, "judge": pl.String, "criterion": pl.String,
    "value": pl.Int64, "state": pl.String, "comment": pl.String,
}  # fmt: skip
CONFLICT = ("judge", "proposal", "reason")
DECISION = ("round", "proposal", "what", "by", "second", "why")
ASSIGNMENT = ("round", "judge", "proposal")
SCORERS = ("weighted_mean", "trimmed_mean", "median", "majority_judgment", "borda", "z_score")
ENDS: tuple[list[str], ...] = (
    *([], ["share"], ["share"], ["lot"], ["lot"]),
    *(["lot", "refuse"], ["share", "lot"], ["refuse"]),
)


@dataclass(frozen=True)
class Sizes:
    """How large and how fine the numbers of a competition are."""

    scales: Sequence[Mapping[str, Any]]
    weights: Sequence[str]
    times: Sequence[str]
    facts: int
    decimals: int


SMALL = Sizes(
    scales=(
        {"min": 0, "max": 10, "step": "0.5"},
        {"min": 1, "max": 5, "decimals": 0},
        {"min": -3, "max": 3, "decimals": 1},
        {"min": -10, "max": -2, "decimals": 0},
        {"min": 0, "max": 30, "decimals": 2},
        {"min": "0.5", "max": "7.25", "decimals": 2},
    ),
    weights=("1", "2", "3", "0.5", "1.25", "30", "17.35"),
    times=("1", "0.6", "-0.5", "2.25", "-3", "0.333"),
    facts=40,
    decimals=3,
)
LARGE = Sizes(
    scales=(
        {"min": 0, "max": 10, "decimals": 9},
        {"min": -1000000, "max": 1000000, "decimals": 4},
        {"min": 0, "max": 10**9, "decimals": 0},
        {"min": "0.000000001", "max": "123456.789012345", "decimals": 9},
    ),
    weights=("1", "1.0000001", "22.15", "0.000000001", "123456789.123456789", "7919"),
    times=("1", "0.123456789012345678901", "-123456.789", "1e-18", "1e15"),
    facts=10**17,
    decimals=9,
)


def build(
    rounds: Sequence[Mapping[str, Any]],
    rubrics: Mapping[str, Rubric],
    rows: Sequence[tuple[Any, ...]],
    proposals: Mapping[str, Mapping[str, str]],
    judges: Sequence[str],
    **rules: Any,
) -> LoadedCompetition:
    """A competition from `[[rounds]]`, the rubric of each round and rows of marks (see `MARK`).

    The first two judges are on the panel `first`, everybody is on `second`.
    """
    base = competition({}, proposals=dict(proposals))
    document = {
        "format": 1, "id": "c", "proposals": "p.csv", "judges": "j.csv", "rounds": list(rounds),
        **rules,
    }  # fmt: skip
    panels = {j: "first;second" if n < 2 else "second" for n, j in enumerate(judges)}
    columns = dict.fromkeys(base.judges.columns, pl.String)
    people = [{"judge": judge, "panel": panels[judge]} for judge in sorted(judges)]
    return replace(
        base,
        competition=Competition.model_validate(document),
        rubrics=rubrics,
        judges=pl.DataFrame(people, columns),
        marks=pl.DataFrame(list(rows), MARK, orient="row").sort(list(MARK)[:4]),
    )


def staged(loaded: LoadedCompetition, *declared: Mapping[str, Any]) -> LoadedCompetition:
    """The same with other `[[rounds]]`; a round of no rubric has that of the first."""
    rounds = tuple(Round.model_validate({"rubric": "r", **each}) for each in declared)
    first = next(iter(loaded.rubrics.values()))
    return replace(
        loaded,
        competition=loaded.competition.model_copy(update={"rounds": rounds}),
        rubrics={r.id: loaded.rubrics.get(r.id, first) for r in rounds},
    )


def ruled(loaded: LoadedCompetition, *rulings: tuple[str, str, str]) -> LoadedCompetition:
    """The same with decisions of the board: round, proposal, what."""
    rows = [(*ruling, "the board", None, "fair") for ruling in rulings]
    return replace(loaded, decisions=table(DECISION, rows))


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
def criteria(draw: DrawFn, report: str, sizes: Sizes) -> list[dict[str, Any]]:
    """Up to four criteria; the first always counts."""
    number = draw(st.integers(1, 4))
    common = draw(st.sampled_from(sizes.scales))
    found = []
    for i in range(number):
        scale = common if report == "own" else draw(st.sampled_from(sizes.scales))
        found.append({
            "id": f"c{i}",
            "weight": draw(st.sampled_from(sizes.weights)),
            "scale": scale,
            "counts": i == 0 or draw(st.integers(0, 3)) > 0,
        })  # fmt: skip
    return found


@st.composite
def rubrics(draw: DrawFn, *, names: Sequence[str], earlier: Sequence[str], sizes: Sizes) -> Rubric:
    """A rubric; its ties may look at `earlier` rounds."""
    report = draw(st.sampled_from(["own", "sum", "percent"]))
    found = draw(criteria(report, sizes))
    tokens = [
        *(f"criterion:{c['id']}" for c in found), "subtotal", "median", "top_marks", "head_to_head",
        "fact:reach", "fact:votes:asc", *(f"score:{r}" for r in earlier),
    ]  # fmt: skip
    chain = draw(st.lists(st.sampled_from(tokens), max_size=3, unique=True))
    at = st.none() | st.integers(0, sizes.decimals)
    rounding = {
        stage: places
        for stage in ("mark", "ballot", "criterion", "weighted", "subtotal", "parts", "total")
        if (places := draw(at)) is not None
    }
    return Rubric.model_validate({
        "id": "r",
        "scorer": draw(scorers(names)),
        "order": draw(st.sampled_from(["judge-first", "criterion-first"])),
        "report": report,
        "decimals": draw(st.integers(0, sizes.decimals)),
        "incomplete": draw(st.sampled_from([*["renormalise"] * 4, *["drop"] * 3, "refuse"])),
        "rounding": rounding if draw(st.booleans()) else {},
        "ties": [*chain, *draw(st.sampled_from(ENDS))],
        "criteria": found,
    })  # fmt: skip


# ------------------------------------------------------------------------------------------ marks


def possible(rubric: Rubric, criterion: int) -> list[int]:
    """A few marks of a criterion, its ends among them, as integers: few, so that there are ties."""
    scale = rubric.scale_of(rubric.criteria[criterion])
    unit = 10 ** (rubric.places - scale.places)
    low, high = (floor(end.scaleb(scale.places)) for end in (scale.min, scale.max))
    marks = {low, high, (low + high) // 2, (low + 2 * high) // 3, min(high, low + 1)}
    return sorted(mark * unit for mark in marks)


@st.composite
def marks(
    draw: DrawFn,
    round_id: str,
    rubric: Rubric,
    proposals: Sequence[str],
    judges: Sequence[str],
) -> list[tuple[Any, ...]]:
    """Rows of a round's marks: about one in five of them is no number, or no row at all."""
    cells = [(p, j, c) for p in proposals for j in judges for c in range(len(rubric.criteria))]
    kinds = draw(st.lists(st.integers(0, 24), min_size=len(cells), max_size=len(cells)))
    rows: list[tuple[Any, ...]] = []
    for (proposal, judge, c), kind in zip(cells, kinds, strict=True):
        choices = possible(rubric, c)
        key = (round_id, proposal, judge, rubric.criteria[c].id)
        if kind < 20:
            rows.append((*key, choices[kind % len(choices)], None, None))
        elif kind < 24:
            rows.append((*key, None, STATES[kind - 20], None))
    return rows


# ----------------------------------------------------------------------------------- competitions


@st.composite
def parts(draw: DrawFn, earlier: Sequence[str], sizes: Sizes) -> list[dict[str, Any]]:
    """What a round's score is made of."""
    sources = ["own", *(f"round:{r}" for r in earlier), "fact:overtime", "fact:reach"]
    chosen = draw(st.lists(st.sampled_from(sources), max_size=3, unique=True))
    return [{"from": source, "times": draw(st.sampled_from(sizes.times))} for source in chosen]


@st.composite
def facts(
    draw: DrawFn, proposals: Sequence[str], rounds: Sequence[str], sizes: Sizes
) -> pl.DataFrame:
    """Facts of some proposals, of any round or of one."""
    keys = [(r, p, column) for column in FACTS for p in proposals for r in (None, rounds[0])]
    values = st.integers(-4, sizes.facts)
    rows = [(*key, draw(values)) for key in keys if draw(st.booleans())]
    schema = {"round": pl.String, "proposal": pl.String, "column": pl.String, "value": pl.Int64}
    return pl.DataFrame(rows, schema, orient="row")


@st.composite
def pairs(draw: DrawFn, proposals: Sequence[str], judges: Sequence[str]) -> list[tuple[str, str]]:
    """A few judges and proposals."""
    pair = st.tuples(st.sampled_from(judges), st.sampled_from(proposals))
    return sorted(set(draw(st.lists(pair, max_size=3))))


@st.composite
def competitions(
    draw: DrawFn, *, names: Sequence[str] = SCORERS, sizes: Sizes = SMALL, rounds: int = 3
) -> LoadedCompetition:
    """A competition of some rounds with everything that may stand in it."""
    proposals = PROPOSALS[: draw(st.integers(1, len(PROPOSALS)))]
    judges = JUDGES[: draw(st.integers(1, len(JUDGES)))]
    ids = [f"r{i}" for i in range(draw(st.integers(1, rounds)))]
    declared, resolved, rows = [], {}, []
    for i, round_id in enumerate(ids):
        rubric = draw(rubrics(names=names, earlier=ids[:i], sizes=sizes))
        resolved[round_id] = rubric
        found = draw(round_of(round_id, ids[:i], sizes))
        declared.append(found)
        rows += draw(marks(round_id, rubric, proposals, judges[:2] if "panel" in found else judges))
    attributes = {p: draw(attributes_of()) for p in proposals}
    loaded = build(declared, resolved, rows, attributes, judges, seed=draw(st.integers(0, 9)))
    ties = draw(st.lists(st.sampled_from(proposals), max_size=2, unique=True))
    rulings = [(ids[0], p, f"tie:{n}") for n, p in enumerate(ties, 1)]
    apart = [(judge, proposal, None) for judge, proposal in draw(pairs(proposals, judges))]
    asked = [(ids[-1], judge, proposal) for judge, proposal in draw(pairs(proposals, judges))]
    return replace(
        loaded,
        conflicts=table(CONFLICT, apart),
        decisions=table(DECISION, [(*ruling, None, None, None) for ruling in rulings]),
        facts=draw(facts(proposals, ids, sizes)),
        fact_places=FACTS,
        assignments=table(ASSIGNMENT, asked) if draw(st.booleans()) else None,
    )


@st.composite
def round_of(draw: DrawFn, round_id: str, earlier: Sequence[str], sizes: Sizes) -> dict[str, Any]:
    """What `[[rounds]]` says of a round."""
    found: dict[str, Any] = {"id": round_id, "rubric": "r"}
    if draw(st.booleans()):
        found["parts"] = draw(parts(earlier, sizes))
    if draw(st.integers(0, 2)) == 0:
        found["group_by"] = "community"
    if draw(st.integers(0, 4)) == 0:
        found["entrants"] = {"where": {"community": "a"}}
    if draw(st.integers(0, 4)) == 0:
        found["panel"] = "first"
    return found


@st.composite
def attributes_of(draw: DrawFn) -> dict[str, str]:
    """A community, or none; now and then a status."""
    found = {"community": draw(st.sampled_from(["a", "b"]))} if draw(st.integers(0, 5)) else {}
    if draw(st.integers(0, 7)) == 0:
        found["status"] = draw(st.sampled_from(["withdrawn", "disqualified", "absent"]))
    return found

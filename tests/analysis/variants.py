"""Random competitions with shortlists and awards, and random changes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import strategies as st

from review.analysis.comparing.changes import MARK, Change
from review.analysis.comparing.leaving_out import without_criterion
from review.model.competition import AwardPolicy, AwardUse, Round
from review.model.rubric import PartUse
from review.plugin.manager import Plugins
from tests.engine.strategies import SCORERS, competitions

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from review.analysis.comparing.variant import Variant
    from review.model.loaded import LoadedCompetition
    from review.model.result import RoundResult

PLUGINS = Plugins.load()


@st.composite
def contests(draw: DrawFn, scorers: tuple[str, ...] = SCORERS) -> LoadedCompetition:
    """Rounds that go on from each other's shortlists, with quotas, lots, rulings and awards."""
    loaded = draw(competitions(names=scorers))
    declared: list[Round] = []
    for round_ in loaded.competition.rounds:
        listed = Round.model_validate(
            {"id": round_.id, "rubric": "r", "shortlist": draw(st.one_of(st.none(), shortlists()))}
        )
        changed: dict[str, Any] = {"shortlist": listed.shortlist, "panel": None}
        earlier = [r.id for r in declared if r.shortlist is not None]
        goes_on: bool = draw(st.booleans())
        if earlier and goes_on:
            changed["entrants"] = (draw(st.sampled_from(earlier)),)
        declared.append(round_.model_copy(update=changed))
    awards = [
        {"id": f"a{i}", "award": draw(st.sampled_from(["top_score", "category_best"])),
         "round": draw(st.sampled_from([r.id for r in declared])), "count": draw(st.integers(1, 2))}
        for i in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    policy = {
        "one_per": draw(st.none() | st.just("community")),
        "shortlisted": draw(st.booleans()),
        "min_ballots": draw(st.integers(0, 2)),
    }
    competition = loaded.competition.model_copy(
        update={
            "rounds": tuple(declared),
            "awards": tuple(AwardUse.model_validate(award) for award in awards),
            "award_policy": AwardPolicy.model_validate(policy),
        }
    )
    first = declared[0].id
    rulings = [
        (first, p, draw(st.sampled_from(["in", "out"])), None, None, None)
        for p in loaded.proposals["proposal"]
        if draw(st.integers(0, 9)) == 0
    ]
    more = pl.DataFrame(rulings, loaded.decisions.schema, orient="row")
    return replace(loaded, competition=competition, decisions=pl.concat([loaded.decisions, more]))


@st.composite
def shortlists(draw: DrawFn) -> dict[str, Any]:
    """A shortlist rule."""
    rule = draw(st.sampled_from(["top", "top", "top", "share", "threshold"]))
    quotas = st.fixed_dictionaries(
        {"by": st.just("community")}, optional={"max": st.integers(1, 2), "min": st.just(1)}
    )
    found: dict[str, Any] = {
        "rule": rule,
        "line": draw(st.sampled_from(["report", "extend", "chain"])),
        "reserve": draw(st.integers(0, 1)),
    }
    quota = draw(st.none() | quotas)
    if quota is not None and len(quota) > 1:
        found["quotas"] = [quota]
    size: dict[str, dict[str, Any]] = {
        "top": {"size": draw(st.integers(1, 4))},
        "share": {"percent": "40"},
        "threshold": {"min_score": "4"},
    }
    return {**found, **size[rule]}


def changes_of(loaded: LoadedCompetition) -> list[Change]:
    """One change of each kind for everything that there is, and a few scorers."""
    proposals = loaded.proposals.filter(pl.col("status").is_null())["proposal"]
    numbers = loaded.marks.filter(pl.col("value").is_not_null())
    found = [Change(judges=frozenset({j})) for j in loaded.judges["judge"]]
    found += [Change(withdrawn=frozenset({p})) for p in proposals]
    for round_id, rubric in loaded.rubrics.items():
        if len(rubric.counting) > 1:
            found += [
                Change(rubrics={round_id: without_criterion(rubric, c.id)}) for c in rubric.counting
            ]
        found += [
            Change(rubrics={round_id: rubric.model_copy(update={"scorer": PartUse(name=name)})})
            for name in ("median", "borda")
        ]
    moved = numbers.group_by("round", "criterion").agg(pl.col("value").first()).sort("round")
    cells = numbers.join(moved, on=["round", "criterion"]).select(*MARK, "value_right")
    rows = sorted(cells.iter_rows())[:6]
    return [*found, *(Change(marks={row[:4]: row[4]}) for row in rows)]


def told(variant: Variant) -> object:
    """Everything that a variant decides, to compare."""
    if variant.refusal is not None:
        return variant.refusal.code
    return (
        {r: round_told(found) for r, found in variant.rounds.items()},
        [
            (
                a.id,
                [(w.place, w.tier, w.group, w.proposal, w.value) for w in a.winners],
                [(p.proposal, p.value) for p in a.passed_over],
            )
            for a in variant.awards
        ],
    )


def round_told(round_: RoundResult) -> object:
    """Standings and shortlist of a round."""
    lines = [
        (s.proposal, s.group, s.rank, s.score, s.subtotal, s.criteria, s.parts, s.ballots, s.status)
        for s in round_.standings
    ]
    listed = round_.shortlist
    return lines, None if listed is None else [(e.proposal, e.place, e.status) for e in listed]

"""How far the judges of a round agree, and how each of them marks: `review agreement`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from review.analysis.agreement.report import Agreement, Measures, Odd, Profile, RoundAgreement
from review.analysis.crossing import (
    ballots,
    counted_marks,
    criterion_marks,
    ranked,
    whole_rankings,
)
from review.analysis.seeds import seed_of
from review.stats.alpha import LEVELS, alpha
from review.stats.concordance import concordance
from review.stats.generalizability import generalizability
from review.stats.icc import icc
from review.stats.judges import deviations, drifts, likeness, offsets, spreads, use
from review.stats.mixed import fit
from review.stats.threads import on_one_thread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from review.model.result import Result, RoundResult
    from review.model.rubric import Criterion, Rubric
    from review.stats.alpha import Level
    from review.stats.crossed import Crossed
    from review.stats.judges import Drift, Interval, Use
    from review.stats.mixed import Mixed

CONFIDENCE = 0.95
#: A scale of at most this many grades is taken as ordinal for the headline alpha.
FEW_GRADES = 7
#: The odd marks of a round that are listed; how many there are is told beside them.
LISTED = 50


@on_one_thread
def agreement(result: Result, round_id: str | None = None) -> Agreement:
    """Agreement in every round or in one (KeyError where it was not run)."""
    rounds = result.rounds if round_id is None else (result.round(round_id),)
    return Agreement(
        result.competition,
        result.title,
        result.content,
        result.rules,
        tuple(_round(result, each) for each in rounds),
    )


def _round(result: Result, round_: RoundResult) -> RoundAgreement:
    whole = ballots(result, round_.id)
    rubric = round_.rubric
    seed = seed_of(result, "agreement", round_.id)
    if whole is None:
        order = whole_rankings(result, round_.id)
        orders = None if order is None else concordance(order, seed=seed)
        compared = result.source.competition.round(round_.id).compared
        return RoundAgreement(round_.id, round_.title, None, orders=orders, compared=compared)
    fitted = fit(whole)
    overall = _measures(whole, fitted, None, rubric, seed)
    odd = list(_odd(whole, fitted, None)) if overall.icc else []
    looked_at = len(whole) if overall.icc else 0
    criteria = []
    for criterion in rubric.criteria:
        marks = criterion_marks(result, round_.id, criterion.id)
        if marks is None:
            continue
        of_marks = fit(marks)
        measures = _measures(marks, of_marks, criterion, rubric, seed)
        criteria.append(measures)
        if measures.icc and len(rubric.criteria) > 1:
            odd += _odd(marks, of_marks, criterion.id)
            looked_at += len(marks)
    odd.sort(key=lambda each: -abs(each.z))
    moments = _moments(result, round_.id, whole)
    return RoundAgreement(
        id=round_.id,
        title=round_.title,
        overall=overall,
        criteria=tuple(criteria),
        judges=tuple(_profiles(result, round_, whole, fitted, moments)),
        revisit=tuple(odd[:LISTED]),
        odd=len(odd),
        looked_at=looked_at,
        timed=int(np.isfinite(moments).sum()),
    )


def _measures(
    crossed: Crossed, fitted: Mixed, criterion: Criterion | None, rubric: Rubric, seed: int
) -> Measures:
    return Measures(
        criterion=criterion.id if criterion else None,
        title=criterion.title if criterion else {},
        proposals=len(crossed.proposals),
        judges=len(crossed.judges),
        values=len(crossed),
        complete=crossed.is_complete,
        parts=fitted.parts,
        reach=_reach(rubric, criterion),
        icc=icc(crossed, fitted, level=CONFIDENCE),
        alpha_level=_level(rubric, criterion),
        alpha={level: alpha(crossed, level) for level in LEVELS},
        concordance=concordance(crossed, seed=seed),
        generalizability=generalizability(crossed, fitted),
    )


def _level(rubric: Rubric, criterion: Criterion | None) -> Level:
    """Marks are weighed and averaged as numbers; a few grades are an order above all."""
    if criterion is None:
        return "interval"
    scale = rubric.scale_of(criterion)
    step = scale.step or (1 if scale.places == 0 else None)
    few = step is not None and (scale.max - scale.min) / step < FEW_GRADES
    return "ordinal" if few else "interval"


def _reach(rubric: Rubric, criterion: Criterion | None) -> float:
    """From the bottom to the top of what a mark, or a ballot in all, can be."""
    if criterion is not None:
        scale = rubric.scale_of(criterion)
        return float(scale.max - scale.min)
    if rubric.report == "percent":
        return 100.0
    scales = [(c.weight, rubric.scale_of(c)) for c in rubric.counting]
    if rubric.report == "sum":
        return float(sum(weight * (scale.max - scale.min) for weight, scale in scales))
    return float(scales[0][1].max - scales[0][1].min)


def _profiles(
    result: Result,
    round_: RoundResult,
    whole: Crossed,
    fitted: Mixed,
    moments: NDArray[np.float64],
) -> Iterator[Profile]:
    names = dict(result.source.judges.select("judge", "name").iter_rows())
    alone = len(whole.judges) < 2 or len(whole) == len(whole.proposals)  # noqa: PLR2004
    compared: Sequence[Interval | None] = [None] * len(whole.judges)
    drift: Sequence[Drift | None] = compared  # type: ignore[assignment]
    if not alone:
        compared = offsets(whole, fitted, level=CONFIDENCE)
        residual = deviations(whole, fitted).residual
        drift = drifts(whole, residual, moments, level=CONFIDENCE)
    uses = _uses(result, round_)
    alike, spread = likeness(whole), spreads(whole)
    for j, judge in enumerate(whole.judges):
        yield Profile(
            judge=judge,
            name=names.get(judge),
            ballots=int(whole.by_judge[j]),
            offset=compared[j],
            spread=spread[j],
            correlation=alike[j][0],
            shared=alike[j][1],
            use=uses.get(judge),
            drift=drift[j],
        )


def _uses(result: Result, round_: RoundResult) -> dict[str, Use]:
    """Each judge's use of the scale, over all criteria of proposals that are ranked."""
    bounds = {c.id: round_.rubric.scale_of(c) for c in round_.rubric.criteria}
    scales = pl.DataFrame(
        {
            "criterion": list(bounds),
            "least": [float(scale.min) for scale in bounds.values()],
            "most": [float(scale.max) for scale in bounds.values()],
        }
    )
    value = pl.col("value") / 10 ** result.trace(round_.id).mark_places
    marks = (
        counted_marks(result, round_.id)
        .filter(pl.col("proposal").is_in(ranked(result, round_.id)))
        .join(scales, on="criterion")
        .select("judge", position=(value - pl.col("least")) / (pl.col("most") - pl.col("least")))
    )
    return {
        str(judge): use(part["position"].to_numpy())
        for (judge,), part in marks.sort("judge").group_by("judge", maintain_order=True)
    }


def _moments(result: Result, round_id: str, whole: Crossed) -> NDArray[np.float64]:
    """When each ballot was last marked, in seconds; NaN where nobody knows."""
    found = np.full(len(whole), np.nan)
    times = result.source.times
    if times is None:
        return found
    last = times.filter(pl.col("round") == round_id).group_by("proposal", "judge").agg(
        pl.col("at").max().dt.timestamp("us") / 1_000_000
    )  # fmt: skip
    known = {(proposal, judge): at for proposal, judge, at in last.iter_rows()}
    for row, (p, j) in enumerate(zip(whole.proposal.tolist(), whole.judge.tolist(), strict=True)):
        found[row] = known.get((whole.proposals[p], whole.judges[j]), np.nan)
    return found


def _odd(crossed: Crossed, fitted: Mixed, criterion: str | None) -> Iterator[Odd]:
    """The marks that stand out, the oddest first."""
    found = deviations(crossed, fitted)
    for row in found.unusual().tolist():
        p, j = int(crossed.proposal[row]), int(crossed.judge[row])
        same = np.flatnonzero((crossed.proposal == p) & (crossed.judge != j)).tolist()
        others = {crossed.judges[crossed.judge[other]]: other for other in same}
        value = float(crossed.value[row])
        yield Odd(
            proposal=crossed.proposals[p],
            judge=crossed.judges[j],
            criterion=criterion,
            value=value,
            expected=value - float(found.residual[row]),
            z=float(found.z[row]),
            others=tuple((g, float(crossed.value[others[g]])) for g in sorted(others)),
        )

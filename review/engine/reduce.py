"""Handing values to a scorer: one score per cell, as an exact fraction."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from review.engine.combine import collect
from review.engine.exact import guard, largest
from review.messages import Message
from review.model.problem import Problem, error, warning
from review.plugin.columns import Held, Listed, names_of
from review.plugin.comparing import RankingScorer, by_value
from review.plugin.parts import Field, FieldScorer, FieldScores, Keys, Scorer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.engine.rules import RoundRules

FIELD = ("round", "group")


def keys_of(*more: str) -> Keys:
    """The keys of a scorer's cells: round, group and proposal, and `more` (the criterion)."""
    return Keys(cell=(*FIELD, *more, "proposal"), field=(*FIELD, *more))


def reduce_values(
    values: pl.DataFrame,
    keys: Keys,
    rules: RoundRules,
    units: Mapping[str, int],
    problems: list[Problem],
) -> pl.DataFrame:
    """The score of each cell: `keys.cell`, `num`, `den` (Int64), and `finer` if the scorer gave it.

    `values`: `keys.cell`, `judge`, `value` (Int64, 1/`units[round]`). `rules` are those of one
    round of the shape.
    """
    scorer = rules.scorer
    if isinstance(scorer, FieldScorer):
        return _by_field(values, keys, scorer, units, problems)
    if isinstance(scorer, RankingScorer):
        return _by_order(values, keys, scorer, problems)
    return _by_frame(values, keys, scorer, units)


def _by_frame(
    values: pl.DataFrame, keys: Keys, scorer: Scorer, units: Mapping[str, int]
) -> pl.DataFrame:
    most = max(values.group_by(keys.cell).len()["len"], default=0)
    factor, den = scorer.bound(most)
    stage = _stage_of(keys)
    guard(stage, {r: v * factor for r, v in largest(values, "value").items()})
    columns = [*keys.cell, "judge", "value"]
    lazy = nw.from_native(values.select(columns).lazy())
    scored = _exact(collect(scorer.score(lazy, keys)), keys)
    if scorer.unit == "points":
        return scored
    guard(stage, {r: den * unit for r, unit in units.items()})
    unit = pl.col("round").replace_strict(dict(units), return_dtype=pl.Int64)
    return scored.with_columns(den=pl.col("den") * unit)


def _exact(scored: pl.DataFrame, keys: Keys) -> pl.DataFrame:
    """`keys.cell`, `num`, `den` of what a scorer gave; refused where that is no exact fraction."""
    lacking = [name for name in (*keys.cell, "num", "den") if name not in scored.columns]
    if lacking:
        msg = f"score() gave no column {', '.join(lacking)}"
        raise TypeError(msg)
    for name in ("num", "den"):
        if not scored.schema[name].is_integer():
            msg = f"score() gave `{name}` as {scored.schema[name]}; a score is exact: whole numbers"
            raise TypeError(msg)
    if (scored["den"] <= 0).any():
        msg = "score() gave a `den` that is not above 0"
        raise ValueError(msg)
    return scored.select(*keys.cell, pl.col("num", "den").cast(pl.Int64))


def _by_field(
    values: pl.DataFrame,
    keys: Keys,
    scorer: FieldScorer,
    units: Mapping[str, int],
    problems: list[Problem],
) -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    frames: list[pl.DataFrame] = []
    finer = False
    for field_key, part in sorted(values.partition_by(keys.field, as_dict=True).items()):
        unit = units[str(field_key[0])]
        found = scorer.score_field(_field(part, unit))
        finer = finer or found.finer is not None
        over = 1 if scorer.unit == "points" else unit
        if isinstance(found.scores, Held) and found.finer is None:
            _tell(found, str(field_key[0]), problems)
            frames.append(_held_rows(found.scores, keys, field_key, over))
        else:
            rows.extend(score_rows(found, keys, field_key, over, problems))
    return pl.concat([score_frame(rows, keys, finer=finer), *frames], how="diagonal")


def _field(part: pl.DataFrame, unit: int) -> Field:
    """The values of one field, sorted: by codes, which is faster and is what arrays want."""
    coded = [part[name].cast(names_of(part[name])) for name in ("proposal", "judge")]
    ordered = part.select("value").with_columns(*coded).sort("proposal", "judge")
    proposals, judges, values = (Listed(ordered[name]) for name in ("proposal", "judge", "value"))
    return Field(proposals, judges, values, unit)


def _held_rows(held: Held, keys: Keys, field_key: Sequence[object], unit: int) -> pl.DataFrame:
    """The rows of `score_frame` of one field, without an object for each score."""
    times = Fraction(held.unit, unit)
    den = 10**held.places * times.denominator
    guard(_stage_of(keys), {str(field_key[0]): max(held.top * times.numerator, den)})
    named = {name: pl.lit(value) for name, value in zip(keys.field, field_key, strict=True)}
    columns = {"proposal": pl.Series(held.proposals, dtype=pl.String), "num": held.numbers}
    return pl.DataFrame(columns).select(
        **{name: named.get(name, pl.col("proposal")) for name in keys.cell},
        num=pl.col("num") * times.numerator,
        den=pl.lit(den, pl.Int64),
    )


def _by_order(
    values: pl.DataFrame, keys: Keys, scorer: RankingScorer, problems: list[Problem]
) -> pl.DataFrame:
    """Each judge's values as a ranking of their proposals."""
    rows: list[tuple[object, ...]] = []
    finer = False
    for field_key, part in values.sort(keys.field).group_by(keys.field, maintain_order=True):
        found = scorer.score_rankings(
            part["proposal"].unique().sort().to_list(),
            by_value(*(part[name].to_list() for name in ("proposal", "judge", "value"))),
        )
        finer = finer or found.finer is not None
        rows.extend(score_rows(found, keys, field_key, 1, problems))
    return score_frame(rows, keys, finer=finer)


def score_rows(
    found: FieldScores, keys: Keys, field_key: Sequence[object], unit: int, problems: list[Problem]
) -> list[tuple[object, ...]]:
    """The scores of one field, in 1/`unit`, as rows of `score_frame`; what it tells is added."""
    round_id = str(field_key[0])
    _tell(found, round_id, problems)
    guard(_stage_of(keys), {round_id: _largest_part(found, unit)})
    return _fractions(found, field_key, unit)


def score_frame(rows: Sequence[tuple[object, ...]], keys: Keys, *, finer: bool) -> pl.DataFrame:
    """`keys.cell`, `num`, `den` (Int64), and `finer` where a scorer gave it."""
    schema = {
        **dict.fromkeys(keys.cell, pl.String),
        **dict.fromkeys(("num", "den", "finer"), pl.Int64),
    }
    frame = pl.DataFrame(rows, schema, orient="row", strict=True)
    return frame if finer else frame.drop("finer")


def _tell(found: FieldScores, round_id: str, problems: list[Problem]) -> None:
    problems.extend(warning(_in_round(w, round_id)) for w in found.warnings)
    if found.refusal is not None:
        problems.append(error(_in_round(found.refusal, round_id)))


def _in_round(message: Message, round_id: str) -> Message:
    return Message("in_round", {"round": round_id, "message": message})


def _stage_of(keys: Keys) -> str:
    return "criterion" if "criterion" in keys.cell else "subtotal"


def _largest_part(found: FieldScores, unit: int) -> int:
    """The largest numerator or denominator."""
    floats = sorted(p for p, score in found.scores.items() if isinstance(score, float))
    if floats:
        msg = f"score_field() gave a float for {floats[0]}; a score is an int, Fraction or Decimal"
        raise TypeError(msg)
    exact = [Fraction(score) / unit for score in found.scores.values()]
    return max((max(abs(e.numerator), e.denominator) for e in exact), default=0)


def _fractions(
    found: FieldScores, field_key: Sequence[object], unit: int
) -> list[tuple[object, ...]]:
    finer = found.finer or {}
    rows = []
    for proposal, score in found.scores.items():
        exact = Fraction(score) / unit
        rows.append((*field_key, proposal, exact.numerator, exact.denominator, finer.get(proposal)))
    return rows

"""Using a part as the core does, on plain dicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import polars as pl

from review.errors import DataError, ReviewError
from review.model.types import scaled
from review.pipeline import derive
from review.plugin.comparing import RankingScorer, by_value
from review.plugin.installed import PluginInfo
from review.plugin.kinds import Kind
from review.plugin.manager import Plugins
from review.plugin.parts import Entrant, Field, FieldScorer, Keys, RoundContext, Scorer
from review.stats.crossed import Crossed
from review.testing.build import ROUND, Number, competition, exact, places_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from review.model.loaded import LoadedCompetition
    from review.model.result import AwardResult, PassedOver, Result, Winner
    from review.plugin.parts import Award, Choice, FieldScores, Part, ShortlistRule

KEYS = Keys(cell=("round", "group", "proposal"), field=("round", "group"))
EVERYBODY = 1000

Scores = Mapping[str, Any]
"""proposal → score, or proposal → judge → mark as in `competition`."""

Facts = Mapping[str, Mapping[str, Number]]
"""fact → proposal → value."""

Values = Mapping[str, Mapping[str, Mapping[str, Number]]]
"""round → proposal → judge → value."""


def run(loaded: LoadedCompetition, *parts: type[Part]) -> Result:
    """The result of a competition with the installed plugins.

    Each of `parts` is added, in place of an installed one of the same id, so that it is tested as
    it stands, installed or not. Raises DataError where the competition cannot be scored.
    """
    plugins = Plugins.load()
    for part in parts:
        plugins = plugins.with_part(kind_of(part), part, info_of(part))
    result = derive(loaded, plugins, {})
    errors = [problem for problem in result.problems if problem.is_error]
    if errors:
        raise DataError(errors[0].message, errors)
    return result


def kind_of(part: type[Part]) -> Kind:
    """Of which kind a part is; raises TypeError where it is of none."""
    for kind in Kind:
        if issubclass(part, kind.bases):
            return kind
    raise TypeError(f"{part.__qualname__} is no scorer, rule, award, reader or exporter of review")


def info_of(part: type[Part]) -> PluginInfo:
    """Who messages name while a part is tested."""
    return PluginInfo(part.__module__, None, "under test", None)


def run_award(
    award: type[Award],
    scores: Scores,
    *,
    facts: Facts | None = None,
    options: Mapping[str, Any] | None = None,
    **rules: Any,
) -> list[str]:
    """Who wins, in the order of their places.

    `scores` are those of the round by proposal (or marks by judge), `options` the award's own.
    `rules` are further keys as in `competition`, and `count`, the number of prizes (default 1).
    """
    uses = {"count": rules.pop("count", 1), "options": dict(options or {})}
    return [winner.proposal for winner in _given(award, scores, uses, facts, rules).winners]


def award_values(
    award: type[Award],
    scores: Scores,
    *,
    facts: Facts | None = None,
    options: Mapping[str, Any] | None = None,
    **rules: Any,
) -> dict[str, Decimal | None]:
    """The value of each proposal as it is published and ranked; None is not eligible.

    Arguments as of `run_award`.
    """
    uses = {"count": EVERYBODY, "options": dict(options or {})}
    given = _given(award, scores, uses, facts, rules)
    return {each.proposal: each.value for each in sorted_by_proposal(given)}


def sorted_by_proposal(given: AwardResult) -> list[Winner | PassedOver]:
    """Winners and those passed over, by proposal."""
    return sorted([*given.winners, *given.passed_over], key=lambda each: each.proposal)


def _given(
    award: type[Award],
    scores: Scores,
    use: Mapping[str, Any],
    facts: Facts | None,
    rules: Mapping[str, Any],
) -> AwardResult:
    marks = {p: s if isinstance(s, Mapping) else {"judge": s} for p, s in scores.items()}
    uses = [{"id": "award", "award": award.id, "round": ROUND, **use}]
    (given,) = run(competition(marks, facts=facts, awards=uses, **rules), award).awards
    return given


def score(
    scorer: type[Scorer | FieldScorer | RankingScorer],
    marks: Mapping[str, Mapping[str, Number]],
    *,
    options: Mapping[str, Any] | None = None,
) -> dict[str, Fraction]:
    """The exact score of each proposal from the marks of its judges; who is left out has none.

    Raises ReviewError with the scorer's reason where it refuses.
    """
    return score_rounds(scorer(options), {ROUND: marks})[ROUND]


def score_rounds(
    scorer: Scorer | FieldScorer | RankingScorer, values: Values
) -> dict[str, dict[str, Fraction]]:
    """The scores of several rounds, handed to the scorer together as the core does."""
    numbers = [
        exact(v) for given in values.values() for row in given.values() for v in row.values()
    ]
    places = places_of(numbers)
    rows = [
        (round_id, "", proposal, judge, scaled(exact(value), places))
        for round_id, given in values.items()
        for proposal, row in given.items()
        for judge, value in row.items()
    ]
    unit = 10**places if scorer.unit == "mark" else 1
    found = (
        _frames(scorer, rows) if isinstance(scorer, Scorer) else _fields(scorer, rows, 10**places)
    )
    scores: dict[str, dict[str, Fraction]] = {round_id: {} for round_id in values}
    for round_id, proposal, value in found:
        scores[round_id][proposal] = value / unit
    return scores


_Row = tuple[str, str, str, str, int]
_Scored = Iterable[tuple[str, str, Fraction]]


def values_frame(rows: Sequence[_Row]) -> pl.DataFrame:
    """`round`, `group`, `proposal`, `judge`, `value` as a scorer is handed them."""
    names = dict.fromkeys((*KEYS.cell, "judge"), pl.String)
    return pl.DataFrame(rows, {**names, "value": pl.Int64}, orient="row")


def _frames(scorer: Scorer, rows: Sequence[_Row]) -> _Scored:
    answer = scorer.score(nw.from_native(values_frame(rows).lazy()), KEYS)
    columns = answer.select("round", "proposal", "num", "den").collect("polars").to_native()
    for round_id, proposal, num, den in columns.iter_rows():
        yield round_id, proposal, Fraction(num, den)


def _fields(scorer: FieldScorer | RankingScorer, rows: Sequence[_Row], unit: int) -> _Scored:
    for round_id in dict.fromkeys(row[0] for row in rows):
        mine = sorted(row for row in rows if row[0] == round_id)
        proposals, judges, values = ([row[i] for row in mine] for i in (2, 3, 4))
        found = _asked(scorer, Field(proposals, judges, values, unit))  # type: ignore[arg-type]
        if found.refusal is not None:
            raise ReviewError(found.refusal)
        for proposal, value in found.scores.items():
            yield round_id, proposal, Fraction(value)


def _asked(scorer: FieldScorer | RankingScorer, field: Field) -> FieldScores:
    if isinstance(scorer, FieldScorer):
        return scorer.score_field(field)
    rankings = by_value(field.proposals, field.judges, field.values)
    return scorer.score_rankings(sorted(set(field.proposals)), rankings)


def select(  # noqa: PLR0913 -- all that a rule is handed
    rule: type[ShortlistRule],
    scores: Mapping[str, Number],
    *,
    options: Mapping[str, Any] | None = None,
    line: str = "report",
    attributes: Mapping[str, Mapping[str, str | None]] | None = None,
    rulings: Mapping[str, Literal["in", "out"]] | None = None,
    ballots: Mapping[str, Mapping[str, Number]] | None = None,
    seed: str | None = None,
) -> dict[str, Choice]:
    """What a rule says of each proposal, best first.

    `attributes` by proposal; `rulings`: what people decided, by proposal. `ballots`: by proposal
    and judge, for a rule that wants them; `seed`: the competition's.
    """
    field = entrants(scores, attributes or {}, rulings or {})
    made = rule(options, line)
    return dict(made.select_in(field, context_of(made, ballots, seed)).choices)


def context_of(
    rule: ShortlistRule, ballots: Mapping[str, Mapping[str, Number]] | None, seed: str | None
) -> RoundContext:
    """The round that a rule is told of, with ballots where it wants them and there are some."""
    if not ballots or not rule.wants_ballots:
        return RoundContext(ROUND, seed=seed)
    rows = [(p, judge, float(exact(value)))
            for p, given in ballots.items() for judge, value in given.items()]  # fmt: skip
    proposals, judges, values = zip(*rows, strict=True)
    return RoundContext(ROUND, seed=seed, ballots=Crossed.of(proposals, judges, values))


def entrants(
    scores: Mapping[str, Number],
    attributes: Mapping[str, Mapping[str, str | None]],
    rulings: Mapping[str, Literal["in", "out"]],
) -> list[Entrant]:
    """Entrants in rank order, equal scores sharing a rank (1-2-2-4)."""
    ordered = sorted(((-exact(value), proposal) for proposal, value in scores.items()))
    values = [value for value, _ in ordered]
    return [
        Entrant(
            proposal=proposal,
            rank=values.index(value) + 1,
            score=-value,
            attributes=attributes.get(proposal, {}),
            ruling=rulings.get(proposal),
        )
        for value, proposal in ordered
    ]

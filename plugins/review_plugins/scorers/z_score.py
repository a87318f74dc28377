"""Marks taken relative to each judge's own mean and spread."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

from review import FieldScorer, FieldScores, Message, Options

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from review import Field

DIGITS = 60
EXACT = 30
PLACES = 6

_DISCONNECTED = {
    "en": "z_score cannot compare proposals that no chain of judges connects: {parts}. "
    "Use trimmed_mean, or let some judges mark in both",
    "zh-Hans": "z_score 无法比较没有任何评委把它们联系起来的项目：{parts}。"
    "请改用 trimmed_mean，或让部分评委同时评两边",
}
_CONSTANT = {
    "en": "z_score cannot scale the marks of {judges}, who gave every proposal the same",
    "zh-Hans": "z_score 无法标准化评委 {judges} 的打分：其给所有项目的分数都相同",
}
_FEW = {
    "en": "z_score on fewer than {least} proposals a judge is mostly noise: {judges}",
    "zh-Hans": "评委所评项目不足 {least} 个时，z_score 的结果多半是噪声：{judges}",
}
_DIFFERENT = {
    "en": "the judges did not all mark the same proposals: "
    "z_score treats a judge of strong proposals as lenient",
    "zh-Hans": "各评委所评的项目并不相同：z_score 会把评到优秀项目的评委当作打分偏松",
}


class ZScoreOptions(Options):
    """`least`: below this many proposals a judge's mean and spread are told to be noise."""

    least: int = 8


class ZScore(FieldScorer):
    """The mean over judges of (mark - the judge's mean) ÷ the judge's standard deviation.

    Brought back to the scale by the mean and standard deviation of all marks of the field;
    deviations have n - 1 in the denominator. Held to six decimals before anything is ranked.
    Refused where the judge-proposal graph is not connected or a judge gave everybody the same; a
    warning where judges saw few or different proposals: then it punishes judges for having been
    given strong ones.
    """

    id = "z_score"
    title = {"en": "Mean of z-scores", "zh-Hans": "标准分（z 分数）平均"}
    Options = ZScoreOptions

    def score_field(self, field: Field) -> FieldScores:
        """ȳ + s · mean over judges of z."""
        ballots = field.by_judge()
        refusal = _refusal(ballots)
        if refusal is not None:
            return FieldScores({}, refusal=refusal)
        mean, spread = _moments(field.values)
        shares: dict[str, list[Decimal]] = {}
        with localcontext(prec=DIGITS):
            for ballot in ballots.values():
                for proposal, z in _standardised(ballot).items():
                    shares.setdefault(proposal, []).append(z)
            scores = {
                p: _held((_decimal(mean) + spread * sum(sorted(z)) / len(z)) / field.unit)
                for p, z in shares.items()
            }
        scores = {p: score * field.unit for p, score in scores.items()}
        return FieldScores(scores, warnings=self._warnings(ballots))

    def _warnings(self, ballots: Mapping[str, Mapping[str, int]]) -> list[Message]:
        warnings = []
        few = sorted(judge for judge, ballot in ballots.items() if len(ballot) < self.options.least)
        if few:
            warnings.append(
                Message("z_score_few", {"least": self.options.least, "judges": few}, _FEW)
            )
        if len({frozenset(ballot) for ballot in ballots.values()}) > 1:
            warnings.append(Message("z_score_different", {}, _DIFFERENT))
        return warnings


def _refusal(ballots: Mapping[str, Mapping[str, int]]) -> Message | None:
    parts = _connected(ballots.values())
    if len(parts) > 1:
        return Message(
            "z_score_disconnected",
            {"parts": [f"({', '.join(sorted(p)[:5])})" for p in parts]},
            _DISCONNECTED,
        )
    constant = sorted(judge for judge, ballot in ballots.items() if len(set(ballot.values())) == 1)
    if constant:
        return Message("z_score_constant", {"judges": constant}, _CONSTANT)
    return None


def _connected(ballots: Iterable[Collection[str]]) -> list[set[str]]:
    """The proposals in sets that some chain of judges connects."""
    parts: list[set[str]] = []
    for ballot in ballots:
        joined = set(ballot)
        apart = []
        for part in parts:
            if part & joined:
                joined |= part
            else:
                apart.append(part)
        parts = [*apart, joined]
    return sorted(parts, key=min)


def _moments(values: Collection[int]) -> tuple[Fraction, Decimal]:
    """Mean, and standard deviation to `DIGITS` digits."""
    mean = Fraction(sum(values), len(values))
    square = Fraction(sum(v * v for v in values)) - mean * mean * len(values)
    with localcontext(prec=DIGITS):
        return mean, _decimal(square / (len(values) - 1)).sqrt()


def _held(value: Decimal) -> Fraction:
    """At `PLACES`, halves away from zero; first at more, so that a half is one after all roots."""
    known = value.quantize(Decimal(1).scaleb(-EXACT), ROUND_HALF_UP)
    return Fraction(known.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _standardised(ballot: Mapping[str, int]) -> dict[str, Decimal]:
    mean, spread = _moments(ballot.values())
    return {proposal: _decimal(value - mean) / spread for proposal, value in ballot.items()}

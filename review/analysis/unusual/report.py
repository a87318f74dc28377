"""What `review unusual` reports, and how that stands in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.analysis.agreement.report import shown
from review.analysis.unusual.words import attribute_of, sentences_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.analysis.unusual.words import Finding
    from review.messages import Message

SCHEMA = 1
LEVEL = 0.05
"""The share of chance findings among what is told that is put up with."""
_SAME = 1 + 1e-9


@dataclass(frozen=True)
class Odds:
    """A p-value, the same adjusted for all tests of the report, and how it was come by.

    `by`: "t" (Student's), "exact" (all `deals` counted), "drawn" (so many `deals` drawn) or "tails"
    (the product of two independent tests). `least`: the smallest p there can be, where few deals
    set one.
    """

    p: float
    adjusted: float
    by: str
    deals: int | None = None
    least: float | None = None

    @property
    def unusual(self) -> bool:
        """Whether this is told as unusual."""
        return self.adjusted <= LEVEL

    @property
    def out_of_reach(self) -> bool:
        """Whether this is as unlikely as it can be and still not told as unusual."""
        return not self.unusual and self.least is not None and self.p <= self.least * _SAME

    def to_json(self) -> dict[str, object]:
        """As it stands in the report; to three digits, since small numbers are the point."""
        return {
            "p": _digits(self.p),
            "p_adjusted": _digits(self.adjusted),
            "unusual": self.unusual,
            "by": self.by,
            "deals": self.deals,
        }


@dataclass(frozen=True)
class Mark:
    """A ballot far from what was to be expected, all in marks but for `deviations`.

    `others`: lowest, mean and highest of what `count` others gave the proposal. `expected`: of this
    judge, from all other ballots. `residual`: that of the mixed model. `deviations`: the same in
    standard deviations, estimated without this ballot.
    """

    judge: str
    called: str
    proposal: str
    title: Mapping[str, str]
    ballot: float
    count: int
    others: tuple[float, float, float]
    expected: float
    residual: float
    deviations: float
    odds: Odds

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        low, mean, high = map(shown, self.others)
        return {
            "judge": self.judge,
            "proposal": self.proposal,
            "title": dict(self.title),
            "ballot": shown(self.ballot),
            "others": {"count": self.count, "low": low, "mean": mean, "high": high},
            "expected": shown(self.expected),
            "residual": shown(self.residual),
            "deviations": shown(self.deviations),
            **self.odds.to_json(),
        }


@dataclass(frozen=True)
class Pair:
    """How alike two judges mark, apart from what the proposals explain."""

    judges: tuple[str, str]
    called: tuple[str, str]
    shared: int
    correlation: float
    by_chance: float
    odds: Odds

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "judges": list(self.judges),
            "shared": self.shared,
            "correlation": shown(self.correlation),
            "by_chance": shown(self.by_chance),
            **self.odds.to_json(),
        }


@dataclass(frozen=True)
class Kin:
    """How much more a judge (None: all together) gave proposals of the same `attribute`.

    `attribute`: the column of judges and that of proposals. `effect`, `low`, `high`: in marks, with
    a 95 % interval.
    """

    judge: str | None
    called: str | None
    attribute: tuple[str, str]
    own: int
    others: int
    effect: float
    low: float
    high: float
    odds: Odds

    @property
    def shared(self) -> Message:
        """What is the same, in words."""
        return attribute_of(self.attribute)

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "judge": self.judge,
            "attribute": {"judge": self.attribute[0], "proposal": self.attribute[1]},
            "own": self.own,
            "others": self.others,
            "effect": shown(self.effect),
            "low": shown(self.low),
            "high": shown(self.high),
            **self.odds.to_json(),
        }


@dataclass(frozen=True)
class Group:
    """Judges who rise and fall together: the most closely bound group of the round."""

    judges: tuple[str, ...]
    called: tuple[str, ...]
    correlation: float
    by_chance: float
    odds: Odds

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "judges": list(self.judges),
            "correlation": shown(self.correlation),
            "by_chance": shown(self.by_chance),
            **self.odds.to_json(),
        }


@dataclass(frozen=True)
class Returned:
    """What two judges with entries gave each other's beyond what was to be expected, in marks."""

    judges: tuple[str, str]
    called: tuple[str, str]
    to_second: float
    to_first: float
    odds: Odds

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "judges": list(self.judges),
            "to_second": shown(self.to_second),
            "to_first": shown(self.to_first),
            **self.odds.to_json(),
        }


@dataclass(frozen=True)
class RoundUnusual:
    """What is unusual in one round.

    `tests` of this round; `far` of the `tested` ballots lie beyond three standard deviations, where
    chance alone gives `far_by_chance`; `detectable`: how far off a single ballot would have to be,
    in marks, to be told. `marks` are those that are far or unusual, the furthest first; `pairs`
    and `affinity` all that were tested (the least likely 200). `unlooked`: why there was nothing to
    look at, `untested`: what was left out, and why.
    """

    id: str
    title: Mapping[str, str]
    tests: int = 0
    tested: int = 0
    far: int = 0
    far_by_chance: float = 0.0
    detectable: float | None = None
    spread: float | None = None
    marks: tuple[Mark, ...] = ()
    pairs: tuple[Pair, ...] = ()
    affinity: tuple[Kin, ...] = ()
    groups: tuple[Group, ...] = ()
    favours: tuple[Returned, ...] = ()
    unlooked: Message | None = None
    untested: tuple[Message, ...] = ()

    @property
    def found(self) -> int:
        """How many tests show something unusual."""
        every: tuple[Finding, ...] = (
            *self.marks,
            *self.pairs,
            *self.affinity,
            *self.groups,
            *self.favours,
        )
        return sum(each.odds.unusual for each in every)

    @property
    def sentences(self) -> tuple[Message, ...]:
        """What is said about the round, plain words first."""
        return sentences_of(self)

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "sentences": [sentence.to_json() for sentence in self.sentences],
            "untested": [sentence.to_json() for sentence in self.untested],
            "tests": self.tests,
            "unusual": self.found,
            "spread": shown(self.spread),
            "ballots": {
                "tested": self.tested,
                "far": self.far,
                "far_by_chance": shown(self.far_by_chance),
                "detectable": shown(self.detectable),
            },
            "marks": [each.to_json() for each in self.marks],
            "pairs": [each.to_json() for each in self.pairs],
            "affinity": [each.to_json() for each in self.affinity],
            "groups": [each.to_json() for each in self.groups],
            "favours": [each.to_json() for each in self.favours],
        }


@dataclass(frozen=True)
class Unusual:
    """What is unusual, round by round; `tests` of the whole report were adjusted for together."""

    competition: str
    title: Mapping[str, str]
    content: str
    rules: str
    tests: int
    rounds: tuple[RoundUnusual, ...]

    def to_json(self) -> dict[str, object]:
        """The report as `review unusual --json` prints it."""
        return {
            "schema": SCHEMA,
            "competition": self.competition,
            "title": dict(self.title),
            "content": self.content,
            "rules": self.rules,
            "tests": self.tests,
            "level": LEVEL,
            "adjusted_by": "benjamini-hochberg",
            "rounds": [each.to_json() for each in self.rounds],
        }


def _digits(p: float) -> float:
    return float(f"{p:.3g}")

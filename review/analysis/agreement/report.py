"""What `review agreement` reports, and how that stands in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from review.analysis.agreement.words import sentences_of
from review.stats.alpha import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.messages import Message
    from review.stats.alpha import Level
    from review.stats.concordance import Concordance
    from review.stats.generalizability import Coefficients, Generalizability
    from review.stats.icc import Icc
    from review.stats.judges import Drift, Interval, Use

SCHEMA = 1


@dataclass(frozen=True)
class Measures:
    """How far judges agree on one criterion, or on ballots in all (`criterion` None).

    `reach`: from the bottom to the top of the scale. `parts`: of the graph of judges and proposals;
    above 1 not all proposals are connected. What cannot be told is None.
    """

    criterion: str | None
    title: Mapping[str, str]
    proposals: int
    judges: int
    values: int
    complete: bool
    parts: int
    reach: float
    icc: Icc | None
    alpha_level: Level
    alpha: Mapping[Level, float | None]
    concordance: Concordance | None
    generalizability: Generalizability | None

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        alphas: dict[str, float | None] = {level: shown(self.alpha[level]) for level in LEVELS}
        return {
            "criterion": self.criterion,
            "title": dict(self.title),
            "proposals": self.proposals,
            "judges": self.judges,
            "values": self.values,
            "complete": self.complete,
            "parts": self.parts,
            "icc": _icc_json(self.icc),
            "alpha": {"level": self.alpha_level, "value": alphas[self.alpha_level], **alphas},
            "concordance": _concordance_json(self.concordance),
            "generalizability": _generalizability_json(self.generalizability),
        }


@dataclass(frozen=True)
class Profile:
    """How one judge marks, on ballots in all.

    `offset`: marks above (+) or below (-) the panel on the same proposals. `correlation` with the
    mean of the others over `shared` proposals. `use` of the scale on the marks of all criteria.
    """

    judge: str
    name: str | None
    ballots: int
    offset: Interval | None
    spread: float | None
    correlation: float | None
    shared: int
    use: Use | None
    drift: Drift | None

    @property
    def called(self) -> str:
        """The id, with the name where there is one."""
        return self.judge if self.name in {None, self.judge} else f"{self.judge} {self.name}"

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "judge": self.judge,
            "name": self.name,
            "ballots": self.ballots,
            "offset": _interval_json(self.offset),
            "spread": shown(self.spread),
            "correlation": shown(self.correlation),
            "shared": self.shared,
            "use": self.use
            and {
                "low": shown(self.use.low),
                "high": shown(self.use.high),
                "entropy": shown(self.use.entropy),
                "bottom": shown(self.use.bottom),
                "top": shown(self.use.top),
            },
            "drift": self.drift
            and {
                "change": _interval_json(self.drift.change),
                "slope": _interval_json(self.drift.slope),
                "marks": self.drift.marks,
                "p": significant(self.drift.p),
            },
        }


@dataclass(frozen=True)
class Odd:
    """A mark on a criterion, or a ballot in all (`criterion` None), that may deserve another look.

    `expected` of the others' marks, `z` how far off in standard deviations. `others`: what the
    other judges gave, by judge.
    """

    proposal: str
    judge: str
    criterion: str | None
    value: float
    expected: float
    z: float
    others: tuple[tuple[str, float], ...]

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "proposal": self.proposal,
            "judge": self.judge,
            "criterion": self.criterion,
            "value": shown(self.value),
            "expected": shown(self.expected),
            "z": shown(self.z),
            "others": [{"judge": judge, "value": shown(value)} for judge, value in self.others],
        }


@dataclass(frozen=True)
class RoundAgreement:
    """Agreement in one round.

    `overall` is None where nobody's ballot counts; where judges gave whole rankings instead,
    `orders` says how alike they are. `compared`: judged by comparison or ranking. `revisit`: the
    oddest marks of `odd`, which were found among `looked_at`. `timed`: ballots of which is
    known when they were given.
    """

    id: str
    title: Mapping[str, str]
    overall: Measures | None
    criteria: tuple[Measures, ...] = ()
    judges: tuple[Profile, ...] = ()
    revisit: tuple[Odd, ...] = ()
    odd: int = 0
    looked_at: int = 0
    timed: int = 0
    orders: Concordance | None = None
    compared: bool = False

    @property
    def sentences(self) -> tuple[Message, ...]:
        """What it comes to, in words."""
        return sentences_of(self)

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "sentences": [sentence.to_json() for sentence in self.sentences],
            "overall": self.overall and self.overall.to_json(),
            "orders": _concordance_json(self.orders),
            "criteria": [measures.to_json() for measures in self.criteria],
            "judges": [profile.to_json() for profile in self.judges],
            "timed": self.timed,
            "looked_at": self.looked_at,
            "odd": self.odd,
            "revisit": [odd.to_json() for odd in self.revisit],
        }


@dataclass(frozen=True)
class Agreement:
    """How far judges agree, round by round."""

    competition: str
    title: Mapping[str, str]
    content: str
    rules: str
    rounds: tuple[RoundAgreement, ...]

    def to_json(self) -> dict[str, object]:
        """The report as `review agreement --json` prints it."""
        return {
            "schema": SCHEMA,
            "competition": self.competition,
            "title": dict(self.title),
            "content": self.content,
            "rules": self.rules,
            "rounds": [each.to_json() for each in self.rounds],
        }


# ------------------------------------------------------------------------------------------- JSON


def shown(value: float | None) -> float | None:
    """A number as reports show it, at four decimals; None for what is none."""
    return None if value is None or not isfinite(value) else round(value, 4) + 0.0


def significant(p: float | None) -> float | None:
    """A probability at three digits, however small it is."""
    return None if p is None else float(f"{p:.3g}")


def _interval_json(found: Interval | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "value": shown(found.value),
        "low": shown(found.low),
        "high": shown(found.high),
    }


def _icc_json(found: Icc | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "k": shown(found.k),
        "confidence": found.level,
        "forms": {
            name: {
                "value": shown(form.value),
                "low": shown(form.low),
                "high": shown(form.high),
                "method": form.method,
            }
            for name, form in found.forms.items()
        },
    }


def _concordance_json(found: Concordance | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "w": shown(found.w),
        "chi2": shown(found.chi2),
        "df": len(found.proposals) - 1,
        "p": significant(found.p),
        "p_permutation": significant(found.p_drawn),
        "permutations": found.draws,
        "proposals": list(found.proposals),
        "judges": list(found.judges),
    }


def _generalizability_json(found: Generalizability | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "method": found.components.method,
        "variances": {
            "proposal": shown(found.components.proposal),
            "judge": shown(found.components.judge),
            "residual": shown(found.components.residual),
        },
        "panel": _coefficients_json(found.panel),
        "study": [_coefficients_json(each) for each in found.study],
        "needed": [
            {"reliability": target, "e_rho2": relative, "phi": absolute}
            for target, (relative, absolute) in found.needed.items()
        ],
    }


def _coefficients_json(found: Coefficients) -> dict[str, object]:
    return {
        "judges": shown(found.judges),
        "e_rho2": shown(found.e_rho2),
        "phi": shown(found.phi),
    }

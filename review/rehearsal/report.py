"""What a rehearsal found, as numbers: what was acknowledged, stored, lost, and how long it took."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.rehearsal.ledger import Balance
    from review.rehearsal.probe import Leak
    from review.rehearsal.yardstick import Bare

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds: the share of `count` answers that took no longer; all 0 where there was none."""

    count: int
    p50: float
    p95: float
    p99: float
    longest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Latency:
        """The nearest ranks of a sample."""
        ordered = sorted(seconds) or [0.0]
        p50, p95, p99 = (ordered[-(-len(ordered) * p // 100) - 1] for p in (50, 95, 99))
        return cls(len(seconds), p50, p95, p99, ordered[-1])


@dataclass(frozen=True, slots=True)
class Size:
    """What was played: how many took part, and where their marks were kept."""

    competition: str
    rounds: Sequence[str]
    judges: int
    proposals: int
    criteria: int
    listeners: int
    database: str
    pace: str
    seed: int


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a rehearsal.

    `operations`: ballots sent, those acknowledged, refused (by code), given up. `down`: seconds
    from each kill until marks were taken again. `not_exported`: marks that the export has otherwise
    than the bookkeeping. `same`: whether the live result is that of `review run` on the export, to
    the byte, and `review verify` agrees. `record`: what is wrong with the chain of events.
    """

    size: Size
    seconds: float
    operations: Mapping[str, Any]
    played: Mapping[str, int]
    faults: Mapping[str, int]
    balance: Balance
    not_exported: Sequence[str]
    same: bool
    record: Sequence[str]
    events: int
    asked: int
    leaks: Sequence[Leak]
    down: Sequence[float]
    latency: Mapping[str, Latency]
    marks_per_second: float
    bare: Bare
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled, altered or shown, and the result is the same."""
        return self.balance.is_even and self.same and not (
            self.not_exported or self.record or self.leaks
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """As JSON values; times in seconds, rates in marks a second."""
        values = asdict(self)
        values["leaks"] = [leak._asdict() for leak in self.leaks]
        values["ratio"] = {
            "grouped": self.marks_per_second / self.bare.grouped,
            "single": self.marks_per_second / self.bare.single,
        }
        return {"schema": SCHEMA, "clean": self.is_clean, **_rounded(values)}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value

"""Lots near the line: who takes part, with which chance, and a draw that anybody can repeat.

Chances and the draw are exact fractions; no float decides who is drawn.

Heyard, Ott, Salanti & Egger (2022), Rethinking the Funding Line at the Swiss National Science
Foundation: Bayesian Ranking and Lottery, Statistics and Public Policy 9:110-121; Goldberg, Fanti &
Shah (2026), Smooth Partial Lotteries for Stable Randomized Selection, arXiv 2605.20069 (the clipped
linear lottery); Madow (1949), On the Theory of Systematic Sampling II, Annals of Mathematical
Statistics 20:333-354; Ohlsson (1998), Sequential Poisson Sampling, Journal of Official Statistics
14:149-162 (the order of the reserve).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b, sha256
from itertools import takewhile
from math import lcm
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

TICKETS = 1 << 62
"""How many tickets there are: 0 … TICKETS - 1."""

_PREFIX = "sha256:"


# ----------------------------------------------------------------------------- seed and commitment


def ticket(seed: str, round_id: str, proposal: str) -> int:
    """The lot of a proposal: 62 bits of BLAKE2b over seed, round and proposal."""
    text = f"{seed}\0{round_id}\0{proposal}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") >> 2


def commitment(secret: str) -> str:
    """What is published of a secret before it is used: `sha256:` and 64 hexadecimal digits."""
    return _PREFIX + sha256(secret.encode()).hexdigest()


# ------------------------------------------------------------------------------- who, how likely


@dataclass(frozen=True)
class NearLine:
    """Who is sure of a place, who is sure of none, and who is neither; indices, each sorted.

    `line` is the expected rank of the last for whom there is a place.
    """

    line: float | Decimal
    sure: tuple[int, ...]
    out: tuple[int, ...]
    zone: tuple[int, ...]


def near_line(
    expected: Sequence[float | Decimal], low: Sequence[int], high: Sequence[int], size: int
) -> NearLine:
    """The groups of Heyard et al.: a rank interval wholly before the line, behind it, or across.

    `expected`: ranks, the best has the lowest; `low`, `high`: the ends of their intervals. `size`
    is at least 1 and less than there are. Sure of a place (of none) is nobody whose expected rank
    is not itself before (behind) the line, which a lopsided interval leaves open: so fewer are sure
    than there are places, and the places left are never more than the lots.
    """
    line = sorted(expected)[size - 1]
    who = range(len(expected))
    sure = tuple(i for i in who if high[i] < line and expected[i] < line)
    out = tuple(i for i in who if low[i] > line and expected[i] > line)
    certain = {*sure, *out}
    return NearLine(line, sure, out, tuple(i for i in who if i not in certain))


@dataclass(frozen=True)
class Linear:
    """Chances that grow evenly with the value: 0 up to `bottom`, 1 from `bottom + width`."""

    bottom: Fraction
    width: Fraction
    chances: tuple[Fraction, ...]

    @property
    def top(self) -> Fraction:
        """The value from which a place is sure."""
        return self.bottom + self.width


def linear(values: Sequence[Fraction], width: Fraction, size: int) -> Linear:
    """The clipped linear lottery: p = clip((value - bottom) / width, 0, 1), summing up to `size`.

    `size` is from 1 to less than there are values, `width` more than 0. Where several `bottom`s
    give that sum (a gap of `width` or more at the line) the chances are the same for each of them,
    and the middle one is taken.
    """
    unit = lcm(width.denominator, *(value.denominator for value in values))
    whole, wide = [int(value * unit) for value in values], int(width * unit)
    bottom = _bottom(sorted(whole, reverse=True), wide, size)
    chances = (min(Fraction(1), max(Fraction(0), (value - bottom) / wide)) for value in whole)
    return Linear(bottom / unit, width, tuple(chances))


def _bottom(ordered: Sequence[int], width: int, size: int) -> Fraction:
    """Where Σ clip(value - bottom, 0, width) = size × width.

    With the bottom at a value, or a width below one, somebody's chance begins or ends to grow;
    between two such corners the sum falls evenly.
    """
    corners = sorted({*ordered, *(value - width for value in ordered)})
    wanted = size * width

    def falling(corner: int) -> int:
        return -_total(ordered, width, corner)

    upper = bisect_right(corners, -wanted, key=falling) - 1
    most = _total(ordered, width, corners[upper])
    if most == wanted:
        first = bisect_left(corners, -wanted, key=falling)
        return Fraction(corners[first] + corners[upper], 2)
    least = _total(ordered, width, corners[upper + 1])
    step = corners[upper + 1] - corners[upper]
    return corners[upper] + Fraction(step * (most - wanted), most - least)


def _total(ordered: Sequence[int], width: int, bottom: int) -> int:
    return sum(min(value - bottom, width) for value in takewhile(bottom.__lt__, ordered))


# ----------------------------------------------------------------------------------------- a draw


@dataclass(frozen=True)
class Stretch:
    """A proposal's part of the line that a draw goes along, and the point in it, if there is one.

    `ticket` from 0 to less than 1; the stretch reaches from `start` to less than `end`.
    """

    ticket: Fraction
    start: Fraction
    end: Fraction
    point: Fraction | None

    @property
    def chance(self) -> Fraction:
        """How likely it was to be drawn."""
        return self.end - self.start


@dataclass(frozen=True)
class Draw:
    """A systematic draw: the stretch of each proposal, in the order of the tickets.

    `start` is the first point; the others follow at a distance of 1.
    """

    start: Fraction
    stretches: Mapping[str, Stretch]

    @property
    def drawn(self) -> list[str]:
        """Who was drawn, in the order of the tickets."""
        return [p for p, stretch in self.stretches.items() if stretch.point is not None]

    @property
    def reserve(self) -> list[str]:
        """The others, the first who moves up first: by ticket divided by chance."""
        others = [p for p, stretch in self.stretches.items() if stretch.point is None]
        return sorted(others, key=lambda p: (self._key(p), p))

    def _key(self, proposal: str) -> Fraction:
        stretch = self.stretches[proposal]
        return stretch.ticket / stretch.chance


def draw(chances: Mapping[str, Fraction], seed: str, round_id: str, group: str = "") -> Draw:
    """Draw exactly as many as the chances sum up to (a whole number), each as likely as stated.

    Chances are more than 0 and at most 1. Madow's systematic sampling in the random order of the
    tickets: with equal chances every choice of proposals is as likely as any other.
    """
    start = point = Fraction(ticket(seed, round_id, f"\0{group}"), TICKETS)
    end = Fraction(0)
    stretches = {}
    tickets = {p: ticket(seed, round_id, p) for p in chances}
    for proposal in sorted(chances, key=lambda p: (tickets[p], p)):
        begin, end = end, end + chances[proposal]
        hit = point if point < end else None
        stretches[proposal] = Stretch(Fraction(tickets[proposal], TICKETS), begin, end, hit)
        point += hit is not None
    return Draw(start, stretches)

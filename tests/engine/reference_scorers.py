"""The scorers of docs/scoring.md in plain Python, on one field at a time."""

from __future__ import annotations

import decimal
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from math import floor, lcm
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Table = dict[str, dict[str, Fraction]]
"""proposal → judge → value."""


class RefusedError(Exception):
    """The rules say that this competition cannot be scored as it stands."""


def rounded(value: Fraction, places: int | None) -> Fraction:
    """Half away from zero; as it is where no stage is declared."""
    if places is None:
        return value
    size = floor(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(size if value >= 0 else -size, 10**places)


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def middle(values: Iterable[Fraction]) -> Fraction:
    """The middle value, or the mean of the middle two."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else mean(ordered[half - 1 : half + 1])


def trimmed_mean(values: Iterable[Fraction], options: Mapping[str, Any]) -> Fraction | None:
    ordered = sorted(values)
    if options.get("share") is not None:
        out, least = floor(Fraction(str(options["share"])) * len(ordered)), 1
    else:
        out = options.get("drop", 1)
        least = 2 * out + 1
    if len(ordered) < (options.get("min_ballots") or least):
        below = options.get("below", "mean")
        return {"mean": mean(ordered), "median": middle(ordered), "none": None}[below]
    return mean(ordered[out : len(ordered) - out])


def medians(values: Iterable[Fraction]) -> tuple[Fraction, ...]:
    """The lower median, then that of what is left without it, and so on."""
    left, found = sorted(values), []
    while left:
        found.append(left.pop((len(left) - 1) // 2))
    return tuple(found)


def majority_values(table: Table) -> dict[str, tuple[Fraction, ...]]:
    """The medians taken away in turn; panels repeated until all have the same size."""
    size = lcm(*(len(row) for row in table.values()))
    return {p: medians(list(row.values()) * (size // len(row))) for p, row in table.items()}


def borda(table: Table) -> dict[str, Fraction]:
    everybody = {judge for row in table.values() for judge in row}
    seen = {j: {p: row[j] for p, row in table.items() if j in row} for j in everybody}

    def below(judge: str, proposal: str) -> Fraction:
        mine = seen[judge][proposal]
        others = [value for p, value in seen[judge].items() if p != proposal]
        return sum(
            (Fraction(1) if v < mine else Fraction(v == mine, 2) for v in others), Fraction(0)
        )

    if all(len(row) == len(everybody) for row in table.values()):
        return {p: sum((below(j, p) for j in row), Fraction(0)) for p, row in table.items()}
    compared = {judge for judge in everybody if len(seen[judge]) > 1}
    shares = {
        p: [below(j, p) / (len(seen[j]) - 1) for j in row if j in compared]
        for p, row in table.items()
    }
    return {p: mean(s) * (len(table) - 1) * len(compared) for p, s in shares.items() if s}


def variance(values: Sequence[Fraction]) -> Fraction:
    return sum(((v - mean(values)) ** 2 for v in values), Fraction(0)) / (len(values) - 1)


def root(value: Fraction) -> Fraction:
    """The square root to 60 digits."""
    with decimal.localcontext(prec=60):
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def connected(table: Table) -> bool:
    """Whether one gets from each proposal to each other by way of judges."""
    reached, todo = set(), [next(iter(table))]
    while todo:
        proposal = todo.pop()
        if proposal not in reached:
            reached.add(proposal)
            todo += [p for p, row in table.items() if row.keys() & table[proposal].keys()]
    return reached == table.keys()


def z_score(table: Table) -> dict[str, Fraction]:
    of_judge: dict[str, list[Fraction]] = defaultdict(list)
    for row in table.values():
        for judge, value in row.items():
            of_judge[judge].append(value)
    if not connected(table) or any(len(set(values)) == 1 for values in of_judge.values()):
        raise RefusedError("z_score")
    everything = [value for row in table.values() for value in row.values()]
    centre, spread = mean(everything), variance(everything)

    def standardised(judge: str, value: Fraction) -> Fraction:
        mine = of_judge[judge]
        return (value - mean(mine)) * root(spread / variance(mine))

    exact = {p: mean([standardised(j, v) for j, v in row.items()]) for p, row in table.items()}
    # Rounded at 40 digits first: the root of a square is then the number itself again.
    return {p: rounded(rounded(centre + z, 40), 6) for p, z in exact.items()}

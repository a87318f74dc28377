"""Comparisons and votes from the literature, whose answers are known.

- CITATIONS: citations between four journals of statistics, Stigler 1994 (Statistical Science
  9:94-108), (cited, citing, count); the cited one is the winner.
- BASEBALL: the American League's east in 1987, Agresti 2002, Categorical Data Analysis §10.6:
  (home, away, games won at home, games lost at home).
- PUDDING: six brands of chocolate pudding, Davidson 1970: (i, j, prefer i, prefer j, neither).
- TENNESSEE and SCHULZE: textbook ballots; 45 of the latter are of Schulze 2011, example 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.stats.pairwise.orders import Compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from review.stats.pairwise.orders import Order

CITATIONS = [
    ("Comm Statist", "Biometrika", 33), ("JASA", "Biometrika", 320),
    ("JRSS-B", "Biometrika", 284), ("Biometrika", "Comm Statist", 730),
    ("JASA", "Comm Statist", 813), ("JRSS-B", "Comm Statist", 276),
    ("Biometrika", "JASA", 498), ("Comm Statist", "JASA", 68), ("JRSS-B", "JASA", 325),
    ("Biometrika", "JRSS-B", 221), ("Comm Statist", "JRSS-B", 17), ("JASA", "JRSS-B", 142),
]  # fmt: skip
BASEBALL = [
    ("Milwaukee", "Detroit", 4, 3), ("Milwaukee", "Toronto", 4, 2), ("Milwaukee", "New York", 4, 3),
    ("Milwaukee", "Boston", 6, 1), ("Milwaukee", "Cleveland", 4, 2),
    ("Milwaukee", "Baltimore", 6, 0), ("Detroit", "Milwaukee", 3, 3), ("Detroit", "Toronto", 4, 2),
    ("Detroit", "New York", 4, 3), ("Detroit", "Boston", 6, 0), ("Detroit", "Cleveland", 6, 1),
    ("Detroit", "Baltimore", 4, 3), ("Toronto", "Milwaukee", 2, 5), ("Toronto", "Detroit", 4, 3),
    ("Toronto", "New York", 2, 4), ("Toronto", "Boston", 4, 3), ("Toronto", "Cleveland", 4, 2),
    ("Toronto", "Baltimore", 6, 0), ("New York", "Milwaukee", 3, 3), ("New York", "Detroit", 5, 1),
    ("New York", "Toronto", 2, 5), ("New York", "Boston", 4, 3), ("New York", "Cleveland", 4, 2),
    ("New York", "Baltimore", 6, 1), ("Boston", "Milwaukee", 5, 1), ("Boston", "Detroit", 2, 5),
    ("Boston", "Toronto", 3, 3), ("Boston", "New York", 4, 2), ("Boston", "Cleveland", 5, 2),
    ("Boston", "Baltimore", 6, 0), ("Cleveland", "Milwaukee", 2, 5), ("Cleveland", "Detroit", 3, 3),
    ("Cleveland", "Toronto", 3, 4), ("Cleveland", "New York", 4, 3), ("Cleveland", "Boston", 4, 2),
    ("Cleveland", "Baltimore", 2, 4), ("Baltimore", "Milwaukee", 2, 5),
    ("Baltimore", "Detroit", 1, 5), ("Baltimore", "Toronto", 1, 6), ("Baltimore", "New York", 2, 4),
    ("Baltimore", "Boston", 1, 6), ("Baltimore", "Cleveland", 3, 4),
]  # fmt: skip
PUDDING = [
    ("1", "2", 19, 22, 16), ("1", "3", 16, 19, 12), ("2", "3", 19, 19, 10), ("1", "4", 18, 23, 13),
    ("2", "4", 23, 19, 9), ("3", "4", 19, 20, 15), ("1", "5", 13, 19, 18), ("2", "5", 16, 20, 12),
    ("3", "5", 16, 15, 17), ("4", "5", 17, 14, 16), ("1", "6", 18, 21, 12), ("2", "6", 22, 20, 12),
    ("3", "6", 13, 18, 10), ("4", "6", 14, 19, 18), ("5", "6", 11, 21, 12),
]  # fmt: skip
TENNESSEE = [(42, "MNCK"), (26, "NCKM"), (15, "CKNM"), (17, "KCNM")]
SCHULZE = [
    (5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"),
    (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"), (8, "EBADC"),
]  # fmt: skip


def of_pairs(rows: Iterable[Sequence[object]]) -> tuple[list[str], list[Order]]:
    """Names, and the order of each comparison: (i, j, i above, j above, level)."""
    table = [tuple(row) for row in rows]
    names = sorted({str(name) for row in table for name in row[:2]})
    orders: list[Order] = []
    for row in table:
        i, j = (names.index(str(name)) for name in row[:2])
        above, below, level = (*(int(str(n)) for n in row[2:]), 0, 0)[:3]
        orders += [[[i], [j]]] * above + [[[j], [i]]] * below + [[[i, j]]] * level
    return names, orders


def of_ballots(ballots: Iterable[tuple[int, str]]) -> tuple[str, Compared]:
    """Candidates by letter, and what ballots say of each pair."""
    table = list(ballots)
    letters = "".join(sorted(table[0][1]))
    orders = [[[letters.index(c)] for c in text] for count, text in table for _ in range(count)]
    return letters, Compared.of(len(letters), orders)

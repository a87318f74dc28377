"""Chances and draws by hand, against the definition, and on average over many seeds."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from hashlib import blake2b, sha256
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.stats.lottery import TICKETS, commitment, draw, linear, near_line, ticket

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)

values = st.lists(st.fractions(-9, 9, max_denominator=12), min_size=2, max_size=9)
widths = st.fractions(Fraction(1, 12), 30, max_denominator=12)


# --------------------------------------------------------------------------- seed and commitment


def test_ticket_is_62_bits_of_blake2b_over_seed_round_and_proposal() -> None:
    digest = blake2b(b"20241205\0selection\0p07", digest_size=8).hexdigest()
    assert ticket("20241205", "selection", "p07") == int(digest, 16) // 4


def test_commitment_is_the_sha_256_of_the_secret() -> None:
    assert commitment("星选计划") == "sha256:" + sha256("星选计划".encode()).hexdigest()


# ------------------------------------------------------------------------------------ near the line


def test_line_is_the_expected_rank_of_the_last_with_a_place() -> None:
    """Worked by hand after Heyard et al.: two places for five.

    The second smallest expected rank is 2.2. The first reaches from 1 to 1 and is before it, the
    last two begin behind it, the second and the third reach across.
    """
    found = near_line([1.1, 2.2, 3.1, 4.0, 4.6], [1, 2, 2, 3, 4], [1, 3, 4, 5, 5], 2)
    assert (found.line, found.sure, found.out, found.zone) == (2.2, (0,), (3, 4), (1, 2))


def test_interval_that_ends_at_the_line_reaches_it() -> None:
    found = near_line([1.5, 2.0, 2.5], [1, 2, 2], [2, 2, 3], 2)
    assert (found.sure, found.out, found.zone) == ((), (), (0, 1, 2))


def test_lopsided_interval_makes_nobody_sure_whose_expected_rank_is_not() -> None:
    """Half the draws at 1 and some far behind: the interval is before the line, the mean is not."""
    found = near_line([2.0, 2.0, 2.0], [1, 1, 1], [1, 1, 1], 2)
    assert (found.sure, found.zone) == ((), (0, 1, 2))
    behind = near_line([1.0, 2.5, 2.5], [3, 3, 3], [3, 3, 3], 2)
    assert (behind.out, behind.zone) == ((), (0, 1, 2))


@given(st.data())
def test_places_left_are_never_more_than_the_lots(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 8))
    ranks = st.integers(1, n)
    triples = st.tuples(st.floats(1, n), ranks, ranks)
    rows = data.draw(st.lists(triples, min_size=n, max_size=n))
    size = data.draw(st.integers(1, n - 1))
    expected, ends = [row[0] for row in rows], [sorted(row[1:]) for row in rows]
    found = near_line(expected, [low for low, _ in ends], [high for _, high in ends], size)
    assert 1 <= size - len(found.sure) <= len(found.zone)
    assert sorted([*found.sure, *found.out, *found.zone]) == list(range(n))


# ------------------------------------------------------------------------------------------- linear


def test_linear_chances_by_hand() -> None:
    """Σ clip((v - b) / 2) = 2 for 9, 8, 7, 5: b = 7 gives 1 + ½, b = 6½ gives 1 + ¾ + ¼."""
    found = linear([Fraction(v) for v in (9, 8, 7, 5)], Fraction(2), 2)
    assert (found.bottom, found.top) == (Fraction(13, 2), Fraction(17, 2))
    assert [*map(str, found.chances)] == ["1", "3/4", "1/4", "0"]


def test_linear_with_a_gap_at_the_line_is_no_lottery() -> None:
    found = linear([Fraction(v) for v in (9, 8, 2, 1)], Fraction(2), 2)
    assert [*map(str, found.chances)] == ["1", "1", "0", "0"]
    assert found.bottom == 4  # between 2 and 6 every bottom gives the same


def test_linear_among_equals_is_a_lottery_of_all() -> None:
    assert linear([Fraction(5)] * 3, Fraction(1), 2).chances == (Fraction(2, 3),) * 3


@given(values, widths, st.data())
def test_linear_chances_sum_up_to_the_places(
    values: list[Fraction], width: Fraction, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(values) - 1))
    found = linear(values, width, size)
    assert sum(found.chances) == size
    assert found.chances == tuple(
        min(Fraction(1), max(Fraction(0), (value - found.bottom) / width)) for value in values
    )


@given(values, widths, st.data())
def test_raising_a_score_never_lowers_its_chance_nor_raises_another(
    values: list[Fraction], width: Fraction, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(values) - 1))
    who = data.draw(st.integers(0, len(values) - 1))
    more = data.draw(st.fractions(0, 9, max_denominator=12))
    raised = [value + more * (i == who) for i, value in enumerate(values)]
    before, after = linear(values, width, size).chances, linear(raised, width, size).chances
    assert after[who] >= before[who]
    assert all(after[i] <= before[i] for i in range(len(values)) if i != who)
    # Smooth: a chance moves by no more than the score does, in widths.
    assert after[who] - before[who] <= more / width


# --------------------------------------------------------------------------------------------- draw


def test_draw_goes_down_the_tickets() -> None:
    chances = {"a": HALF, "b": THIRD, "c": Fraction(2, 3), "d": HALF}
    found = draw(chances, "seed", "r", "g")
    tickets = {p: Fraction(ticket("seed", "r", p), TICKETS) for p in chances}
    assert found.start == Fraction(ticket("seed", "r", "\0g"), TICKETS)
    assert list(found.stretches) == sorted(chances, key=lambda p: tickets[p])
    end, drawn = Fraction(0), []
    for proposal, stretch in found.stretches.items():
        assert (stretch.ticket, stretch.start) == (tickets[proposal], end)
        assert stretch.chance == chances[proposal]
        end = stretch.end
        hits = [found.start + k for k in range(3) if stretch.start <= found.start + k < end]
        assert stretch.point == (hits[0] if hits else None)
        drawn += [proposal] * bool(hits)
    assert found.drawn == drawn
    assert found.reserve == sorted(
        chances.keys() - set(drawn), key=lambda p: tickets[p] / chances[p]
    )


@given(st.lists(st.integers(1, 12), min_size=1, max_size=9), st.text())
def test_draw_gives_exactly_as_many_as_the_chances_sum_up_to(parts: list[int], seed: str) -> None:
    size = -(-sum(parts) // max(12, *parts))
    chances = {f"p{i}": Fraction(part * size, sum(parts)) for i, part in enumerate(parts)}
    if max(chances.values()) <= 1:
        assert len(draw(chances, seed, "r").drawn) == size


def test_draw_differs_by_seed_round_and_group() -> None:
    chances = {f"p{i}": HALF for i in range(40)}
    found = {tuple(draw(chances, *where).drawn) for where in
             (("1", "r"), ("2", "r"), ("1", "s"))}  # fmt: skip
    assert len(found) == 3
    assert draw(chances, "1", "r").start != draw(chances, "1", "r", "north").start


@pytest.mark.slow
def test_everybody_is_drawn_as_often_as_stated() -> None:
    """χ² over 20,000 seeds, 5 proposals: below the 99.9 % point of 4 degrees of freedom."""
    sixtieths = {"a": 54, "b": 36, "c": 18, "d": 55, "e": 17}
    chances = {p: Fraction(part, 60) for p, part in sixtieths.items()}
    seeds, hits = 20_000, Counter[str]()
    for seed in range(seeds):
        drawn = draw(chances, str(seed), "r").drawn
        assert len(drawn) == 3
        hits.update(drawn)
    squares = {p: (hits[p] - seeds * c) ** 2 / (seeds * c * (1 - c)) for p, c in chances.items()}
    assert sum(squares.values()) < 18.47


@pytest.mark.slow
def test_with_equal_chances_every_choice_is_as_likely() -> None:
    """χ² over 20,000 seeds, 2 of 5: below the 99.9 % point of 9 degrees of freedom."""
    chances = {p: Fraction(2, 5) for p in "abcde"}
    seeds, pairs = 20_000, Counter[tuple[str, ...]]()
    for seed in range(seeds):
        pairs[tuple(sorted(draw(chances, str(seed), "r").drawn))] += 1
    expected = seeds / 10
    assert set(pairs) == set(combinations("abcde", 2))
    assert sum((n - expected) ** 2 / expected for n in pairs.values()) < 27.88

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from review.engine.column import Column
from review.engine.standings import StandingsView
from review.errors import PluginError

A = Column.scaled([10, None, -35], 1)
B = Column.scaled([2, 3, 0], 0)


def view(**columns: Column) -> StandingsView:
    named = {name.replace("__", ":"): column for name, column in columns.items()}
    return StandingsView(["p1", "p2", "p3"], named, {"team": ["a", None, "b"]}, 2)


def test_scaled_is_integers_over_a_power_of_ten() -> None:
    assert Column([Fraction(1), None, Fraction(-7, 2)], 1) == A


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (A + B, Column([Fraction(3), None, Fraction(-7, 2)], 1)),
        (A - B, Column([Fraction(-1), None, Fraction(-7, 2)], 1)),
        (A * B, Column([Fraction(2), None, Fraction(0)], 1)),
        (A / B, Column([Fraction(1, 2), None, None], 1)),
        (A + 1, Column([Fraction(2), None, Fraction(-5, 2)], 1)),
        (1 + A, Column([Fraction(2), None, Fraction(-5, 2)], 1)),
        (A - Decimal("0.25"), Column([Fraction(3, 4), None, Fraction(-15, 4)], 2)),
        (A * Decimal("0.20"), Column([Fraction(1, 5), None, Fraction(-7, 10)], 2)),
        (3 * B, Column([Fraction(6), Fraction(9), Fraction(0)], 0)),
        (A / Fraction(1, 3), Column([Fraction(3), None, Fraction(-21, 2)], 1)),
        (A / 0, Column([None, None, None], 1)),
    ],
)
def test_arithmetic_is_exact_and_none_stays_none(found: Column, expected: Column) -> None:
    assert found == expected


def test_round_takes_halves_away_from_zero() -> None:
    column = Column([Fraction(5, 1000), Fraction(-5, 1000), None]).round(2)
    assert column == Column([Fraction(1, 100), Fraction(-1, 100), None], 2)


def test_at_gives_integers_at_some_decimals() -> None:
    assert A.at(0) == [1, None, -4]
    assert A.at(2) == [100, None, -350]


def test_max_leaves_out_what_is_not_there() -> None:
    assert A.max() == Fraction(1)
    assert Column([None]).max() is None


def test_view_gives_columns_by_name() -> None:
    standings = view(score=A, subtotal=B, criterion__need=A, fact__votes=B)
    assert (standings.score, standings.subtotal) == (A, B)
    assert standings.criterion("need") == A
    assert standings.fact("votes") == B
    assert standings.column("need") == A
    assert standings.column("votes") == B
    assert standings.column("score") == A
    assert standings.attribute("team") == ["a", None, "b"]


def test_view_refuses_a_name_that_no_column_has() -> None:
    with pytest.raises(PluginError, match=r"votes.*score") as found:
        view(score=A).column("votes")
    assert found.value.message.code == "column_unknown"


def test_view_refuses_a_name_that_two_columns_have() -> None:
    with pytest.raises(PluginError, match="criterion:reach, fact:reach") as found:
        view(criterion__reach=A, fact__reach=B).column("reach")
    assert found.value.message.code == "column_ambiguous"


def test_blend_weighs_shares_of_the_maximum() -> None:
    standings = view(criterion__idea=Column.scaled([80, 40, 20], 1), fact__reach=B)
    assert standings.blend({"idea": 3, "reach": 1}).at(4) == [
        9167,  # (3 · 8/8 + 1 · 2/3) / 4
        6250,  # (3 · 4/8 + 1 · 3/3) / 4
        1875,  # (3 · 2/8 + 1 · 0/3) / 4
    ]


def test_blend_takes_weights_relative_to_their_sum() -> None:
    standings = view(criterion__idea=Column.scaled([80, 40, 20], 1), fact__reach=B)
    tenths = standings.blend({"idea": Decimal("0.3"), "reach": Decimal("0.1")})
    assert tenths == standings.blend({"idea": 3, "reach": 1})


def test_blend_has_no_value_where_a_column_has_none() -> None:
    assert view(criterion__idea=A, fact__reach=B).blend({"idea": 1, "reach": 1}).values[1] is None


@pytest.mark.parametrize("nothing", [[0, 0, 0], [None, None, None], [-1, -2, 0]])
def test_blend_of_a_column_without_a_positive_value_is_its_share_of_nothing(
    nothing: list[int | None],
) -> None:
    standings = view(fact__reach=Column.scaled(nothing, 0), fact__votes=B)
    expected = [
        None if v is None else share for v, share in zip(nothing, (3333, 5000, 0), strict=True)
    ]
    assert standings.blend({"reach": 1, "votes": 1}).at(4) == expected


def test_float_is_refused_with_what_to_write() -> None:
    with pytest.raises(
        TypeError, match=r"0\.1 is a float and never exact: write Decimal\('0\.1'\)"
    ):
        Column.scaled([10], 1) * 0.1  # type: ignore[operator]

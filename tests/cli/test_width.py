from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.cli.width import cut, display_width, indented, wrap

TEXTS = st.text(st.sampled_from("ab ，。“”（）星选计划é\u0301"), max_size=60)


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("星选", 4), ("e\u0301", 1), ("ａ", 2), ("“”", 2)]
)
def test_width_counts_columns(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("星选计划", 8, "星选计划"),
        ("星选计划", 7, "星选计…"),
        ("星选计划", 6, "星选…"),
        ("star plan", 6, "star…"),
        ("星", 1, "…"),
    ],
)
def test_cut_keeps_to_columns(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("星选计划的评审", 8, ["星选计划", "的评审"]),
        ("评审结果，公示", 8, ["评审结", "果，公示"]),
        ("用 review 运行", 8, ["用", "review", "运行"]),
        ("abcdefghij k", 4, ["abcd", "efgh", "ij k"]),
        ("评（一）二", 6, ["评", "（一）", "二"]),
    ],
)
def test_wrap_breaks_where_chinese_and_english_may(
    text: str, width: int, expected: list[str]
) -> None:
    assert wrap(text, width) == expected


@given(TEXTS, st.integers(4, 20))
def test_wrap_keeps_every_character_and_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(display_width, lines)) <= width


def test_indented_continues_under_its_start() -> None:
    assert indented("one two three", 12, "- ", "    ") == "- one two\n    three"

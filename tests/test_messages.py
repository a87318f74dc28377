"""Messages: numbers that choose words, plain texts, titles and lists in either language."""

from __future__ import annotations

import pytest

from review import Message, ReviewError


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 errors: nothing was scored"),
        (1, "1 error: nothing was scored"),
        (2, "2 errors: nothing was scored"),
        ("1", "1 error: nothing was scored"),
    ],
)
def test_number_chooses_between_two_words(count: object, words: str) -> None:
    assert Message("not_scored", {"count": count}).render("en") == words


def test_text_of_a_plugin_may_choose_as_well() -> None:
    text = {"en": "{by} has {n} {n:ballot|ballots}", "zh-Hans": "{by}有 {n} 票"}
    assert Message("own", {"n": 1, "by": "team"}, text).texts() == {
        "en": "team has 1 ballot",
        "zh-Hans": "团队有 1 票",
    }


def test_other_formats_stay_those_of_text() -> None:
    assert Message("own", {"name": "p1"}, {"en": "{name:>4}"}).render("en") == "  p1"


def test_plain_text_is_the_same_in_every_language() -> None:
    error = ReviewError("50 % of {nothing}")
    assert str(error) == "50 % of {nothing}"
    assert error.message.to_json() == {
        "code": "plain",
        "en": "50 % of {nothing}",
        "zh-Hans": "50 % of {nothing}",
    }

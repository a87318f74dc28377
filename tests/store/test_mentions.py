from __future__ import annotations

import pytest

from review.store.mentions import Mentions


@pytest.mark.parametrize(
    ("wanted", "text", "is_there"),
    [
        ("Bo", "by Bo.", True),
        ("Bo", "the Board", False),
        ("Bo", "Limbo", False),
        ("Bo", "评委Bo裁定", True),
        ("王强", "评委王强裁定", True),
        ("Ann Lee", "Ann Lee", True),
        ("Ann Lee", "Ann  Lee", False),
        ('Ann "A" Lee', '"by": "Ann \\"A\\" Lee"', True),
        ("Zoë", "Zoëlle", False),
        ("(x)", "f(x)", True),
        (" Bo ", "Bo", True),
        ("", "anything", False),
        (None, "None", False),
        ("  ", "  ", False),
    ],
)
def test_words_of_their_own_are_found(wanted: str | None, text: str, *, is_there: bool) -> None:
    assert Mentions([wanted])("nothing", text) is is_there


def test_longest_and_shortest_are_found_beside_each_other() -> None:
    mentions = Mentions(["Ann", "Ann Lee"])
    assert mentions("Ann Lee")
    assert mentions("Ann Leeds")
    assert not mentions("Anna")

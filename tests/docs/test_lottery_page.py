"""What docs/lottery.md shows is what the rule says, and its ten lines repeat any draw."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from review import Entrant, RoundContext
from review.stats.lottery import commitment, draw
from review_plugins.shortlists import Lottery

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

PAGE = Path(__file__).parents[2] / "docs/lottery.md"
TEXT = PAGE.read_text(encoding="utf-8")
(SNIPPET,) = re.findall(r"```python\n(.+?)```", TEXT, re.DOTALL)
SEED = "a secret of the notary, 2024-12-05"
SCORES = {"p1": "9", "p2": "8.5", "p3": "8", "p4": "7", "p5": "5"}


def of_the_page() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(SNIPPET, names)  # noqa: S102 -- our own page
    return names


def test_snippet_draws_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    of_the_page()
    field = [Entrant(p, i, Decimal(s), {}) for i, (p, s) in enumerate(SCORES.items(), start=1)]
    options = {"size": 2, "method": "linear", "width": 2,
               "commitment": commitment(SEED), "draw_seed": SEED}  # fmt: skip
    choices = Lottery(options).select_in(field, RoundContext("selection")).choices
    lines = [f"{p} {c.status}: {c.reason.render('en')}" for p, c in choices.items()]
    assert "```text\n" + "\n".join(lines) + "\n```" in TEXT
    drawn = sorted(p for p, c in choices.items() if c.status == "in")
    assert sorted(eval(capsys.readouterr().out)) == drawn  # noqa: S307 -- a list that we printed


@given(
    st.text(min_size=1), st.text(), st.lists(st.integers(1, 6), min_size=1, max_size=9), st.text()
)
def test_snippet_repeats_any_draw(seed: str, round_id: str, parts: list[int], group: str) -> None:
    drawn: Callable[..., list[str]] = of_the_page()["drawn"]
    size = max(1, sum(parts) // 7)
    chances = {f"p{i}": Fraction(part * size, sum(parts)) for i, part in enumerate(parts)}
    if max(chances.values()) <= 1:
        assert drawn(seed, round_id, chances, group) == draw(chances, seed, round_id, group).drawn


def test_commitments_of_the_page_are_those_of_its_secrets() -> None:
    (secret,) = re.findall(r'draw_seed = "(\w+)"', TEXT)
    assert f'commitment = "{commitment(secret)}"' in TEXT
    (shown,) = re.findall(r'`python -c "(.+?)"`', TEXT)
    value = eval(shown.partition("print(")[2][:-1], {"hashlib": hashlib})  # noqa: S307 -- our page
    assert value == commitment(SEED)

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click import unstyle
from wcwidth import wcswidth

from review.cli.results import result_lines
from review.text import LANGUAGES, Language, using

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.model.result import Result


@pytest.mark.parametrize("language", LANGUAGES)
def test_result_fits_eighty_columns(
    made: Result, language: Language, golden: Callable[[str, str], None]
) -> None:
    with using(language):
        text = unstyle("\n".join(result_lines(made))) + "\n"
    assert max(map(wcswidth, text.splitlines())) <= 80
    golden(f"result.{language}", text)


@pytest.mark.parametrize(
    ("language", "first"),
    [("en", "Star Selection Plan 2024 · final"), ("zh-Hans", "2024年“星选计划” · 最终结果")],
)
def test_result_says_whether_it_is_final(made: Result, language: Language, first: str) -> None:
    with using(language):
        assert unstyle(next(result_lines(replace(made, state="final")))) == first

"""A round that is judged by comparisons in every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from python_calamine import CalamineWorkbook

import review
from review import app
from review.model.canonical import dumps
from review_plugins.exporters import EXPORTERS
from review_plugins.exporters.plain import round_rules
from review_plugins.scorers import SCORERS
from tests.load.comparing import CRITERION, with_rubric, write

if TYPE_CHECKING:
    from review import Result


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return app.run(app.load(write(tmp_path / "duels")))


def test_result_keeps_to_the_schema(result: Result) -> None:
    text = (Path(review.__file__).parent / "model/result-1.schema.json").read_text(encoding="utf-8")

    jsonschema.Draft202012Validator(json.loads(text)).validate(json.loads(dumps(result.to_json())))


def test_every_format_is_written(result: Result, tmp_path: Path) -> None:
    for exporter in EXPORTERS:
        assert exporter().export(result, tmp_path)


def test_criterion_is_not_told_beside_the_score(result: Result, tmp_path: Path) -> None:
    for exporter in EXPORTERS:
        exporter().export(result, tmp_path)

    header = (tmp_path / "standings-final.csv").read_text("utf-8-sig").splitlines()[0]
    assert "overall" not in header
    assert "stand for themselves" not in (tmp_path / "results.md").read_text("utf-8")


def test_workbook_shows_who_was_placed_above_whom(result: Result, tmp_path: Path) -> None:
    for exporter in EXPORTERS:
        exporter().export(result, tmp_path)
    book = CalamineWorkbook.from_path(str(tmp_path / "results.xlsx"))

    rows = book.get_sheet_by_name("Scores 评分明细 final").to_python()

    assert rows[0][0] == "Who was placed above whom: final  两两比较：final"
    assert [row[4:] for row in rows[3:]] == [
        ["a", "b", "c", "d"],
        ["", 1, 1, 1],
        [0, 1, "", 1],
        [1, 0, 0, ""],
        [0, "", 1, 0],
    ]


@pytest.mark.parametrize(
    "scorer",
    ["bradley_terry", "copeland", "crowd_bt", "davidson", "kemeny", "plackett_luce", "schulze"],
)
def test_rules_are_told_in_plain_words(scorer: str, tmp_path: Path) -> None:
    assert scorer in {part.id for part in SCORERS}
    result = app.run(app.load(write(tmp_path, with_rubric(f'scorer = "{scorer}"{CRITERION}'))))

    told = round_rules(result, result.round("final"))[0]

    assert told["en"].startswith("Judged by rubric “own”: judges say which proposal is better; ")
    assert scorer not in told["en"]
    assert told["zh-Hans"].startswith("评审标准为“own”：评委判断哪个项目更好。")
    assert scorer not in told["zh-Hans"]

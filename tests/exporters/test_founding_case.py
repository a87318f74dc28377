"""The founding case, from its folder through every format."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from python_calamine import CalamineWorkbook

import review
from review import app
from review.model.canonical import dumps
from review_plugins.exporters import EXPORTERS

if TYPE_CHECKING:
    from review import Result

ROOT = Path(__file__).parents[2]
CASE = ROOT / "examples/star-plan-2024"


@pytest.fixture(scope="module")
def result() -> Result:
    return app.run(app.load(CASE))


@pytest.fixture(scope="module")
def folder(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("founding")
    for exporter in EXPORTERS:
        exporter().export(result, made)
    return made


def test_founding_case_keeps_to_the_schema(result: Result) -> None:
    text = (Path(review.__file__).parent / "model/result-1.schema.json").read_text(encoding="utf-8")

    jsonschema.Draft202012Validator(json.loads(text)).validate(json.loads(dumps(result.to_json())))


def test_founding_case_has_its_files(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "awards.csv", "report.html", "results.md", "results.xlsx", "shortlist-selection.csv",
        "standings-selection.csv", "standings-selection.parquet", "standings-showcase.csv",
        "standings-showcase.parquet",
    ]  # fmt: skip


def test_fourteen_are_in_on_every_paper(result: Result, folder: Path) -> None:
    with (folder / "shortlist-selection.csv").open(encoding="utf-8-sig", newline="") as file:
        chosen = [row["proposal"] for row in csv.DictReader(file) if row["status"] == "in"]
    book = CalamineWorkbook.from_path(folder / "results.xlsx")
    rows = book.get_sheet_by_name("Shortlist 入围名单 selection").to_python()

    assert chosen == [e.proposal for e in result.rounds[0].shortlist or () if e.status == "in"]
    assert [row[2] for row in rows if row[1] == "Selected 入围"] == chosen
    assert len(chosen) == 14


def test_every_score_on_the_page_is_the_published_one(result: Result, folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    shown = re.findall(r'class="number k-score" data-label="Score">([^<]*)<', page)

    first, second = ([f"{s.score:f}" for s in of.standings if s.score] for of in result.rounds)
    assert [number for number in shown if number][: len(first)] == first
    assert [number for number in shown if number][-len(second) :] == second

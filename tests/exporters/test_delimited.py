from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from review_plugins.exporters import CsvExporter
from review_plugins.exporters.delimited import harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from review import Result


def test_csv_is_as_expected(full: Result, tmp_path: Path, golden: Callable[[Path], None]) -> None:
    names = [path.name for path in CsvExporter().export(full, tmp_path)]

    for name in names:
        golden(tmp_path / name)
    assert names == [
        "standings-selection.csv",
        "shortlist-selection.csv",
        "standings-final_决赛-1e21ea008688.csv",
        "awards.csv",
    ]


def test_csv_opens_in_excel_as_utf8(full: Result, tmp_path: Path) -> None:
    for path in CsvExporter().export(full, tmp_path):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_looks_like_a_formula_is_made_harmless(first: str) -> None:
    assert harmless(f"{first}1+1") == f"'{first}1+1"


def test_text_elsewhere_stays_as_it_is() -> None:
    assert [harmless(t) for t in ("", "a=b", "'quoted", "−1")] == ["", "a=b", "'quoted", "−1"]


def test_negative_numbers_stay_numbers(full: Result, tmp_path: Path) -> None:
    path = CsvExporter().export(full, tmp_path)[2]
    with path.open(encoding="utf-8-sig", newline="") as file:
        scores = [row["score"] for row in csv.DictReader(file)]

    assert scores == ["4.2", "-1.5"]


def test_no_cell_of_any_file_starts_a_formula(full: Result, tmp_path: Path) -> None:
    evil = "=cmd|' /C calc'!A0"
    first = full.rounds[0]
    frame = first.standings.frame.rename({"criterion:idea": f"criterion:{evil}"})
    standings = replace(
        first.standings, frame=frame, places={**first.standings.places, f"criterion:{evil}": 3}
    )
    criteria = [
        c.model_copy(update={"id": evil}) if c.id == "idea" else c for c in first.rubric.criteria
    ]
    rubric = first.rubric.model_copy(update={"criteria": tuple(criteria)})
    result = replace(full, rounds=(replace(first, standings=standings, rubric=rubric),))

    cells = []
    for path in CsvExporter().export(result, tmp_path):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]

    assert [c for c in cells if c.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_rounds_that_look_alike_do_not_share_a_file(full: Result, tmp_path: Path) -> None:
    rounds = tuple(replace(full.rounds[1], id=name) for name in ("a/b", "a_b", "A_B"))
    competition = full.source.competition
    declared = tuple(competition.rounds[1].model_copy(update={"id": r.id}) for r in rounds)
    source = replace(full.source, competition=competition.model_copy(update={"rounds": declared}))

    written = CsvExporter().export(replace(full, rounds=rounds, source=source), tmp_path)

    assert len({path.name.casefold() for path in written}) == 4

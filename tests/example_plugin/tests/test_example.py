"""The tests of the example, as its author would write them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from example_plugin.award import Underdog
from example_plugin.exporter import Winners
from example_plugin.reader import WikiTable
from example_plugin.scorers import Approval, Peak
from example_plugin.shortlist import UpperHalf

from review import ReadError
from review.testing import award_values, check_part, competition, run, run_award, score, select

if TYPE_CHECKING:
    from pathlib import Path

PARTS = [Underdog, Winners, WikiTable, Approval, Peak, UpperHalf]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.id)
def test_part_keeps_the_contract(part: type) -> None:
    check_part(part)


def test_underdog_goes_to_the_best_score_for_the_money() -> None:
    asked = {"asked": {"p1": 900, "p2": 100}}
    assert run_award(Underdog, {"p1": "9.5", "p2": 8}, facts=asked) == ["p2"]


def test_underdog_deducts_what_was_asked() -> None:
    values = award_values(Underdog, {"p1": "9.5"}, facts={"asked": {"p1": 50}})
    assert values == {"p1": Decimal("9.00")}


def test_peak_is_the_highest_mark() -> None:
    assert score(Peak, {"p1": {"j1": 8, "j2": "9.5"}}) == {"p1": Decimal("9.5")}


def test_approval_counts_places_on_lists() -> None:
    marks = {"p1": {"j1": 8, "j2": 9}, "p2": {"j1": 9, "j2": 7}, "p3": {"j1": 5, "j2": 9}}
    assert score(Approval, marks, options={"among": 1}) == {"p1": 1, "p2": 1, "p3": 1}


def test_approval_of_one_judge_is_told() -> None:
    result = run(competition({"p1": {"j1": 8}}, rubric={"scorer": "approval"}), Approval)
    assert [problem.message.render("en") for problem in result.problems] == [
        "round “round”: one judge alone approved"
    ]


def test_upper_half_is_decided_by_the_median() -> None:
    choices = select(UpperHalf, {"p1": 9, "p2": 8, "p3": 8, "p4": 2})
    assert [p for p, choice in choices.items() if choice.status == "in"] == ["p1", "p2", "p3"]


def test_wiki_table_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "marks.wiki"
    path.write_text("| proposal | j1 |\n|----|---|\n| 007 | 8 |\n| p2 |\n", encoding="utf-8")
    (sheet,) = WikiTable().read(path)
    assert sheet.cells.rows() == [("proposal", "j1"), ("007", "8"), ("p2", None)]
    assert sheet.rows == [1, 3, 4]


def test_wiki_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "marks.wiki"
    path.write_bytes("| 项目 |".encode("gb18030"))
    with pytest.raises(ReadError):
        WikiTable().read(path)


def test_winners_are_listed(tmp_path: Path) -> None:
    use = {"id": "best", "award": "underdog", "round": "round", "title": {"en": "Best"}}
    loaded = competition({"p1": {"j1": 8}}, facts={"asked": {"p1": 1}}, awards=[use])
    Winners().export(run(loaded, Underdog), tmp_path)
    assert (tmp_path / "winners.txt").read_text(encoding="utf-8") == "Best: p1\n"

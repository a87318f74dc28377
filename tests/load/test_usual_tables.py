"""Optional tables are taken under their usual names; `latest:x by date` names its column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.app import load

if TYPE_CHECKING:
    from pathlib import Path

RULES = """
format = 1
id = "ideas"
proposals = "proposals.csv"
judges = "judges.csv"
[facts.reports]
path = "reports.csv"
columns = { reached = "latest:reached by filed" }
[[rounds]]
id = "only"
rubric = "r"
marks = "marks.csv"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One round, two proposals, two judges, reports with a date."""
    (tmp_path / "rubrics").mkdir()
    for name, text in {
        "competition.toml": RULES,
        "rubrics/r.toml": 'id = "r"\n[[criteria]]\nid = "a"\n',
        "proposals.csv": "id,title\np1,One\np2,Two\n",
        "judges.csv": "id\nj1\nj2\n",
        "marks.csv": "proposal,judge,a\np1,j1,8\np2,j1,7\np2,j2,6\n",
        "reports.csv": (
            "proposal,reached,filed\np1,5,2024-10-01\np1,9,2024-12-01\np1,7,2024-11-01\n"
        ),
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_latest_is_by_the_column_it_names(folder: Path) -> None:
    facts = load(folder).loaded.facts
    assert facts.select("proposal", "column", "value").rows() == [("p1", "reached", 9)]


def test_tables_that_no_rule_names_are_taken_under_their_usual_names(folder: Path) -> None:
    (folder / "conflicts.csv").write_text("judge,proposal,reason\nj2,p1,cousin\n", encoding="utf-8")
    (folder / "decisions.csv").write_text(
        "round,proposal,what,by,second,why\nonly,p1,tie:1,Chair,,\n", encoding="utf-8"
    )
    (folder / "assignments.csv").write_text("round,judge,proposal\nonly,j1,p1\n", encoding="utf-8")
    loaded = load(folder).loaded
    assert loaded.conflicts.rows() == [("j2", "p1", "cousin")]
    assert loaded.decisions["what"].to_list() == ["tie:1"]
    assert loaded.assignments is not None
    assert loaded.assignments.select("judge", "proposal").rows() == [("j1", "p1")]


def test_tables_that_are_not_there_are_not_missed(folder: Path) -> None:
    loaded = load(folder).loaded
    assert (loaded.conflicts.height, loaded.decisions.height, loaded.assignments) == (0, 0, None)

"""The verbs that command line and web share."""

from __future__ import annotations

import runpy
import sys
from typing import TYPE_CHECKING

import pytest

from review.app import check, load, run
from review.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

RULES = """
format = 1
id = "ideas"
proposals = "proposals.csv"
judges = "judges.csv"
[[rounds]]
id = "only"
rubric = "r"
marks = "marks.csv"
"""


def folder(tmp_path: Path, rubric: str, marks: str) -> Path:
    (tmp_path / "rubrics").mkdir()
    for name, text in {
        "competition.toml": RULES,
        "rubrics/r.toml": f'id = "r"\n{rubric}',
        "proposals.csv": "id,title\np1,One\np2,Two\n",
        "judges.csv": "id\nj1\nj2\n",
        "marks.csv": marks,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_rules_that_do_not_fit_exact_arithmetic_are_a_problem_of_check_and_run(
    tmp_path: Path,
) -> None:
    # each gap pattern has a denominator of its own, and their common multiple is too large
    weights = (17.351, 22.153, 30.257, 30.263, 41.269, 43.271, 47.293)
    criteria = "".join(f'[[criteria]]\nid = "c{i}"\nweight = {w}\n' for i, w in enumerate(weights))
    names = [f"c{i}" for i in range(len(weights))]
    rows = [
        f"{p},{j},{c},7\n"
        for number, (p, j) in enumerate([("p1", "j1"), ("p1", "j2"), ("p2", "j1"), ("p2", "j2")])
        for c in names[number:]
    ]
    opened = load(folder(tmp_path, criteria, "proposal,judge,criterion,mark\n" + "".join(rows)))
    assert [(p.code, p.is_error) for p in check(opened) if p.is_error] == [("headroom", True)]
    with pytest.raises(DataError) as refused:
        run(opened)
    assert [p.code for p in refused.value.problems if p.is_error] == ["headroom"]


def test_tie_that_the_rules_refuse_leaves_nothing_scored(tmp_path: Path) -> None:
    rubric = 'ties = ["refuse"]\n[[criteria]]\nid = "a"\n'
    opened = load(
        folder(tmp_path, rubric, "proposal,judge,a\np1,j1,8\np2,j1,8\np1,j2,7\np2,j2,7\n")
    )
    with pytest.raises(DataError) as refused:
        run(opened)
    assert [p.code for p in refused.value.problems] == ["tie_refused"]
    assert [p.code for p in check(opened)] == ["tie_refused"]


def test_module_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["review", "--version"])
    with pytest.raises(SystemExit) as done:
        runpy.run_module("review", run_name="__main__")
    assert (done.value.code, capsys.readouterr().out.split()[0]) == (0, "review")

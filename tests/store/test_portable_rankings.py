"""Comparisons and rankings in a canonical folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import app
from review.engine.digests import content_digest
from review.output import result_text
from review.store.portable import definition, portable
from review.store.transfer import write_folder
from tests.load.comparing import COMPARISONS, RULES, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REPEATED = "judge,winner,loser,tie,order\nj1,a,b,,1\nj1,a,b,,2\nj1,b,a,,3\nj2,c,d,yes,\nj2,d,a,,\n"
PLACES = "judge,proposal,place\nj1,d,1\nj1,a,2\nj1,b,2\nj3,b,1\nj3,c,4\nj2,b,1\nj2,a,1\nj2,c,1\n"


def same_again(folder: Path, into: Path) -> Mapping[str, bytes]:
    """The canonical files of a folder, which give the same content and result."""
    opened = app.load(folder)
    files = portable(opened)
    write_folder(files, into)
    again = app.load(into)
    assert [p.code for p in again.problems] == []
    assert content_digest(again.loaded) == content_digest(opened.loaded)
    assert result_text(app.run(again)) == result_text(app.run(opened))
    return files


def test_comparisons_are_carried(tmp_path: Path) -> None:
    files = same_again(write(tmp_path / "one"), tmp_path / "other")

    assert files["comparisons/final.csv"].decode().splitlines()[:3] == [
        "judge,winner,loser,tie,order",
        "j1,a,b,,1",
        "j1,b,c,,2",
    ]
    assert "rankings/final.csv" not in files
    assert b"comparisons = " in files["competition.toml"]
    assert b"marks = " not in files["competition.toml"]


def test_repeated_comparisons_and_rankings_are_carried(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "one",
        {
            "competition.toml": RULES + 'rankings = "r.csv"\n',
            "comparisons.csv": REPEATED,
            "r.csv": PLACES,
        },
    )

    files = same_again(folder, tmp_path / "other")

    assert files["comparisons/final.csv"].decode().splitlines()[1:] == [
        "j1,a,b,,1", "j1,a,b,,2", "j1,b,a,,3", "j2,c,d,yes,1", "j2,d,a,,2", "j3,b,c,,1",
    ]  # fmt: skip
    assert files["rankings/final.csv"].decode().splitlines()[1:] == [
        "j1,a,2", "j1,b,2", "j1,d,1", "j2,a,1", "j2,b,1", "j2,c,1",
    ]  # fmt: skip


def test_rounds_of_both_kinds_are_carried(tmp_path: Path) -> None:
    more = '\n[[rounds]]\nid = "marked"\nrubric = "own"\nmarks = "m.csv"\n'
    folder = write(
        tmp_path / "one",
        {
            "competition.toml": RULES + more,
            "rubrics/own.toml": 'id = "own"\n[[criteria]]\nid = "overall"\n',
            "m.csv": "proposal,judge,mark\na,j1,5\nb,j1,7\nc,j1,1\nd,j1,3\n",
        },
    )

    files = same_again(folder, tmp_path / "other")

    assert {"comparisons/final.csv", "marks/marked.csv"} <= set(files)


def test_definition_names_no_marks_for_a_round_of_comparisons(tmp_path: Path) -> None:
    files = definition(app.load(write(tmp_path, {"comparisons.csv": COMPARISONS})))

    assert b"marks" not in files["competition.toml"]
    assert "comparisons/final.csv" not in files

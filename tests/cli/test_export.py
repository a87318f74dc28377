"""`review export`: a folder that runs, and that nobody loses anything by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from review import app
from review.store import transfer
from review.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def live(competition: Path) -> Path:
    """A competition that was served once."""
    database = Database.open(competition / "live.sqlite3")
    with database.writing() as conn:
        transfer.import_folder(conn, app.load(competition))
    database.close()
    return competition


def test_export_is_a_folder_that_runs(
    live: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review("export", live, tmp_path / "out")
    assert done.exit_code == 0
    assert " files as of event " in done.stdout
    assert review("run", tmp_path / "out").exit_code == 0
    told = json.loads((tmp_path / "out/export.json").read_text(encoding="utf-8"))
    assert sorted(told["written"]) == sorted(
        p.relative_to(tmp_path / "out").as_posix()
        for p in (tmp_path / "out").rglob("*")
        if p.is_file() and p.name != "export.json"
    )
    assert told["hash"] in done.stdout


def test_export_replaces_one_of_ours_as_a_whole(
    live: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    review("export", live, tmp_path / "out")
    (tmp_path / "out/judges.csv").write_text("changed", encoding="utf-8")
    assert review("export", live, tmp_path / "out").exit_code == 0
    assert (tmp_path / "out/judges.csv").read_text(encoding="utf-8") != "changed"


def test_export_leaves_other_folders_alone(
    live: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    out = tmp_path / "out"
    review("export", live, out)
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    done = review("export", live, out)
    assert (done.exit_code, (out / "mine.txt").exists()) == (1, True)
    assert review("export", live, live).exit_code == 1


def test_export_says_where_it_cannot_write(
    live: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = review("export", live, tmp_path / "file/out")
    assert done.exit_code == 1
    assert str(tmp_path / "file") in done.stderr


def test_export_needs_an_event(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review("export", competition, tmp_path / "out")
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()

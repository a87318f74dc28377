from __future__ import annotations

import json
import shlex
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click
import pytest
from wcwidth import wcswidth

from review.cli.rehearse import lines
from review.rehearsal.probe import Leak
from review.text import LANGUAGES, Language, using
from tests.rehearsal.sample import REPORT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from review.rehearsal.report import Report

BROKEN = replace(
    REPORT,
    size=replace(REPORT.size, database="postgresql"),
    balance=replace(
        REPORT.balance,
        lost=["final / j1 / p1 / need #1"],
        doubled=["final / j1 / p2 / need #2"],
    ),
    not_exported=["final / j1 / p1 / need: 8 → –"],
    same=False,
    record=["event 7: its hash is not that of its content"],
    faults={"restart_failed": 1, "gave_up": 2, "500": 3},
    leaks=[Leak("nobody", "/results", "zqw1"), Leak("judge", "/organiser", "200")],
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "report"), [("clean", REPORT), ("broken", BROKEN)])
def test_rehearsal_is_told_in_eighty_columns(
    name: str, report: Report, language: Language, golden: Callable[[str, str], None]
) -> None:
    with using(language):
        text = click.unstyle("\n".join(lines(report))) + "\n"
    assert max(map(wcswidth, text.splitlines())) <= 80
    golden(f"rehearse-{name}.{language}", text)


def test_rehearsing_a_database_server_needs_its_address(
    competition: Path, review: Callable[..., Result]
) -> None:
    done = review("rehearse", competition, "--restart-database", "true")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--restart-database needs --database postgresql://…" in done.stderr


SMALL = ("--pace", "fast", "--kills", "0", "--listeners", "1")


@pytest.mark.slow
def test_rehearse_plays_the_folder_and_leaves_it_alone(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    before = {path: path.read_bytes() for path in competition.rglob("*.*")}
    done = review("rehearse", competition, *SMALL, "--out", tmp_path / "report.json")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Rehearsal of ideas on SQLite\n5 judges, 6 proposals,")
    assert {path: path.read_bytes() for path in competition.rglob("*.*")} == before
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["clean"], report["size"]["judges"], report["down"]) == (True, 5, [])


@pytest.mark.slow
def test_rehearse_prints_json_alone_and_restarts_the_database(
    competition: Path, tmp_path: Path, postgresql_url: str, review: Callable[..., Result]
) -> None:
    mark = f'{shlex.quote(sys.executable)} -c \'open("{tmp_path}/restarted", "w")\''
    done = review(
        "rehearse", competition, *SMALL, "--database", postgresql_url,
        "--restart-database", mark, "--json",
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert (done.exit_code, report["clean"], report["size"]["database"]) == (0, True, "postgresql")
    assert report["played"]["restarts"] == 1
    assert (tmp_path / "restarted").exists()


def test_rehearse_prints_the_report_or_its_json_and_keeps_it(
    competition: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    review: Callable[..., Result],
) -> None:
    monkeypatch.setattr("review.rehearsal.play.rehearse", lambda _plan: REPORT)
    done = review("rehearse", competition, "--out", tmp_path / "report.json")
    assert (done.exit_code, done.stdout) == (0, click.unstyle("\n".join(lines(REPORT)) + "\n"))
    kept = (tmp_path / "report.json").read_text("utf-8")
    assert review("rehearse", competition, "--json").stdout == kept
    assert json.loads(kept)["schema"] == 1


def test_rehearse_fails_when_anything_was_wrong(
    competition: Path, monkeypatch: pytest.MonkeyPatch, review: Callable[..., Result]
) -> None:
    monkeypatch.setattr("review.rehearsal.play.rehearse", lambda _plan: BROKEN)
    assert review("rehearse", competition).exit_code == 1

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from wcwidth import wcswidth

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

STAR_PLAN = Path(__file__).parents[2] / "examples/star-plan-2024"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_founding_case_fits_eighty_columns(
    language: str, review: Callable[..., Result], golden: Callable[[str, str], None]
) -> None:
    done = review("--lang", language, "run", STAR_PLAN)
    assert done.exit_code == 0
    assert max(map(wcswidth, done.stdout.splitlines())) <= 80
    golden(f"star-plan.{language}", done.stdout)


@pytest.mark.parametrize("columns", ["60", "120"])
def test_tables_keep_to_narrow_and_wide_screens(
    columns: str, review: Callable[..., Result]
) -> None:
    done = review("run", STAR_PLAN, COLUMNS=columns)
    assert max(map(wcswidth, done.stdout.splitlines())) <= int(columns)


def test_nothing_is_written_without_out(
    competition: Path, review: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(competition)
    before = sorted(competition.rglob("*"))
    assert review("run", ".").exit_code == 0
    assert sorted(competition.rglob("*")) == before


def test_json_is_the_result_and_nothing_else(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review("run", competition, "--json", "--out", tmp_path / "out", "--format", "csv, md")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout_bytes == (tmp_path / "out/result.json").read_bytes()


def test_out_says_what_was_written(
    competition: Path,
    tmp_path: Path,
    review: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = review("run", competition, "--out", "out", "--format", "csv")
    names = (
        "awards.csv, result.json, shortlist-selection.csv, standings-selection.csv, manifest.json"
    )
    assert done.exit_code == 0
    assert " ".join(done.stdout.rpartition("\n\n")[2].split()) == f"Written to out: {names}"


@pytest.mark.parametrize(("more", "chapters"), [([], 1), (["--no-analysis"], 0)])
def test_report_tells_how_sure_it_is_unless_told_not_to(
    more: list[str], chapters: int, competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review("run", competition, "--out", tmp_path / "out", "--format", "html", *more)
    assert done.exit_code == 0
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert page.count('<h2 id="en-sure">') == chapters


def test_format_without_out_is_wrong_usage(
    competition: Path, review: Callable[..., Result]
) -> None:
    done = review("run", competition, "--format", "csv")
    assert done.exit_code == 2
    assert done.stderr.endswith("Error: --format needs --out: nothing is written without it\n")


def test_errors_stop_the_run_and_are_told_at_once(
    broken: Path, review: Callable[..., Result], golden: Callable[[str, str], None]
) -> None:
    done = review("run", broken)
    assert (done.exit_code, done.stdout) == (1, "")
    golden("run-errors", done.stderr)


@pytest.mark.parametrize("command", ["run", "check"])
def test_json_of_errors_is_the_problems(
    command: str, broken: Path, review: Callable[..., Result]
) -> None:
    done = review(command, broken, "--json")
    document = json.loads(done.stdout)
    assert (done.exit_code, done.stderr) == (1, "")
    assert list(document) == ["schema", "competition", "problems"]
    assert (document["schema"], document["competition"]) == (1, "ideas")
    assert {each["severity"] for each in document["problems"]} == {"error"}


@pytest.mark.parametrize("command", ["run", "check"])
def test_json_of_a_competition_without_rules_has_no_id(
    command: str, tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review(command, tmp_path, "--json")
    document = json.loads(done.stdout)
    assert (done.exit_code, document["competition"], len(document["problems"])) == (1, None, 1)


@pytest.mark.parametrize("command", ["run", "check"])
def test_json_of_a_failing_plugin_is_a_problem(
    command: str, competition: Path, review: Callable[..., Result]
) -> None:
    (competition / "plugins").mkdir()
    (competition / "plugins/broken.py").write_text("1 / 0\n", encoding="utf-8")
    done = review(command, competition, "--json")
    (problem,) = json.loads(done.stdout)["problems"]
    assert (done.exit_code, done.stderr) == (1, "")
    assert (problem["severity"], problem["code"]) == ("error", "plugin_import")
    done = review(command, competition)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "broken" in done.stderr


def test_json_of_a_folder_that_is_not_ours_is_a_problem(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/theirs.txt").write_text("keep me", encoding="utf-8")
    done = review("run", competition, "--out", tmp_path / "out", "--json")
    (problem,) = json.loads(done.stdout)["problems"]
    assert (done.exit_code, problem["code"]) == (1, "output_not_ours")


def test_round_that_waits_for_a_decision_is_an_error_beside_the_tables(
    undecided: Path, review: Callable[..., Result], golden: Callable[[str, str], None]
) -> None:
    done = review("run", undecided)
    assert done.exit_code == 1
    golden("run-undecided", done.stdout + "-----\n" + done.stderr)
    done = review("run", undecided, "--json")
    assert (done.exit_code, done.stderr) == (1, "")
    assert [each["id"] for each in json.loads(done.stdout)["rounds"]] == ["selection"]


EXPORTER = """
from review import Exporter, hookimpl

class Broken(Exporter):
    id = "broken"
    title = {"en": "Broken", "zh-Hans": "坏的"}

    def export(self, result, folder):
        raise ValueError("out of paper")

@hookimpl
def register_exporters():
    return [Broken]
"""


def test_failing_exporter_is_named_and_the_others_are_written(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    (competition / "plugins").mkdir()
    (competition / "plugins/paper.py").write_text(EXPORTER, encoding="utf-8")
    done = review("run", competition, "--out", tmp_path / "out", "--format", "broken,csv")
    assert done.exit_code == 1
    assert "the exporter “broken” failed" in done.stderr
    assert "out of paper" in done.stderr
    assert (tmp_path / "out/standings-selection.csv").exists()
    done = review(
        "run", competition, "--no-local-plugins", "--out", tmp_path / "out", "--format", "broken"
    )
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: there is no format “broken”")


def test_plugin_that_is_left_out_is_missing(
    competition: Path, review: Callable[..., Result]
) -> None:
    done = review("run", competition, "--no-plugin", "review_rubrics")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "community-proposal" in done.stderr


def test_colours_are_for_terminals_that_want_them(
    competition: Path, monkeypatch: pytest.MonkeyPatch, review: Callable[..., Result]
) -> None:
    monkeypatch.setattr(sys, "stdout", sys.__stdout__)
    assert "\x1b[" not in review("run", competition, NO_COLOR="").stdout
    done = review("run", competition, color=True, NO_COLOR="")
    assert done.stdout.startswith("\x1b[1mIdeas for Our Neighbourhood · provisional\x1b[0m\n")
    assert "\x1b[" not in review("run", competition, color=True, NO_COLOR="1").stdout


def test_folder_that_cannot_be_written_is_told_in_words(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    (tmp_path / "file").touch()
    done = review("run", competition, "--out", tmp_path / "file/out", "--lang", "zh-Hans")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "".join(done.stderr.split()) == (
        f"错误：无法写入{tmp_path}/file/out：Fileexists:{tmp_path}/file"
    )


TOP = """rule = "top"
size = 3
quotas = [{ by = "community", max = 2 }]
reserve = 1
line = "report"
"""

PARTS = """
from review import Award, FieldScorer, ShortlistRule, hookimpl

class Odd(Award):
    id = "odd"
    def value(self, standings):
        return {}["boom"]

class Worse(FieldScorer):
    id = "worse"
    def score_field(self, field):
        return {}["bang"]

class Nobody(ShortlistRule):
    id = "nobody"
    def select(self, entrants):
        return {}["crash"]

@hookimpl
def register_awards():
    return [Odd]

@hookimpl
def register_scorers():
    return [Worse]

@hookimpl
def register_shortlists():
    return [Nobody]
"""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('award = "top_score"', 'award = "odd"'), "(award “prizes”, odd): KeyError: 'boom'"),
        (
            (TOP, 'rule = "nobody"\n'),
            "(shortlist rule nobody, round selection): KeyError: 'crash'",
        ),
        (
            ('rubric = "community-proposal"', 'rubric = "mine"'),
            "(scorer worse, round selection): KeyError: 'bang'",
        ),
    ],
    ids=["award", "shortlist", "scorer"],
)
def test_failing_part_is_named_with_what_it_was_at(
    change: tuple[str, str], words: str, competition: Path, review: Callable[..., Result]
) -> None:
    (competition / "plugins").mkdir()
    (competition / "plugins/mine.py").write_text(PARTS, encoding="utf-8")
    (competition / "rubrics").mkdir()
    (competition / "rubrics/mine.toml").write_text(
        'id = "mine"\nextends = "community-proposal"\nscorer = "worse"\n', encoding="utf-8"
    )
    rules = competition / "competition.toml"
    rules.write_text(rules.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    done = review("run", competition)
    assert (done.exit_code, done.stdout) == (1, "")
    told = " ".join(done.stderr.split())
    assert told.startswith("Error: plugin plugins/mine.py (sha256:")
    assert words in told
    assert told.endswith("→ --traceback shows where it happened")
    assert 'File "' in review("run", competition, "--traceback").stderr

"""The example of comparisons: its answers, and what its README says of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from review import app
from review.output import result_text

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLE = Path(__file__).parents[2] / "examples/courtyard-murals"


def order(folder: Path) -> Sequence[str]:
    return [line.proposal for line in app.run(app.load(folder)).round("choice").standings]


def test_example_has_no_problem_and_is_decided() -> None:
    opened = app.load(EXAMPLE)
    result = app.run(opened)
    (round_,) = result.rounds

    assert (list(opened.problems), list(result.problems)) == ([], [])
    assert [(s.proposal, str(s.score)) for s in round_.standings] == [
        ("m4", "1.032"), ("m8", "0.987"), ("m2", "0.210"), ("m6", "0.186"),
        ("m7", "0.170"), ("m1", "0.104"), ("m5", "-1.098"), ("m3", "-1.592"),
    ]  # fmt: skip
    assert [e.proposal for e in round_.shortlist or () if e.status == "in"] == ["m4", "m8", "m2"]
    assert [e.proposal for e in round_.shortlist or () if e.status == "reserve"] == ["m6"]


def test_example_suggests_a_pair_nobody_compared() -> None:
    (found,) = app.next_pairs(app.load(EXAMPLE), judge="Gate 3").rounds

    assert (found.comparisons, found.pairs_compared, found.pairs_possible) == (54, 26, 28)
    assert (found.pairs[0].first, found.pairs[0].second, found.pairs[0].compared) == ("m2", "m7", 0)


@pytest.mark.parametrize("scorer", ["crowd_bt", "copeland", "schulze", "kemeny"])
def test_other_scorers_see_the_second_first(scorer: str, tmp_path: Path) -> None:
    for name in ("proposals.csv", "judges.csv", "comparisons.csv"):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    rules = (EXAMPLE / "competition.toml").read_text("utf-8").replace('"pairwise"', '"own"')
    (tmp_path / "competition.toml").write_text(rules, "utf-8")
    (tmp_path / "rubrics").mkdir()
    text = f'id = "own"\nextends = "pairwise"\nscorer = "{scorer}"\n'
    (tmp_path / "rubrics/own.toml").write_text(text, "utf-8")

    assert order(tmp_path)[0] == "m8"
    assert order(EXAMPLE)[0] == "m4"


def test_example_gives_the_same_whatever_the_order_of_its_rows(tmp_path: Path) -> None:
    for path in EXAMPLE.iterdir():
        lines = path.read_text("utf-8").splitlines(keepends=True)
        if path.suffix == ".csv":
            lines = [lines[0], *reversed(lines[1:])]
        (tmp_path / path.name).write_text("".join(lines), "utf-8")

    assert result_text(app.run(app.load(tmp_path))) == result_text(app.run(app.load(EXAMPLE)))

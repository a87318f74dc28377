"""An organiser who has docs/lottery.md and nothing else: from the rule to the checked draw."""

from __future__ import annotations

import json
import re
import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from review.cli import main

if TYPE_CHECKING:
    from click.testing import Result

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/lottery.md").read_text(encoding="utf-8")
(SHOWN,) = re.findall(r"```toml\n.*?(\[rounds\.shortlist\]\n.+?)```", PAGE, re.DOTALL)
(SNIPPET,) = re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL)
SHORTLIST = re.compile(r"\[rounds\.shortlist\]\n.+?\n(?=\n)", re.DOTALL)
DRAWS = {"lottery_drawn", "lottery_not_drawn", "lottery_reserve"}


class Organiser:
    """Somebody with a folder, a terminal and the page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rules = folder / "competition.toml"

    def types(self, *arguments: object) -> Result:
        return CliRunner(env={"LANG": "C.UTF-8"}, catch_exceptions=False).invoke(
            main, [str(each) for each in arguments], prog_name="review"
        )

    def declares(self, *lines: str) -> None:
        """Put the page's block in place of the shortlist, with these lines for its commitment."""
        block = re.sub(r"commitment = .+\n", "".join(f"{line}\n" for line in lines), SHOWN)
        text = self.rules.read_text(encoding="utf-8")
        changed, count = SHORTLIST.subn(lambda _: block, text, count=1)
        assert count == 1
        self.rules.write_text(changed, encoding="utf-8", newline="\n")

    def result(self) -> Any:
        return json.loads(self.types("run", self.folder, "--json").stdout)

    def shortlist(self) -> dict[str, Any]:
        return {e["proposal"]: e for e in self.result()["rounds"][0]["shortlist"]}


@pytest.fixture
def organiser(tmp_path: Path) -> Organiser:
    folder = tmp_path / "star-plan"
    shutil.copytree(ROOT / "examples/star-plan-2024", folder)
    return Organiser(folder)


def seen(status: str, shortlist: dict[str, Any]) -> set[str]:
    return {p for p, entry in shortlist.items() if entry["status"] == status}


@pytest.mark.slow
def test_five_steps_lead_to_a_draw_that_anybody_can_repeat(
    organiser: Organiser, tmp_path: Path
) -> None:
    # Steps 1 and 2: the rule, and the commitment line as `review seed` prints it.
    secret_line, promise_line = organiser.types("seed").output.splitlines()
    organiser.declares(promise_line)

    # Step 3: who is sure is in or out, and the others wait.
    done = organiser.types("check", organiser.folder)
    assert "the draw is pending: publish its secret as `draw_seed`" in " ".join(done.output.split())
    before = organiser.shortlist()
    waiting = seen("undecided", before)
    assert waiting
    assert {before[p]["reason"]["code"] for p in waiting} == {"lottery_pending"}
    sure = seen("in", before)

    # Step 4: the secret, and the draw.
    organiser.declares(promise_line, secret_line)
    out = tmp_path / "out"
    assert organiser.types("run", organiser.folder, "--out", out).exit_code == 0
    after = organiser.shortlist()
    assert not seen("undecided", after)
    assert len(seen("in", after)) == 14
    assert sure < seen("in", after) <= sure | waiting
    assert len(seen("reserve", after)) == 3
    assert {p: after[p] for p in sure} == {p: before[p] for p in sure}

    # Step 5: the secret is the one that was promised, and the ten lines draw the same.
    secret, promise = (
        line.partition('"')[2].partition('"')[0] for line in (secret_line, promise_line)
    )
    assert organiser.types("seed", "--check", secret, promise).exit_code == 0
    chances = {
        p: Fraction(re.findall(r"chance (\d+/\d+)", entry["reason"]["en"])[0])
        for p, entry in after.items()
        if entry["reason"]["code"] in DRAWS
    }
    assert set(chances) == waiting
    names: dict[str, Any] = {}
    exec(SNIPPET, names)  # noqa: S102 -- our own page
    assert set(names["drawn"](secret, "selection", chances)) == seen("in", after) - sure

    # And the files say so.
    assert organiser.types("verify", out, organiser.folder).exit_code == 0
    report = (out / "report.html").read_text(encoding="utf-8")
    assert f"committed to as {promise}" in report
    assert "抽签入围" in report
    (drawn, *_) = seen("in", after) - sure
    told = organiser.types("explain", organiser.folder, drawn, "--round", "selection").output
    assert "in by lot: chance" in " ".join(told.split())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('draw_seed = "what I meant"', "it is not the secret that was committed to"),
        ('draw_seed = ""', "“draw_seed” is empty"),
    ],
)
def test_secret_that_does_not_fit_is_told_before_anything_is_scored(
    organiser: Organiser, line: str, told: str
) -> None:
    organiser.declares(organiser.types("seed").output.splitlines()[1], line)
    done = organiser.types("check", organiser.folder)
    assert done.exit_code == 1
    words = " ".join(done.output.split())
    assert "rounds.selection.shortlist.draw_seed" in words
    assert told in words


def test_placeholder_of_the_page_is_no_commitment(organiser: Organiser) -> None:
    organiser.declares('commitment = "sha256:2c8b…"')
    done = organiser.types("check", organiser.folder, "--lang", "zh-Hans")
    assert done.exit_code == 1
    assert "承诺值应为" in "".join(done.output.split())


@pytest.mark.slow
def test_without_commitment_the_draw_is_made_and_warned_of(organiser: Organiser) -> None:
    organiser.declares()
    result = organiser.result()
    warnings = [p["code"] for p in result["problems"] if p["severity"] == "warning"]
    assert "lottery_unpromised" in warnings


@pytest.mark.slow
def test_another_secret_draws_others_but_among_the_same(organiser: Organiser) -> None:
    draws = []
    for seed in ("one secret for the draw", "another secret for it"):
        organiser.declares(f'draw_seed = "{seed}"')
        shortlist = organiser.shortlist()
        codes = {p: e["reason"]["code"] for p, e in shortlist.items()}
        draws.append({p for p, code in codes.items() if code in DRAWS})
    assert draws[0] == draws[1]


def test_linear_method_of_the_page_works_with_its_width(organiser: Organiser) -> None:
    organiser.declares('method = "linear"', "width = 1.5", 'draw_seed = "one secret for the draw"')
    assert len(seen("in", organiser.shortlist())) == 14

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click import unstyle
from wcwidth import wcswidth

from review.analysis.stability.places import FieldStability, Line, ProposalStability
from review.analysis.stability.report import RoundStability, Stability
from review.analysis.stability.winning import AwardChances, Chance
from review.cli import stability_tables
from review.cli.stability_tables import drawing, stability_lines
from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

STAR_PLAN = Path(__file__).parents[2] / "examples/star-plan-2024"


def proposal(number: int, low: int, high: int, expected: float | None = None) -> ProposalStability:
    middle = (low + high) // 2
    return ProposalStability(
        proposal=f"p{number}", title={"en": f"Idea {number}"}, rank=number,
        expected_rank=expected or middle, sucra=0.5, score=5.0, sd=1.0,
        interval_50=(max(low, middle - 1), min(high, middle + 1)), interval_90=(low, high),
        p_first=0.0, p_in=0.5, marginal=None, simultaneous=None, bootstrap_90=(low, high),
        bootstrap_in=0.5,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "expected", "size", "drawn"),
    [
        (2, 8, 5.0, None, " ├─━●━─┤  "),
        (1, 10, 5.0, 6, "├──━●━┼──┤"),
        (4, 9, 8.4, 6, "   ├━━┿●┤ "),
        (3, 3, 3.0, 6, "  ●   ┊   "),
    ],
)
def test_an_interval_is_drawn_over_all_places(
    low: int, high: int, expected: float, size: int | None, drawn: str
) -> None:
    assert drawing(proposal(1, low, high, expected), size, 10, 10) == drawn


def test_a_field_of_one_is_drawn() -> None:
    assert drawing(proposal(1, 1, 1), None, 1, 12) == "●           "


def line(size: int, first: int | None, last: int | None) -> Line:
    return Line(size, first, last, 0.2, 0.8, (), (), 1.0, (), by_rank=True, among=None)


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (None, [*range(1, 21)]),
        (line(100, 95, 108), [*range(1, 21), *range(86, 116)]),
        (line(100, None, None), [*range(1, 21), *range(86, 116)]),
        (line(5, 4, 8), [*range(1, 21)]),
        (line(100, 80, 300), [*range(1, 21), *range(80, 141)]),
    ],
)
def test_large_fields_are_shown_at_the_top_and_around_the_line(
    found: Line | None, shown: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = tuple(proposal(i, max(1, i - 9), min(400, i + 9)) for i in range(1, 401))
    field = FieldStability(None, "mean", proposals=everybody, line=found)
    rows, hidden = stability_tables._shown(field)  # noqa: SLF001
    assert [p.rank for p in rows] == shown
    assert hidden == 400 - len(shown)
    text = "\n".join(stability_tables._places(field))  # noqa: SLF001
    assert f"- {hidden} proposals far from the line are not shown; --json has all" in text


def chance(number: int, share: float, *, won: bool) -> Chance:
    return Chance(f"p{number}", {"en": f"Idea {number}"}, share, (share,), won)


def test_groups_and_awards_stand_below_each_other() -> None:
    both = tuple(replace(proposal(i, 1, 2), p_in=None) for i in (1, 2))
    known = FieldStability("east", "mean", proposals=both)
    unknown = FieldStability(
        "west", "mean", Message("stability_one_proposal"), sentences=(Message.plain("Nothing."),)
    )
    sure = AwardChances(
        "a", {"en": "Sure"}, "r", "facts", 1, (chance(1, 1.0, won=True),), (Message.plain("Sure."),)
    )
    open_ = AwardChances(
        "b", {"en": "Open"}, "r", "score", 9,
        (chance(1, 0.6, won=True), chance(2, 0.4, won=False)), (),
    )  # fmt: skip
    rounds = (
        RoundStability("r", {"en": "First"}, (known, unknown), (sure, open_)),
        RoundStability("s", {}, (unknown,), ()),
    )
    text = unstyle("\n".join(stability_lines(Stability("c", {"en": "C"}, "", "", rounds))))
    assert text.split("\n\n")[1:] == [
        "First · east: how sure the ranking is",
        (
            "Rank  No.  Proposal  1          2  90 %  First, %\n"
            "────  ───  ────────  ────────────  ────  ────────\n"
            "   1  p1   Idea 1    ●━━━━━━━━━━┤   1–2         0\n"
            "   2  p2   Idea 2    ●━━━━━━━━━━┤   1–2         0\n"
            "- ├─┤ the places that hold with 90 %, ━ with 50 %, ● the expected place"
        ),
        "First · west: how sure the ranking is\n- Nothing.",
        "First: how sure the awards are\n- Sure.",
        (
            "Open    No.  Chance, %  Has it\n"
            "──────  ───  ─────────  ──────\n"
            "Idea 1  p1          60  yes\n"
            "Idea 2  p2          40"
        ),
        "s · west: how sure the ranking is\n- Nothing.",
    ]


def test_stability_of_a_folder(competition: Path, review: Callable[..., Result]) -> None:
    done = review("stability", competition)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(map(wcswidth, lines)) <= 80
    assert lines[2].endswith(": how sure the ranking is")
    assert any("●" in each for each in lines)


def test_stability_as_json_prints_nothing_else(
    competition: Path, review: Callable[..., Result]
) -> None:
    done = review("stability", competition, "--json")
    found = json.loads(done.stdout)
    assert (done.exit_code, done.stderr, found["schema"]) == (0, "", 1)
    assert review("stability", competition, "--json").stdout == done.stdout


def test_stability_says_what_is_not_there(competition: Path, review: Callable[..., Result]) -> None:
    done = review("stability", competition, "--round", "x")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: there is no round “x”; there are selection\n"
    done = review("stability", competition, "--round", "x", "--json")
    assert done.exit_code == 1
    assert "problems" in json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_stability_of_the_founding_case(language: str, review: Callable[..., Result]) -> None:
    done = review("stability", STAR_PLAN, "--lang", language)
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(map(wcswidth, done.stdout.splitlines())) <= 80

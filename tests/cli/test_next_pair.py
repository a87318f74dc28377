from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.load.comparing import RULES, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


def test_next_pair_is_told_in_words_and_as_a_table(
    tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review("next-pair", write(tmp_path), "--lang", "en")

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "final\n"
        "- Next, have b compared with d: that is expected to tell most.\n"
        "- So far there are 8 comparisons of 6 out of 6 pairs.\n"
        "\n"
        "First proposal  Second proposal  Compared\n"
        "──────────────  ───────────────  ────────\n"
        "b Beta          d Delta                 1\n"
        "c Gamma         d Delta                 1\n"
        "a Alpha         c Gamma                 1\n"
        "a Alpha         b Beta                  1\n"
        "b Beta          c Gamma                 2\n"
    )


def test_next_pair_of_a_judge_leaves_out_what_they_compared(
    tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review("next-pair", write(tmp_path), "--judge", "Cid", "--round", "final", "--json")

    (round_,) = json.loads(done.stdout)["rounds"]
    assert round_["judge"] == "j3"
    assert [(pair["first"], pair["second"]) for pair in round_["pairs"]] == [
        ("b", "d"), ("c", "d"), ("a", "c"), ("a", "b"),
    ]  # fmt: skip


def test_rounds_stand_below_each_other(tmp_path: Path, review: Callable[..., Result]) -> None:
    second = RULES.partition("[[rounds]]")[2].replace('"final"', '"more"')
    files = {"competition.toml": f"{RULES}[[rounds]]{second}", "proposals.csv": "id,title\na,A\n",
             "comparisons.csv": "judge,winner,loser,round\n"}  # fmt: skip

    done = review("next-pair", write(tmp_path, files), "--lang", "en")

    nothing = (
        "- There is nothing to compare: fewer than two proposals are in the round.\n"
        "- So far there are 0 comparisons of 0 out of 0 pairs.\n"
    )
    assert done.stdout == f"final\n{nothing}\nmore\n{nothing}"


def test_what_is_wrong_is_told(tmp_path: Path, review: Callable[..., Result]) -> None:
    folder = write(tmp_path)

    plain = review("next-pair", folder, "--round", "x", "--lang", "en")
    assert (plain.exit_code, plain.stdout) == (1, "")
    assert "no round “x” is judged by comparisons here; there are final" in plain.stderr

    as_json = review("next-pair", folder, "--round", "x", "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["competition"] == "duels"


def test_explanation_shows_who_placed_it_above_whom(
    tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review("explain", write(tmp_path), "Alpha", "--lang", "en")

    assert done.stdout.startswith(
        "a · Alpha\n"
        "\n"
        "final\n"
        "Compared with  above  below  level  Judges: above, below, level\n"
        "─────────────  ─────  ─────  ─────  ───────────────────────────\n"
        "c Gamma            1      0      0  Ben 1:0:0\n"
        "d Delta            1      1      0  Ben 0:1:0, Cid 1:0:0\n"
        "b Beta             1      0      0  Ann 1:0:0\n"
        "\n"
        "- Judges said which proposal is better;"
    )


def test_competition_of_comparisons_is_not_served(
    tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review("serve", write(tmp_path), "--lang", "en")

    assert done.exit_code == 1
    assert "which cannot be given live yet" in done.stderr


def test_competition_of_comparisons_is_not_rehearsed(
    tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review("rehearse", write(tmp_path), "--lang", "en")

    assert done.exit_code == 1
    assert "which cannot be given live yet" in done.stderr


def test_result_of_comparisons_verifies(tmp_path: Path, review: Callable[..., Result]) -> None:
    folder, out = write(tmp_path / "duels"), tmp_path / "out"
    review("run", folder, "--out", out)

    assert review("verify", out, folder).exit_code == 0

    write(folder, {"comparisons.csv": "judge,winner,loser\nj1,a,b\nj1,b,c\nj1,c,d\nj1,d,a\n"})
    assert review("verify", out, folder).exit_code == 1

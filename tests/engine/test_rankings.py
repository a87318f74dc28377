"""Rounds that are judged by comparisons: what counts, what is told, how it is explained."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from review import app
from review.errors import DataError
from tests.load.comparing import COMPARISONS, CRITERION, RULES, with_rubric, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from review.model.result import Result, Standing

COPELAND = with_rubric('scorer = "copeland"\ndecimals = 0' + CRITERION)
HERE = "round “final”: "
HEADER = "judge,winner,loser\n"


def run(folder: Path, files: Mapping[str, str | bytes | None] | None = None) -> Result:
    return app.run(app.load(write(folder, files)))


def lines(result: Result, round_id: str = "final") -> dict[str, Standing]:
    return {line.proposal: line for line in result.round(round_id).standings}


def told(result: Result) -> list[str]:
    return [problem.message.render("en") for problem in result.problems]


def scores(result: Result) -> dict[str, Any]:
    return {proposal: line.score for proposal, line in lines(result).items()}


def rules(more: str, base: str = RULES) -> dict[str, str]:
    """The rules with further keys of the round; scored by majorities."""
    return {**COPELAND, "competition.toml": COPELAND["competition.toml"] + more} if base else {}


def test_round_of_comparisons_has_standings(tmp_path: Path) -> None:
    result = run(tmp_path)
    first = next(iter(result.round("final").standings))

    assert (first.proposal, first.rank, first.score) == ("a", 1, Decimal("0.827"))
    assert (first.ballots, first.missing, first.subtotal) == (3, 0, first.score)
    assert first.criteria == {"overall": first.score}
    assert result.round("final").to_json()["coverage"] == {
        "expected": 0, "marked": 0, "missing": 0,
    }  # fmt: skip
    assert told(result) == []


def test_ballots_are_the_judges_who_compared_a_proposal(tmp_path: Path) -> None:
    table = HEADER + "j1,a,b\nj1,c,a\nj2,a,b\n"
    found = lines(run(tmp_path, {**COPELAND, "comparisons.csv": table}))

    assert {p: line.ballots for p, line in found.items()} == {"a": 2, "b": 2, "c": 1, "d": 0}
    assert found["d"].rank is None


def test_rankings_and_comparisons_come_to_the_same(tmp_path: Path) -> None:
    pairs = run(
        tmp_path / "one", {**COPELAND, "comparisons.csv": HEADER + "j1,a,b\nj1,b,c\nj1,a,c\n"}
    )
    ranked = COPELAND["competition.toml"].replace("comparisons =", "rankings =")
    table = "judge,proposal,place\nj1,a,1\nj1,b,2\nj1,c,3\n"
    files = {**COPELAND, "competition.toml": ranked, "comparisons.csv": table}

    assert scores(run(tmp_path / "other", files)) == scores(pairs)


def test_withdrawn_proposals_leave_the_order_of_the_others(tmp_path: Path) -> None:
    ranked = COPELAND["competition.toml"].replace("comparisons =", "rankings =")
    files = {
        **COPELAND,
        "competition.toml": ranked,
        "proposals.csv": "id,title,status\na,A,\nb,B,withdrawn\nc,C,\nd,D,\n",
        "comparisons.csv": "judge,proposal,place\nj1,a,1\nj1,b,2\nj1,c,3\nj2,b,1\nj2,d,2\n",
    }

    assert scores(run(tmp_path, files)) == {"a": 1, "c": -1, "d": None, "b": None}


def test_conflicts_that_are_excluded_do_not_count_and_their_effect_is_told(tmp_path: Path) -> None:
    text = COPELAND["competition.toml"].replace(
        "[[rounds]]", '[conflicts]\nmarks = "exclude"\n[[rounds]]'
    )
    files = {
        **COPELAND,
        "competition.toml": text,
        "conflicts.csv": "judge,proposal,reason\nj3,a,friends\n",
        "comparisons.csv": HEADER + "j3,a,b\nj3,b,c\nj2,c,a\n",
    }

    round_ = run(tmp_path, files).round("final")

    assert [(s.proposal, s.rank, s.score) for s in round_.standings] == [
        ("b", 1, 1), ("c", 2, 0), ("a", 3, -1), ("d", None, None),
    ]  # fmt: skip
    assert round_.excluded == (("j3", "a", "friends"),)
    effect = [(e.proposal, e.rank, e.rank_with) for e in round_.excluded_effect]
    assert effect == [("c", 2, 1), ("a", 3, 1)]


def test_proposals_that_are_not_in_the_round_are_left_out(tmp_path: Path) -> None:
    files = rules('entrants = { where = { community = "north" } }\n')
    files["proposals.csv"] = "id,title,community\na,A,north\nb,B,north\nc,C,south\nd,D,south\n"
    result = run(tmp_path, {**files, "comparisons.csv": HEADER + "j1,a,b\nj2,c,a\nj3,a,b\n"})

    assert told(result) == [
        f"{HERE}comparisons of proposals that are not in the round were left out (1): c",
    ]
    assert scores(result) == {"a": 1, "b": -1}


def test_groups_are_ranked_by_themselves_and_comparisons_across_are_told(tmp_path: Path) -> None:
    files = rules('group_by = "track"\n')
    files["proposals.csv"] = "id,title,track\na,A,x\nb,B,x\nc,C,y\nd,D,y\n"
    table = HEADER + "j1,a,b\nj1,a,c\nj2,d,c\nj3,d,c\nj3,b,d\n"
    result = run(tmp_path, {**files, "comparisons.csv": table})

    assert {p: (s.group, s.rank) for p, s in lines(result).items()} == {
        "a": ("x", 1), "b": ("x", 2), "d": ("y", 1), "c": ("y", 2),
    }  # fmt: skip
    (problem,) = told(result)
    assert problem == (
        "round “final”: 2 comparisons of proposals in different groups cannot count, since each"
        " group is ranked by itself"
    )


def test_round_without_comparisons_is_told(tmp_path: Path) -> None:
    result = run(tmp_path, {"comparisons.csv": HEADER})

    assert told(result) == ["round “final” has no comparisons yet"]
    assert {s.rank for s in result.round("final").standings} == {None}


def test_judges_who_were_asked_and_said_nothing_are_told(tmp_path: Path) -> None:
    files = {
        **COPELAND,
        "comparisons.csv": HEADER + "j1,a,b\nj2,b,a\n",
        "assignments.csv": "round,judge,proposal\nfinal,j1,a\nfinal,j1,b\nfinal,j3,a\nfinal,j2,a\n"
        "final,j2,b\n",
    }

    assert "round “final”: judge j3 compared nothing, and nothing says why" in told(
        run(tmp_path, files)
    )


def test_direct_comparison_breaks_a_tie(tmp_path: Path) -> None:
    rubric = 'scorer = "copeland"\ndecimals = 0\nties = ["head_to_head"]' + CRITERION
    table = HEADER + "j1,a,b\nj1,c,a\nj1,b,d\nj2,c,d\nj3,d,c\nj3,d,c\n"
    files = {**with_rubric(rubric), "comparisons.csv": table.replace("j3,d,c\nj3,d,c", "j3,a,b")}
    result = run(tmp_path, files)

    assert [(s.proposal, s.rank) for s in result.round("final").standings] == [
        ("c", 1), ("a", 2), ("b", 3), ("d", 4),
    ]  # fmt: skip
    assert scores(result) == {"a": 0, "b": 0, "c": 2, "d": -2}


def test_worths_that_have_no_limit_stop_the_run_in_words(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        run(tmp_path, {"comparisons.csv": HEADER + "j1,a,b\nj2,b,c\nj3,c,d\n"})

    (problem,) = (p for p in caught.value.problems if p.is_error)
    assert problem.message.render("en").startswith(
        "round “final”: bradley_terry finds no worths: no chain of wins or draws leads both ways"
        " between (a), (b), (c), (d)."
    )


def test_score_of_comparisons_may_be_one_part_of_another_round(tmp_path: Path) -> None:
    more = """
[[rounds]]
id = "sum"
rubric = "own"
[[rounds.parts]]
from = "round:final"
times = 2
"""
    result = run(tmp_path, rules(more))

    assert {p: s.score for p, s in lines(result, "sum").items()} == {
        p: None if s is None else 2 * s for p, s in scores(result).items()
    }


def test_comparisons_may_be_one_part_of_their_own_round(tmp_path: Path) -> None:
    more = '[[rounds.parts]]\nfrom = "fact:votes"\n'
    files = {
        **rules(more),
        "proposals.csv": "id,title,votes\na,A,1\nb,B,2\nc,C,3\nd,D,4\n",
        "comparisons.csv": HEADER + "j1,a,b\nj2,c,d\nj3,b,d\nj3,a,c\n",
    }

    # 2 + 1, 0 + 2, 0 + 3, -2 + 4
    assert scores(run(tmp_path, files)) == {"a": 3, "c": 3, "b": 2, "d": 2}


def test_rounds_of_both_kinds_run_side_by_side(tmp_path: Path) -> None:
    more = '\n[[rounds]]\nid = "marked"\nrubric = "own"\nmarks = "m.csv"\n'
    files = {**rules(more), "m.csv": "proposal,judge,mark\na,j1,5\nb,j1,7\na,j2,4\nb,j2,6\n"}
    result = run(tmp_path, files)

    assert {p: s.score for p, s in lines(result, "marked").items()} == {
        "b": 1, "a": -1, "c": None, "d": None,
    }  # fmt: skip
    assert result.trace("marked").rankings is None
    assert scores(result)["a"] == 2


def test_scorer_may_order_equal_scores_more_finely(tmp_path: Path) -> None:
    plugin = '''
from review import FieldScores, RankingScorer, hookimpl


class Even(RankingScorer):
    """All the same, the last by name first."""

    id = "even"
    title = {"en": "Even", "zh-Hans": "相同"}

    def score_rankings(self, proposals, rankings):
        return FieldScores(dict.fromkeys(proposals, 1), {p: n for n, p in enumerate(proposals)})


@hookimpl
def register_scorers():
    return [Even]
'''
    files = {**with_rubric('scorer = "even"' + CRITERION), "plugins/even.py": plugin}

    assert [s.proposal for s in run(tmp_path, files).round("final").standings] == list("dcba")


# ------------------------------------------------------------------------------------- the way back


def test_duels_count_each_pair_both_ways(tmp_path: Path) -> None:
    duels = run(tmp_path).trace("final").duels()

    assert [row for row in duels.rows() if {"b", "d"} == set(row[:2])] == [
        ("b", "d", "j2", 0, 0, 1),
        ("d", "b", "j2", 0, 0, 1),
    ]
    assert duels["above"].sum() == duels["below"].sum() == 7


def test_explanation_tells_who_placed_it_above_whom(tmp_path: Path) -> None:
    explanation = app.explain(run(tmp_path), "Alpha")
    (round_,) = explanation.rounds

    assert [(d.other, d.above, d.below, d.level, d.judges) for d in round_.duels] == [
        ("c", 1, 0, 0, [("Ben", 1, 0, 0)]),
        ("d", 1, 1, 0, [("Ben", 0, 1, 0), ("Cid", 1, 0, 0)]),
        ("b", 1, 0, 0, [("Ann", 1, 0, 0)]),
    ]
    assert [step.render("en") for step in round_.steps] == [
        "Judges said which proposal is better; the scorer works on who was placed above whom.",
        "Placed above another 3 times, below 1 time, level 0 times.",
        "Scorer: bradley_terry.",
        "Subtotal: 0.827 from 3 ballots.",
        "Rank 1 with 0.827.",
    ]


def test_explanation_names_the_options_of_a_scorer(tmp_path: Path) -> None:
    rubric = 'scorer = { name = "bradley_terry", prior = 0.5 }\ndecimals = 3' + CRITERION
    (round_,) = app.explain(run(tmp_path, with_rubric(rubric)), "a").rounds

    assert "Scorer: bradley_terry (prior = 0.5)." in [s.render("en") for s in round_.steps]


def test_explanation_of_who_was_never_compared_is_short(tmp_path: Path) -> None:
    files = {**COPELAND, "comparisons.csv": HEADER + "j1,a,b\n"}
    (round_,) = app.explain(run(tmp_path, files), "d").rounds

    assert (round_.duels, [s.render("en") for s in round_.steps]) == (
        [],
        ["Not ranked: no score: no counted ballot."],
    )


def test_order_of_rows_changes_no_byte_of_the_result(tmp_path: Path) -> None:
    header, *rows = COMPARISONS.splitlines(keepends=True)
    there = run(tmp_path / "one")
    back = run(tmp_path / "other", {"comparisons.csv": header + "".join(reversed(rows))})

    assert back.to_json() == there.to_json()

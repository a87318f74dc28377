"""What comparisons and rankings become when they are loaded, and what is told of wrong ones."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter

from review import app
from review.engine.digests import content_digest
from tests.load.comparing import COMPARISONS, CRITERION, PROPOSALS, RULES, with_rubric, write
from tests.load.conftest import line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Told = Callable[..., list[str]]

HEADER = "judge,winner,loser,tie\n"
TIE_HINT = "write yes for a tie; leave the cell blank where somebody won"
ORDER_HINT = (
    "where a judge compared a pair again, tell the comparisons apart by `order` or `at`: each of"
    " them counts"
)
RANKED = RULES.replace("comparisons =", "rankings =")


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """A line for each problem of the competition with these files; `_` in a name is a dot."""

    def problems(files: dict[str, str | bytes | None] | None = None, **more: Any) -> list[str]:
        opened = app.load(write(tmp_path, files), **more)
        return [line(problem) for problem in opened.problems]

    return problems


def rows(folder: Path) -> list[tuple[Any, ...]]:
    rankings = app.load(folder).loaded.rankings
    assert rankings is not None
    return rankings.drop("round").rows()


def test_comparisons_are_rankings_of_two(tmp_path: Path) -> None:
    table = HEADER + "j2,d,b,平\nj1,c,a,\nj1,a,b,no\n"

    assert rows(write(tmp_path, {"comparisons.csv": table})) == [
        ("j1", 1, "a", 1),
        ("j1", 1, "b", 2),
        ("j1", 2, "a", 2),
        ("j1", 2, "c", 1),
        ("j2", 1, "b", 1),
        ("j2", 1, "d", 1),
    ]


def test_rankings_keep_their_order_and_ties(tmp_path: Path) -> None:
    table = "judge,proposal,place\nj1,a,2\nj1,b,２\nj1,c,1.0\nj1,d,-\nj2,d,5\nj2,b,7\nj3,a,\n"
    files = {"competition.toml": RANKED.replace("comparisons.csv", "r.csv"), "r.csv": table}

    assert rows(write(tmp_path, files)) == [
        ("j1", 1, "a", 2),
        ("j1", 1, "b", 2),
        ("j1", 1, "c", 1),
        ("j2", 1, "b", 2),
        ("j2", 1, "d", 1),
    ]


def test_comparisons_and_rankings_of_a_round_count_together(tmp_path: Path) -> None:
    rules = RULES + 'rankings = "r.csv"\n'
    table = "judge,proposal,place\nj1,a,1\nj1,b,2\nj1,c,3\nj2,a,1\nj2,b,1\n"
    files = {
        "competition.toml": rules,
        "comparisons.csv": HEADER + "j1,d,a,\nj2,b,a,yes\n",
        "r.csv": table,
    }

    assert rows(write(tmp_path, files)) == [
        ("j1", 1, "a", 2),
        ("j1", 1, "d", 1),
        ("j1", 2, "a", 1),
        ("j1", 2, "b", 2),
        ("j1", 2, "c", 3),
        # the last two say the same, but each of them was said
        ("j2", 1, "a", 1),
        ("j2", 1, "b", 1),
        ("j2", 2, "a", 1),
        ("j2", 2, "b", 1),
    ]


def test_headers_and_words_may_be_chinese(tmp_path: Path) -> None:
    table = "评委,胜者,败者,平局,轮次\nAnn,Alpha,Beta,,final\nBen,Delta,b,是,final\n"

    assert rows(write(tmp_path, {"comparisons.csv": table})) == [
        ("j1", 1, "a", 1),
        ("j1", 1, "b", 2),
        ("j2", 1, "b", 1),
        ("j2", 1, "d", 1),
    ]


def test_workbook_is_read_where_it_has_the_columns(tmp_path: Path, told: Told) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        notes, table = book.add_worksheet("notes"), book.add_worksheet("比较")
        notes.write_row(0, 0, ["to do", "who"])
        for number, row in enumerate(
            [("评委", "优胜", "负方"), ("j1", "a", "b"), ("j2", "b", "a")]
        ):
            table.write_row(number, 0, row)
    rules = RULES.replace("comparisons.csv", "book.xlsx")

    assert told({"competition.toml": rules}) == ["book.xlsx[notes] note sheet_not_read"]
    assert len(rows(tmp_path)) == 4


def test_workbook_without_the_columns_is_told(tmp_path: Path, told: Told) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        for name in ("one", "two"):
            book.add_worksheet(name).write_row(0, 0, ["judge", "best"])
            book.get_worksheet_by_name(name).write_row(1, 0, ["j1", "a"])
    rules = RULES.replace("comparisons.csv", "book.xlsx")

    assert told({"competition.toml": rules}) == [
        "book.xlsx[one]:1 error column_missing loser (the headers are judge, best)",
        "book.xlsx[one]:1 error column_missing winner (did you mean “best”?)",
        "book.xlsx[two] note sheet_not_read",
    ]


def test_one_table_serves_several_rounds_by_its_column(tmp_path: Path) -> None:
    second = RULES.partition("[[rounds]]")[2].replace('"final"', '"more"')
    table = "round,judge,winner,loser\nfinal,j1,a,b\nmore,j1,b,a\n"
    write(tmp_path, {"competition.toml": f"{RULES}[[rounds]]{second}", "comparisons.csv": table})

    rankings = app.load(tmp_path).loaded.rankings

    assert rankings is not None
    assert rankings.filter(pl.col("place") == 1).select("round", "proposal").rows() == [
        ("final", "a"),
        ("more", "b"),
    ]


# ------------------------------------------------------------------------------------ what is wrong


def test_everything_wrong_with_a_row_is_told_at_once(told: Told) -> None:
    table = HEADER + "j9,a,x,\nj1,a,a,\n,b,c,\nj1,b,,\nj1,c,d,perhaps\nj2,a,b,\n"

    assert told({"comparisons.csv": table}) == [
        "comparisons.csv:2 judge error judge_unknown j9 (known are j1, j2, j3)",
        "comparisons.csv:2 loser error proposal_unknown x (known are a, b, c, d)",
        "comparisons.csv:3 loser error compared_with_itself a",
        "comparisons.csv:4 judge error cell_required",
        "comparisons.csv:5 loser error cell_required",
        f"comparisons.csv:6 tie error tie_not_told perhaps ({TIE_HINT})",
    ]


def test_same_comparison_again_is_an_error(told: Told) -> None:
    table = HEADER + "j1,a,b,\nj2,a,b,\nj1,a,b,\nj1,c,d,yes\nj1,d,c,yes\n"

    assert told({"comparisons.csv": table}) == [
        f"comparisons.csv:4 winner error compared_twice a ({ORDER_HINT})",
        f"comparisons.csv:6 winner error compared_twice d ({ORDER_HINT})",
    ]


def test_contradiction_of_a_judge_is_an_error(told: Told) -> None:
    table = HEADER + "j1,a,b,\nj1,b,a,\nj1,c,d,yes\nj1,c,d,\n"

    assert [text.split(" (")[0] for text in told({"comparisons.csv": table})] == [
        "comparisons.csv:3 winner error compared_both_ways b",
        "comparisons.csv:5 winner error compared_both_ways c",
    ]


def test_comparisons_at_other_moments_all_count(tmp_path: Path, told: Told) -> None:
    table = "judge,winner,loser,order,at\nj1,a,b,1,\nj1,b,a,2,\nj1,a,b,,10:00\nj1,a,b,3,10:00\n"

    assert told({"comparisons.csv": table}) == []
    assert len(rows(tmp_path)) == 8


def test_wrong_places_are_told(told: Told) -> None:
    table = "judge,proposal,place\nj1,a,first\nj1,b,0\nj1,c,1\nj1,c,2\nj1,d,3\nj2,a,1\n"
    files = {"competition.toml": RANKED, "comparisons.csv": table}

    assert told(files) == [
        "comparisons.csv:2 place error place_not_a_number first",
        "comparisons.csv:3 place error place_not_a_number 0",
        "comparisons.csv:5 proposal error ranked_twice c",
        "comparisons.csv:7 judge warning ranked_alone j2",
    ]


def test_who_may_judge_what_is_checked(told: Told) -> None:
    files = {
        "competition.toml": RULES + 'panel = "main"\n',
        "judges.csv": "id,name,panel\nj1,Ann,main\nj2,Ben,other\nj3,Cid,main\n",
        "conflicts.csv": "judge,proposal,reason\nj3,c,friends\n",
        "assignments.csv": "round,judge,proposal\n"
        + "".join(f"final,{j},{p}\n" for j in ("j1", "j2", "j3") for p in "abc"),
        "proposals.csv": "id,title,status\na,Alpha,withdrawn\nb,Beta,\nc,Gamma,\nd,Delta,\n",
    }

    assert told(files) == [
        "comparisons.csv:2 winner note compared_with_status a",
        "comparisons.csv:4 loser warning compared_not_assigned j1",
        "comparisons.csv:5 loser error judge_not_on_panel j2",
        "comparisons.csv:5 winner error judge_not_on_panel j2",
        "comparisons.csv:6 loser error judge_not_on_panel j2",
        "comparisons.csv:6 loser warning compared_not_assigned j2",
        "comparisons.csv:6 winner error judge_not_on_panel j2",
        "comparisons.csv:8 loser warning compared_not_assigned j3",
        "comparisons.csv:9 winner error compared_in_conflict j3",
    ]


def test_conflicts_may_be_excluded(told: Told) -> None:
    files = {
        "competition.toml": RULES.replace("[[rounds]]", '[conflicts]\nmarks="exclude"\n[[rounds]]'),
        "conflicts.csv": "judge,proposal,reason\nj3,c,friends\n",
    }

    assert told(files) == ["comparisons.csv:9 winner warning compared_in_conflict_excluded j3"]


def test_round_without_comparisons_is_told(told: Told) -> None:
    assert told({"comparisons.csv": HEADER}) == [
        "comparisons.csv warning table_empty",
        "competition.toml rounds.final warning round_not_compared final",
    ]


def test_wrong_files_tell_nothing_of_silence(told: Told) -> None:
    assert told({"comparisons.csv": "judge,winner\nj1,a\n"}) == [
        "comparisons.csv:1 error column_missing loser (the headers are judge, winner)"
    ]


def test_ids_there_twice_are_not_followed_up(told: Told) -> None:
    problems = told({"proposals.csv": PROPOSALS + "a,Again\n"})

    assert problems == ["proposals.csv:6 id error proposal_twice a"]


def test_missing_file_of_comparisons_has_its_own_hint(told: Told) -> None:
    (problem,) = told({"competition.toml": RULES.replace("comparisons.csv", "later.csv")})

    assert problem == (
        "competition.toml rounds.final.comparisons error file_missing later.csv"
        " (a round that is not judged yet may leave out `comparisons` and `rankings`)"
    )


def test_footer_of_a_table_of_comparisons_is_no_comparison(told: Told) -> None:
    assert told({"comparisons.csv": COMPARISONS + ",signature: Ann,,\n"}) == [
        "comparisons.csv:10 winner note rows_of_footer signature: Ann"
    ]


# ------------------------------------------------------------------------------------------- rules


def test_scorer_of_marks_is_refused(told: Told) -> None:
    (problem,) = told(with_rubric('scorer = "median"' + CRITERION))

    assert problem.startswith(
        "competition.toml rounds.final.rubric error scorer_needs_marks median"
        " (scorers of comparisons: bradley_terry, copeland, crowd_bt, davidson, kemeny,"
    )


def test_rubric_of_several_criteria_is_refused(told: Told) -> None:
    more = '[[criteria]]\nid = "cost"\n'

    (problem,) = told(with_rubric('scorer = "copeland"' + CRITERION + more))

    assert problem == (
        "competition.toml rounds.final.rubric error compared_by_criteria final"
        " (use a rubric with one criterion, such as “pairwise”)"
    )


def test_tie_breaks_of_marks_are_refused(told: Told) -> None:
    rubric = 'scorer = "copeland"\nties = ["median", "head_to_head", "top_marks"]' + CRITERION

    assert told(with_rubric(rubric)) == [
        "competition.toml rounds.final.rubric error tie_needs_marks median",
        "competition.toml rounds.final.rubric error tie_needs_marks top_marks",
    ]


def test_marks_beside_comparisons_are_refused(told: Told) -> None:
    files = {
        "competition.toml": RULES + 'marks = "m.csv"\n',
        "m.csv": "proposal,judge,mark\na,j1,5\n",
    }

    assert "competition.toml rounds.final error marks_beside_comparisons final" in told(files)


def test_unknown_rubric_is_told_alone(told: Told) -> None:
    (problem,) = told({"competition.toml": RULES.replace('"pairwise"', '"pairs"')})

    assert problem.startswith("competition.toml rounds.final.rubric error rubric_unknown pairs")


def test_unknown_scorer_is_told_alone(told: Told) -> None:
    problems = told(with_rubric('scorer = "elo"' + CRITERION))

    assert [text.split()[3] for text in problems] == ["part_unknown"]


def test_competition_of_comparisons_cannot_be_judged_live(told: Told) -> None:
    assert told(judged_live=True) == ["competition.toml rounds.final error compared_not_live final"]


# -------------------------------------------------------------------------------------- the digest


def test_order_of_rows_and_tables_is_no_content(tmp_path: Path) -> None:
    digest = content_digest(app.load(write(tmp_path / "one")).loaded)
    table = COMPARISONS.splitlines(keepends=True)
    shuffled = table[1:]
    random.Random(3).shuffle(shuffled)  # noqa: S311 -- the same each time
    files = {
        "competition.toml": RULES.replace('"comparisons.csv"', '["x.csv", "y.csv"]'),
        "x.csv": table[0] + "".join(shuffled[:3]),
        "y.csv": table[0] + "".join(shuffled[3:]),
        "comparisons.csv": None,
    }

    assert content_digest(app.load(write(tmp_path / "other", files)).loaded) == digest


def test_comparison_the_other_way_is_other_content(tmp_path: Path) -> None:
    other = COMPARISONS.replace("j1,a,b,", "j1,b,a,")

    digests = {
        content_digest(app.load(write(tmp_path / name, {"comparisons.csv": table})).loaded)
        for name, table in (("one", COMPARISONS), ("other", other))
    }

    assert len(digests) == 2

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from review import app
from review.errors import DataError, ReviewError
from tests.load.comparing import RULES, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from review.analysis.next_pair import NextPairs, RoundSuggestions

HEADER = "judge,winner,loser\n"


def asked(
    folder: Path, files: Mapping[str, str | bytes | None] | None = None, **what: Any
) -> NextPairs:
    return app.next_pairs(app.load(write(folder, files)), **what)


def pairs(found: RoundSuggestions) -> list[tuple[str, str, int]]:
    return [(pair.first, pair.second, pair.compared) for pair in found.pairs]


def told(found: RoundSuggestions) -> list[str]:
    return [sentence.render("en") for sentence in found.sentences]


def test_suggestions_come_before_there_is_a_result(tmp_path: Path) -> None:
    """Too few comparisons for worths are the time to ask for more."""
    (found,) = asked(tmp_path, {"comparisons.csv": HEADER + "j1,a,b\nj2,b,c\n"}).rounds

    assert pairs(found)[0] == ("a", "d", 0)
    assert told(found) == [
        "Next, have a compared with d: that is expected to tell most.",
        "So far there are 2 comparisons of 2 out of 6 pairs.",
    ]


def test_nothing_compared_yet_suggests_any_pair(tmp_path: Path) -> None:
    (found,) = asked(tmp_path, {"comparisons.csv": HEADER}).rounds

    assert pairs(found) == [
        ("a", "b", 0), ("a", "c", 0), ("a", "d", 0), ("b", "c", 0), ("b", "d", 0),
    ]  # fmt: skip
    assert told(found)[1] == "So far there are 0 comparisons of 0 out of 6 pairs."


def test_judge_is_not_asked_again_nor_what_they_must_not(tmp_path: Path) -> None:
    files = {"conflicts.csv": "judge,proposal,reason\nj2,c,friends\n",
             "comparisons.csv": HEADER + "j1,a,b\nj1,b,c\nj2,b,d\nj2,d,a\n"}  # fmt: skip

    (found,) = asked(tmp_path, files, judge="Ben").rounds

    assert pairs(found) == [("a", "b", 1)]
    assert told(found)[0] == "Next, ask j2 to compare a with b: that is expected to tell most."


def test_judge_who_compared_everything_is_done(tmp_path: Path) -> None:
    files = {"proposals.csv": "id,title\na,A\nb,B\n", "comparisons.csv": HEADER + "j1,a,b\n"}

    (found,) = asked(tmp_path, files, judge="j1").rounds
    assert told(found) == [
        "j1 has compared every pair that they may judge.",
        "So far there is 1 comparison of 1 out of 1 pair.",
    ]


def test_judge_who_has_not_compared_yet_may_be_asked(tmp_path: Path) -> None:
    (found,) = asked(tmp_path, {"comparisons.csv": HEADER + "j1,a,b\n"}, judge="j3").rounds

    assert found.judge == "j3"
    assert len(found.pairs) == 5


def test_judge_of_another_panel_is_asked_nothing(tmp_path: Path) -> None:
    files = {
        "competition.toml": RULES + 'panel = "main"\n',
        "judges.csv": "id,name,panel\nj1,Ann,main\nj2,Ben,other\n",
        "comparisons.csv": HEADER + "j1,a,b\n",
    }

    (found,) = asked(tmp_path, files, judge="j2").rounds
    assert found.pairs == []


@pytest.mark.parametrize(
    ("assignments", "expected"),
    [
        ("round,judge,proposal\nfinal,j1,a\nfinal,j1,b\nfinal,j1,d\nfinal,j2,a\n",
         {("a", "b"), ("a", "d"), ("b", "d")}),
        ("round,judge,proposal\n", {(x, y) for x in "abcd" for y in "abcd" if x < y}),
    ],
)  # fmt: skip
def test_judge_is_asked_what_they_were_assigned(
    assignments: str, expected: set[tuple[str, str]], tmp_path: Path
) -> None:
    files = {"comparisons.csv": HEADER + "j2,a,b\n", "assignments.csv": assignments}

    (found,) = asked(tmp_path, files, judge="j1").rounds
    assert {pair[:2] for pair in pairs(found)} <= expected
    assert len(found.pairs) == min(5, len(expected))


def test_groups_are_not_compared_with_each_other(tmp_path: Path) -> None:
    files = {
        "competition.toml": RULES + 'group_by = "track"\n',
        "proposals.csv": "id,title,track\na,A,x\nb,B,x\nc,C,y\nd,D,y\n",
        "comparisons.csv": HEADER + "j1,a,b\nj1,c,d\n",
    }

    (found,) = asked(tmp_path, files).rounds
    assert {pair[:2] for pair in pairs(found)} == {("a", "b"), ("c", "d")}


def test_nobody_to_compare_is_told(tmp_path: Path) -> None:
    files = {"proposals.csv": "id,title\na,A\n", "comparisons.csv": HEADER}

    (found,) = asked(tmp_path, files).rounds
    assert told(found)[0] == (
        "There is nothing to compare: fewer than two proposals are in the round."
    )


def test_of_too_many_the_least_compared_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review.analysis.next_pair.LARGEST", 2)
    table = HEADER + "j1,a,b\nj1,b,c\nj2,a,d\nj3,a,c\n"

    (found,) = asked(tmp_path, {"comparisons.csv": table}).rounds

    assert pairs(found) == [("b", "d", 0)]
    assert (found.comparisons, found.pairs_compared, found.pairs_possible) == (4, 4, 6)


def test_report_is_json_with_its_digests(tmp_path: Path) -> None:
    report = asked(tmp_path).to_json()

    assert list(report) == ["schema", "competition", "title", "content", "rules", "rounds"]
    (round_,) = report["rounds"]  # type: ignore[misc]
    assert list(round_) == [  # type: ignore[has-type]
        "id", "title", "judge", "comparisons", "pairs_compared", "pairs_possible", "pairs",
        "sentences",
    ]  # fmt: skip
    assert round_["pairs"][0] == {"first": "b", "second": "d", "compared": 1, "bits": 0.0821}  # type: ignore[has-type]


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"round_id": "x"}, "next_pair_no_round"),
        ({"judge": "Dan"}, "next_pair_no_judge"),
    ],
)
def test_unknown_words_are_refused(what: dict[str, str], code: str, tmp_path: Path) -> None:
    with pytest.raises(ReviewError) as caught:
        asked(tmp_path, None, **what)
    assert caught.value.message.code == code


def test_competition_of_marks_has_no_pairs(tmp_path: Path) -> None:
    files = {
        "competition.toml": RULES.replace("pairwise", "own").replace("comparisons", "marks"),
        "rubrics/own.toml": 'id = "own"\n[[criteria]]\nid = "overall"\n',
        "comparisons.csv": "proposal,judge,mark\na,j1,5\n",
    }
    files["competition.toml"] = files["competition.toml"].replace("marks.csv", "comparisons.csv")

    with pytest.raises(ReviewError) as caught:
        asked(tmp_path, files)
    assert caught.value.message.code == "next_pair_no_rounds"


def test_errors_of_the_folder_are_told_first(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        asked(tmp_path, {"comparisons.csv": HEADER + "j1,a,a\n"})

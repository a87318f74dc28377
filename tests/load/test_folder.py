"""What a competition becomes when it is loaded."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from review.errors import DataError
from review.load import load_competition
from review.load.files import Files
from review.load.report import Report
from review.model.problem import Place
from tests.load import corpus, parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from review.model.loaded import LoadedCompetition
    from review.plugin.manager import Plugins

    Load = Callable[..., LoadedCompetition]
    Found = Callable[..., list[str]]


def marks(loaded: LoadedCompetition, round_id: str) -> list[tuple[Any, ...]]:
    """(proposal, judge, criterion, value or state) of a round."""
    frame = loaded.marks.drop("comment", "round").filter(loaded.marks["round"] == round_id)
    return [(*row[:3], row[3] if row[4] is None else row[4]) for row in frame.iter_rows()]


def facts(loaded: LoadedCompetition) -> list[tuple[Any, ...]]:
    return list(loaded.facts.iter_rows())


def test_proposals_have_the_usual_columns_first_and_their_own_last(load: Load) -> None:
    frame = load(
        "=== proposals.csv\n编号,名称,title_zh-Hans,赛道,状态\np1,One,一,,\np0,Zero,零,,退出\n"
    ).proposals
    assert frame.columns == [
        "proposal", "title", "title_zh-Hans", "team", "community", "category", "amount", "order",
        "status", "status_reason", "赛道",
    ]  # fmt: skip
    assert [frame.row(number)[::4] for number in range(2)] == [
        ("p0", None, "withdrawn"),
        ("p1", None, None),
    ]


def test_ids_are_taken_exactly_as_written(load: Load) -> None:
    frame = load(
        "=== proposals.csv\nid,title\n0577594806,A\n17e5986322,B\n007,C\n7.0,D\nTRUE,E\n"
    ).proposals
    assert frame["proposal"].to_list() == ["007", "0577594806", "17e5986322", "7.0", "TRUE"]


def test_judges_are_sorted_with_their_name(load: Load) -> None:
    frame = load("=== judges.csv\nid,extra\nj2,x\nj1,y\n").judges
    assert frame.rows() == [
        ("j1", None, None, None, None, "y"),
        ("j2", None, None, None, None, "x"),
    ]
    assert frame.columns == ["judge", "name", "organisation", "community", "panel", "extra"]


def test_wide_marks_are_one_row_per_cell(load: Load) -> None:
    assert marks(load(), "pitch") == [
        ("p1", "j1", "idea", 75),
        ("p1", "j1", "need", 80),
        ("p1", "j2", "idea", "absent"),
        ("p1", "j2", "need", 90),
        ("p2", "j1", "idea", "missing"),
        ("p2", "j1", "need", 60),
        ("p2", "j2", "idea", 70),
        ("p2", "j2", "need", 70),
        ("p3", "j1", "idea", 60),
        ("p3", "j1", "need", 55),
        ("p3", "j2", "idea", 80),
        ("p3", "j2", "need", 80),
    ]


def test_highest_revision_of_a_long_mark_counts(load: Load) -> None:
    assert marks(load(), "final")[:4] == [
        ("p1", "j1", "idea", 85),
        ("p1", "j1", "need", 80),
        ("p1", "j2", "idea", "abstain"),
        ("p1", "j2", "need", 70),
    ]


def test_comment_goes_with_each_mark_of_its_row(load: Load) -> None:
    frame = load().marks
    assert set(frame.filter(frame["comment"].is_not_null())["comment"]) == {"good"}


def test_blank_revision_takes_a_mark_back(load: Load) -> None:
    found = marks(load("=== final.csv (append)\np3,j1,need,,2\n"), "final")
    assert ("p3", "j1", "need", "missing") in found


def test_blank_beside_a_mark_says_nothing(load: Load, found: Found) -> None:
    case = "=== pitch.csv (append)\np1,j1,,8,\np3,j1,,,\n"
    assert found(case) == [
        "pitch.csv:8 idea error mark_twice 8",
    ]


@pytest.mark.parametrize(
    "rows", ["p1,j1,8,7.5,b\np1,j1,8,7.5,a\n", "p1,j1,8,7.5,a\np1,j1,8,7.5,b\n"]
)
def test_comments_of_repeated_marks_are_all_kept(load: Load, rows: str) -> None:
    frame = load(f"=== pitch.csv (append)\n{rows}").marks
    assert frame.filter(frame["comment"].is_not_null()).rows() == [
        ("pitch", "p1", "j1", "idea", 75, None, "a\nb"),
        ("pitch", "p1", "j1", "need", 80, None, "a\nb"),
        ("pitch", "p3", "j2", "idea", 80, None, "good"),
        ("pitch", "p3", "j2", "need", 80, None, "good"),
    ]


def test_marks_with_more_decimals_are_held_at_the_places_of_the_rubric(load: Load) -> None:
    case = """=== rubrics/pitch.toml (edit)
- title = { en = "Fresh idea", zh-Hans = "创意" }
+ scale = { min = 0, max = 10, decimals = 3 }
=== pitch.csv
proposal,judge,need,idea
p1,j1,8.5,7.125
"""
    assert marks(load(case), "pitch") == [("p1", "j1", "idea", 7125), ("p1", "j1", "need", 8500)]


def test_decimal_commas_are_read_where_semicolons_separate(load: Load) -> None:
    case = "=== pitch.csv\nproposal;judge;need;idea\np1;j1;8,5;7\n"
    assert marks(load(case), "pitch") == [("p1", "j1", "idea", 70), ("p1", "j1", "need", 85)]


def test_one_column_of_marks_is_enough_for_one_criterion(load: Load) -> None:
    case = """=== rubrics/final.toml
id = "final"
[[criteria]]
id = "all"
=== final.csv
项目编号,评委,得分
p1,j1,8.25
"""
    loaded = load(case)
    assert marks(loaded, "final") == [("p1", "j1", "all", 825)]
    assert loaded.problems == ()


def test_one_table_serves_several_rounds(load: Load) -> None:
    case = """=== competition.toml (edit)
- marks = "pitch.csv"
+ marks = "all.csv"
- marks = "final.csv"
+ marks = ["all.csv"]
=== all.csv
轮次,项目编号,评委,need,idea
pitch,p1,j1,8,9
final,p1,j1,7,
"""
    loaded = load(case)
    assert marks(loaded, "pitch") == [("p1", "j1", "idea", 90), ("p1", "j1", "need", 80)]
    assert marks(loaded, "final") == [("p1", "j1", "idea", "missing"), ("p1", "j1", "need", 70)]
    assert [file.path for file in loaded.files].count("all.csv") == 1


def test_blank_round_is_the_only_one_that_names_the_table(load: Load) -> None:
    case = "=== pitch.csv\nround,proposal,judge,need,idea\n,p1,j1,8,9\n"
    assert marks(load(case), "pitch") == [("p1", "j1", "idea", 90), ("p1", "j1", "need", 80)]


def test_table_without_rounds_belongs_to_each_round_that_names_it(load: Load) -> None:
    case = '=== competition.toml (edit)\n- marks = "final.csv"\n+ marks = "pitch.csv"\n'
    loaded = load(case)
    assert marks(loaded, "final") == marks(loaded, "pitch")


def test_criteria_of_another_round_stay_blank(load: Load, found: Found) -> None:
    """One table, two rubrics: a value under the other's criterion is an error."""
    case = """=== competition.toml (edit)
- marks = "pitch.csv"
+ marks = "all.csv"
- marks = "final.csv"
+ marks = "all.csv"
=== rubrics/final.toml
id = "final"
[scale]
step = 1
[[criteria]]
id = "talk"
=== all.csv
round,proposal,judge,need,idea,talk
pitch,p1,j1,8,9,
final,p1,j1,,,7
"""
    assert marks(load(case), "final") == [("p1", "j1", "talk", 7)]
    assert found(case + "final,p1,j2,8,,7\n") == [
        "all.csv:4 need error criterion_unknown need (known is talk)"
    ]


def test_workbook_and_csv_give_the_same_marks(load: Load, tmp_path: Path) -> None:
    case = """=== competition.toml (edit)
- marks = "pitch.csv"
+ marks = "pitch.xlsx"
=== pitch.xlsx
[sheet j1]
路演评分表 | | |
[sheet j2]
社区需求（60分） | 项目编号 | 创意
9 | p1 | 缺席
7 | p2 | 7
8 | p3 | 8
[sheet 张敏]
打分表 | | |
项目编号 | 社区需求 | 创意 | 备注
p1 | 8 | 7.5 |
p2 | 6 | - |
p3 | 5.5 | 6 |
"""
    assert marks(load(case), "pitch") == marks(
        load_competition(corpus.GOOD, parts.plugins()), "pitch"
    )


def test_wrong_mark_of_a_parquet_file_is_told_by_its_index(
    tmp_path: Path, plugins: Plugins
) -> None:
    corpus.build(
        '=== competition.toml (edit)\n- marks = "pitch.csv"\n+ marks = "pitch.parquet"\n', tmp_path
    )
    pl.DataFrame(
        {"proposal": ["p1", "p2"], "judge": ["j1", "j1"], "need": [8.5, 11.0], "idea": [9.0, None]}
    ).write_parquet(tmp_path / "pitch.parquet")
    (problem,) = load_competition(tmp_path, plugins).problems
    assert (problem.code, problem.value) == ("mark_out_of_range", "11")
    assert problem.place == Place("pitch.parquet", row=1, column="need")


def test_order_of_rows_and_names_of_files_change_no_frame(load: Load, tmp_path: Path) -> None:
    loaded = load('=== competition.toml (edit)\n- marks = "final.csv"\n+ marks = "ende*.csv"\n')
    dice = random.Random(1)  # noqa: S311 -- rows, not secrets
    for path in tmp_path.glob("*.csv"):
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        dice.shuffle(lines)
        path.write_text("\n".join([head, *lines]), encoding="utf-8")
    (tmp_path / "final.csv").rename(tmp_path / "ende.csv")
    shuffled = load_competition(tmp_path, parts.plugins())
    loaded = load_competition(corpus.GOOD, parts.plugins())
    names = ("proposals", "judges", "marks", "conflicts", "assignments", "decisions", "facts")
    for name in names:
        assert getattr(shuffled, name).equals(getattr(loaded, name)), name


def test_conflicts_are_stated_and_derived_once_per_pair(load: Load) -> None:
    case = """=== judges.csv
id,organisation,panel
j1,Kettle; ｂｅｎｃｈ,experts
j2,,experts
j3,Sprout,experts
=== proposals.csv
id,title,team
p1,A,KETTLE
p2,B,Bench ；x
p3,C,Sprout
p4,D,
=== conflicts.csv
judge,proposal
j3,p3
j2,p4
"""
    assert load(case).conflicts.rows() == [
        ("j1", "p1", "organisation = team: Kettle"),
        ("j1", "p2", "organisation = team: ｂｅｎｃｈ"),
        ("j2", "p4", None),
        ("j3", "p3", "organisation = team: Sprout"),
    ]


def test_competition_may_do_without_what_is_optional(load: Load) -> None:
    case = """=== competition.toml
format = 1
id = "small"
proposals = "proposals.csv"
judges = "judges.csv"
[[rounds]]
id = "pitch"
rubric = "pitch"
marks = "pitch.csv"
=== assignments.csv (removed)
=== conflicts.csv (removed)
=== decisions.csv (removed)
"""
    loaded = load(case)
    assert loaded.problems == ()
    assert loaded.assignments is None
    assert (loaded.conflicts.height, loaded.decisions.height, loaded.facts.height) == (0, 0, 0)


def test_blank_round_of_an_assignment_is_the_only_one(load: Load) -> None:
    case = """=== competition.toml
format = 1
id = "small"
proposals = "proposals.csv"
judges = "judges.csv"
assignments = "assignments.csv"
[[rounds]]
id = "pitch"
rubric = "pitch"
marks = "pitch.csv"
=== assignments.csv
judge,proposal
j1,p1
j1,p1
"""
    assert load(case).assignments.rows() == [("pitch", "j1", "p1")]  # type: ignore[union-attr]


def test_decision_on_an_award_belongs_to_its_round(load: Load) -> None:
    case = """=== decisions.csv
项目,决定,决定人
p1,award:best,Jury
p2,入选,Jury
"""
    found = load(case)
    assert found.decisions.rows() == [("final", "p1", "award:best", "Jury", None, None)]
    assert [problem.code for problem in found.problems] == ["cell_required"]


@pytest.mark.parametrize(
    ("way", "expected", "places"),
    [
        ("count", [("p1", 3), ("p3", 1)], 0),
        ("sum:people", [("p1", 55), ("p3", -10)], 1),
        ("max:people", [("p1", 30), ("p3", -10)], 1),
        ("min:people", [("p1", 25), ("p3", -10)], 1),
        ("mean:people", [("p1", 2750000), ("p3", -1000000)], 6),
        ("latest: people", [("p1", 25), ("p3", -10)], 1),
    ],
)
def test_facts_are_reduced_to_one_exact_value(
    load: Load, way: str, expected: list[tuple[str, int]], places: int
) -> None:
    case = f"""=== competition.toml (edit)
- columns = {{ visits = "count", people = "sum:people" }}
+ columns = {{ people = "{way}" }}
=== visits.csv
proposal,日期,people
p1,2024-09-01,3
p1,2024/9/8 10:30,2.50
p1,2024年9月9日,
p3,2024.9.3,-1
"""
    loaded = load(case)
    assert loaded.problems == ()
    assert facts(loaded) == [(None, name, "people", value) for name, value in expected]
    assert loaded.fact_places == {"people": places}


def test_mean_is_rounded_half_away_from_zero(load: Load) -> None:
    case = """=== competition.toml (edit)
- columns = { visits = "count", people = "sum:people" }
+ columns = { people = "mean:people" }
=== visits.csv
proposal,people
p1,-0.000001
p1,0
p2,0.000001
p2,0
p3,0.000000001
p3,2
p3,2
"""
    assert [row[3] for row in facts(load(case))] == [-1, 1, 1333333]


def test_fact_of_a_round_is_kept_by_round(load: Load) -> None:
    case = "=== visits.csv\nproposal,round,people\np1,pitch,12\np1,,3\np1,决赛,1\n"
    loaded = load(case)
    assert [row for row in facts(loaded) if row[2] == "people"] == [
        (None, "p1", "people", 3),
        ("final", "p1", "people", 1),
        ("pitch", "p1", "people", 12),
    ]


def test_numeric_attribute_serves_as_a_fact_that_is_asked_for(load: Load) -> None:
    case = """=== competition.toml (edit)
- award = "best_score"
+ award = "popular"
=== proposals.csv
id,title,team,community,votes
p1,A,Kettle,North,１２.5
p2,B,Bench,North,-
p3,C,Sprout,South,3
"""
    loaded = load(case)
    assert [row for row in facts(loaded) if row[2] == "votes"] == [
        (None, "p1", "votes", 125),
        (None, "p3", "votes", 30),
    ]
    assert loaded.fact_places["votes"] == 1


def test_rubric_that_extends_another_varies_it(load: Load) -> None:
    case = """=== rubrics/final.toml (append)
decimals = 1
[scale]
max = 20
[[criteria]]
id = "idea"
weight = 10
[[criteria]]
id = "talk"
"""
    rubric = load(case).rubrics["final"]
    assert [(c.id, int(c.weight)) for c in rubric.criteria] == [
        ("need", 60),
        ("idea", 10),
        ("talk", 1),
    ]
    assert [str(x) for x in (rubric.scale.max, rubric.scale.step, rubric.decimals)] == [
        "20",
        "0.5",
        "1",
    ]
    assert rubric.scorer.options == {"drop": 1}


def test_registered_rubric_is_used_and_its_errors_name_the_plugin(
    load: Load, found: Found, tmp_path: Path
) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "final.toml").write_text('id = "ready"\n[[criteria]]\nid = "need"\n', encoding="utf-8")
    using = parts.plugins(shelf)
    case = '=== competition.toml (edit)\n- rubric = "final"\n+ rubric = "ready"\n'
    rows = "=== final.csv\nproposal,judge,need\np1,j1,8\n"
    assert load(case + rows, using).rubrics["final"].id == "ready"
    assert found("=== rubrics/mine.toml\nid = 'ready'\n[[criteria]]\nid = 'need'\n", using) == [
        "rubrics/mine.toml id error rubric_twice ready"
    ]
    (shelf / "final.toml").write_text('id = "ready"\n[[criteria]]\n', encoding="utf-8")
    using = parts.plugins(shelf)
    (tmp_path / "rubrics/mine.toml").unlink()
    assert found(case, using)[0] == "sample: final.toml criteria.1.id error key_missing"


def test_rubric_may_lie_in_pieces_that_are_no_tables(found: Found) -> None:
    """Merging leaves what is no list of tables to the check."""
    case = """=== rubrics/final.toml
id = "final"
extends = "pitch"
criteria = ["need"]
"""
    assert found(case) == ["rubrics/final.toml criteria.3 error value_refused need"]


def test_every_file_is_remembered_with_its_digest(load: Load) -> None:
    files = load().files
    assert [file.path for file in files] == [
        "assignments.csv", "competition.toml", "conflicts.csv", "decisions.csv", "final.csv",
        "judges.csv", "pitch.csv", "proposals.csv", "rubrics/final.toml", "rubrics/pitch.toml",
        "visits.csv",
    ]  # fmt: skip
    assert {len(file.sha256) for file in files} == {64}


def test_unusable_competition_raises_with_all_problems(tmp_path: Path, plugins: Plugins) -> None:
    corpus.build("=== rubrics/bad.toml\nid = 'bad'\n", tmp_path)
    (tmp_path / "competition.toml").write_text("format = 1\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_competition(tmp_path, plugins)
    assert str(caught.value) == "competition.toml cannot be used: 5 errors"
    assert [(p.place.file, p.place.column) for p in caught.value.problems] == [
        ("competition.toml", "id"),
        ("competition.toml", "judges"),
        ("competition.toml", "proposals"),
        ("competition.toml", "rounds"),
        ("rubrics/bad.toml", "criteria"),
    ]


def test_files_that_cannot_be_opened_are_told(
    found: Found, tmp_path: Path, plugins: Plugins
) -> None:
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics/folder.toml").mkdir()
    assert found() == ["rubrics/folder.toml error file_unreadable"]
    report = Report()
    assert Files(tmp_path, plugins, report).sheets("rubrics", None, "marks") == ()
    (tmp_path / "folder.csv").mkdir()
    assert Files(tmp_path, plugins, report).sheets("folder.csv", None, "marks") == ()
    assert [p.code for p in report.problems()] == ["file_kind_unknown", "file_unreadable"]


def test_links_that_lead_outside_are_refused(found: Found, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.csv"
    outside.write_text("proposal,judge,need,idea\n", encoding="utf-8")
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets/a.csv").symlink_to(outside)
    case = '=== competition.toml (edit)\n- marks = "pitch.csv"\n+ marks = "sheets/*.csv"\n'
    assert found(case) == ["competition.toml rounds.pitch.marks error file_outside sheets/a.csv"]


def test_glob_leaves_out_what_spreadsheets_lock_with(load: Load) -> None:
    case = """=== competition.toml (edit)
- marks = "pitch.csv"
+ marks = "sheets/*"
=== sheets/~$marks.csv
locked
=== sheets/marks.csv
proposal,judge,need,idea
p1,j1,8,9
"""
    assert marks(load(case), "pitch") == [("p1", "j1", "idea", 90), ("p1", "j1", "need", 80)]


@pytest.mark.parametrize("path", ["**.csv", r"a\u0000.csv"])
def test_name_that_no_file_can_have_is_missing(found: Found, path: str) -> None:
    case = f'=== competition.toml (edit)\n- marks = "pitch.csv"\n+ marks = "{path}"\n'
    (told,) = found(case)
    assert told.startswith("competition.toml rounds.pitch.marks error file_missing")

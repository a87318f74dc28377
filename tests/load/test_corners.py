"""What must not stop the rest from being checked."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from review import app
from review.errors import PluginError
from review.load.report import SHOWN, Report
from review.load.suggest import MOST_NAMES, closest, did_you_mean
from review.load.tables import cell_name
from review.messages import Message
from review.model.problem import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    Found = Callable[..., list[str]]

STAR_PLAN = Path(__file__).parents[2] / "examples/star-plan-2024"


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("judges.csv", "competition.toml judges error file_missing judges.csv"),
        ("proposals.csv", "competition.toml proposals error file_missing proposals.csv"),
        ("conflicts.csv", "competition.toml conflicts.path error file_missing conflicts.csv"),
        ("assignments.csv", "competition.toml assignments error file_missing assignments.csv"),
        ("decisions.csv", "competition.toml decisions error file_missing decisions.csv"),
        ("visits.csv", "competition.toml facts.visits.path error file_missing visits.csv"),
    ],
)
def test_missing_table_is_the_only_problem_it_makes(found: Found, missing: str, told: str) -> None:
    (line,) = found(f"=== {missing} (removed)\n")
    assert line.startswith(told)


def test_table_of_a_judge_needs_no_judges_to_be_read(found: Found) -> None:
    case = """=== judges.csv (removed)
=== competition.toml (edit)
- marks = "pitch.csv"
+ marks = "j*.csv"
=== j1.csv
proposal,need,idea
p1,8,9
"""
    (line,) = found(case)
    assert line.startswith("competition.toml judges error file_missing")


def test_attribute_of_an_unreadable_table_is_not_missed(found: Found) -> None:
    case = """=== proposals.csv
id
p1
=== competition.toml (edit)
- same = [["organisation", "team"]]
+ same = [["organisation", "teem"], ["work", "team"]]
"""
    assert [line.partition(" (")[0] for line in found(case)] == [
        "competition.toml conflicts.same.2 error judge_attribute_unknown work",
        "proposals.csv:1 error column_missing title",
    ]


def test_sheet_of_an_unreadable_file_is_not_missed(found: Found) -> None:
    case = """=== competition.toml (edit)
- judges = "judges.csv"
+ judges = { path = "judges.json", sheet = "A" }
=== judges.json
no JSON
"""
    assert found(case) == ["judges.json error json_invalid"]


def test_sheet_of_a_csv_file_is_the_file(found: Found) -> None:
    case = """=== competition.toml (edit)
- judges = "judges.csv"
+ judges = { path = "judges.csv", sheet = "A" }
"""
    assert found(case) == []


def test_named_sheet_is_read_though_hidden(found: Found) -> None:
    case = """=== competition.toml (edit)
- judges = "judges.csv"
+ judges = { path = "judges.xlsx", sheet = "名单" }
=== judges.xlsx
[sheet 说明]
请勿改动
[hidden 名单]
评委编号 | 姓名 | 单位 | 评审组
j1 | 张敏 | A | experts
j2 | 李强 | B | experts
j3 | 王芳 | C | experts
"""
    assert found(case) == []


def test_empty_sheets_are_passed_over(found: Found) -> None:
    case = """=== competition.toml (edit)
- marks = "pitch.csv"
+ marks = "pitch.xlsx"
- judges = "judges.csv"
+ judges = "judges.xlsx"
=== judges.xlsx
[sheet Sheet1]
[sheet Sheet2]
id | name | organisation | panel
j1 | 张敏 | A | experts
j2 | 李强 | B | experts
j3 | 王芳 | C | experts
=== pitch.xlsx
[sheet Sheet1]
proposal | judge | need | idea
p1 | j1 | 8 | 9
[sheet Sheet2]
[hidden Sheet3]
"""
    assert found(case) == []


def test_error_in_a_column_that_is_not_read_does_no_harm(found: Found) -> None:
    case = """=== competition.toml (edit)
- marks = "pitch.csv"
+ marks = "pitch.xlsx"
=== pitch.xlsx
[sheet Sheet1]
proposal | judge | need | idea | 总分
p1 | j1 | 8 | 9 | =C2+D2
p2 | j1 | 8 | 9 | #N/A
| | | | =SUM(E2)
| | | | 0
"""
    assert found(case) == ["pitch.xlsx[Sheet1]:4 note rows_without_content"]


def test_award_may_name_a_criterion_without_saying_so(found: Found) -> None:
    case = """=== competition.toml (edit)
- award = "best_score"
+ award = "popular"
- count = 1
+ options = { more = ["need", "criterion:idea", "score", "fact:people"] }
- columns = { visits = "count", people = "sum:people" }
+ columns = { votes = "count", people = "sum:people" }
"""
    assert found(case) == []


def test_award_of_a_round_without_rubric_is_checked_as_far_as_it_goes(found: Found) -> None:
    case = """=== competition.toml (edit)
- award = "best_score"
+ award = "popular"
- count = 1
+ options = { more = ["charm", "criterion:charm"] }
- rubric = "final"
+ rubric = "finale"
"""
    assert found(case) == [
        "competition.toml awards.best error fact_unknown votes (known are visits, people)",
        "competition.toml rounds.final.rubric error rubric_unknown finale (did you mean “final”?)",
    ]


def test_value_of_none_of_several_kinds_is_told_once(found: Found) -> None:
    case = '=== competition.toml (edit)\n- entrants = "pitch"\n+ entrants = 5\n'
    assert found(case) == ["competition.toml rounds.final.entrants error value_refused 5"]


def test_value_that_pydantic_alone_can_explain_is_told_in_its_words(found: Found) -> None:
    case = """=== competition.toml (edit)
- same = [["organisation", "team"]]
+ same = [["organisation", "team", "more"]]
- one_per = "team"
+ one_per = ""
- shortlisted = true
+ min_ballots = 1.5
=== rubrics/odd.toml
id = "odd"
scale = { max = nan, min = { value = 1 } }
[[criteria]]
id = ""
weight = "many"
"""
    assert found(case) == [
        "competition.toml award_policy.min_ballots error value_refused 1.5",
        "competition.toml conflicts.same.1 error table_refused",
        "rubrics/odd.toml criteria.1.id error value_empty",
        "rubrics/odd.toml criteria.1.weight error value_refused many",
        "rubrics/odd.toml scale.max error value_refused NaN",
        "rubrics/odd.toml scale.min error table_refused",
    ]


def test_number_of_more_digits_than_integers_hold_is_refused(found: Found) -> None:
    case = """=== rubrics/pitch.toml (edit)
- max = 10
+ max = 123456789012345678901234567890.5
"""
    assert found(case) == [
        "rubrics/pitch.toml scale.max error value_refused 123456789012345678901234567890.5"
    ]


def test_rows_beyond_those_shown_are_counted() -> None:
    report = Report()
    rows = pl.DataFrame({"n": range(100)})
    report.each(
        rows, lambda row: report.error("judge_unknown", Place("a", row=row["n"]), value="x")
    )
    report.note("judge_unknown", Place("a", row=3), value="x")
    told = [(p.severity.value, p.code, p.place.row, p.message.params) for p in report.problems()]
    assert len(told) == SHOWN + 2
    assert told[-1] == ("error", "more_of_kind", SHOWN, {"count": 80, "code": "judge_unknown"})


def test_problem_of_no_row_is_counted_too() -> None:
    report = Report()
    for _ in range(SHOWN + 1):
        report.warning("glob_empty", value="*.csv")
    assert report.problems()[-1].message == Message(
        "more_of_kind", {"count": 1, "code": "glob_empty"}
    )


def test_hint_names_the_closest_or_all_of_a_few() -> None:
    assert did_you_mean("Ｎeed", ["need", "idea"]) == Message("hint_did_you_mean", {"name": "need"})
    known = {"count": 2, "names": ["need", "idea"]}
    assert did_you_mean("x", ["need", "idea"]) == Message("hint_known", known)
    assert did_you_mean("x", []) is None
    assert did_you_mean("x", [f"name{n}" for n in range(20)]) is None


def test_closest_of_very_many_looks_only_at_those_with_the_same_first_letter() -> None:
    many = [f"p{n}" for n in range(MOST_NAMES)]
    assert closest("need", [*many, "needs"]) == "needs"
    assert closest("p17x", [*many, *(f"p{n}x" for n in range(5, 10))]) is None


def test_cell_is_called_as_in_a_spreadsheet() -> None:
    assert [cell_name(6, 2), cell_name(0, 25), cell_name(0, 26), cell_name(9, 701)] == [
        "C7", "Z1", "AA1", "ZZ10",
    ]  # fmt: skip


def test_part_that_fails_when_it_is_made_names_its_plugin(found: Found) -> None:
    case = '=== competition.toml (edit)\n- award = "best_score"\n+ award = "broken"\n'
    with pytest.raises(PluginError, match=r"sample \(sample-parts 1.0\) failed: RuntimeError: no"):
        found(case)


@pytest.mark.parametrize("noun", ["proposal", "judge"])
def test_second_column_of_ids_is_not_read(found: Found, noun: str) -> None:
    case = f"""=== {noun}s.csv
id,title,name,{noun},team,community,organisation,panel
p1,A,B,x,Kettle,North,X,experts
p2,A2,B2,x,,North,X,experts
p3,A3,B3,x,,North,X,experts
p4,A4,B4,x,,North,X,experts
j1,A5,B5,x,,North,X,experts
j2,A6,B6,x,,North,X,experts
j3,A7,B7,x,,North,X,experts
"""
    assert found(case) == [f"{noun}s.csv note columns_not_read"]


def test_header_may_look_like_a_name_of_ours(found: Found) -> None:
    case = """=== pitch.csv
proposal,judge,need,idea,@row,@table,@column,@first
p1,j1,8,9,1,2,3,4
p1,j1,8,9,1,2,3,4
"""
    assert found(case) == [
        "pitch.csv note columns_not_read",
        "pitch.csv:3 idea note mark_repeated 9",
        "pitch.csv:3 need note mark_repeated 8",
    ]


def test_one_workbook_may_hold_everything(found: Found) -> None:
    """A sheet that one table passes over is read by another; what none reads is told once."""
    case = """=== competition.toml (edit)
- marks = "pitch.csv"
+ marks = "all.xlsx"
- judges = "judges.csv"
+ judges = "all.xlsx"
- proposals = "proposals.csv"
+ proposals = "all.xlsx"
=== all.xlsx
[sheet 项目]
编号 | 项目名称 | 团队 | 社区
p1 | A | Kettle | North
p2 | B | Bench | North
p3 | C | Sprout | South
[sheet 评委]
评委编号 | 姓名 | organisation | 评审组
j1 | 张敏 | A | experts
j2 | 李强 | B | experts
j3 | 王芳 | C | experts
[sheet 张敏]
项目编号 | need | idea
p1 | 8 | 9
[sheet 李强]
项目编号 | need | idea
p1 | 8 | 9
[sheet 附注]
说明
[sheet 空]
[hidden 旧]
说明
"""
    assert found(case) == [
        "all.xlsx[张敏] note judge_by_sheet 张敏",
        "all.xlsx[旧] note sheet_hidden",
        "all.xlsx[李强] note judge_by_sheet 李强",
        "all.xlsx[附注] warning sheet_without_marks",
    ]


def test_column_that_people_keep_beside_marks_may_be_a_misspelt_criterion(found: Found) -> None:
    case = """=== rubrics/pitch.toml (edit)
- title = { en = "Fresh idea", zh-Hans = "创意" }
+ title = { en = "Teamwork", zh-Hans = "团队能力" }
=== pitch.csv
proposal,judge,need,团队,社区
p1,j1,8,{value},North
"""
    assert found(case.replace("{value}", "9")) == [
        "pitch.csv:1 团队 error criterion_unknown 团队 (did you mean “团队能力”?)"
    ]
    assert found(case.replace("{value}", "Kettle")) == [
        "competition.toml rounds.pitch.marks warning criterion_not_marked idea"
    ]


def test_problem_of_a_header_has_no_pointer(found: Found) -> None:
    case = """=== competition.toml (edit)
- judges = "judges.csv"
+ judges = "judges.json"
=== judges.json
[{"name": "张敏"}]
"""
    assert found(case) == ["judges.json error column_missing id (the headers are name)"]


def test_scale_too_large_for_its_steps_is_left_to_the_check_of_head_room(found: Found) -> None:
    case = """=== rubrics/pitch.toml (edit)
- max = 10
+ max = 1000000000000000000
- step = 0.5
+ step = 0.000000001
"""
    assert found(case) == []


def test_small_file_with_white_space_alone_is_empty(found: Found) -> None:
    assert found("=== pitch.csv\n \n\n") == ["pitch.csv error file_empty"]


def test_header_row_beyond_a_blank_sheet_is_told_as_blank(found: Found) -> None:
    case = """=== competition.toml (edit)
- marks = "pitch.csv"
+ marks = { path = "pitch.xlsx", header_row = 2 }
=== pitch.xlsx
[sheet 甲]
"""
    assert found(case) == ["pitch.xlsx[甲] error sheet_empty"]


def test_panel_is_the_same_in_another_case_or_width(tmp_path: Path) -> None:
    """As the engine compares: a judge of `EXPERTS` serves a round of `experts`."""
    folder = tmp_path / "event"
    shutil.copytree(STAR_PLAN, folder)
    judges = folder / "judges.csv"
    text = judges.read_text(encoding="utf-8")
    judges.write_text(text.replace("experts", "Ｅxperts"), encoding="utf-8")
    assert [p for p in app.check(app.load(folder)) if p.is_error] == []

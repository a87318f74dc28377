"""Rules name attributes as the organiser's tables do, or as is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.load import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.model.loaded import LoadedCompetition

    Load = Callable[..., LoadedCompetition]

TABLES = """=== proposals.csv
项目编号,项目名称,申报团队,所属社区,赛道
p1,人人有茶,Kettle,North,A
p2,安静一角,Bench,North,A
p3,种子图书馆,Sprout,South,B
=== judges.csv
评委编号,姓名,工作单位,评审组
j1,张敏,Kettle,experts
j2,李强,School,experts
j3,王芳,Clinic,experts
=== pitch.csv
proposal,judge,need,idea
p2,j1,8,7.5
=== final.csv
proposal,judge,need,idea
p2,j1,8,7.5
"""
RULES = """=== competition.toml (edit)
- same = [["organisation", "team"]]
+ same = [["单位", "申报 团队"]]
- panel = "experts"
+ group_by = "社 区"
- by = "community"
+ by = "所属社区"
- entrants = "pitch"
+ entrants = { where = { "社区" = " north", "赛道" = ["A", "B"] } }
- award = "best_score"
+ award = "popular"
- count = 1
+ options = { within = "所在社区", more = ["need", "fact:people"] }
- columns = { visits = "count", people = "sum:people" }
+ columns = { votes = "count", people = "sum:people" }
- one_per = "team"
+ one_per = "团队"
=== rubrics/pitch.toml (edit)
- ties = ["criterion:need", "share"]
+ blind = ["团队名称", "title", "编号"]
"""


def test_attributes_are_columns_once_they_are_loaded(load: Load) -> None:
    loaded = load(TABLES + RULES)
    assert [problem.code for problem in loaded.problems if problem.is_error] == []
    competition = loaded.competition
    pitch, final = competition.rounds
    assert competition.conflicts.same == (("organisation", "team"),)
    assert pitch.group_by == "community"
    assert pitch.shortlist is not None
    assert pitch.shortlist.options == {"size": 2, "by": "community"}
    assert final.entrants is not None
    assert final.entrants.model_dump() == {  # type: ignore[union-attr]
        "where": {"community": " north", "赛道": ("A", "B")}
    }
    assert competition.awards[0].options["within"] == "community"
    assert competition.award_policy.one_per == "team"
    assert loaded.rubrics["pitch"].blind == ("team", "title", "proposal")
    assert loaded.conflicts.rows()[0] == ("j1", "p1", "organisation = team: Kettle")


def test_column_goes_before_a_usual_name(load: Load) -> None:
    """`类型` is another word for the category, but here a column of its own."""
    tables = """=== proposals.csv
id,title,team,类别,类型
p1,A,Kettle,x,y
p2,B,Bench,x,y
p3,C,Sprout,x,y
"""
    rules = '=== competition.toml (edit)\n- by = "community"\n+ by = "类型"\n'
    pitch = load(tables + rules).competition.rounds[0]
    assert pitch.shortlist is not None
    assert pitch.shortlist.options["by"] == "类型"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("王 强", "王强"), ("王　强", "王强"), ("Tea  House 茶 馆", "tea house 茶馆"), ("ＡＢ", "ab")],
)
def test_spaces_between_chinese_characters_do_not_count(text: str, expected: str) -> None:
    assert words.loose(text) == expected

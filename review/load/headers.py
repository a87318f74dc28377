"""The columns that each kind of table has, and the headers under which organisers keep them.

The first name of a list wins where a table has several of them: a judge's number before the name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from review.load.words import loose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The column that holds the number of a row in its sheet, counted from 0.
ROW = "@row"
#: Columns of wide tables of marks carry this before the id of their criterion.
WIDE = "criterion:"

PROPOSAL = (
    "proposal id", "项目编号", "提案编号", "作品编号", "申报编号", "参赛编号", "编号", "proposal",
    "项目", "提案", "作品", "项目名称", "提案名称", "作品名称",
)  # fmt: skip
JUDGE = ("judge id", "评委编号", "专家编号", "评委", "专家", "评审", "评委姓名", "专家姓名")
ROUND = ("轮次", "环节", "阶段")
COMMENT = ("comments", "评语", "意见", "评审意见", "备注", "说明")
MOMENT = ("日期", "时间", "提交时间", "评分时间", "打分时间")


# A header with something in brackets behind it is a worse name than any without.
LESS = 1000


@dataclass(frozen=True)
class Layout:
    """column → its other headers; which columns a table of this kind must have."""

    columns: Mapping[str, Sequence[str]]
    required: Sequence[str] = ()
    stated: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _names(self) -> dict[str, tuple[str, int]]:
        """Folded header → (column, how good a name it is; 0 is the column's own)."""
        own = {loose(column): (column, 0) for column in self.columns}
        others = {
            loose(name): (column, number)
            for column, names in self.columns.items()
            for number, name in enumerate(names, start=1)
        }
        usual = {
            name: found for name, found in {**others, **own}.items() if found[0] not in self.stated
        }
        return {**usual, **{loose(header): (column, 0) for column, header in self.stated.items()}}

    def find(self, header: str) -> tuple[str, int] | None:
        """The column that a header names, and how good a name it is; `需求（30分）` is `需求`."""
        names = self._names
        found = names.get(loose(header))
        if found is None and header.rstrip().endswith((")", "）")):
            bare = names.get(loose(without_points(header)))
            found = None if bare is None else (bare[0], bare[1] + LESS)
        return found

    def mapped(self, columns: Mapping[str, str]) -> Layout:
        """The layout where some columns go only under the headers that the organiser states."""
        return replace(self, stated={**self.stated, **columns}) if columns else self


PROPOSALS = Layout(
    {
        "id": PROPOSAL[:9],
        "title": ("项目名称", "提案名称", "作品名称", "名称", "标题", "name"),
        "title_en": ("英文名称",),
        "title_zh-Hans": ("中文名称",),
        "team": ("团队", "团队名称", "申报团队", "队伍", "队名"),
        "community": ("社区", "所在社区", "所属社区"),
        "category": ("类别", "项目类别", "类型", "分类"),
        "amount": ("金额", "申请金额", "资助金额", "预算"),
        "order": ("出场顺序", "顺序", "出场序号"),
        "status": ("状态",),
        "status_reason": ("状态说明", "状态原因"),
    },
    ("id", "title"),
)
JUDGES = Layout(
    {
        "id": (*JUDGE[:6], "编号", "judge"),
        "name": ("姓名", "评委姓名", "专家姓名", "名字"),
        "organisation": ("organization", "单位", "工作单位", "所在单位"),
        "community": ("社区", "所在社区"),
        "panel": ("评审组", "评委组", "组别"),
        "email": ("邮箱", "电子邮箱", "e-mail"),
        "languages": ("语言",),
        "expertise": ("专长", "专业", "专业领域"),
        "min_load": ("最少评审数",),
        "max_load": ("最多评审数",),
    },
    ("id",),
)
CONFLICTS = Layout(
    {"judge": (*JUDGE, "姓名"), "proposal": PROPOSAL, "reason": ("原因", "理由", "回避原因")},
    ("judge", "proposal"),
)
ASSIGNMENTS = Layout(
    {"round": ROUND, "judge": (*JUDGE, "姓名"), "proposal": PROPOSAL}, ("judge", "proposal")
)
DECISIONS = Layout(
    {
        "round": ROUND,
        "proposal": PROPOSAL,
        "what": ("决定", "裁定", "结果"),
        "by": ("决定人", "裁定人"),
        "second": ("复核人", "附议人"),
        "why": ("理由", "原因"),
    },
    ("proposal", "what", "by"),
)
MARKS = Layout(
    {
        "proposal": PROPOSAL,
        "judge": (*JUDGE, "姓名"),
        "criterion": ("标准", "指标", "评分标准", "评审标准", "评审指标", "评分指标", "评分项"),
        "mark": ("score", "得分", "分数", "评分", "打分"),
        "round": ROUND,
        "comment": COMMENT,
        "at": MOMENT,
        "revision": ("版本", "修订", "修订号"),
    },
    ("proposal",),
)
COMPARISONS = Layout(
    {
        "judge": (*JUDGE, "姓名"),
        "winner": ("胜者", "优胜", "胜方", "胜出", "优胜项目", "胜出项目", "better", "preferred"),
        "loser": ("败者", "负方", "败方", "落败", "落败项目", "较差项目", "worse"),
        "tie": ("平局", "平", "打平", "是否平局", "draw", "tied"),
        "round": ROUND,
        "at": MOMENT,
        "order": ("次序", "顺序", "第几次", "turn"),
        "comment": COMMENT,
    },
    ("judge", "winner", "loser"),
)
RANKINGS = Layout(
    {
        "judge": (*JUDGE, "姓名"),
        "proposal": PROPOSAL,
        "place": ("rank", "position", "名次", "排名", "位次", "排序"),
        "round": ROUND,
        "at": MOMENT,
        "comment": COMMENT,
    },
    ("judge", "proposal", "place"),
)
FACTS = Layout({"proposal": PROPOSAL, "round": ROUND, "date": MOMENT}, ("proposal",))


def tidy(header: str) -> str:
    """A header on one line, full-width forms made ASCII."""
    return " ".join(unicodedata.normalize("NFKC", header).split())


def without_points(header: str) -> str:
    """A header without what stands in brackets behind it: `市场需求（30分）` → `市场需求`."""
    return re.sub(r"\s*[(（][^()（）]*[)）]\s*$", "", header)

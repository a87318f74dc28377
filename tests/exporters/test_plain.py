from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from review.model.rubric import Rubric
from review_plugins.exporters.plain import award_rules, round_rules
from tests.exporters import factory

if TYPE_CHECKING:
    from review import Result


def rules(rubric: dict[str, Any] | None = None, **declared: Any) -> list[tuple[str, str]]:
    """The sentences on a round with the rubric and the declaration changed."""
    first = {**factory.COMPETITION["rounds"][0], **declared}
    result = factory.full_result(rounds=[first, factory.COMPETITION["rounds"][1]])
    changed = Rubric.model_validate({**factory.RUBRIC, **(rubric or {})})
    of = replace(result.rounds[0], rubric=changed)
    return [(text["en"], text["zh-Hans"]) for text in round_rules(result, of)]


@pytest.mark.parametrize(
    ("scorer", "words"),
    [
        ("trimmed_mean", "the mean without the 1 highest and 1 lowest"),
        (
            {"name": "trimmed_mean", "share": "0.2"},
            "the mean without the highest and lowest share of 0.2",
        ),
        ("weighted_mean", "the mean"),
        ("majority_judgment", "majority judgment"),
        ("my_scorer", "my_scorer"),
        ({"name": "my_scorer", "p": 2, "q": "x"}, "my_scorer (p = 2, q = x)"),
    ],
)
def test_scorers_are_told_in_words(scorer: Any, words: str) -> None:
    sentence = rules({"scorer": scorer})[1][0]

    assert sentence == (
        f"A judge's marks on a proposal are weighed into one ballot; then, over judges: {words}."
    )


@pytest.mark.parametrize(
    ("shortlist", "words"),
    [
        ({"rule": "top", "size": 3}, "Shortlist: the best 3, down the standings."),
        (
            {"rule": "threshold", "min_score": 6, "quotas": [{"by": "track", "max": 2}]},
            "Shortlist: every score of at least 6 (at most 2 from each track).",
        ),
        (
            {"rule": "share", "percent": 30},
            "Shortlist: the best 30 % of the ranked, rounded up.",
        ),
        ({"rule": "my_rule", "depth": 2}, "Shortlist: my_rule (depth = 2)."),
        ({"rule": "top"}, "Shortlist: top."),
    ],
)
def test_shortlist_rules_are_told_in_words(shortlist: Any, words: str) -> None:
    assert rules(shortlist=shortlist)[-1][0] == (
        f"{words} A tie across the line is left for people to decide."
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("report", "入围线上并列时，由组织方裁定。"),
        ("extend", "入围线上并列时，并列者全部入围。"),
        ("chain", "入围线上并列时，按同分规则决定。"),
    ],
)
def test_ties_across_the_line_are_told_in_words(line: str, words: str) -> None:
    sentence = rules(shortlist={"rule": "top", "size": 3, "line": line, "reserve": 2})[-1][1]

    assert sentence == f"入围规则：按名次取前 3 名。另设候补 2 名。{words}"


def test_a_round_without_own_marks_is_told_by_its_parts() -> None:
    sentences = rules(parts=[{"from": "round:selection"}, {"from": "fact:votes", "times": "-2"}])

    assert sentences[0] == (
        "Score of the round: 1 × Selection − 2 × votes.", "本轮得分 = 1 × 立项评审 − 2 × votes。",
    )  # fmt: skip


def test_a_sum_may_begin_with_a_minus() -> None:
    sentences = rules(parts=[{"from": "fact:overtime", "times": "-2"}, {"from": "round:selection"}])

    assert sentences[0][0] == "Score of the round: − 2 × overtime + 1 × Selection."


@pytest.mark.parametrize(
    ("incomplete", "words"),
    [
        ("renormalise", "评委漏评某项指标时，该评委的权重按已评指标重新分配；缺评不按零分计算。"),
        ("drop", "评委漏评任一指标，该评委对此项目的评分不计入；缺评不按零分计算。"),
        ("refuse", "评分必须完整，否则不予计分；缺评不按零分计算。"),
    ],
)
def test_incomplete_ballots_are_told_in_words(incomplete: str, words: str) -> None:
    assert rules({"incomplete": incomplete})[3][1] == words


def test_every_tie_break_is_told_in_words() -> None:
    ties = [
        "criterion:idea", "subtotal", "score:selection", "fact:votes", "fact:overtime:asc",
        "median", "top_marks", "head_to_head", "lot", "refuse",
    ]  # fmt: skip

    sentence = next(en for en, _ in rules({"ties": ties}) if en.startswith("Equal scores"))

    assert sentence == (
        "Equal scores are told apart by: higher “idea”; higher subtotal; higher score in "
        "“Selection”; more “votes”; less “overtime”; higher median of the ballots; more marks at "
        "the top of the scale; direct comparison by the judges who judged both; lot, drawn from "
        "the declared seed; refused: a tie must not remain."
    )


def test_percent_is_told_in_words() -> None:
    assert rules({"report": "percent"})[2] == (
        "The score is given in percent of what can be reached.", "得分换算为百分制。",
    )  # fmt: skip


def test_awards_are_told_with_their_prizes_and_policy(full: Result) -> None:
    assert [text["zh-Hans"] for text in award_rules(full)] == [
        "星星闪耀：依据“立项评审”的结果（一等奖 1 名，二等奖 2 名；得分低于 6 则空缺）。",
        "best-of-track：依据“立项评审”的结果（共 1 名）。",
        "奖项按以下顺序评定：星星闪耀、best-of-track。",
        "同一“团队”最多获一个奖项，后者依次递补。",
        "只有入围项目可以获奖。",
        "获奖项目至少应有 2 位评委的有效评分。",
    ]


def test_without_a_policy_only_the_awards_are_told() -> None:
    result = factory.full_result(award_policy={})

    assert len(award_rules(result)) == 2


def test_lottery_is_told_with_its_chances_and_without_ties() -> None:
    lottery, promised = {"rule": "lottery", "size": 3}, f"sha256:{'0' * 64}"
    english, chinese = rules(shortlist={**lottery, "commitment": promised, "reserve": 2})[-1]
    assert english == (
        "Shortlist: 3 places. Whoever's rank (50 % interval) is better than the line beyond "
        "doubt is in; those whose rank reaches to it share the places left by lot, with equal "
        f"chances. The seed of the draw was committed to as {promised}. Then 2 in reserve."
    )
    assert chinese == (
        "入围规则：名额 3 个。名次（50% 区间）整体优于入围线的项目直接入围；"
        "名次触及入围线的项目以相同概率抽签决定余下名额。"
        f"抽签种子的承诺值为 {promised}。另设候补 2 名。"
    )
    english, chinese = rules(shortlist={**lottery, "method": "linear", "width": "1.5"})[-1]
    assert english == (
        "Shortlist: 3 places by lot, with chances that grow evenly from 0 to 1 over 1.5 points "
        "of the score."
    )
    assert (
        chinese == "入围规则：名额 3 个，抽签决定；入围概率在 1.5 分的范围内随得分由 0 均匀升至 1。"
    )

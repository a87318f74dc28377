from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from click import unstyle
from wcwidth import wcswidth

from review.cli.explanation import explanation_lines
from review.engine.explain import (
    AwardExplanation,
    BallotLine,
    Explanation,
    MarkCell,
    RoundExplanation,
)
from review.messages import Message
from review.model.result import PassedOver, ShortlistEntry, Standing, Winner
from review.model.rubric import Criterion
from review.text import LANGUAGES, Language, using

if TYPE_CHECKING:
    from collections.abc import Callable

CRITERIA = tuple(
    Criterion.model_validate(
        {"id": id_, "title": {"en": en, "zh-Hans": zh}, "weight": weight, "counts": id_ != "note"}
    )
    for id_, en, zh, weight in (
        ("need", "Community need", "社区需求", 30),
        ("new", "Innovation", "创新性", 25),
        ("can", "Feasibility", "可行性", 25),
        ("join", "Mobilisation", "居民动员", 20),
        ("brand", "Brand", "品牌", "0.5"),
        ("note", "Impression", "印象", 1),
    )
)


def cell(
    value: str | None = None,
    state: str | None = None,
    comment: str | None = None,
    *,
    dropped: bool = False,
) -> MarkCell:
    return MarkCell(None if value is None else Decimal(value), state, dropped, comment)


def ballot(judge: str, fate: str, total: str | None, **marks: MarkCell) -> BallotLine:
    number = None if total is None else Decimal(total)
    name = "e6" if judge == "e6" else "Judge Lin 林评委"
    return BallotLine(judge, name, marks, number, fate)


@pytest.fixture
def explanation() -> Explanation:
    """A round with every fate of a ballot and every kind of mark, and one without any marks."""
    title = {"en": "From Rubbish Corner to Pocket Garden", "zh-Hans": "垃圾角变口袋花园"}
    same = "Who waters next summer? 明年夏天谁来浇水？"
    ballots = (
        ballot(
            "e1",
            "counted",
            "8.25",
            need=cell("8.5", comment=same),
            new=cell("9.5", comment=same, dropped=True),
        ),
        ballot("e2", "renormalised", "8.10", need=cell(state="abstain"), new=cell(state="missing")),
        ballot("e3", "dropped", "9.90", need=cell(state="absent"), new=cell(state="recused")),
        ballot("e4", "incomplete", None),
        ballot("e5", "conflict", None),
        ballot("e6", "none", None),
    )
    standing = Standing(
        "p01", title, None, 1, Decimal("8.93"), Decimal("8.93"), {"need": Decimal("9.10")}, {},
        7, 0, None, None, None,
    )  # fmt: skip
    steps = (
        Message("explain_scorer", {"scorer": "weighted_mean"}),
        Message("explain_rank", {"rank": 1, "score": "8.93"}),
    )
    entry = ShortlistEntry("p01", 1, "in", Message("within_size", {"size": 14}))
    best = Message("award_best", {"value": "8.93"})
    first = {"en": "First prize", "zh-Hans": "一等奖"}
    passed = Message("passed_not_shortlisted")
    return Explanation(
        "p01",
        title,
        (
            RoundExplanation("selection", {}, CRITERIA, ballots, steps, standing, entry),
            RoundExplanation("facts", {}, CRITERIA, (), steps[1:], standing, None),
        ),
        (
            AwardExplanation("star", {}, Winner(1, 0, "p01", title, None, best, None, first)),
            AwardExplanation("top", {}, Winner(1, 0, "p01", title, None, best)),
            AwardExplanation("brand", {}, PassedOver("p01", title, None, passed)),
        ),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_explanation_goes_from_marks_to_awards(
    explanation: Explanation, language: Language, golden: Callable[[str, str], None]
) -> None:
    with using(language):
        text = unstyle("\n".join(explanation_lines(explanation))) + "\n"
    assert max(map(wcswidth, text.splitlines())) <= 80
    golden(f"explanation.{language}", text)

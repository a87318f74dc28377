"""Results made by hand: one with everything that can happen, one where nothing has happened yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from review.messages import Message
from review.model.competition import Competition
from review.model.loaded import LoadedCompetition
from review.model.problem import Place, Problem, note, warning
from review.model.result import (
    AwardResult,
    ExcludedEffect,
    PassedOver,
    Result,
    RoundResult,
    RoundTrace,
    ShortlistEntry,
    Standings,
    Winner,
    decimal,
)
from review.model.rubric import Rubric

DECISION = ("round", "proposal", "what", "by", "second", "why")
RULINGS = [
    ("selection", "p3", "tie:1", "Chair Lin 林主任", "Secretary Chen", "drawn in public"),
    ("selection", "p1", "award:shining-star", "Chair Lin 林主任", None, None),
]
EVIL = "<script>alert('公示')</script>"

COMPETITION: dict[str, Any] = {
    "format": 1,
    "id": "star-plan",
    "title": {"en": "Star Plan", "zh-Hans": "星选计划"},
    "proposals": "proposals.csv",
    "judges": "judges.csv",
    "signatures": ["计分 scored by", "复核 checked by"],
    "rounds": [
        {
            "id": "selection",
            "title": {"en": "Selection", "zh-Hans": "立项评审"},
            "rubric": "proposal",
            "group_by": "track",
            "shortlist": {
                "rule": "top",
                "size": 2,
                "reserve": 1,
                "quotas": [
                    {"by": "community", "max": 2},
                    {"by": "category", "min": 1},
                    {"by": "category", "value": "art", "max": 1, "min": 0},
                ],
            },
        },
        {
            "id": "final/决赛",
            "rubric": "points",
            "entrants": "selection",
            "parts": [
                {"from": "own", "times": "0.6"},
                {"from": "round:selection", "times": "0.4"},
                {"from": "fact:overtime", "times": "-0.5"},
            ],
        },
    ],
    "awards": [
        {
            "id": "shining-star",
            "award": "shining_star",
            "title": {"en": "Shining Star", "zh-Hans": "星星闪耀"},
            "round": "selection",
            "tiers": [
                {"title": {"en": "First prize", "zh-Hans": "一等奖"}, "count": 1},
                {"title": {"en": "Second prize", "zh-Hans": "二等奖"}, "count": 2},
            ],
            "min_score": "6",
        },
        {"id": "best-of-track", "award": "category_best", "round": "selection"},
    ],
    "award_policy": {
        "order": ["shining-star", "best-of-track"],
        "one_per": "team",
        "shortlisted": True,
        "min_ballots": 2,
    },
}

RUBRIC: dict[str, Any] = {
    "id": "proposal",
    "title": {"en": "Community proposal", "zh-Hans": "社区提案"},
    "scorer": {"name": "trimmed_mean", "drop": 1},
    "rounding": {"ballot": 2, "mark": 0},
    "ties": ["criterion:need", "median", "share"],
    "criteria": [
        {"id": "need", "title": {"en": "Need", "zh-Hans": "需求"}, "weight": 60},
        {"id": "idea", "weight": 40},
        {"id": "look", "title": "Look", "counts": False},
    ],
}

POINTS: dict[str, Any] = {
    "id": "points",
    "scorer": "median",
    "order": "criterion-first",
    "report": "sum",
    "ties": ["score:selection", "fact:overtime:asc", "lot"],
    "criteria": [{"id": "pitch", "title": {"zh-Hans": "路演"}}],
}

PROPOSALS = pl.DataFrame(
    {
        "proposal": ["p1", "p2", "p3", "p4", "=p5"],
        "title": ["Garden", EVIL, "Tea | House", "Theatre", "@HYPERLINK"],
        "team": ["Gardeners 花园队", None, "+Tea", "Players", ""],
        "status": [None, None, None, "withdrawn", None],
    }
)

TITLES = {
    "p1": {"en": "Garden", "zh-Hans": "口袋花园"},
    "p2": {"en": EVIL},
    "p3": {"en": "Tea | House", "zh-Hans": "-茶馆"},
    "p4": {"zh-Hans": "剧场"},
    "=p5": {"en": "@HYPERLINK"},
}

SELECTION = pl.DataFrame(
    {
        "proposal": ["p1", "p2", "p3", "=p5", "p4"],
        "group": ["art", "art", "tea", "tea", "art"],
        "rank": [1, 1, 1, None, None],
        "score": [893, 893, 700, None, None],
        "subtotal": [893, 893, 700, None, None],
        "criterion:need": [9100, 9000, 7000, None, None],
        "criterion:idea": [8675, 8825, 7000, None, None],
        "part:own": [893, 893, 700, None, None],
        "ballots": [3, 3, 2, 0, 0],
        "missing": [0, 0, 1, 6, 0],
        "status": [None, None, None, None, "withdrawn"],
        "tie_with": [["p2"], ["p1"], [], [], []],
        "tie_by": ["share", "share", None, None, None],
    },
    schema_overrides={"rank": pl.Int64, "score": pl.Int64, "tie_with": pl.List(pl.String)},
)

FINAL = pl.DataFrame(
    {
        "proposal": ["p1", "p3"],
        "group": [None, None],
        "rank": [1, 2],
        "score": [42, -15],
        "subtotal": [80, 80],
        "criterion:pitch": [8, 8],
        "part:own": [48, 48],
        "part:round:selection": [36, 28],
        "part:fact:overtime": [-42, -91],
        "ballots": [2, 2],
        "missing": [0, 0],
        "status": [None, None],
        "tie_with": [["p3"], ["p1"]],
        "tie_by": ["score:selection", "score:selection"],
    },
    schema_overrides={"group": pl.String, "status": pl.String},
)


def loaded(**changes: Any) -> LoadedCompetition:
    """The competition; `changes` go into its competition.toml."""
    competition = Competition.model_validate({**COMPETITION, **changes})
    nothing = pl.DataFrame()
    return LoadedCompetition(
        competition=competition,
        rubrics={},
        proposals=PROPOSALS,
        judges=pl.DataFrame(
            {"judge": ["j1", "j2", "j3"], "name": ["Judge Lin 林评委", None, "=j"]}
        ),
        marks=nothing,
        conflicts=nothing,
        decisions=pl.DataFrame(RULINGS, dict.fromkeys(DECISION, pl.String), orient="row"),
        facts=nothing,
        fact_places={},
    )


def standings(frame: pl.DataFrame, places: int) -> Standings:
    """Standings whose criteria have three decimals and whose other numbers have `places`."""
    columns = {c: 3 if c.startswith("criterion:n") else places for c in frame.columns}
    columns |= {"criterion:idea": 3}
    reasons = {
        "=p5": Message("no_score"),
        "p4": Message(
            "status_with_reason", {"status": Message("status_withdrawn"), "reason": "moved | away"}
        ),
    }
    return Standings(frame, columns, TITLES, reasons)


def shortlist() -> tuple[ShortlistEntry, ...]:
    """One entry of each status."""
    tie = Message("tie_at_line", {"with_": ["p2"]})
    return (
        ShortlistEntry("p1", 1, "in", Message("within_size", {"size": 2})),
        ShortlistEntry("p2", None, "undecided", tie),
        ShortlistEntry("p3", 1, "reserve", Message("reserve", {"place": 1})),
        ShortlistEntry("=p5", None, "out", Message("no_score")),
        ShortlistEntry("p4", None, "ineligible", Message("status_withdrawn")),
    )


def awards() -> tuple[AwardResult, ...]:
    """Tiers with a vacancy, an award by group, proposals passed over."""
    best = Message("award_best", {"value": "8.93"})
    return (
        AwardResult(
            id="shining-star",
            award="shining_star",
            title={"en": "Shining Star", "zh-Hans": "星星闪耀"},
            round="selection",
            winners=(
                Winner(
                    1, 0, "p1", TITLES["p1"], decimal(893, 2), best,
                    tier_title={"en": "First prize", "zh-Hans": "一等奖"},
                ),
            ),
            vacant=2,
            passed_over=(
                PassedOver(
                    "p2", TITLES["p2"], decimal(893, 2), Message("passed_not_shortlisted")
                ),
                PassedOver(
                    "=p5", TITLES["=p5"], None, Message("passed_no_value", {"missing": "score"})
                ),
            ),
        ),
        AwardResult(
            id="best-of-track",
            award="category_best",
            title={},
            round="selection",
            winners=(
                Winner(1, 0, "p1", TITLES["p1"], decimal(893, 2), best, group="art"),
                Winner(1, 0, "p3", TITLES["p3"], None, best, group="tea"),
            ),
            vacant=0,
            passed_over=(),
        ),
    )  # fmt: skip


def problems() -> list[Problem]:
    """A warning in a sheet, a note without a place."""
    text = {"en": "looks like a formula", "zh-Hans": "看起来是公式"}
    return [
        warning(
            Message("formula", {}, text),
            Place("marks.xlsx", "初评", 12, "need"),
            value="=1+1",
            hint=Message("hint", {}, {"en": "write the number", "zh-Hans": "请直接填写数字"}),
        ),
        note(Message("formula", {}, text)),
    ]


def trace(round_id: str) -> RoundTrace:
    """Marks of three judges: a ballot dropped, one incomplete, one in conflict, a mark missing."""
    if round_id == "selection":
        marks = [
            ("p1", "j1", "need", 95, None), ("p1", "j1", "idea", 90, None),
            ("p1", "j1", "look", 50, None), ("p1", "j2", "need", 90, None),
            ("p1", "j2", "idea", 85, None), ("p1", "j3", "need", 70, None),
            ("p2", "j1", "need", None, "missing"), ("p2", "j2", "need", None, "absent"),
            ("p2", "j3", "need", 88, None),
        ]  # fmt: skip
        ballots = [
            ("p1", "j1", 930, "counted"), ("p1", "j2", 880, "counted"),
            ("p1", "j3", 700, "dropped"), ("p2", "j1", None, "incomplete"),
            ("p2", "j2", None, "absent"), ("p2", "j3", 880, "conflict"),
        ]  # fmt: skip
    else:
        marks = [("p1", "j1", "pitch", 80, None), ("p3", "j1", "pitch", 75, None)]
        ballots = []
    schema = {"proposal": pl.String, "judge": pl.String, "criterion": pl.String}
    frame = pl.DataFrame(
        marks, schema={**schema, "value": pl.Int64, "state": pl.String}, orient="row"
    ).with_columns(dropped=pl.col("criterion").eq("pitch") & pl.col("proposal").eq("p3"))
    of_judges = {"proposal": pl.String, "judge": pl.String, "value": pl.Int64, "fate": pl.String}
    return RoundTrace(frame, pl.DataFrame(ballots, schema=of_judges, orient="row"), 1, 2)


def full_result(**changes: Any) -> Result:
    """Groups, ties, statuses, every kind of shortlist entry, vacancies, exclusions, problems."""
    source = loaded(**changes)
    selection, final = source.competition.rounds
    return Result(
        competition="star-plan",
        title=source.competition.title,
        state=source.competition.state,
        content="sha256:" + "0" * 64,
        rules="sha256:" + "1" * 64,
        rounds=(
            RoundResult(
                id="selection",
                title=selection.title,
                rubric=Rubric.model_validate(RUBRIC),
                standings=standings(SELECTION, 2),
                shortlist=shortlist(),
                expected=45,
                marked=36,
                missing=7,
                excluded=(("j3", "p2", "drew the plan"),),
                excluded_effect=(ExcludedEffect("p2", 1, 2), ExcludedEffect("p4", None, None)),
            ),
            RoundResult(
                id="final/决赛",
                title=final.title,
                rubric=Rubric.model_validate(POINTS),
                standings=standings(FINAL, 1),
                shortlist=None,
                expected=0,
                marked=0,
                missing=0,
            ),
        ),
        awards=awards(),
        problems=problems(),
        source=source,
        tracer=trace,
    )


def empty_result(**changes: Any) -> Result:
    """No round has a rank, there are no awards and no problems, nobody was marked."""
    whole = full_result(**{"awards": [], "award_policy": {}, "signatures": [], **changes})
    blank = pl.lit(None, pl.Int64)
    numbers = [c for c in SELECTION.columns if c in {"rank", "score", "subtotal"} or ":" in c]
    frame = SELECTION.with_columns(
        *(blank.alias(name) for name in numbers),
        tie_by=pl.lit(None, pl.String),
        ballots=pl.lit(0),
    )
    first = replace(
        whole.rounds[0], standings=standings(frame, 2), excluded=(), excluded_effect=(), missing=45,
        shortlist=None,
    )  # fmt: skip
    no_marks = replace(
        trace("selection"),
        marks=trace("selection").marks.clear(),
        ballots=trace("selection").ballots.clear(),
    )
    return replace(whole, rounds=(first,), awards=(), problems=(), tracer=lambda _: no_marks)


def bare_result() -> Result:
    """A competition of which no round was run."""
    return replace(empty_result(), rounds=())

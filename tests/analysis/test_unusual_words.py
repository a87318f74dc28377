from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from review.analysis.unusual.report import (
    Group,
    Kin,
    Mark,
    Odds,
    Pair,
    Returned,
    RoundUnusual,
    Unusual,
)

SURE = Odds(0.00001, 0.004, "drawn", 9_999)
CHANCE = Odds(0.2, 0.9, "exact", 35)

MARK = Mark(
    "j1", "j1 Lin", "p7", {"en": "Story Hour"}, 4.5, 5, (7, 7.8, 8.25), 7.4, -2.6, -4.9,
    replace(SURE, by="t", deals=None),
)  # fmt: skip
PAIR = Pair(("j1", "j2"), ("j1 Lin", "j2"), 30, 0.62, -0.2, SURE)
KIN = Kin("j3", "j3", ("organisation", "team"), 6, 30, 1.21, 0.55, 1.87, SURE)
GROUP = Group(("j1", "j2", "j4"), ("j1 Lin", "j2", "j4"), 0.5, -0.17, SURE)
FAVOUR = Returned(("j1", "j2"), ("j1 Lin", "j2"), 1.5, 2.25, SURE)


def said(**findings: Any) -> list[str]:
    round_ = RoundUnusual("final", {}, tests=80, **findings)
    return [sentence.render("en") for sentence in round_.sentences]


FOUND = (
    "1 of 80 tests shows something unusual. Unusual is not wrong: it is worth a question, and there"
    " may be good reasons."
)


@pytest.mark.parametrize(
    ("kind", "finding", "words"),
    [
        (
            "marks",
            MARK,
            (
                "j1 Lin gave “Story Hour” (p7) 4.5, unusually low: the 5 others gave 7 to 8.25, and"
                " of this judge about 7.4 was to be expected."
            ),
        ),
        (
            "pairs",
            PAIR,
            (
                "j1 Lin and j2 are unusually alike: on 30 proposals they were above or below"
                " expectation together (correlation 0.62; chance gives -0.20)."
            ),
        ),
        (
            "affinity",
            KIN,
            (
                "j3 gave 6 proposals of the same organisation (as team) an unusual 1.21 points more"
                " than other proposals, quality and strictness allowed for (between 0.55 and 1.87)."
            ),
        ),
        (
            "groups",
            GROUP,
            (
                "j1 Lin, j2, j4 form an unusual group: they are above or below expectation together"
                " (mean correlation 0.50; chance gives -0.17)."
            ),
        ),
        (
            "favours",
            FAVOUR,
            (
                "j1 Lin and j2 each gave the other's entry unusually much: 1.5 and 2.25 points more"
                " than was to be expected."
            ),
        ),
    ],
)
def test_each_kind_is_told_and_explained(kind: str, finding: Any, words: str) -> None:
    first, second, third = said(**{kind: (finding, replace(finding, odds=CHANCE))})
    assert (first, second) == (FOUND, words)
    assert third.startswith("What else could explain it: ")


def test_what_could_not_have_passed_is_told_the_least_likely_first() -> None:
    small = Odds(0.002, 0.11, "exact", 500, least=0.002)
    smaller = Odds(0.001, 0.1, "exact", 1_001, least=0.001)
    less = Kin(None, None, ("team", "team"), 3, 9, -0.75, -1.5, 0.25, smaller)
    found = said(
        affinity=(replace(KIN, odds=small), replace(KIN, odds=CHANCE), less),
        favours=(replace(FAVOUR, odds=replace(small, least=0.0001)), replace(FAVOUR, odds=small)),
    )
    assert [sentence.split(" points")[0] for sentence in found[1:]] == [
        "The judges together gave 3 proposals of the same team 0.75",
        "j3 gave 6 proposals of the same organisation (as team) 1.21",
        ("j1 Lin and j2 each gave the other's entry more than was to be expected: 1.5 and 2.25"),
    ]
    assert all(sentence.endswith("look at it yourself.") for sentence in found[1:])


def test_round_with_nothing_unusual_says_what_would_have_been_seen() -> None:
    assert said(tested=60, far=1, far_by_chance=0.18, detectable=2.345) == [
        (
            "In 80 tests nothing passed the threshold for unusual. Where marks are few even a large"
            " difference may not pass: look at the tables, too."
        ),
        (
            "1 of 60 ballots lies more than three standard deviations from what was to be expected;"
            " chance alone gives about 0.2."
        ),
        (
            "That nothing was found does not mean that nothing is there: with so many ballots, a"
            " single one is told only from about 2.3 points beside what was to be expected."
        ),
    ]


def test_report_in_json_is_complete() -> None:
    round_ = RoundUnusual(
        "final", {"en": "Final"}, tests=5, tested=1, far=1, far_by_chance=0.003, spread=0.5,
        marks=(MARK,), pairs=(PAIR,), affinity=(KIN,), groups=(GROUP,), favours=(FAVOUR,),
    )  # fmt: skip
    report = Unusual("c", {}, "sha256:0", "sha256:1", 5, (round_,)).to_json()
    assert {key: value for key, value in report.items() if key != "rounds"} == {
        "schema": 1,
        "competition": "c",
        "title": {},
        "content": "sha256:0",
        "rules": "sha256:1",
        "tests": 5,
        "level": 0.05,
        "adjusted_by": "benjamini-hochberg",
    }
    found: Any = round_.to_json()
    odds = {"p": 0.00001, "p_adjusted": 0.004, "unusual": True, "by": "drawn", "deals": 9999}
    assert (found["tests"], found["unusual"], found["spread"]) == (5, 5, 0.5)
    assert found["ballots"] == {"tested": 1, "far": 1, "far_by_chance": 0.003, "detectable": None}
    assert found["marks"] == [
        {
            "judge": "j1",
            "proposal": "p7",
            "title": {"en": "Story Hour"},
            "ballot": 4.5,
            "others": {"count": 5, "low": 7.0, "mean": 7.8, "high": 8.25},
            "expected": 7.4,
            "residual": -2.6,
            "deviations": -4.9,
            **odds,
            "by": "t",
            "deals": None,
        }
    ]
    assert found["pairs"] == [
        {"judges": ["j1", "j2"], "shared": 30, "correlation": 0.62, "by_chance": -0.2, **odds}
    ]
    assert found["affinity"] == [
        {
            "judge": "j3",
            "attribute": {"judge": "organisation", "proposal": "team"},
            "own": 6,
            "others": 30,
            "effect": 1.21,
            "low": 0.55,
            "high": 1.87,
            **odds,
        }
    ]
    assert found["groups"] == [
        {"judges": ["j1", "j2", "j4"], "correlation": 0.5, "by_chance": -0.17, **odds}
    ]
    assert found["favours"] == [
        {"judges": ["j1", "j2"], "to_second": 1.5, "to_first": 2.25, **odds}
    ]

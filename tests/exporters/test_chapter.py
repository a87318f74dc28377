"""The chapter on how sure and how fair a result is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from review.analysis import whole
from review.analysis.unusual.report import Kin, Mark, Odds, RoundUnusual, Unusual
from review.analysis.whole import Analysis
from review.pipeline import derive
from review.plugin.manager import Plugins
from review.testing import competition
from review_plugins.exporters import figures
from review_plugins.exporters.chapter import chapter, percent
from review_plugins.exporters.markdown import MarkdownExporter
from review_plugins.exporters.page import render
from review_plugins.exporters.words import word
from tests.exporters import factory

if TYPE_CHECKING:
    from pathlib import Path

    from review import Result
    from review_plugins.exporters.sections import Section

PLUGINS = Plugins.load()
MARKS = {
    "p1": {"j1": 9, "j2": 8, "j3": "9.5"},
    "p2": {"j1": 8, "j2": "7.5", "j3": "8.5"},
    "p3": {"j1": 6, "j2": 5, "j3": 7},
    "p4": {"j1": 5, "j2": "4.5"},
}
TOP = {"rule": "top", "size": 2}
TEXTS = re.compile(r"<text[^>]*>([^<]*)</text>")


def analysed(**rules: Any) -> Result:
    result = derive(competition(**rules), PLUGINS, {})
    analysis = Analysis(result, PLUGINS)
    return replace(result, analyst=lambda: analysis)


def titles(sections: tuple[Section, ...] | list[Section]) -> list[str]:
    return [section.title["en"] for section in sections]


QUESTIONS = [
    "How sure are the places?",
    "Do the judges agree?",
    "What would change the result?",
    "Is anything unusual?",
]


def test_one_round_is_asked_four_questions() -> None:
    result = analysed(
        marks=MARKS,
        shortlist=TOP,
        awards=[{"id": "best", "award": "top_score", "round": "round", "title": "Best"}],
    )
    (found,) = chapter(result)
    assert (found.id, found.title["zh-Hans"]) == ("sure", "结果有多可靠、评审有多公平")
    assert titles([*found.sections]) == QUESTIONS
    places, judges, change, unusual = found.sections
    assert [len(each.figures) for each in found.sections] == [1, 2, 1, 0]
    assert [t.id for t in places.folded] == ["sure-places", "sure-award"]
    assert [t.id for t in judges.folded] == ["sure-measures", "sure-judges"]
    assert all(each.items for each in found.sections)
    assert (change.folded, unusual.folded) == ([], [])
    rows = [row["proposal"] for row in places.folded[0].rows]
    assert rows == ["p1", "p2", "p3", "p4"]
    assert places.folded[0].rows[0]["rank"] == 1


def test_rounds_and_groups_are_told_apart() -> None:
    groups = {p: {"track": "north" if p in {"p1", "p2"} else "south"} for p in MARKS}
    rounds = {"first": MARKS, "second": {p: MARKS[p] for p in ("p1", "p2")}}
    result = analysed(rounds=rounds, proposals=groups, group_by="track")
    (found,) = chapter(result)
    assert titles([*found.sections]) == ["first", "second"]
    first = found.sections[0]
    assert titles([*first.sections]) == QUESTIONS
    tables = [t.title["en"] for t in first.sections[0].folded]
    assert tables == ["Places: north", "Places: south"]
    names = re.findall(r'id="(chart-[^"]+)-title"', render(result))
    assert len(names) == len(set(names)) > 0


def test_pictures_name_proposals_and_judges_in_either_language() -> None:
    proposals = {p: {"title": f"Idea {p}", "title_zh-Hans": f"想法{p}"} for p in MARKS}
    (found,) = chapter(analysed(marks=MARKS, proposals=proposals, shortlist=TOP))
    drawn = [figure for section in found.sections for figure in section.figures]
    assert all(figure["en"].startswith("<svg") for figure in drawn)
    intervals = " ".join(TEXTS.findall(drawn[0]["zh-Hans"]))
    assert "p1" in intervals
    assert all(figure["en"] != figure["zh-Hans"] for figure in drawn)


def test_round_without_a_shortlist_has_nobody_in_or_out() -> None:
    (found,) = chapter(analysed(marks=MARKS))
    places, _judges, change, _unusual = found.sections
    told = [TEXTS.findall(figure["en"]) for figure in (*places.figures, *change.figures)]
    assert [{"in", "out"} & {*words} for words in told] == [set(), set()]
    assert "official place" in told[0]
    assert "Places by method, the official one first.</desc>" in change.figures[0]["en"]
    (found,) = chapter(analysed(marks=MARKS, shortlist=TOP))
    assert {"in", "out"} < {*TEXTS.findall(found.sections[0].figures[0]["en"])}


def test_nothing_is_drawn_where_there_is_nothing_to_compare() -> None:
    (found,) = chapter(analysed(marks={"p1": {"j1": 5}}))
    assert [len(each.figures) for each in found.sections] == [0, 1, 0, 0]


def test_what_is_too_wide_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "MOST_COLUMNS", 2)
    (found,) = chapter(analysed(marks=MARKS, shortlist=TOP))
    assert [len(each.figures) for each in found.sections] == [1, 1, 1, 0]


def test_rounds_without_ballots_have_no_chapter() -> None:
    rankings: dict[str, dict[str, int]] = {"p1": {}, "p2": {}}
    assert list(chapter(analysed(marks=rankings, proposals={"p1": {}, "p2": {}}))) == []
    assert list(chapter(factory.full_result())) == []


@pytest.mark.parametrize("limit", ["MOST_ENTRANTS", "MOST_BALLOTS"])
def test_large_competition_is_sent_to_the_commands(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, limit, 3)
    (found,) = chapter(analysed(marks=MARKS))
    assert (found.sections, len(found.paragraphs)) == ((), 1)
    assert "`review stability`" in found.paragraphs[0]["en"]


def test_markdown_has_the_numbers(tmp_path: Path) -> None:
    (path,) = MarkdownExporter().export(analysed(marks=MARKS, shortlist=TOP), tmp_path)
    text = path.read_text(encoding="utf-8")
    assert "## How sure, how fair" in text
    assert "## 结果有多可靠、评审有多公平" in text
    assert "**Places**" in text


@pytest.mark.parametrize(
    ("chance", "shown"),
    [(0, "0 %"), (0.004, "<1 %"), (0.5, "50 %"), (0.996, ">99 %"), (1, "100 %")],
)
def test_chances_are_not_rounded_away(chance: float, shown: str) -> None:
    assert percent(chance) == shown


def test_award_that_nobody_has_a_chance_of_has_no_table() -> None:
    award = {"id": "best", "award": "top_score", "round": "round", "min_score": "1000"}
    (found,) = chapter(analysed(marks=MARKS, awards=[award]))
    assert [t.id for t in found.sections[0].folded] == ["sure-places"]


def test_own_proposals_and_unusual_ballots_have_tables() -> None:
    result = analysed(marks=MARKS, shortlist=TOP)
    sure, likely = Odds(0.00001, 0.004, "drawn", 9_999), Odds(0.004, 0.9, "exact", 35)
    kin = Kin("j3", "j3", ("team", "team"), 2, 2, 1.25, -0.5, 3, likely)
    mark = Mark("j1", "j1 Lin", "p2", {}, 4.5, 2, (7, 7.8, 8.25), 7.4, -2.6, -4.9, sure)
    found = RoundUnusual(
        "round", {}, tests=9,
        affinity=(kin, replace(kin, judge=None, called=None, odds=Odds(0.2, 0.9, "exact", 35))),
        marks=(mark, replace(mark, odds=likely)),
    )  # fmt: skip
    result.analysis().__dict__["unusual"] = Unusual("c", {}, "", "", 9, (found,))
    (sure_of,) = chapter(result)
    own, far = sure_of.sections[-1].folded
    assert [(row["judge"], row["difference"], row["p"]) for row in own.rows] == [
        ("j3", "+1.25 (−0.50 … +3.00)", "0.0040"),
        (word("sure_all_judges"), "+1.25 (−0.50 … +3.00)", "0.20"),
    ]
    assert [(row["judge"], row["ballot"], row["highest"], row["p"]) for row in far.rows] == [
        ("j1 Lin", "4.50", "8.25", "<0.0001")
    ]

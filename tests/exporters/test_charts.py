from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from review_plugins.exporters import charts
from review_plugins.exporters.charts import (
    JudgeSeverity,
    Method,
    MethodComparison,
    RankInterval,
    ScoreMatrix,
    judge_severity,
    method_comparison,
    rank_intervals,
    score_matrix,
    svg,
)
from review_plugins.exporters.charts.severity import signed
from review_plugins.exporters.charts.words import WORDS
from tests.exporters import chart_cases

STYLE = Path(charts.__file__).parents[1] / "templates/report.css"
SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES = ("en", "zh-Hans")
CASES = [(language, kind) for language in LANGUAGES for kind in chart_cases.charts("en")]


def parsed(chart: str) -> ET.Element:
    return ET.fromstring(chart.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314 -- made here


def texts(chart: str) -> list[str]:
    return [each.text or "" for each in parsed(chart).iter(f"{SVG}text")]


def marks(chart: str, css: str) -> int:
    return sum(css in each.get("class", "").split() for each in parsed(chart).iter())


@pytest.mark.parametrize(("language", "kind"), CASES)
def test_chart_is_plain_svg_that_any_policy_allows(language: str, kind: str) -> None:
    chart = chart_cases.charts(language)[kind]
    for element in parsed(chart).iter():
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "g", "text", "line", "rect", "circle", "polygon", "defs",
            "pattern",
        }  # fmt: skip
        assert not {"style", "href", "onclick"} & set(element.keys())
        for name, value in element.items():
            assert "http" not in value
            assert "url(" not in value or re.fullmatch(r"url\(#[ce]-hatch\)", value), name


@pytest.mark.parametrize(("language", "kind"), CASES)
def test_chart_has_a_name_and_says_what_it_shows(language: str, kind: str) -> None:
    root = parsed(chart_cases.charts(language)[kind])
    title, about = root[0], root[1]
    assert (root.get("role"), root.get("lang")) == ("img", language)
    assert (title.tag, title.get("id")) == (f"{SVG}title", root.get("aria-labelledby"))
    assert (about.tag, about.get("id")) == (f"{SVG}desc", root.get("aria-describedby"))
    assert title.text
    assert len(about.text or "") > 40
    assert bool(re.search("[\u4e00-\u9fff]", title.text)) == (language == "zh-Hans")


def test_every_class_is_in_the_style_sheet() -> None:
    style = STYLE.read_text(encoding="utf-8")
    used = {
        css
        for chart in chart_cases.charts("en").values()
        for each in parsed(chart).iter()
        for css in each.get("class", "").split()
    }
    assert {css for css in used if not re.search(rf"\.{css}\b", style)} == set()
    defined = set(re.findall(r"\.chart \.(c-[a-z0-6-]+)", style))
    assert defined - used == set()


def test_words_are_in_both_languages() -> None:
    places = re.compile(r"\{(\w+)\}")
    for english, chinese in WORDS.values():
        assert set(places.findall(chinese)) == set(places.findall(english))
        assert chinese


def test_ids_on_a_page_differ() -> None:
    found = [
        each.get("id")
        for chart in chart_cases.charts("en").values()
        for each in parsed(chart).iter()
        if each.get("id")
    ]
    assert len(found) == len(set(found))


# ---------------------------------------------------------------------------------------- places


def test_places_show_in_and_out_by_shape() -> None:
    chart = rank_intervals(chart_cases.intervals(), identity="a", language="en", line=14)
    assert (marks(chart, "c-point"), marks(chart, "c-hollow")) == (14 + 1, 36 + 1)
    assert marks(chart, "c-thick") == marks(chart, "c-thin") == 50 + 1
    assert marks(chart, "c-cut") == 1
    assert "line: 14" in texts(chart)


def test_places_are_told_in_words() -> None:
    chart = rank_intervals(chart_cases.intervals(), identity="a", language="en", line=14)
    about = parsed(chart)[1].text or ""
    assert "The line is after place 14; the 50 % interval of 4 proposals covers it." in about
    assert "p03 Story Hour with Grandparents & <Friends>: place 3, 50 % 1 to 5, 90 % 1" in about
    assert about.count("place ") == 50 + 1


def test_few_places_need_one_axis_and_no_line() -> None:
    chart = rank_intervals(chart_cases.intervals(5), identity="a", language="en")
    assert marks(chart, "c-cut") == 0
    assert [each for each in texts(chart) if each.isdecimal()] == ["1", "2", "3", "4", "5"]
    assert "The line" not in (parsed(chart)[1].text or "")


def test_line_below_everybody_is_not_drawn() -> None:
    rows = chart_cases.intervals(5)
    assert marks(rank_intervals(rows, identity="a", language="en", line=5), "c-cut") == 0


def test_line_near_an_edge_keeps_its_name_inside() -> None:
    chart = rank_intervals(chart_cases.intervals(40), identity="a", language="en", line=39)
    (label,) = [each for each in parsed(chart).iter(f"{SVG}text") if each.text == "line: 39"]
    assert float(label.get("x", "")) + svg.width("line: 39", 9.5) / 2 <= svg.WIDTH


def test_one_proposal_or_none_is_drawn() -> None:
    one = RankInterval("p1", "", 1, 1, 1, 1, 1, selected=True)
    assert "p1" in texts(rank_intervals([one], identity="a", language="en"))
    assert parsed(rank_intervals([], identity="a", language="en"))


@pytest.mark.parametrize(
    ("last", "ticks"),
    [(7, "1 2 3 4 5 6 7"), (15, "1 2 4 6 8 10 12 14 15"), (49, "1 5 10 15 20 25 30 35 40 45 49"),
     (101, "1 20 40 60 80 101")],
)  # fmt: skip
def test_axis_has_round_places(last: int, ticks: str) -> None:
    rows = [RankInterval("p", "t", 1, 1, 1, 1, last, selected=False)]
    chart = rank_intervals(rows, identity="a", language="en")
    assert " ".join(each for each in texts(chart) if each.isdecimal()) == ticks


# ---------------------------------------------------------------------------------------- judges


def test_judges_beside_the_line_are_filled() -> None:
    chart = judge_severity(chart_cases.severity(), identity="b", language="en")
    assert (marks(chart, "c-point"), marks(chart, "c-hollow")) == (3, 4)
    assert [each for each in texts(chart) if each[-1].isdecimal()] == [
        "−0.62", "+0.41", "0.00", "0.00", "+0.20", "+1.20", "−0.10",
    ]  # fmt: skip
    about = parsed(chart)[1].text or ""
    assert "e6 Judge Somebody 评委: +1.20 (+0.90 to +1.50)" in about
    assert "the whisker is the 95 % interval" in about


def test_judges_who_do_not_differ_are_drawn() -> None:
    rows = [JudgeSeverity("e1", 0, 0, 0)]
    assert "0.00" in texts(judge_severity(rows, identity="b", language="en", percent=90))
    assert parsed(judge_severity([], identity="b", language="en"))


@pytest.mark.parametrize(("value", "words"), [(0.004, "0.00"), (-0.006, "−0.01"), (2, "+2.00")])
def test_numbers_have_signs(value: float, words: str) -> None:
    assert signed(value) == words


# ---------------------------------------------------------------------------------------- scores


def test_every_score_is_printed_and_every_gap_hatched() -> None:
    cases = chart_cases.matrix()
    chart = score_matrix(cases, identity="c", language="en")
    gaps = sum(score is None for row in cases.scores for score in row)
    assert marks(chart, "c-empty") == gaps + 1
    assert sum("hatch" in each.get("fill", "") for each in parsed(chart).iter()) == gaps + 1
    printed = [each for each in texts(chart) if re.fullmatch(r"\d\.\d\d", each)]
    assert len(printed) == 350 - gaps + 2
    assert marks(chart, "c-struck") == 2 + 1
    about = parsed(chart)[1].text or ""
    assert f"{gaps} hatched cells have no score. 2 struck scores did not count." in about


def test_complete_matrix_has_no_word_of_gaps() -> None:
    chart = score_matrix(
        ScoreMatrix([("p1", "One"), ("p2", "")], ["e1"], [[7.0], [7.0]]),
        identity="c",
        language="en",
    )
    assert "hatch" not in (parsed(chart)[1].text or "")
    assert marks(chart, "c-heat-0") == 2 + 1
    assert (marks(chart, "c-empty"), marks(chart, "c-struck")) == (0, 0)


def test_highest_and_lowest_have_the_outer_shades() -> None:
    scores = [[1.0, 5.0, 9.0]]
    chart = score_matrix(
        ScoreMatrix([("p1", "One")], ["a", "b", "c"], scores, 0), identity="c", language="en"
    )
    assert [marks(chart, f"c-heat-{shade}") for shade in (0, 3, 6)] == [2, 2, 2]


def test_matrix_of_nothing_is_drawn() -> None:
    assert parsed(score_matrix(ScoreMatrix([], [], []), identity="c", language="en"))
    empty = ScoreMatrix([("p1", "One")], ["e1"], [[None]])
    assert "0.0" in texts(score_matrix(empty, identity="c", language="en"))


def test_seven_judges_fit_a_phone_and_many_get_a_chart_that_scrolls() -> None:
    fits = parsed(score_matrix(chart_cases.matrix(7), identity="c", language="en"))
    wide = parsed(score_matrix(chart_cases.matrix(16), identity="c", language="en"))
    assert (fits.get("class"), fits.get("width")) == ("chart", None)
    assert wide.get("class") == "chart chart-wide"
    assert float(wide.get("width", "0")) > svg.WIDTH


def test_few_judges_have_names_aslant() -> None:
    chart = score_matrix(chart_cases.matrix(3), identity="c", language="en")
    assert "rotate(-50" in chart
    assert "rotate(-90" in score_matrix(chart_cases.matrix(7), identity="c", language="en")


# --------------------------------------------------------------------------------------- methods


def compared() -> MethodComparison:
    return MethodComparison(
        [("p1", "One"), ("p2", "Two"), ("p3", "Three")],
        [
            Method("Official", [1, 2, 3], [True, True, False]),
            Method("Median", [1, 3, 2], [True, False, True]),
            Method("Borda", [1, 2, None], [True, True, False]),
        ],
    )


def test_who_is_in_or_out_by_another_method_is_marked_by_shape() -> None:
    chart = method_comparison(compared(), identity="d", language="en")
    assert (marks(chart, "c-in"), marks(chart, "c-out")) == (6 + 1, 3 + 1)
    assert (marks(chart, "c-up"), marks(chart, "c-down")) == (1 + 1, 1 + 1)
    assert "–" in texts(chart)
    about = parsed(chart)[1].text or ""
    assert about.endswith(
        "p2 Two: in by Official, Borda; out by Median; p3 Three: in by Median; out by Official,"
        " Borda"
    )


def test_half_of_which_there_is_nothing_is_left_out() -> None:
    half = MethodComparison(
        [("p1", "One"), ("p2", "Two")], [Method("Official", [1, 2], [True, False])]
    )
    chart = method_comparison(half, identity="d", language="zh-Hans")
    titles = [each.text for each in parsed(chart).iter(f"{SVG}title")]
    assert "p1 One：Official下入围" in titles
    assert "p2 Two：Official下未入围" in titles


def test_methods_that_agree_say_so() -> None:
    one = MethodComparison(compared().proposals, compared().methods[:1])
    about = parsed(method_comparison(one, identity="d", language="zh-Hans"))[1].text or ""
    assert about.endswith("各方法选出的项目完全相同。")


# ------------------------------------------------------------------------------------------ text


def test_long_text_is_cut_by_its_width() -> None:
    assert svg.cut("short", 100) == "short"
    assert svg.cut("楼道消防季季练", 40) == "楼道消…"
    assert svg.cut("A word and more", 50) == "A word…"
    assert svg.cut("long", 1) == "…"

"""The workbook, read back with another library, and its XML where that does not tell."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from review.messages import Message
from review.model.problem import note
from review_plugins.exporters import XlsxExporter, sheets
from review_plugins.exporters.styles import bilingual, column_width, row_height, width
from tests.exporters import factory

if TYPE_CHECKING:
    from pathlib import Path

    from review import Result

SHEETS = [
    "Summary 概览",
    "Standings 排名 selection",
    "Standings 排名 final_决赛",
    "Shortlist 入围名单 selection",
    "Awards 奖项",
    "Scores 评分明细 selection",
    "Scores 评分明细 final_决赛",
    "Explanation 得分说明 selection",
    "Explanation 得分说明 final_决赛",
    "Coverage 评分完成情况",
    "Notes and warnings 提示与警告",
]


def read(result: Result, folder: Path) -> dict[str, list[list[Any]]]:
    [path] = XlsxExporter().export(result, folder)
    book = CalamineWorkbook.from_path(path)
    return {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names}


def xml(folder: Path, member: str) -> str:
    with ZipFile(folder / "results.xlsx") as file:
        return file.read(member).decode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workbook")


@pytest.fixture(scope="module")
def book(full: Result, folder: Path) -> dict[str, list[list[Any]]]:
    return read(full, folder)


def test_workbook_has_a_sheet_for_everything(book: dict[str, Any]) -> None:
    assert list(book) == SHEETS


def test_standings_have_bilingual_headers_and_numbers(book: dict[str, Any]) -> None:
    title, header, first, *_ = book["Standings 排名 selection"]

    assert title[0] == "Standings: Selection  立项评审：排名"
    assert header == [
        "Rank\n名次", "No.\n编号", "Proposal", "项目", "Team\n团队", "Group\n组别",
        "Score\n得分", "Ballots\n有效评委", "Note", "备注",
    ]  # fmt: skip
    assert first == [
        1.0, "p1", "Garden", "口袋花园", "Gardeners 花园队", "art", 8.93, 3.0, "", ""
    ]  # fmt: skip


def test_negative_scores_are_numbers(book: dict[str, Any]) -> None:
    assert [row[5] for row in book["Standings 排名 final_决赛"][2:]] == [4.2, -1.5]


def test_text_is_never_a_formula_or_a_link(book: dict[str, Any], folder: Path) -> None:
    proposals = [row[1] for row in book["Standings 排名 selection"]]
    with ZipFile(folder / "results.xlsx") as file:
        sheets_xml = [file.read(n).decode() for n in file.namelist() if "worksheets/sheet" in n]

    assert "=p5" in proposals
    assert [text for text in sheets_xml if "<f>" in text or "<hyperlink" in text] == []


def test_shortlist_says_who_is_in_and_why(book: dict[str, Any]) -> None:
    rows = [(r[0], r[1], r[2], r[-2], r[-1]) for r in book["Shortlist 入围名单 selection"][2:]]

    assert rows[0] == (1.0, "Selected 入围", "p1", "inside the line of 2", "在 2 个名额之内")
    assert [r[1] for r in rows] == [
        "Selected 入围", "To be decided 待裁定", "Reserve 候补", "Not selected 未入围",
        "Not eligible 不参评",
    ]  # fmt: skip


def test_awards_have_winners_vacancies_and_proposals_passed_over(book: dict[str, Any]) -> None:
    header, *rows = book["Awards 奖项"][1:]
    outcome = header.index("Outcome\n结果")

    assert [row[outcome] for row in rows] == [
        "Winner 获奖", "Vacant 空缺", "Passed over 顺延", "Passed over 顺延", "Winner 获奖",
        "Winner 获奖",
    ]  # fmt: skip


def test_matrix_has_ballots_then_marks_by_judge(book: dict[str, Any]) -> None:
    rows = book["Scores 评分明细 selection"]

    assert rows[2][:14] == [
        "Rank\n名次", "No.\n编号", "Proposal\n项目", "Score\n得分",
        "Ballot 评委总分", "", "", "Need 需求", "", "", "idea", "", "", "Look",
    ]  # fmt: skip
    assert rows[3][4:7] == ["j1\nJudge Lin 林评委", "j2", "j3\n=j"]
    assert rows[4][4:12] == [9.3, 8.8, 7.0, 9.5, 9.0, 7.0, 9.0, 8.5]
    assert rows[5][4:10] == ["", "", 8.8, "–", "Absent\n缺席", 8.8]


def struck(folder: Path, number: int) -> list[str]:
    """The cells of a worksheet whose font is struck through."""
    styles = xml(folder, "xl/styles.xml")
    fonts = re.findall(r"<font>.*?</font>", styles)
    formats = re.findall(r"<xf [^>]*?fontId=\"(\d+)\"", styles.partition("<cellXfs")[2])
    crossed = {str(i) for i, font in enumerate(formats) if "<strike/>" in fonts[int(font)]}
    cells = re.findall(r'<c r="(\w+)" s="(\d+)"', xml(folder, f"xl/worksheets/sheet{number}.xml"))
    return [cell for cell, style in cells if style in crossed]


def test_what_did_not_count_is_struck_through(book: dict[str, Any], folder: Path) -> None:
    ballots_and_marks_of_j3 = ["G5", "J5", "G6", "J6"]

    assert struck(folder, 1 + SHEETS.index("Scores 评分明细 selection")) == ballots_and_marks_of_j3


def test_marks_that_the_scorer_left_out_are_struck_through(
    book: dict[str, Any], folder: Path
) -> None:
    assert struck(folder, 1 + SHEETS.index("Scores 评分明细 final_决赛")) == ["E6"]


def test_marks_of_who_is_not_ranked_are_struck_through(full: Result, tmp_path: Path) -> None:
    made = factory.trace("selection")
    moved = pl.col("proposal").replace("p1", "p4")
    trace = replace(
        made, marks=made.marks.with_columns(moved), ballots=made.ballots.with_columns(moved)
    )
    read(replace(full, tracer=lambda _: trace), tmp_path)
    withdrawn = [
        c for c in struck(tmp_path, 1 + SHEETS.index("Scores 评分明细 selection")) if "9" in c
    ]

    assert withdrawn == ["E9", "F9", "G9", "H9", "I9", "J9", "K9", "L9", "N9"]


def test_explanation_goes_from_criteria_over_parts_to_the_tie_break(book: dict[str, Any]) -> None:
    header, first, *_ = book["Explanation 得分说明 final_决赛"][1:]
    row = dict(zip(header, first, strict=True))

    assert [row[h] for h in header if isinstance(row[h], float)] == [
        1.0, 0.8, 8.0, 4.8, 3.6, -4.2, 4.2, 2.0,
    ]  # fmt: skip
    assert header[5:12] == [
        "路演", "Subtotal\n小计", "This round ×0.6\n本轮得分 ×0.6", "Selection ×0.4\n立项评审 ×0.4",
        "overtime ×-0.5", "Score\n得分", "Ballots\n有效评委",
    ]  # fmt: skip
    assert row["Tie\n并列"] == (
        "equal to p3; decided by: higher score in “Selection”\n"
        "与 p3 同分，判定依据：“立项评审”得分高者在前"
    )


def test_numbers_show_their_declared_decimals(book: dict[str, Any], folder: Path) -> None:
    formats = set(re.findall(r'formatCode="([^"]*)"', xml(folder, "xl/styles.xml")))

    assert formats == {"0.0", "0.00", "0.000"}


@pytest.mark.parametrize("number", range(1, len(SHEETS) + 1))
def test_every_sheet_is_set_up_for_paper(book: dict[str, Any], folder: Path, number: int) -> None:
    text = xml(folder, f"xl/worksheets/sheet{number}.xml")

    upright = number == 1 + SHEETS.index("Scores 评分明细 final_决赛")
    assert f'orientation="{"portrait" if upright else "landscape"}"' in text
    assert 'paperSize="9"' in text
    assert 'state="frozen"' in text
    assert "&amp;LProvisional 公示期&amp;Cstar-plan&amp;R&amp;P / &amp;N" in text


def test_header_rows_repeat_on_every_page(book: dict[str, Any], folder: Path) -> None:
    names = re.findall(r"Print_Titles.*?>(.*?)<", xml(folder, "xl/workbook.xml"))

    assert len(names) == len(SHEETS)


def test_summary_says_what_is_undecided_and_who_won(book: dict[str, Any]) -> None:
    left = [row[0] for row in book["Summary 概览"]]

    assert "Undecided in round “Selection”: p2 are tied across the line." in left
    assert [line for line in left if line.startswith("Shining Star")][:2] == [
        "Shining Star, First prize: Garden (p1)",
        "Shining Star: 2 not given",
    ]
    assert "best-of-track, tea: Tea | House (p3)" in left


def test_an_award_without_tiers_or_groups_is_named_alone(full: Result, tmp_path: Path) -> None:
    award = full.awards[1]
    alone = replace(award, winners=(replace(award.winners[0], group=None),))

    book = read(replace(full, awards=(alone,)), tmp_path)

    assert "best-of-track: Garden (p1)" in [row[0] for row in book["Summary 概览"]]


def test_titles_in_one_language_take_one_column(full: Result, tmp_path: Path) -> None:
    first = full.rounds[0]
    titles = {p: {"en": f"T {p}"} for p in first.standings.titles}
    one = replace(first, standings=replace(first.standings, titles=titles))

    book = read(replace(full, rounds=(one,)), tmp_path)

    assert book["Standings 排名 selection"][1][:4] == [
        "Rank\n名次", "No.\n编号", "Proposal\n项目", "Team\n团队",
    ]  # fmt: skip


def test_workbook_without_a_scored_round(tmp_path: Path) -> None:
    book = read(factory.empty_result(), tmp_path)

    assert "Awards 奖项" not in book
    assert [row[6] for row in book["Standings 排名 selection"][2:]] == [""] * 5
    assert book["Scores 评分明细 selection"][2][:4] == [
        "Rank\n名次", "No.\n编号", "Proposal\n项目", "Score\n得分",
    ]  # fmt: skip


def test_a_panel_too_large_for_paper_is_not_squeezed_onto_it(full: Result, tmp_path: Path) -> None:
    read(wide(full, 40), tmp_path)
    text = xml(tmp_path, f"xl/worksheets/sheet{1 + SHEETS.index('Scores 评分明细 selection')}.xml")

    assert 'fitToWidth="3"' in text


def test_marks_of_a_usual_panel_are_one_page_wide(book: dict[str, Any], folder: Path) -> None:
    text = xml(folder, f"xl/worksheets/sheet{1 + SHEETS.index('Scores 评分明细 selection')}.xml")

    assert "fitToWidth" not in text  # which stands for 1
    assert 'fitToHeight="0"' in text


def widths_of(folder: Path, name: str) -> dict[int, float]:
    """The width of each column of a worksheet, counted from 1."""
    text = xml(folder, f"xl/worksheets/sheet{1 + SHEETS.index(name)}.xml")
    return {
        column: float(size)
        for first, last, size in re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', text)
        for column in range(int(first), int(last) + 1)
    }


def test_column_is_as_wide_as_its_states(book: dict[str, Any], folder: Path) -> None:
    widths = widths_of(folder, "Scores 评分明细 selection")

    need_by_j1, need_by_j2 = widths[8], widths[9]
    assert (int(need_by_j1), int(need_by_j2)) == (6, 8)


def wide(result: Result, judges: int) -> Result:
    """The result with a larger panel whose members have no names."""
    made = factory.trace("selection")
    names = [f"j{n:05}" for n in range(judges)]
    marks = made.marks.head(1).drop("judge").join(pl.DataFrame({"judge": names}), how="cross")
    trace = replace(made, marks=marks, ballots=made.ballots.clear())
    source = replace(result.source, judges=pl.DataFrame({"judge": names}))
    return replace(result, tracer=lambda _: trace, source=source)


def test_a_matrix_that_excel_cannot_hold_is_left_out_with_a_note(
    full: Result, tmp_path: Path
) -> None:
    book = read(wide(full, 6000), tmp_path)

    [note, *more] = book["Scores 评分明细 selection"][1:]
    assert more == []
    assert note[0].startswith("9 lines and 18004 columns are more than a worksheet holds;")


def test_a_table_that_excel_cannot_hold_is_left_out_with_a_note(
    full: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 5)

    book = read(full, tmp_path)

    assert book["Standings 排名 selection"][1][0].startswith("7 lines and 10 columns are more")
    assert book["Standings 排名 final_决赛"][2][1] == "p1"


def test_widths_count_chinese_characters_twice() -> None:
    assert width("Garden\n口袋花园 1") == 10
    assert [column_width(t) for t in (["a"], ["口袋花园"], ["x" * 99])] == [6, 11, 30]


def test_rows_are_high_enough_for_text_that_wraps() -> None:
    assert row_height([("a", 30), ("口" * 29, 30)], 10) == 20
    assert row_height([], 10) == 10


def test_the_same_text_in_both_languages_stands_once() -> None:
    assert bilingual({"en": "a", "zh-Hans": "a"}) == "a"


def test_figures_that_need_not_add_up_are_told(book: dict[str, Any]) -> None:
    told = [name for name, rows in book.items() if str(rows[-1][0]).startswith("Criterion figures")]

    assert told == ["Explanation 得分说明 selection"]


def test_office_sees_what_was_told_of_the_files(full: Result, tmp_path: Path) -> None:
    reading = replace(full.source, problems=(note(Message("x", {}, {"en": "j9 is j1"})),))

    book = read(replace(full, problems=(), source=reading), tmp_path)

    assert [row[-1] for row in book["Notes and warnings 提示与警告"][2:]] == ["j9 is j1"]


def test_ends_of_a_long_table_say_how_wide_it_is(
    full: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "_LOOKED_AT", 1)
    read(full, tmp_path)

    assert int(widths_of(tmp_path, "Standings 排名 selection")[3]) < len(factory.EVIL)

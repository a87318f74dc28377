"""The page: complete in both languages, closed to the outside, safe with any title."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from review.messages import Message
from review.model.problem import Place, note
from review_plugins.exporters import HtmlExporter, MarkdownExporter, document, page, sections
from review_plugins.exporters.page import first_language, language_of, number, render, show
from tests.exporters import factory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from review import Exporter, Result

VOID = {"meta", "input", "br"}


class Checked(HTMLParser):
    """Text by language, attributes and ids; tags must be closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: dict[str, list[str]] = {"en": [], "zh-Hans": []}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        language = dict(attrs).get("lang") or (self.open[-1][1] if self.open else "")
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and "main" in [tag for tag, _ in self.open]:
            self.texts[self.open[-1][1]].append(data.strip())

    def values(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]


@pytest.fixture(scope="module")
def text(full: Result) -> str:
    return render(full)


@pytest.fixture(scope="module")
def checked(text: str) -> Checked:
    return Checked(text)


def test_page_is_one_file(full: Result, text: str, tmp_path: Path) -> None:
    assert HtmlExporter().export(full, tmp_path) == [tmp_path / "report.html"]
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == text


def test_page_of_every_result_is_well_formed(any_result: Result) -> None:
    checked = Checked(render(any_result))

    ids = checked.values("id")
    assert len(ids) == len(set(ids))
    assert {ref.removeprefix("#") for ref in checked.values("href")} <= set(ids)
    assert set(checked.values("for")) <= set(ids)
    assert {i for v in checked.values("aria-labelledby") for i in v.split()} <= set(ids)


def test_page_reaches_for_nothing_outside(text: str, checked: Checked) -> None:
    assert re.findall(r"https?:|//[a-z]|url\(|@import|\bsrc=|\bstyle=|\son\w+=", text) == []
    assert {"script", "link", "img", "iframe", "object", "form"} & set(checked.tags) == set()
    assert [ref for ref in checked.values("href") if not ref.startswith("#")] == []


def test_page_allows_only_its_own_style_sheet(text: str) -> None:
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        in text
    )


def test_titles_are_escaped(text: str) -> None:
    assert "<script" not in text
    assert text.count("&lt;script&gt;alert(&#39;公示&#39;)&lt;/script&gt;") >= 6


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_page_is_complete_in_each_language(full: Result, checked: Checked, language: str) -> None:
    said = " ".join(" ".join(checked.texts[language]).split())

    expected = [section.title[language] for section in document.document(full)]
    expected += [e.reason.render(language) for e in full.rounds[0].shortlist or ()]  # type: ignore[arg-type]
    expected += [p.reason.render(language) for a in full.awards for p in a.passed_over]  # type: ignore[arg-type]
    expected += [p.message.render(language) for p in full.problems]  # type: ignore[arg-type]
    expected += [full.content, full.rules, "计分 scored by", "复核 checked by"]
    assert [text for text in expected if text not in said] == []


def test_no_chinese_is_left_in_the_english_words(checked: Checked) -> None:
    known = ("花园队", "公示", "初评", "决赛", "计分", "复核", "路演")
    left = [t for t in dict.fromkeys(checked.texts["en"]) if re.search(r"[\u3400-\u9fff]", t)]

    assert [t for t in left if not any(k in t for k in known)] == []


@pytest.mark.parametrize(
    ("state", "words"), [("provisional", "公示期 Provisional"), ("final", "最终结果 Final")]
)
def test_state_is_on_the_page_and_on_every_printed_page(state: str, words: str) -> None:
    text = render(factory.full_result(state=state))
    ribbon = text[text.index('<p class="ribbon"') : text.index("<main>")]

    assert f'<body class="{state}">' in text
    assert f"<b>{words}</b>" in ribbon
    assert text.count('<p class="state"><strong>') == 2


def test_ribbon_has_a_title_in_one_language_once(full: Result) -> None:
    text = render(replace(full, title={"en": "Star Plan"}))
    ribbon = text[text.index('<p class="ribbon"') : text.index("<main>")]

    assert ribbon.count("Star Plan") == 1


def test_tables_say_what_they_are_and_what_their_headers_head(checked: Checked) -> None:
    assert checked.tags.count("table") == checked.tags.count("caption")
    assert checked.tags.count("th") == len(checked.values("scope"))


def test_titles_in_another_language_say_so(text: str) -> None:
    assert '<span lang="zh-Hans">剧场</span>' in text
    assert '<span lang="en">@HYPERLINK</span>' in text


@pytest.mark.parametrize("exporter", [HtmlExporter, MarkdownExporter])
def test_what_was_told_of_the_files_is_not_published(
    exporter: type[Exporter], full: Result, tmp_path: Path
) -> None:
    told = Message("x", {}, {"en": "j9 was taken for Judge Lin"})
    source = replace(full.source, problems=(note(told, Place("judges.csv")),))

    [path] = exporter().export(replace(full, source=source, problems=()), tmp_path)
    said = path.read_text(encoding="utf-8")

    assert [word for word in ("j9", "judges.csv") if word in said] == []
    assert "Nothing to report." in said


def test_without_signatures_there_is_no_sheet_to_sign() -> None:
    assert "Tabulation sheet" not in render(factory.full_result(signatures=[]))


def test_page_says_how_many_lines_it_leaves_out(
    full: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "MOST_ROWS", 2)

    text = render(full)

    assert "Only the first 2 of 5 lines are shown here; result.json has them all." in text
    assert "此处只显示全部 5 行中的前 2 行，完整内容见 result.json。" in text


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ({"en": "Star Plan", "zh-Hans": "星选计划"}, "en"),
        ({"en": "星选计划"}, "zh-Hans"),
        ({"zh-Hans": "星选计划"}, "zh-Hans"),
        ({}, "en"),
    ],
)
def test_page_opens_in_the_language_of_its_title(
    full: Result, title: Mapping[str, str], language: str
) -> None:
    result = replace(full, title=title)

    assert first_language(result) == language
    assert f'id="show-{language}" class="switch" checked' in render(result)


def test_the_language_of_a_text() -> None:
    same = {"en": "剧场", "zh-Hans": "剧场"}

    assert [language_of(c, "en") for c in (same, {"en": "a", "zh-Hans": "剧"}, "剧场", None)] == [
        "zh-Hans", "en", "en", "en",
    ]  # fmt: skip


def test_numbers_are_shown_at_their_decimals() -> None:
    assert [number(n) for n in (Decimal("-1.50"), 3, None)] == ["−1.50", "3", ""]
    assert [show(c, "en") for c in (Decimal("0.10"), {"en": "x"}, "y", None)] == [
        "0.10",
        "x",
        "y",
        "",
    ]


def test_style_sheet_meets_contrast_aa_in_light_and_dark() -> None:
    style = (page._TEMPLATES / "report.css").read_text(encoding="utf-8")  # noqa: SLF001
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    pairs = [
        (ink, ground)
        for ground in ("paper", "card", "zebra")
        for ink in ("ink", "soft", "red", "wait")
    ]
    pairs += [("gold", "gold-card"), ("soft", "gold-card"), ("ink", "gold-card")]
    pairs += [("wait", "wait-card"), ("done", "done-card"), ("red-ink", "red")]
    for block in (light, dark):
        colours = dict(re.findall(r"--([\w-]+): (#\w+)", block))
        low = {p: contrast(colours[p[0]], colours[p[1]]) for p in pairs}
        assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_long_title_is_cut_on_the_card_and_whole_in_the_table(full: Result) -> None:
    title = "A garden for everybody " * 13
    first = full.rounds[0]
    titles = {**first.standings.titles, "p1": {"en": title}}
    named = replace(first, standings=replace(first.standings, titles=titles))
    text = render(replace(full, rounds=(named, full.rounds[1])))

    [rule] = re.findall(r"^\.prizes \.name \{(.*?)\}", text, re.MULTILINE)
    assert "-webkit-line-clamp: 4" in rule
    assert title.strip() in " ".join(text.split())


def test_columns_of_problems_are_wide_enough_for_words_on_paper() -> None:
    style = (page._TEMPLATES / "report.css").read_text(encoding="utf-8")  # noqa: SLF001
    on_paper = style.partition("@media print")[2]

    assert ".k-where, .k-found, .k-message, .k-hint { min-width: 24mm; }" in on_paper
    assert ".k-severity_text { white-space: nowrap; }" in style

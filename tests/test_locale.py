"""The catalogues are complete, compiled and say the same in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from babel.messages.extract import extract_from_dir

from tools import texts

if TYPE_CHECKING:
    from babel.messages import Message

CATALOGUES = texts.catalogues()
CLICK = texts.LOCALE / "zh_Hans/LC_MESSAGES/click.po"


def ids(message: Message) -> tuple[str, ...]:
    return _several(message.id)


def strings(message: Message) -> tuple[str, ...]:
    return _several(message.string)


def _several(texts: Any) -> tuple[str, ...]:
    return tuple(texts) if isinstance(texts, list | tuple) else (texts,)


def messages(path: Path) -> list[Message]:
    return [message for message in texts.read(path) if message.id]


def places(text: str) -> set[str]:
    """Placeholders: `{name}`, `{name!r}`, `%(name)s`; doubled braces stand for themselves.

    Words that a number chooses between, `{n:error|errors}`, are left out: Chinese has no plural.
    """
    found = re.findall(r"(?<!\{)\{[^{}]*\}|%\(\w+\)s", text)
    return {place for place in found if "|" not in place}


def name(path: Path) -> str:
    return path.relative_to(texts.LOCALE).as_posix()


def test_template_has_the_texts_of_the_sources() -> None:
    """`python -m tools.texts` brings it up to date."""
    assert texts.TEMPLATE.read_text(encoding="utf-8") == texts.template()


def test_chinese_catalogue_has_the_texts_of_the_template() -> None:
    chinese = texts.LOCALE / "zh_Hans/LC_MESSAGES/messages.po"
    assert list(map(ids, messages(chinese))) == list(map(ids, messages(texts.TEMPLATE)))


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_catalogue_has_no_gap_and_no_guess(path: Path) -> None:
    unfinished = [ids(each) for each in messages(path) if each.fuzzy or not all(strings(each))]
    assert unfinished == []


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_translation_has_the_placeholders_of_its_source(path: Path) -> None:
    """Of a text with a plural, each form of the translation may leave out what some source does."""
    wrong = [
        (ids(each), text)
        for each in messages(path)
        for text in strings(each)
        if places(text) not in [places(source) for source in ids(each)]
    ]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_compiled_catalogue_is_up_to_date(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == texts.compiled(path)


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_every_translation_is_chinese(path: Path) -> None:
    """Or has nothing to translate in it: punctuation, placeholders."""
    english = [
        (ids(each), text)
        for each in messages(path)
        for text in strings(each)
        if not re.search(r"[\u4e00-\u9fff]", text)
        and re.search(r"[A-Za-z]", re.sub(r"\{.*?\}", "", text))
    ]
    assert english == []


def test_click_says_nothing_that_is_not_translated() -> None:
    folder = str(Path(click.__file__).parent)
    said = {
        found[2] if isinstance(found[2], tuple) else (found[2],)
        for found in extract_from_dir(folder, [("**.py", "python")])
    }
    assert said - set(map(ids, messages(CLICK))) == set()


def test_only_catalogues_are_in_the_locale_folder() -> None:
    kinds = {path.suffix for path in texts.LOCALE.rglob("*") if path.is_file()}
    assert kinds == {".po", ".mo", ".pot"}

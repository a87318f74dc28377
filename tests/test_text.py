from __future__ import annotations

import locale

import pytest

from review.text import (
    N_,
    _,
    counted,
    current_language,
    environment_language,
    match_language,
    pick,
    set_language,
    translate,
    using,
)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("zh_CN.UTF-8", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-Hant-TW", "zh-Hans"),
        ("Chinese (Simplified)_China", "zh-Hans"),
        ("en_GB@euro", "en"),
        ("de_DE.UTF-8", None),
        ("C", None),
        ("", None),
    ],
)
def test_match_language_takes_tags_and_locale_names(name: str, language: str | None) -> None:
    assert match_language(name) == language


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, "zh-Hans"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "fr"}, "zh-Hans"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_environment_language_follows_the_locale(
    env: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(locale, "getlocale", lambda: (None, None))
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert environment_language() == language


def test_environment_language_asks_the_system_where_no_variable_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(locale, "getlocale", lambda: ("Chinese (Simplified)_China", "936"))
    assert environment_language() == "zh-Hans"


def test_texts_are_rendered_in_the_current_language() -> None:
    assert (_("Score"), translate("Score", "zh-Hans"), N_("Score")) == ("Score", "得分", "Score")
    with using("zh-Hans"):
        assert (_("Score"), current_language()) == ("得分", "zh-Hans")
        assert counted("{count} error", "{count} errors", 1200) == "1,200 个错误"
    assert counted("{count} error", "{count} errors", 1) == "1 error"
    assert counted("{count} error", "{count} errors", 1200) == "1,200 errors"


def test_no_text_has_no_translation() -> None:
    assert translate("", "zh-Hans") == ""


def test_text_without_translation_stays_english() -> None:
    assert translate("no such text", "zh-Hans") == "no such text"


def test_set_language_holds_until_it_is_set_again() -> None:
    set_language("zh-Hans")
    assert current_language() == "zh-Hans"
    set_language("en")
    assert current_language() == "en"


@pytest.mark.parametrize(
    ("texts", "text"),
    [
        ({"en": "a", "zh-Hans": "甲"}, "甲"),
        ({"en": "a"}, "a"),
        ({"fr": "un"}, "un"),
        ({}, ""),
    ],
)
def test_pick_falls_back_to_english_then_to_any(texts: dict[str, str], text: str) -> None:
    assert pick(texts, "zh-Hans") == text

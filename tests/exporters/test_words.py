"""Every word exists in both languages, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from review_plugins import exporters
from review_plugins.exporters.plain_words import SENTENCES
from review_plugins.exporters.words import WORDS, titled

FOLDER = Path(exporters.__file__).parent
CODE = "".join(p.read_text(encoding="utf-8") for p in FOLDER.rglob("*.py") if "words" not in p.name)
CODE += "".join(p.read_text(encoding="utf-8") for p in FOLDER.rglob("*.jinja"))

#: Keys that are put together from a kind and a name.
MADE = (
    "by_", "severity_", "shortlist_", "scorer_", "report_", "stage_", "incomplete_", "line_",
    "quota_", "sure_",
)  # fmt: skip
VALUES = {
    "absent", "abstain", "recused", "withdrawn", "disqualified", "provisional", "provisional_note",
    "final", "final_note", "winners_of", "passed_over_of",
}  # fmt: skip


@pytest.mark.parametrize("table", [WORDS, SENTENCES], ids=["words", "sentences"])
def test_every_text_is_there_in_both_languages(table: dict[str, tuple[str, str]]) -> None:
    bare = {key: re.sub(r"\{\w+\}", "", zh) for key, (_, zh) in table.items()}
    without_chinese = [key for key, zh in bare.items() if not re.search(r"[\u3400-\u9fff]", zh)]

    assert [key for key, (en, _) in table.items() if re.search(r"[\u3400-\u9fff]", en)] == []
    assert [key for key in without_chinese if re.search(r"[a-zA-Z]", table[key][0])] == [
        key
        for key in without_chinese
        if re.fullmatch(r"[^a-zA-Z]*(\{\w+\}[^a-zA-Z]*)+", table[key][0])
    ]


@pytest.mark.parametrize("table", [WORDS, SENTENCES], ids=["words", "sentences"])
def test_both_languages_have_the_same_parameters(table: dict[str, tuple[str, str]]) -> None:
    odd = [
        key
        for key, (en, zh) in table.items()
        if set(re.findall(r"\{\w+\}", en)) != set(re.findall(r"\{\w+\}", zh))
    ]

    assert odd == []


@pytest.mark.parametrize("table", [WORDS, SENTENCES], ids=["words", "sentences"])
def test_every_text_is_used(table: dict[str, tuple[str, str]]) -> None:
    unused = [
        key
        for key in table
        if f'"{key}"' not in CODE and not key.startswith(MADE) and key not in VALUES
    ]

    assert unused == []


def test_a_title_stands_in_where_a_language_is_missing() -> None:
    assert titled({"zh-Hans": "剧场"}, "p4") == {"en": "剧场", "zh-Hans": "剧场"}
    assert titled({"en": ""}, "p4") == {"en": "p4", "zh-Hans": "p4"}

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from review_plugins.exporters import MarkdownExporter, sections
from review_plugins.exporters.markdown import cell_text, escape
from tests.exporters import factory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from review import Result


def test_markdown_is_as_expected(
    full: Result, tmp_path: Path, golden: Callable[[Path], None]
) -> None:
    [path] = MarkdownExporter().export(full, tmp_path)

    golden(path)


def test_markdown_says_that_nothing_is_scored_yet(tmp_path: Path) -> None:
    [path] = MarkdownExporter().export(factory.bare_result(), tmp_path)

    text = path.read_text(encoding="utf-8")
    assert "> No round has been scored yet.\n" in text
    assert "> 目前还没有完成评分的轮次。\n" in text


def test_markdown_says_that_a_result_is_final(tmp_path: Path) -> None:
    [path] = MarkdownExporter().export(factory.full_result(state="final"), tmp_path)

    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[2].startswith("**Final** ")
    assert [line for line in lines if line.startswith("**最终结果** ")] != []


def test_markdown_says_how_many_lines_it_leaves_out(
    full: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "MOST_ROWS", 2)

    [path] = MarkdownExporter().export(full, tmp_path)

    assert (
        "\nOnly the first 2 of 5 lines are shown here; result.json has them all.\n"
        in path.read_text(encoding="utf-8")
    )


def test_markdown_shows_text_as_it_is_written() -> None:
    assert escape("a|b *c* <d>\n[e](f)") == r"a\|b \*c\* \<d\> \[e\](f)"


def test_cells_of_every_kind() -> None:
    cells = [None, Decimal("-1.50"), 3, "a|b", {"en": "x", "zh-Hans": "y"}]

    assert [cell_text(c, "zh-Hans") for c in cells] == ["", "-1.50", "3", r"a\|b", "y"]

"""What holds for every exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review_plugins.exporters import EXPORTERS

if TYPE_CHECKING:
    from pathlib import Path

    from review import Exporter, Result


def test_exporters_are_told_apart_by_id_and_titled_in_both_languages() -> None:
    assert [e.id for e in EXPORTERS] == ["csv", "xlsx", "md", "html", "parquet"]
    assert [set(e.title) for e in EXPORTERS] == [{"en", "zh-Hans"}] * 5


@pytest.mark.parametrize("kind", EXPORTERS, ids=lambda e: e.id)
def test_exporter_returns_the_files_it_wrote(
    kind: type[Exporter], any_result: Result, tmp_path: Path
) -> None:
    written = kind().export(any_result, tmp_path)

    assert sorted(written) == sorted(tmp_path.iterdir())


@pytest.mark.parametrize("kind", EXPORTERS, ids=lambda e: e.id)
def test_exporter_writes_the_same_bytes_again(
    kind: type[Exporter], any_result: Result, tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    first, second = ([p.read_bytes() for p in kind().export(any_result, f)] for f in folders)

    assert first == second

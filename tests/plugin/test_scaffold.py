from __future__ import annotations

import runpy
import sys
from typing import TYPE_CHECKING

import pytest

from review import OutputError
from review.plugin.manager import Plugins
from review.plugin.scaffold import new_plugin

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "best_newcomer", raising=False)


@pytest.mark.parametrize("name", ["best-newcomer", "best_newcomer"])
def test_new_plugin_is_a_distribution(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "best-newcomer"
    assert new_plugin(name, tmp_path) == [
        folder / "pyproject.toml",
        folder / "README.md",
        folder / "best_newcomer.py",
        folder / "tests/test_best_newcomer.py",
    ]
    (info,) = Plugins.at(folder).infos
    assert str(info) == "best_newcomer (best-newcomer 0.1.0)"


def test_new_plugin_passes_its_own_tests(tmp_path: Path) -> None:
    *_others, tests = new_plugin("best-newcomer", tmp_path)
    sys.path.insert(0, str(tmp_path / "best-newcomer"))
    names = runpy.run_path(str(tests))
    ran = [names[name]() for name in names if name.startswith("test_")]
    assert len(ran) == 3


def test_new_plugin_leaves_a_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "best-newcomer").mkdir()
    with pytest.raises(OutputError) as caught:
        new_plugin("best-newcomer", tmp_path)
    expected = f"{tmp_path / 'best-newcomer'} is there already and is left alone"
    assert str(caught.value) == expected
    assert list((tmp_path / "best-newcomer").iterdir()) == []


def test_new_plugin_says_why_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as told:
        new_plugin("best-newcomer", tmp_path / "file")
    assert str(told.value) == (
        f"{tmp_path}/file/best-newcomer cannot be written: Not a directory:"
        f" {tmp_path}/file/best-newcomer"
    )

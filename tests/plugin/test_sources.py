from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from review import PluginError
from review.plugin.installed import PluginInfo, file_info
from review.plugin.manager import Plugins
from review.plugin.sources import sources_at

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """
[project]
name = "venture-votes"
{version}
[project.entry-points.review]
test_votes = "test_votes_plugin"
"""
SOURCE = """
from __future__ import annotations
import review
from review import Award, Exact, hookimpl

class Votes(Award):
    id = "test_votes"
    class Options(review.Options):
        times: Exact = 2
    def value(self, standings):
        return standings.score * self.options.times

@hookimpl
def register_awards():
    return [Votes]
"""


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "test_votes_plugin", raising=False)


def distribution(folder: Path, version: str = 'version = "0.4"', root: str = ".") -> Path:
    (folder / root).mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(PROJECT.format(version=version), encoding="utf-8")
    module = folder / root / "test_votes_plugin.py"
    module.write_text(SOURCE, encoding="utf-8")
    return module


@pytest.mark.parametrize("root", [".", "src"])
def test_folder_of_a_distribution_need_not_be_installed(tmp_path: Path, root: str) -> None:
    module = distribution(tmp_path, root=root)
    found = Plugins.at(tmp_path).awards()["test_votes"]
    assert found.plugin == PluginInfo("test_votes", "venture-votes", "0.4", module)
    assert found.part.__module__ == "test_votes_plugin"


def test_folder_is_on_the_path_once(tmp_path: Path) -> None:
    distribution(tmp_path)
    Plugins.at(tmp_path)
    Plugins.at(tmp_path)
    assert sys.path.count(str(tmp_path)) == 1


def test_folder_may_leave_its_version_to_the_build(tmp_path: Path) -> None:
    distribution(tmp_path, version='dynamic = ["version"]')
    ((info, _load),) = sources_at(tmp_path)
    assert str(info) == "test_votes (venture-votes ?)"


@pytest.mark.parametrize("text", [None, "[project", "[tool]", '[project]\nname = "votes"'])
def test_folder_without_a_plugin_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PluginError) as caught:
        Plugins.at(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path} declares no plugin: a pyproject.toml with ")


def test_file_is_a_plugin_with_options_of_its_own(tmp_path: Path) -> None:
    """Its module can be found by name, or pydantic could not read the annotations."""
    path = distribution(tmp_path)
    found = Plugins.at(path).awards()["test_votes"]
    assert found.plugin == file_info("test_votes_plugin.py", path)
    assert found.part({"times": "2.5"}).options.model_dump_json() == '{"times":"2.5"}'


def test_file_does_not_inherit_how_review_is_compiled(tmp_path: Path) -> None:
    path = tmp_path / "votes.py"
    text = SOURCE.replace("from __future__ import annotations", "def size(n: int): ...")
    path.write_text(text, encoding="utf-8")
    Plugins.at(path)
    assert sys.modules["review_local_votes_py"].size.__annotations__ == {"n": int}

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING

import review
from review.plugin import installed as module
from review.plugin.installed import PluginInfo, installed, local_infos, locate

if TYPE_CHECKING:
    import pytest

    from tests.plugin.conftest import Install, Local


def test_installed_lists_plugins_by_name_without_importing_them(install: Install) -> None:
    b = install("bbb", "raise SystemExit", version="2.1")
    a = install("aaa", "raise SystemExit")
    found = [info for info, _ in installed() if info.distribution != "venture-review"]
    assert found == [
        PluginInfo("aaa", "dist-aaa", "1.0", a),
        PluginInfo("bbb", "dist-bbb", "2.1", b),
    ]


def test_installed_knows_a_plugin_without_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("odd", "no_such_module", "review")
    monkeypatch.setattr(module, "entry_points", lambda **_: [point])
    assert installed() == [(PluginInfo("odd", None, "?", None), point)]


def test_plugin_info_names_distribution_and_version() -> None:
    assert str(PluginInfo("votes", "venture-votes", "1.2", None)) == "votes (venture-votes 1.2)"


def test_local_plugin_has_its_digest_for_a_version(local: Local, tmp_path: Path) -> None:
    b = local("b.py", "x = 1")
    a = local("a.py", "x = 2")
    local("_helper.py", "x = 3")
    local("notes.txt", "no plugin")
    versions = [f"sha256:{hashlib.sha256(f.read_bytes()).hexdigest()[:12]}" for f in (a, b)]
    assert list(local_infos(tmp_path)) == [
        PluginInfo("plugins/a.py", None, versions[0], a, local=True),
        PluginInfo("plugins/b.py", None, versions[1], b, local=True),
    ]
    assert str(next(local_infos(tmp_path))) == f"plugins/a.py ({versions[0]})"


def test_local_plugins_need_no_folder(tmp_path: Path) -> None:
    assert list(local_infos(tmp_path)) == []


def test_manifest_of_a_plugin_has_who_and_which() -> None:
    info = PluginInfo("votes", "venture-votes", "1.2", None)
    expected = {"plugin": "votes", "distribution": "venture-votes", "version": "1.2"}
    assert info.manifest() == expected


def test_locate_finds_a_package_by_its_folder() -> None:
    assert locate("review") == Path(review.__file__).parent


def test_locate_finds_a_module_in_packages_without_importing_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "outer_package" / "inner"
    inner.mkdir(parents=True)
    for folder in (inner.parent, inner):
        (folder / "__init__.py").write_text("raise SystemExit", encoding="utf-8")
    (inner / "awards.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert locate("outer_package.inner.awards") == inner / "awards.py"
    assert locate("outer_package.other.awards") is None
    assert "outer_package" not in sys.modules


def test_locate_says_none_for_what_is_not_there() -> None:
    assert locate("no_such_package") is None
    assert locate("no_such_package.at.all") is None


def test_locate_says_none_for_a_folder_without_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty_namespace").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert locate("empty_namespace") == tmp_path / "empty_namespace"
    assert locate("empty_namespace.nothing") is None

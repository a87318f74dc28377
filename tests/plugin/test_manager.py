from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from review import HeadroomError, Message, PluginError, ReadError, ReviewError, hookimpl
from review.plugin.installed import PluginInfo
from review.plugin.kinds import Kind
from review.plugin.manager import Plugins, Registered, guarded
from review.text import using

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugin.conftest import Install, Local

SHIPPED = ("review_plugins", "review_rubrics")
INFO = PluginInfo("votes", "venture-votes", "1.2", None)

AWARD = """
from review import Award, hookimpl

class {name}(Award):
    id = "{id}"

    def value(self, standings):
        return standings.score

@hookimpl
def register_awards():
    return [{name}]
"""


def load(local: Path | None = None, blocked: tuple[str, ...] = ()) -> Plugins:
    """The plugins that a test made, without ours."""
    return Plugins.load(local, (*SHIPPED, *blocked))


def refusal(local: Path | None = None, blocked: tuple[str, ...] = ()) -> str:
    with pytest.raises(PluginError) as caught:
        load(local, blocked).awards()
    return str(caught.value)


def award(name: str, part_id: str) -> str:
    return AWARD.format(name=name, id=part_id)


# ------------------------------------------------------------------------------ order, blocking


def test_plugins_are_asked_by_name_then_local_files(
    install: Install, local: Local, tmp_path: Path
) -> None:
    local("y.py", award("Y", "y"))
    local("x.py", award("X", "x"))
    install("bbb", award("B", "b"))
    install("aaa", award("A", "a"))
    plugins = load(tmp_path)
    assert [info.name for info in plugins.infos] == ["aaa", "bbb", "plugins/x.py", "plugins/y.py"]
    assert list(plugins.awards()) == ["a", "b", "x", "y"]


def test_registered_part_says_whose_it_is(install: Install) -> None:
    path = install("votes", award("Votes", "votes"), version="3.1")
    registered = load().awards()["votes"]
    assert registered.part.__name__ == "Votes"
    assert registered.plugin == PluginInfo("votes", "dist-votes", "3.1", path)
    expected = {"plugin": "votes", "distribution": "dist-votes", "version": "3.1"}
    assert registered.manifest() == expected


def test_blocked_plugin_is_not_imported(install: Install) -> None:
    install("votes", "raise SystemExit")
    assert load(blocked=("votes",)).infos == ()


def test_local_plugin_is_blocked_by_its_path(local: Local, tmp_path: Path) -> None:
    local("votes.py", "raise SystemExit")
    assert load(tmp_path, blocked=("plugins/votes.py",)).infos == ()


def test_blocking_an_unknown_plugin_is_refused(install: Install) -> None:
    install("votes", award("Votes", "votes"))
    expected = (
        "there is no plugin “vote” to leave out; there are: review_plugins, review_rubrics, votes"
    )
    assert refusal(blocked=("vote",)) == expected


def test_hook_is_asked_once(local: Local, tmp_path: Path) -> None:
    source = "CALLS = []\n" + award("Votes", "votes").replace(
        "    return [Votes]", "    CALLS.append(1)\n    return [Votes]"
    )
    local("votes.py", source)
    plugins = load(tmp_path)
    first = plugins.awards()
    assert plugins.awards() is first
    assert sys.modules["review_local_plugins_votes_py"].CALLS == [1]


def test_local_plugin_leaves_no_cache_behind(local: Local, tmp_path: Path) -> None:
    path = local("votes.py", award("Votes", "votes"))
    load(tmp_path)
    assert list(path.parent.iterdir()) == [path]


def test_plugin_may_be_an_object_with_hooks(install: Install) -> None:
    source = """
    from review import hookimpl

    class Plugin:
        @hookimpl
        def register_awards(self):
            return []

    plugin = Plugin()
    """
    install("votes", source, value="votes:plugin")
    assert load().awards() == {}


def test_plus_adds_a_plugin_at_the_end(install: Install) -> None:
    install("votes", award("Votes", "votes"))

    class More:
        @hookimpl
        def register_scorers(self) -> list[type]:
            return []

    more = PluginInfo("aaa", None, "1", None)
    assert [info.name for info in load().plus(Plugins([(more, More())])).infos] == ["votes", "aaa"]


# ---------------------------------------------------------------------------------------- clashes


def test_two_plugins_of_one_name_are_both_named(install: Install) -> None:
    module = install("votes", award("Votes", "votes"))
    other = module.parent / "dist_more-2.0.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: dist-more\nVersion: 2.0\n")
    (other / "entry_points.txt").write_text("[review]\nvotes = votes\n")
    expected = (
        "two plugins have the same name: votes (dist-more 2.0) and votes (dist-votes 1.0); "
        "uninstall one"
    )
    assert refusal() == expected


def test_two_names_for_one_plugin_are_refused(install: Install) -> None:
    install("aaa", award("A", "a"))
    install("bbb", "", value="aaa")
    assert refusal().startswith("plugin bbb (dist-bbb 1.0) does not fit: Plugin ")


def test_duplicate_id_names_both_plugins(install: Install, local: Local, tmp_path: Path) -> None:
    install("votes", award("A", "votes"))
    path = local("votes.py", award("B", "votes"))
    local_info = next(info for info in load(tmp_path).infos if info.where == path)
    expected = (
        f"award “votes” comes from two plugins: votes (dist-votes 1.0) and {local_info}; "
        "leave one out with `--no-plugin`"
    )
    assert refusal(tmp_path) == expected


def test_duplicate_id_is_told_in_chinese_too(install: Install) -> None:
    install("aaa", award("A", "votes"))
    install("bbb", award("B", "votes"))
    with pytest.raises(PluginError) as caught:
        load().awards()
    with using("zh-Hans"):
        assert "aaa (dist-aaa 1.0)" in caught.value.message.render()


# -------------------------------------------------------------------------------------- contracts


def test_misspelt_hook_is_refused(install: Install) -> None:
    install("votes", award("Votes", "votes").replace("register_awards", "register_award"))
    text = re.sub("<module.*?>", "<module>", refusal())
    assert text == (
        "plugin votes (dist-votes 1.0) does not fit: unknown hook 'register_award' in plugin "
        "<module>; the hooks are: register_awards, register_exporters, register_readers, "
        "register_rubrics, register_scorers, register_shortlists"
    )


def test_hook_with_an_unknown_argument_is_refused(install: Install) -> None:
    install("votes", award("Votes", "votes").replace("awards()", "awards(marks)"))
    assert "Argument(s) {'marks'} are declared in the hookimpl" in refusal()


def test_plugin_without_a_hook_is_refused(install: Install) -> None:
    install("votes", award("Votes", "votes").replace("@hookimpl", ""))
    expected = (
        "plugin votes (dist-votes 1.0) has no hook: "
        "put `@hookimpl` above a function such as `register_awards`"
    )
    assert refusal() == expected


def test_hook_without_a_return_is_refused(install: Install) -> None:
    install("votes", award("Votes", "votes").replace("return [Votes]", "[Votes]"))
    expected = (
        "plugin votes (dist-votes 1.0): register_awards() returned None; "
        "return a list, an empty one if there is nothing"
    )
    assert refusal() == expected


@pytest.mark.parametrize("answer", ["[3]", "[str]", "[Votes()]", "['Votes']"])
def test_part_of_another_kind_is_refused(install: Install, answer: str) -> None:
    install("votes", award("Votes", "votes").replace("[Votes]", answer))
    text = refusal()
    assert text.startswith("plugin votes (dist-votes 1.0): register_awards() returned ")
    assert text.endswith("which is not a subclass of Award")


def test_abstract_part_is_refused(install: Install) -> None:
    install("votes", award("Votes", "votes").replace("def value(", "def values("))
    assert refusal() == "plugin votes (dist-votes 1.0): Votes does not define value"


@pytest.mark.parametrize("part_id", ["", "Votes", "most-votes", "_votes", "votes_", "票"])
def test_part_with_an_ill_formed_id_is_refused(install: Install, part_id: str) -> None:
    install("votes", award("Votes", part_id))
    expected = (
        f"plugin votes (dist-votes 1.0): Votes needs an `id` in snake_case; it has '{part_id}'"
    )
    assert refusal() == expected


def test_part_without_an_id_is_refused(install: Install) -> None:
    install("votes", award("Votes", "votes").replace('id = "votes"', ""))
    expected = "plugin votes (dist-votes 1.0): Votes needs an `id` in snake_case; it has None"
    assert refusal() == expected


READER = """
from review import Reader, hookimpl

class {name}(Reader):
    id = "{id}"
    {suffixes}

    def read(self, path, encoding=None):
        return []

@hookimpl
def register_readers():
    return [{name}]
"""


@pytest.mark.parametrize(
    "suffixes", ["", "suffixes = '.ods'", "suffixes = []", "suffixes = ['ods']", "suffixes = [3]"]
)
def test_reader_without_suffixes_is_refused(install: Install, suffixes: str) -> None:
    install("ods", READER.format(name="Ods", id="ods", suffixes=suffixes))
    with pytest.raises(PluginError) as caught:
        load().readers()
    assert str(caught.value) == (
        "plugin ods (dist-ods 1.0): Ods needs a list of `suffixes`, each beginning with a dot"
    )


def test_two_readers_of_a_suffix_are_refused(install: Install) -> None:
    install("aaa", READER.format(name="A", id="a", suffixes="suffixes = ['.ods']"))
    install("bbb", READER.format(name="B", id="b", suffixes="suffixes = ['.fods', '.ods']"))
    with pytest.raises(PluginError) as caught:
        load().readers()
    assert str(caught.value) == (
        "reader of files ending in “.ods” comes from two plugins: aaa (dist-aaa 1.0) and "
        "bbb (dist-bbb 1.0); leave one out with `--no-plugin`"
    )


def rubric_plugin(folder: Path, text: str | None) -> Plugins:
    path = folder / "own.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    class Rubrics:
        @hookimpl
        def register_rubrics(self) -> list[Path]:
            return [path]

    return Plugins([(INFO, Rubrics())])


def test_rubric_is_found_by_the_id_inside(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    plugins = rubric_plugin(tmp_path, 'id = "community-proposal"')
    assert plugins.rubrics() == {"community-proposal": Registered(path, INFO)}


@pytest.mark.parametrize("text", ["", "id = 3", 'id = " "'])
def test_rubric_without_an_id_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PluginError) as caught:
        rubric_plugin(tmp_path, text).rubrics()
    expected = f"plugin votes (venture-votes 1.2): the rubric {tmp_path / 'own.toml'} has no `id`"
    assert str(caught.value) == expected


@pytest.mark.parametrize("text", [None, "id = "])
def test_rubric_that_cannot_be_read_is_refused(tmp_path: Path, text: str | None) -> None:
    with pytest.raises(PluginError, match=r"the rubric .*own.toml cannot be read: .*Error: "):
        rubric_plugin(tmp_path, text).rubrics()


# --------------------------------------------------------------------------------------- failures


def test_plugin_that_cannot_be_imported_is_named(install: Install) -> None:
    install("votes", "import no_such_module", version="0.3")
    expected = (
        "plugin votes (dist-votes 0.3) cannot be imported: "
        "ModuleNotFoundError: No module named 'no_such_module'"
    )
    assert refusal() == expected


def test_local_plugin_with_a_syntax_error_is_named_with_its_line(
    local: Local, tmp_path: Path
) -> None:
    local("votes.py", "\nclass\n")
    assert refusal(tmp_path).endswith("SyntaxError: invalid syntax (votes.py, line 2)")


def test_hook_that_raises_is_named(install: Install) -> None:
    install("votes", award("Votes", "votes").replace("[Votes]", "[1 / 0]"))
    expected = "plugin votes (dist-votes 1.0) failed: ZeroDivisionError: division by zero"
    assert refusal() == expected


def test_guarded_chains_what_was_raised() -> None:
    with pytest.raises(PluginError) as caught, guarded(Registered(str, INFO)):
        raise ValueError("no votes")
    assert str(caught.value) == "plugin votes (venture-votes 1.2) failed: ValueError: no votes"
    assert isinstance(caught.value.__cause__, ValueError)


def test_guarded_keeps_the_words_of_an_error_of_ours() -> None:
    with pytest.raises(PluginError) as caught, guarded(INFO):
        raise ReviewError(Message("own", {}, {"en": "no votes", "zh-Hans": "没有投票"}))
    assert caught.value.message.render("en") == "plugin votes (venture-votes 1.2) failed: no votes"


@pytest.mark.parametrize("error", [PluginError, HeadroomError, ReadError])
def test_guarded_lets_through_what_is_no_failure(error: type[Exception]) -> None:
    own = error(Message("own", {}, {"en": "own"}))
    with pytest.raises(error) as caught, guarded(INFO):
        raise own
    assert caught.value is own


def test_guarded_lets_an_interrupt_through() -> None:
    with pytest.raises(KeyboardInterrupt), guarded(INFO):
        raise KeyboardInterrupt


# ---------------------------------------------------------------------------------------- tracing


def trace(text: str) -> list[str]:
    return [re.sub(r"[\d.]+ ms$", "N ms", line) for line in text.splitlines()]


def test_tracing_tells_who_answered_and_how_long(
    install: Install, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install("votes", award("Votes", "votes"))
    install("wrong", award("Wrong", "wrong").replace("[Wrong]", "1 / 0"))
    monkeypatch.setenv("REVIEW_TRACE_PLUGINS", "1")
    refusal()
    out, err = capsys.readouterr()
    assert out == ""
    assert trace(err) == [
        "review: import: votes (dist-votes 1.0): N ms",
        "review: import: wrong (dist-wrong 1.0): N ms",
        "review: register_awards(): votes (dist-votes 1.0): 1 found, N ms",
        "review: register_awards(): wrong (dist-wrong 1.0): N ms",
    ]


@pytest.mark.parametrize("value", ["", "0"])
def test_tracing_is_off_by_default(
    value: str,
    install: Install,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    install("votes", award("Votes", "votes"))
    monkeypatch.setenv("REVIEW_TRACE_PLUGINS", value)
    load().awards()
    assert capsys.readouterr() == ("", "")


def test_every_kind_has_a_hook_and_a_word_for_it() -> None:
    words = [kind.message.render("en") for kind in Kind]
    assert words == ["rubric", "scorer", "shortlist rule", "award", "reader", "exporter"]

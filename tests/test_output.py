"""A result in a folder: all or nothing, only in place of what we wrote, and held to its digests."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import pytest

from review.errors import OutputError, ReviewError, VerifyError
from review.output import result_text, write_result
from review.plugin.installed import PluginInfo
from review.plugin.kinds import Kind
from review.plugin.manager import Plugins
from review.plugin.parts import Exporter
from review.testing import competition, run
from review.verification import compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from review.model.result import Result

MARKS = {"p1": {"j1": 8}, "p2": {"j1": 7}}
MINE = PluginInfo("mine", "dist-mine", "1.0", None)
PLUGIN = {"plugin": "scorers", "distribution": "venture-review", "version": "1.0"}


class Notes(Exporter):
    """Writes a file and one in a folder below."""

    id = "notes"
    title: ClassVar[Mapping[str, str]] = {"en": "Notes"}

    def export(self, result: Result, folder: Path) -> Sequence[Path]:
        (folder / "more").mkdir()
        paths = [folder / "notes.txt", folder / "more/notes.txt"]
        for path in paths:
            path.write_text(result.competition, encoding="utf-8")
        return paths


class Crash(Exporter):
    """Fails when it has begun."""

    id = "crash"
    title: ClassVar[Mapping[str, str]] = {"en": "Crash"}

    def export(self, result: Result, folder: Path) -> Sequence[Path]:  # noqa: ARG002
        raise KeyError("boom")


class Interrupt(Exporter):
    """Is stopped by the person at the keyboard."""

    id = "interrupt"
    title: ClassVar[Mapping[str, str]] = {"en": "Interrupt"}

    def export(self, result: Result, folder: Path) -> Sequence[Path]:  # noqa: ARG002
        raise KeyboardInterrupt


@pytest.fixture(scope="module")
def result() -> Result:
    made = run(competition(rounds={"r1": MARKS}))
    plugins = {"scorer:weighted_mean": PLUGIN}
    return replace(made, state="provisional", manifest={"plugins": plugins})


@pytest.fixture
def plugins() -> Plugins:
    """A writer of notes, and two that do not get that far."""
    found = Plugins([])
    for part in (Notes, Crash, Interrupt):
        found = found.with_part(Kind.EXPORTER, part, MINE)
    return found


@pytest.fixture
def out(result: Result, plugins: Plugins, tmp_path: Path) -> Path:
    """A folder that we wrote."""
    write_result(result, tmp_path / "out", plugins, ["notes"])
    return tmp_path / "out"


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def edit_manifest(out: Path, **changes: object) -> None:
    path = out / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, **changes}), encoding="utf-8")


def codes(out: Path, result: Result) -> tuple[bool, list[str]]:
    found = compare(out, result)
    return found.same, [finding.code for finding in found.findings]


# ---------------------------------------------------------------------------------------- writing


def test_folder_has_the_result_the_formats_and_a_digest_of_each(
    result: Result, plugins: Plugins, tmp_path: Path
) -> None:
    out = tmp_path / "a/b/out"
    written = write_result(result, out, plugins, ["json", "notes"])
    files = ["more/notes.txt", "notes.txt", "result.json"]
    assert (written.folder, written.files, written.failures) == (out, [*files, "manifest.json"], [])
    assert names(out) == sorted(written.files)
    assert (out / "result.json").read_text(encoding="utf-8") == result_text(result)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["written"] == {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in files
    }
    assert (manifest["content"], manifest["rules"]) == (result.content, result.rules)


def test_every_format_is_written_where_none_is_named(
    result: Result, plugins: Plugins, tmp_path: Path
) -> None:
    only = Plugins([]).with_part(Kind.EXPORTER, Notes, MINE)
    assert write_result(result, tmp_path / "out", only).files == [
        "more/notes.txt", "notes.txt", "result.json", "manifest.json",
    ]  # fmt: skip
    with pytest.raises(ReviewError) as told:
        write_result(result, tmp_path / "other", plugins, ["pdf"])
    assert str(told.value) == ("there is no format “pdf”; there are crash, interrupt, json, notes")
    assert not (tmp_path / "other").exists()


def test_folder_of_ours_is_replaced_as_a_whole(
    result: Result, plugins: Plugins, out: Path, tmp_path: Path
) -> None:
    write_result(result, out, plugins, [])
    assert names(tmp_path) == ["out/manifest.json", "out/result.json"]


def test_link_to_a_folder_stays_one(
    result: Result, plugins: Plugins, out: Path, tmp_path: Path
) -> None:
    link = tmp_path / "latest"
    link.symlink_to(out)
    write_result(result, link, plugins, [])
    assert link.is_symlink()
    assert names(out) == ["manifest.json", "result.json"]


def test_failing_exporter_leaves_the_others(
    result: Result, plugins: Plugins, tmp_path: Path
) -> None:
    written = write_result(result, tmp_path / "out", plugins, ["crash", "notes"])
    assert list(map(str, written.failures)) == [
        (
            "the exporter “crash” failed, the other files are there:"
            " plugin mine (dist-mine 1.0) failed: KeyError: 'boom'"
        )
    ]
    assert isinstance(written.failures[0].__cause__.__cause__, KeyError)  # type: ignore[union-attr]
    assert names(tmp_path / "out") == [
        "manifest.json", "more/notes.txt", "notes.txt", "result.json",
    ]  # fmt: skip


def test_nothing_changes_where_writing_is_stopped(
    result: Result, plugins: Plugins, out: Path, tmp_path: Path
) -> None:
    before = {name: (out / name).read_bytes() for name in names(out)}
    for folder in (out, tmp_path / "new"):
        with pytest.raises(KeyboardInterrupt):
            write_result(result, folder, plugins, ["notes", "interrupt"])
    assert {name: (out / name).read_bytes() for name in names(out)} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(("mask", "rights"), [(0o022, 0o755), (0o077, 0o700)])
def test_folder_has_the_rights_that_are_usual(
    mask: int, rights: int, result: Result, plugins: Plugins, tmp_path: Path
) -> None:
    before = os.umask(mask)
    try:
        write_result(result, tmp_path / "out", plugins, ["notes"])
    finally:
        os.umask(before)
    folder, file = (tmp_path / "out").stat(), (tmp_path / "out/notes.txt").stat()
    assert stat.S_IMODE(folder.st_mode) == rights
    assert stat.S_IMODE(file.st_mode) == rights & 0o666


# ------------------------------------------------------------------------------------ not writing


@pytest.mark.parametrize("place", ["out/mine.txt", "out/more/mine.txt"])
def test_folder_of_ours_with_a_file_of_somebody_else_is_left_alone(
    place: str, result: Result, plugins: Plugins, out: Path, tmp_path: Path
) -> None:
    (tmp_path / place).write_text("mine", encoding="utf-8")
    before = names(tmp_path)
    with pytest.raises(OutputError) as told:
        write_result(result, out, plugins, [])
    assert str(told.value) == (
        f"{out} is not empty and was not written by review; choose another folder"
    )
    assert names(tmp_path) == before


def test_file_in_place_of_the_folder_is_left_alone(
    result: Result, plugins: Plugins, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        write_result(result, tmp_path / "out", plugins, [])
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"written": 3}', '{"written": ["mine.txt"]}', "\ufffd{"]
)
def test_broken_manifest_makes_no_file_ours(
    manifest: str, result: Result, plugins: Plugins, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").touch()
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(OutputError):
        write_result(result, tmp_path, plugins, [])
    assert names(tmp_path) == ["manifest.json", "mine.txt"]


def test_empty_folder_is_taken(result: Result, plugins: Plugins, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_result(result, tmp_path / "out", plugins, [])
    assert names(tmp_path) == ["out/manifest.json", "out/result.json"]


def test_what_the_system_says_against_it_is_told(
    result: Result, plugins: Plugins, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as told:
        write_result(result, tmp_path / "file/out", plugins, [])
    assert str(told.value) == f"{tmp_path}/file/out cannot be written: File exists: {tmp_path}/file"


# -------------------------------------------------------------------------------------- verifying


def test_what_was_written_is_the_same(result: Result, out: Path) -> None:
    assert codes(out, result) == (True, ["verify_same"])


def test_changed_and_missing_files_are_named(result: Result, out: Path) -> None:
    (out / "notes.txt").write_text("9.99", encoding="utf-8")
    (out / "more/notes.txt").unlink()
    found = compare(out, result)
    assert (found.same, [finding.render() for finding in found.findings]) == (
        False,
        ["more/notes.txt is missing", "notes.txt is not as it was written"],
    )


def test_changed_result_is_told_of_twice(result: Result, out: Path) -> None:
    """It is not what comes out now, and not what was written then."""
    path = out / "result.json"
    path.write_text(path.read_text(encoding="utf-8").replace("8.00", "9.00"), encoding="utf-8")
    assert codes(out, result) == (False, ["verify_result", "verify_file_changed"])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"written": ["notes.txt"]}'])
def test_without_digests_nobody_can_say_that_all_is_well(
    text: str, result: Result, out: Path
) -> None:
    (out / "manifest.json").write_text(text, encoding="utf-8")
    assert codes(out, result) == (False, ["verify_no_manifest"])
    (out / "manifest.json").unlink()
    assert codes(out, result) == (False, ["verify_no_manifest"])


def test_name_that_no_file_can_have_is_missing(result: Result, out: Path) -> None:
    edit_manifest(out, written={"\0": "", "more": "", "result.json": 3})
    assert codes(out, result) == (
        False, ["verify_file_missing", "verify_file_missing", "verify_file_changed"],
    )  # fmt: skip


CONTENT = "the content differs: marks, proposals, judges, facts or decisions were changed"
RULES = "the rules differ: rounds, rubrics, awards or policy were changed"


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"content": "sha256:1"}, CONTENT),
        ({"rules": "sha256:1"}, RULES),
        ({"state": "final"}, "the state differs: it was “provisional”, here it is “final”"),
        (
            {"title": {"en": "New", "zh-Hans": "新"}},
            "the title differs: it was “Test”, here it is “New / 新”",
        ),
        ({"competition": "other"}, "the result differs, although content and rules are the same"),
    ],
    ids=["content", "rules", "state", "title", "other"],
)
def test_verification_says_what_differs(
    change: dict[str, object], finding: str, result: Result, out: Path
) -> None:
    before = replace(result, title={"en": "Test"})
    write_result(before, out, Plugins([]), [])
    found = compare(out, replace(before, **change))  # type: ignore[arg-type]
    assert (found.same, [each.render() for each in found.findings]) == (False, [finding])


def test_state_and_title_that_nobody_knows_are_told_as_they_stand(
    result: Result, out: Path
) -> None:
    path = out / "result.json"
    was = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**was, "title": None, "state": 3}), encoding="utf-8")
    found = compare(out, replace(result, title={"en": "New"}))
    assert [finding.render() for finding in found.findings][:2] == [
        "the title differs: it was “None”, here it is “New”",
        "the state differs: it was “3”, here it is “provisional”",
    ]


def test_other_version_of_a_plugin_is_told_even_if_nothing_differs(
    result: Result, out: Path
) -> None:
    edit_manifest(out, plugins={"scorer:weighted_mean": {"plugin": "scorers"}})
    found = compare(out, result)
    assert (found.same, [finding.render() for finding in found.findings]) == (
        True,
        [
            "the result is what the competition comes to, byte for byte",
            (
                "plugin scorer:weighted_mean: the result was made with scorers –, here is"
                " venture-review 1.0"
            ),
        ],
    )


@pytest.mark.parametrize("told", [None, [], {"scorer:weighted_mean": "1.0"}])
def test_manifest_that_does_not_tell_of_plugins_is_no_difference(
    told: object, result: Result, out: Path
) -> None:
    edit_manifest(out, plugins=told)
    assert codes(out, result) == (True, ["verify_same"])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 2}', None])
def test_folder_without_a_readable_result_cannot_be_verified(
    text: str | None, result: Result, out: Path
) -> None:
    (out / "result.json").unlink()
    if text is not None:
        (out / "result.json").write_text(text, encoding="utf-8")
    with pytest.raises(VerifyError):
        compare(out, result)

"""Writing a result into a folder, all or nothing."""

from __future__ import annotations

import hashlib
import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from review.errors import OutputError, PluginError, ReviewError, UsageError, unwritable
from review.messages import Message
from review.model.canonical import dumps
from review.plugin.manager import guarded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from review.model.result import Result
    from review.plugin.manager import Plugins
    from review.plugin.parts import Exporter

RESULT, MANIFEST = "result.json", "manifest.json"


@dataclass(frozen=True, slots=True)
class Written:
    """The files of an output folder, by name, and the exporters that failed."""

    folder: Path
    files: Sequence[str]
    failures: Sequence[ReviewError]


def result_text(result: Result) -> str:
    """result.json, to the byte."""
    return dumps(result.to_json(), indent=1) + "\n"


def write_result(
    result: Result, out: Path, plugins: Plugins, formats: Collection[str] | None = None
) -> Written:
    """Write result.json, manifest.json and `formats` (default: all) in place of what we wrote.

    Raises OutputError where the folder holds anything else or cannot be written, ReviewError where
    a format is not known.
    """
    exporters = _exporters(plugins, formats)
    try:
        refuse_foreign(out, MANIFEST)
        with replacing(out) as folder:
            (folder / RESULT).write_text(result_text(result), encoding="utf-8", newline="\n")
            failures = _export(result, folder, exporters, plugins)
            files = digests(folder)
            text = dumps(_manifest(result, files), indent=1) + "\n"
            (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    except OSError as found:
        raise unwritable(out, found) from found
    return Written(out, [*files, MANIFEST], failures)


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, as the manifest has it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): file_digest(path) for path in files}


def _manifest(result: Result, files: Mapping[str, str]) -> dict[str, object]:
    return {
        **result.manifest,
        "problems": [problem.to_json() for problem in result.source.problems],
        "content": result.content,
        "rules": result.rules,
        "written": files,
    }


def _exporters(plugins: Plugins, formats: Collection[str] | None) -> list[str]:
    known = plugins.exporters()
    wanted = sorted(known) if formats is None else [f for f in formats if f != "json"]
    for name in wanted:
        if name not in known:
            params = {"format": name, "formats": sorted({"json", *known})}
            raise UsageError(Message("format_unknown", params))
    return wanted


def _export(
    result: Result, folder: Path, names: Sequence[str], plugins: Plugins
) -> list[ReviewError]:
    failures: list[ReviewError] = []
    for name in names:
        registered = plugins.exporters()[name]
        exporter: Exporter = registered.part()
        try:
            with guarded(registered):
                exporter.export(result, folder)
        except PluginError as failure:
            told = Message("exporter_failed", {"format": name, "error": failure.message})
            failures.append(PluginError(told))
            failures[-1].__cause__ = failure
    return failures


def refuse_foreign(out: Path, manifest: str) -> None:
    """Leave alone a folder with anything in it that we did not write.

    `manifest`: the file in it whose `written` names what we wrote. Raises OutputError.
    """
    if not out.exists():
        return
    if out.is_dir():
        there = {p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir()}
        written = read_manifest(out, manifest).get("written")
        ours = written if isinstance(written, dict) else ()
        if there <= {*ours, manifest}:
            return
    raise OutputError(Message("output_not_ours", {"folder": str(out)}))


def read_manifest(out: Path, name: str = MANIFEST) -> dict[str, Any]:
    """The manifest of a folder; empty where there is none, or where it cannot be read."""
    try:
        manifest = json.loads((out / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A new folder that takes the place of `out` when it is complete; gone when anything failed."""
    out = out.resolve()  # a link stays one, and `.` has a name
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as beside:
        new = Path(beside) / "new"
        new.mkdir()  # unlike the folder around it, with the rights that are usual here
        yield new
        if out.exists():
            out.rename(Path(beside) / "old")
        new.rename(out)

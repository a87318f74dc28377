"""Writing a result into a folder, all or nothing, and comparing one with a run."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from review.errors import OutputError, PluginError, ReviewError, VerifyError
from review.messages import Message
from review.model.canonical import dumps
from review.model.result import SCHEMA
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

    Raises OutputError where the folder holds anything else, ReviewError where a format is not
    known.
    """
    exporters = _exporters(plugins, formats)
    _refuse_foreign(out)
    with _replacing(out) as folder:
        (folder / RESULT).write_text(result_text(result), encoding="utf-8")
        failures = _export(result, folder, exporters, plugins)
        files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        manifest = {
            **result.manifest,
            "problems": [p.to_json() for p in result.source.problems],
            "content": result.content,
            "rules": result.rules,
            "written": files,
        }
        (folder / MANIFEST).write_text(dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return Written(out, [*files, MANIFEST], failures)


def _exporters(plugins: Plugins, formats: Collection[str] | None) -> list[str]:
    known = plugins.exporters()
    wanted = sorted(known) if formats is None else [f for f in formats if f != "json"]
    for name in wanted:
        if name not in known:
            params = {"format": name, "formats": sorted({"json", *known})}
            raise ReviewError(Message("format_unknown", params))
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
            failures.append(
                PluginError(Message("exporter_failed", {"format": name, "error": failure.message}))
            )
    return failures


def _refuse_foreign(out: Path) -> None:
    """Leave alone a folder with anything in it that we did not write."""
    if not out.exists():
        return
    if out.is_dir():
        there = {p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir()}
        if there <= {*_ours(out), MANIFEST}:
            return
    raise OutputError(Message("output_not_ours", {"folder": str(out)}))


def _ours(out: Path) -> list[str]:
    """The files that the manifest of a folder says we wrote; none where there is none."""
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return [str(name) for name in manifest["written"]]
    except (OSError, ValueError, LookupError, TypeError):
        return []


@contextmanager
def _replacing(out: Path) -> Iterator[Path]:
    """A new folder beside `out` that takes its place when complete; gone when anything failed."""
    out.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        yield new
        new.chmod(0o777 & ~_umask())
        if out.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
            out.rename(old / "old")
            new.rename(out)
            shutil.rmtree(old)
        else:
            new.rename(out)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@dataclass(frozen=True, slots=True)
class Verification:
    """What a recomputation found: `same`, or every difference in words."""

    same: bool
    findings: Sequence[Message]


def compare(out: Path, result: Result) -> Verification:
    """Hold the result in a folder against one derived just now.

    Raises VerifyError where there is no readable result.json.
    """
    text, was = _read(out)
    if text == result_text(result):
        return Verification(
            same=True, findings=[Message("verify_same"), *_plugin_findings(out, result)]
        )
    findings = [
        Message(f"verify_{key}")
        for key in ("content", "rules")
        if was.get(key) != getattr(result, key)
    ]
    findings += _plugin_findings(out, result)
    if any(was.get(key) != result.to_json()[key] for key in ("title", "state")):
        findings.append(Message("verify_state"))
    return Verification(same=False, findings=findings or [Message("verify_result")])


def _read(out: Path) -> tuple[str, Mapping[str, object]]:
    try:
        text = (out / RESULT).read_text(encoding="utf-8")
        was = json.loads(text)
    except (OSError, ValueError) as found:
        raise VerifyError(
            Message("verify_no_result", {"folder": str(out), "error": str(found)})
        ) from found
    if not isinstance(was, dict) or was.get("schema") != SCHEMA:
        told = {"folder": str(out), "error": f"schema {SCHEMA}?"}
        raise VerifyError(Message("verify_no_result", told))
    return text, was


def _plugin_findings(out: Path, result: Result) -> list[Message]:
    """Parts that another version of their plugin decided then."""
    try:
        then = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["plugins"]
    except (OSError, ValueError, LookupError, TypeError):
        return []
    now: Mapping[str, Mapping[str, str | None]] = result.manifest["plugins"]  # type: ignore[assignment]
    return [
        Message(
            "verify_plugin",
            {"plugin": name, "was": _version(then[name]), "now": _version(now[name])},
        )
        for name in sorted(now)
        if name in then and then[name] != dict(now[name])
    ]


def _version(manifest: Mapping[str, str | None]) -> str:
    return (
        f"{manifest.get('distribution') or manifest.get('plugin')} {manifest.get('version') or '–'}"
    )

"""Holding a folder that was written earlier against the result of a run just now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from review.errors import VerifyError
from review.messages import Message
from review.model.result import SCHEMA
from review.output import MANIFEST, RESULT, file_digest, read_manifest, result_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from review.model.result import Result


@dataclass(frozen=True, slots=True)
class Verification:
    """What a recomputation found: `same`, or every difference in words."""

    same: bool
    findings: Sequence[Message]


def compare(out: Path, result: Result) -> Verification:
    """Hold the files in a folder against the result derived just now and against their digests.

    Raises VerifyError where there is no readable result.json.
    """
    text, was = _read(out)
    manifest = read_manifest(out)
    differences = [] if text == result_text(result) else _differences(was, result)
    damages = list(_damages(out, manifest))
    same = not differences and not damages
    findings = [Message("verify_same")] if same else [*differences, *damages]
    return Verification(same, [*findings, *_plugin_findings(manifest, result)])


def _read(out: Path) -> tuple[str, Mapping[str, Any]]:
    try:
        text = (out / RESULT).read_bytes().decode()
        was = json.loads(text)
    except (OSError, ValueError) as found:
        raise _no_result(out, str(found)) from found
    if not isinstance(was, dict) or was.get("schema") != SCHEMA:
        raise _no_result(out, f"schema {SCHEMA}?")
    return text, was


def _no_result(out: Path, error: str) -> VerifyError:
    return VerifyError(Message("verify_no_result", {"folder": str(out), "error": error}))


def _differences(was: Mapping[str, Any], result: Result) -> Sequence[Message]:
    """What is not as it was, from the cause to the effect."""
    found = [
        Message(f"verify_{key}")
        for key in ("content", "rules")
        if was.get(key) != getattr(result, key)
    ]
    for key, shown in (("title", _titles), ("state", _state)):
        then, now = was.get(key), getattr(result, key)
        if then != now:
            found.append(Message(f"verify_{key}", {"was": shown(then), "now": shown(now)}))
    return found or [Message("verify_result")]


def _titles(title: object) -> str:
    texts = title.values() if isinstance(title, dict) else [title]
    return " / ".join(map(str, texts))


def _state(state: object) -> object:
    return Message(f"state_{state}") if state in {"provisional", "final"} else str(state)


def _damages(out: Path, manifest: Mapping[str, Any]) -> Iterator[Message]:
    """Files that are no longer as they were written."""
    written = manifest.get("written")
    if not isinstance(written, dict):
        yield Message("verify_no_manifest", {"file": MANIFEST})
        return
    for name, digest in sorted(written.items()):
        try:
            if file_digest(out / name) != digest:
                yield Message("verify_file_changed", {"file": name})
        except (OSError, ValueError):  # ValueError: a name that no file can have
            yield Message("verify_file_missing", {"file": name})


def _plugin_findings(manifest: Mapping[str, Any], result: Result) -> Iterator[Message]:
    """Parts that another version of their plugin decided then."""
    then = manifest.get("plugins")
    now: Mapping[str, Any] = result.manifest["plugins"]  # type: ignore[assignment]
    for name in sorted(now):
        was = then.get(name) if isinstance(then, dict) else None
        if isinstance(was, dict) and was != dict(now[name]):
            params = {"plugin": name, "was": _version(was), "now": _version(now[name])}
            yield Message("verify_plugin", params)


def _version(part: Mapping[str, Any]) -> str:
    return f"{part.get('distribution') or part.get('plugin')} {part.get('version') or '–'}"

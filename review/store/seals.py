"""What the record has of rows: hashes and salted digests. Both writing and verifying use these."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The hash before the first event.
GENESIS = "0" * 64


def canonical(data: object) -> str:
    """JSON text that is the same wherever and whenever it is written."""
    return _encode(data)


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def salted(salt: str | None, content: str | bytes) -> str:
    """SHA-256 over a salt and a content."""
    raw = content.encode() if isinstance(content, str) else content
    return hashlib.sha256((salt or "").encode() + b"\0" + raw).hexdigest()


def event(prev: str, seq: int, at: str, kind: str, actor: str, data: str) -> str:  # noqa: PLR0913, PLR0917 -- what an event is
    """The hash of an event: over its canonical JSON; `data` is in it as canonical JSON already."""
    return digest(
        f'{{"actor":{_encode(actor)},"at":{_encode(at)},"data":{data},"kind":{_encode(kind)}'
        f',"prev":{_encode(prev)},"seq":{seq}}}'
    )


def words(salt: str | None, text: str | None) -> str:
    """What stands for a free text; the prefix tells it from any other digest in an event."""
    return "words:" + salted(salt, text or "")


def person(salt: str | None, judge: str | None, name: str) -> str:
    """A person's id and name."""
    return salted(salt, canonical([judge, name]))


def password(login: str | None, hashed: str | None) -> str:
    """A login and the hash of a password, whose own salt makes this say nothing."""
    return salted(hashed, login or "")


def code(row: Mapping[str, str]) -> str:
    """All that is kept of a short code but the guesses."""
    return digest(canonical([row[name] for name in CODE]))


CODE = ("handle", "secret", "person", "made", "expires")


def decision(salt: str | None, by: str | None, second: str | None, why: str | None) -> str:
    """Who ruled, and why."""
    return salted(salt, canonical([by, second, why]))


def manifest(files: Iterable[tuple[str, str]]) -> str:
    """A definition's files as `(path, salted digest)`."""
    return digest(canonical(sorted(files)))


def publication(result: str, page: str) -> str:
    """What was published."""
    return digest(canonical([result, page]))

"""What was published: to the byte, with the head of the chain that it was computed at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from review.errors import Refused
from review.messages import Message
from review.store import chain, schema, seals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Select

_PUBLICATION = schema.publication.c


@dataclass(frozen=True, slots=True)
class Publication:
    """Results for everybody: `what` names rounds and awards, `result` is result.json.

    `seq` and `hash` are the head of the chain, `until` the end of an embargo.
    """

    id: int
    what: Mapping[str, Any]
    result: str
    page: str
    seq: int
    hash: str
    at: str
    until: str | None
    withdrawn: str | None


def publish(  # noqa: PLR0913 -- what a publication is
    conn: Connection,
    what: Mapping[str, object],
    result: str,
    page: str,
    until: str | None = None,
    *,
    actor: str,
    head: chain.Link | None = None,
) -> Publication:
    """Publish, at once or when the instant `until` has come.

    `head` is where the chain stood when the result was computed; default: where it stands now.
    """
    head = head or chain.head(conn)
    number = (conn.scalar(select(func.max(_PUBLICATION.id))) or 0) + 1
    link = chain.append(
        conn, "published", actor,
        {
            "publication": number, "what": dict(what), "seq": head.seq, "hash": head.hash,
            "content": seals.publication(result, page), "until": until,
        },
    )  # fmt: skip
    conn.execute(
        insert(schema.publication),
        {
            "id": number, "what": seals.canonical(dict(what)), "result": result, "page": page,
            "seq": head.seq, "hash": head.hash, "at": link.at, "until": until,
        },
    )  # fmt: skip
    return Publication(number, dict(what), result, page, head.seq, head.hash, link.at, until, None)


def published(conn: Connection, at: str) -> Publication | None:
    """What everybody may see at an instant: the last that stands and whose embargo is over.

    None where that was erased because it named people; an older one does not come back.
    """
    found = _first(
        conn,
        _standing().where(_PUBLICATION.until.is_(None) | (_PUBLICATION.until <= at)),
    )
    return found if found is not None and found.result else None


def pending(conn: Connection, at: str) -> Publication | None:
    """The last that stands and whose embargo is not over, unless a later one is out already."""
    found = _first(conn, _standing())
    return found if found is not None and found.until is not None and found.until > at else None


def publications(conn: Connection) -> list[Publication]:
    """All of them, in their order."""
    rows = conn.execute(select(schema.publication).order_by(_PUBLICATION.id))
    return [_read(row) for row in rows]


def withdraw(conn: Connection, number: int, *, actor: str) -> None:
    """Take a publication back: the one before it is seen again, unless that is, too."""
    if _first(conn, _standing().where(_PUBLICATION.id == number)) is None:
        raise Refused(Message("publication_unknown"), 404)
    link = chain.append(conn, "publication_withdrawn", actor, {"publication": number})
    conn.execute(
        update(schema.publication).where(_PUBLICATION.id == number).values(withdrawn=link.at)
    )


def _standing() -> Select[Any]:
    return (
        select(schema.publication)
        .where(_PUBLICATION.withdrawn.is_(None))
        .order_by(_PUBLICATION.id.desc())
        .limit(1)
    )


def _first(conn: Connection, query: Select[Any]) -> Publication | None:
    row = conn.execute(query).one_or_none()
    return None if row is None else _read(row)


def _read(row: Any) -> Publication:
    return Publication(
        row.id, json.loads(row.what), row.result, row.page, row.seq, row.hash, row.at, row.until,
        row.withdrawn,
    )  # fmt: skip

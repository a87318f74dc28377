"""Where each round stands: `planned` → `open` ⇄ `locked` → `closed`, and reopened → `open`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from review.errors import Refused
from review.messages import Message
from review.store import chain, schema, seals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

#: What may follow what.
STEPS = frozenset(
    {
        ("planned", "open"), ("open", "locked"), ("locked", "open"), ("open", "closed"),
        ("locked", "closed"), ("closed", "open"), ("planned", "closed"),
    }
)  # fmt: skip

_ROUND = schema.round_state.c


@dataclass(frozen=True, slots=True)
class RoundState:
    """Where a round stands; version 0 is a round that nobody has touched.

    `entrants` are fixed when it opens; `coverage` is what was stated when it closed.
    """

    round: str
    state: str
    version: int
    entrants: tuple[str, ...] | None
    coverage: Mapping[str, Any] | None
    at: str | None


class Stale(Refused):
    """Somebody else changed the round meanwhile: `details` has where it stands."""

    def __init__(self, found: RoundState) -> None:
        super().__init__(
            Message("round_version", {"round": found.round}),
            409,
            {"state": found.state, "version": found.version},
        )


def states(conn: Connection) -> dict[str, RoundState]:
    """Every round that was touched, by id."""
    return {row.round: _read(row) for row in conn.execute(select(schema.round_state))}


def state(conn: Connection, round: str) -> RoundState:  # noqa: A002 -- the word everywhere
    """Where a round stands; planned where nobody has touched it."""
    row = conn.execute(_ONE, {"round": round}).one_or_none()
    return RoundState(round, "planned", 0, None, None, None) if row is None else _read(row)


_ONE = select(schema.round_state).where(_ROUND.round == bindparam("round"))


def change(  # noqa: PLR0913 -- what a step may bring along
    conn: Connection,
    round: str,  # noqa: A002 -- the word everywhere
    to: str,
    *,
    version: int,
    actor: str,
    entrants: Sequence[str] | None = None,
    coverage: Mapping[str, object] | None = None,
    why: str | None = None,
) -> RoundState:
    """Move a round on; `version` is the one that whoever asks has seen.

    Entrants stay where none are given; coverage belongs to a closed round alone. Stale where the
    round has another version; Refused where that step cannot be taken.
    """
    row = conn.execute(_ONE.with_for_update(), {"round": round}).one_or_none()
    found = RoundState(round, "planned", 0, None, None, None) if row is None else _read(row)
    if found.version != version:
        raise Stale(found)
    if (found.state, to) not in STEPS:
        raise Refused(
            Message("round_step", {"round": round, "state": found.state, "to": to}),
            409,
            {"state": found.state, "version": found.version},
        )
    kept = found.entrants if entrants is None else tuple(entrants)
    stated = coverage if to == "closed" else None
    kind = "reopened" if (found.state, to) == ("closed", "open") else KINDS[to]
    data = {
        "round": round, "state": to, "version": version + 1, "entrants": kept, "coverage": stated,
    }  # fmt: skip
    link, _ = chain.append_said(conn, f"round_{kind}", actor, data, why)
    values = {
        "state": to, "version": version + 1, "at": link.at,
        "entrants": None if kept is None else seals.canonical(kept),
        "coverage": None if stated is None else seals.canonical(stated),
    }  # fmt: skip
    if row is None:
        conn.execute(insert(schema.round_state), {"round": round, **values})
    else:
        conn.execute(update(schema.round_state).where(_ROUND.round == round).values(**values))
    return state(conn, round)


#: The event of a round that gets there.
KINDS = {"open": "opened", "locked": "locked", "closed": "closed"}


def holding_open(conn: Connection, round: str) -> None:  # noqa: A002 -- the word everywhere
    """Keep a round from being locked until this transaction ends; Refused where it is not open."""
    found = conn.scalar(_HOLD, {"round": round})
    if found != "open":
        raise Refused(
            Message("round_not_open", {"round": round}), 409, {"state": found or "planned"}
        )


_HOLD = select(_ROUND.state).where(_ROUND.round == bindparam("round")).with_for_update(read=True)


def _read(row: Any) -> RoundState:
    return RoundState(
        row.round,
        row.state,
        row.version,
        None if row.entrants is None else tuple(json.loads(row.entrants)),
        None if row.coverage is None else json.loads(row.coverage),
        row.at,
    )

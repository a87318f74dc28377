"""What is stored of marks: ballots, current revisions, comments, how far each judge is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, exists, func, select

from review.store import schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Select

_MARK = schema.mark_revision.c
_WORDS = schema.words.c


class Cell(NamedTuple):
    """What a judge says on one criterion: the text of a decimal number, or a state, or nothing."""

    mark: str | None
    state: str | None = None


class StoredCell(NamedTuple):
    """A cell as it is kept, and how often it has been written."""

    mark: str | None
    state: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class StoredBallot:
    """What one judge has given one proposal; empty where nothing has been stored."""

    cells: Mapping[str, StoredCell] = field(default_factory=dict)
    comment: str | None = None
    at: str | None = None


class Mark(NamedTuple):
    """The current revision of one cell."""

    round: str
    person: str
    proposal: str
    criterion: str
    mark: str | None
    state: str | None
    revision: int
    at: str


class Progress(NamedTuple):
    """How far a ballot is: marked criteria, the states of the others, when it last changed."""

    marked: int
    states: tuple[str, ...]
    at: str


FIND_COMMENT = (
    select(_WORDS.digest, _WORDS.salt, _WORDS.text)
    .where(
        _WORDS.round == bindparam("round"),
        _WORDS.person == bindparam("person"),
        _WORDS.proposal == bindparam("proposal"),
        _WORDS.criterion.is_(None),
    )
    .order_by(_WORDS.event.desc())
    .limit(1)
)


def cells_of(
    conn: Connection,
    round: str,  # noqa: A002 -- the word everywhere
    person: str,
    proposal: str,
) -> dict[str, StoredCell]:
    """The current cells of a ballot by criterion."""
    rows = conn.execute(_FIND_CELLS, {"round": round, "person": person, "proposal": proposal})
    return {row[0]: StoredCell(*row[1:4]) for row in rows}


_FIND_CELLS = (
    select(_MARK.criterion, _MARK.mark, _MARK.state, _MARK.revision, _MARK.at)
    .where(
        _MARK.round == bindparam("round"),
        _MARK.person == bindparam("person"),
        _MARK.proposal == bindparam("proposal"),
    )
    .order_by(_MARK.revision)
)


def ballot(
    conn: Connection,
    round: str,  # noqa: A002 -- the word everywhere
    person: str,
    proposal: str,
) -> StoredBallot:
    """What a judge has given a proposal."""
    key = {"round": round, "person": person, "proposal": proposal}
    rows = conn.execute(_FIND_CELLS, key).all()
    comment = conn.execute(FIND_COMMENT, key).first()
    return StoredBallot(
        {row[0]: StoredCell(*row[1:4]) for row in rows},
        (comment.text or None) if comment else None,
        max((row.at for row in rows), default=None),
    )


def current(
    conn: Connection,
    round: str | None = None,  # noqa: A002 -- the word everywhere
    person: str | None = None,
    proposal: str | None = None,
) -> list[Mark]:
    """The last revision of every cell, by round, person, proposal and criterion."""
    query = _current(round)
    if person is not None:
        query = query.where(_MARK.person == person)
    if proposal is not None:
        query = query.where(_MARK.proposal == proposal)
    # Sorted here: databases sort text each in their own way.
    return sorted((Mark(*row) for row in conn.execute(query)), key=lambda mark: mark[:4])


def _current(round_id: str | None) -> Select[Any]:
    later = schema.mark_revision.alias("later")
    query = select(
        _MARK.round, _MARK.person, _MARK.proposal, _MARK.criterion, _MARK.mark, _MARK.state,
        _MARK.revision, _MARK.at,
    ).where(
        ~exists().where(
            later.c.round == _MARK.round,
            later.c.person == _MARK.person,
            later.c.proposal == _MARK.proposal,
            later.c.criterion == _MARK.criterion,
            later.c.revision > _MARK.revision,
        )
    )  # fmt: skip
    return query if round_id is None else query.where(_MARK.round == round_id)


def comments(
    conn: Connection,
    round: str | None = None,  # noqa: A002 -- the word everywhere
) -> dict[tuple[str, str, str], str]:
    """The comment of each ballot that has one, by `(round, person, proposal)`."""
    query = (
        select(_WORDS.round, _WORDS.person, _WORDS.proposal, _WORDS.text)
        .where(_WORDS.proposal.is_not(None), _WORDS.criterion.is_(None))
        .join(schema.event, schema.event.c.seq == _WORDS.event)
        .where(schema.event.c.kind.in_(("ballot", "ballot_imported")))
        .order_by(_WORDS.event)
    )
    if round is not None:
        query = query.where(_WORDS.round == round)
    found = {(row[0], row[1], row[2]): row[3] for row in conn.execute(query)}
    return {key: text for key, text in found.items() if text}


def counts(
    conn: Connection,
    round: str,  # noqa: A002 -- the word everywhere
) -> dict[tuple[str, str], Progress]:
    """How far each ballot of a round is, by `(person, proposal)`."""
    cells = _current(round).subquery()
    columns = cells.c
    states: dict[tuple[str, str], list[str]] = {}
    for row in conn.execute(
        select(columns.person, columns.proposal, columns.state)
        .distinct()
        .where(columns.state.is_not(None), columns.state != "missing")
        .order_by(columns.state)
    ):
        states.setdefault((row.person, row.proposal), []).append(row.state)
    return {
        (row[0], row[1]): Progress(row[2], tuple(states.get((row[0], row[1]), ())), row[3])
        for row in conn.execute(
            select(
                columns.person, columns.proposal, func.count(columns.mark), func.max(columns.at)
            ).group_by(columns.person, columns.proposal)
        )
    }

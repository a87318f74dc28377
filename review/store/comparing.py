"""What differs between a folder and the definition that is kept, and whether stored marks fit."""

from __future__ import annotations

import tomllib
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from review.load.files import COMPETITION
from review.messages import Message
from review.model.types import decimals_of
from review.store import marks, people
from review.store.portable import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from review.model.loaded import LoadedCompetition
    from review.model.rubric import Scale

#: Tables whose rows have an id in their first column.
_ROWS = ("proposals.csv", "judges.csv")
#: So many keys or ids are named.
_SHOWN = 10


def compared(kept: Mapping[str, bytes], now: Mapping[str, bytes]) -> list[Message]:
    """What the files of one definition say otherwise than those of another."""
    found: list[Message] = []
    for path in sorted({*kept, *now}):
        before, after = kept.get(path), now.get(path)
        if before is None:
            found.append(Message("folder_file_new", {"file": path}))
        elif after is None:
            found.append(Message("folder_file_gone", {"file": path}))
        elif before != after:
            found.append(_changed(path, before, after))
    return found


def _changed(path: str, before: bytes, after: bytes) -> Message:
    if path == COMPETITION:
        keys = _differing(_sections(before), _sections(after))
        return Message("folder_rules_changed", {"keys": keys})
    if path in _ROWS:
        ids = _differing(_by_id(before), _by_id(after))
        if ids:
            return Message("folder_rows_changed", {"file": path, "ids": ids})
    return Message("folder_file_changed", {"file": path})


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    keys = [k for k in dict.fromkeys([*before, *after]) if before.get(k) != after.get(k)]
    return [*keys[:_SHOWN], "…"] if len(keys) > _SHOWN else keys


def _sections(content: bytes) -> dict[str, Any]:
    """The keys of competition.toml, rounds and awards by their ids."""
    found: dict[str, Any] = {}
    for key, value in tomllib.loads(content.decode(), parse_float=Decimal).items():
        if key in {"rounds", "awards"}:
            found |= {f"{key}.{item['id']}": item for item in value}
            found[f"{key} (order)"] = [item["id"] for item in value]
        else:
            found[key] = value
    return found


def _by_id(content: bytes) -> dict[str, Any]:
    grid = Grid.read(content)
    return {str(row[0]): dict(zip(grid.header[1:], row[1:], strict=True)) for row in grid.rows}


def unfit(conn: Connection, loaded: LoadedCompetition) -> list[Message]:
    """The stored marks that a competition has no place for; several of a kind in one message."""
    judges = {person.ref: person.judge for person in people.people(conn, "judge")}
    places = _Places(loaded)
    found: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    for mark in marks.current(conn):
        for code, told in places.misfits(mark, str(judges.get(mark.person))):
            found[code, tuple(told.items())] += 1
    return [Message(code, {**dict(told), "count": n}) for (code, told), n in found.items()]


class _Places:
    """Where marks may stand in a competition."""

    def __init__(self, loaded: LoadedCompetition) -> None:
        self._scales = {
            (r.id, c.id): loaded.rubrics[r.id].scale_of(c)
            for r in loaded.competition.rounds
            if r.uses_own
            for c in loaded.rubrics[r.id].criteria
        }
        self._rounds = {round_id for round_id, _ in self._scales}
        self._proposals = set(loaded.proposals["proposal"])
        self._judges = set(loaded.judges["judge"])

    def misfits(self, mark: marks.Mark, judge: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Why a mark does not fit."""
        if mark.proposal not in self._proposals:
            yield "marks_without_proposal", {"proposal": mark.proposal}
        if judge not in self._judges:
            yield "marks_without_judge", {"judge": judge}
        if mark.round not in self._rounds:
            yield "marks_without_round", {"round": mark.round}
            return
        criterion = {"round": mark.round, "criterion": mark.criterion}
        scale = self._scales.get((mark.round, mark.criterion))
        if scale is None:
            yield "marks_without_criterion", criterion
        elif mark.mark is not None and not on_scale(Decimal(mark.mark), scale):
            yield "marks_off_scale", criterion


def on_scale(mark: Decimal, scale: Scale) -> bool:
    """Whether a number is a mark of a scale."""
    if not scale.min <= mark <= scale.max or decimals_of(mark) > scale.places:
        return False
    return scale.step is None or (mark - scale.min) % scale.step == 0

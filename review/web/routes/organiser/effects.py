"""What a change would do, as pages show it before anybody does it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from review.live.effects import effect
from review.store.transfer import Change
from review.text import _, current_language, pick
from review.web.routes.organiser import names
from review.web.routes.organiser.tables import PLACES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.live.effects import Effect, Given, Moved
    from review.live.event import Event

#: What is told of a round that has not begun, which is no news of a change.
UNBEGUN = frozenset(("round_is_silent", "award_waits"))
_QUOTED = re.compile("“[^”]*”")


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal whose rank, score or place changes; `move` counts places up.

    `entry`: that it comes into the round or leaves it.
    """

    title: str
    rank_before: int | None
    rank_after: int | None
    move: int
    score_before: str
    score_after: str
    list_before: str
    list_after: str
    entry: str

    @property
    def is_seen(self) -> bool:
        """Whether a reader would see a difference."""
        return bool(self.entry) or (self.rank_before, self.score_before, self.list_before) != (
            self.rank_after,
            self.score_after,
            self.list_after,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """What changes: rows by round, awards, problems; `known` is False where there is no result.

    A round has a `title`, the rows `listed` whose place changes in it or in its shortlist, and the
    `others`.
    """

    known: bool
    rounds: Sequence[Mapping[str, Any]]
    awards: Sequence[Mapping[str, str]]
    problems: Sequence[Mapping[str, Any]]


def of(event: Event, change: Change) -> Shown:
    """What a change would do as things stand."""
    return shown(event, effect(event, change))


def shown(event: Event, found: Effect) -> Shown:
    """An effect in the reader's language."""
    rounds: dict[str, list[Row]] = {}
    for moved in found.rows:
        row = _row(moved)
        if row.is_seen and _has_ranks(found, moved.round):
            rounds.setdefault(moved.round, []).append(row)
    known = {_told(p) for p in found.before.problems}
    return Shown(
        found.before.result is not None,
        [
            {
                "title": names.round_title(event.definition, round_id),
                "listed": [row for row in rows if _is_news(row)],
                "others": [row for row in rows if not _is_news(row)],
            }
            for round_id, rows in rounds.items()
        ],
        [_award(event, given) for given in found.awards],
        [
            {"text": p["message"][current_language()], "error": p["severity"] == "error"}
            for p in found.problems
            if p["code"] not in UNBEGUN and _told(p) not in known
        ],
    )


def _has_ranks(found: Effect, round_id: str) -> bool:
    """Whether anybody has a rank in a round, before or after; else there is nothing to compare."""
    results = (found.before.round(round_id), found.after.round(round_id))
    return any(line["rank"] is not None for r in results if r for line in r["standings"])


def _told(problem: Mapping[str, Any]) -> tuple[str, str]:
    """What makes a problem the same before and after, whichever row of a file tells of it."""
    code, text = problem["code"], problem["message"]["en"]
    # Fewer that wait for a ruling are no new problem.
    return code, "".join(_QUOTED.findall(text)) if code == "round_undecided" else text


def _row(moved: Moved) -> Row:
    before, after = moved.before, moved.after
    ranks = before["rank"], after["rank"]
    move = ranks[0] - ranks[1] if ranks[0] is not None and ranks[1] is not None else 0
    return Row(
        pick(moved.title) or moved.proposal, *ranks, move,
        _number(before["score"]), _number(after["score"]),
        _place(before["shortlist"]), _place(after["shortlist"]), _entry(before, after),
    )  # fmt: skip


def _is_news(row: Row) -> bool:
    return row.list_before != row.list_after or bool(row.entry)


def _entry(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """A proposal in a round has a rank, or a reason why not; elsewhere it has nothing."""
    if not any(before.values()):
        return _("comes into the round")
    return _("leaves the round") if not any(after.values()) else ""


def _number(score: object) -> str:
    return "–" if score is None else str(score)


def _place(status: str | None) -> str:
    return (PLACES[status]() if status else "") or "–"


def _award(event: Event, given: Given) -> dict[str, str]:
    title = pick(given.title) or given.award
    return {
        "title": f"{title} · {given.group}" if given.group else title,
        "before": _winners(event, given.before),
        "after": _winners(event, given.after),
    }


def _winners(event: Event, proposals: Sequence[str]) -> str:
    found = [names.proposal(event.definition, p).title for p in proposals]
    return names.separated(found) if found else _("nobody")


def of_judge(event: Event, ref: str, how: str) -> Shown:
    """What withdrawing a judge would change; their marks are `kept` or `left_out`."""
    return of(event, Change(judges={ref: how}))


def of_proposal(event: Event, proposal: str, status: str | None) -> Shown:
    """What a status of a proposal would change."""
    return of(event, Change(statuses={proposal: status}))


def of_ruling(event: Event, ruling: Mapping[str, str | None]) -> Shown:
    """What a ruling would change."""
    return of(event, Change(decisions=(ruling,)))


def of_undoing(event: Event, number: int) -> Shown:
    """What taking a ruling back would change."""
    return of(event, Change(undone=(number,)))


def of_files(event: Event, files: Mapping[str, bytes]) -> Shown:
    """What another definition would change."""
    return of(event, Change.of_files(files))

"""A `result.json` as the rows that pages show, for organisers and for the public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from review.messages import in_words
from review.text import _, current_language, pick
from review.web.routes.organiser.names import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: What a place in the shortlist is called.
PLACES: Mapping[str, Callable[[], str]] = {
    "in": lambda: _("goes on"),
    "reserve": lambda: _("reserve"),
    "out": lambda: "",
    "undecided": lambda: _("undecided"),
    "ineligible": lambda: "",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the standings."""

    proposal: str
    title: str
    rank: int | None
    score: str | None
    ballots: int
    missing: int
    list: str
    list_css: str
    note: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The standings of one group; a round without groups is one without a name."""

    name: str | None
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Table:
    """The standings of a round."""

    id: str
    title: str
    groups: Sequence[Group]
    has_list: bool


@dataclass(frozen=True, slots=True)
class Winner:
    """Who has a prize."""

    place: int
    title: str
    tier: str
    group: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Award:
    """Who has the prizes of an award."""

    id: str
    title: str
    winners: Sequence[Winner]
    vacant: int
    passed_over: Sequence[Mapping[str, str]]


def standings(found: Mapping[str, Any]) -> Table:
    """The table of one round of a result, with a line under the last one who goes on."""
    listed = {entry["proposal"]: entry for entry in found["shortlist"] or ()}
    groups: dict[str | None, list[Row]] = {}
    for line in found["standings"]:
        groups.setdefault(line["group"], []).append(_row(line, listed.get(line["proposal"])))
    return Table(
        found["id"],
        pick(found["title"]) or found["id"],
        [Group(name, _with_cut(rows)) for name, rows in groups.items()],
        found["shortlist"] is not None,
    )


def _row(line: Mapping[str, Any], entry: Mapping[str, Any] | None) -> Row:
    status = entry["status"] if entry else ""
    return Row(
        proposal=line["proposal"],
        title=pick(line["title"]) or line["proposal"],
        rank=line["rank"],
        score=None if line["score"] is None else str(line["score"]),
        ballots=line["ballots"],
        missing=line["missing"],
        list=PLACES[status]() if status else "",
        list_css=status,
        note=_note(line, entry),
    )


def _note(line: Mapping[str, Any], entry: Mapping[str, Any] | None) -> str:
    """Why there is no rank, what separated equals, why somebody (does not) go on."""
    if line["status"]:
        return STATUSES[line["status"]]()
    if line["reason"]:
        return pick(line["reason"])
    notes = []
    if line["tie"]:
        notes.append(_tie(line["tie"]))
    if entry and entry["status"] in {"undecided", "reserve"}:
        notes.append(pick(entry["reason"]))
    return " · ".join(notes)


def _tie(tie: Mapping[str, Any]) -> str:
    if tie["by"] == "share":
        return _("shares the place")
    return _("equal score, separated by {what}").format(what=in_words(tie["by"]))


def _with_cut(rows: Sequence[Row]) -> Sequence[Row]:
    """Mark the last row that goes on, where somebody does not."""
    last = max((i for i, row in enumerate(rows) if row.list_css == "in"), default=None)
    if last is None or last == len(rows) - 1:
        return rows
    return [_cut(row) if i == last else row for i, row in enumerate(rows)]


def _cut(row: Row) -> Row:
    return Row(
        row.proposal, row.title, row.rank, row.score, row.ballots, row.missing,
        row.list, row.list_css, row.note, cut=True,
    )  # fmt: skip


def awards(result: Mapping[str, Any]) -> Sequence[Award]:
    """The awards of a result, in its order."""
    return [_award(found) for found in result["awards"]]


def _award(found: Mapping[str, Any]) -> Award:
    return Award(
        found["id"],
        pick(found["title"]) or found["id"],
        [
            Winner(
                w["place"],
                pick(w["title"]) or w["proposal"],
                pick(w["tier_title"]),
                w["group"],
                w["reason"].get(current_language(), ""),
            )
            for w in found["winners"]
        ],
        found["vacant"],
        [
            {
                "title": pick(p["title"]) or p["proposal"],
                "reason": p["reason"].get(current_language(), ""),
            }
            for p in found["passed_over"]
        ],
    )

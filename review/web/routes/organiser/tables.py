"""A `result.json` as the rows that pages show, for organisers and for the public."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from review.messages import in_words
from review.model.result import awaits_draw
from review.text import _, current_language, pick
from review.web.routes.organiser.names import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: Reasons for a place that the rank says already.
PLAIN = frozenset(("within_size", "beyond_size", "reaches_threshold", "below_threshold"))
#: Reasons that say that people decided.
RULED = frozenset(("decision_in", "decision_out", "award_decision"))
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
    why: str = ""
    is_ruled: bool = False
    is_by_lot: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The standings of one group; a round without groups is one without a name."""

    name: str | None
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Table:
    """The standings of a round; `marked` of `expected` marks came in, `missing` did not."""

    id: str
    title: str
    groups: Sequence[Group]
    has_list: bool
    expected: int
    marked: int
    missing: int

    @property
    def rows(self) -> Sequence[Row]:
        """The lines of all groups."""
        return [row for group in self.groups for row in group.rows]

    @property
    def count(self) -> int:
        """How many proposals there are."""
        return len(self.rows)

    @property
    def going(self) -> int:
        """How many go on."""
        return sum(row.list_css == "in" for row in self.rows)

    @property
    def undecided(self) -> int:
        """How many wait for a ruling."""
        return sum(row.list_css == "undecided" and not row.is_by_lot for row in self.rows)

    @property
    def drawing(self) -> int:
        """How many wait for a draw."""
        return sum(row.list_css == "undecided" and row.is_by_lot for row in self.rows)

    @property
    def ruled(self) -> int:
        """How many places are by ruling."""
        return sum(row.is_ruled for row in self.rows)


@dataclass(frozen=True, slots=True)
class Winner:
    """Who has a prize."""

    place: int
    title: str
    tier: str
    group: str | None
    reason: str
    is_ruled: bool


@dataclass(frozen=True, slots=True)
class Award:
    """Who has the prizes of an award."""

    id: str
    title: str
    winners: Sequence[Winner]
    vacant: int
    passed_over: Sequence[Mapping[str, str]]


def standings(found: Mapping[str, Any], criteria: Mapping[str, str]) -> Table:
    """The table of one round of a result, with a line under the last one who goes on.

    `criteria`: the titles of the round's criteria, for those that separate equal scores.
    """
    listed = {entry["proposal"]: entry for entry in found["shortlist"] or ()}
    groups: dict[str | None, list[Row]] = {}
    for line in found["standings"]:
        entry = listed.get(line["proposal"])
        groups.setdefault(line["group"], []).append(_row(line, entry, criteria))
    return Table(
        found["id"],
        pick(found["title"]) or found["id"],
        [Group(name, _with_cut(rows)) for name, rows in groups.items()],
        found["shortlist"] is not None,
        **found["coverage"],
    )


def _row(
    line: Mapping[str, Any], entry: Mapping[str, Any] | None, criteria: Mapping[str, str]
) -> Row:
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
        note=_note(line, entry, criteria),
        why=pick(entry["reason"]) if entry and status == "out" and not _is_ruled(entry) else "",
        is_by_lot=entry is not None and awaits_draw(entry["reason"]["code"]),
        is_ruled=_is_ruled(entry) or bool(line["tie"] and line["tie"]["by"] == "decision"),
    )


def _is_ruled(entry: Mapping[str, Any] | None) -> bool:
    """Whether people decided about a place in a shortlist, or about a prize."""
    return entry is not None and entry["reason"].get("code") in RULED


def _note(
    line: Mapping[str, Any], entry: Mapping[str, Any] | None, criteria: Mapping[str, str]
) -> str:
    """Why there is no rank, what separated equals, why somebody goes on, or may yet."""
    if line["status"]:
        return STATUSES[line["status"]]()
    if line["reason"]:
        return pick(line["reason"])
    notes = []
    if line["tie"]:
        notes.append(_tie(line["tie"], criteria))
    told = entry and (entry["status"] != "out" or _is_ruled(entry))
    if entry and told and entry["reason"]["code"] not in PLAIN:
        notes.append(pick(entry["reason"]))
    return JOIN.join(notes)


#: Between two notes on one line.
JOIN = " · "


def _tie(tie: Mapping[str, Any], criteria: Mapping[str, str]) -> str:
    if tie["by"] == "share":
        return _("shares the place")
    kind, colon, rest = tie["by"].partition(":")
    what = f"{kind}:{criteria.get(rest, rest)}" if kind == "criterion" else f"{kind}{colon}{rest}"
    return _("equal score, separated by {what}").format(what=in_words(what))


def _with_cut(rows: Sequence[Row]) -> Sequence[Row]:
    """Mark the last row that goes on, where somebody does not; say why those above it do not."""
    last = max((i for i, row in enumerate(rows) if row.list_css == "in"), default=-1)
    return [
        replace(row, cut=i == last < len(rows) - 1, note=JOIN.join(filter(None, notes)))
        for i, row in enumerate(rows)
        for notes in [(row.note, row.why if i < last else "")]
    ]


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
                _is_ruled(w),
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

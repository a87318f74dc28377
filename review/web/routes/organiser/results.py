"""Standings, shortlists and awards as they stand now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from review.live.rounds import is_over
from review.store import rounds
from review.text import _, pick
from review.web.rendering import html
from review.web.routes.organiser import names, tables
from review.web.streams import Part, Snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.live.deriving import Derived
    from review.live.event import Event


def parsed(text: str) -> dict[str, Any]:
    """A result with its decimals as they are written, so that 8.90 stays 8.90."""
    found: dict[str, Any] = json.loads(text, parse_float=str)
    return found


def look(event: Event, round_id: str) -> Snapshot:
    """The standings of a round and the awards that are decided on it, as of the last result."""
    derived = event.deriver.latest()
    result = parsed(derived.text) if derived.text else None
    found = {r["id"]: r for r in result["rounds"]}.get(round_id) if result else None
    here = [a for a in result["awards"] if a["round"] == round_id] if result else []
    problems = _problems(derived)
    over = _is_over(event, round_id)
    return Snapshot(
        derived.seq,
        event.definition.version,
        [
            Part(
                "standings",
                (_key(found), _key(problems), over),
                lambda: html(
                    "organiser/parts/standings.html",
                    s=_standings(event, round_id, found, over=over) if found else None,
                    problems=problems,
                ),
            ),
            Part(
                "awards",
                _key(here),
                lambda: html("organiser/parts/awards.html", awards=tables.awards({"awards": here})),
            ),
        ],
    )


def _key(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _problems(derived: Derived) -> list[dict[str, Any]]:
    """What stands against a result, or should be known about it."""
    return [
        {
            # Hints are for those who edit files; here one rules on a page.
            "waits": p["code"] == "round_undecided",
            "text": pick(p["message"]),
        }
        for p in derived.errors
    ]


def _is_over(event: Event, round_id: str) -> bool:
    with event.database.reading() as conn:
        return is_over(event.definition, round_id, rounds.states(conn))


def _standings(
    event: Event, round_id: str, found: Mapping[str, Any], *, over: bool
) -> dict[str, Any]:
    table = tables.standings(found, names.criteria(event.definition, round_id))
    return {
        "groups": table.groups,
        "has_list": table.has_list,
        "final": table.missing == 0 and over,
        "note": note(table.expected, table.marked, table.missing, over=over),
        "title": names.round_title(event.definition, round_id),
    }


def note(expected: int, marked: int, missing: int, *, over: bool) -> str:
    """What there is to know of standings: which marks they are from, and whether they may change.

    `over`: the round, or those that it is made of, are closed; nobody marks any more.
    """
    if not over:
        if not missing:
            told = _("Provisional: the round is not closed, and ranks may still change.")
        else:
            told = _("Provisional: {marked} of {expected} marks. Ranks may still change.")
    elif missing:
        told = _("Closed with {marked} of {expected} marks; what is missing stays missing.")
    elif not expected:
        told = _("Worked out from rounds that are closed.")
    elif marked < expected:
        told = _("Closed; nothing is missing: the other judges abstained or recused themselves.")
    else:
        told = _("Closed; all {expected} marks are there.")
    return told.format(expected=expected, marked=marked)

"""Standings, shortlists and awards as they stand now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from review.text import _, current_language, pick
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
    rounds = {r["id"]: r for r in result["rounds"]} if result else {}
    found = rounds.get(round_id)
    here = [a for a in result["awards"] if a["round"] == round_id] if result else []
    problems = _problems(derived)
    return Snapshot(
        derived.seq,
        event.definition.version,
        [
            Part(
                "standings",
                (_key(found), _key(problems)),
                lambda: html(
                    "organiser/parts/standings.html",
                    s=_standings(event, round_id, found) if found else None,
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
            "error": True,
            "text": pick(p["message"]),
            "hint": (p.get("hint") or {}).get(current_language(), ""),
        }
        for p in derived.errors
    ]


def _standings(event: Event, round_id: str, found: Mapping[str, Any]) -> dict[str, Any]:
    table = tables.standings(found, names.criteria(event.definition, round_id))
    counts = found["coverage"]
    figures = {"marked": counts["marked"], "expected": counts["expected"]}
    final = counts["missing"] == 0
    note = (
        _("As the marks stand: all {expected} of them are there.")
        if final
        else _("Provisional: {marked} of {expected} marks. Ranks may still change.")
    )
    return {
        "groups": table.groups,
        "has_list": table.has_list,
        "final": final,
        "note": note.format(**figures),
        "title": names.round_title(event.definition, round_id),
    }

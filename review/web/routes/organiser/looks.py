"""What the live pages show, part by part; each look is a view as of one event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from review.live.coverage import coverage
from review.live.rounds import obstacle, undecided
from review.store import chain, rounds
from review.text import _, counted
from review.web.charts import bar
from review.web.rendering import html
from review.web.routes.organiser import matrix, names, people, results
from review.web.streams import Part, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from review.live.coverage import Coverage
    from review.live.event import Event
    from review.messages import Message
    from review.store.rounds import RoundState
    from review.web.streams import View

#: Judges named on the card of a round; the page of its coverage has all.
NAMED = 8

#: Where a round may go from where it stands; the first is what mostly comes next.
STEPS: Mapping[str, Callable[[], list[tuple[str, str]]]] = {
    "planned": lambda: [("open", _("Open the round"))],
    "open": lambda: [("locked", _("Lock the round"))],
    "locked": lambda: [("closed", _("Close the round")), ("open", _("Open it again"))],
    "closed": lambda: [("open", _("Reopen the round"))],
}


def look(event: Event, view: View) -> Snapshot:
    """A live page as it is now."""
    looks = {
        "home": lambda: _home(event),
        "coverage": lambda: matrix.look(event, view.round or ""),
        "disagreement": lambda: matrix.look_at_spread(event, view.round or ""),
        "standings": lambda: results.look(event, view.round or ""),
        "judges": lambda: people.look(event),
    }
    return looks[view.name]()


#: The views there are; an event stream of another name is not found.
VIEWS = frozenset(("home", "coverage", "disagreement", "standings", "judges"))


def drawn(snapshot: Snapshot) -> dict[str, Markup]:
    """The parts of a view for the page that shows them first."""
    return {part.id: Markup(part.draw()) for part in snapshot.parts}  # noqa: S704 -- our templates  # nosec B704


def _home(event: Event) -> Snapshot:
    with event.database.reading() as conn:
        seq = chain.head(conn).seq
        states = rounds.states(conn)
    loaded = event.definition
    live = names.rounds(loaded, live=True)
    ruling, lots = undecided(event), undecided(event, by_lot=True)
    parts = [
        _card(
            event,
            f"round-{i}",
            found,
            states.get(found.id),
            {"waiting": ruling.get(found.id, ()), "drawing": lots.get(found.id, ())},
        )
        for i, found in enumerate(live)
    ]
    return Snapshot(seq, (event.definition.version, len(parts)), parts)


def _card(
    event: Event,
    part: str,
    found: names.Named,
    state: RoundState | None,
    waits: Mapping[str, Sequence[str]],
) -> Part:
    counts = coverage(event, found.id) if state and state.state != "planned" else None
    behind = (
        tuple((b.name or b.judge, b.done, matrix.ballots(b)) for b in counts.behind)
        if counts
        else ()
    )
    why_not = obstacle(event, found.id) if counts is None else None
    told = {
        "obstacle": why_not and why_not.render(),
        **{
            kind: tuple(names.proposal(event.definition, p).title for p in proposals)
            for kind, proposals in waits.items()
        },
        "rule_first": _to_rule_on(why_not),
    }
    key = (
        state, counts and (counts.expected, counts.marked, counts.missing), behind,
        tuple(told.values()),
    )  # fmt: skip
    return Part(part, key, lambda: html("organiser/parts/round.html", card={
        **card(part, found, state, counts, behind), **told}))  # fmt: skip


def _to_rule_on(why_not: Message | None) -> bool:
    return why_not is not None and why_not.code == "shortlist_undecided"


def card(
    part: str,
    found: names.Named,
    state: RoundState | None,
    counts: Coverage | None,
    behind: tuple[tuple[str, int, int], ...],
) -> dict[str, object]:
    """What the card of a round says."""
    now = state.state if state else "planned"
    expected, marked = (counts.expected, counts.marked) if counts else (0, 0)
    told = sentence(expected, marked, counts.missing if counts else 0)
    return {
        "part": part,
        "id": found.id,
        "title": found.title,
        "state": now,
        "at": state.at if state else None,
        "expected": expected,
        "marked": marked,
        "proposals": len(counts.proposals) if counts else 0,
        "judges": len(counts.judges) if counts else 0,
        "bar": bar([("b-done", marked)], expected, told),
        "sentence": told
        if counts
        else _("Judges do not see it yet. Its entrants are fixed when it opens."),
        "behind": behind[:NAMED] if now in {"open", "locked"} else (),
        "behind_count": len(behind),
        "stated": state.coverage if state and now == "closed" else None,
        "actions": [
            (to, label, i == 0 and now != "closed") for i, (to, label) in enumerate(STEPS[now]())
        ],
    }


def sentence(expected: int, marked: int, missing: int) -> str:
    """How far marking is, in words; a mark that somebody abstained from is not missing."""
    if not expected:
        return _("No marks are expected.")
    if marked >= expected:
        return _("Every expected mark is there.")
    if not missing:
        return _("Nothing is missing: the other judges abstained or recused themselves.")
    share = f"{100 * marked // expected} %"
    return _("{share} of the marks are there, {missing} missing.").format(
        share=share, missing=counted("{count} is", "{count} are", missing)
    )

"""The record in words: who did what when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from review.store import chain, people
from review.text import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from review.store.chain import Event

#: What happened, by kind of event; names in braces are filled in by `Teller`.
SENTENCES = {
    "anonymised": N_("what is known of people was erased"),
    "ballot": N_("gave {proposal} in round “{round}”: {cells}"),
    "ballot_imported": N_("the marks of {person} on {proposal} in round “{round}” were taken in"),
    "code_made": N_("made a short code for {person}"),
    "code_missed": N_("somebody typed a wrong code for {person}"),
    "code_used": N_("used the short code"),
    "decided": N_("ruled in round “{round}” on {proposal}: {what}"),
    "decision_undone": N_("took ruling {decision} back"),
    "definition": N_("version {version} of the rules and tables was taken in"),
    "exported": N_("exported the event"),
    "judge_added": N_("{person} was added as a judge"),
    "judge_restored": N_("took {person} back in as a judge"),
    "judge_withdrawn": N_("withdrew the judge {person}; marks given are {how}"),
    "link_made": N_("made a link for {person}"),
    "link_used": N_("followed a link"),
    "links_revoked": N_("revoked every link of {person}"),
    "organiser_added": N_("{person} was added as an organiser"),
    "password_set": N_("set the password of {person}"),
    "person_renamed": N_("corrected the name of {person}"),
    "proposal_status": N_("set the status of {proposal}: {status}"),
    "publication_withdrawn": N_("took publication {publication} back"),
    "published": N_("published {rounds}"),
    "round_closed": N_("closed round “{round}”: {missing} marks missing of {expected}"),
    "round_locked": N_("locked round “{round}”"),
    "round_opened": N_("opened round “{round}”"),
    "round_reopened": N_("reopened round “{round}”"),
    "session_ended": N_("ended a session"),
    "session_opened": N_("opened a session"),
    "sessions_ended": N_("signed {person} out everywhere"),
    "sign_in_failed": N_("somebody tried to sign in and failed"),
    "signed_in": N_("signed in"),
    "signed_out": N_("signed out"),
    "words_erased": N_("erased a text for good"),
}
_HOW = {"kept": N_("kept"), "left_out": N_("left out")}
_STATUS = {
    "withdrawn": N_("withdrawn"),
    "disqualified": N_("disqualified"),
    "absent": N_("absent"),
    None: N_("restored"),
}
_STATES = {
    "missing": N_("nothing"),
    "absent": N_("absent"),
    "abstain": N_("abstained"),
    "recused": N_("recused"),
}


class Teller:
    """Tells events in the current language; looks up people and words once.

    Of those who were erased the ref is told, of their words nothing.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._names = {p.ref: p.name or p.judge or p.ref for p in people.people(conn)}

    def line(self, event: Event) -> str:
        """An event with its number, instant and actor, as a line of text."""
        at = datetime.fromisoformat(event.at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        return f"{event.seq}  {at}  {self.actor(event)}: {self.what(event)}"

    def actor(self, event: Event) -> str:
        """Who did it."""
        return _("review") if event.actor == chain.SYSTEM else self.name(event.actor)

    def name(self, ref: str) -> str:
        """What a person is called."""
        return self._names.get(ref, ref)

    def what(self, event: Event) -> str:
        """What was done, and why where somebody said so."""
        template = SENTENCES.get(event.kind)
        if template is None:  # of a version to come
            return event.kind
        told = _(template).format_map(self._params(event))
        why = self.words(event)
        return _("{told} (“{words}”)").format(told=told, words=why) if why else told

    def words(self, event: Event) -> str | None:
        """The comment or reason that came with an event, unless it was erased."""
        digest = event.data.get("why") or event.data.get("comment")
        return chain.words_of(self._conn, digest) if digest else None

    def _params(self, event: Event) -> dict[str, object]:
        found: dict[str, object] = dict(event.data)
        for name, read in _READ.items():
            if name in found:
                found[name] = read(found[name])
        if "person" in found:
            found["person"] = self.name(str(found["person"]))
        if event.kind == "round_closed":
            stated = event.data["coverage"] or {"expected": 0, "missing": 0}
            found |= {"expected": stated["expected"], "missing": stated["missing"]}
        if event.kind == "published":
            what = event.data["what"]
            rounds = [*what["rounds"], *([_("awards")] if what.get("awards") else [])]
            found["rounds"] = _(", ").join(rounds)
        return found


def _cells(cells: Mapping[str, Any]) -> str:
    """`need 8.5, team abstained`; how many criteria stay as they were is no news."""
    if not cells:
        return _("as it was")
    return _(", ").join(
        f"{criterion} {mark if mark is not None else _(_STATES[state])}"
        for criterion, (_revision, mark, state) in cells.items()
    )


_READ: Mapping[str, Callable[[Any], str]] = {
    "cells": _cells,
    "how": lambda how: _(_HOW[how]) if how else "",
    "status": lambda status: _(_STATUS[status]),
}


def told(conn: Connection, event: Event) -> str:
    """One event as a line of text; for many, make one `Teller`."""
    return Teller(conn).line(event)

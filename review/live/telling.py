"""The record in words: who did what when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from review.store import chain, people
from review.text import N_, _, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Connection

    from review.live.definition import Definition
    from review.store.chain import Event
    from review.store.people import Person

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
    "exported": N_("exported {files}"),
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
#: What is taken along, by the word that the record has for it.
_FILES = {"folder": N_("the event as a folder"), "results": N_("the result files")}
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


def names_of(everybody: Iterable[Person]) -> dict[str, str]:
    """What to call people, by ref; organisers without a name are told apart where there are more.

    A judge of whom neither name nor id is left is called by ref.
    """
    found, nameless = {}, []
    for person in everybody:
        name = person.name or person.judge or person.login
        if name is None and person.role == "organiser":
            nameless.append(person.ref)
        found[person.ref] = name or person.ref
    for ref in nameless:
        found[ref] = f"{_('Organiser')} {ref[:4]}" if len(nameless) > 1 else _("Organiser")
    return found


def ruled(what: str, award: Callable[[str], str]) -> str:
    """A ruling as people say it; `award` gives the title of an award."""
    kind, _colon, rest = what.partition(":")
    texts = {
        "in": _("goes on"),
        "out": _("does not go on"),
        "tie": _("place {n} among those tied").format(n=rest),
        "award": _("gets the award {title}").format(title=award(rest)),
    }
    return texts.get(kind, what)


class Teller:
    """Tells events in the current language; looks up people and words once.

    With a definition, rounds, proposals, awards and criteria are told by their titles, else by
    their ids. Of the words that were erased nothing is told.
    """

    def __init__(self, conn: Connection, definition: Definition | None = None) -> None:
        self._conn = conn
        self._names = names_of(people.people(conn))
        self._definition = definition
        competition = definition.loaded.competition if definition else None
        self._rounds = {r.id: pick(r.title) for r in competition.rounds} if competition else {}
        self._read: Mapping[str, Callable[[Any], str]] = {
            "how": lambda how: _(_HOW[how]) if how else "",
            "person": lambda ref: self.name(str(ref)),
            "proposal": self._proposal,
            "round": self._round,
            "status": lambda status: _(_STATUS[status]),
        }
        self._more: Mapping[str, Callable[[Mapping[str, Any]], dict[str, object]]] = {
            "decided": self._decided,
            "exported": lambda data: {"files": _in_words(_FILES[data["what"]])},
            "published": self._published,
            "round_closed": self._closed,
        }
        self._awards = (
            {a.id: pick(a.title) for a in competition.awards if a.title} if competition else {}
        )

    def line(self, event: Event) -> str:
        """An event with its number, instant and actor, as a line of text."""
        return f"{event.seq}  {when(event)}  {self.told(event)}"

    def told(self, event: Event) -> str:
        """Who did what."""
        return f"{self.actor(event)}: {self.what(event)}"

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
        for name, read in self._read.items():
            if name in found:
                found[name] = read(found[name])
        if "cells" in found:
            found["cells"] = _cells(event.data["cells"], self._criteria(event.data["round"]))
        if event.kind in self._more:
            found |= self._more[event.kind](event.data)
        return found

    def _closed(self, data: Mapping[str, Any]) -> dict[str, object]:
        stated = data["coverage"] or {"expected": 0, "missing": 0}
        return {"expected": stated["expected"], "missing": stated["missing"]}

    def _published(self, data: Mapping[str, Any]) -> dict[str, object]:
        rounds = [self._round(r) for r in data["what"]["rounds"]]
        awards = [_("awards")] if data["what"].get("awards") else []
        return {"rounds": _(", ").join([*rounds, *awards])}

    def _decided(self, data: Mapping[str, Any]) -> dict[str, object]:
        return {"what": ruled(data["what"], self._award)}

    def _round(self, round_id: str) -> str:
        return self._rounds.get(round_id) or round_id

    def _award(self, award: str) -> str:
        return self._awards.get(award) or award

    def _proposal(self, proposal: str) -> str:
        """`“Pocket garden”`, or the id where the title is not known."""
        if self._definition is None or proposal not in self._definition.proposals:
            return proposal
        title = pick(self._definition.title(proposal))
        return _("“{title}”").format(title=title) if title else proposal

    def _criteria(self, round_id: str) -> Mapping[str, str]:
        form = self._definition.forms.get(round_id) if self._definition else None
        return {c.id: pick(c.title) for c in form.rubric.criteria if c.title} if form else {}


def when(event: Event) -> str:
    """When it was, in the time of this machine."""
    return datetime.fromisoformat(event.at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _cells(cells: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """`need 8.5, team abstained`; how many criteria stay as they were is no news."""
    if not cells:
        return _("as it was")
    return _(", ").join(
        f"{titles.get(criterion, criterion)} {mark if mark is not None else _(_STATES[state])}"
        for criterion, (_revision, mark, state) in cells.items()
    )


def _in_words(marked: str) -> str:
    """A text that was marked for translation where it stands."""
    return _(marked)

"""What the tables must hold if the events are all that ever happened."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from review.store import seals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Key: TypeAlias = "tuple[object, ...]"
Row: TypeAlias = "tuple[object, ...]"

BALLOTS = ("ballot", "ballot_imported")
_WORDS = re.compile("words:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Told:
    """An event whose seal is unbroken."""

    seq: int
    at: str
    kind: str
    actor: str
    data: Mapping[str, Any]


@dataclass
class Person:
    """What the events say of a person; `pseudonym` once their name was erased."""

    role: str
    added: str
    identity: str
    withdrawn: str | None = None
    password: str | None = None
    pseudonym: str | None = None


@dataclass
class Pass:
    """A link or a session: whose, and when it was made, expires, was used and was revoked."""

    person: str
    made: str
    expires: str | None
    used: str | None = None
    revoked: str | None = None
    csrf: str | None = None


@dataclass
class Expected:
    """The rows by table and key, as `review.store.verifying` reads them."""

    operations: dict[Key, Row] = field(default_factory=dict)
    marks: dict[Key, Row] = field(default_factory=dict)
    words: dict[str, Row] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    definitions: dict[Key, Row] = field(default_factory=dict)
    rounds: dict[Key, Row] = field(default_factory=dict)
    proposals: dict[Key, Row] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    links: dict[str, Pass] = field(default_factory=dict)
    sessions: dict[str, Pass] = field(default_factory=dict)
    codes: dict[str, tuple[str, int]] = field(default_factory=dict)
    decisions: dict[Key, Row] = field(default_factory=dict)
    publications: dict[Key, Row] = field(default_factory=dict)
    #: The last event of the time of which names and texts were erased; 0: none were.
    anonymised: int = 0
    #: The version of the definition that took the place of those that were erased.
    redefined: int = 0
    #: The publications whose pages were erased with them.
    unpublished: set[int] = field(default_factory=set)

    def take(self, event: Told) -> None:
        """Let one more event happen; KeyError and the like where its data is not what it says."""
        for digest in _digests(event.data.values()):
            self.words.setdefault(digest, _about(event))
        handler = _HANDLERS.get(event.kind)
        if handler is not None:
            handler(self, event)


def _ballot(expected: Expected, event: Told) -> None:
    data = event.data
    revisions = {**data["kept"], **{key: cell[0] for key, cell in data["cells"].items()}}
    answer = {"revisions": revisions, "seq": event.seq, "comment": data["comment"]}
    expected.operations[data["op"],] = (
        data["person"], data["request"], seals.canonical(answer), event.at
    )  # fmt: skip
    where = (data["round"], data["person"], data["proposal"])
    for criterion, (revision, mark, state) in data["cells"].items():
        expected.marks[*where, criterion, revision] = (
            data["op"], event.seq, mark, state, event.at
        )  # fmt: skip


def _definition(expected: Expected, event: Told) -> None:
    data = event.data
    expected.definitions[data["version"],] = (data["at"], data["rules"], data["manifest"])


def _round(expected: Expected, event: Told) -> None:
    data = event.data
    expected.rounds[data["round"],] = (
        data["state"], data["version"], _text(data["entrants"]), _text(data["coverage"]),
        event.at,
    )  # fmt: skip


def _proposal(expected: Expected, event: Told) -> None:
    data = event.data
    expected.proposals[data["proposal"],] = (data["status"], data["why"], event.at)


def _person(expected: Expected, event: Told) -> None:
    data = event.data
    expected.people[data["person"]] = Person(data["role"], event.at, data["identity"])


def _renamed(expected: Expected, event: Told) -> None:
    expected.people[event.data["person"]].identity = event.data["identity"]


def _withdrawn(expected: Expected, event: Told) -> None:
    expected.people[event.data["person"]].withdrawn = event.data["how"]


def _password(expected: Expected, event: Told) -> None:
    expected.people[event.data["person"]].password = event.data["password"]


def _link(expected: Expected, event: Told) -> None:
    data = event.data
    expected.links[data["link"]] = Pass(data["person"], event.at, data["expires"])


def _link_used(expected: Expected, event: Told) -> None:
    expected.links[event.data["link"]].used = event.at


def _session(expected: Expected, event: Told) -> None:
    data = event.data
    expected.sessions[data["session"]] = Pass(
        event.actor, data["made"], data["expires"], csrf=data["csrf"]
    )


def _session_ended(expected: Expected, event: Told) -> None:
    expected.sessions[event.data["session"]].revoked = event.at


def _revoked(expected: Expected, event: Told) -> None:
    _revoke(expected.links, event)
    _sessions_ended(expected, event)
    _code_gone(expected, event.data["person"])


def _sessions_ended(expected: Expected, event: Told) -> None:
    _revoke(expected.sessions, event)


def _code(expected: Expected, event: Told) -> None:
    _code_gone(expected, event.data["person"])
    expected.codes[event.data["code"]] = (event.data["person"], 0)


def _code_missed(expected: Expected, event: Told) -> None:
    for seal, (person, guesses) in expected.codes.items():
        if person == event.data["person"]:
            expected.codes[seal] = (person, guesses + 1)


def _code_used(expected: Expected, event: Told) -> None:
    _code_gone(expected, event.actor)


def _code_gone(expected: Expected, person: str) -> None:
    expected.codes = {seal: kept for seal, kept in expected.codes.items() if kept[0] != person}


def _decided(expected: Expected, event: Told) -> None:
    data = event.data
    expected.decisions[data["decision"],] = (
        event.seq, data["round"], data["proposal"], data["what"], data["ruling"], None,
        event.at,
    )  # fmt: skip


def _undone(expected: Expected, event: Told) -> None:
    *kept, _, at = expected.decisions[event.data["decision"],]
    expected.decisions[event.data["decision"],] = (*kept, event.seq, at)


def _published(expected: Expected, event: Told) -> None:
    data = event.data
    expected.publications[data["publication"],] = (
        seals.canonical(data["what"]), data["content"], data["seq"], data["hash"], event.at,
        data["until"], None,
    )  # fmt: skip


def _publication_withdrawn(expected: Expected, event: Told) -> None:
    *kept, _ = expected.publications[event.data["publication"],]
    expected.publications[event.data["publication"],] = (*kept, event.at)


def _words_erased(expected: Expected, event: Told) -> None:
    expected.erased.update(event.data["digests"])


def _anonymised(expected: Expected, event: Told) -> None:
    expected.anonymised = event.seq
    expected.redefined = event.data["definition"]
    expected.unpublished.update(event.data["publications"])
    expected.links, expected.sessions, expected.codes = {}, {}, {}
    for ref, pseudonym in event.data["people"].items():
        expected.people[ref].pseudonym = pseudonym
        expected.people[ref].password = None


_HANDLERS = {
    "ballot": _ballot,
    "ballot_imported": _ballot,
    "definition": _definition,
    "round_opened": _round,
    "round_locked": _round,
    "round_closed": _round,
    "round_reopened": _round,
    "proposal_status": _proposal,
    "judge_added": _person,
    "organiser_added": _person,
    "person_renamed": _renamed,
    "judge_withdrawn": _withdrawn,
    "judge_restored": _withdrawn,
    "password_set": _password,
    "link_made": _link,
    "link_used": _link_used,
    "links_revoked": _revoked,
    "session_opened": _session,
    "session_ended": _session_ended,
    "sessions_ended": _sessions_ended,
    "code_made": _code,
    "code_missed": _code_missed,
    "code_used": _code_used,
    "decided": _decided,
    "decision_undone": _undone,
    "published": _published,
    "publication_withdrawn": _publication_withdrawn,
    "words_erased": _words_erased,
    "anonymised": _anonymised,
}


def _about(event: Told) -> Row:
    """What words that an event brings along say of themselves; a ballot's are its judge's."""
    data = event.data
    whose = data["person"] if event.kind in BALLOTS else event.actor
    return event.seq, whose, data.get("round"), data.get("proposal"), data.get("criterion")


def _revoke(passes: dict[str, Pass], event: Told) -> None:
    for kept in passes.values():
        if kept.person == event.data["person"] and kept.revoked is None:
            kept.revoked = event.at


def _text(value: object) -> str | None:
    return None if value is None else seals.canonical(value)


def _digests(values: Iterable[object]) -> Iterator[str]:
    """The digests of words at the top of an event's data; nothing else in it is looked into."""
    for value in values:
        if isinstance(value, str) and _WORDS.fullmatch(value):
            yield value

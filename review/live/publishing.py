"""Publishing results: what was named and nothing else, at once or when an embargo ends."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from review.errors import Refused
from review.live.naming import in_titles
from review.live.policy import Action, Phase, allows
from review.live.showing import What, shown_with
from review.messages import Message
from review.store import chain, publications

if TYPE_CHECKING:
    from review.live.deriving import Derived
    from review.live.event import Event
    from review.live.policy import Viewer
    from review.store.people import Person
    from review.store.publications import Publication

__all__ = [
    "Preview",
    "Published",
    "What",
    "preview",
    "publish",
    "published",
    "shown_with",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be published now: the result and page, and what else they show.

    `shown_with`: rounds that are not named and whose scores are parts of those that are.
    """

    what: What
    derived: Derived
    shown_with: tuple[str, ...]

    @property
    def seal(self) -> str:
        """What stands for the result that was shown."""
        return hashlib.sha256((self.derived.text or "").encode()).hexdigest()


@dataclass(frozen=True)
class Published:
    """Results as everybody sees them, with the head of the record that they were worked out at."""

    publication: Publication

    @property
    def result(self) -> dict[str, Any]:
        """result.json of what is published; numbers are Decimals at their own decimals."""
        found: dict[str, Any] = json.loads(self.publication.result, parse_float=Decimal)
        return found

    @property
    def state(self) -> str:
        """`provisional` or `final`, as the competition says."""
        return str(self.result["state"])

    def to_json(self) -> dict[str, object]:
        """What `GET /api/results` answers: the result beside the head of the record."""
        found = self.publication
        return {
            "published_at": found.at,
            "state": self.state,
            "what": dict(found.what),
            "chain": {"seq": found.seq, "hash": found.hash},
            "result": json.loads(found.result),
        }


def preview(event: Event, what: What) -> Preview:
    """What `publish` would publish now.

    Refused: `nothing_to_publish` (422), `round_unknown_live` (404), `no_result_yet` (409) and
    `page_failed` (409).
    """
    with in_titles(event.definition.loaded):
        return _preview(event, what)


def _preview(event: Event, what: What) -> Preview:
    competition = event.definition.loaded.competition
    if not what.rounds:
        raise Refused(Message("nothing_to_publish"), 422)
    for name in what.rounds:
        if name not in {r.id for r in competition.rounds}:
            raise Refused(Message("round_unknown_live", {"round": name}), 404)
    derived = event.deriver.ask(what=what)
    lacking = [name for name in what.rounds if derived.round(name) is None]
    if derived.text is None or lacking:
        first = derived.errors[0]["message"]  # no round is left out without an error
        raise Refused(
            Message("no_result_yet", {"problem": first}), 409, {"problems": list(derived.errors)}
        )
    if derived.page is None:
        raise Refused(_page_failed(derived))
    return Preview(what, derived, shown_with(competition, what.rounds))


def publish(
    event: Event, person: Person, what: What, *, until: str | None = None, seen: str | None = None
) -> Publication:
    """Publish what was named, from the instant `until` on if there is one; Refused as `preview`.

    `seen`: the seal of the preview that somebody agreed to; Refused (`result_changed`, 409) where
    the result is another by now.
    """
    previewed = preview(event, what)
    found = previewed.derived
    if seen is not None and seen != previewed.seal:
        raise Refused(Message("result_changed"), 409)
    head = chain.Link(found.seq, "", found.hash)
    made = event.writer.do(
        lambda conn: publications.publish(
            conn, what.to_json(), found.text or "", found.page or "", until,
            actor=person.ref, head=head,
        )
    )  # fmt: skip
    event.look_again()
    return made


def withdraw(event: Event, person: Person, number: int) -> None:
    """Take a publication back; Refused (`publication_unknown`, 404) where there is none."""
    event.writer.do(lambda conn: publications.withdraw(conn, number, actor=person.ref))
    event.look_again()


def published(event: Event, viewer: Viewer) -> Published | None:
    """What somebody may see of the results now; None before they are published."""
    found = event.publication()
    phase = Phase(published=found is not None)
    if found is None or not allows(viewer, Action.SEE_RESULTS, phase):
        return None
    return Published(found)


def _page_failed(derived: Derived) -> Message:
    """Why there is no page, as the problem tells it."""
    told = next(p["message"] for p in derived.problems if p["code"] == "page_failed")
    return Message("page_failed", {"told": told}, {"en": "{told}"})

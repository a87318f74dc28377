"""After the event: people are erased, ranks and awards stay, what was published is so once more."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from review import app
from review.errors import DataError, ReviewError
from review.live.deriving import derive
from review.live.pseudonyms import Pseudonymiser
from review.live.showing import What
from review.output import result_text
from review.store import chain, publications, rounds, transfer
from review.store.anonymise import anonymise
from review.store.instants import now

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from review.live.deriving import Question
    from review.store.anonymise import Anonymised
    from review.store.chain import Finding
    from review.store.database import Database
    from review.store.publications import Publication

_STANDING = (
    "proposal", "group", "rank", "score", "subtotal", "criteria", "parts", "ballots", "missing",
    "status",
)  # fmt: skip
_WINNER = ("place", "tier", "proposal", "value")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, and what became of the rest.

    - `naming`: files of the definition that name a judge all the same.
    - `again`: what was published anew, without names; `gone`: what was not, since it is another
      result by now.
    - `findings`: what is wrong with the record.
    """

    done: Anonymised
    naming: tuple[str, ...]
    again: tuple[What, ...]
    gone: tuple[What, ...]
    findings: tuple[Finding, ...]


class _Anew(NamedTuple):
    result: str
    page: str
    head: chain.Link


def unfinished(database: Database) -> list[str]:
    """The rounds that judges still mark, or may again."""
    with database.reading() as conn:
        found = rounds.states(conn).values()
    return [state.round for state in found if state.state in {"open", "locked"}]


def erase_people(database: Database, question: Question) -> Erased:
    """Erase what is known of people, as `review.store.anonymise.anonymise` says.

    Raises StoreError while an SQLite database is served, Refused where the result would be another
    one, DataError where the event's tables have errors. Then nothing is erased.
    """
    with database.reading() as conn:
        at = now()
        shown = (publications.published(conn, at), publications.pending(conn, at))
    pseudonymise = Pseudonymiser(question)
    done = anonymise(database, pseudonymise, lambda files: outcome(question, files))
    # All that stand or none: the last is what is seen.
    erased = [p is not None and p.id in done.unpublished for p in shown]
    wanted = [p for p in shown if p is not None] if any(erased) else []
    fates = [
        (_what(p), _publish_again(database, p, _anew(question, p, done.unpublished)))
        for p in wanted
    ]
    with database.reading() as conn:
        findings = tuple(chain.verify(conn))
    return Erased(
        done,
        pseudonymise.naming,
        tuple(what for what, is_out in fates if is_out),
        tuple(what for what, is_out in fates if not is_out),
        findings,
    )


def outcome(question: Question, files: Mapping[str, bytes]) -> dict[str, object]:
    """What an export comes to, part by part: ranks, scores, shortlists, awards; no words.

    Where there is no result, the codes of the problems.
    """
    with tempfile.TemporaryDirectory(prefix="review-") as name:
        folder = Path(name)
        transfer.write_folder(files, folder)
        try:
            opened = app.load(
                folder, local_plugins=question.local_plugins, blocked=question.blocked
            )
            return parts(json.loads(result_text(app.run(opened))))
        except DataError as found:
            return {"problems": sorted(problem.code for problem in found.problems)}
        except ReviewError as found:
            return {"problems": [found.message.code]}


def parts(result: Mapping[str, Any]) -> dict[str, object]:
    """What a result.json says of each round and award, without words and names of people."""
    return {
        **{f"rounds.{r['id']}": _round(r) for r in result["rounds"]},
        **{f"awards.{a['id']}": _award(a) for a in result["awards"]},
    }


def _round(told: Mapping[str, Any]) -> list[object]:
    listed = told["shortlist"] or ()
    return [
        _only(told["standings"], _STANDING),
        _only(listed, ("proposal", "place", "status")),
        len(told["excluded"]),
    ]


def _award(told: Mapping[str, Any]) -> list[object]:
    return [_only(told["winners"], _WINNER), told["vacant"]]


def _only(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> list[list[Any]]:
    return [[row[name] for name in names] for row in rows]


def _what(publication: Publication) -> What:
    return What(tuple(publication.what["rounds"]), bool(publication.what["awards"]))


def _anew(question: Question, before: Publication, erased: Collection[int]) -> _Anew | None:
    """What was published, without names; None where that is not the result any more."""
    if before.id not in erased:
        return _Anew(before.result, before.page, chain.Link(before.seq, "", before.hash))
    found = derive(question, what=_what(before))
    if found.text is None or found.page is None:
        return None
    if parts(json.loads(found.text)) != parts(json.loads(before.result)):
        return None
    return _Anew(found.text, found.page, chain.Link(found.seq, "", found.hash))


def _publish_again(database: Database, before: Publication, anew: _Anew | None) -> bool:
    if anew is None:
        return False
    with database.writing() as conn:
        publications.publish(
            conn, before.what, anew.result, anew.page, before.until,
            actor=chain.SYSTEM, head=anew.head,
        )  # fmt: skip
    return True

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from review.errors import Refused
from review.store import chain, changes, people, publications
from review.store.changes import Decision, ProposalState
from review.store.instants import later, now

if TYPE_CHECKING:
    from review.store.database import Database
    from review.store.writer import Writer


def test_status_is_given_and_taken_back(database: Database, writer: Writer) -> None:
    def set_status(status: str | None, why: str) -> ProposalState:
        return writer.do(
            lambda conn: changes.set_proposal_status(conn, "p1", status, actor="o1", why=why)
        )

    first = set_status("withdrawn", "moved away")
    with database.reading() as conn:
        assert changes.statuses(conn) == {"p1": first}
    second = set_status(None, "")
    with database.reading() as conn:
        assert changes.statuses(conn) == {"p1": second}
        assert chain.verify(conn) == []
    assert (first.status, first.reason, second.status, second.reason) == (
        "withdrawn", "moved away", None, None
    )  # fmt: skip


def test_judge_is_withdrawn_and_restored(database: Database, writer: Writer) -> None:
    ref = writer.do(lambda conn: people.add_judge(conn, "j1", "")).ref
    found = []
    for how in ("kept", "left_out", None):
        if how is None:
            writer.do(lambda conn: changes.restore_judge(conn, ref, actor="o1", why="well"))
        else:
            writer.do(
                lambda conn, how=how: changes.withdraw_judge(conn, ref, how, actor="o1", why="ill")  # type: ignore[misc]
            )
        with database.reading() as conn:
            who = people.person(conn, ref)
            assert chain.verify(conn) == []
            found.append(who and who.withdrawn)
    assert found == ["kept", "left_out", None]


def test_ruling_stands_until_it_is_taken_back(database: Database, writer: Writer) -> None:
    number = writer.do(
        lambda conn: changes.decide(
            conn, round="r1", proposal="p1", what="shortlist", by="Ona", second="Bo", why="fair",
            actor="o1",
        )
    )  # fmt: skip
    with database.reading() as conn:
        (found,) = changes.decisions(conn)
        head = chain.head(conn)
    assert found == Decision(
        number, "r1", "p1", "shortlist", "Ona", "Bo", "fair", None, head.at
    )  # fmt: skip
    writer.do(lambda conn: changes.undo_decision(conn, number, actor="o1"))
    with database.reading() as conn:
        assert changes.decisions(conn) == []
        (undone,) = changes.decisions(conn, undone=True)
        assert undone.undone == chain.head(conn).seq
    for unknown in (number, 99):
        with pytest.raises(Refused) as refused:
            writer.do(lambda conn, n=unknown: changes.undo_decision(conn, n, actor="o1"))  # type: ignore[misc]
        assert refused.value.code == "ruling_gone"


def test_definition_has_versions(database: Database, writer: Writer) -> None:
    with database.reading() as conn:
        assert changes.definition(conn) == (0, {})
        assert changes.definitions(conn) == []
    first = {"b.csv": b"\xef\xbb\xbfid\n", "a/规则.toml": "编号".encode()}
    assert writer.do(lambda conn: changes.add_definition(conn, first, "sha256:1")) == 1
    assert writer.do(lambda conn: changes.add_definition(conn, {}, "sha256:2")) == 2
    with database.reading() as conn:
        assert changes.definition(conn) == (2, {})
        assert changes.definition(conn, 1) == (1, first)
        assert list(changes.definition(conn, 1)[1]) == ["a/规则.toml", "b.csv"]
        heads = changes.definitions(conn)
    assert [(head.version, head.rules) for head in heads] == [(1, "sha256:1"), (2, "sha256:2")]
    assert len({head.manifest for head in heads}) == 2


def test_publication_is_seen_when_its_embargo_is_over(database: Database, writer: Writer) -> None:
    until = later(now(), timedelta(hours=1))
    after = later(until, timedelta(seconds=1))
    with database.reading() as conn:
        assert publications.published(conn, now()) is None
        assert publications.pending(conn, now()) is None
    first = writer.do(
        lambda conn: publications.publish(conn, {"rounds": ["r1"]}, "{}", "<p>", actor="o1")
    )
    second = writer.do(
        lambda conn: publications.publish(
            conn, {"rounds": ["r1", "r2"]}, "{1}", "<b>", until, actor="o1"
        )
    )
    with database.reading() as conn:
        assert publications.published(conn, now()) == first
        assert publications.pending(conn, now()) == second
        assert publications.published(conn, until) == second
        assert publications.pending(conn, after) is None
        assert publications.publications(conn) == [first, second]
    writer.do(lambda conn: publications.withdraw(conn, second.id, actor="o1"))
    with database.reading() as conn:
        assert publications.published(conn, after) == first
        assert publications.pending(conn, now()) is None
        assert chain.verify(conn) == []
    with pytest.raises(Refused) as refused:
        writer.do(lambda conn: publications.withdraw(conn, second.id, actor="o1"))
    assert refused.value.code == "publication_unknown"


def test_publication_carries_the_head_that_it_was_computed_at(
    database: Database, writer: Writer
) -> None:
    link = writer.do(lambda conn: chain.append(conn, "noted", "o1", {}))
    writer.do(lambda conn: chain.append(conn, "noted", "o1", {}))
    made = writer.do(lambda conn: publications.publish(conn, {}, "{}", "", actor="o1", head=link))
    assert (made.seq, made.hash) == (link.seq, link.hash)
    with database.reading() as conn:
        assert chain.verify(conn) == []

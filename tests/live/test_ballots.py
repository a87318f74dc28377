"""What a judge has to mark, and storing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.live import ballots, rounds
from review.live.ballots import Refused
from review.store import changes, marks
from tests.live.conftest import FINAL, FIRST, begin, give, judge, organiser, refusal, sent

if TYPE_CHECKING:
    from review.live.event import Event


def _states(event: Event, judge_id: str, round_id: str = FIRST) -> dict[str, str]:
    items = ballots.judge_list(event, judge(event, judge_id), round_id)
    return {item.proposal: item.state for item in items}


def test_list_is_empty_before_the_round_opens(event: Event) -> None:
    assert ballots.judge_list(event, judge(event, "j1"), FIRST) == []


def test_list_stands_in_order_of_appearance_with_what_is_not_to_be_marked(event: Event) -> None:
    begin(event)
    assert list(_states(event, "j1").items()) == [
        ("p2", "todo"), ("p1", "todo"), ("p4", "withdrawn"), ("项目/3", "conflict"),
    ]  # fmt: skip


def test_list_shows_what_the_policy_lets_a_judge_see(event: Event) -> None:
    begin(event)
    item = ballots.judge_list(event, judge(event, "j1"), FIRST)[1]
    assert (item.proposal, item.title, item.shown, item.order, item.wanted) == (
        "p1", {"en": "Garden", "zh-Hans": "花园"}, {"community": "north"}, "2", 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "state", "marked"),
    [
        (("8", "", ""), "part", 1),
        (("8", "7.5", ""), "done", 2),
        (("8", "abstain", ""), "done", 2),
        (("abstain", "弃权", ""), "abstain", 2),
        (("recused", "回避", "3"), "recused", 2),
        (("", "", "5"), "todo", 0),
    ],
)
def test_list_tells_how_far_each_ballot_is(
    light: Event, given: tuple[str, ...], state: str, marked: int
) -> None:
    begin(light)
    receipt = give(light, "评委3", "p1", *given)
    found = {i.proposal: i for i in ballots.judge_list(light, judge(light, "评委3"), FIRST)}["p1"]
    assert (found.state, found.marked, found.at) == (state, marked, receipt.at)


def test_list_of_who_does_not_serve_the_round_is_empty(light: Event) -> None:
    begin(light)
    _close_first(light)
    begin(light, FINAL)
    assert _states(light, "评委3", FINAL) == {}
    assert set(_states(light, "j 2", FINAL)) == {"p1", "p2"}


def _close_first(event: Event) -> None:
    for who in ("j1", "j 2"):
        give(event, who, "p1", "9", "9")
        give(event, who, "p2", "8", "8")
    give(event, "j 2", "项目/3", "2", "2")
    rounds.close(event, organiser(event), FIRST, 1, why="late")


def test_status_given_during_the_event_shows_and_is_taken_back(light: Event) -> None:
    begin(light)
    for status in ("withdrawn", None):
        light.writer.do(
            lambda conn, status=status: changes.set_proposal_status(  # type: ignore[misc]
                conn, "p1", status, actor="system", why="ill"
            )
        )
        assert _states(light, "j1")["p1"] == ("withdrawn" if status else "todo")


def test_ballot_is_stored_once_however_often_it_is_sent(event: Event) -> None:
    begin(event)
    who = judge(event, "j1")
    ballot = sent(event, FIRST, "p1", {"need": "８.50", "team spirit": "7"}, comment="good")
    first = ballots.record(event, who, ballot).result(10)
    again = ballots.record(event, who, ballot).result(10)
    assert (first.replay, again.replay, again.revisions, again.at) == (
        False, True, {"need": 1, "team spirit": 1}, first.at,
    )  # fmt: skip
    opened = ballots.open_ballot(event, who, FIRST, "p1")
    assert opened.stored.cells == {
        "need": marks.StoredCell("8.5", None, 1),
        "team spirit": marks.StoredCell("7", None, 1),
    }
    assert (opened.stored.comment, opened.editable, opened.item.state) == ("good", True, "done")


def test_receipt_is_given_again_whatever_became_of_round_and_judge(event: Event) -> None:
    begin(event)
    who = judge(event, "j1")
    ballot = sent(event, FIRST, "p1", {"need": "8"})
    ballots.record(event, who, ballot).result(10)
    rounds.lock(event, organiser(event), FIRST, 1)
    event.writer.do(
        lambda conn: changes.withdraw_judge(conn, who.ref, "kept", actor="system", why="x")
    )
    assert ballots.record(event, who, ballot).result(10).replay
    new = sent(event, FIRST, "p1", {"need": "9"})
    assert refusal(lambda: ballots.record(event, who, new).result(10)) == ("judge_withdrawn", 403)


def test_ballot_is_refused_where_it_does_not_fit(event: Event) -> None:
    begin(event)

    def code(
        judge_id: str, proposal: str, cells: dict[str, str | None], **other: object
    ) -> tuple[str, int]:
        ballot = sent(event, FIRST, proposal, cells, **other)
        return refusal(lambda: ballots.record(event, judge(event, judge_id), ballot).result(10))

    assert code("j1", "项目/3", {"need": "8"}) == ("conflict_of_interest", 403)
    assert code("j1", "nobody", {"need": "8"}) == ("not_an_entrant", 404)
    assert code("j1", "p1", {"need": "8"}, rubric="sha256:old") == ("rubric_changed", 409)
    assert code("j1", "p1", {"need": "11"}) == ("invalid_marks", 422)
    assert code("j1", "p1", {"price": "1"}) == ("invalid_marks", 422)
    rounds.lock(event, organiser(event), FIRST, 1)
    assert code("j1", "p1", {"need": "11"}) == ("round_not_open", 409)


def test_ballot_of_a_stranger_is_refused(light: Event) -> None:
    begin(light)
    _close_first(light)
    begin(light, FINAL)
    ballot = sent(light, FINAL, "p1", {"need": "8"})
    stranger, who = judge(light, "评委3"), judge(light, "j1")
    for ask in (
        lambda: ballots.record(light, stranger, ballot).result(10),
        lambda: ballots.open_ballot(light, stranger, FINAL, "p1"),
    ):
        assert refusal(ask) == ("not_assigned", 403)
    missing = refusal(lambda: ballots.open_ballot(light, who, FINAL, "项目/3"))
    assert missing == ("not_an_entrant", 404)


def test_stale_ballot_is_refused_with_what_is_there(event: Event) -> None:
    begin(event)
    who = judge(event, "j1")
    give(event, "j1", "p1", "8", "7")
    with pytest.raises(Refused) as refused:
        ballots.record(event, who, sent(event, FIRST, "p1", {"need": "9"})).result(10)
    assert refused.value.code == "stale"
    assert refused.value.details["current"] == [
        {"criterion": "need", "mark": "8", "state": None, "revision": 1},
        {"criterion": "team spirit", "mark": "7", "state": None, "revision": 1},
    ]


def test_operation_that_says_something_else_is_refused(light: Event) -> None:
    begin(light)
    who = judge(light, "j1")
    ballots.record(light, who, sent(light, FIRST, "p1", {"need": "8"}, op="same")).result(10)
    other = sent(light, FIRST, "p1", {"need": "9"}, op="same")
    assert refusal(lambda: ballots.record(light, who, other).result(10)) == ("op_reused", 409)


def test_draft_is_kept_until_its_ballot_is_stored(event: Event) -> None:
    begin(event)
    who = judge(event, "j1")
    ballots.save_draft(event, who, FIRST, "p1", {"need": "8"}).result(10)
    assert ballots.open_ballot(event, who, FIRST, "p1").draft == {"need": "8"}
    give(event, "j1", "p1", "8")
    assert ballots.open_ballot(event, who, FIRST, "p1").draft is None
    ballots.save_draft(event, who, FIRST, "p1", {"need": "9"}).result(10)
    ballots.drop_draft(event, who, FIRST, "p1").result(10)
    assert ballots.open_ballot(event, who, FIRST, "p1").draft is None


def test_draft_is_refused_as_a_ballot_would_be(light: Event) -> None:
    who = judge(light, "j1")
    keep = ballots.save_draft(light, who, FIRST, "p1", {})
    assert refusal(lambda: keep.result(10)) == ("round_not_open", 409)


@pytest.mark.parametrize("step", ["locked", "conflict"])
def test_ballot_may_not_change_once_locked_or_in_conflict(light: Event, step: str) -> None:
    begin(light)
    if step == "locked":
        rounds.lock(light, organiser(light), FIRST, 1)
    proposal = "项目/3" if step == "conflict" else "p1"
    opened = ballots.open_ballot(light, judge(light, "j1"), FIRST, proposal)
    assert (opened.editable, opened.round.state) == (
        False,
        "locked" if step == "locked" else "open",
    )

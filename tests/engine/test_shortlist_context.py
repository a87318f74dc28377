"""What a shortlist rule is told of its round, and what it may tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

import review
from review import Choice, DataError, Message, RoundContext, Selection, ShortlistRule
from review.engine.shortlist import crossed
from review.pipeline import derive
from review.testing import competition, run
from review.testing.use import kind_of
from tests.engine.strategies import ruled, staged
from tests.engine.test_against_reference import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Entrant

SAID = {"en": "said {what}", "zh-Hans": "说 {what}"}
MARKS = {
    "p1": {"j1": 9, "j2": 8, "j3": 7},
    "p2": {"j1": 6, "j2": 5},
    "p3": {"j1": 3, "j3": 4},
}


class Curious(ShortlistRule):
    """Lets everybody in and remembers what it was told."""

    id = "curious"
    title: ClassVar[dict[str, str]] = {"en": "Curious", "zh-Hans": "好奇"}
    told: ClassVar[list[RoundContext]] = []

    class Options(review.Options):
        """What to do."""

        ballots: bool = True
        refuse: bool = False

    def __init__(self, options: Any = None, line: str = "report") -> None:
        super().__init__(options, line)
        self.wants_ballots = self.options.ballots

    def select(self, entrants: Sequence[Entrant]) -> Selection:
        """Never without its round."""
        raise NotImplementedError

    def select_in(self, entrants: Sequence[Entrant], context: RoundContext) -> Selection:
        self.told.append(context)
        said = {word: Message("said", {"what": word}, SAID) for word in ("in", "note", "why", "no")}
        return Selection(
            {e.proposal: Choice("in", said["in"], 1) for e in entrants},
            notes=[said["why"]],
            remarks=[said["note"]],
            refusal=said["no"] if self.options.refuse else None,
        )


@pytest.fixture(autouse=True)
def forget() -> None:
    Curious.told.clear()


def ask(**rules: Any) -> RoundContext:
    options = rules.pop("options", {})
    loaded = competition(MARKS, shortlist={"rule": "curious", **options}, **rules)
    run(loaded, Curious)
    return Curious.told[-1]


def test_rule_is_told_of_its_round() -> None:
    context = ask()
    assert kind_of(Curious).value == "shortlists"
    assert (context.round, context.group, context.own_only) == ("round", "", True)
    assert context.ballots is not None
    assert context.ballots.proposals == ("p1", "p2", "p3")
    assert context.ballots.value.tolist() == [9, 8, 7, 6, 5, 3, 4]


def test_rule_is_told_of_group_seed_and_other_parts() -> None:
    homes = {"p1": {"track": "a"}, "p2": {"track": "a"}, "p3": {"track": "b"}}
    last = ask(proposals=homes, group_by="track", seed=7)
    first = Curious.told[-2]
    assert [c.group for c in (first, last)] == ["a", "b"]
    assert first.ballots is not None
    assert first.ballots.proposals == ("p1", "p2")
    assert last.seed == "7"
    assert ask().seed is None
    parts = [{"from": "own"}, {"from": "fact:votes"}]
    assert not ask(facts={"votes": {"p1": 3}}, parts=parts).own_only


def test_rule_that_wants_no_ballots_is_given_none() -> None:
    assert ask(options={"ballots": False}).ballots is None


def test_remarks_are_notes_and_notes_are_warnings() -> None:
    result = run(competition(MARKS, shortlist={"rule": "curious"}), Curious)
    found = [(p.severity.value, p.message.render("en")) for p in result.problems]
    assert ("warning", "round “round”: said why") in found
    assert ("note", "round “round”: said note") in found


def test_refusal_is_an_error_with_its_reason() -> None:
    loaded = competition(MARKS, shortlist={"rule": "curious", "refuse": True})
    with pytest.raises(DataError, match="round “round”: said no"):
        run(loaded, Curious)


def test_ballots_of_others_are_left_out_and_nothing_is_none() -> None:
    trace = run(competition(MARKS)).trace("round")
    one = crossed(trace, ["p2"])
    assert one is not None
    assert (one.proposals, one.judges) == (("p2",), ("j1", "j2"))
    assert crossed(trace, ["nobody"]) is None


class Lots(Curious):
    """Says that it is chance."""

    id = "curious"
    draws_lots = True


def test_rule_by_lot_is_not_asked_who_would_be_in_without_rulings() -> None:
    loaded = competition(MARKS, shortlist={"rule": "curious"})
    loaded = ruled(loaded, ("round", "p3", "in"))
    run(loaded, Lots)
    assert len(Curious.told) == 1
    run(loaded, Curious)
    assert len(Curious.told) == 3


def test_round_that_waits_for_a_draw_is_told_how_it_goes_on() -> None:
    lots = {"rule": "lottery", "size": 1, "method": "linear", "width": 9}
    loaded = competition(rounds={"first": MARKS, "final": MARKS})
    first = {"id": "first", "shortlist": lots}
    loaded = staged(loaded, first, {"id": "final", "entrants": "first"})
    result = derive(loaded, PLUGINS, {})
    found = [(p.code, p.hint and p.hint.render("en")) for p in result.problems if p.is_error]
    hint = "the draw is pending: publish its secret as `draw_seed` in competition.toml"
    assert found == [("round_undecided", hint)]

"""What is published is what was named, when it was said, and nothing else leaks."""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from review import app
from review.errors import Refused
from review.live import publishing, rounds
from review.live.event import Event
from review.live.policy import Viewer
from review.live.publishing import What
from review.live.showing import only, shown_with
from review.messages import Message
from review.model.problem import warning
from review.store import chain, changes
from review.store.database import now
from review.store.instants import later
from tests.live.conftest import FINAL, FIRST, begin, give, organiser, refusal
from tests.live.folders import COMPETITION, hall
from tests.live.test_effects import AWARD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PUBLIC = Viewer("public")
BOTH = What((FIRST, FINAL))


@pytest.fixture
def judged(tmp_path: Path, database_url: str) -> Iterator[Event]:
    """Both rounds marked, the first closed, with a ruling in each and an award."""
    folder = tmp_path / "hall"
    folder.mkdir()
    event = Event.open(hall(folder, {"competition.toml": COMPETITION + AWARD}), database_url)
    begin(event)
    for who in ("j1", "j 2"):
        give(event, who, "p1", "9", "9")
        give(event, who, "p2", "7.5", "7.5")
    rounds.close(event, organiser(event), FIRST, 1, why="late")
    begin(event, FINAL)
    give(event, "j1", "p1", "3.5", "3.5", round_id=FINAL)
    for round_id, what in ((FIRST, "out"), (FINAL, "tie:1")):
        event.writer.do(
            lambda conn, round_id=round_id, what=what: changes.decide(  # type: ignore[misc]
                conn, round=round_id, proposal="项目/3" if round_id == FIRST else "p1", what=what,
                by=f"ruler of {round_id}", second="Pia", why="so", actor="system",
            )
        )  # fmt: skip
    yield event
    event.close()


def test_nothing_is_seen_before_it_is_published(judged: Event) -> None:
    judged.deriver.latest()
    assert publishing.published(judged, PUBLIC) is None
    assert judged.published_rounds() == frozenset()


def test_only_the_rounds_that_were_named_are_published(judged: Event) -> None:
    with judged.database.reading() as conn:
        head = chain.head(conn)
    publishing.publish(judged, organiser(judged), What((FIRST,)))
    found = publishing.published(judged, PUBLIC)
    assert found is not None
    assert [r["id"] for r in found.result["rounds"]] == [FIRST]
    assert (found.result["awards"], found.state) == ([], "provisional")
    assert [d["by"] for d in found.result["decisions"]] == [f"ruler of {FIRST}"]
    answer = found.to_json()
    assert answer["chain"] == {"seq": head.seq, "hash": head.hash}
    assert answer["result"] == json.loads(found.publication.result)
    for text in (found.publication.result, found.publication.page):
        assert "3.50" not in text
        assert f"ruler of {FINAL}" not in text
    assert judged.published_rounds() == {FIRST}


def test_awards_are_published_if_they_were_named(judged: Event) -> None:
    publishing.publish(judged, organiser(judged), What((FIRST, FINAL), awards=True))
    found = publishing.published(judged, PUBLIC)
    assert found is not None
    assert [a["id"] for a in found.result["awards"]] == ["best"]
    assert found.publication.result == judged.deriver.latest().text


def test_rounds_whose_scores_show_through_are_told(judged: Event) -> None:
    assert publishing.preview(judged, What((FINAL,))).shown_with == (FIRST,)
    competition = judged.definition.loaded.competition
    assert shown_with(competition, (FIRST, FINAL)) == ()


def test_embargo_ends_by_itself(judged: Event) -> None:
    until = later(now(), timedelta(seconds=3))
    publishing.publish(judged, organiser(judged), What((FIRST,)), until=until)
    assert publishing.published(judged, PUBLIC) is None
    while now() <= until:
        time.sleep(0.1)
    assert publishing.published(judged, PUBLIC) is not None


def test_publication_is_taken_back(judged: Event) -> None:
    who = organiser(judged)
    first = publishing.publish(judged, who, What((FIRST,)))
    second = publishing.publish(judged, who, What((FIRST, FINAL)))
    publishing.withdraw(judged, who, second.id)
    assert judged.published_rounds() == {FIRST}
    publishing.withdraw(judged, who, first.id)
    assert publishing.published(judged, PUBLIC) is None
    gone = refusal(lambda: publishing.withdraw(judged, who, first.id))
    assert gone == ("publication_unknown", 404)


def test_what_cannot_be_published_is_refused(judged: Event) -> None:
    def code(what: What) -> tuple[str, int]:
        return refusal(lambda: publishing.preview(judged, what))

    assert code(What(())) == ("nothing_to_publish", 422)
    assert code(What(("third",))) == ("round_unknown_live", 404)


def test_round_without_a_result_is_not_published(light: Event) -> None:
    begin(light)
    for who in ("j1", "j 2"):
        for proposal in ("p1", "p2"):
            give(light, who, proposal, "8", "8")
    give(light, "j 2", "项目/3", "8", "8")
    assert refusal(lambda: publishing.preview(light, What((FINAL,)))) == ("no_result_yet", 409)


def test_result_that_changed_since_it_was_shown_is_not_published(judged: Event) -> None:
    shown = publishing.preview(judged, BOTH)
    give(judged, "j 2", "p1", "4", "4", round_id=FINAL)
    who = organiser(judged)
    assert refusal(lambda: publishing.publish(judged, who, BOTH, seen=shown.seal)) == (
        "result_changed", 409,
    )  # fmt: skip
    seal = publishing.preview(judged, BOTH).seal
    made = publishing.publish(judged, who, BOTH, seen=seal)
    found = publishing.published(judged, PUBLIC)
    assert found is not None
    assert found.publication == made


NO_PAGES = """
from review import hookimpl

@hookimpl
def register_exporters():
    'forgets to return them'
"""


def test_result_without_its_page_is_not_published(tmp_path: Path, sqlite_url: str) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    with closing(Event.open(hall(folder, {"plugins/pages.py": NO_PAGES}), sqlite_url)) as event:
        begin(event)
        give(event, "j1", "p1", "9", "9")
        with pytest.raises(Refused) as refused:
            publishing.preview(event, What((FIRST,)))
    assert refused.value.code == "page_failed"
    told = refused.value.message.render("en")
    assert told.count("the page of the results cannot be made") == 1
    assert "register_exporters() returned None" in told


def test_problems_told_of_other_rounds_stay_out(light: Event, tmp_path: Path) -> None:
    found = app.run(app.load(tmp_path / "hall"))
    told = {
        rounds: warning(Message("plugin_told", {"rounds": list(rounds)}))
        for rounds in ((FIRST,), (FIRST, FINAL), ())
    }
    shown = only(replace(found, problems=tuple(told.values())), What((FIRST,)))
    assert shown.problems == (told[FIRST,],)


def test_those_who_are_nobody_see_nothing(judged: Event) -> None:
    publishing.publish(judged, organiser(judged), What((FIRST,)))
    assert publishing.published(judged, Viewer("judge")) is None

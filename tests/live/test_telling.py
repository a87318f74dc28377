"""The record tells in words who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.live.telling import Teller
from review.store import chain
from tests.live.conftest import FIRST, begin, give, organiser

if TYPE_CHECKING:
    from review.live.event import Event


def test_record_is_told_with_titles_and_with_ids(light: Event) -> None:
    begin(light)
    give(light, "j1", "p1", "9", "abstain")
    give(light, "j1", "p1", "9", "abstain", comment="good")
    light.writer.do(
        lambda conn: chain.append(conn, "exported", organiser(light).ref, {"what": "folder"})
    )
    light.writer.do(lambda conn: chain.append(conn, "moon_landing", chain.SYSTEM, {}))
    with light.database.reading() as conn:
        titled, plain = Teller(conn, light.definition), Teller(conn)
        events = [e for e in chain.events(conn) if e.kind not in {"definition", "judge_added"}]
        assert [titled.told(event) for event in events] == [
            "review: Olga was added as an organiser",
            "Olga: opened round “First”",
            "Ada: gave “Garden” in round “First”: Need 9, Team spirit abstained",
            "Ada: gave “Garden” in round “First”: as it was (“good”)",
            "Olga: exported the event as a folder",
            "review: moon_landing",
        ]
        assert plain.line(events[2]).endswith(
            f"  Ada: gave p1 in round “{FIRST}”: need 9, team spirit abstained"
        )

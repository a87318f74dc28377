"""Three hundred judges and fifty proposals: pages come at once, and only what changed is sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from review.web.routes.organiser.looks import look
from review.web.streams import View, draw
from tests.occasion import Occasion, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

JUDGES, PROPOSALS = 300, 50


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Occasion]:
    """An event as big as they come, its first round open."""
    folder = make_folder(tmp_path / "hall")
    rows = [f"p{i:02},Idea {i},Team {i},{i}" for i in range(1, PROPOSALS + 1)]
    table = "\n".join(["id,title,team,order", *rows, ""])
    (folder / "proposals.csv").write_text(table, encoding="utf-8")
    seats = [f"j{i:03},Judge {i},,main" for i in range(JUDGES)]
    table = "\n".join(["id,name,organisation,panel", *seats, ""])
    (folder / "judges.csv").write_text(table, encoding="utf-8")
    occasion = Occasion.of(folder)
    occasion.move("open")
    yield occasion
    occasion.event.close()


def test_coverage_loads_within_a_second_and_a_mark_sends_one_row(hall: Occasion) -> None:
    chair, view = hall.organiser(), View("coverage", "pitch", "en")
    started = time.perf_counter()
    page = chair.get("/organiser/coverage", round="pitch")
    assert time.perf_counter() - started < 1
    assert page.text.count('<tr id="j') == JUDGES
    shown = draw(look(hall.event, view), None)
    answer = hall.judge("j007").mark("p03", {"need": "8", "team/fit": "7"})
    assert answer.status_code == 200, answer.text
    lacking = draw(look(hall.event, view), shown).after(shown.mark)
    assert lacking is not None
    assert set(lacking) == {"j7", "summary", "foot", "behind"}
    assert sum(map(len, lacking.values())) < 15_000


def test_list_of_judges_is_sent_line_by_line(hall: Occasion) -> None:
    view = View("judges", None, "en")
    shown = draw(look(hall.event, view), None)
    hall.judge("j007")
    lacking = draw(look(hall.event, view), shown).after(shown.mark)
    assert lacking is not None
    assert set(lacking) == {"p7"}

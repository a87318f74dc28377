"""A live event whose shortlist is drawn by lot: pending until the secret is in the folder."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from review.stats.lottery import commitment, draw
from tests.occasion import JUDGES, PROPOSALS, Occasion, make_folder
from tests.web.test_organiser import words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "sealed by the notary, 5 May"  # noqa: S105 -- published here
RULE = f"""rule = "lottery"
size = 2
method = "linear"
width = 4
commitment = "{commitment(SECRET)}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the event, which the server can read again."""
    folder = make_folder(tmp_path / "lots")
    rules = folder / "competition.toml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(re.sub(r'rule = "top"\nsize = 2\nline = "chain"\n', RULE, text), "utf-8")
    return folder


@pytest.fixture
def hall(folder: Path) -> Iterator[Occasion]:
    """The first round is closed; need 9, 7, 5, 3 and the same for the team."""
    occasion = Occasion.of(folder)
    occasion.move("open")
    for judge in JUDGES:
        visitor = occasion.judge(judge)
        for place, proposal in enumerate(PROPOSALS):
            visitor.mark(proposal, {"need": str(9 - 2 * place), "team/fit": "7"})
    occasion.move("locked", "closed")
    yield occasion
    occasion.event.close()


def test_event_waits_for_the_draw_and_goes_on_when_its_secret_is_there(
    hall: Occasion, folder: Path
) -> None:
    chair = hall.organiser()
    page = words(chair.get("/organiser"))
    assert "4 proposals wait for the draw: Idea 1, Idea 2, Idea 3, Idea 4." in page
    assert "wait for a ruling" not in page
    assert "Idea 1, Idea 2, Idea 3, Idea 4; the draw is pending" in page
    assert "wait for a ruling" not in words(chair.get("/organiser/decisions"))
    page = words(chair.get("/organiser/standings", round="pitch"))
    assert "undecided takes part in the draw with chance" in page
    page = words(chair.post("/organiser/publish/preview", {"rounds": ["pitch"]}))
    assert "4 proposals wait for the draw; the page calls them undecided." in page
    rules = folder / "competition.toml"
    kept = RULE + f'draw_seed = "{SECRET}"\n'
    rules.write_text(rules.read_text(encoding="utf-8").replace(RULE, kept), "utf-8")
    answer = chair.get("/organiser/definition")
    form = dict(re.findall(r'name="(version|digest)" value="([^"]+)"', answer.text))
    assert chair.post("/organiser/definition", form).status_code == 303
    page = words(chair.get("/organiser"))
    assert "wait" not in page
    result = hall.event.deriver.latest().round("pitch")
    assert result is not None
    entries = result["shortlist"]
    # Scores of 8.2, 7.0, 5.8 and 4.6 over a width of 4.
    chances = {p: Fraction(part, 100) for p, part in zip(PROPOSALS, (95, 65, 35, 5), strict=True)}
    drawn = {e["proposal"] for e in entries if e["status"] == "in"}
    assert drawn == set(draw(chances, SECRET, "pitch").drawn)

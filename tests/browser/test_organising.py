"""An organiser runs an event in a real browser: open, watch, lock, close, publish."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest
import uvicorn
from playwright.sync_api import expect

from review.store import people
from tests.browser import pages
from tests.occasion import JUDGES, PROPOSALS, Occasion, make_folder, secret_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.browser.conftest import Opens

pytestmark = pytest.mark.slow

PAGES = (
    "/organiser", "/organiser/coverage", "/organiser/disagreement", "/organiser/standings",
    "/organiser/judges", "/organiser/links", "/organiser/proposals",
    "/organiser/proposal?proposal=p01", "/organiser/proposal/status?proposal=p01&status=withdrawn",
    "/organiser/decisions", "/organiser/publish", "/organiser/record?show=all&check=yes",
    "/organiser/definition", "/organiser/account", "/organiser/round?round=pitch&to=locked",
)  # fmt: skip


@dataclass
class Hall:
    """A served event."""

    occasion: Occasion
    address: str
    clients: list[httpx.Client] = field(default_factory=list)

    def link(self) -> str:
        """Where the organiser signs in."""
        token = self.occasion.event.writer.do(lambda conn: people.organiser_link(conn, "Chair"))
        return f"{self.address}/join/{token}"

    def judge(self, judge: str) -> Callable[[str, str], None]:
        """Sign a judge in over the wire; the answer marks a proposal."""
        ref = self.occasion.ref(judge)
        token = self.occasion.event.writer.do(lambda conn: people.new_link(conn, ref))
        client = httpx.Client(base_url=self.address, follow_redirects=True)
        self.clients.append(client)
        secret = secret_of(client.get(f"/join/{token}").text)
        csrf = secret_of(client.post("/join", data={"csrf": secret}).text)

        def mark(proposal: str, need: str) -> None:
            state = client.get("/api/state").json()
            ballot = {
                "op": str(uuid4()), "round": "pitch", "proposal": proposal, "comment": None,
                "rubric": state["rounds"][0]["rubric"], "client_time": None,
                "marks": [
                    {"criterion": c, "mark": need, "state": None, "base": 0}
                    for c in ("need", "team/fit")
                ],
            }  # fmt: skip
            answer = client.post("/api/ballots", json=ballot, headers={"X-CSRF-Token": csrf})
            assert answer.status_code == 200, answer.text

        return mark


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A small event behind a real server."""
    occasion = Occasion.of(make_folder(tmp_path / "hall"))
    config = uvicorn.Config(occasion.app, port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    served = Hall(occasion, f"http://127.0.0.1:{port}")
    yield served
    for client in served.clients:
        client.close()
    server.should_exit = True
    thread.join(10)
    occasion.event.close()


def signed_in(hall: Hall, window: BrowserContext) -> Page:
    page = window.new_page()
    page.goto(hall.link())
    page.locator("main button").click()
    page.wait_for_url("**/organiser")
    return page


def test_event_is_run_from_opening_to_publishing(hall: Hall, desk: Opens) -> None:
    page = signed_in(hall, desk("en-GB", viewport={"width": 1280, "height": 800}))
    page.get_by_role("link", name="Open the round").first.click()
    page.get_by_role("button", name="Open the round").click()
    page.goto(f"{hall.address}/organiser/coverage?round=pitch")
    expect(page.locator("#live-line")).to_have_attribute("data-live", "on")
    row = page.get_by_role("row").filter(has_text="Lin")
    expect(row.first).to_contain_text("0/4")
    marks = {judge: hall.judge(judge) for judge in JUDGES}
    marks["lin"]("p01", "8")
    expect(row.first).to_contain_text("1/4")
    expect(row.first).to_contain_text("✓")
    for judge in JUDGES:
        for place, proposal in enumerate(PROPOSALS):
            if (judge, proposal) != ("lin", "p01"):
                marks[judge](proposal, str(9 - 2 * place))
    expect(page.locator("#behind")).to_contain_text("Everybody is through.")
    page.goto(f"{hall.address}/organiser")
    page.get_by_role("link", name="Lock the round").click()
    page.get_by_role("button", name="Lock the round").click()
    page.get_by_role("link", name="Close the round").click()
    page.get_by_role("button", name="Close the round").click()
    expect(page.locator("#round-0")).to_contain_text("Closed with 24 of 24 marks.")
    page.get_by_role("link", name="Publishing").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("main")).to_contain_text("public")
    page.goto(f"{hall.address}/results")
    expect(page.locator("main")).to_contain_text("Idea 1")


def test_page_catches_up_after_the_connection_was_lost(hall: Hall, desk: Opens) -> None:
    hall.occasion.move("open")
    window = desk("en-GB", viewport={"width": 1280, "height": 800})
    page = signed_in(hall, window)
    page.goto(f"{hall.address}/organiser/coverage?round=pitch")
    expect(page.locator("#live-line")).to_have_attribute("data-live", "on")
    window.set_offline(offline=True)
    hall.judge("zhou")("p02", "7")
    window.set_offline(offline=False)
    row = page.get_by_role("row").filter(has_text="Zhou")
    expect(row.first).to_contain_text("1/4", timeout=20_000)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_pages_are_accessible_and_narrow(hall: Hall, desk: Opens, language: str) -> None:
    hall.occasion.move("open")
    for judge, need in zip(JUDGES, "258", strict=True):
        hall.judge(judge)("p01", need)
    page = signed_in(hall, desk("en-GB", viewport={"width": 320, "height": 700}))
    for path in PAGES:
        page.goto(f"{hall.address}{path}{'&' if '?' in path else '?'}lang={language}")
        pages.axe(page)
        pages.targets(page)
        pages.no_sideways_scroll(page)


def test_matrix_is_reached_by_keyboard(hall: Hall, desk: Opens) -> None:
    hall.occasion.move("open")
    page = signed_in(hall, desk("en-GB", viewport={"width": 1280, "height": 800}))
    page.goto(f"{hall.address}/organiser/coverage?round=pitch")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(".matrix:focus").count():
            break
    expect(page.locator(".matrix")).to_be_focused()

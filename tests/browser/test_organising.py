"""An organiser runs an event in a real browser: open, watch, lock, close, publish."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx2
import pytest
import uvicorn
from playwright.sync_api import expect

from review.store import people
from tests.browser import pages
from tests.occasion import JUDGES, PROPOSALS, Occasion, make_folder, secret_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page

    from tests.browser.conftest import Opens

pytestmark = pytest.mark.slow

#: Pages while a round is open; `{judge}` stands for the ref of one.
OPEN = (
    "/organiser", "/organiser/coverage", "/organiser/disagreement", "/organiser/standings",
    "/organiser/judges", "/organiser/judge?ref={judge}",
    "/organiser/judge/withdraw?ref={judge}&how=left_out",
    "/organiser/judge/withdraw?ref={judge}&how=kept", "/organiser/links", "/organiser/proposals",
    "/organiser/proposal?proposal=p01", "/organiser/proposal/status?proposal=p01&status=withdrawn",
    "/organiser/decisions", "/organiser/publish", "/organiser/record?show=all&check=yes",
    "/organiser/definition", "/organiser/account", "/organiser/round?round=pitch&to=locked",
    "/organiser/round?round=final&to=open", "/organiser/coverage?round=final",
    "/organiser/judge?ref=nobody", "/results",
)  # fmt: skip
#: Pages once it is closed, a judge withdrawn, a ruling made, results published.
CLOSED = (
    "/organiser", "/organiser/standings", "/organiser/judge?ref={judge}",
    "/organiser/round?round=pitch&to=open", "/organiser/round?round=final&to=entrants",
    "/organiser/proposal/status?proposal=p01&status=restored", "/organiser/decisions",
    "/organiser/decisions/undo?id=1", "/organiser/publish", "/organiser/record", "/results",
)  # fmt: skip
#: What a button answers with: the page, and the button.
ANSWERS = (
    ("/organiser/judge?ref={judge}", "form[action$='/judge/link'] button"),
    ("/organiser/judge?ref={judge}", "form[action$='/judge/code'] button"),
    ("/organiser/links", "main form button"),
    ("/organiser/publish", "main form[action$='/preview'] button"),
)
RULING = {"round": "pitch", "proposal": "p01", "what": "in"}


@dataclass
class Hall:
    """A served event."""

    occasion: Occasion
    address: str
    clients: list[httpx2.Client] = field(default_factory=list)

    def link(self) -> str:
        """Where the organiser signs in."""
        token = self.occasion.event.writer.do(lambda conn: people.organiser_link(conn, "Chair"))
        return f"{self.address}/join/{token}"

    def judge(self, judge: str) -> Callable[[str, str], None]:
        """Sign a judge in over the wire; the answer marks a proposal."""
        ref = self.occasion.ref(judge)
        token = self.occasion.event.writer.do(lambda conn: people.new_link(conn, ref))
        client = httpx2.Client(base_url=self.address, follow_redirects=True)
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
    page.locator("#round-0").get_by_role("link", name="Publishing").click()
    page.get_by_label("Pitch").check()
    page.get_by_role("button", name="See what everybody would see").click()
    expect(page.locator("main")).to_contain_text("Nothing is published yet.")
    page.get_by_role("button", name="Publish it").click()
    expect(page.locator("main")).to_contain_text("public")
    page.goto(f"{hall.address}/results")
    expect(page.locator("main")).to_contain_text("Idea 1")
    year = str(datetime.now(UTC).year)
    expect(page.locator("main time[data-local]")).to_contain_text(year)


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


def check(page: Page) -> None:
    pages.axe(page)
    pages.targets(page)
    pages.no_sideways_scroll(page)


def close(hall: Hall) -> None:
    """Close the round without the marks that are missing; a judge and a proposal are withdrawn."""
    chair = hall.occasion.organiser()
    lost = {"ref": hall.occasion.ref("wei/3"), "how": "kept", "why": "had to catch a train"}
    chair.post("/organiser/judge/withdraw", lost)
    gone = {"proposal": "p01", "status": "withdrawn", "why": "moved away"}
    chair.post("/organiser/proposal/status", gone)
    ruling = {"proposal": "p02", "what": "in", "by": "Chair", "second": "Deputy", "why": "tied"}
    chair.post("/organiser/decisions", {"round": "pitch", **ruling})
    hall.occasion.move("locked", "closed")
    answer = chair.post("/organiser/publish", {"rounds": ["pitch"]})
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-Hans", "dark")])
def test_pages_are_accessible_and_narrow(
    hall: Hall, desk: Opens, language: str, scheme: Literal["light", "dark"]
) -> None:
    hall.occasion.move("open")
    for judge, need in zip(JUDGES, "258", strict=True):
        mark = hall.judge(judge)
        for proposal in PROPOSALS[:2]:
            mark(proposal, need)
    ref = hall.occasion.ref("wei/3")
    small = {"width": 320, "height": 700}
    page = signed_in(hall, desk("en-GB", viewport=small, color_scheme=scheme))

    def visit(path: str) -> None:
        path = path.format(judge=ref)
        page.goto(f"{hall.address}{path}{'&' if '?' in path else '?'}lang={language}")

    for path in OPEN:
        visit(path)
        check(page)
    visit("/organiser/decisions")
    for name, value in RULING.items():
        page.select_option(f"select[name={name}]", value)
    page.fill("input[name=by]", "Chair")
    page.fill("textarea[name=why]", "The jury agreed")
    page.locator("main form button").last.click()
    expect(page.locator("input[name=what][type=hidden]")).to_have_count(1)
    check(page)
    close(hall)
    for path in CLOSED:
        visit(path)
        check(page)
    for path, button in ANSWERS:
        visit(path.replace("{judge}", hall.occasion.ref("lin")))
        for box in page.locator("input[name=rounds]:enabled").all():
            box.check()
        page.locator(button).first.click()
        page.wait_for_load_state()
        check(page)
    public = desk("en-GB", viewport=small, color_scheme=scheme).new_page()
    public.goto(f"{hall.address}/results?lang={language}")
    expect(public.locator("table.ranks")).to_have_count(1)
    check(public)


def test_results_use_the_width_of_a_desk(hall: Hall, desk: Opens) -> None:
    hall.occasion.move("open")
    hall.judge("lin")("p02", "7")
    close(hall)
    page = desk("en-GB", viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{hall.address}/results")
    box = page.locator("table.ranks").bounding_box()
    assert box is not None
    assert box["width"] > 800


def test_times_are_by_the_clock_of_who_reads(hall: Hall, desk: Opens) -> None:
    shown = []
    for zone in ("Asia/Shanghai", "America/New_York"):
        page = signed_in(hall, desk("en-GB", timezone_id=zone))
        page.goto(f"{hall.address}/organiser/definition")
        time_ = page.locator("main time").first
        expect(time_).to_have_attribute("data-local", "")
        at = datetime.fromisoformat(str(time_.get_attribute("datetime")))
        text = str(time_.text_content())
        assert at.astimezone(ZoneInfo(zone)).strftime("%H:%M") in text
        shown.append(text)
    assert shown[0] != shown[1]


def test_sheet_is_printed_two_by_two_without_the_page_around_it(hall: Hall, desk: Opens) -> None:
    page = signed_in(hall, desk("en-GB", viewport={"width": 1280, "height": 800}))
    page.goto(f"{hall.address}/organiser/links")
    page.locator("main form button").click()
    page.emulate_media(media="print")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".org-nav")).to_be_hidden()
    boxes = [block.bounding_box() for block in page.locator(".sheet-block").all()]
    assert len(boxes) == 3
    first, second, third = boxes
    assert first
    assert second
    assert third
    assert (first["y"], first["x"] < second["x"]) == (second["y"], True)
    assert third["y"] >= first["y"] + first["height"] - 2
    square = page.locator(".sheet-block .qr svg").first.bounding_box()
    assert square is not None
    assert min(square["width"], square["height"]) > 110  # 30 mm at 96 px an inch
    expect(page.locator(".where").first).to_have_text(f"{hall.address}/join")


def test_every_place_of_the_menu_is_in_sight_on_a_phone(hall: Hall, desk: Opens) -> None:
    page = signed_in(hall, desk("en-GB", viewport={"width": 320, "height": 700}))
    boxes = [link.bounding_box() for link in page.locator(".org-nav a").all()]
    assert len(boxes) == 11
    assert [box for box in boxes if box is None or box["x"] + box["width"] > 320] == []


def reach(page: Page, target: Locator) -> None:
    """Press the tabulator until something has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{target} is not reached by keyboard")


def test_round_is_opened_and_locked_and_a_judge_let_in_by_keyboard(hall: Hall, desk: Opens) -> None:
    page = signed_in(hall, desk("en-GB", viewport={"width": 1280, "height": 800}))
    for step in ("Open the round", "Lock the round"):
        reach(page, page.get_by_role("link", name=step).first)
        page.keyboard.press("Enter")
        page.wait_for_url("**/organiser/round?**")
        reach(page, page.get_by_role("button", name=step))
        page.keyboard.press("Enter")
        page.wait_for_url("**/organiser")
    expect(page.locator("#round-0 .tag.locked")).to_have_count(1)
    page.goto(f"{hall.address}/organiser/judges")
    reach(page, page.get_by_label("Find a judge"))
    page.keyboard.type("zhou")
    expect(page.locator("#judge-rows tr:visible")).to_have_count(1)
    reach(page, page.get_by_role("link", name="Manage Zhou"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/organiser/judge?**")
    reach(page, page.get_by_role("button", name="Make a code to type"))
    page.keyboard.press("Enter")
    expect(page.locator(".code")).to_have_count(1)


def test_matrix_is_reached_by_keyboard(hall: Hall, desk: Opens) -> None:
    hall.occasion.move("open")
    page = signed_in(hall, desk("en-GB", viewport={"width": 1280, "height": 800}))
    page.goto(f"{hall.address}/organiser/coverage?round=pitch")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(".matrix:focus").count():
            break
    expect(page.locator(".matrix")).to_be_focused()

"""Judging on phones in a hall with bad Wi-Fi: each mark arrives exactly once, none is dropped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PLAIN_HOST
from tests.browser.hall import RENEWED, ROUNDS, Hall, serving, write_folder
from tests.browser.pages import axe, no_sideways_scroll, targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

    from review.store.people import Person
    from tests.browser.conftest import Opens

expect.set_options(timeout=15_000)

NEED, TEAM = "need", "team/队 spirit"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with serving(write_folder(tmp_path_factory.mktemp("hall") / "folder")) as found:
        for name in ROUNDS:
            found.change(name, "open")
        yield found


@pytest.fixture(autouse=True)
def _fair_weather(hall: Hall) -> Iterator[None]:
    yield
    hall.network.down = False
    hall.network.faults.clear()


def sign_in(hall: Hall, context: BrowserContext, person: Person, host: str = "localhost") -> None:
    """By a session as a link gives it."""
    url = f"http://{host}:{hall.port}"
    context.add_cookies([{"name": "session-lan", "value": hall.session(person), "url": url}])


def address(hall: Hall, round_id: str, proposal: str | None = None, host: str = "localhost") -> str:
    url = f"http://{host}:{hall.port}"
    if proposal is None:
        return f"{url}/judge?{urlencode({'round': round_id})}"
    return f"{url}/judge/score?{urlencode({'round': round_id, 'proposal': proposal})}"


def go(page: Page, hall: Hall, round_id: str, proposal: str, host: str = "localhost") -> None:
    page.goto(address(hall, round_id, proposal, host))
    expect(page.locator("#score[data-ready]")).to_be_attached()


def choose(page: Page, *marks: str) -> None:
    """A mark for each criterion, by touch."""
    for index, mark in enumerate(marks):
        page.locator(f'label:has(input[name="crit-{index}"][value="{mark}"])').click()


def saved(page: Page, *marks: str) -> None:
    choose(page, *marks)
    page.locator("#save").click()


def told(page: Page, **data: str | int) -> None:
    """The outbox comes to say so."""
    for name, value in data.items():
        expect(page.locator("#outbox")).to_have_attribute(f"data-{name}", str(value))


def controlled(page: Page, hall: Hall, round_id: str) -> None:
    """Open the list for the first time, and wait until the device has kept what it needs."""
    page.goto(address(hall, round_id))
    page.evaluate(
        "() => new Promise(async (done) => { for (;;) {"
        " const pages = await (await caches.open('judge-pages')).keys();"
        " if (pages.filter(({url}) => url.includes('proposal=')).length === 4) return done(true);"
        " await new Promise((later) => setTimeout(later, 50)); } })"
    )


def test_link_signs_in_and_a_mark_arrives(hall: Hall, phone: Opens) -> None:
    person, page = hall.judge(), phone("en").new_page()
    page.goto(hall.link(person))
    page.get_by_role("button", name="Yes, sign me in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Round"))
    page.goto(address(hall, "buttons"))
    page.locator("#next").click()
    saved(page, "8", "7")
    told(page, acked=1, waiting=0, state="stored")
    expect(page.locator("#status")).to_have_text(re.compile(r"^Stored \d\d:\d\d$"))
    expect(page.locator("#state")).to_have_text("marked")
    expect(page.locator("#state")).to_have_class("badge done")
    assert hall.stored(person) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}
    page.locator("nav.steps").get_by_text("List").click()
    expect(page.locator("[data-proposal='p1'] .badge")).to_have_text("marked")
    expect(page.locator(".progress strong")).to_have_text("1 of 4 marked")


def test_mark_waits_without_a_connection_and_is_sent_with_one(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("zh-CN")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    context.set_offline(True)
    saved(page, "8", "7")
    told(page, waiting=1, acked=0, connection="offline")
    assert hall.stored(person) == {}
    context.set_offline(False)
    told(page, acked=1, waiting=0)
    assert hall.stored(person) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}


def test_pages_open_without_a_connection_and_nothing_is_forgotten(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    controlled(page, hall, "buttons")
    go(page, hall, "buttons", "p1")
    context.set_offline(True)
    saved(page, "8", "7")
    told(page, waiting=1)
    page.reload()
    told(page, waiting=1, acked=0)
    expect(page.locator('input[name="crit-0"][value="8"]')).to_be_checked()
    choose(page, "9")
    page.locator("#save-next").click()
    page.wait_for_url(re.compile("proposal=p2"))
    saved(page, "5", "6")
    told(page, waiting=2)
    page.locator("nav.steps").get_by_text("List").click()
    expect(page.locator("[data-proposal='p2'] .unsent")).to_have_text("waiting to be sent")
    assert hall.stored(person) == {}
    context.set_offline(False)
    told(page, waiting=0)
    assert hall.stored(person) == {
        ("p1", NEED): ("9", 2), ("p1", TEAM): ("7", 1),
        ("p2", NEED): ("5", 1), ("p2", TEAM): ("6", 1),
    }  # fmt: skip


def test_form_never_opened_before_takes_marks_without_a_connection(
    hall: Hall, phone: Opens
) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    controlled(page, hall, "buttons")
    context.set_offline(True)
    page.locator("[data-proposal='p2'] a").click()
    expect(page.locator("#score[data-ready]")).to_be_attached()
    choose(page, "8", "7")
    # What is typed after the button is hit would go into the old ballot.
    locked = "() => {document.querySelector('#save-next').click(); return %s}"
    assert page.evaluate(locked % "document.querySelector('#all').disabled")
    page.wait_for_url(re.compile("proposal=p3"))
    told(page, waiting=1)
    page.locator("nav.steps").get_by_text("List").click()
    expect(page.locator("[data-proposal='p2'] .badge")).to_have_text("marked")
    assert hall.stored(person) == {}
    context.set_offline(False)
    told(page, waiting=0)
    assert hall.stored(person) == {("p2", NEED): ("8", 1), ("p2", TEAM): ("7", 1)}


def test_list_without_a_connection_shows_what_the_device_knows(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    controlled(page, hall, "buttons")
    go(page, hall, "buttons", "p1")
    saved(page, "8", "7")
    told(page, acked=1)
    context.set_offline(True)
    go(page, hall, "buttons", "p3")
    saved(page, "8")
    go(page, hall, "buttons", "p2")
    choose(page, "8", "7")
    page.locator("#save-next").click()
    page.wait_for_url(re.compile("proposal=p3"))
    choose(page, "8", "7")
    page.locator("#save-next").click()
    page.wait_for_url(re.compile("proposal=p4"))
    page.locator("nav.steps").get_by_text("List").click()
    words = page.locator("ol.items .badge")
    expect(words).to_have_text(["marked", "marked", "marked", "to do"])
    expect(page.locator("ol.items .unsent:visible")).to_have_count(2)
    expect(page.locator(".progress strong")).to_have_text("3 of 4 marked")
    expect(page.locator("#next")).to_contain_text("Stairwell library")
    check(page)
    page.locator("#next").click()
    expect(page.locator("#score[data-ready]")).to_be_attached()
    choose(page, "8", "7")
    page.locator("#save-next").click()
    expect(page.locator("#all-done")).to_be_visible()
    expect(page.locator("#next")).to_be_hidden()
    context.set_offline(False)
    told(page, waiting=0)
    expect(words).to_have_text(["marked"] * 4)
    assert len(hall.stored(person)) == 8


def test_page_that_is_not_kept_is_no_dead_end(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    controlled(page, hall, "buttons")
    context.set_offline(True)
    page.goto(address(hall, "typed"))
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    check(page)
    page.get_by_role("button", name="To my list").click()
    expect(page.locator("#list")).to_be_visible()


def test_form_whose_script_did_not_come_sends_nothing_by_itself(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en", service_workers="block")
    sign_in(hall, context, person)
    page = context.new_page()
    page.route("**/scoring.js", lambda route: route.abort())
    page.goto(address(hall, "typed", "p1"))
    expect(page.locator(".loading")).to_be_visible()
    expect(page.locator("#save-next")).to_be_hidden()
    page.locator('input[name="crit-0"]').focus()
    page.keyboard.press("8")
    page.keyboard.press("Enter")
    assert page.url == address(hall, "typed", "p1")
    assert hall.stored(person) == {}


def test_nobody_is_signed_out_without_a_connection(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    controlled(page, hall, "buttons")
    go(page, hall, "buttons", "p1")
    context.set_offline(True)
    saved(page, "8", "7")
    told(page, waiting=1)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out all the same").click()
    expect(page.locator("#ask-text")).to_contain_text("cannot sign out without a connection")
    check(page)
    page.get_by_role("button", name="All right").click()
    expect(page.locator('input[name="crit-0"][value="8"]')).to_be_checked()
    context.set_offline(False)
    told(page, waiting=0, acked=1)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/join$"))
    expect(page.get_by_label("Code")).to_be_visible()
    page.goto(address(hall, "buttons"))
    page.wait_for_url(re.compile("/join$"))
    assert page.evaluate("caches.keys()") == ["judge-files"]
    assert hall.stored(person) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}


def test_page_kept_from_before_its_mark_was_stored_shows_the_mark(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    controlled(page, hall, "buttons")
    go(page, hall, "buttons", "p1")
    saved(page, "8", "7")
    told(page, acked=1)
    context.set_offline(True)
    page.reload()
    expect(page.locator("#score[data-ready]")).to_be_attached()
    expect(page.locator('input[name="crit-0"][value="8"]')).to_be_checked()
    expect(page.locator("#stored-at")).to_have_text(re.compile("^Stored"))
    saved(page, "9")
    told(page, waiting=1)
    context.set_offline(False)
    told(page, acked=1, waiting=0, undecided=0)
    assert hall.stored(person) == {("p1", NEED): ("9", 2), ("p1", TEAM): ("7", 1)}


def test_browser_that_keeps_nothing_sends_all_the_same(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    context.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    expect(page.locator("#status")).to_contain_text("keeps nothing once the page is closed")
    hall.network.faults.append("lost")
    saved(page, "8", "7")
    told(page, acked=1, waiting=0)
    assert hall.stored(person) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}


def test_organisers_coverage_shows_a_mark_at_once(hall: Hall, phone: Opens, desk: Opens) -> None:
    person, context, office = hall.judge(), phone("en"), desk("en")
    sign_in(hall, office, hall.organiser)
    board = office.new_page()
    board.goto(f"{hall.url}/organiser/coverage?{urlencode({'round': 'buttons'})}")
    expect(board.locator("#live-line")).to_have_attribute("data-live", "on")
    done = board.locator(".c-done")
    before = done.count()
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    saved(page, "8", "7")
    expect(done).to_have_count(before + 1)


@pytest.mark.parametrize(
    "faults", [["lost"], ["bad_gateway"], ["portal"], ["lost", "lost"]], ids=" then ".join
)
def test_mark_whose_answer_is_lost_is_sent_again_and_stored_once(
    hall: Hall, phone: Opens, faults: list[str]
) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    hall.network.faults.extend(faults)
    saved(page, "8", "7")
    told(page, acked=1, waiting=0)
    assert not hall.network.faults
    assert hall.stored(person) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}


def test_mark_saved_while_another_may_have_arrived_comes_after_it(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    hall.network.faults.append("lost")
    saved(page, "8", "7")
    told(page, connection="offline")
    saved(page, "9", "7")
    told(page, acked=2, waiting=0, undecided=0)
    assert hall.stored(person) == {("p1", NEED): ("9", 2), ("p1", TEAM): ("7", 1)}


def test_mark_of_a_closed_page_is_sent_once_by_two_tabs(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    hall.network.down = True
    saved(page, "8", "7")
    told(page, waiting=1)
    page.close()
    before = hall.network.quiet("/api/ballots")
    hall.network.down = False
    tabs = [context.new_page(), context.new_page()]
    for tab in tabs:
        tab.goto(address(hall, "buttons"))
    for tab in tabs:
        told(tab, waiting=0)
    assert hall.network.seen["/api/ballots"] - before == 1
    assert hall.stored(person) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}


def test_outbox_works_over_plain_http(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person, PLAIN_HOST)
    page, second = context.new_page(), context.new_page()
    go(page, hall, "buttons", "p1", PLAIN_HOST)
    second.goto(address(hall, "buttons", host=PLAIN_HOST))
    has = "[isSecureContext, 'locks' in navigator, 'serviceWorker' in navigator]"
    assert page.evaluate(has) == [False, False, False]
    context.set_offline(True)
    choose(page, "8", "7")
    page.locator("#save-next").click()
    told(page, waiting=1, connection="offline")
    page.locator("nav.steps").get_by_text("List").click()
    expect(page.locator("#status")).to_have_text(re.compile("stay on this page"))
    expect(page.locator("#score")).to_be_visible()
    context.set_offline(False)
    told(page, waiting=0)
    assert hall.stored(person) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}


@pytest.mark.parametrize("wanted", ["mine", "stored"])
def test_ballot_changed_on_two_devices_waits_for_the_judge(
    hall: Hall, phone: Opens, wanted: str
) -> None:
    person = hall.judge()
    pages = []
    for _ in range(2):
        context = phone("en")
        sign_in(hall, context, person)
        pages.append(context.new_page())
        go(pages[-1], hall, "buttons", "p1")
    first, second = pages
    saved(first, "8", "7")
    told(first, acked=1)
    saved(second, "3", "7")
    told(second, undecided=1, waiting=0)
    entry = second.locator("#unsent-list li[data-problem='stale']")
    expect(entry.locator("td")).to_have_text(["Community need", "3", "8"])
    assert hall.stored(person)["p1", NEED] == ("8", 1)
    if wanted == "mine":
        check(second)
        entry.get_by_role("button", name="Keep mine").click()
        told(second, acked=1, undecided=0)
        assert hall.stored(person)["p1", NEED] == ("3", 2)
    else:
        entry.get_by_role("button", name="Take what is stored").click()
        second.get_by_role("button", name="Yes").click()
        told(second, undecided=0, waiting=0)
        expect(second.locator('input[name="crit-0"][value="8"]')).to_be_checked()
        assert hall.stored(person)["p1", NEED] == ("8", 1)


def test_mark_for_a_round_locked_meanwhile_is_kept_and_sent_when_it_reopens(
    hall: Hall, phone: Opens
) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "locking", "p1")
    context.set_offline(True)
    saved(page, "8", "7")
    told(page, waiting=1)
    hall.change("locking", "locked")
    context.set_offline(False)
    told(page, undecided=1, waiting=0)
    entry = page.locator("#unsent-list li[data-problem='round_not_open']")
    expect(entry).to_contain_text("call the organiser")
    expect(entry.get_by_role("button", name="Send again")).to_be_disabled()
    expect(page.locator("#form-news")).to_have_text(re.compile("locked this round"))
    expect(page.locator("#all")).to_have_attribute("disabled", "")
    page.reload()
    told(page, undecided=1)
    assert hall.stored(person) == {}
    expect(entry.get_by_role("button", name="Send again")).to_be_disabled()
    hall.change("locking", "reopened")
    page.locator("#unsent-now").click()
    entry.get_by_role("button", name="Send again").click()
    told(page, undecided=0, waiting=0, acked=1)
    assert hall.stored(person) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}


def test_all_that_a_locked_round_refused_is_sent_at_once_when_it_reopens(
    hall: Hall, phone: Opens
) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    controlled(page, hall, "locking")
    context.set_offline(True)
    for waiting, proposal in enumerate(("p1", "p2"), 1):
        go(page, hall, "locking", proposal)
        saved(page, "8", "7")
        told(page, waiting=waiting)
    hall.change("locking", "locked")
    context.set_offline(False)
    told(page, undecided=2, waiting=0)
    again = page.locator("#unsent-again")
    expect(again).to_be_hidden()
    hall.change("locking", "reopened")
    page.locator("#unsent-now").click()
    expect(again).to_have_text("Send all 2 again")
    check(page)
    again.click()
    told(page, undecided=0, waiting=0, acked=2)
    assert {mark for mark, _ in hall.stored(person).values()} == {"8", "7"}


def test_mark_for_another_version_of_the_form_is_shown_beside_the_new_one(
    hall: Hall, phone: Opens
) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "renewing", "p1")
    context.set_offline(True)
    saved(page, "8", "7")
    told(page, waiting=1)
    (hall.folder / "rubrics/renewing.toml").write_text(RENEWED, encoding="utf-8")
    hall.event.renew(hall.folder, actor=hall.organiser.ref)
    context.set_offline(False)
    told(page, undecided=1)
    page.get_by_role("button", name="Open the form").click()
    expect(page.locator("#score[data-ready]")).to_be_attached()
    expect(page.locator('input[name="crit-0"][value="8"]')).to_be_checked()
    expect(page.locator("[data-criterion='need'] .typed")).to_have_text("You typed: 8")
    expect(page.locator("#typed-gone li")).to_have_text(["Team: 7"])
    told(page, undecided=1)
    saved(page, "8", "3", "9")
    told(page, undecided=0, waiting=0, acked=1)
    assert hall.stored(person) == {
        ("p1", NEED): ("8", 1), ("p1", TEAM): ("3", 1), ("p1", "reach"): ("9", 1),
    }  # fmt: skip


def test_two_judges_share_a_tablet(hall: Hall, phone: Opens) -> None:
    first, second, context = hall.judge(), hall.judge(), phone("en")
    sign_in(hall, context, first)
    page = context.new_page()
    controlled(page, hall, "buttons")
    go(page, hall, "buttons", "p1")
    page.locator("#comment").fill("mine alone")
    hall.network.down = True
    saved(page, "8", "7")
    told(page, waiting=1)
    hall.network.shut.add("/api/ballots")
    hall.network.down = False
    # In another tab, before the first judge's ballot gets through, somebody else signs in.
    sign_in(hall, context, second)
    hall.network.shut.clear()
    told(page, connection="other", waiting=1)
    page.goto(address(hall, "buttons", "p1"))
    expect(page.locator("#score[data-ready]")).to_be_attached()
    told(page, waiting=0, others=1)
    pages = "caches.open('judge-pages').then((kept) => kept.keys()).then((all) => all.length)"
    assert page.evaluate(pages) <= 1
    page.locator("#unsent-toggle").click()
    expect(page.locator("#unsent-others")).to_contain_text("1 ballot of another judge")
    expect(page.locator("body")).not_to_contain_text("mine alone")
    saved(page, "2", "3")
    told(page, acked=1, waiting=0, others=1)
    assert hall.stored(first) == {}
    assert hall.stored(second) == {("p1", NEED): ("2", 1), ("p1", TEAM): ("3", 1)}
    sign_in(hall, context, first)
    page.goto(address(hall, "buttons"))
    told(page, waiting=0, others=0)
    assert hall.stored(first) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}
    assert hall.stored(second) == {("p1", NEED): ("2", 1), ("p1", TEAM): ("3", 1)}


def test_marks_wait_for_a_judge_who_was_signed_out(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    hall.end_sessions(person)
    saved(page, "8", "7")
    told(page, waiting=1, state="signed_out")
    page.locator("#status").get_by_role("link", name="Sign in").click()
    expect(page.locator("#status")).to_contain_text("1 ballot waits on this device")
    page.goto(hall.link(person))
    page.get_by_role("button", name="Yes, sign me in").click()
    told(page, waiting=0, state="stored")
    assert hall.stored(person) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}


def test_signing_in_in_another_tab_sends_what_waits_in_the_first(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    hall.end_sessions(person)
    saved(page, "8", "7")
    told(page, state="signed_out")
    sign_in(hall, context, person)
    told(page, acked=1, waiting=0, connection="ok")
    assert hall.stored(person) == {("p1", NEED): ("8", 1), ("p1", TEAM): ("7", 1)}


WRONG_CLOCK = """(() => {
  const Right = Date, skew = (3 * 24 + 5) * 3600e3;
  globalThis.Date = class extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + skew); }
    static now() { return Right.now() + skew; }
  };
})()"""


def test_time_shown_is_the_servers_however_wrong_the_device_is(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en", timezone_id="UTC")
    context.add_init_script(WRONG_CLOCK)
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    saved(page, "8", "7")
    told(page, acked=1)
    (at,) = hall.times(person)
    expect(page.locator("#status")).to_have_text(f"Stored {at[11:16]}")
    page.reload()
    expect(page.locator("#stored-at")).to_have_text(f"Stored {at[11:16]}")


def test_keys_alone_mark_proposal_after_proposal(hall: Hall, desk: Opens) -> None:
    person, context = hall.judge(), desk("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    for key in ("1", "0", "Enter", "7", "Control+Enter"):
        page.keyboard.press(key)
    page.wait_for_url(re.compile("proposal=p2"))
    go(page, hall, "typed", "p1")
    for key in ("8", ".", "5", "Enter", "6", "Control+Enter"):
        page.keyboard.press(key)
    page.wait_for_url(re.compile("proposal=p2"))
    told(page, waiting=0)
    assert hall.stored(person) == {
        ("p1", NEED): ("10", 1), ("p1", TEAM): ("7", 1),
    } | hall.stored(person, "typed")  # fmt: skip
    assert hall.stored(person, "typed") == {("p1", NEED): ("8.5", 1), ("p1", TEAM): ("6", 1)}


def test_wrong_mark_is_told_before_it_is_sent(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "typed", "p1")
    need, team = page.locator('input[name="crit-0"]'), page.locator('input[name="crit-1"]')
    need.fill("8.3")
    team.fill("11")
    page.locator("#save").click()
    problems = page.locator(".criterion .problem:visible")
    expect(problems).to_have_text(["In steps of 0.5", "From 0 to 10"])
    told(page, waiting=0, acked=0)
    expect(page.locator("#form-faults")).to_have_text("2 marks to correct")
    expect(need).to_be_focused()
    expect(page.locator(".criterion.filled")).to_have_count(0)
    axe(page)
    need.fill("８。５")
    expect(page.locator("#form-faults")).to_have_text("1 mark to correct")
    page.locator("#save").click()
    expect(team).to_be_focused()
    told(page, waiting=0, acked=0)
    page.locator("[data-by='-1']").nth(1).click()
    expect(team).to_have_value("10")
    expect(page.locator("#form-faults")).to_be_hidden()
    page.locator("[data-set='7']").click()
    expect(need).to_have_value("7")
    page.locator("#save").click()
    told(page, acked=1)
    assert hall.stored(person) == {("p1", NEED): ("7", 1), ("p1", TEAM): ("10", 1)}


def test_wrong_mark_is_told_when_its_field_is_left(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "typed", "p1")
    page.locator('input[name="crit-0"]').fill("11")
    expect(page.locator(".criterion .problem:visible")).to_have_count(0)
    page.locator('input[name="crit-1"]').focus()
    expect(page.locator(".criterion .problem:visible")).to_have_text(["From 0 to 10"])
    expect(page.locator("#form-faults")).to_have_text("1 mark to correct")


def test_first_touch_on_a_number_is_the_middle_of_its_scale(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "typed", "p1")
    need, team = page.locator('input[name="crit-0"]'), page.locator('input[name="crit-1"]')
    page.locator("[data-by='1']").first.click()
    page.locator("[data-by='-1']").nth(1).click()
    expect(need).to_have_value("5")
    expect(team).to_have_value("5")
    page.locator("[data-by='1']").first.click()
    expect(need).to_have_value("5.5")


def test_draft_outlives_the_page_and_the_device(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "typed", "p1")
    with page.expect_response(re.compile("/api/drafts")):
        page.locator('input[name="crit-0"]').fill("6.5")
        page.locator("#comment").fill("half a thought")
    page.reload()
    expect(page.locator('input[name="crit-0"]')).to_have_value("6.5")
    expect(page.locator("#form-note")).to_have_text("This is what you typed and did not send.")
    other = phone("en")
    sign_in(hall, other, person)
    page = other.new_page()
    go(page, hall, "typed", "p1")
    expect(page.locator("#comment")).to_have_value("half a thought")
    page.locator("#save").click()
    told(page, acked=1)
    expect(page.locator("#form-note")).to_have_text("1 criterion has no mark yet")
    assert hall.stored(person) == {("p1", NEED): ("6.5", 1)}


def test_judge_abstains_and_recuses_with_a_reason(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    page.locator("#cannot summary").click()
    page.get_by_text("I recuse myself").click()
    page.locator("#save").click()
    expect(page.locator("#cannot .problem")).to_have_text("Give a reason")
    page.locator("#reason").fill("my sister leads it")
    page.locator("#save").click()
    told(page, acked=1)
    go(page, hall, "buttons", "p2")
    page.locator("#cannot summary").click()
    page.locator("#cannot .singly").get_by_text("Team").click()
    saved(page, "8")
    told(page, acked=1)
    assert hall.stored(person) == {
        ("p1", NEED): ("recused", 1), ("p1", TEAM): ("recused", 1),
        ("p2", NEED): ("8", 1), ("p2", TEAM): ("abstain", 1),
    }  # fmt: skip
    go(page, hall, "buttons", "p1")
    expect(page.locator("#reason")).to_have_value("my sister leads it")


def test_signing_out_with_marks_unsent_asks_first(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en")
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    hall.network.down = True
    saved(page, "8", "7")
    told(page, waiting=1)
    page.locator("#unsent-toggle").click()
    page.locator("#unsent-copy").click()
    expect(page.locator("#unsent-text")).to_have_value(re.compile(r"Community need \[need\]: 8"))
    with page.expect_download():
        page.locator("#unsent-save").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#ask-text")).to_contain_text("1 ballot has not been sent")
    page.get_by_role("button", name="Stay signed in").click()
    hall.network.down = False
    page.locator("#unsent-now").click()
    told(page, waiting=0, acked=1)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/join$"))
    assert page.evaluate("caches.keys()") in ([], ["judge-files"])


def test_form_works_without_scripts(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("en", java_script_enabled=False)
    sign_in(hall, context, person)
    page = context.new_page()
    page.goto(address(hall, "typed", "p1"))
    page.locator('input[name="crit-0"]').fill("11")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".criterion .problem:visible")).to_have_count(1)
    expect(page.locator(".criterion.filled")).to_have_count(0)
    page.locator('input[name="crit-0"]').fill("8.5")
    page.get_by_role("button", name="Save and next").click()
    page.wait_for_url(re.compile("proposal=p2"))
    assert hall.stored(person) == {("p1", NEED): ("8.5", 1)}


def test_blind_round_names_nobody(hall: Hall, phone: Opens) -> None:
    person, context = hall.judge(), phone("zh-CN")
    sign_in(hall, context, person)
    page = context.new_page()
    page.goto(address(hall, "blind"))
    expect(page.locator("ol.items")).not_to_contain_text("口袋花园")
    go(page, hall, "blind", "p1")
    assert "秘密队" not in page.content()
    assert "口袋花园" not in page.content()
    assert "Pocket" not in page.content()


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_pages_are_accessible_and_fit_a_small_phone(hall: Hall, phone: Opens, locale: str) -> None:
    person, context = hall.judge(), phone(locale)
    sign_in(hall, context, person)
    page = context.new_page()
    go(page, hall, "buttons", "p1")
    saved(page, "8", "7")
    told(page, acked=1)
    go(page, hall, "typed", "p1")
    page.locator("#cannot summary").click()
    hall.network.down = True
    page.locator('input[name="crit-0"]').fill("8")
    page.locator("#save").click()
    told(page, waiting=1)
    page.locator("#unsent-toggle").click()
    check(page)
    hall.network.down = False
    for place in (
        address(hall, "buttons", "p1"),
        address(hall, "buttons"),
        f"{hall.url}/judge/picture?round=buttons",
        f"{hall.url}/join",
    ):
        page.goto(place)
        check(page)


def check(page: Page) -> None:
    """A page in its whole length: what lies under its bar can be scrolled from there."""
    before = page.viewport_size
    assert before is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": before["width"], "height": max(height, before["height"])})
    axe(page)
    targets(page)
    page.set_viewport_size(before)
    no_sideways_scroll(page)

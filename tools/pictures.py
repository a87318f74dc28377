"""The pictures of README: `python -m tools.pictures` after a change of what they show.

Serves the founding case with a part of its marks still to come, and looks at it with a phone and at
a desk. The same machine gives the same pictures but for fonts; nothing compares them.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from review.store import people
from review.store.database import Database
from tools import needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Playwright
    from sqlalchemy import Connection

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs/images"
ROUND = "selection"
#: Who has marked how many proposals so far, in the order in which those are listed.
DONE = {"e1": 11, "e2": 27, "e3": 38, "e4": 22, "e5": 45, "e6": 31, "e7": 40}


def main() -> None:
    """Take all of them."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name) / "star-plan-2024"
        review = [sys.executable, "-m", "review"]
        subprocess.run([*review, "init", folder, "--example", "star-plan"], check=True)
        _forget_marks(folder / "marks" / f"{ROUND}.csv")
        browser = playwright.chromium.launch(
            executable_path=needed.chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        with _served([*review, "serve", str(folder), "--port", "0"]) as link:
            _at_a_desk(browser, link)
            base = link.partition("/join/")[0]
            _on_a_phone(_phone(playwright, browser, "en-GB"), base, folder, "e1")
            _without_network(_phone(playwright, browser, "zh-CN"), base, folder, "e4")
        browser.close()


def _forget_marks(path: Path) -> None:
    """Leave of each judge's marks those on the first proposals."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    seen: dict[str, int] = {}
    kept = []
    for row in rows:
        seen[row["judge"]] = seen.get(row["judge"], 0) + 1
        if seen[row["judge"]] <= DONE[row["judge"]]:
            kept.append(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(kept)


@contextmanager
def _served(command: list[str]) -> Iterator[str]:
    """A server for as long as it takes; the organiser's link."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None  # noqa: S101 -- it is a pipe
        try:
            for line in server.stdout:
                found = re.search(r"\S+/join/\S+", line.decode())
                if found:
                    yield found.group()
                    return
        finally:
            server.terminate()


def _at_a_desk(browser: Browser, link: str) -> None:
    desk = browser.new_context(
        locale="en-GB", viewport={"width": 1180, "height": 760}, device_scale_factor=1.5
    )
    page = desk.new_page()
    page.goto(link)
    page.click("main button")
    base = link.partition("/join/")[0]
    page.goto(f"{base}/organiser/round?round={ROUND}&to=open")
    page.locator("main form button").first.click()
    page.wait_for_url("**/organiser")
    page.goto(f"{base}/organiser/coverage?round={ROUND}")
    page.screenshot(path=IMAGES / "coverage.png")


def _phone(playwright: Playwright, browser: Browser, locale: str) -> BrowserContext:
    device = {**playwright.devices["iPhone 13"], "device_scale_factor": 2}
    del device["default_browser_type"]
    return browser.new_context(**device, locale=locale, timezone_id="Asia/Shanghai")


def _signed_in(phone: BrowserContext, base: str, folder: Path, judge: str) -> None:
    database = Database.open(folder / "live.sqlite3")

    def token(conn: Connection) -> str:
        person = people.by_judge(conn, judge)
        assert person is not None  # noqa: S101 -- one of the founding case
        return people.new_link(conn, person.ref)

    with database.writing() as conn:
        address = f"{base}/join/{token(conn)}"
    database.close()
    page = phone.new_page()
    page.goto(address)
    page.click("main button")
    page.wait_for_url("**/judge*")


def _on_a_phone(phone: BrowserContext, base: str, folder: Path, judge: str) -> None:
    """A form that is being filled in."""
    _signed_in(phone, base, folder, judge)
    page = phone.pages[0]
    page.goto(f"{base}/judge/score?round={ROUND}&proposal=p12")
    page.locator("[inputmode=decimal]").first.fill("8.5")
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / "scoring.png")


def _without_network(phone: BrowserContext, base: str, folder: Path, judge: str) -> None:
    """Marks that wait, in Chinese."""
    _signed_in(phone, base, folder, judge)
    page = phone.pages[0]
    page.goto(f"{base}/judge/score?round={ROUND}&proposal=p44")
    phone.set_offline(offline=True)
    for field, mark in zip(
        page.locator("[inputmode=decimal]").all(), ("9", "8.5", "8", "9"), strict=True
    ):
        field.fill(mark)
    page.click("#save")
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / "waiting.png")


if __name__ == "__main__":
    main()

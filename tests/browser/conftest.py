"""A real Chromium, with phones and desks in it.

Playwright keeps an event loop running in the thread of the tests for as long as it is there:
`asyncio.run` fails meanwhile. So a module of tests has its own, which ends with the module, and the
server of a test runs in another thread or process.
"""

from __future__ import annotations

import os
import signal
import threading
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Playwright, sync_playwright

from tools import needed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import ConsoleMessage, WebError

#: Names this machine, but not as `localhost`: over plain http no secure context, like the address
#: of an organiser's laptop in a hall.
PLAIN_HOST = "judge.test"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1, EXCLUDE localhost",
)
PHONE = "iPhone 13"
#: Seconds that closing a window may take: now and then Chromium never comes to the end of it.
CLOSING = 20.0


class Opens(Protocol):
    """Opens a window that shares nothing with others; takes what `Browser.new_context` takes."""

    def __call__(self, locale: str = "zh-CN", **options: Any) -> BrowserContext: ...


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright, for the tests of one module."""
    with sync_playwright() as started:
        yield started


class Chromium:
    """The Chromium of this machine, started when a window is asked for and none is running."""

    def __init__(self, playwright: Playwright, path: str) -> None:
        self._playwright = playwright
        self._path = path
        self._mark = f"--started-by={uuid.uuid4()}"
        self._browser: Browser | None = None

    def open(self, **options: Any) -> BrowserContext:
        """A new window; takes what `Browser.new_context` takes."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._playwright.chromium.launch(
                executable_path=self._path, args=[*ARGUMENTS, self._mark]
            )
        return self._browser.new_context(**options)

    def close(self, context: BrowserContext | None = None) -> None:
        """Close a window, or everything."""
        with self._ended_if_it_hangs():
            if context is not None:
                context.close()
            elif self._browser is not None:
                self._browser.close()

    @contextmanager
    def _ended_if_it_hangs(self) -> Iterator[None]:
        """Playwright knows no time limit for closing."""
        timer = threading.Timer(CLOSING, self._kill)
        timer.start()
        try:
            yield
        except Error:
            if timer.is_alive():
                raise
        finally:
            timer.cancel()

    def _kill(self) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it may have ended meanwhile
                words = (process / "cmdline").read_bytes().split(b"\0")
                if self._mark.encode() in words:
                    os.kill(int(process.name), signal.SIGKILL)


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Chromium]:
    """Chromium, for the tests of one module; fails with what to install where there is none."""
    try:
        path = needed.chromium()
    except LookupError as error:
        pytest.fail(str(error), pytrace=False)
    started = Chromium(playwright, path)
    yield started
    started.close()


@pytest.fixture
def desk(browser: Chromium) -> Iterator[Opens]:
    """Opens windows of 1280 x 720 px.

    Once the test is over, no page may have met an error that no script caught, nor a breach of its
    security policy. Requests may have failed: that is what many tests are about.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def on_error(error: WebError) -> None:
        faults.append(str(error.error))

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def opens(locale: str = "zh-CN", **options: Any) -> BrowserContext:
        context = browser.open(locale=locale, **options)
        context.set_default_timeout(10_000)
        context.on("weberror", on_error)
        context.on("console", on_console)
        contexts.append(context)
        return context

    yield opens
    for context in contexts:
        browser.close(context)
    assert faults == []


@pytest.fixture
def phone(playwright: Playwright, desk: Opens) -> Opens:
    """Opens phones: small, touched, dense. Chromium plays them all, so Safari's quirks are not."""
    device = {**playwright.devices[PHONE]}
    del device["default_browser_type"]

    def opens(locale: str = "zh-CN", **options: Any) -> BrowserContext:
        return desk(locale, **{**device, **options})

    return opens

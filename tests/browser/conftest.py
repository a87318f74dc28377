"""A real Chromium, with phones and desks in it.

Playwright keeps an event loop running in the thread of the tests for as long as it is there:
`asyncio.run` fails meanwhile. So a module of tests has its own, which ends with the module, and the
server of a test runs in another thread or process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

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


class Opens(Protocol):
    """Opens a window that shares nothing with others; takes what `Browser.new_context` takes."""

    def __call__(self, locale: str = "zh-CN", **options: Any) -> BrowserContext: ...


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright, for the tests of one module."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The Chromium of this machine; fails with what to install where there is none."""
    try:
        path = needed.chromium()
    except LookupError as error:
        pytest.fail(str(error), pytrace=False)
    started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield started
    started.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Opens]:
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
        context = browser.new_context(locale=locale, **options)
        context.set_default_timeout(10_000)
        context.on("weberror", on_error)
        context.on("console", on_console)
        contexts.append(context)
        return context

    yield opens
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def phone(playwright: Playwright, desk: Opens) -> Opens:
    """Opens phones: small, touched, dense. Chromium plays them all, so Safari's quirks are not."""
    device = {**playwright.devices[PHONE]}
    del device["default_browser_type"]

    def opens(locale: str = "zh-CN", **options: Any) -> BrowserContext:
        return desk(locale, **{**device, **options})

    return opens

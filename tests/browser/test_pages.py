"""The browser and the checks of pages: a page that is right passes, each wrong one is told."""

from __future__ import annotations

import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import PLAIN_HOST
from tests.browser.pages import axe, no_sideways_scroll, targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Opens

PAGE = """<!doctype html><html lang="zh-Hans"><head><title>评审</title>
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width"></head><body><main>{}</main></body></html>"""
BIG = "display: inline-block; min-width: 44px; min-height: 44px"
RIGHT = f"""<h1>评审</h1><p>见<a href="/">说明</a>。</p><button style="{BIG}">提交</button>
<label style="{BIG}"><input type="radio" name="mark">8</label>
<div style="overflow-x: auto" tabindex="0"><p style="width: 900px; height: 44px">宽</p></div>"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Where a page that is right is served."""
    (tmp_path / "index.html").write_text(PAGE.format(RIGHT), encoding="utf-8")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_phone_finds_nothing_wrong_on_a_right_page(phone: Opens, port: int) -> None:
    page = phone().new_page()
    page.goto(f"http://localhost:{port}/")
    axe(page)
    targets(page)
    no_sideways_scroll(page)
    assert page.evaluate("[isSecureContext, navigator.language, innerWidth, ontouchend]") == [
        True,
        "zh-CN",
        390,
        None,
    ]


def test_name_of_a_hall_is_no_secure_context(desk: Opens, port: int) -> None:
    page = desk("en").new_page()
    page.goto(f"http://{PLAIN_HOST}:{port}/")
    assert page.evaluate("[isSecureContext, navigator.language, innerWidth]") == [
        False,
        "en",
        1280,
    ]


@pytest.mark.parametrize(
    ("check", "body", "told"),
    [
        (axe, '<h1>评审</h1><img src="data:,">', "image-alt: <img"),
        (axe, '<h1>评审</h1><p style="color: #ccc">字太淡了</p>', "color-contrast: <p"),
        (targets, "<p>见</p><a href='/'>说明</a>", "px: <a"),
        (targets, '<button style="width: 40px; height: 44px"></button>', "40x44 px: <button"),
        (targets, '<label><input type="radio">8</label>', "px: <input"),
        (no_sideways_scroll, '<p style="width: 330px">宽</p>', "<p style"),
    ],
    ids=["no alternative", "faint", "low link", "narrow button", "bare label", "wide"],
)
def test_wrong_page_is_told(
    desk: Opens, check: Callable[[Page], None], body: str, told: str
) -> None:
    page = desk().new_page()
    page.set_content(PAGE.format(body))
    with pytest.raises(AssertionError, match=re.escape(told)):
        check(page)

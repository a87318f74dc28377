"""The front-end files of others do their work under the security policy of our pages."""

from __future__ import annotations

import shutil
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from review.web.security import POLICY
from tests.browser.conftest import PLAIN_HOST
from tools.vendor import VENDOR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser.conftest import Opens

# Not deferred: a deferred htmx looks at the page before a late extension is there, and the page
# then never hears the stream.
PAGE = """<!doctype html><html lang="en"><head><title>Vendored</title>
<meta name="htmx-config" content='{"includeIndicatorCSS": false}'>
<link rel="stylesheet" href="vendor/pico.min.css">
<script src="vendor/htmx.min.js"></script><script src="vendor/hx-sse.min.js"></script>
<script src="own.js" type="module"></script></head>
<body><p id="kept"></p><p id="got" hx-get="part.html" hx-trigger="load"></p>
<p id="heard" hx-sse:connect="stream"></p></body></html>"""
OWN = """import {get, set} from './vendor/idb-keyval.js';
await set('mark', '8.5');
document.getElementById('kept').textContent = await get('mark');
"""


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder, one script of it late, and a stream with one message."""

    def do_GET(self) -> None:
        if self.path == "/vendor/hx-sse.min.js":
            time.sleep(0.3)
        if self.path != "/stream":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b"data: heard\n\n")

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    shutil.copytree(VENDOR, tmp_path / "vendor")
    for name, content in {"index.html": PAGE, "own.js": OWN, "part.html": "got"}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    handler = partial(Handler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("host", ["localhost", PLAIN_HOST])
def test_vendored_files_work_under_our_policy(desk: Opens, port: int, host: str) -> None:
    page = desk("en").new_page()
    page.goto(f"http://{host}:{port}/")
    for name, text in {"kept": "8.5", "got": "got", "heard": "heard"}.items():
        page.locator(f"#{name}", has_text=text).wait_for()
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"

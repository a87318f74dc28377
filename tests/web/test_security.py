"""What is let in, and what every answer wears."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from review.store import people
from review.web.limits import WRITES
from review.web.security import LARGEST, POLICY, is_loopback
from tests.occasion import Occasion, Visitor, make_folder, secret_of
from tests.web.test_permissions import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HTTPS = "https://judging.example.org"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Occasion]:
    folder: Path = make_folder(tmp_path_factory.mktemp("hall") / "event")
    occasion = Occasion.of(folder)
    yield occasion
    occasion.event.close()


def over_http(hall: Occasion, host: str, **settings: Any) -> TestClient:
    """A browser on some machine that speaks plain http."""
    occasion = Occasion(hall.event, type(hall.settings)(**settings)) if settings else hall
    return TestClient(
        occasion.app, base_url="http://192.0.2.1:8000", client=(host, 5000), follow_redirects=False
    )


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_answer_is_dressed(hall: Occasion, name: str) -> None:
    method, _, path = name.partition(" ")
    answer = hall.visitor().client.request(method, path.replace("{token}", "x"))
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["cache-control"] == ("no-cache" if path == "/sw.js" else "no-store")
    assert "camera=()" in answer.headers["permissions-policy"]


@pytest.mark.parametrize(
    "path", ["/nothing", "/api/nothing", "/static/nothing.css", "/openapi.json"]
)
def test_what_is_not_a_page_is_dressed_too(hall: Occasion, path: str) -> None:
    answer = hall.visitor().get(path)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.status_code == (200 if path == "/openapi.json" else 404)


def test_policy_lets_nothing_inline_and_nothing_from_elsewhere() -> None:
    directives = dict(d.strip().split(" ", 1) for d in POLICY.split(";"))
    assert directives.pop("img-src") == "'self' data:"
    assert set(directives.values()) == {"'none'", "'self'"}
    assert directives["default-src"] == directives["frame-ancestors"] == "'none'"


def test_files_asked_for_by_digest_are_kept_for_good(hall: Occasion) -> None:
    visitor = hall.visitor()
    assert "immutable" in visitor.get("/static/app.css", v="abc").headers["cache-control"]
    assert visitor.get("/static/app.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("host", ["192.0.2.7", "2001:db8::7", "testclient"])
def test_plain_http_from_afar_is_refused_with_a_page(hall: Occasion, host: str) -> None:
    client = over_http(hall, host)
    answer = client.get("/join")
    assert (answer.status_code, answer.headers["content-type"]) == (
        403, "text/html; charset=utf-8",
    )  # fmt: skip
    assert "This connection is not safe" in answer.text
    assert "set-cookie" not in answer.headers
    assert "strict-transport-security" not in answer.headers
    assert client.get("/static/app.css").status_code == 200  # what that page looks like
    assert client.post("/join").status_code == 403
    chinese = client.get("/join", headers={"accept-language": "zh-CN"})
    assert 'lang="zh-Hans"' in chinese.text


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_plain_http_on_this_machine_has_a_cookie_of_another_name(hall: Occasion, host: str) -> None:
    client = over_http(hall, host)
    cookie = client.get("/join").headers["set-cookie"]
    assert cookie.startswith("form-lan=")
    assert cookie.endswith("; HttpOnly; Max-Age=900; Path=/; SameSite=lax")
    assert "Not encrypted" not in client.get("/join").text


def test_plain_http_in_a_trusted_network_has_a_banner(hall: Occasion) -> None:
    client = over_http(hall, "192.0.2.7", insecure_lan=True)
    answer = client.get("/join")
    assert answer.status_code == 200
    assert "Not encrypted: others in this network can read along." in answer.text
    assert answer.headers["set-cookie"].startswith("form-lan=")


def test_cookies_over_tls_are_for_this_host_and_no_script(hall: Occasion) -> None:
    answer = hall.visitor().get("/join")
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-form=")
    assert cookie.endswith("; HttpOnly; Max-Age=900; Path=/; SameSite=lax; Secure")


def test_session_cookie_of_plain_http_is_none_over_tls(hall: Occasion) -> None:
    judge = hall.judge()
    token = judge.client.cookies["__Host-session"]
    stranger = hall.visitor()
    stranger.client.cookies.set("session-lan", token)
    assert stranger.get("/api/state").status_code == 401


CHANGES = [name for name in sorted(TABLE) if not name.startswith("GET ")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://[evil"},
        {"Origin": f"{HTTPS}:444"},
    ],
)
def test_changes_from_pages_of_others_are_refused(hall: Occasion, headers: dict[str, str]) -> None:
    organiser = hall.organiser()
    for name in CHANGES:
        method, _, path = name.partition(" ")
        answer = organiser.client.request(
            method, path, headers={**headers, "X-CSRF-Token": organiser.csrf}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), name


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": HTTPS}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_changes_from_own_pages_and_programs_are_let_in(
    hall: Occasion, headers: dict[str, str]
) -> None:
    judge = hall.judge()
    answer = judge.client.put(
        "/api/drafts", json={}, headers={**headers, "X-CSRF-Token": judge.csrf}
    )
    assert answer.status_code == 422


def test_changes_are_let_in_where_a_proxy_hides_the_host(hall: Occasion) -> None:
    client = over_http(hall, "127.0.0.1", base_url=HTTPS)
    csrf = secret_of(client.get("/join").text)
    answer = client.post("/join", data={"csrf": csrf}, headers={"Origin": HTTPS})
    assert answer.headers["location"] == "/join?wrong=link"


@pytest.mark.parametrize("secret", [None, "", "wrong", "秘密"])
def test_changes_without_the_secret_of_the_session_are_refused(
    hall: Occasion, secret: str | None
) -> None:
    organiser, other = hall.organiser(), hall.organiser("Other")
    for name in CHANGES:
        if name in {"POST /join", "POST /sign-in"} or "/api/" in name:
            continue
        for sent in ({} if secret is None else {"csrf": secret}, {"csrf": other.csrf}):
            answer = organiser.client.request("POST", name.partition(" ")[2], data=sent)
            assert answer.status_code == 403, name
    judge = hall.judge()
    for named in ({} if secret is None else {b"X-CSRF-Token": secret.encode()}, {}):
        answer = judge.client.put("/api/drafts", json={}, headers=named)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_secret_may_stand_in_any_form(hall: Occasion) -> None:
    organiser = hall.organiser()
    answer = organiser.client.post(
        "/organiser/account/sign-out", files={"csrf": (None, organiser.csrf)}
    )
    assert answer.status_code == 303
    uploaded = organiser.client.post(
        "/organiser/account/sign-out", files={"csrf": ("secret.txt", organiser.csrf)}
    )
    assert uploaded.status_code == 400


def test_forms_of_nobody_have_a_secret_of_their_own(hall: Occasion) -> None:
    visitor, other = hall.visitor(), hall.visitor()
    theirs = secret_of(other.get("/join").text)
    visitor.get("/join")
    for path in ("/join", "/sign-in"):
        assert visitor.client.post(path, data={"csrf": theirs}).status_code == 403
        assert hall.visitor().client.post(path, data={"csrf": ""}).status_code == 403


@pytest.mark.parametrize("length", [str(LARGEST + 1), "-1", "lots"])
def test_large_bodies_are_refused_before_they_are_read(hall: Occasion, length: str) -> None:
    answer = hall.visitor().client.post(
        "/join", content=b"x", headers={"content-length": length, "content-type": "text/plain"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_large_bodies_that_do_not_say_so_are_refused_meanwhile(hall: Occasion, kind: str) -> None:
    judge = hall.judge()
    read = 0

    def chunks() -> Iterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b"a" * 100_000

    answer = judge.client.post(
        "/api/ballots", content=chunks(),
        headers={"content-type": kind, "X-CSRF-Token": judge.csrf},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_loopback_is_told_from_other_hosts() -> None:
    found = {h: is_loopback(h) for h in ("127.0.0.1", "127.9.9.9", "::1", "10.0.0.1", "localhost")}
    assert [h for h, own in found.items() if own] == ["127.0.0.1", "127.9.9.9", "::1"]


def test_nothing_of_the_framework_but_the_schema_is_public(hall: Occasion) -> None:
    visitor = hall.visitor()
    for path in ("/docs", "/redoc", "/.git/config", "/static/../app.py", "/static/%2e%2e/app.py"):
        assert visitor.get(path).status_code == 404, path


def test_every_page_speaks_the_language_that_was_chosen(hall: Occasion) -> None:
    visitor = hall.visitor()
    assert 'lang="en"' in visitor.get("/join").text
    chosen = visitor.get("/join", lang="zh-Hans")
    assert "lang=zh-Hans; Path=/; Max-Age=31536000; SameSite=Lax" in str(chosen.headers)
    assert 'lang="zh-Hans"' in visitor.get("/join").text
    assert 'lang="zh-Hans"' in visitor.get("/nothing").text
    assert 'lang="en"' in visitor.get("/join", lang="en").text
    other = hall.visitor()
    other.client.headers["accept-language"] = "fr;q=0.9, zh-TW;q=0.8"
    assert 'lang="zh-Hans"' in other.get("/join", lang="xx").text
    assert "lang=xx" not in str(other.get("/join", lang="xx").headers)


def test_floods_of_one_session_are_slowed_down_and_those_of_others_are_not(
    hall: Occasion,
) -> None:
    judge, other = hall.judge(), hall.judge("zhou")
    for _ in range(WRITES.count - 1):
        hall.app.state.limits.count(WRITES, judge.csrf)
    assert judge.send("PUT", "/api/drafts", {}).status_code == 422
    answer = judge.send("PUT", "/api/drafts", {})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert other.send("PUT", "/api/drafts", {}).status_code == 422


def test_session_dies_with_its_link_and_with_its_judge(hall: Occasion) -> None:
    judge, elsewhere = hall.judge("wei/3"), hall.judge("wei/3")
    ref = hall.ref("wei/3")
    assert judge.get("/api/state").status_code == 200
    hall.event.writer.do(lambda conn: people.revoke_links(conn, ref))
    for visitor in (judge, elsewhere):
        answer = visitor.get("/api/state")
        assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
        assert visitor.get("/judge").headers["location"] == "/join"
    again = hall.judge("wei/3")
    chair = hall.organiser()
    form = {"ref": ref, "how": "kept", "why": "ill", "confirmed": "yes"}
    assert chair.post("/organiser/judge/withdraw", form).status_code == 303
    assert again.get("/api/state").status_code == 401
    assert chair.post("/organiser/judge/restore", {"ref": ref, "why": "well"}).status_code == 303


def test_api_answers_json_and_pages_are_pages(hall: Occasion) -> None:
    visitor: Visitor = hall.visitor()
    assert visitor.get("/api/nothing").json() == {
        "code": "http_404", "message": "There is nothing at this address.", "details": None,
    }  # fmt: skip
    assert "There is nothing at this address." in visitor.get("/nothing").text
    wrong = visitor.client.delete("/api/ballots")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "http_405")
    assert json.loads(visitor.get("/openapi.json").text)["info"]["title"] == "review"

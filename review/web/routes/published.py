"""Results for everybody, once they are published; before that a 404 that says nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from review.live.policy import PUBLIC as ANYBODY
from review.live.policy import Action, Phase, Viewer, allows
from review.text import pick
from review.web.answers import PublishedResult
from review.web.calling import slow
from review.web.rendering import page
from review.web.routes.organiser import names, tables
from review.web.routes.organiser.results import parsed
from review.web.viewers import requires

if TYPE_CHECKING:
    from review.store.publications import Publication

router = APIRouter()

_INLINE = re.compile(r"<(style|script)[^>]*>(.*?)</\1>", re.DOTALL)


async def _published(request: Request) -> Publication:
    """What is published now; not found where nothing is, or not yet."""
    found: Publication | None = await slow(request.app.state.event.publication)
    phase = Phase(None, published=found is not None)
    if found is None or not allows(Viewer(ANYBODY), Action.SEE_RESULTS, phase):
        raise HTTPException(404)
    return found


@router.get("/results", include_in_schema=False, dependencies=[requires(Action.ASK_RESULTS)])
async def results_page(request: Request) -> Response:
    """Ranks, shortlists and awards for everybody."""
    found = await _published(request)
    result = parsed(found.result)
    definition = request.app.state.event.definition
    return page(
        request, "published/results.html",
        title=pick(result["title"]) or result["competition"],
        state=result["state"], at=found.until or found.at, seq=found.seq, hash=found.hash,
        awards=tables.awards(result), rounds=[
            tables.standings(r, names.criteria(definition, r["id"])) for r in result["rounds"]
        ],
    )  # fmt: skip


@router.get("/results/report", include_in_schema=False, dependencies=[requires(Action.ASK_RESULTS)])
async def report(request: Request) -> Response:
    """The report as it was published, to the byte."""
    found = await _published(request)
    return HTMLResponse(found.page, headers={"content-security-policy": policy_for(found.page)})


@router.get(
    "/api/results", response_model=PublishedResult, dependencies=[requires(Action.ASK_RESULTS)]
)
async def results(request: Request) -> Response:
    """What is published, with the head of the record that it was computed at; 404 before."""
    found = await _published(request)
    head = json.dumps({"seq": found.seq, "hash": found.hash})
    # The result goes out as it was written: its numbers keep their digits.
    body = (
        f'{{"published_at": {json.dumps(found.until or found.at)}, "record": {head},'
        f' "result": {found.result.strip()}}}'
    )
    return Response(body, media_type="application/json")


@lru_cache(maxsize=4)
def policy_for(html: str) -> str:
    """A content security policy that lets a page of one file have its own style and script."""
    digests: dict[str, list[str]] = {"style": [], "script": []}
    for kind, content in _INLINE.findall(html):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        digests[kind].append(f"'sha256-{digest}'")
    return "; ".join((
        "default-src 'none'", "img-src data:",
        f"style-src {' '.join(digests['style']) or _NONE}",
        f"script-src {' '.join(digests['script']) or _NONE}",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ))  # fmt: skip


_NONE = "'none'"

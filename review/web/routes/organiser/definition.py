"""The rules and tables that the event runs on, what the folder says now, what one takes home."""

from __future__ import annotations

import difflib
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from review import app
from review.errors import Refused, ReviewError
from review.live.policy import Action
from review.messages import Message
from review.model.canonical import digest as digest_of
from review.store import chain, changes, transfer
from review.store.portable import definition as canonical
from review.text import _
from review.web.calling import slow
from review.web.routes.organiser import effects
from review.web.routes.organiser.shared import show, to, write
from review.web.viewers import Caller, requires

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.live.event import Event
    from review.web.settings import Settings

router = APIRouter(prefix="/organiser")

#: Lines of a difference that a page shows.
LINES = 400


@router.get("/definition")
async def definition_page(
    request: Request, caller: Annotated[Caller, requires(Action.SEE_DEFINITION)]
) -> Response:
    """Versions, and what reading the folder again would change."""
    return show(
        request,
        "definition",
        "definition",
        **await slow(_context, caller.event, _settings(request)),
    )


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _context(event: Event, settings: Settings) -> dict[str, Any]:
    with event.database.reading() as conn:
        version, kept = changes.definition(conn)
        versions = [
            {"version": v.version, "at": v.at, "digest": v.rules} for v in changes.definitions(conn)
        ]
    context: dict[str, Any] = {
        "version": version, "versions": versions[::-1], "folder": settings.folder, "problems": [],
        "changes": [], "effect": None, "digest": "",
    }  # fmt: skip
    if settings.folder is None:
        return context
    files, problems = folder_now(settings)
    context["problems"] = problems
    if not problems:
        context["changes"] = differences(kept, files)
        context["digest"] = seal(files)
        if context["changes"]:
            context["effect"] = effects.of_files(event, files)
    return context


def folder_now(settings: Settings) -> tuple[dict[str, bytes], list[str]]:
    """What the folder says now as the files of a definition, or the errors that are in it."""
    folder = Path(settings.folder or "")
    try:
        opened = _loaded(folder, settings)
    except ReviewError as error:
        return {}, [error.message.render()]
    errors = [p.message.render() for p in opened.problems if p.is_error]
    return ({}, errors) if errors else (canonical(opened), [])


def _loaded(folder: Path, settings: Settings) -> app.Opened:
    return app.load(
        folder,
        local_plugins=settings.local_plugins,
        blocked=settings.blocked,
        judged_live=True,
    )


def seal(files: Mapping[str, bytes]) -> str:
    """What a page showed of a folder, so that nothing else is taken over."""
    return digest_of({path: content.hex() for path, content in sorted(files.items())})


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[dict[str, str]]:
    """File by file what is new, gone or different."""
    found = []
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        kind = _("new") if old is None else _("gone") if new is None else _("different")
        found.append({"path": path, "kind": kind, "diff": _diff(old or b"", new or b"")})
    return found


def _diff(old: bytes, new: bytes) -> str:
    try:
        before, after = old.decode().splitlines(), new.decode().splitlines()
    except UnicodeDecodeError:
        return ""
    lines = list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]
    return "\n".join(lines[:LINES])


@router.post("/definition")
async def renew(
    request: Request,
    caller: Annotated[Caller, requires(Action.RENEW_DEFINITION)],
    version: Annotated[int, Form()],
    digest: Annotated[str, Form(max_length=200)],
) -> Response:
    """Take over what the page showed of the folder."""
    await slow(_renew, caller, _settings(request), version, digest)
    return to("/organiser/definition")


def _renew(caller: Caller, settings: Settings, version: int, digest: str) -> None:
    event = caller.event
    if settings.folder is None:
        raise Refused(Message("live_no_folder"), 409)
    files, problems = folder_now(settings)
    if problems or seal(files) != digest or event.definition.version != version:
        raise Refused(Message("folder_changed"), 409)
    event.renew(Path(settings.folder), actor=caller.person.ref)


Exporting = Annotated[Caller, requires(Action.EXPORT)]


@router.get("/export")
async def export(caller: Exporting) -> Response:
    """The event as a folder, in a zip file."""
    body = await slow(_export, caller.event)
    return await _download(caller, body, "folder")


def _export(event: Event) -> bytes:
    with event.database.reading() as conn:
        return zipped(transfer.export_files(conn))


@router.get("/files")
async def files(request: Request, caller: Exporting) -> Response:
    """The result as it stands now, in every format, in a zip file."""
    body = await slow(_files, caller.event, _settings(request))
    return await _download(caller, body, "results")


def _files(event: Event, settings: Settings) -> bytes:
    with event.database.reading() as conn:
        found = transfer.export_files(conn)
    with tempfile.TemporaryDirectory(prefix="review-") as name:
        folder, out = Path(name) / "folder", Path(name) / "out"
        transfer.write_folder(found, folder)
        opened = _loaded(folder, settings)
        app.write(opened, app.run(opened), out)
        return zipped(
            {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
        )


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files in a zip file; the same files give the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return out.getvalue()


async def _download(caller: Caller, body: bytes, what: str) -> Response:
    """A zip file to save; that it was taken is in the record."""
    actor = caller.person.ref
    await write(caller, lambda conn: chain.append(conn, "exported", actor, {"what": what}))
    name = f"review-{what}.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="application/zip", headers=headers)

"""`review serve`: the live application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from review.cli.live import database_of, database_option, say, tell_link
from review.cli.options import common, competition_argument, loading
from review.errors import UsageError
from review.messages import Message
from review.text import N_, _

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from review.live.event import Event
    from review.web.settings import Settings


@click.command(
    help=N_(
        "Serve the competition in DIR: judges mark on their phones, organisers follow and decide."
        " The first start takes the folder into a database; from then on marks are kept there, and"
        " `review export` gives them back as a folder. Prints a link that signs an organiser in."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@click.option("--host", metavar=N_("ADDRESS"), help=N_("Where to listen (default: 127.0.0.1)."))
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    default=8000,
    help=N_("Where to listen; 0: any that is free (default: 8000)."),
)
@database_option
@click.option(
    "--base-url",
    metavar="URL",
    help=N_("The address that judges use, for links and QR codes: https://judging.example.org."),
)
@click.option(
    "--insecure-lan",
    is_flag=True,
    help=N_("Answer plain http from other machines (a network that you trust), on all addresses."),
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1),
    default=1,
    help=N_("Processes; more than one needs PostgreSQL."),
)
@click.option(
    "--metrics-token",
    metavar=N_("TOKEN"),
    envvar="REVIEW_METRICS_TOKEN",
    help=N_("What /metrics asks of machines other than this one."),
)
@loading
@common
def command(  # noqa: PLR0913 -- one parameter an option
    folder: Path,
    host: str | None,
    port: int,
    database: str | None,
    base_url: str | None,
    *,
    insecure_lan: bool,
    workers: int,
    metrics_token: str | None,
    local_plugins: bool,
    blocked: tuple[str, ...],
) -> None:
    """Open the event, print where it is and how to get in, serve until stopped."""
    from review.store.database import address_of
    from review.web.settings import Settings

    kept = database or str(database_of(folder.resolve(), None))
    if workers > 1 and address_of(kept).get_backend_name() == "sqlite":
        raise click.UsageError(
            _(
                "--workers {workers} needs --database postgresql://…: SQLite takes one writer"
            ).format(workers=workers)
        )
    settings = Settings(
        folder=str(folder.resolve()),
        database=kept,
        base_url=base_url.rstrip("/") if base_url else None,
        insecure_lan=insecure_lan,
        metrics_token=metrics_token,
        local_plugins=local_plugins,
        blocked=tuple(blocked),
    )
    everywhere = "0.0.0.0"  # noqa: S104  # nosec B104 -- asked for by --insecure-lan
    _serve(settings, host or (everywhere if insecure_lan else "127.0.0.1"), port, workers)


def _serve(settings: Settings, host: str, port: int, workers: int) -> None:
    import os
    from contextlib import closing

    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from review.web.app import create_app
    from review.web.logs import take_logs
    from review.web.serving import open_event, stopping

    with (
        stopping(),
        closing(open_event(settings)) as event,
        _listening(host, port) as listening,
    ):
        _announce(event, settings, host, listening.getsockname()[1])
        take_logs()
        how: dict[str, Any] = {
            "access_log": False,
            "log_config": None,
            "server_header": False,
            "timeout_graceful_shutdown": 3,
        }
        if workers == 1:
            config = uvicorn.Config(create_app(event, settings), **how)
            uvicorn.Server(config).run([listening])
        else:
            event.close()
            os.environ.update(settings.to_environment())
            app = "review.web.app:serve_app"
            config = uvicorn.Config(app, factory=True, workers=workers, **how)
            Multiprocess(config, [listening]).run()


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens; UsageError where the address is taken or none of this machine."""
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as found:
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        error = str(found.strerror).partition(" (while")[0]
        raise UsageError(Message("cannot_listen", {"address": where, "error": error})) from found


def _announce(event: Event, settings: Settings, host: str, port: int) -> None:
    """Say where it is, how an organiser gets in, and what to mind."""
    from review.store.people import organiser_link

    shown = "localhost" if host in _HERE else f"[{host}]" if ":" in host else host
    address = settings.base_url or f"http://{shown}:{port}"
    token = event.writer.do(lambda conn: organiser_link(conn, ""))
    say(_("Serving {competition} at {address}").format(
        competition=event.definition.loaded.competition.id, address=address
    ))  # fmt: skip
    click.echo(_("Database: {database}").format(database=event.database.shown))
    tell_link(address, token)
    if settings.insecure_lan:
        say(_(
            "Plain http: anybody in this network can read along and change marks. Phones keep"
            " unsent marks only while the page stays open."
        ), err=True)  # fmt: skip
    if shown == "localhost" and settings.base_url is None:
        say(_(
            "Phones cannot open this address: --base-url says which one they can, and links and QR"
            " codes carry it."
        ), err=True)  # fmt: skip
    for difference in event.differences:
        say(difference.render(), err=True)
    say(_("Stop with Ctrl+C; nothing that was stored is lost."))


#: Addresses that a browser on this machine reaches as localhost.
_HERE = frozenset(("127.0.0.1", "0.0.0.0", "::", "::1"))  # noqa: S104  # nosec B104 -- only compared

"""Calling the domain from the event loop without holding it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.live.event import Event

P = ParamSpec("P")
T = TypeVar("T")


async def quick(event: Event, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """A short look into the database: at once on SQLite, which is in this process.

    A thread costs more than such a look does there; PostgreSQL is a network away, so it gets one.
    """
    if event.database.dialect == "sqlite":
        return function(*args, **kwargs)
    return await run_in_threadpool(function, *args, **kwargs)


async def slow(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Anything that takes more than some milliseconds."""
    return await run_in_threadpool(function, *args, **kwargs)

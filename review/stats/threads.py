"""Linear algebra on one thread: threads that wait by spinning slow a busy machine tenfold."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def on_one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function do its linear algebra on the thread that calls it.

    Matrices here are small, or need few operations: two threads gain little where they are alone,
    and lose much where they are not. Finding the libraries takes some 3 ms a call.
    """

    @wraps(function)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        import scipy.linalg  # noqa: F401, PLC0415 -- loads the library that is to be limited
        from threadpoolctl import threadpool_limits  # noqa: PLC0415 -- only where it is needed

        with threadpool_limits(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return limited

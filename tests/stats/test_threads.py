from __future__ import annotations

import scipy.linalg  # noqa: F401 -- loads the libraries
from threadpoolctl import threadpool_info, threadpool_limits

from review.stats.threads import on_one_thread


def threads() -> set[int]:
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


@on_one_thread
def inside(add: int, *, more: int = 0) -> tuple[set[int], int]:
    """How many threads there are."""
    return threads(), add + more


def test_linear_algebra_keeps_to_one_thread_and_gives_the_others_back() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        assert inside(1, more=2) == ({1}, 3)
        assert threads() == {2}
    assert inside.__doc__ == "How many threads there are."

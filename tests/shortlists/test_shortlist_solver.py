"""Filling floors by the solver, in silence."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from review_plugins.shortlists.solver import best_plan

if TYPE_CHECKING:
    from review_plugins.shortlists.quotas import Signature

Y, Z = ("community", "y"), ("community", "z")
A, B = ("category", "a"), ("category", "b")


def test_best_plan_fills_the_most_floors_within_caps_and_places() -> None:
    pool: dict[Signature, int] = {(Y, A): 1, (Y, B): 3, (Z, B): 2}
    plan = best_plan(pool, needs={Y: 1, Z: 1, B: 1}, rooms={B: 1}, places=2)
    assert dict(plan) == {(Y, A): 1, (Y, B): 0, (Z, B): 1}


def test_best_plan_leaves_short_what_cannot_be_filled() -> None:
    assert best_plan({(Y, A): 5}, needs={Y: 3, A: 9}, rooms={}, places=2) == [((Y, A), 2)]


def test_solver_prints_nothing() -> None:
    code = (
        "from review_plugins.shortlists.solver import best_plan\n"
        "best_plan({(('a', 'x'),): 2}, {('a', 'x'): 1}, {}, 3)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert (done.stdout, done.stderr) == (b"", b"")

"""Whether somebody fits, by the plan at hand, against the solver asked each time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from review_plugins.shortlists.cases import Case
from review_plugins.shortlists.plan import Limits, Pool
from review_plugins.shortlists.solver import best_plan

if TYPE_CHECKING:
    from review_plugins.shortlists.quotas import Key, Signature

ATTRIBUTES = {"community": "xyzuv", "category": "abc", "region": "nm"}


def least_short(case: Case) -> int:
    """The least shortfall of the floors, by the solver alone."""
    floors, caps, counts = case.limits.floors, case.limits.caps, case.counts
    needs = {k: floor - counts.get(k, 0) for k, floor in floors.items()}
    needs = {k: need for k, need in needs.items() if need > 0}
    rooms = {k: max(0, cap - counts.get(k, 0)) for k, cap in caps.items()}
    plan = best_plan(case.pool.signatures, needs, rooms, case.places)
    return sum(
        max(0, need - sum(count for signature, count in plan if key in signature))
        for key, need in needs.items()
    )


def solved(case: Case, signature: Signature) -> bool:
    """Whether one such fits, by the solver alone."""
    if case.places == 0 or any(case.full(key) for key in signature):
        return False
    then = case.with_([signature])
    case.pool.take([signature])
    short = least_short(then)
    case.pool.put([signature])
    return short <= case.short


def draw(seed: int) -> tuple[Case, list[Signature]]:
    """A case with quotas on two or three attributes, and those to come in their order."""
    any_of = random.Random(seed)  # noqa: S311 -- any field will do
    attributes = dict(list(ATTRIBUTES.items())[: any_of.choice([2, 3])])
    count = any_of.randint(8, 30)
    order = [
        tuple((by, any_of.choice(values)) for by, values in attributes.items())
        for _ in range(count)
    ]
    keys: list[Key] = [(by, value) for by, values in attributes.items() for value in values]
    floors = {key: any_of.randint(1, 4) for key in keys if any_of.random() < 0.5}
    caps = {key: floors.get(key, 0) + any_of.randint(1, 3) for key in keys if any_of.random() < 0.6}
    pool = Pool(order)
    return Case.start(Limits(floors, caps), pool, any_of.randint(4, count // 2), {}), order


def test_plan_says_what_the_solver_says_down_to_the_end() -> None:
    for seed in range(40):
        case, order = draw(seed)
        assert case.short == least_short(case)
        for signature in order:
            fits = case.fits([signature])
            assert fits == solved(case, signature), (seed, signature)
            if fits:
                case.add([signature])
            case.pool.take([signature])
            case.gone([signature])


def test_who_does_not_fit_never_will() -> None:
    for seed in range(40, 60):
        case, order = draw(seed)
        hopeless = set()
        for signature in order:
            fits = case.fits([signature])
            assert not (fits and signature in hopeless)
            if fits:
                case.add([signature])
            else:
                hopeless.add(signature)
            case.pool.take([signature])
            case.gone([signature])

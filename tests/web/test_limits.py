from __future__ import annotations

import pytest

from review.web.limits import Limit, Limits, network_of


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    return Limits(clock)


FEW = Limit(3, 10)


def test_limit_lets_so_many_through_and_then_says_how_long_to_wait(
    limits: Limits, clock: Clock
) -> None:
    waits = []
    for _ in range(4):
        waits.append(limits.wait(FEW, "a"))
        limits.count(FEW, "a")
        clock.time += 1
    assert waits == [0, 0, 0, 7]


def test_limit_slides(limits: Limits, clock: Clock) -> None:
    for _ in range(3):
        limits.count(FEW, "a")
        clock.time += 2
    assert limits.wait(FEW, "a") == 4
    clock.time = 10
    assert limits.wait(FEW, "a") == 0


def test_limits_of_different_keys_do_not_touch(limits: Limits) -> None:
    for _ in range(3):
        limits.count(FEW, "a")
    assert (limits.wait(FEW, "a"), limits.wait(FEW, "b")) == (10, 0)


def test_keys_whose_time_is_over_are_forgotten(limits: Limits, clock: Clock) -> None:
    for number in range(10_000):
        limits.count(FEW, str(number))
    clock.time = 11
    limits.count(FEW, "last")
    assert len(limits._seen) == 1  # noqa: SLF001 -- memory is what is tested


def test_keys_whose_time_is_not_over_stay(limits: Limits) -> None:
    for number in range(10_001):
        limits.count(FEW, str(number))
    assert len(limits._seen) == 10_001  # noqa: SLF001 -- memory is what is tested


def test_failures_are_counted_by_what_one_customer_of_a_provider_has() -> None:
    hosts = ("192.0.2.7", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "::1", "unix")
    assert [network_of(host) for host in hosts] == [
        "192.0.2.7", "2001:db8:1:2::/64", "2001:db8:1:2::/64", "::/64", "unix",
    ]  # fmt: skip

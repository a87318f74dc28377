"""Limits on how often something is tried, none of which a whole venue behind one address hits.

What is counted is failures and floods, never people: three hundred judges who sign in from one
address within a minute succeed, and succeeding is not counted (OWASP ASVS 5.0, 6.1.1 and 6.3.1).
"""

from __future__ import annotations

import ipaddress
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` within `seconds`."""

    count: int
    seconds: float


#: Failed sign-ins: from one address (a venue shares it), for one login or code, and overall.
FAILED_FROM_ADDRESS = Limit(60, 300)
FAILED_FOR_NAME = Limit(10, 900)
FAILED_OVERALL = Limit(600, 300)
#: Writes of one session: a phone that comes back after an hour offline sends some hundred at once.
WRITES = Limit(600, 60)

#: The part of an IPv6 address that one customer of a provider has to himself.
_PREFIX = 64


def network_of(host: str) -> str:
    """What failures from an address are counted under.

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2:3:4:5:6"), network_of("testclient")
    ('192.0.2.7', '2001:db8:1:2::/64', 'testclient')
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:  # noqa: PLR2004 -- IPv4
        return host
    return str(ipaddress.ip_network((address, _PREFIX), strict=False))


#: Keys beyond which those whose time is over are forgotten.
_MANY = 10_000


@dataclass
class Limits:
    """Sliding windows by key, in this process."""

    clock: Callable[[], float] = time.monotonic
    _seen: dict[tuple[Limit, str], deque[float]] = field(default_factory=dict)

    def wait(self, limit: Limit, key: str) -> float:
        """Seconds until one more is allowed; 0 where it is now."""
        seen = self._seen.get((limit, key))
        if seen is None:
            return 0.0
        self._forget(limit, seen)
        return 0.0 if len(seen) < limit.count else seen[0] + limit.seconds - self.clock()

    def count(self, limit: Limit, key: str) -> None:
        """Remember that it happened."""
        if len(self._seen) >= _MANY:
            self._sweep()
        self._seen.setdefault((limit, key), deque(maxlen=limit.count)).append(self.clock())

    def _forget(self, limit: Limit, seen: deque[float]) -> None:
        while seen and seen[0] + limit.seconds <= self.clock():
            seen.popleft()

    def _sweep(self) -> None:
        for (limit, key), seen in list(self._seen.items()):
            self._forget(limit, seen)
            if not seen:
                del self._seen[limit, key]

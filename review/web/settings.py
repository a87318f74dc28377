"""How one server is run: what differs between a laptop in a hall and a host behind a proxy."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass

#: Under which a server hands its settings to the processes it starts.
VARIABLE = "REVIEW_SERVE"


@dataclass(frozen=True, slots=True)
class Settings:
    """What `review serve` was asked for.

    `folder`: the competition's folder, or None where the database alone is served. `database`: a
    URL, or None for the SQLite file in the folder. `base_url`: where judges reach the server, for
    links and QR codes (default: the address a request came to). `insecure_lan`: whether plain http
    from other machines is answered. `metrics_token`: what a scraper from elsewhere must show.
    """

    folder: str | None = None
    database: str | None = None
    base_url: str | None = None
    insecure_lan: bool = False
    metrics_token: str | None = None
    local_plugins: bool = True
    blocked: tuple[str, ...] = ()

    def to_environment(self) -> dict[str, str]:
        """As an environment variable for worker processes."""
        return {VARIABLE: json.dumps(asdict(self))}

    @classmethod
    def from_environment(cls) -> Settings:
        """What `to_environment` put there (KeyError where nothing did)."""
        values = json.loads(os.environ[VARIABLE])
        return cls(**{**values, "blocked": tuple(values["blocked"])})

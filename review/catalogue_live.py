"""The English texts of live judging, by code: refusals, events of the record, the store."""

from __future__ import annotations

from review.text import N_

LIVE = {
    "database_in_use": N_(
        "another server has “{database}” open; on SQLite one serves at a time (PostgreSQL takes"
        " any number: `--database postgresql://…`)"
    ),
    "live_not_started": N_(
        "{folder} has no live event yet: `review serve {folder}` starts it (or name a --database)"
    ),
}

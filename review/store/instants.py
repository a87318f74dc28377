"""Instants as the tables have them: text in UTC to the microsecond, which sorts by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> str:
    """The server's time, which alone counts: `2026-11-24T06:03:00.123456Z`."""
    return written(datetime.now(UTC))


def written(moment: datetime) -> str:
    """A moment with a time zone as the tables have it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def later(at: str, span: timedelta) -> str:
    """An instant and a span after it (before it where the span is negative)."""
    return written(datetime.fromisoformat(at) + span)


def noted(text: str | None) -> str | None:
    """What a client says its clock was, if it is a time at all: a note, never an authority."""
    try:
        return written(datetime.fromisoformat(text)) if text else None
    except (ValueError, OverflowError):
        return None

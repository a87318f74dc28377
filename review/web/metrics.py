"""What is counted for Prometheus. Nothing here tells who judged what."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

REQUESTS = Counter(
    "review_requests_total", "Requests answered.", ("method", "route", "status"), registry=REGISTRY
)
SECONDS = Histogram(
    "review_request_seconds",
    "Seconds from a request to the end of its answer.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)
BALLOTS = Counter(
    "review_ballots_total",
    "Ballots that arrived: stored, replayed (sent again), refused.",
    ("outcome",),
    registry=REGISTRY,
)
LISTENERS = Gauge("review_listeners", "Pages that listen to the event stream.", registry=REGISTRY)
HEAD = Gauge("review_record_head", "Events in the record.", registry=REGISTRY)


def exposition() -> bytes:
    """The figures in the text format of Prometheus."""
    return generate_latest(REGISTRY)

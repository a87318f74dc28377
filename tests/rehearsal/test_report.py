from __future__ import annotations

import json
from dataclasses import replace

from review.rehearsal.probe import Leak
from review.rehearsal.report import Latency
from tests.rehearsal.sample import NONE, REPORT


def test_latency_is_the_nearest_rank() -> None:
    hundred = [n / 100 for n in range(100, 0, -1)]
    assert Latency.of(hundred) == Latency(100, 0.50, 0.95, 0.99, 1.0)
    assert Latency.of([3.0]) == Latency(1, 3.0, 3.0, 3.0, 3.0)
    assert Latency.of([]) == NONE


def test_report_is_clean_as_long_as_nothing_is_wrong() -> None:
    assert REPORT.is_clean
    wrong = (
        replace(REPORT, balance=replace(REPORT.balance, lost=["final / j1 / p1 / need #1"])),
        replace(REPORT, not_exported=["final / j1 / p1 / need: 8 → –"]),
        replace(REPORT, same=False),
        replace(REPORT, record=["event 7: …"]),
        replace(REPORT, leaks=[Leak("nobody", "/results", "zqw1")]),
    )
    assert [each.is_clean for each in wrong] == [False] * 5


def test_report_as_json_has_ratios_and_is_json() -> None:
    values = REPORT.to_json()
    assert values["ratio"] == {"grouped": 0.04, "single": 1.6}
    assert values["clean"]
    assert values["latency"]["ballots"]["p50"] == 0.01235
    leaky = replace(REPORT, leaks=[Leak("nobody", "/results", "zqw1")]).to_json()
    assert json.loads(json.dumps(leaky))["leaks"] == [
        {"who": "nobody", "target": "/results", "found": "zqw1"}
    ]

from __future__ import annotations

import json
from dataclasses import replace

from review.rehearsal.ledger import Balance
from review.rehearsal.probe import Leak
from review.rehearsal.report import Latency, Report, Size
from review.rehearsal.yardstick import Bare

NONE = Latency(0, 0.0, 0.0, 0.0, 0.0)
SOME = Latency(15_220, 0.012345, 0.05, 0.08, 3.2)
REPORT = Report(
    size=Size("ideas", ("selection",), 300, 50, 5, 3, "sqlite", "human", 1),
    seconds=361.2,
    operations={"sent": 15_230, "acknowledged": 15_220, "unanswered": 0, "refused": {"stale": 10}},
    played={"lost_reply": 900, "kills": 1, "offline": 40},
    faults={"no_answer": 812, "503": 4, "replays": 640},
    balance=Balance(76_000, 76_010, 10, (), (), (), ()),
    not_exported=(),
    same=True,
    record=(),
    events=15_900,
    asked=4_120,
    leaks=(),
    down=(3.2,),
    latency={"ballots": SOME, "stored": SOME, "pages": NONE, "shown": SOME, "down": NONE},
    marks_per_second=4_000.0,
    bare=Bare(grouped=100_000.0, single=2_500.0),
)


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

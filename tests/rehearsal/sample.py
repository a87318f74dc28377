"""A report to print and to judge."""

from __future__ import annotations

from review.rehearsal.ledger import Balance
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

"""From all that happened to a report: the bookkeeping against the database and the export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from review.live.deriving import Question, derive
from review.rehearsal import exported, stores, yardstick
from review.rehearsal.ledger import compare_export, expected, settle
from review.rehearsal.listener import delays
from review.rehearsal.report import Latency, Report, Size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.app import Opened
    from review.rehearsal.ledger import Ledger
    from review.rehearsal.listener import Listener
    from review.rehearsal.play import Plan
    from review.rehearsal.probe import Probe
    from review.rehearsal.stores import Stored


@dataclass(frozen=True, slots=True)
class Played:
    """A rehearsal that is over: what the players know, and where the server left its marks.

    `judging`: seconds that judges marked, without those in which the server was down. `export`: the
    zip that the organiser fetched. `published`: the answer of `/api/results`.
    """

    plan: Plan
    staged: Opened
    url: str
    folder: Path
    ledger: Ledger
    probe: Probe
    listeners: Sequence[Listener]
    judging: float
    down: Sequence[float]
    export: bytes
    published: str


def report_of(played: Played) -> Report:
    """Hold everything against everything."""
    ledger, stored = played.ledger, stores.read(played.url)
    folder = exported.unpack(played.export, played.folder / "export")
    balance = settle(ledger, stored.rows)
    live = derive(Question(played.url)).text
    outcomes = ledger.refused
    return Report(
        size=_size(played),
        seconds=played.judging,
        operations={
            "sent": len(ledger.sent),
            "acknowledged": len(ledger.acknowledged),
            "unanswered": sum(each.outcome is None for each in ledger.sent.values()),
            "tries": sum(each.tries for each in ledger.sent.values()),
            "refused": dict(outcomes),
        },
        played=dict(ledger.played),
        faults={**ledger.faults, "replays": ledger.replays},
        balance=balance,
        not_exported=compare_export(expected(ledger, stored.rows), exported.read_marks(folder)),
        same=exported.agrees(folder, live, played.folder / "out")
        and exported.is_published(live, played.published),
        record=stored.findings,
        events=stored.events,
        asked=played.probe.asked,
        leaks=tuple(dict.fromkeys(played.probe.leaks)),
        down=played.down,
        latency=_latency(played, stored),
        marks_per_second=balance.acknowledged / max(played.judging, 1e-9),
        bare=yardstick.measure(
            Path(played.url) if played.plan.database is None else played.url, stored.rows
        ),
    )


def _size(played: Played) -> Size:
    loaded, plan = played.staged.loaded, played.plan
    return Size(
        competition=loaded.competition.id,
        rounds=[r.id for r in loaded.competition.rounds if r.uses_own],
        judges=loaded.judges.height,
        proposals=loaded.proposals.height,
        criteria=max(len(rubric.criteria) for rubric in loaded.rubrics.values()),
        listeners=plan.listeners,
        database="sqlite" if plan.database is None else "postgresql",
        pace=plan.pace,
        seed=plan.seed,
    )


def _latency(played: Played, stored: Stored) -> Mapping[str, Latency]:
    ledger = played.ledger
    first = {(row.at, row.event): None for row in stored.rows if row.revision == 1}
    return {
        "ballots": Latency.of(ledger.answers),
        "stored": Latency.of([each.seconds for each in ledger.acknowledged]),
        "pages": Latency.of(ledger.pages),
        "shown": Latency.of(delays(played.listeners, list(first))),
        "down": Latency.of(played.down),
    }

"""When marks were given: read beside the content, which does not depend on it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from review.engine.digests import content_digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.model.loaded import LoadedCompetition

    Load = Callable[..., LoadedCompetition]

ROWS = """
=== pitch.csv
proposal,judge,need,idea{header}
p1,j1,8,7{first}
p1,j2,7,7{second}
p2,j1,8,7{blank}
p2,j2,7,8{blank}
p3,j1,8,7{blank}
"""


def case(*, timed: bool) -> str:
    if not timed:
        return ROWS.format(header="", first="", second="", blank="")
    return ROWS.format(
        header=",at", first=",2024-09-02 10:30", second=",2024-09-02T10:31:05+08:00", blank=","
    )


def test_times_are_read_cell_by_cell(load: Load) -> None:
    times = load(case(timed=True)).times
    assert times is not None
    assert times.rows() == [
        ("pitch", "p1", judge, criterion, datetime(2024, 9, 2, hour, minute, second))  # noqa: DTZ001
        for judge, (hour, minute, second) in (("j1", (10, 30, 0)), ("j2", (2, 31, 5)))
        for criterion in ("idea", "need")
    ]
    assert times.columns == ["round", "proposal", "judge", "criterion", "at"]


def test_times_are_no_content(load: Load) -> None:
    timed = load(case(timed=True))
    marks, digest = timed.marks, content_digest(timed)
    plain = load(case(timed=False))
    assert plain.times is None
    assert marks.equals(plain.marks)
    assert digest == content_digest(plain)


def test_times_of_earlier_revisions_are_left_behind(load: Load) -> None:
    times = load(
        "=== final.csv\nproposal,judge,criterion,mark,revision,at\n"
        "p1,j1,idea,8,1,2024-09-02 10:30\np1,j1,idea,7,2,2024-09-02 10:45\n"
    ).times
    assert times is not None
    assert times["at"].to_list() == [datetime(2024, 9, 2, 10, 45)]  # noqa: DTZ001


def test_unreadable_times_leave_none(load: Load) -> None:
    assert load(case(timed=True).replace("2024-09-02", "soon")).times is None

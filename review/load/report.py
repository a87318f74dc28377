"""Where problems are collected: each with its place, many of one kind told together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from review.messages import Message
from review.model.problem import Place, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

#: A row of a frame by column name.
Row = dict[str, Any]

#: Longer values are cut short in messages.
LONGEST = 60
QUOTED = frozenset(("value", "first_value"))
#: So many problems of one kind in one column are told one by one; the rest in one line.
SHOWN = 20


class Kind(NamedTuple):
    """What is told together: one code in one column of one table."""

    code: str
    severity: Severity
    file: str | None
    sheet: str | None
    column: str | None


@dataclass
class Sum:
    """What is told once, and how many there are."""

    place: Place
    more: Mapping[str, object]
    count: int = 0


class Report:
    """Collects the problems of a competition; `wrong_files` are those with an error so far."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._seen: Counter[Kind] = Counter()
        self._first_hidden: dict[Kind, int | str | None] = {}
        self._sums: dict[tuple[str, str | None], Sum] = {}
        self.wrong_files: set[str | None] = set()

    def error(self, code: str, place: Place | None = None, **more: object) -> None:
        """A problem that stops the run; `more`: `value`, `hint`, parameters of the message."""
        self._add(Severity.ERROR, code, place or Place(), more)

    def warning(self, code: str, place: Place | None = None, **more: object) -> None:
        """A problem to look at; the run goes on."""
        self._add(Severity.WARNING, code, place or Place(), more)

    def note(self, code: str, place: Place | None = None, **more: object) -> None:
        """Something done on the user's behalf."""
        self._add(Severity.NOTE, code, place or Place(), more)

    def add_up(self, code: str, place: Place, count: int, **more: object) -> None:
        """A note told once for each file, at its first place, with the sum of the counts."""
        total = self._sums.setdefault((code, place.file), Sum(place, more))
        total.count += count

    def add(self, problem: Problem) -> None:
        """A problem made elsewhere."""
        kind = _kind_of(problem)
        if problem.is_error:
            self.wrong_files.add(problem.place.file)
        self._seen[kind] += 1
        if self._seen[kind] <= SHOWN:
            self._problems.append(problem)
        else:
            self._first_hidden.setdefault(kind, problem.place.row)

    def each(self, rows: pl.DataFrame, tell: Callable[[Row], None]) -> None:
        """Tell the problem of each row, but build no more of them than are shown.

        Rows must be in the order of their places, and all of one kind.
        """
        for row in rows.head(SHOWN + 1).iter_rows(named=True):
            tell(row)
        hidden = rows.height - SHOWN - 1
        if hidden > 0:
            self._seen[self._last] += hidden

    def problems(self) -> tuple[Problem, ...]:
        """All problems sorted by place, and one line for each kind of which there were too many."""
        rest = [
            Problem(
                kind.severity,
                Message("more_of_kind", {"count": count - SHOWN, "code": kind.code}),
                Place(kind.file, kind.sheet, self._first_hidden[kind], kind.column),
            )
            for kind, count in self._seen.items()
            if count > SHOWN
        ]
        sums = [
            problem_of(Severity.NOTE, code, total.place, {**total.more, "count": total.count})
            for (code, _), total in self._sums.items()
        ]
        return tuple(sorted([*self._problems, *rest, *sums], key=lambda problem: problem.sort_key))

    def _add(self, severity: Severity, code: str, place: Place, more: dict[str, object]) -> None:
        problem = problem_of(severity, code, place, more)
        self._last = _kind_of(problem)
        self.add(problem)


def problem_of(severity: Severity, code: str, place: Place, more: Mapping[str, object]) -> Problem:
    """A problem whose message has `more` as its parameters, those that are long cut short."""
    value, hint = more.get("value"), more.get("hint")
    params = {
        name: short(param) if name in QUOTED else param
        for name, param in more.items()
        if name != "hint"
    }
    return Problem(
        severity,
        Message(code, {"at": "", **params}),
        place,
        value=None if value is None else str(value),
        hint=hint if isinstance(hint, Message) else None,
    )


def short(param: object) -> object:
    """A parameter of a message; a long text ends in `…`."""
    if isinstance(param, str) and len(param) > LONGEST:
        return f"{param[:LONGEST]}…"
    return param


def _kind_of(problem: Problem) -> Kind:
    place = problem.place
    return Kind(problem.code, problem.severity, place.file, place.sheet, place.column)

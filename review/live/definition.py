"""What an event is run by: the competition as it was read, and the form of each round."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from review import app
from review.engine.entrants import Panels
from review.errors import Refused
from review.load.numbers import MOST_DIGITS, NUMBER
from review.load.values import STATES, hint_for, rule_of, scale_params
from review.messages import Message
from review.model.canonical import digest
from review.store.marks import Cell

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from review.model.competition import Round
    from review.model.loaded import LoadedCompetition
    from review.model.rubric import Criterion, Rubric

#: What the tables of marks take for white space: Unicode's, of which Python knows four more.
_SPACE = re.compile(r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_EDGES = re.compile(rf"^{_SPACE.pattern}|{_SPACE.pattern}$")
_NUMBER = re.compile(NUMBER.removeprefix("^").removesuffix("$"))


def typed(mark: str | None, state: str | None) -> str:
    """A mark or a state as a judge would type it: what `Form.read` takes."""
    return mark or "" if state in {None, "missing"} else str(state)


def as_cell(text: str | None) -> Cell:
    """What was typed, in the one way in which it is kept: `８.50 ` is the mark 8.5.

    The rules of tables, whatever the rubric. What is neither a number nor a state stays as it is.
    """
    plain = _EDGES.sub("", unicodedata.normalize("NFKC", text or "")).replace("\u2212", "-", 1)
    state = STATES.get(_SPACE.sub("", plain.lower()))
    if state is not None:
        return Cell(None, state)
    if _NUMBER.fullmatch(plain) is None:
        return Cell(plain, None)
    whole, _, fraction = plain.lstrip("+-").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    number = f"{whole}.{fraction}" if fraction else whole
    return Cell(f"-{number}" if plain.startswith("-") and number != "0" else number, None)


@dataclass(frozen=True)
class Form:
    """How a round is marked.

    `digest` changes whenever the rubric does. `blind`: attributes that judges do not see. `columns`
    are the attributes of proposals, `panel` the ids of the judges who serve. `assigned`: who was
    asked to mark what, as `(judge, proposal)`; None: everybody everything.
    """

    round: str
    title: Mapping[str, str]
    rubric: Rubric
    digest: str
    blind: tuple[str, ...]
    columns: tuple[str, ...]
    panel: frozenset[str]
    assigned: frozenset[tuple[str, str]] | None

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """The criteria by id, in the order of the rubric."""
        return MappingProxyType({c.id: c for c in self.rubric.criteria})

    @cached_property
    def counting(self) -> frozenset[str]:
        """The criteria whose marks are expected."""
        return frozenset(c.id for c in self.rubric.counting)

    @cached_property
    def _rules(self) -> Mapping[str, tuple[int | None, ...]]:
        return {c.id: rule_of(self.rubric, c) for c in self.rubric.criteria}

    def read(self, cells: Mapping[str, str | None]) -> dict[str, Cell]:
        """What was typed on each criterion as it is kept, by the rules of tables of marks.

        Refused (`invalid_marks`, 422) where anything is no mark of this rubric: `details` has
        `problems`, each with `criterion`, `value`, `message` and `hint`.
        """
        return self.check({criterion: as_cell(text) for criterion, text in cells.items()})

    def check(self, cells: Mapping[str, Cell]) -> dict[str, Cell]:
        """The same cells, if each is a mark of this rubric; else Refused, as `read`."""
        problems = [
            problem
            for criterion, cell in cells.items()
            if (problem := self._problem(criterion, cell)) is not None
        ]
        if problems:
            details = {"round": self.round, "problems": problems}
            raise Refused(Message("invalid_marks"), 422, details)
        return dict(cells)

    def _problem(self, criterion: str, cell: Cell) -> dict[str, object] | None:
        told: dict[str, object] = {"value": cell.mark, "criterion": criterion, "at": ""}
        hint = None
        if criterion not in self.criteria:
            code = "criterion_unknown"
            told["value"] = criterion
        else:
            found = trouble(cell, self._rules[criterion])
            if found is None:
                return None
            code = found
            told |= {**scale_params(self.rubric, criterion), "criterion": self._called(criterion)}
            hint = hint_for({"trouble": code, "text": cell.mark or ""})
        return {
            "criterion": criterion,
            "value": cell.mark,
            "code": code,
            "message": Message(code, told).texts(),
            "hint": hint.texts() if hint else None,
        }

    def _called(self, criterion: str) -> object:
        return dict(self.criteria[criterion].title) or criterion


def trouble(cell: Cell, rule: tuple[int | None, ...]) -> str | None:
    """Why a cell is no mark under a rule of `review.load.values.rule_of`, as a code; else None."""
    if cell.mark is None:
        return None
    if _NUMBER.fullmatch(cell.mark) is None:
        return "mark_not_a_number"
    fine, places, low, high, step, start, factor = rule
    assert fine is not None and places is not None and factor is not None  # noqa: S101, PT018 -- of every rule
    assert low is not None and high is not None and start is not None  # noqa: S101, PT018 -- as above
    whole, _, fraction = cell.mark.removeprefix("-").partition(".")
    if len(fraction) > fine:
        return "mark_too_fine"
    digits = (whole + fraction.ljust(places, "0")).lstrip("0")
    value = int(digits or "0") * (-1 if cell.mark.startswith("-") else 1)
    if len(digits) > MOST_DIGITS or not low <= value <= high:
        return "mark_out_of_range"
    off = step is not None and (value * factor - start) % step != 0
    return "mark_off_step" if off else None


@dataclass(frozen=True)
class Definition:
    """A version of the rules and tables that an event is run by; version 0 has not been kept.

    `forms`: of the rounds that are judged, by id.
    """

    version: int
    loaded: LoadedCompetition
    forms: Mapping[str, Form]

    @classmethod
    def of(cls, version: int, loaded: LoadedCompetition) -> Definition:
        """The definition that a loaded competition gives."""
        judged = [r for r in loaded.competition.rounds if r.uses_own]
        panels = _panels(loaded, judged)
        return cls(version, loaded, {r.id: _form(loaded, r, panels[r.id]) for r in judged})

    @classmethod
    def read(
        cls,
        version: int,
        files: Mapping[str, bytes],
        *,
        local_plugins: bool = True,
        blocked: Collection[str] = (),
    ) -> Definition:
        """The definition that the files of a folder give."""
        with tempfile.TemporaryDirectory(prefix="review-") as name:
            folder = Path(name)
            for path, content in files.items():
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            opened = app.load(
                folder, local_plugins=local_plugins, blocked=blocked, judged_live=True
            )
            return cls.of(version, opened.loaded)

    def form(self, round_id: str) -> Form:
        """The form of a round; Refused (404) where no such round is judged."""
        found = self.forms.get(round_id)
        if found is None:
            raise Refused(Message("round_unknown_live", {"round": round_id}), 404)
        return found

    @cached_property
    def proposals(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows of the table of proposals by id, in the order of appearance.

        Those without a number in `order` come last, by id.
        """
        rows = self.loaded.proposals.to_dicts()
        return {row["proposal"]: row for row in sorted(rows, key=_appearance)}

    @cached_property
    def judges(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows of the table of judges by id."""
        return {row["judge"]: row for row in self.loaded.judges.to_dicts()}

    @cached_property
    def conflicts(self) -> frozenset[tuple[str, str]]:
        """The pairs `(judge, proposal)` that must not meet."""
        return frozenset(self.loaded.conflicts.select("judge", "proposal").iter_rows())

    @cached_property
    def _barred(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for judge, proposal in self.conflicts:
            found.setdefault(judge, set()).add(proposal)
        return {judge: frozenset(proposals) for judge, proposals in found.items()}

    def barred(self, judge: str) -> frozenset[str]:
        """The proposals that a judge must not mark."""
        return self._barred.get(judge, frozenset())

    def title(self, proposal: str) -> dict[str, str]:
        """The title of a proposal by language."""
        row = self.proposals[proposal]
        named = {
            k.removeprefix("title_"): v for k, v in row.items() if k.startswith("title_") and v
        }
        return {"en": row["title"], **named} if row["title"] else named


def _appearance(row: Mapping[str, Any]) -> tuple[bool, Decimal, str, str]:
    written = as_cell(row["order"]).mark or ""
    number = Decimal(written) if _NUMBER.fullmatch(written) else None
    return number is None, number or Decimal(0), row["order"] or "", row["proposal"]


def _panels(loaded: LoadedCompetition, rounds: Collection[Round]) -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {r.id: set() for r in rounds}
    for round_id, judge in Panels.of(list(rounds), loaded.judges).members.iter_rows():
        members[round_id].add(judge)
    return {round_id: frozenset(found) for round_id, found in members.items()}


def _form(loaded: LoadedCompetition, round_: Round, panel: frozenset[str]) -> Form:
    rubric = loaded.rubrics[round_.id]
    asked = None
    if loaded.assignments is not None:
        rows = loaded.assignments.select("round", "judge", "proposal").iter_rows()
        asked = frozenset((judge, proposal) for name, judge, proposal in rows if name == round_.id)
    return Form(
        round=round_.id,
        title=round_.title,
        rubric=rubric,
        digest=digest(rubric.model_dump(mode="json")),
        blind=rubric.blind,
        columns=tuple(name for name in loaded.proposals.columns if name != "proposal"),
        panel=panel,
        # A round that no assignment names is everybody's.
        assigned=asked or None,
    )

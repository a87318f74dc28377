"""The form that a rubric gives: which marks there are to choose from, and what stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from review.live.ballots import Sent
from review.live.definition import as_cell, typed
from review.text import pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.live.definition import Form
    from review.model.rubric import Criterion, Scale
    from review.store.marks import StoredBallot

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: With more marks than that on a scale, a judge types.
MOST_BUTTONS = 11


@dataclass(frozen=True, slots=True)
class Level:
    """What a mark stands for; a mark that is none of the scale's numbers cannot be chosen by it."""

    mark: str
    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A criterion in the form.

    `choices`: the marks as buttons, none where they are typed. `levels`: from the highest mark
    down. `text` is what stands in it, `revision` the one that the judge sees.
    """

    index: int
    id: str
    title: str
    description: str
    weight: str | None
    counts: bool
    low: str
    high: str
    step: str
    choices: tuple[str, ...]
    levels: tuple[Level, ...]
    text: str
    abstains: bool
    revision: int
    problem: str = ""

    @property
    def name(self) -> str:
        """Of its input."""
        return f"crit-{self.index}"


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a form: the text of each criterion, and what holds for the whole ballot.

    `say`: `mark`, or `abstain` or `recused`, for which `reason` stands instead of a comment.
    """

    cells: Mapping[str, str]
    abstain: frozenset[str] = frozenset()
    say: str = "mark"
    reason: str = ""
    comment: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def stored(cls, form: Form, ballot: StoredBallot) -> Filled:
        """What the server has of a ballot."""
        states = {ballot.cells[c].state if c in ballot.cells else None for c in form.criteria}
        say = next((s for s in ("abstain", "recused") if states == {s}), "mark")
        comment = ballot.comment or ""
        if say != "mark":
            return cls({}, say=say, reason=comment)
        return cls(
            {c: cell.mark or "" for c, cell in ballot.cells.items()},
            frozenset(c for c, cell in ballot.cells.items() if cell.state == "abstain"),
            comment=comment,
        )

    @classmethod
    def posted(cls, form: Form, values: Mapping[str, Any]) -> Filled:
        """What a browser without scripts sent."""
        numbered = list(enumerate(form.criteria))
        say = str(values.get("say", ""))
        return cls(
            {c: str(values.get(f"crit-{i}", "")) for i, c in numbered},
            frozenset(c for i, c in numbered if values.get(f"abstain-{i}")),
            say if say in {"abstain", "recused"} else "mark",
            str(values.get("reason", "")),
            str(values.get("comment", "")),
        )

    def sent(self, form: Form, proposal: str, values: Mapping[str, Any]) -> Sent:
        """As it is to be stored; `values` has the operation and what the judge had seen."""
        whole = self.say if self.say != "mark" else None
        cells = {
            c: typed(None, whole or ("abstain" if c in self.abstain else "missing"))
            if whole or c in self.abstain
            else self.cells.get(c, "")
            for c in form.criteria
        }
        base = {c: _revision(values.get(f"base-{i}")) for i, c in enumerate(form.criteria)}
        return Sent(
            op=str(values.get("op", "")),
            round=form.round,
            proposal=proposal,
            rubric=str(values.get("rubric", "")),
            cells=cells,
            base=base,
            comment=(self.reason if whole else self.comment).strip(),
        )


def fields_of(form: Form, filled: Filled, stored: StoredBallot) -> list[Field]:
    """The criteria of a form with what stands in them."""
    criteria = form.rubric.criteria
    weighs = len({c.weight for c in criteria if c.counts}) > 1
    return [
        Field(
            index=index,
            id=criterion.id,
            title=pick(criterion.title) or criterion.id,
            description=pick(criterion.description),
            weight=_plain(criterion.weight) if weighs and criterion.counts else None,
            counts=criterion.counts,
            low=_plain(scale.min),
            high=_plain(scale.max),
            step=_plain(_step(scale)),
            choices=_choices(scale),
            levels=_levels(criterion),
            text=filled.cells.get(criterion.id, ""),
            abstains=criterion.id in filled.abstain,
            revision=stored.cells[criterion.id].revision if criterion.id in stored.cells else 0,
            problem=filled.problems.get(criterion.id, ""),
        )
        for index, criterion in enumerate(criteria)
        for scale in (form.rubric.scale_of(criterion),)
    ]


def _step(scale: Scale) -> Decimal:
    return scale.step or Decimal(1).scaleb(-scale.places)


def _choices(scale: Scale) -> tuple[str, ...]:
    number = int((scale.max - scale.min) / _step(scale)) + 1
    if number > MOST_BUTTONS:
        return ()
    return tuple(_plain(scale.min + _step(scale) * i) for i in range(number))


def _levels(criterion: Criterion) -> tuple[Level, ...]:
    """Numbers from the highest down, then whatever else the rubric describes."""
    numbers, others = [], []
    for mark, text in criterion.levels.items():
        found = as_cell(mark).mark or ""
        if _NUMBER.fullmatch(found):
            numbers.append((Decimal(found), pick(text)))
        else:
            others.append(Level(mark, pick(text), is_number=False))
    levels = [Level(_plain(mark), text, is_number=True) for mark, text in sorted(numbers)[::-1]]
    return (*levels, *others)


def _plain(number: Decimal) -> str:
    """Without an exponent and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _revision(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 -- a revision

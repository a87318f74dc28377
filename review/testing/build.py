"""A small real competition in memory, from plain dicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import ceil, floor
from typing import Any

import polars as pl

from review.model.competition import Competition
from review.model.loaded import LoadedCompetition
from review.model.rubric import Rubric
from review.model.types import decimals_of, scaled

Number = int | str | Decimal
"""An exact number: `8`, `"7.5"` or `Decimal("7.5")`; a float is never one."""

Marks = Mapping[str, Mapping[str, Mapping[str, Number | None] | Number | None]]
"""proposal → judge → mark, or proposal → judge → criterion → mark.

None is a mark that is missing; `"absent"`, `"abstain"` and `"recused"` are states.
"""

ROUND = "round"
CRITERION = "overall"
STATES = ("absent", "abstain", "recused")
COLUMNS = ("title", "team", "community", "category", "amount", "order", "status", "status_reason")

_Cell = tuple[str, str, str, str, Decimal | None, str | None]


def competition(
    marks: Marks | None = None,
    *,
    rounds: Mapping[str, Marks] | None = None,
    proposals: Mapping[str, Mapping[str, str]] | None = None,
    facts: Mapping[str, Mapping[str, Number]] | None = None,
    rubric: Mapping[str, Any] | None = None,
    **rules: Any,
) -> LoadedCompetition:
    """A loaded competition with one round called `round`, or with several `rounds` by id.

    Parameters
    ----------
    marks, rounds
        The marks of the one round, or of each round.
    proposals
        Attributes by proposal, for example `{"p1": {"community": "north", "status": "withdrawn"}}`;
        whoever is marked or has a fact is a proposal too.
    facts
        Values by fact and proposal: `{"votes": {"p1": 3}}`.
    rubric
        What stands in a rubric file; `criteria` and `scale` follow from the marks where not given.
    rules
        Further keys of competition.toml (`awards`, `award_policy`, `seed` …) and, for every round,
        those of `[[rounds]]` (`shortlist`, `parts`, `group_by`, `entrants`).

    Raises
    ------
    ValueError
        Where a mark is finer than the rubric's scale, or rules do not fit (pydantic).
    """
    rounds = rounds if rounds is not None else {ROUND: marks or {}}
    cells = [cell for round_id, given in rounds.items() for cell in _cells(round_id, given)]
    resolved = _rubric(cells, rubric or {})
    facts = facts or {}
    known = {cell[1] for cell in cells} | {p for column in facts.values() for p in column}
    attributes: dict[str, Mapping[str, str]] = {p: {} for p in sorted(known)}
    attributes |= proposals or {}
    places = {name: places_of(map(exact, column.values())) for name, column in facts.items()}
    return LoadedCompetition(
        competition=_rules(list(rounds), rules),
        rubrics=dict.fromkeys(rounds, resolved),
        proposals=_proposals(attributes),
        judges=_text(["judge", "name", "organisation", "community", "panel"],
                     [(j, None, None, None, None) for j in sorted({c[2] for c in cells})]),
        marks=_marks(cells, resolved.places),
        conflicts=_text(["judge", "proposal", "reason"], []),
        decisions=_text(["round", "proposal", "what", "by", "second", "why"], []),
        facts=_facts(facts, places),
        fact_places=places,
    )  # fmt: skip


def _cells(round_id: str, marks: Marks) -> list[_Cell]:
    return [
        (round_id, proposal, judge, criterion, *_mark(mark))
        for proposal, ballots in marks.items()
        for judge, ballot in ballots.items()
        for criterion, mark in (
            ballot.items() if isinstance(ballot, Mapping) else [(CRITERION, ballot)]
        )
    ]


def _mark(mark: Number | None) -> tuple[Decimal | None, str | None]:
    """A mark as a number or as a state."""
    if mark is None:
        return None, "missing"
    return (None, str(mark)) if mark in STATES else (exact(mark), None)


def exact(number: Number) -> Decimal:
    """A number as written; raises TypeError for a float."""
    if isinstance(number, float):
        raise TypeError(f"{number!r} is a float; write it as text to be exact: {str(number)!r}")
    return Decimal(number)


def places_of(numbers: Iterable[Decimal]) -> int:
    """The decimals that hold all of the numbers."""
    return max(map(decimals_of, numbers), default=0)


def _rubric(cells: Sequence[_Cell], given: Mapping[str, Any]) -> Rubric:
    """The rubric as given; its criteria and its scale follow from the marks where not given."""
    numbers = [cell[4] for cell in cells if cell[4] is not None]
    criteria = sorted({cell[3] for cell in cells}) or [CRITERION]
    places = places_of(numbers)
    scale = {
        "min": min(0, floor(min(numbers, default=0))),
        "max": max(10, ceil(max(numbers, default=0))),
        "decimals": places,
    }
    defaults = {
        "id": "rubric",
        "criteria": [{"id": criterion} for criterion in criteria],
        "scale": scale,
        "decimals": max(places, 2),
    }
    return Rubric.model_validate({**defaults, **given})


_ROUND_KEYS = ("shortlist", "parts", "group_by", "entrants", "panel")


def _rules(rounds: Sequence[str], rules: Mapping[str, Any]) -> Competition:
    of_round = {key: rules[key] for key in _ROUND_KEYS if key in rules}
    rest = {key: value for key, value in rules.items() if key not in of_round}
    document = {
        "format": 1,
        "id": "competition",
        "proposals": "proposals.csv",
        "judges": "judges.csv",
        "rounds": [{"id": round_id, "rubric": "rubric", **of_round} for round_id in rounds],
        **rest,
    }
    return Competition.model_validate(document)


def _text(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")


def _proposals(attributes: Mapping[str, Mapping[str, str]]) -> pl.DataFrame:
    more = sorted({name for given in attributes.values() for name in given} - set(COLUMNS))
    names = [*COLUMNS, *more]
    rows = [
        (proposal, *({"title": proposal, **given}.get(name) for name in names))
        for proposal, given in sorted(attributes.items())
    ]
    return _text(["proposal", *names], rows)


def _marks(cells: Sequence[_Cell], places: int) -> pl.DataFrame:
    rows = [
        (*key, None if number is None else scaled(number, places), state, None)
        for *key, number, state in cells
    ]
    keys = ("round", "proposal", "judge", "criterion")
    schema: dict[str, Any] = dict.fromkeys(keys, pl.String)
    schema |= {"value": pl.Int64, "state": pl.String, "comment": pl.String}
    return pl.DataFrame(rows, schema, orient="row").sort(keys)


def _facts(facts: Mapping[str, Mapping[str, Number]], places: Mapping[str, int]) -> pl.DataFrame:
    rows = [
        (None, proposal, name, scaled(exact(value), places[name]))
        for name, column in sorted(facts.items())
        for proposal, value in sorted(column.items())
    ]
    schema = {"round": pl.String, "proposal": pl.String, "column": pl.String, "value": pl.Int64}
    return pl.DataFrame(rows, schema, orient="row")

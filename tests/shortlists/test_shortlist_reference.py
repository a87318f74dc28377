"""The walk against a reference that tries every order of every tie and every way to fill floors."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import chain, combinations, groupby, permutations, product
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from review import Entrant
from review_plugins.shortlists import Share, Threshold, Top

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from review import Choice


class Reference:
    """Size, caps and floors, written as directly as the sentence that explains them."""

    def __init__(
        self, entrants: Sequence[Entrant], size: int, quotas: list[dict[str, Any]]
    ) -> None:
        self.size = size
        self.limits = [
            (quota["by"], value, quota.get("min", 0), quota.get("max", 10**6))
            for quota in quotas
            for value in (
                [quota["value"]]
                if "value" in quota
                else sorted({e.attributes[quota["by"]] or "" for e in entrants} - {""})
            )
        ]
        # A minimum may be asked for twice; it is one minimum.
        floors: dict[tuple[str, str], int] = {}
        for by, value, least, _ in self.limits:
            floors[by, value] = max(least, floors.get((by, value), 0))
        self.floors = floors
        self.seen: dict[tuple[frozenset[str], frozenset[str]], int] = {}

    def shortfall(self, taken: Sequence[Entrant], to_come: Sequence[Entrant]) -> int:
        key = (frozenset(e.proposal for e in taken), frozenset(e.proposal for e in to_come))
        if key not in self.seen:
            places = max(0, self.size - len(taken))
            ways = chain.from_iterable(
                combinations(to_come, n) for n in range(min(places, len(to_come)) + 1)
            )
            self.seen[key] = min(
                self._short([*taken, *way]) for way in ways if self._allowed(taken, way)
            )
        return self.seen[key]

    def _short(self, group: Sequence[Entrant]) -> int:
        return sum(
            max(0, least - sum(e.attributes.get(by) == value for e in group))
            for (by, value), least in self.floors.items()
        )

    def _allowed(self, taken: Sequence[Entrant], more: Sequence[Entrant]) -> bool:
        """Caps hold for whoever is added; rulings may already be above."""
        return all(
            not any(e.attributes.get(by) == value for e in more)
            or sum(e.attributes.get(by) == value for e in [*taken, *more]) <= most
            for by, value, _, most in self.limits
        )

    def walk(self, first: Sequence[Entrant], order: Sequence[Entrant]) -> frozenset[str]:
        taken = list(first)
        short = self.shortfall(taken, order)
        for position, entrant in enumerate(order):
            if (
                len(taken) < self.size
                and self._allowed(taken, [entrant])
                and self.shortfall([*taken, entrant], order[position + 1 :]) <= short
            ):
                taken.append(entrant)
        return frozenset(e.proposal for e in taken)


def orders(entrants: Iterable[Entrant], *, chained: bool) -> Iterator[list[Entrant]]:
    def place(entrant: Entrant) -> tuple[int, int]:
        return (entrant.rank, (entrant.line_key or 0) if chained else 0)

    blocks = [list(block) for _, block in groupby(sorted(entrants, key=place), key=place)]
    for choice in product(*(permutations(block) for block in blocks)):
        yield [entrant for block in choice for entrant in block]


def expected(
    entrants: Sequence[Entrant],
    size: int,
    quotas: list[dict[str, Any]],
    *,
    chained: bool = False,
    floor: Decimal | None = None,
) -> dict[str, str]:
    reference = Reference(entrants, size, quotas)
    first = [e for e in entrants if e.ruling == "in"]
    free = [e for e in entrants if e.ruling is None and (floor is None or e.score >= floor)]
    outcomes = [reference.walk(first, order) for order in orders(free, chained=chained)]
    sure, ever = frozenset.intersection(*outcomes), frozenset.union(*outcomes)
    return {
        e.proposal: "in" if e.proposal in sure else "undecided" if e.proposal in ever else "out"
        for e in entrants
    }


def statuses(choices: Iterable[tuple[str, Choice]]) -> dict[str, str]:
    """Statuses without the reserve, which is made of those who are out."""
    return {
        proposal: "out" if choice.status == "reserve" else choice.status
        for proposal, choice in choices
    }


def _possible(quota: dict[str, Any]) -> bool:
    return bool({"max", "min"} & quota.keys()) and quota.get("min", 1) <= quota.get("max", 9)


QUOTAS = st.lists(
    st.fixed_dictionaries(
        {"by": st.sampled_from(["community", "category"])},
        optional={
            "max": st.integers(1, 3),
            "min": st.integers(1, 2),
            "value": st.sampled_from(["x", "y", "z"]),
        },
    ).filter(_possible),
    max_size=3,
)
VALUES = st.sampled_from(["x", "y", "z", None])


@st.composite
def fields(draw: st.DrawFn, most: int = 6) -> list[Entrant]:
    count = draw(st.integers(1, most))
    scores = sorted(draw(st.lists(st.integers(1, 4), min_size=count, max_size=count)))[::-1]
    return [
        Entrant(
            proposal=f"p{position}",
            rank=scores.index(score) + 1,
            score=Decimal(score),
            attributes={"community": draw(VALUES), "category": draw(VALUES)},
            ruling=draw(st.sampled_from([None, None, None, None, None, "in", "out"])),
            line_key=draw(st.sampled_from([None, 1, 2, 3])),
            line_by="lot",
        )
        for position, score in enumerate(scores)
    ]


@given(fields(), st.integers(1, 5), QUOTAS)
def test_top_gives_what_every_order_of_the_ties_gives(
    field: list[Entrant], size: int, quotas: list[dict[str, Any]]
) -> None:
    choices = Top({"size": size, "quotas": quotas}).select(field).choices
    assert statuses(choices.items()) == expected(field, size, quotas)


@given(fields(), st.integers(1, 5), QUOTAS)
def test_chain_gives_what_every_order_left_by_the_chain_gives(
    field: list[Entrant], size: int, quotas: list[dict[str, Any]]
) -> None:
    field = [
        e
        if e.line_key is not None
        else Entrant(e.proposal, e.rank, e.score, e.attributes, e.ruling, 9, "lot")
        for e in field
    ]
    choices = Top({"size": size, "quotas": quotas}, line="chain").select(field).choices
    assert statuses(choices.items()) == expected(field, size, quotas, chained=True)


@given(fields(), st.integers(1, 4), QUOTAS)
def test_threshold_gives_what_every_order_of_those_who_reach_it_gives(
    field: list[Entrant], least: int, quotas: list[dict[str, Any]]
) -> None:
    choices = Threshold({"min_score": least, "quotas": quotas}).select(field).choices
    assert statuses(choices.items()) == expected(field, len(field), quotas, floor=Decimal(least))


@given(fields(), st.integers(1, 100), QUOTAS)
def test_share_gives_what_top_gives_of_the_share_rounded_up(
    field: list[Entrant], percent: int, quotas: list[dict[str, Any]]
) -> None:
    size = next(n for n in range(1, 7) if n * 100 >= percent * len(field))
    share = Share({"percent": percent, "quotas": quotas}).select(field).choices
    top = Top({"size": size, "quotas": quotas}).select(field).choices
    assert statuses(share.items()) == statuses(top.items())


@given(fields(), st.integers(1, 5), QUOTAS, st.sampled_from(["report", "extend", "chain"]))
def test_select_does_not_depend_on_the_order_of_rows(
    field: list[Entrant], size: int, quotas: list[dict[str, Any]], line: str
) -> None:
    shuffled = random.Random(size).sample(field, len(field))  # noqa: S311 -- any order will do
    rule = Top({"size": size, "quotas": quotas, "reserve": 2}, line=line)
    assert list(rule.select(shuffled).choices.items()) == list(rule.select(field).choices.items())
    assert rule.select(shuffled).notes == rule.select(field).notes


@given(fields(), st.integers(1, 5), QUOTAS, st.sampled_from(["report", "extend", "chain"]))
def test_select_does_not_depend_on_the_names_of_proposals(
    field: list[Entrant], size: int, quotas: list[dict[str, Any]], line: str
) -> None:
    names = {e.proposal: f"q{9 - n}" for n, e in enumerate(field)}
    renamed = [
        Entrant(names[e.proposal], e.rank, e.score, e.attributes, e.ruling, e.line_key, "lot")
        for e in field
    ]
    rule = Top({"size": size, "quotas": quotas, "reserve": 2}, line=line)
    told = {
        names[p]: (c.status, c.place, c.reason.code) for p, c in rule.select(field).choices.items()
    }
    assert told == {
        p: (c.status, c.place, c.reason.code) for p, c in rule.select(renamed).choices.items()
    }


@given(fields(8), st.integers(1, 5), QUOTAS, st.sampled_from(["report", "extend", "chain"]))
def test_limits_are_kept_except_by_rulings_and_extension(
    field: list[Entrant], size: int, quotas: list[dict[str, Any]], line: str
) -> None:
    rule = Top({"size": size, "quotas": quotas}, line=line)
    choices = rule.select(field).choices
    ins = [e for e in field if choices[e.proposal].status == "in"]
    ruled = [e for e in ins if e.ruling == "in"]
    if line != "extend":
        assert len(ins) <= max(size, len(ruled))
    reference = Reference(field, size, quotas)
    for by, value, _, most in reference.limits:
        held = sum(e.attributes.get(by) == value for e in ins)
        by_ruling = sum(e.attributes.get(by) == value for e in ruled)
        assert held <= max(most, by_ruling)
    if not rule.select(field).notes and "undecided" not in statuses(choices.items()).values():
        for (by, value), least in reference.floors.items():
            assert sum(e.attributes.get(by) == value for e in ins) >= least


@given(fields(8), st.integers(1, 5), QUOTAS)
def test_extend_takes_nobody_away_and_leaves_only_ties_across_caps(
    field: list[Entrant], size: int, quotas: list[dict[str, Any]]
) -> None:
    report = Top({"size": size, "quotas": quotas}).select(field).choices
    extend = Top({"size": size, "quotas": quotas}, line="extend").select(field).choices
    first_tie = min((e.rank for e in field if report[e.proposal].status == "undecided"), default=9)
    for entrant in field:
        if entrant.rank < first_tie:
            assert extend[entrant.proposal] == report[entrant.proposal]
        elif entrant.rank == first_tie:
            before, after = report[entrant.proposal].status, extend[entrant.proposal].status
            assert (before, after) in {
                ("in", "in"),
                ("out", "out"),
                ("undecided", "in"),
                ("undecided", "undecided"),
            }
            if not any("max" in quota for quota in quotas):
                assert after != "undecided"


@given(fields(), st.integers(1, 5), QUOTAS)
def test_notes_say_when_floors_cannot_be_met(
    field: list[Entrant], size: int, quotas: list[dict[str, Any]]
) -> None:
    reference = Reference(field, size, quotas)
    first = [e for e in field if e.ruling == "in"]
    short = reference.shortfall(first, [e for e in field if e.ruling is None])
    notes = Top({"size": size, "quotas": quotas}).select(field).notes
    lowered = sum(
        note.params["min"] - note.params["count"]  # type: ignore[operator]
        for note in notes
        if note.code == "floor_lowered"
    )
    clash = sum(note.params["count"] for note in notes if note.code == "floors_clash")  # type: ignore[misc]
    assert lowered + clash == short

"""Which two proposals to compare next, for a judge or for anybody."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from review.engine.entrants import Panels
from review.errors import ReviewError
from review.messages import Message
from review.model.types import fold
from review.stats.pairwise.next_pair import suggested
from review.stats.pairwise.orders import Compared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from review.model.result import Result, RoundResult

SCHEMA = 1
COUNT = 5
"""So many pairs are suggested."""
BITS = 4
"""Decimals of what a comparison is expected to tell."""


@dataclass(frozen=True)
class Suggestion:
    """Two proposals, how often they were compared, and the bits that once more should tell."""

    first: str
    second: str
    titles: tuple[Mapping[str, str], Mapping[str, str]]
    compared: int
    bits: float

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "first": self.first,
            "second": self.second,
            "compared": self.compared,
            "bits": round(self.bits, BITS),
        }


@dataclass(frozen=True)
class RoundSuggestions:
    """What to ask for in one round: `pairs`, the most telling first.

    `pairs_compared` of the `pairs_possible` were compared by somebody, `comparisons` times in all.
    """

    id: str
    title: Mapping[str, str]
    judge: str | None
    comparisons: int
    pairs_compared: int
    pairs_possible: int
    pairs: Sequence[Suggestion]

    @property
    def sentences(self) -> tuple[Message, ...]:
        """What to do, in words."""
        counts = {
            "comparisons": self.comparisons,
            "compared": self.pairs_compared,
            "possible": self.pairs_possible,
        }
        state = Message("next_pair_state", counts)
        if not self.pairs:
            code = "next_pair_none" if self.judge is None else "next_pair_judge_done"
            return (Message(code, {"judge": self.judge}), state)
        best = self.pairs[0]
        named = {"first": best.first, "second": best.second, "judge": self.judge}
        return (Message("next_pair" if self.judge is None else "next_pair_judge", named), state)

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "judge": self.judge,
            "comparisons": self.comparisons,
            "pairs_compared": self.pairs_compared,
            "pairs_possible": self.pairs_possible,
            "pairs": [pair.to_json() for pair in self.pairs],
            "sentences": [sentence.to_json() for sentence in self.sentences],
        }


@dataclass(frozen=True)
class NextPairs:
    """The suggestions of each round that is judged by comparisons."""

    competition: str
    title: Mapping[str, str]
    content: str
    rules: str
    rounds: Sequence[RoundSuggestions]

    def to_json(self) -> dict[str, object]:
        """The report, schema version 1."""
        return {
            "schema": SCHEMA,
            "competition": self.competition,
            "title": dict(self.title),
            "content": self.content,
            "rules": self.rules,
            "rounds": [found.to_json() for found in self.rounds],
        }


def next_pairs(result: Result, round_id: str | None = None, judge: str | None = None) -> NextPairs:
    """The pairs to ask for next, in one round or in all that are judged by comparisons.

    `judge`: an id or a name; pairs that this judge has compared, must not judge or was not asked to
    judge are left out. Raises ReviewError where there is no such round or judge.
    """
    compared = [r for r in result.rounds if result.source.competition.round(r.id).compared]
    chosen = [r for r in compared if round_id in {None, r.id}]
    if not chosen:
        known = [r.id for r in compared]
        code = "next_pair_no_round" if known else "next_pair_no_rounds"
        raise ReviewError(Message(code, {"round": round_id, "rounds": known}))
    who = None if judge is None else _judge(result, judge)
    return NextPairs(
        result.competition,
        result.title,
        result.content,
        result.rules,
        [_of_round(result, round_, who) for round_ in chosen],
    )


def _judge(result: Result, word: str) -> str:
    """The judge of that id or name."""
    judges = result.source.judges
    names: dict[str, str | None] = dict(judges.select("judge", "name").iter_rows())
    if word in names:
        return word
    found = [
        judge for judge, name in names.items() if fold(word) in {fold(judge), fold(name or "")}
    ]
    if len(found) != 1:
        raise ReviewError(Message("next_pair_no_judge", {"judge": word, "judges": sorted(names)}))
    return found[0]


def _of_round(result: Result, round_: RoundResult, judge: str | None) -> RoundSuggestions:
    frame = round_.standings.frame.filter(pl.col("status").is_null()).sort("proposal")
    proposals = frame["proposal"].to_list()
    codes = {proposal: code for code, proposal in enumerate(proposals)}
    rankings = result.trace(round_.id).rankings
    assert rankings is not None  # noqa: S101 -- of a round that is judged by comparisons
    judges = sorted({*rankings["judge"], *([] if judge is None else [judge])})
    groups = rankings.group_by("group", "judge", "ranking", "place").agg("proposal")
    whole = groups.sort("judge", "ranking", "place").group_by(
        "group", "judge", "ranking", maintain_order=True
    )
    orders, by = [], []
    for name, places in whole.agg("proposal").select("judge", "proposal").iter_rows():
        orders.append([[codes[p] for p in place] for place in places])
        by.append(judges.index(name))
    known = Compared.of(len(proposals), orders, by)
    group = frame["group"].fill_null("").to_numpy()
    possible = group[:, None] == group[None, :]
    np.fill_diagonal(possible, val=False)
    allowed = possible
    if judge is not None:
        allowed = possible & _may(result, round_.id, judge, proposals)
        mine = known.judge == judges.index(judge)
        allowed[known.first[mine], known.second[mine]] = False
    code = None if judge is None or judge not in rankings["judge"] else judges.index(judge)
    titles = round_.standings.titles
    pairs = [
        Suggestion(
            proposals[pair.first],
            proposals[pair.second],
            (titles[proposals[pair.first]], titles[proposals[pair.second]]),
            pair.compared,
            pair.bits,
        )
        for pair in islice(suggested(known, allowed, code), COUNT)
    ]
    return RoundSuggestions(
        round_.id,
        round_.title,
        judge,
        int(known.total.sum()),
        len(known.pooled.first),
        int(possible.sum()) // 2,
        pairs,
    )


def _may(result: Result, round_id: str, judge: str, proposals: Sequence[str]) -> NDArray[np.bool_]:
    """Which pairs a judge may be asked to compare, shape (n, n)."""
    source = result.source
    panel = Panels.of([source.competition.round(round_id)], source.judges).members
    on_panel = judge in panel["judge"]
    barred = set(source.conflicts.filter(pl.col("judge") == judge)["proposal"])
    asked = set(proposals)
    if source.assignments is not None:
        here = source.assignments.filter(pl.col("round") == round_id)
        if here.height:
            asked = set(here.filter(pl.col("judge") == judge)["proposal"])
    free = np.array([on_panel and p in asked and p not in barred for p in proposals], dtype=bool)
    both: NDArray[np.bool_] = free[:, None] & free[None, :]
    return both

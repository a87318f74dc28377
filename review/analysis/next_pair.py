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
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from review.model.result import Result, RoundResult

SCHEMA = 1
COUNT = 5
"""So many pairs are suggested."""
LARGEST = 1500
"""Of more proposals those that were compared least are looked at."""
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
    frame = round_.standings.frame.filter(pl.col("status").is_null())
    rankings = result.trace(round_.id).rankings
    assert rankings is not None  # noqa: S101 -- of a round that is judged by comparisons
    everything = _compared(rankings, frame["proposal"].to_list())[0]
    sizes = frame.group_by("group").len()["len"].cast(pl.Int64)
    return RoundSuggestions(
        round_.id,
        round_.title,
        judge,
        int(everything.total.sum()),
        len(everything.pooled.first),
        int((sizes * (sizes - 1) // 2).sum()),
        list(_suggestions(result, round_, rankings, judge)),
    )


def _looked_at(frame: pl.DataFrame, rankings: pl.DataFrame) -> pl.DataFrame:
    """The proposals of a round by id; of more than can be looked at, those compared least."""
    often = rankings.group_by("proposal").len()
    counted = frame.join(often, on="proposal", how="left").with_columns(pl.col("len").fill_null(0))
    return counted.sort("len", "proposal").head(LARGEST).sort("proposal")


def _suggestions(
    result: Result, round_: RoundResult, rankings: pl.DataFrame, judge: str | None
) -> Iterator[Suggestion]:
    frame = _looked_at(round_.standings.frame.filter(pl.col("status").is_null()), rankings)
    proposals = frame["proposal"].to_list()
    known, judges = _compared(rankings, proposals)
    group = frame["group"].fill_null("").to_numpy()
    allowed = group[:, None] == group[None, :]
    code = judges.get(judge or "")
    if judge is not None:
        allowed &= _may(result, round_.id, judge, proposals)
        mine = known.judge == (-1 if code is None else code)
        allowed[known.first[mine], known.second[mine]] = False
    titles = round_.standings.titles
    for pair in islice(suggested(known, allowed, code), COUNT):
        first, second = proposals[pair.first], proposals[pair.second]
        both = (titles[first], titles[second])
        yield Suggestion(first, second, both, pair.compared, pair.bits)


def _compared(
    rankings: pl.DataFrame, proposals: Sequence[str]
) -> tuple[Compared, Mapping[str, int]]:
    """The comparisons of these proposals, numbered as they stand there; judge → number."""
    codes = {proposal: code for code, proposal in enumerate(proposals)}
    mine = rankings.filter(pl.col("proposal").is_in(proposals))
    judges = {judge: code for code, judge in enumerate(mine["judge"].unique().sort())}
    of = ["group", "judge", "ranking"]
    places = mine.group_by(*of, "place").agg("proposal").sort(*of, "place")
    orders, by = [], []
    for judge, groups in (
        places.group_by(of, maintain_order=True).agg("proposal").select("judge", "proposal")
    ).iter_rows():
        orders.append([[codes[proposal] for proposal in group] for group in groups])
        by.append(judges[judge])
    return Compared.of(len(proposals), orders, by), judges


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

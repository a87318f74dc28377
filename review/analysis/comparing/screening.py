"""Which single marks can decide anything at all."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from review.analysis.comparing.changes import MARK, Change
from review.engine.entrants import NO_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from review.analysis.comparing.beside import Beside
    from review.model.result import RoundResult


def screened(beside: Beside, moving: pl.DataFrame) -> pl.DataFrame:
    """Those of the marks (with `value` and `median`) that may change a shortlist, an award, a lead.

    Ruled out is a mark on a proposal whose score depends on its own marks alone, in a round whose
    shortlist depends on the order alone, of which no award and no later round takes the score, and
    whose move neither reaches nor passes a proposal of another standing. The new scores are the
    engine's: the k-th mark of every proposal is moved in the same run.
    """
    kept = []
    for (round_id,), marks in moving.group_by("round", maintain_order=True):
        heard = _heard(beside, str(round_id))
        if heard is None:
            kept.append(marks)
            continue
        sure = pl.col("proposal").is_in(sorted(heard))
        kept.append(marks.filter(sure))
        kept.append(_crossing(beside, str(round_id), marks.filter(~sure)))
    return pl.concat([moving.clear(), *kept]).sort(MARK)


def _heard(beside: Beside, round_id: str) -> set[str] | None:
    """The proposals whose score is heard of elsewhere; None where nothing can be ruled out."""
    competition = beside.loaded.competition
    round_ = competition.round(round_id)
    awards = any(use.round == round_id for use in competition.awards)
    scorer = beside.plugins.scorers()[beside.loaded.rubrics[round_id].scorer.name].part
    rule = round_.shortlist and beside.plugins.shortlists()[round_.shortlist.rule].part
    if awards or not getattr(scorer, "alone", False) or (rule and not rule.in_order):
        return None
    official = {r.id: r for r in beside.official.rounds}
    heard: set[str] = set()
    for other in competition.rounds:
        if beside.hears_score(other, round_id):
            if other.id not in official:
                return None
            heard |= set(official[other.id].standings.frame["proposal"])
    return heard


def _crossing(beside: Beside, round_id: str, marks: pl.DataFrame) -> pl.DataFrame:
    """The marks whose move takes their proposal level with, or past, one of another standing."""
    rows = list(marks.select(*MARK, "median").iter_rows())
    found = next(r for r in beside.official.rounds if r.id == round_id)
    field = _Field(found)
    turns = list(_turns(rows))
    changes = [Change(marks={rows[i][:4]: rows[i][4] for i in turn}) for turn in turns]
    kept: list[int] = []
    for turn, variant in zip(turns, beside.run(changes), strict=True):
        if variant.refusal is not None:
            kept.extend(turn)
            continue
        frame = variant.rounds[round_id].standings.frame
        scores = dict(frame.select("proposal", "score").iter_rows())
        kept.extend(i for i in turn if field.meets(rows[i][1], scores[rows[i][1]]))
    return marks[sorted(kept)]


def _turns(rows: list[tuple[str, ...]]) -> Iterator[list[int]]:
    """Indices of rows (sorted by proposal): the first of every proposal, the second, and so on."""
    by_proposal = [list(part) for _, part in groupby(range(len(rows)), key=lambda i: rows[i][1])]
    for turn in range(max(map(len, by_proposal), default=0)):
        yield [part[turn] for part in by_proposal if turn < len(part)]


class _Field:
    """The official scores of a round, and what standing they have."""

    def __init__(self, round_: RoundResult) -> None:
        frame = round_.standings.frame.filter(pl.col("score").is_not_null())
        status = {e.proposal: e.status for e in round_.shortlist or ()}
        self._at = {p: i for i, p in enumerate(frame["proposal"])}
        self._score = frame["score"].to_numpy()
        groups = frame["group"].fill_null(NO_GROUP).to_list()
        codes = {group: i for i, group in enumerate(sorted(set(groups)))}
        self._group = np.array([codes[group] for group in groups], dtype=np.int64)
        standings = [
            (status.get(p) if status.get(p) in {"in", "undecided"} else "", rank == 1)
            for p, rank in frame.select("proposal", "rank").iter_rows()
        ]
        kinds = {standing: i for i, standing in enumerate(dict.fromkeys(standings))}
        self._standing: NDArray[np.int64] = np.array([kinds[s] for s in standings], dtype=np.int64)

    def meets(self, proposal: str, score: int | None) -> bool:
        """Whether a proposal of another standing is at the new score, the old one, or between.

        True where there is no score, be it before or after.
        """
        i = self._at.get(proposal)
        if i is None or score is None:
            return True
        low, high = sorted((int(self._score[i]), score))
        between = (self._score >= low) & (self._score <= high) & (self._group == self._group[i])
        return bool((between & (self._standing != self._standing[i])).any())

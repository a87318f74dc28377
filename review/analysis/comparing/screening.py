"""Which single marks can decide anything at all."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from review.analysis.comparing.changes import MARK, Change
from review.engine.entrants import NO_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.analysis.comparing.beside import Beside
    from review.model.result import RoundResult


def screened(beside: Beside, moving: pl.DataFrame) -> pl.DataFrame:
    """Those of the marks (with `value` and `median`) that may change a shortlist, an award, a lead.

    Ruled out is a mark on a proposal whose score depends on its own marks alone, in a round whose
    shortlist depends on the order alone, of which no award and no later round takes the score, and
    whose move neither leaves, reaches nor passes a proposal of another standing, or one that shares
    a place which must not be torn apart (`_is_delicate`). The new scores are the engine's: the k-th
    mark of every proposal is moved in the same run.
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
    """The marks whose move changes how their proposal stands to one of another standing."""
    rows = list(marks.select(*MARK, "median").iter_rows())
    found = next(r for r in beside.official.rounds if r.id == round_id)
    field = _Field(found, _is_delicate(beside, round_id))
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


def _is_delicate(beside: Beside, round_id: str) -> pl.Expr:
    """Whose standing depends on where those of the same standing are (`status`, `rank`, `shared`).

    Those who share the lead, which the first to move away from them loses or takes; those on the
    line of the shortlist, and those who are in together where a tie across it extends it; all,
    where a tie is refused.
    """
    use = beside.loaded.competition.round(round_id).shortlist
    extends = use is not None and use.line == "extend"
    shared = (pl.col("rank") == 1) | ((pl.col("status") == "in") & extends)
    refuses = "refuse" in beside.loaded.rubrics[round_id].ties
    return (pl.col("shared") & shared) | (pl.col("status") == "undecided") | refuses


class _Field:
    """The official scores of a round, and what standing they have."""

    def __init__(self, round_: RoundResult, is_delicate: pl.Expr) -> None:
        status = {e.proposal: e.status for e in round_.shortlist or ()}
        known = {p: s for p, s in status.items() if s in {"in", "undecided"}}
        frame = (
            round_.standings.frame.filter(pl.col("score").is_not_null())
            .select(
                *("proposal", "score", "rank"),
                group=pl.col("group").fill_null(NO_GROUP),
                status=pl.col("proposal").replace_strict(known, default="", return_dtype=pl.String),
            )
            .with_columns(shared=pl.len().over("group", "rank") > 1)
            .with_columns(delicate=is_delicate)
        )
        self._at = {p: i for i, p in enumerate(frame["proposal"])}
        self._score = frame["score"].to_numpy()
        self._group = frame["group"].rank("dense").to_numpy()
        standing = pl.format("{} {}", "status", pl.col("rank") == 1)
        self._standing = frame.select(standing.rank("dense")).to_series().to_numpy()
        self._delicate = frame["delicate"].to_numpy()

    def meets(self, proposal: str, score: int | None) -> bool:
        """Whether one of another standing, or a delicate one, is at either score or between.

        True where there is no score, be it before or after. A proposal does not meet itself, but
        where it is delicate everybody is of another standing.
        """
        i = self._at.get(proposal)
        if i is None or score is None:
            return True
        low, high = sorted((int(self._score[i]), score))
        met = (self._score >= low) & (self._score <= high) & (self._group == self._group[i])
        met[i] = False
        other = (self._standing != self._standing[i]) | self._delicate | self._delicate[i]
        return bool((met & other).any())

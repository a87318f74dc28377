"""Whose proposals are whose: judges and proposals that share an attribute, judges with entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from review.load.conflicts import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.model.loaded import LoadedCompetition
    from review.stats.crossed import Crossed
    from review.stats.permutation import Flags

#: Columns that name somebody or something, and say nothing about belonging together.
_NAMES = ("judge", "proposal", "name", "title", "email", "order", "status", "status_reason")
_USUAL = ("organisation", "team")
_MEMBERS = ("team", "members")
_PERSON = ("judge", "name", "organisation", "team")
_SEPARATORS = "[；,，、/]"


def attributes(source: LoadedCompetition) -> list[tuple[str, str]]:
    """Which column of judges may equal which column of proposals.

    Those that the rules compare for conflicts, an organisation that is a team, and every column
    that both tables have.
    """
    judges, proposals = (_filled(each) for each in (source.judges, source.proposals))
    common = [c for c in judges if c in proposals and c.partition("_")[0] not in _NAMES]
    pairs = [*source.competition.conflicts.same, _USUAL, *((c, c) for c in common)]
    return [(j, p) for j, p in dict.fromkeys(pairs) if j in judges and p in proposals]


def _filled(frame: pl.DataFrame) -> list[str]:
    return [column.name for column in frame if column.null_count() < len(column)]


def own(source: LoadedCompetition, crossed: Crossed, attribute: tuple[str, str]) -> Flags:
    """Which values (N,) were given by a judge to a proposal that shares the attribute.

    Compared as conflicts are: after NFKC, case and spaces; cells of several values share any.
    """
    judges = folded(source.judges, "judge", attribute[0])
    proposals = folded(source.proposals, "proposal", attribute[1])
    shared = judges.join(proposals, on="@fold").select("judge", "proposal").unique()
    pairs = set(shared.iter_rows())
    given = zip(crossed.judge.tolist(), crossed.proposal.tolist(), strict=True)
    return np.array([(crossed.judges[j], crossed.proposals[i]) in pairs for j, i in given])


def entries(source: LoadedCompetition) -> Mapping[str, frozenset[str]]:
    """The proposals of each judge who has any: the team, or one of its members, is the judge.

    A judge is known by id, name, organisation or team; members stand in `team` or `members`,
    between commas, semicolons or slashes.
    """
    proposals, frames = source.proposals, []
    for column in (c for c in _MEMBERS if c in proposals.columns):
        apart = proposals.with_columns(pl.col(column).str.replace_all(_SEPARATORS, ";"))
        frames += [folded(frame, "proposal", column) for frame in (proposals, apart)]
    judges = source.judges
    people = [folded(judges, "judge", c) for c in _PERSON if c in judges.columns]
    matched = pl.concat(people).join(pl.concat(frames), on="@fold")
    found: dict[str, set[str]] = {}
    for judge, proposal in matched.select("judge", "proposal").iter_rows():
        found.setdefault(judge, set()).add(proposal)
    return {judge: frozenset(theirs) for judge, theirs in found.items()}

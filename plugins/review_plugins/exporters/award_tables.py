"""The awards of a result as tables: prizes given, prizes vacant, proposals passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.exporters.tables import Column, Table, column, teams_of
from review_plugins.exporters.words import say, titled, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review import AwardResult, Result
    from review_plugins.exporters.tables import Cell, Row


_COLUMNS = (
    column("award", use="data"),
    Column("award_title", word("award"), "both"),
    column("round"),
    column("outcome", use="data"),
    Column("outcome_text", word("outcome"), "both", "page"),
    column("tier", "both"),
    Column("place", word("prize_place"), "number"),
    column("group"),
    column("proposal"),
    column("title", "both"),
    column("team"),
    column("value", "number"),
    column("reason", "both"),
)


def awards(result: Result) -> Table:
    """Every prize given, not given, and every proposal passed over."""
    rows = [row for award in result.awards for row in _award_rows(result, award)]
    return Table(
        id="awards",
        title=word("awards"),
        columns=_COLUMNS,
        count=len(rows),
        rows=rows,
    )


def winners(result: Result, award: AwardResult) -> Table:
    """The prizes of one award, for a page that names the award in the title."""
    return _one_award(result, award, "winners", ("winner", "vacant"))


def passed_over(result: Result, award: AwardResult) -> Table:
    """Who stood high enough for an award and was not given it."""
    return _one_award(result, award, "passed_over", ("passed_over",))


def _one_award(result: Result, award: AwardResult, kind: str, outcomes: tuple[str, ...]) -> Table:
    rows = [r for r in _award_rows(result, award) if r["outcome"] in outcomes]
    left_out = {"award_title", "round", "outcome_text"}
    return Table(
        id=kind,
        title=say(f"{kind}_of", award=titled(award.title, award.id)),
        columns=tuple(c for c in _COLUMNS if c.key not in left_out),
        count=len(rows),
        rows=rows,
    )


def _award_rows(result: Result, award: AwardResult) -> Iterator[Row]:
    teams = teams_of(result)
    common: dict[str, Cell] = {
        "award": award.id,
        "award_title": titled(award.title, award.id),
        "round": award.round,
    }
    for winner in award.winners:
        yield {
            **common,
            "outcome": "winner",
            "outcome_text": word("winner"),
            "tier": titled(winner.tier_title, "") if winner.tier_title else None,
            "place": winner.place,
            "group": winner.group,
            "proposal": winner.proposal,
            "title": titled(winner.title, winner.proposal),
            "team": teams.get(winner.proposal),
            "value": winner.value,
            "reason": winner.reason.texts(),
        }
    if award.vacant:
        reason = say("vacant_count", count=award.vacant)
        yield {**common, "outcome": "vacant", "outcome_text": word("vacant"), "reason": reason}
    for passed in award.passed_over:
        yield {
            **common,
            "outcome": "passed_over",
            "outcome_text": word("passed_over"),
            "proposal": passed.proposal,
            "title": titled(passed.title, passed.proposal),
            "team": teams.get(passed.proposal),
            "value": passed.value,
            "reason": passed.reason.texts(),
        }

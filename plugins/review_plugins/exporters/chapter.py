"""How sure and how fair a result is: plain sentences first, then pictures, numbers last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from review_plugins.exporters.figures import figures_of
from review_plugins.exporters.sections import Section, page_table
from review_plugins.exporters.tables import Column, Table, round_title
from review_plugins.exporters.words import say, titled, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from review import Analysis, Message, Result
    from review_plugins.exporters.tables import Row, Text

LEAST = 0.01
"""A chance below this, or as near to 1, is said to be so and not rounded away."""
LEAST_P = 0.0001


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_Each = TypeVar("_Each", bound=_Named)


def chapter(result: Result) -> Iterator[Section]:
    """The chapter, where there is anything to analyse."""
    analysis = result.analysis()
    if analysis is None:
        return
    judged = [of.id for of in result.rounds if analysis.ballots(of.id) is not None]
    if not judged:
        return
    if analysis.is_too_large:
        yield Section("sure", word("sure"), [word("sure_too_large")])
        return
    rounds = [
        Section("", round_title(result, each), sections=list(_round(result, analysis, each)))
        for each in judged
    ]
    sections = rounds if len(result.rounds) > 1 else rounds[0].sections
    yield Section("sure", word("sure"), [word("sure_note")], sections=sections)


def _round(result: Result, analysis: Analysis, round_id: str) -> Iterator[Section]:
    """The four questions on one round."""
    figures = figures_of(result, analysis, round_id)
    agreement = _of(analysis.agreement.rounds, round_id)
    yield _question(
        "sure_places",
        _of(analysis.stability.rounds, round_id).sentences,
        figures.places,
        [*_places(analysis, round_id), *_awards(analysis, round_id)],
    )
    yield _question(
        "sure_judges",
        agreement.sentences,
        figures.judges,
        [*_measures(analysis, round_id), *_judges(analysis, round_id)],
    )
    yield _question(
        "sure_change", _of(analysis.comparison.rounds, round_id).sentences, figures.methods
    )
    unusual = _of(analysis.unusual.rounds, round_id)
    yield _question(
        "sure_unusual",
        [*unusual.sentences, *unusual.untested],
        tables=[*_own(analysis, round_id), *_far(analysis, round_id)],
    )


def _of(rounds: Iterable[_Each], round_id: str) -> _Each:
    return next(each for each in rounds if each.id == round_id)


def _question(
    key: str,
    sentences: Iterable[Message],
    figures: Sequence[Text] = (),
    tables: Sequence[Table] = (),
) -> Section:
    return Section(
        "",
        word(key),
        items=[each.texts() for each in sentences],
        figures=figures,
        folded=[page_table(table) for table in tables],
    )


# ----------------------------------------------------------------------------------------- tables


def _places(analysis: Analysis, round_id: str) -> Iterator[Table]:
    """The places of each field."""
    for field in _of(analysis.stability.rounds, round_id).fields:
        rows: list[Row] = [
            {
                "rank": each.rank,
                "proposal": each.proposal,
                "title": titled(each.title, each.proposal),
                "expected": f"{each.expected_rank:.1f}",
                "half": _range(each.interval_50),
                "most": _range(each.interval_90),
                "in": None if each.p_in is None else percent(each.p_in),
                "first": percent(each.p_first),
            }
            for each in field.proposals
        ]
        columns = [
            *_columns("rank", number=True),
            *_columns("proposal"),
            Column("title", word("title"), "both"),
            *_columns("expected", "half", "most", "in", "first", number=True),
        ]
        title = word("sure_places_table")
        if field.group is not None:
            title = say("sure_group", title=title, group=field.group)
        if rows:
            yield Table("sure-places", title, columns, len(rows), rows, word("sure_places_note"))


def _awards(analysis: Analysis, round_id: str) -> Iterator[Table]:
    """The chances of each award."""
    for award in _of(analysis.stability.rounds, round_id).awards:
        rows: list[Row] = [
            {
                "proposal": each.proposal,
                "title": titled(each.title, each.proposal),
                "chance": percent(each.chance),
                "won": word("winner") if each.won else None,
            }
            for each in award.chances
        ]
        columns = [
            *_columns("proposal"),
            Column("title", word("title"), "both"),
            *_columns("chance", number=True),
            Column("won", word("outcome"), "both"),
        ]
        title = say("sure_award", award=titled(award.title, award.id))
        if rows:
            yield Table("sure-award", title, columns, len(rows), rows)


def _measures(analysis: Analysis, round_id: str) -> Iterator[Table]:
    """How far judges agree, in all and by criterion."""
    found = _of(analysis.agreement.rounds, round_id)
    measures = [each for each in (found.overall, *found.criteria) if each is not None]
    rows: list[Row] = [
        {
            "on": word("sure_in_all")
            if each.criterion is None
            else titled(each.title, each.criterion),
            "one": None if each.icc is None else _decimal(each.icc.forms["2,1"].value),
            "mean": None if each.icc is None else _decimal(each.icc.forms["2,k"].value),
            "alpha": _decimal(each.alpha[each.alpha_level]),
            "w": None if each.concordance is None else _decimal(each.concordance.w),
        }
        for each in measures
    ]
    columns = [
        Column("on", word("sure_on"), "both"),
        *_columns("one", "mean", "alpha", "w", number=True),
    ]
    yield Table(
        "sure-measures", word("sure_measures"), columns, len(rows), rows, word("sure_measures_note")
    )


def _judges(analysis: Analysis, round_id: str) -> Iterator[Table]:
    """How each judge marks."""
    rows: list[Row] = [
        {
            "judge": each.called,
            "ballots_given": each.ballots,
            "offset": None
            if each.offset is None
            else _beside(each.offset.value, each.offset.low, each.offset.high),
            "spread": _decimal(each.spread),
            "correlation": _decimal(each.correlation),
        }
        for each in _of(analysis.agreement.rounds, round_id).judges
    ]
    columns = [
        *_columns("judge"),
        *_columns("ballots_given", "offset", "spread", "correlation", number=True),
    ]
    yield Table(
        "sure-judges", word("sure_judges_table"), columns, len(rows), rows, word("sure_judges_note")
    )


def _own(analysis: Analysis, round_id: str) -> Iterator[Table]:
    """What judges gave those who share something with them, unusual or not."""
    rows: list[Row] = [
        {
            "judge": word("sure_all_judges") if each.called is None else each.called,
            "shared": each.shared.texts(),
            "own": each.own,
            "others": each.others,
            "difference": _beside(each.effect, each.low, each.high),
            "p": _probability(each.odds.p),
            "adjusted": _probability(each.odds.adjusted),
        }
        for each in _of(analysis.unusual.rounds, round_id).affinity
    ]
    columns = [
        Column("judge", word("judge"), "both"),
        Column("shared", word("sure_shared"), "both"),
        *_columns("own", "others", "difference", "p", "adjusted", number=True),
    ]
    if rows:
        note = word("sure_own_note")
        yield Table("sure-own", word("sure_own_table"), columns, len(rows), rows, note)


def _far(analysis: Analysis, round_id: str) -> Iterator[Table]:
    """Single ballots that are unusual."""
    rows: list[Row] = [
        {
            "judge": each.called,
            "proposal": each.proposal,
            "title": titled(each.title, each.proposal),
            "ballot": _decimal(each.ballot),
            "lowest": _decimal(each.others[0]),
            "highest": _decimal(each.others[2]),
            "awaited": _decimal(each.expected),
            "p": _probability(each.odds.p),
            "adjusted": _probability(each.odds.adjusted),
        }
        for each in _of(analysis.unusual.rounds, round_id).marks
        if each.odds.unusual
    ]
    columns = [
        *_columns("judge", "proposal"),
        Column("title", word("title"), "both"),
        *_columns("ballot", "lowest", "highest", "awaited", "p", "adjusted", number=True),
    ]
    if rows:
        note = word("sure_far_note")
        yield Table("sure-far", word("sure_far_table"), columns, len(rows), rows, note)


def _columns(*keys: str, number: bool = False) -> Iterator[Column]:
    for key in keys:
        label = word(key if key in {"rank", "proposal", "judge"} else f"sure_{key}")
        yield Column(key, label, "number" if number else "text")


def percent(chance: float) -> str:
    """A chance in whole percent; never 0 or 100 where it is neither."""
    if 0 < chance < LEAST:
        return "<1 %"
    if 1 - LEAST < chance < 1:
        return ">99 %"
    return f"{round(chance * 100)} %"


def _range(interval: tuple[int, int]) -> str:
    low, high = interval
    return str(low) if low == high else f"{low}–{high}"


def _decimal(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}".replace("-", "−")


def _beside(value: float, low: float, high: float) -> str:
    return f"{_signed(value)} ({_signed(low)} … {_signed(high)})"


def _probability(p: float) -> str:
    return f"<{LEAST_P}" if p < LEAST_P else f"{p:.4f}" if p < LEAST else f"{p:.2f}"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")

"""A result as tables that every format writes: columns with both labels, rows by column key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from review_plugins.exporters.words import LANGUAGES, say, titled, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from review import Message, Result, RoundResult, ShortlistEntry, Standing

    Text: TypeAlias = Mapping[str, str]
    Cell: TypeAlias = Decimal | int | str | Text | None
    Row: TypeAlias = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `both` cells are texts by language; `use` says if files or people read it."""

    key: str
    label: Text
    kind: Literal["number", "text", "both"] = "text"
    use: Literal["all", "data", "page"] = "all"


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of `count` lines, which are read once; a missing key is a blank cell.

    `note`: what people have to know when they read the numbers.
    """

    id: str
    title: Text
    columns: Sequence[Column]
    count: int
    rows: Iterable[Row]
    note: Text | None = None

    def data_columns(self) -> list[Column]:
        """The columns that files carry."""
        return [c for c in self.columns if c.use != "page"]

    def page_columns(self, rows: Sequence[Row]) -> list[Column]:
        """The columns that people see: those with something in a row, and a few always."""
        return [
            column
            for column in self.columns
            if column.use != "data"
            and (column.key in _ALWAYS or any(_says_something(column, row) for row in rows))
        ]


_ALWAYS = {"rank", "proposal", "title", "score"}


def _says_something(column: Column, row: Row) -> bool:
    cell = row.get(column.key)
    return bool(cell) if column.key == "missing" else cell not in (None, "")


def column(
    key: str,
    kind: Literal["number", "text", "both"] = "text",
    use: Literal["all", "data", "page"] = "all",
) -> Column:
    """A column that is called by the word of its key."""
    return Column(key, word(key), kind, use)


def round_title(result: Result, round_id: str) -> Text:
    """The title of a round that was declared; its id where it has none."""
    titles = {r.id: r.title for r in result.source.competition.rounds}
    return titled(titles.get(round_id, {}), round_id)


def shown(message: Message | None) -> Text | None:
    """A reason in both languages."""
    return message.texts() if message else None


def teams_of(result: Result) -> Mapping[str, str | None]:
    """The team of each proposal, where the competition knows teams."""
    proposals = result.source.proposals
    if "team" not in proposals.columns:
        return {}
    return dict(zip(proposals["proposal"], proposals["team"], strict=True))


# -------------------------------------------------------------------------------------- standings


def standings(result: Result, of: RoundResult) -> Table:
    """Every entrant of a round in rank order."""
    compared = result.source.competition.round(of.id).compared
    return Table(
        id="standings",
        title=say("standings_of", round=titled(of.title, of.id)),
        columns=(
            column("rank", "number"),
            column("proposal"),
            column("title", "both"),
            column("team"),
            column("group"),
            *(() if compared else _criteria(of)),
            *_parts(result, of),
            column("score", "number"),
            column("ballots", "number"),
            column("missing", "number"),
            column("status", use="data"),
            column("tie", "both", "page"),
            column("tie_with", use="data"),
            column("tie_by", use="data"),
            Column("reason", word("note"), "both"),
        ),
        count=len(of.standings),
        rows=_standings_rows(result, of),
        note=word("by_itself") if _are_by_themselves(of) and not compared else None,
    )


def _are_by_themselves(of: RoundResult) -> bool:
    """Whether the figures of the criteria may look as if they came to another score."""
    rubric = of.rubric
    return (
        rubric.order == "judge-first"
        and rubric.scorer.name != "weighted_mean"
        and any(name.startswith("criterion:") for name in of.standings.frame.columns)
    )


def _criteria(of: RoundResult) -> Iterator[Column]:
    titles = {c.id: titled(c.title, c.id) for c in of.rubric.criteria}
    for name in of.standings.frame.columns:
        kind, _, criterion = name.partition(":")
        if kind == "criterion":
            yield Column(name, titles[criterion], "number")


def _parts(result: Result, of: RoundResult) -> Iterator[Column]:
    """The subtotal and the parts; people see them only where a score is made of several."""
    declared = result.source.competition.round(of.id).parts
    use: Literal["all", "data"] = "all" if declared else "data"
    yield column("subtotal", "number", use)
    times = {part.from_: part.times for part in declared}
    for name in of.standings.frame.columns:
        kind, _, part = name.partition(":")
        if kind == "part":
            label = part_title(result, part)
            factor = f" ×{times[part]}" if part in times else ""
            yield Column(name, {k: label[k] + factor for k in LANGUAGES}, "number", use)


def part_title(result: Result, part: str) -> Text:
    """What a part of the score is called: this round, another round, or a fact."""
    kind, _, name = part.partition(":")
    if kind == "own":
        return word("own")
    return round_title(result, name) if kind == "round" else titled({}, name)


def _standings_rows(result: Result, of: RoundResult) -> Iterator[Row]:
    teams = teams_of(result)
    for line in of.standings:
        yield {
            "rank": line.rank,
            "proposal": line.proposal,
            "title": titled(line.title, line.proposal),
            "team": teams.get(line.proposal),
            "group": line.group,
            **{f"criterion:{name}": value for name, value in line.criteria.items()},
            "subtotal": line.subtotal,
            **{f"part:{name}": value for name, value in line.parts.items()},
            "score": line.score,
            "ballots": line.ballots,
            "missing": line.missing,
            "status": line.status,
            "tie": tie_text(result, of, line),
            "tie_with": ";".join(line.tie.with_) if line.tie else None,
            "tie_by": line.tie.by if line.tie else None,
            "reason": shown(line.reason) or (word(line.status) if line.status else None),
        }


def tie_text(result: Result, of: RoundResult, line: Standing) -> Text | None:
    """With whom a proposal was tied, and what decided."""
    if line.tie is None:
        return None
    with_ = list(line.tie.with_)
    if line.tie.by == "share":
        return say("shared", with_=with_)
    return say("tied", with_=with_, by=tie_break(result, of, line.tie.by))


def tie_break(result: Result, of: RoundResult, token: str) -> Text:
    """A token of the tie chain in words."""
    kind, _, rest = token.partition(":")
    name, _, order = rest.rpartition(":") if rest.endswith(":asc") else (rest, "", "")
    if kind == "criterion":
        titles = {c.id: c.title for c in of.rubric.criteria}
        return say("by_criterion", name=titled(titles.get(name, {}), name))
    if kind == "score":
        return say("by_score", name=round_title(result, name))
    if kind == "fact":
        return say("by_fact_asc" if order else "by_fact", name=name)
    return word(f"by_{kind}")


# -------------------------------------------------------------------------------------- shortlist

SHORTLIST_STATUSES = ("in", "reserve", "undecided", "out", "ineligible")


def shortlist(result: Result, of: RoundResult, status: str | None = None) -> Table:
    """Who goes on and why, of one `status` or of all; empty for a round without a rule."""
    entries = [e for e in of.shortlist or () if status in {None, e.status}]
    return Table(
        id="shortlist",
        title=word(f"shortlist_{status}")
        if status
        else say("shortlist_of", round=titled(of.title, of.id)),
        columns=(
            column("place", "number"),
            *(() if status else (column("status", use="data"),)),
            *(() if status else (Column("status_text", word("status"), "both", "page"),)),
            column("proposal"),
            column("title", "both"),
            column("team"),
            column("group"),
            column("rank", "number"),
            column("score", "number"),
            column("reason", "both"),
        ),
        count=len(entries),
        rows=_shortlist_rows(result, of, entries),
    )


def _shortlist_rows(
    result: Result, of: RoundResult, entries: Sequence[ShortlistEntry]
) -> Iterator[Row]:
    frame = of.standings.frame
    named = frame["proposal"].is_in([entry.proposal for entry in entries])
    lines = {line.proposal: line for line in replace(of.standings, frame=frame.filter(named))}
    teams = teams_of(result)
    for entry in entries:
        line = lines[entry.proposal]
        yield {
            "place": entry.place,
            "status": entry.status,
            "status_text": word(f"shortlist_{entry.status}"),
            "proposal": entry.proposal,
            "title": titled(line.title, entry.proposal),
            "team": teams.get(entry.proposal),
            "group": line.group,
            "rank": line.rank,
            "score": line.score,
            "reason": entry.reason.texts(),
        }

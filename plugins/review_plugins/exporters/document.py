"""A result as a document to read, in order; how it looks is left to the format."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from review_plugins.exporters.award_tables import passed_over, winners
from review_plugins.exporters.note_tables import coverage, excluded, excluded_effect, problems
from review_plugins.exporters.plain import award_rules, round_rules
from review_plugins.exporters.tables import SHORTLIST_STATUSES, shortlist, standings
from review_plugins.exporters.words import LANGUAGES, say, titled, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review import Result, RoundResult
    from review_plugins.exporters.tables import Column, Row, Table, Text

MOST_ROWS = 5000
"""Lines of a table beyond which a page is no longer read; what is left out is said."""


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table as people see it: without columns that are blank throughout."""

    id: str
    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    notes: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs, a list and tables under it, in this order."""

    id: str
    title: Text
    paragraphs: Sequence[Text] = ()
    items: Sequence[Text] = ()
    tables: Sequence[PageTable] = ()
    sections: Sequence[Section] = field(default=())


def page_table(table: Table) -> PageTable:
    """The first `MOST_ROWS` lines of a table, and how many there are in all."""
    shown = list(islice(table.rows, MOST_ROWS))
    columns = table.page_columns(shown)
    notes = [] if table.note is None else [table.note]
    if table.count > len(shown):
        notes.append(say("rows_left_out", shown=len(shown), all=table.count))
    return PageTable(table.id, table.title, columns, shown, notes)


def document(result: Result) -> list[Section]:
    """Everything about a result that people read, the winners first."""
    return [
        *_awards(result),
        *(_round(result, of) for of in result.rounds),
        _coverage(result),
        _computed(result),
        _problems(result),
        _proof(result),
    ]


def warnings(result: Result) -> list[Text]:
    """What must be said before anything else: nothing scored yet, shortlists to be decided."""
    if not any(of.standings.frame["rank"].count() for of in result.rounds):
        return [word("nothing_yet")]
    open_rounds = (
        (of, [e.proposal for e in of.shortlist or () if e.status == "undecided"])
        for of in result.rounds
    )
    return [
        say("to_decide", round=titled(of.title, of.id), proposals=proposals)
        for of, proposals in open_rounds
        if proposals
    ]


def _awards(result: Result) -> Iterator[Section]:
    if result.awards:
        tables = [
            page_table(make(result, award))
            for award in result.awards
            for make in (winners, passed_over)
        ]
        yield Section("awards", word("awards"), tables=[t for t in tables if t.rows])


def _round(result: Result, of: RoundResult) -> Section:
    lists = [page_table(shortlist(result, of, status)) for status in SHORTLIST_STATUSES]
    sections = [] if of.shortlist is None else [
        Section("", word("shortlist"), tables=[t for t in lists if t.rows])
    ]  # fmt: skip
    return Section(
        id=f"round-{result.rounds.index(of) + 1}",
        title=titled(of.title, of.id),
        tables=[page_table(standings(result, of))],
        sections=sections,
    )


def _coverage(result: Result) -> Section:
    tables = [page_table(make(result)) for make in (coverage, excluded, excluded_effect)]
    return Section("coverage", word("coverage"), tables=[t for t in tables if t.rows])


def _computed(result: Result) -> Section:
    sections = [
        Section("", titled(of.title, of.id), items=round_rules(result, of)) for of in result.rounds
    ]
    if result.awards:
        sections.append(Section("", word("awards"), items=award_rules(result)))
    return Section("computed", word("computed"), sections=sections)


def _problems(result: Result) -> Section:
    """What follows from the content; what was told of the files is no business of the public."""
    table = page_table(problems(result.problems))
    if not table.rows:
        return Section("problems", word("problems"), [word("no_problems")])
    return Section("problems", word("problems"), tables=[table])


def _proof(result: Result) -> Section:
    digests = [
        {
            language: f"{word(key)[language]}{colon}{digest}"
            for language, colon in zip(LANGUAGES, (": ", "："), strict=True)
        }
        for key, digest in (("content", result.content), ("rules", result.rules))
    ]
    return Section("proof", word("proof"), [word("proof_note")], items=digests)

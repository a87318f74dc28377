"""A result as a document to read, in order; how it looks is left to the format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.exporters.award_tables import passed_over, winners
from review_plugins.exporters.chapter import chapter
from review_plugins.exporters.note_tables import coverage, excluded, excluded_effect, problems
from review_plugins.exporters.plain import award_rules, round_rules
from review_plugins.exporters.sections import Section, page_table
from review_plugins.exporters.tables import SHORTLIST_STATUSES, shortlist, standings
from review_plugins.exporters.words import LANGUAGES, say, titled, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review import Result, RoundResult
    from review_plugins.exporters.tables import Text


def document(result: Result) -> list[Section]:
    """Everything about a result that people read, the winners first."""
    return [
        *_awards(result),
        *(_round(result, of) for of in result.rounds),
        *chapter(result),
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

"""A definition without what is known of judges: the files that take its place once it is erased."""

from __future__ import annotations

import tempfile
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import tomli_w

from review import app
from review.engine.digests import rules_digest
from review.errors import DataError, Refused
from review.live.policy import is_contact
from review.load import headers
from review.load.facts import fact_table
from review.load.files import COMPETITION, Files
from review.load.report import Report
from review.messages import Message
from review.store import people, transfer
from review.store.anonymise import was_anonymised
from review.store.mentions import Mentions
from review.store.portable.folder import ASSIGNMENTS, CONFLICTS, JUDGES, PROPOSALS
from review.store.portable.grids import Grid, attributed, grid_of
from review.store.portable.names import file_stems
from review.store.portable.rules import source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from review.app import Opened
    from review.live.deriving import Question
    from review.load.tables import Table
    from review.model.competition import FactTable
    from review.model.loaded import LoadedCompetition

#: Attributes of judges that stay: the panel says who was asked to mark what.
_STAYING = ("judge", "panel")


class Pseudonymiser:
    """Makes those files; afterwards `naming` are the ones that name a judge all the same."""

    def __init__(self, question: Question) -> None:
        """`question` says which plugins the event is read with."""
        self._question = question
        self.naming: tuple[str, ...] = ()

    def __call__(
        self, files: Mapping[str, bytes], pseudonyms: Mapping[str, str]
    ) -> tuple[dict[str, bytes], str]:
        """The files for these, with a pseudonym for each judge's id, and the digest of their rules.

        - Of judges only the panels stay. Conflicts that followed from equal attributes are stated,
          all of them without reasons; assignments have the pseudonyms.
        - Of proposals go contact data (`policy.is_contact`), and why one got its status. A contact
          column that `one_per` names keeps who is equal to whom, one that serves as a fact stays.
        - A fact table that is no plain text, or names a judge, becomes one of the columns in use.
        - Rules, rubrics and plugins stay as they are.

        Raises DataError where either competition is read with errors.
        """
        with tempfile.TemporaryDirectory(prefix="review-") as name:
            opened = self._load(Path(name), files)
            made = _Files(opened, files, pseudonyms).made()
        with tempfile.TemporaryDirectory(prefix="review-") as name:
            rules = rules_digest(self._load(Path(name), made).loaded)
        named = Mentions(_names(opened.loaded))
        self.naming = tuple(
            path for path, content in made.items() if named(content.decode(errors="replace"))
        )
        return made, rules

    def _load(self, folder: Path, files: Mapping[str, bytes]) -> Opened:
        transfer.write_folder(files, folder)
        opened = app.load(
            folder,
            local_plugins=self._question.local_plugins,
            blocked=self._question.blocked,
            judged_live=True,
        )
        errors = sum(problem.is_error for problem in opened.problems)
        if errors:
            raise DataError(Message("not_scored", {"count": errors}), opened.problems)
        return opened


class _Files:
    """The files of one definition on their way to the next."""

    def __init__(
        self, opened: Opened, files: Mapping[str, bytes], pseudonyms: Mapping[str, str]
    ) -> None:
        self._loaded = opened.loaded
        self._source = Files(opened.folder, opened.plugins, Report())
        self._pseudonyms = pl.col("judge").replace_strict(pseudonyms, return_dtype=pl.String)
        self._files = dict(files)
        self._rules: dict[str, Any] = tomllib.loads(
            files[COMPETITION].decode(), parse_float=Decimal
        )

    def made(self) -> dict[str, bytes]:
        """All of them."""
        self._replace_judges()
        self._replace_pairs()
        self._replace_proposals()
        self._replace_facts()
        self._files[COMPETITION] = tomli_w.dumps(self._rules).encode()
        return dict(sorted(self._files.items()))

    def _replace_judges(self) -> None:
        staying = self._loaded.judges.select(self._pseudonyms, "panel").sort("judge")
        judges = attributed(staying, headers.JUDGES, {})
        self._files[JUDGES] = judges.grid.written()
        self._rules["judges"] = source(JUDGES, judges.source)

    def _replace_pairs(self) -> None:
        conflicts = self._rules.get("conflicts", {})
        conflicts.pop("same", None)
        if not conflicts:
            self._rules.pop("conflicts", None)
        pairs = self._loaded.conflicts.select(self._pseudonyms, "proposal")
        if not pairs.is_empty():
            self._files[CONFLICTS] = grid_of(pairs.unique().sort(pairs.columns)).written()
        asked = self._loaded.assignments
        if asked is not None:
            named = asked.select("round", self._pseudonyms, "proposal")
            self._files[ASSIGNMENTS] = grid_of(named.sort(named.columns)).written()

    def _replace_proposals(self) -> None:
        grid = Grid.read(self._files[PROPOSALS])
        table = self._rules["proposals"]
        mapped = table.get("columns", {}) if isinstance(table, dict) else {}
        columns = {header: column for column, header in mapped.items()}
        personal = {"status_reason", *contacts(self._loaded)}
        rows = grid.dicts()
        for header in grid.header:
            column = columns.get(header, header)
            if column in personal:
                one_per = column == self._loaded.competition.award_policy.one_per
                units = {text: str(n) for n, text in enumerate({r[header]: None for r in rows}, 1)}
                for row in rows:
                    row[header] = units[row[header]] if one_per and row[header] else None
        self._files[PROPOSALS] = grid.with_rows(rows).written()

    def _replace_facts(self) -> None:
        tables = dict(self._fact_tables())
        named = Mentions([*_names(self._loaded), *self._loaded.judges["judge"]])
        bad = {t.file for t in tables.values() if _holds(t.file, self._files[t.file], named)}
        for path in bad:
            del self._files[path]
        stems = file_stems(tables)
        for name, table in tables.items():
            if table.file in bad:
                facts = self._loaded.competition.facts[name]
                path = f"facts/{stems[name]}.csv"  # a file that stays there is of another name
                self._files[path] = _in_use(table, facts).written()
                self._rules["facts"][name]["path"] = {"path": path, "header_row": 1}

    def _fact_tables(self) -> Iterator[tuple[str, Table]]:
        for name, facts in self._loaded.competition.facts.items():
            table = fact_table(self._source, name, facts)
            assert table is not None  # noqa: S101 -- it was read before without an error
            yield name, table


def contacts(loaded: LoadedCompetition) -> frozenset[str]:
    """The columns of proposals that hold contact data, but for facts."""
    return frozenset(
        column
        for column in loaded.proposals.columns[1:]
        if is_contact(column)
        and column not in loaded.fact_places
        and column not in headers.PROPOSALS.columns
        and not column.startswith("title_")
    )


def has_people(conn: Connection, loaded: LoadedCompetition) -> bool:
    """Whether a competition would bring back what was erased of an event's people.

    That is anything on judges beside their panels, ids that the event does not know, contact data.
    """
    if not was_anonymised(conn):
        return False
    known = {person.judge for person in people.people(conn, "judge")}
    if not known.issuperset(loaded.judges["judge"]):
        return True
    units = {loaded.competition.award_policy.one_per}
    told = (
        *(loaded.judges[c] for c in loaded.judges.columns if c not in _STAYING),
        *(loaded.proposals[c] for c in contacts(loaded) - units),
    )
    return any(column.is_not_null().any() for column in told)


def refuse_people(conn: Connection, loaded: LoadedCompetition) -> None:
    """Refused (`folder_has_people`, 409) where `has_people`."""
    if has_people(conn, loaded):
        raise Refused(Message("folder_has_people"), 409)


def _names(loaded: LoadedCompetition) -> Iterator[str | None]:
    """By what judges are known beside their ids."""
    for column in ("name", *filter(is_contact, loaded.judges.columns)):
        yield from loaded.judges[column]


def _holds(path: str, content: bytes, named: Mentions) -> bool:
    """Whether a file of facts names somebody, as far as can be seen."""
    if not path.lower().endswith((".csv", ".tsv", ".txt")):
        return True  # the file of a spreadsheet has other sheets, and its author
    return named(content.decode(errors="replace"), content.decode("gb18030", errors="replace"))


def _in_use(table: Table, facts: FactTable) -> Grid:
    """The columns of a fact table that its facts are made of."""
    wanted = {"proposal", "round", "date"}
    for way in facts.columns.values():
        column, _, moment = way.partition(":")[2].partition(" by ")
        wanted |= {column.strip(), moment.strip()}
    columns = [column for column in table.columns if column in wanted]
    separator = ";" if table.sheet.decimal_comma else ","
    return Grid(columns, table.frame.select(columns).rows(), separator)

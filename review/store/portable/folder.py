"""The files of a canonical folder, from a competition that was read without errors."""

from __future__ import annotations

from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from review.load import headers
from review.load.conflicts import stated
from review.load.facts import fact_table
from review.load.files import COMPETITION, Files
from review.load.people import known_judges, known_proposals, read_judges, read_proposals
from review.load.report import Report
from review.load.rubrics import Rubrics
from review.model.types import fold
from review.store.portable.grids import attributed, grid_of
from review.store.portable.marks import marks_files
from review.store.portable.names import file_stems
from review.store.portable.rankings import rankings_files
from review.store.portable.rules import competition_toml, rubric_toml, source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from review.app import Opened
    from review.model.competition import Competition
    from review.model.loaded import LoadedCompetition

PROPOSALS, JUDGES = "proposals.csv", "judges.csv"
CONFLICTS, ASSIGNMENTS, DECISIONS = "conflicts.csv", "assignments.csv", "decisions.csv"
#: What no other file of a competition may be called in a canonical folder.
_OURS = frozenset((COMPETITION, PROPOSALS, JUDGES, CONFLICTS, ASSIGNMENTS, DECISIONS))
_OUR_FOLDERS = frozenset(("marks", "comparisons", "rankings", "rubrics", "plugins", "facts"))


def portable(opened: Opened, folder: Path | None = None) -> dict[str, bytes]:
    """The competition with its marks: path → content; it has the same result to the byte.

    `folder`: where its files are (default: where it was read). The competition must have been read
    without errors.
    """
    paths = marks_paths(opened.competition)
    named = {r.id: paths[r.id] for r in opened.competition.rounds if r.marks}
    compared, tables = rankings_files(opened)
    files = _Folder(opened, folder or opened.folder).files(named, compared)
    if not opened.loaded.decisions.is_empty():
        files[DECISIONS] = grid_of(opened.loaded.decisions).written()
    return {**files, **marks_files(opened.loaded, named), **tables}


def definition(opened: Opened, folder: Path | None = None) -> dict[str, bytes]:
    """The competition as it stands before anybody has marked or decided: path → content.

    It names a file of marks for each round that is judged by marks, whether or not it had one;
    files of marks, comparisons and decisions are not among it.
    """
    paths = marks_paths(opened.competition)
    judged = {r.id: paths[r.id] for r in opened.competition.rounds if r.uses_own and not r.compared}
    return _Folder(opened, folder or opened.folder).files(judged)


def marks_paths(competition: Competition) -> dict[str, str]:
    """round → the path of its table of marks."""
    stems = file_stems(round_.id for round_ in competition.rounds)
    return {round_id: f"marks/{stem}.csv" for round_id, stem in stems.items()}


class _Folder:
    """What is needed of the folder beside what was loaded: columns as they were called, facts."""

    def __init__(self, opened: Opened, folder: Path) -> None:
        self._loaded: LoadedCompetition = opened.loaded
        self._competition = opened.competition
        self._source = Files(folder, opened.plugins, Report())
        self._rubrics = Rubrics(self._source, opened.plugins)
        self._proposals = read_proposals(self._source, self._competition)
        self._judges = read_judges(self._source, self._competition)

    def files(
        self,
        marks: Mapping[str, str],
        compared: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> dict[str, bytes]:
        """Rules and tables but for marks, comparisons and decisions."""
        tables, sources = self._attributes()
        facts = dict(self._facts())
        paths = {name: path for name, (path, _) in facts.items()}
        rules = competition_toml(self._competition, sources, paths, marks, compared)
        return {
            COMPETITION: rules,
            **tables,
            **self._pairs(),
            **dict(facts.values()),
            **self._local_rubrics(),
            **dict(self._plugins()),
        }

    def _attributes(self) -> tuple[dict[str, bytes], dict[str, Any]]:
        """The tables of proposals and judges, and how competition.toml names them."""
        proposals = attributed(
            self._loaded.proposals,
            headers.PROPOSALS,
            self._called(),
            decimal_comma=self._has_decimal_comma(),
        )
        judges = attributed(self._loaded.judges, headers.JUDGES, {})
        tables = {PROPOSALS: proposals.grid.written(), JUDGES: judges.grid.written()}
        return tables, {
            "proposals": source(PROPOSALS, proposals.source),
            "judges": source(JUDGES, judges.source),
        }

    def _called(self) -> dict[str, str]:
        """column → the header by which a rubric of a plugin names it, where no other is found."""
        columns = self._loaded.proposals.columns
        found: dict[str, str] = {}
        for round_ in self._competition.rounds:
            rubric = self._rubrics.get(round_.rubric)
            if rubric is None or round_.rubric in self._rubrics.local:
                continue
            for name, column in zip(
                rubric.blind, self._loaded.rubrics[round_.id].blind, strict=True
            ):
                usual = headers.PROPOSALS.find(name)
                if name not in columns and (usual is None or usual[0] != column):
                    found[column] = name
        return {column: name for column, name in found.items() if column in columns}

    def _has_decimal_comma(self) -> bool:
        """Whether attributes that serve as facts were read as `8,5`."""
        homes = {c for table in self._competition.facts.values() for c in table.columns}
        served = set(self._loaded.fact_places) - homes
        comma = self._proposals is not None and self._proposals.sheet.decimal_comma
        return comma and bool(served)

    def _pairs(self) -> dict[str, bytes]:
        """Conflicts that were stated (those derived are derived again), and assignments."""
        files: dict[str, bytes] = {}
        pairs = stated(
            self._source,
            self._competition,
            known_proposals(self._proposals),
            known_judges(self._judges),
        )
        if not pairs.is_empty():
            files[CONFLICTS] = grid_of(pairs.unique().sort(pairs.columns)).written()
        if self._loaded.assignments is not None:
            files[ASSIGNMENTS] = grid_of(self._loaded.assignments).written()
        return files

    def _facts(self) -> Iterator[tuple[str, tuple[str, bytes]]]:
        """name → the file of a fact table as it is, under its path unless that is taken."""
        taken: dict[str, str] = {}
        stems = file_stems(self._competition.facts)
        for name, facts in self._competition.facts.items():
            table = fact_table(self._source, name, facts)
            assert table is not None  # noqa: S101 -- or it would have been read with errors
            if table.file not in taken:
                taken[table.file] = _free(table.file, stems[name], set(taken.values()))
            yield name, (taken[table.file], self._source.data(table.file))

    def _local_rubrics(self) -> dict[str, bytes]:
        """The rubrics of the folder that are in use, each with all that it took from others."""
        used = {r.rubric: self._loaded.rubrics[r.id] for r in self._competition.rounds}
        stems = file_stems(used)
        return {
            f"rubrics/{stems[rubric_id]}.toml": rubric_toml(rubric)
            for rubric_id, rubric in used.items()
            if rubric_id in self._rubrics.local
        }

    def _plugins(self) -> Iterator[tuple[str, bytes]]:
        """The folder's own plugins and what stands beside them."""
        root = self._source.root
        for path in sorted((root / "plugins").rglob("*")):
            name = path.relative_to(root)
            hidden = any(part == "__pycache__" or part.startswith(".") for part in name.parts)
            if path.is_file() and not hidden and path.resolve().is_relative_to(root):
                yield name.as_posix(), path.read_bytes()


def _free(path: str, stem: str, taken: set[str]) -> str:
    """A path for a file that stays as it is; the same one unless something of ours has it."""
    top = path.partition("/")[0]
    folds = {fold(name) for name in (*_OURS, *taken)}
    if fold(path) in folds or fold(top) in _OUR_FOLDERS or fold(top) in folds:
        return f"facts/{stem}{PurePosixPath(path).suffix}"
    return path

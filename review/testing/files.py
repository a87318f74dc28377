"""What is expected of parts that read and write files: readers, exporters, rubrics."""

from __future__ import annotations

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import polars as pl
from pydantic import ValidationError

from review.messages import Message
from review.model.rubric import Rubric
from review.plugin.parts import ReadError
from review.testing.build import competition
from review.testing.judging import MARKS
from review.testing.use import run
from review.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from review.plugin.manager import Plugins
    from review.plugin.parts import Exporter, Reader, Sheet

GARBAGE = b"\x00\xff\xfe garbage \x80\n"


def reader_findings(part: type[Reader], options: Mapping[str, Any]) -> Iterator[Message]:
    """Findings about a reader: a file that it cannot read is told as a `ReadError`."""
    with TemporaryDirectory() as folder:
        for suffix in part.suffixes:
            path = Path(folder) / f"table{suffix}"
            path.write_bytes(GARBAGE)
            try:
                sheets = part(options).read(path)
            except ReadError as error:
                error.message.texts()
            else:
                yield from sheet_findings(sheets)


def sheet_findings(sheets: Any) -> Iterator[Message]:
    """What is wrong with sheets: a grid of text, its columns called "0", "1", …."""
    for sheet in sheets:
        if not _is_grid(sheet):
            yield Message(
                "check_sheet", {"columns": [f"{n}: {t}" for n, t in sheet.cells.schema.items()]}
            )


def _is_grid(sheet: Sheet) -> bool:
    names = [str(number) for number in range(sheet.cells.width)]
    return sheet.cells.columns == names and set(sheet.cells.dtypes) <= {pl.String}


def exporter_findings(part: type[Exporter], options: Mapping[str, Any]) -> Iterator[Message]:
    """Findings about an exporter: it writes what it names, and the same bytes each time."""
    result = run(competition(rounds=MARKS, shortlist={"rule": "top", "size": 3}))
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        written = [Path(path) for path in part(options).export(result, Path(first))]
        there = sorted(path for path in Path(first).rglob("*") if path.is_file())
        if not written or sorted(written) != there:
            names = [path.name for path in written]
            yield Message("check_written", {"named": names, "there": [path.name for path in there]})
            return
        again = part(options).export(result, Path(second))
        if [path.read_bytes() for path in written] != [Path(path).read_bytes() for path in again]:
            yield Message("check_unrepeatable")


def rubric_findings(path: Path, plugins: Plugins) -> Iterator[Message]:
    """Findings about a rubric file."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        rubric = Rubric.model_validate(document)
    except ValidationError as error:
        for each in error.errors():
            name = ".".join(map(str, each["loc"])) or "rubric"
            yield Message("check_rubric", {"name": name, "error": each["msg"]})
        return
    for language in LANGUAGES:
        for what, title in [(rubric.id, rubric.title), *((c.id, c.title) for c in rubric.criteria)]:
            if not title.get(language, "").strip():
                yield Message("check_rubric_title", {"name": what, "language": language})
    scorers = plugins.scorers()
    if rubric.scorer.name not in scorers:
        params = {"scorer": rubric.scorer.name, "scorers": sorted(scorers)}
        yield Message("check_rubric_scorer", params)

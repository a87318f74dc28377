"""The export of a rehearsed event, read back without the code that wrote it."""

from __future__ import annotations

import csv
import io
import json
import tomllib
import zipfile
from typing import TYPE_CHECKING

from review.app import load, run, verify, write
from review.output import result_text
from review.rehearsal.ledger import Ballot, Cell, Mark
from review.rehearsal.stores import a_mark

if TYPE_CHECKING:
    from pathlib import Path

#: How a table of marks says that there is no number.
STATES = {"": "missing", "-": "missing", "absent": "absent", "abstain": "abstain"}
STATES["recused"] = "recused"


def unpack(content: bytes, folder: Path) -> Path:
    """Unpack an export; the folder in which its competition.toml is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return next(folder.rglob("competition.toml")).parent


def read_marks(folder: Path) -> dict[Cell, Mark]:
    """Every cell in the tables of marks that the competition names."""
    declared = tomllib.loads((folder / "competition.toml").read_text(encoding="utf-8"))
    cells: dict[Cell, Mark] = {}
    for round_ in declared["rounds"]:
        named = round_.get("marks", [])
        for source in [named] if isinstance(named, str | dict) else named:
            path = folder / (source if isinstance(source, str) else source["path"])
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    ballot = Ballot(round_["id"], row["judge"], row["proposal"])
                    cells[Cell(ballot, row["criterion"])] = _mark(row["mark"])
    return cells


def _mark(text: str) -> Mark:
    return a_mark(None, STATES[text]) if text in STATES else a_mark(text, None)


def is_published(live: str | None, published: str) -> bool:
    """Whether what everybody may see has the rounds and awards of the live result."""
    ours, theirs = json.loads(live or "{}"), json.loads(published)["result"]
    return all(ours.get(key) == theirs[key] for key in ("rounds", "awards"))


def agrees(folder: Path, live: str | None, out: Path) -> bool:
    """Whether `review run` on an export gives the live result to the byte, and `verify` says so."""
    opened = load(folder)
    result = run(opened)
    write(opened, result, out, ())
    return result_text(result) == live and verify(out, opened).same

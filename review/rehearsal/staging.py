"""The competition that is rehearsed: a copy without its marks, with made-up people where asked for.

The copy is the definition in the canonical form of an export, so a folder of workbooks with Chinese
headers and one of plain tables are rehearsed alike. Nothing is written into the original.
"""

from __future__ import annotations

import csv
import io
import tomllib
from typing import TYPE_CHECKING, Any

import tomli_w

from review.app import load
from review.errors import DataError
from review.messages import Message
from review.store.portable import definition

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from pathlib import Path

    from review.app import Opened

Files = dict[str, bytes]

#: How many judges, proposals and criteria are wanted; None: those of the folder.
Wanted = tuple[int | None, int | None, int | None]

#: The id of a made-up rubric.
RUBRIC = "rehearsal"


def stage(folder: Path, into: Path, wanted: Wanted, dice: random.Random) -> Opened:
    """Write the competition to rehearse into an empty folder, and read it back.

    DataError where the folder's competition, or what became of it, has errors.
    """
    opened = _sound(load(folder, judged_live=True))
    files = definition(opened)
    judges, proposals, criteria = wanted
    if judges is not None:
        _crowd(files, "judges.csv", judges, "name", dice)
    if proposals is not None:
        _crowd(files, "proposals.csv", proposals, "title", dice)
    if judges is not None or proposals is not None:
        for pairs in ("conflicts.csv", "assignments.csv"):
            files.pop(pairs, None)
    if criteria is not None:
        _simplify(files, criteria)
    for path, content in files.items():
        place = into / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return _sound(load(into, judged_live=True))


def _sound(opened: Opened) -> Opened:
    """The competition, if it has no error but marks that nobody has given yet."""
    errors = [p for p in opened.problems if p.is_error]
    if errors:
        raise DataError(Message("not_scored", {"count": len(errors)}), opened.problems)
    return opened


def _crowd(files: Files, name: str, count: int, called: str, dice: random.Random) -> None:
    """As many people or proposals as wanted: the first ones, then copies under other names.

    Copies keep the attributes, so that panels, communities and quotas still mean something. Facts
    name proposals, so proposals beyond the count stay, withdrawn.
    """
    reader = csv.DictReader(io.StringIO(files[name].decode("utf-8-sig")))
    rows, columns = list(reader), list(reader.fieldnames or ())
    known = {row["id"] for row in rows}
    made: list[dict[str, Any]] = rows[:count]
    beyond = rows[count:] if called == "title" else []
    number = 0
    while len(made) < count:
        pattern = rows[number % len(rows)] if rows else dict.fromkeys(columns)
        number += 1
        id_ = f"r{number:04}"
        if id_ not in known:
            made.append({**pattern, "id": id_, **_called(columns, called, id_, dice)})
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*made, *({**row, "status": "withdrawn"} for row in beyond)])
    files[name] = text.getvalue().encode()


def _called(columns: Sequence[str], called: str, id_: str, dice: random.Random) -> dict[str, str]:
    """A name in every column that has one; nobody else is called that."""
    word = "".join(dice.choices("bcdfghjklmnpqrstvwxz", k=8))
    return {c: f"{word} {id_}" for c in columns if c == called or c.startswith(f"{called}_")}


def _simplify(files: Files, count: int) -> None:
    """Give every round a rubric of `count` criteria, with marks from 0 to 10 at three decimals."""
    competition = tomllib.loads(files["competition.toml"].decode())
    for round_ in competition["rounds"]:
        round_["rubric"] = RUBRIC
    files["competition.toml"] = tomli_w.dumps(competition).encode()
    criteria = [
        {"id": f"c{n}", "title": {"en": f"Criterion {n}", "zh-Hans": f"指标{n}"}, "weight": n}
        for n in range(1, count + 1)
    ]
    rubric = {
        "id": RUBRIC, "title": {"en": "Rehearsal", "zh-Hans": "演练"}, "scorer": "trimmed_mean",
        "ties": ["median", "lot", "share"], "scale": {"min": 0, "max": 10, "decimals": 3},
        "criteria": criteria,
    }  # fmt: skip
    files[f"rubrics/{RUBRIC}.toml"] = tomli_w.dumps(rubric).encode()

"""Rubrics: those of plugins and those of the competition's folder, which may vary others."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from review.load.parts import Use, check_part
from review.load.suggest import did_you_mean
from review.load.toml import checked, read_toml
from review.model.problem import Place
from review.model.rubric import Rubric
from review.plugin.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from review.load.files import Files
    from review.model.competition import Competition
    from review.plugin.manager import Plugins


class Source:
    """A rubric as it stands in a file; `file` is how messages name it."""

    def __init__(self, file: str, read: Callable[[], Mapping[str, Any]]) -> None:
        """`read` is asked for the data when it is first needed."""
        self.file = file
        self._read = read

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """The tables of the rubric."""
        return self._read()


class Rubrics:
    """All rubrics by id, checked when they are asked for."""

    def __init__(self, files: Files, plugins: Plugins) -> None:
        self._report = files.report
        self._plugins = plugins
        self._sources = registered(plugins)
        self._checked: dict[str, Rubric | None] = {}
        self.local: list[str] = []
        folder = files.root / "rubrics"
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            name = path.relative_to(files.root).as_posix()
            data = read_toml(files, name)
            if data is not None:
                self._take(name, data)

    @property
    def ids(self) -> list[str]:
        """Every rubric there is."""
        return sorted(self._sources)

    def get(self, rubric_id: str) -> Rubric | None:
        """The rubric; None where it is wrong (reported once)."""
        if rubric_id not in self._checked:
            self._checked[rubric_id] = self._check(rubric_id)
        return self._checked[rubric_id]

    def of_rounds(self, competition: Competition) -> dict[str, Rubric]:
        """round → its rubric; a round whose rubric is not there or wrong is left out (reported)."""
        found = {}
        for round_ in competition.rounds:
            if round_.rubric not in self._sources:
                place = Place("competition.toml", column=f"rounds.{round_.id}.rubric")
                hint = did_you_mean(round_.rubric, self.ids)
                self._report.error("rubric_unknown", place, value=round_.rubric, hint=hint)
            elif (rubric := self.get(round_.rubric)) is not None:
                found[round_.id] = rubric
        return found

    def check_local(self) -> None:
        """Check the rubrics of the folder, used or not."""
        for name in self.local:
            self.get(name)

    def _take(self, name: str, data: Mapping[str, Any]) -> None:
        rubric_id = data.get("id")
        if not isinstance(rubric_id, str) or not rubric_id.strip():
            self._report.error("key_missing", Place(name, column="id"), key="id")
            return
        rubric_id = rubric_id.strip()
        if rubric_id in self._sources:
            other = self._sources[rubric_id].file
            place = Place(name, column="id")
            self._report.error("rubric_twice", place, value=rubric_id, other=other)
            return
        self._sources[rubric_id] = Source(name, lambda: data)
        self.local.append(rubric_id)

    def _check(self, rubric_id: str) -> Rubric | None:
        source = self._sources[rubric_id]
        data = self._extended(rubric_id, ())
        base = source.data.get("extends")
        if data is not None and base is not None and self.get(base) is None:
            return None  # what is wrong was told of the other
        rubric = None if data is None else checked(Rubric, data, Place(source.file), self._report)
        if rubric is not None:
            place = Place(source.file, column="scorer")
            use = Use(Kind.SCORER, rubric.scorer.name, rubric.scorer.options, place, "scorer")
            check_part(self._plugins.scorers(), use, self._report)
        return rubric

    def _extended(self, rubric_id: str, seen: tuple[str, ...]) -> dict[str, Any] | None:
        """The data of a rubric with what it extends; None where that is missing or a circle."""
        source = self._sources[rubric_id]
        base_id = source.data.get("extends")
        if base_id is None:
            return dict(source.data)
        place = Place(source.file, column="extends")
        if base_id not in self._sources:
            hint = did_you_mean(str(base_id), self.ids)
            self._report.error("rubric_unknown", place, value=base_id, hint=hint)
            return None
        if base_id == rubric_id or base_id in seen:
            self._report.error("rubric_circle", place, value=base_id)
            return None
        base = self._extended(base_id, (*seen, rubric_id))
        return None if base is None else merged(base, source.data)


def registered(plugins: Plugins) -> dict[str, Source]:
    """The rubrics that plugins bring, read when they are used: the manager has read their ids."""
    return {
        rubric_id: Source(f"{rubric.plugin.name}: {rubric.part.name}", partial(read, rubric.part))
        for rubric_id, rubric in plugins.rubrics().items()
    }


def read(path: Path) -> dict[str, Any]:
    """The tables of a rubric file that is known to be one."""
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A rubric that varies another: tables merge, criteria by their id, all else is replaced."""
    both = {**base, **{key: value for key, value in own.items() if key != "extends"}}
    for key, value in own.items():
        old = base.get(key)
        if key == "criteria" and isinstance(old, list) and isinstance(value, list):
            both[key] = merged_criteria(old, value)
        elif key != "scorer" and isinstance(old, dict) and isinstance(value, dict):
            both[key] = merged(old, value)
    return both


def merged_criteria(base: list[Any], own: list[Any]) -> list[Any]:
    """The criteria of both, in the order of the first; one with a known id varies that one."""
    by_id = {item.get("id"): item for item in own if isinstance(item, dict)}
    known = [item.get("id") for item in base if isinstance(item, dict)]
    varied = [
        merged(item, by_id[item.get("id")])
        if isinstance(item, dict) and item.get("id") in by_id
        else item
        for item in base
    ]
    return varied + [
        item for item in own if not isinstance(item, dict) or item.get("id") not in known
    ]

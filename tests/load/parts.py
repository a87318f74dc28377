"""Small parts that the competitions of these tests name, so that no shipped part is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

import review_plugins.readers
from review import Award, Exact, Scorer, ShortlistRule, hookimpl
from review import Options as BaseOptions
from review.plugin.manager import PluginInfo, Plugins

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import narwhals as nw

    from review import Column, Entrant, Keys, Reader, Selection, StandingsView


class Mean(Scorer):
    """No trimming."""

    id = "weighted_mean"
    title: ClassVar = {"en": "Mean", "zh-Hans": "平均"}

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        raise NotImplementedError


class Trimmed(Mean):
    """Takes an option."""

    id = "trimmed"

    class Options(BaseOptions):
        drop: int = Field(default=1, ge=1)


class Top(ShortlistRule):
    """Takes options, reads an attribute."""

    id = "top"
    title: ClassVar = {"en": "Top", "zh-Hans": "前几名"}

    class Options(BaseOptions):
        size: int = Field(ge=1)
        by: str | None = None
        min_score: Exact | None = None
        order: Literal["rank", "score"] = "rank"

    def attributes(self) -> Iterable[str]:
        return [self.options.by] if self.options.by else []

    def select(self, entrants: Sequence[Entrant]) -> Selection:
        raise NotImplementedError


class Points(Mean):
    """Leaves the scale of the marks."""

    id = "points"
    unit = "points"


class BestScore(Award):
    """Looks at the score alone."""

    id = "best_score"
    title: ClassVar = {"en": "Best score", "zh-Hans": "最高分"}

    def columns(self) -> Iterable[str]:
        return ["score"]

    def value(self, standings: StandingsView) -> Column:
        raise NotImplementedError


class Popular(BestScore):
    """Needs a fact and a criterion, and takes any column; awarded within a group."""

    id = "popular"
    facts = ("votes",)

    class Options(BaseOptions):
        more: tuple[str, ...] = ()
        within: str | None = None

    def columns(self) -> Iterable[str]:
        return ["fact:votes", "criterion:need", *self.options.more]

    def group(self) -> str | None:
        return str(self.options.within) if self.options.within else None


class Broken(BestScore):
    """Cannot be made."""

    id = "broken"

    def __init__(self, *_: object) -> None:
        raise RuntimeError("no")


class Hooks:
    """The parts above, the shipped readers, and the rubric files of a folder."""

    def __init__(self, rubrics: Path | None = None) -> None:
        self.rubrics = rubrics

    @hookimpl
    def register_scorers(self) -> list[type[Scorer]]:
        return [Mean, Trimmed, Points]

    @hookimpl
    def register_shortlists(self) -> list[type[ShortlistRule]]:
        return [Top]

    @hookimpl
    def register_awards(self) -> list[type[Award]]:
        return [BestScore, Popular, Broken]

    @hookimpl
    def register_readers(self) -> Sequence[type[Reader]]:
        return review_plugins.readers.READERS

    @hookimpl
    def register_rubrics(self) -> list[Path]:
        return sorted(self.rubrics.glob("*.toml")) if self.rubrics else []


def plugins(rubrics: Path | None = None) -> Plugins:
    """A plugin manager with these parts alone."""
    return Plugins([(PluginInfo("sample", "sample-parts", "1.0", None), Hooks(rubrics))])

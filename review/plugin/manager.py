"""The typed face of pluggy: plugins in a fixed order, their parts checked, their failures named.

pluggy answers last-registered-first and does not say who answered, so every plugin is asked by
itself, in the order of their names. Nothing here imports pydantic or frames: a part's base class is
looked up when parts are asked for.
"""

from __future__ import annotations

import os
import sys
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pluggy

from review.errors import HeadroomError, PluginError
from review.messages import Message
from review.plugin import hookspecs
from review.plugin.installed import PluginInfo
from review.plugin.kinds import Kind, complain, part_class
from review.plugin.markers import PROJECT
from review.plugin.sources import installed_sources, local_sources, sources_at

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from review.plugin.comparing import RankingScorer
    from review.plugin.parts import Award, Exporter, FieldScorer, Reader, Scorer, ShortlistRule

__all__ = ["PluginInfo", "Plugins", "Registered", "guarded"]

TRACE = "REVIEW_TRACE_PLUGINS"

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Registered(Generic[T_co]):
    """A part and the plugin that brought it: a class, or the path of a rubric file."""

    part: T_co
    plugin: PluginInfo

    def manifest(self) -> dict[str, str | None]:
        """Plugin, distribution and version, for the manifest of a run."""
        return self.plugin.manifest()


class Plugins:
    """The plugins of a run; each hook is called once, when its parts are first asked for.

    Every method raises PluginError where a plugin fails, clashes or breaks its contract.
    """

    def __init__(self, plugins: Iterable[tuple[PluginInfo, object]]) -> None:
        """Register modules (or other objects with hooks) in the order given."""
        self._plugins: list[tuple[PluginInfo, object]] = []
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._answers: dict[Kind, dict[str, Registered[Any]]] = {}
        for info, plugin in plugins:
            self._register(info, plugin)

    @classmethod
    def load(cls, local: Path | None = None, blocked: Collection[str] = ()) -> Plugins:
        """Import installed plugins by name, then the files `plugins/*.py` of the folder `local`.

        `local` is a competition; `blocked` names plugins to leave out, which are not imported.
        """
        sources = installed_sources() + (local_sources(local) if local else [])
        _check_names([info for info, _ in sources], blocked)
        return cls(
            (info, _import(info, load)) for info, load in sources if info.name not in blocked
        )

    @classmethod
    def at(cls, path: Path) -> Plugins:
        """The plugins of a distribution's folder, installed or not, or of one `.py` file."""
        return cls((info, _import(info, load)) for info, load in sources_at(path))

    def plus(self, others: Plugins) -> Plugins:
        """These plugins, then others."""
        return Plugins([*self._plugins, *others._plugins])

    def with_part(self, kind: Kind, part: object, info: PluginInfo) -> Plugins:
        """These plugins and one part that is tested, in place of one of the same id."""
        other = Plugins(self._plugins)
        added = _by_id(kind, iter([Registered(part, info)]))
        other._answers = {**self._answers, kind: {**self._parts(kind), **added}}
        return other

    def parts(self) -> Iterator[tuple[Kind, str, Registered[Any]]]:
        """Every part of every kind with its id."""
        for kind in Kind:
            for part_id, registered in self._parts(kind).items():
                yield kind, part_id, registered

    @property
    def infos(self) -> tuple[PluginInfo, ...]:
        """The plugins in the order in which they are asked."""
        return tuple(info for info, _ in self._plugins)

    def rubrics(self) -> Mapping[str, Registered[Path]]:
        """Rubric files by the `id` that stands in them."""
        return self._parts(Kind.RUBRIC)

    def scorers(self) -> Mapping[str, Registered[type[Scorer | FieldScorer | RankingScorer]]]:
        """Scorers by id."""
        return self._parts(Kind.SCORER)

    def shortlists(self) -> Mapping[str, Registered[type[ShortlistRule]]]:
        """Shortlist rules by id."""
        return self._parts(Kind.SHORTLIST)

    def awards(self) -> Mapping[str, Registered[type[Award]]]:
        """Awards by id."""
        return self._parts(Kind.AWARD)

    def readers(self) -> Mapping[str, Registered[type[Reader]]]:
        """Readers by id; no two of them read the same suffix."""
        return self._parts(Kind.READER)

    def exporters(self) -> Mapping[str, Registered[type[Exporter]]]:
        """Exporters by id."""
        return self._parts(Kind.EXPORTER)

    def _register(self, info: PluginInfo, plugin: object) -> None:
        try:
            self._manager.register(plugin, info.name)
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            hooks = sorted(kind.hook for kind in Kind)
            raise complain("plugin_hook", info, error=str(error), hooks=hooks) from error
        if not self._manager.get_hookcallers(plugin):
            raise complain("plugin_without_hook", info)
        self._plugins.append((info, plugin))

    def _parts(self, kind: Kind) -> Mapping[str, Registered[Any]]:
        if kind not in self._answers:
            self._answers[kind] = _by_id(kind, self._ask(kind.hook))
        return self._answers[kind]

    def _ask(self, hook: str) -> Iterator[Registered[object]]:
        """Each thing that each plugin brings, plugin by plugin."""
        callers: list[pluggy.HookImpl] = getattr(self._manager.hook, hook).get_hookimpls()
        for info, plugin in self._plugins:
            if any(caller.plugin is plugin for caller in callers):
                for part in self._ask_one(hook, info, plugin):
                    yield Registered(part, info)

    def _ask_one(self, hook: str, info: PluginInfo, plugin: object) -> list[object]:
        others = [other for _, other in self._plugins if other is not plugin]
        with _timed(f"{hook}()", info) as told, guarded(info):
            answers = self._manager.subset_hook_caller(hook, others)()
            if not answers:  # pluggy leaves None out
                raise complain("plugin_answer", info, hook=hook)
            parts = list(answers[0])
            told.append(f"{len(parts)} found")
        return parts


@contextmanager
def guarded(source: Registered[Any] | PluginInfo, doing: Message | None = None) -> Iterator[None]:
    """What a plugin raises inside the `with` block becomes a PluginError that names it.

    `doing` says in words which of its parts is at what.

    A `ReadError` is how a reader answers, and numbers too large are the competition's: both pass.
    Options that do not fit raise pydantic's ValidationError: make the part outside the block.
    """
    info = source.plugin if isinstance(source, Registered) else source
    try:
        yield
    except (PluginError, HeadroomError):
        raise
    except Exception as error:
        from review.plugin.parts import ReadError  # noqa: PLC0415 -- imports pydantic

        if isinstance(error, ReadError):
            raise
        if doing is None:
            raise complain("plugin_failed", info, error=_told(error)) from error
        raise complain("plugin_failed_at", info, doing=doing, error=_told(error)) from error


def _told(error: Exception) -> object:
    message = getattr(error, "message", None)
    return message if isinstance(message, Message) else f"{type(error).__name__}: {error}"


def _check_names(infos: list[PluginInfo], blocked: Collection[str]) -> None:
    """Refuse two plugins of one name, and names to leave out that nobody has."""
    seen: dict[str, PluginInfo] = {}
    for info in infos:
        if info.name in seen:
            raise complain("plugin_name_twice", info, other=str(seen[info.name]))
        seen[info.name] = info
    for name in blocked:
        if name not in seen:
            raise PluginError(Message("plugin_unknown", {"name": name, "names": sorted(seen)}))


def _import(info: PluginInfo, load: Callable[[], object]) -> object:
    try:
        with _timed("import", info):
            return load()
    except Exception as error:
        raise complain("plugin_import", info, error=_told(error)) from error


@contextmanager
def _timed(what: str, info: PluginInfo) -> Iterator[list[str]]:
    """Tell on stderr what a plugin did and how long it took, where tracing is on."""
    told: list[str] = []
    started = perf_counter()
    try:
        yield told
    finally:
        if os.environ.get(TRACE, "0") not in {"", "0"}:
            milliseconds = (perf_counter() - started) * 1000
            told.append(f"{milliseconds:.1f} ms")
            print(f"review: {what}: {info}: {', '.join(told)}", file=sys.stderr)  # noqa: T201 -- asked for


def _by_id(kind: Kind, answers: Iterator[Registered[object]]) -> dict[str, Registered[Any]]:
    parts: dict[str, Registered[Any]] = {}
    suffixes: dict[str, Registered[Any]] = {}
    for answer in answers:
        if kind is Kind.RUBRIC:
            part_id = _rubric_id(answer)
        else:
            part = part_class(kind, answer.part, answer.plugin)
            part_id = part.id
            for suffix in getattr(part, "suffixes", ()) if kind is Kind.READER else ():
                _claim(suffixes, suffix, answer, Message("kind_suffix"))
        _claim(parts, part_id, answer, kind.message)
    return parts


def _claim(
    taken: dict[str, Registered[Any]], name: str, answer: Registered[Any], kind: Message
) -> None:
    if name in taken:
        other = str(taken[name].plugin)
        raise complain("part_twice", answer.plugin, kind=kind, id=name, other=other)
    taken[name] = answer


def _rubric_id(answer: Registered[object]) -> str:
    try:
        rubric = tomllib.loads(Path(str(answer.part)).read_text(encoding="utf-8"))
        rubric_id = rubric["id"]
    except KeyError:
        rubric_id = None
    except (OSError, ValueError) as error:
        raise complain(
            "rubric_unreadable", answer.plugin, file=str(answer.part), error=_told(error)
        ) from error
    if not isinstance(rubric_id, str) or not rubric_id.strip():
        raise complain("rubric_without_id", answer.plugin, file=str(answer.part))
    return rubric_id.strip()

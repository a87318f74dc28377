"""The hooks, all of one kind: a plugin returns what it brings, the core orders and checks it.

Results of several plugins are put one after the other, ordered by plugin name; two parts with the
same id are an error that names both plugins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.plugin.markers import hookspec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from review.plugin.comparing import RankingScorer
    from review.plugin.parts import (
        Award,
        Exporter,
        FieldScorer,
        Reader,
        Scorer,
        ShortlistRule,
    )


@hookspec
def register_rubrics() -> Iterable[Path]:  # type: ignore[empty-body]
    """Called when a competition is loaded or plugins are listed.

    :returns: paths of rubric files (`*.toml`), each with an `id` of its own.
    """


@hookspec
def register_scorers() -> Iterable[type[Scorer | FieldScorer | RankingScorer]]:  # type: ignore[empty-body]
    """Called when a competition is loaded or plugins are listed.

    :returns: classes of scorers; a rubric names one by its `id`.
    """


@hookspec
def register_shortlists() -> Iterable[type[ShortlistRule]]:  # type: ignore[empty-body]
    """Called when a competition is loaded or plugins are listed.

    :returns: classes of shortlist rules; `[rounds.shortlist]` names one by `rule`.
    """


@hookspec
def register_awards() -> Iterable[type[Award]]:  # type: ignore[empty-body]
    """Called when a competition is loaded or plugins are listed.

    :returns: classes of awards; `[[awards]]` names one by `award`.
    """


@hookspec
def register_readers() -> Iterable[type[Reader]]:  # type: ignore[empty-body]
    """Called before the first table is read or plugins are listed.

    :returns: classes of readers, found by the suffix of a file.
    """


@hookspec
def register_exporters() -> Iterable[type[Exporter]]:  # type: ignore[empty-body]
    """Called before a result is written or plugins are listed.

    :returns: classes of exporters; `--format` names one by its `id`.
    """

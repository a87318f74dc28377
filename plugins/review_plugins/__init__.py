"""The scorers, shortlist rules, awards, readers and exporters that `review` brings along.

They are a plugin like any other: found through the same entry point, written on the public names
alone. Each hook imports its family only when it is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import (
        Award,
        Exporter,
        FieldScorer,
        RankingScorer,
        Reader,
        Scorer,
        ShortlistRule,
    )


@hookimpl
def register_scorers() -> Sequence[type[Scorer | FieldScorer | RankingScorer]]:
    """The scorers."""
    from review_plugins.scorers import SCORERS  # noqa: PLC0415 -- imported when asked for

    return SCORERS


@hookimpl
def register_shortlists() -> Sequence[type[ShortlistRule]]:
    """The shortlist rules."""
    from review_plugins.shortlists import SHORTLISTS  # noqa: PLC0415 -- imported when asked for

    return SHORTLISTS


@hookimpl
def register_awards() -> Sequence[type[Award]]:
    """The awards."""
    from review_plugins.awards import AWARDS  # noqa: PLC0415 -- imported when asked for

    return AWARDS


@hookimpl
def register_readers() -> Sequence[type[Reader]]:
    """The readers of table files."""
    from review_plugins.readers import READERS  # noqa: PLC0415 -- imported when asked for

    return READERS


@hookimpl
def register_exporters() -> Sequence[type[Exporter]]:
    """The exporters of results."""
    from review_plugins.exporters import EXPORTERS  # noqa: PLC0415 -- imported when asked for

    return EXPORTERS

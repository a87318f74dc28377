"""One part of every kind; each hook imports its parts only when it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from review import hookimpl

if TYPE_CHECKING:
    from review import Award, Exporter, FieldScorer, Reader, Scorer, ShortlistRule


@hookimpl
def register_awards() -> list[type[Award]]:
    """The award."""
    from example_plugin.award import Underdog

    return [Underdog]


@hookimpl
def register_scorers() -> list[type[Scorer | FieldScorer]]:
    """Both scorers."""
    from example_plugin.scorers import Approval, Peak

    return [Peak, Approval]


@hookimpl
def register_shortlists() -> list[type[ShortlistRule]]:
    """The rule."""
    from example_plugin.shortlist import UpperHalf

    return [UpperHalf]


@hookimpl
def register_readers() -> list[type[Reader]]:
    """The reader."""
    from example_plugin.reader import WikiTable

    return [WikiTable]


@hookimpl
def register_exporters() -> list[type[Exporter]]:
    """The exporter."""
    from example_plugin.exporter import Winners

    return [Winners]


@hookimpl
def register_rubrics() -> list[Path]:
    """The rubric."""
    return [Path(__file__).with_name("show-of-hands.toml")]

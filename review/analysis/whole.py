"""All that is said about one result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review.model.result import Result
    from review.plugin.manager import Plugins


@dataclass(frozen=True)
class Analysis:
    """The parts of an analysis, each computed when it is first asked for."""

    result: Result
    plugins: Plugins

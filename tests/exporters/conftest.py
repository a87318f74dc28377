"""Results to export, and golden text to compare with.

`ACCEPT=1 make fast` writes what is exported now as what is expected; look at the difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.exporters import factory

if TYPE_CHECKING:
    from collections.abc import Callable

    from review import Result

GOLDEN = Path(__file__).parents[1] / "golden/exporters"


@pytest.fixture(scope="session")
def full() -> Result:
    return factory.full_result()


@pytest.fixture(
    params=[factory.full_result, factory.empty_result, factory.bare_result],
    ids=["full", "empty", "bare"],
)
def any_result(request: pytest.FixtureRequest) -> Result:
    """Each kind of result in turn."""
    made: Result = request.param()
    return made


@pytest.fixture
def golden() -> Callable[[Path], None]:
    """Compare a written file with the expected one of that name."""

    def compare(path: Path) -> None:
        expected = GOLDEN / path.name
        if os.environ.get("ACCEPT"):
            expected.parent.mkdir(parents=True, exist_ok=True)
            expected.write_bytes(path.read_bytes())
        assert path.read_text(encoding="utf-8") == expected.read_text(encoding="utf-8")

    return compare

"""The examples as anybody runs them: through the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from review.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

Result = dict[str, Any]

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def examples() -> Path:
    return EXAMPLES


@pytest.fixture(scope="session")
def run() -> Callable[[Path | str], Result]:
    def run(folder: Path | str) -> Result:
        done = CliRunner().invoke(main, ["run", str(EXAMPLES / folder), "--json"])
        assert done.exit_code == 0, done.output
        result: Result = json.loads(done.stdout)
        return result

    return run

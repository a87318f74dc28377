"""The examples as anybody runs them: through the command."""

from __future__ import annotations

import json
from functools import partial
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


def told(command: str, folder: Path | str) -> Result:
    """What `review COMMAND FOLDER --json` prints."""
    done = CliRunner().invoke(main, [command, str(EXAMPLES / folder), "--json"])
    assert done.exit_code == 0, done.output
    result: Result = json.loads(done.stdout)
    return result


@pytest.fixture(scope="session")
def run() -> Callable[[Path | str], Result]:
    return partial(told, "run")


@pytest.fixture(scope="session")
def check() -> Callable[[Path | str], Result]:
    return partial(told, "check")

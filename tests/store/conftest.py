from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.store.database import Database
from review.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of this test, on each engine."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    made = Writer(database)
    yield made
    made.close()

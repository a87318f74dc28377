"""What holds for every test: the same language, width and examples on every machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ("tests.services",)

# Repeatable by default; `HYPOTHESIS_PROFILE=search make check` looks for what nobody has met yet.
settings.register_profile("repeat", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


@pytest.fixture(autouse=True, scope="session")
def _same_everywhere() -> Iterator[None]:
    """English, 80 columns, no colours, no tracing, whatever the shell says."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "REVIEW_TRACE_PLUGINS"):
            patch.delenv(name, raising=False)
        patch.setenv("LANG", "C.UTF-8")
        patch.setenv("COLUMNS", "80")
        patch.setenv("NO_COLOR", "1")
        yield

"""The front-end files of others are what their lists say, and what npm hands out."""

from __future__ import annotations

import pytest

from tools import vendor


def test_vendored_files_are_what_is_listed() -> None:
    assert list(vendor.differences()) == []


def test_every_vendored_package_has_its_licence() -> None:
    without = [
        package.npm
        for package in vendor.packages()
        if not any("LICENSE" in file.name for file in package.files)
    ]
    assert without == []


@pytest.mark.slow
def test_vendored_files_are_what_npm_hands_out() -> None:
    assert list(vendor.differences_with_npm()) == []

"""Each hook as the example plugin implements it, found through its own entry point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.plugin.kinds import Kind
from review.plugin.manager import Plugins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.plugin.manager import Registered

SHIPPED = ("review_plugins", "review_rubrics")


@pytest.fixture
def example(example_installed: None) -> Plugins:
    return Plugins.load(blocked=SHIPPED)


def names(parts: Mapping[str, Registered[type]]) -> dict[str, str]:
    return {part_id: found.part.__name__ for part_id, found in parts.items()}


def test_hook_register_awards(example: Plugins) -> None:
    assert names(example.awards()) == {"underdog": "Underdog"}


def test_hook_register_exporters(example: Plugins) -> None:
    assert names(example.exporters()) == {"winners": "Winners"}


def test_hook_register_readers(example: Plugins) -> None:
    assert names(example.readers()) == {"wiki_table": "WikiTable"}


def test_hook_register_rubrics(example: Plugins) -> None:
    rubrics = {rubric_id: found.part.name for rubric_id, found in example.rubrics().items()}
    assert rubrics == {"show-of-hands": "show-of-hands.toml"}


def test_hook_register_scorers(example: Plugins) -> None:
    assert names(example.scorers()) == {"peak": "Peak", "approval": "Approval"}


def test_hook_register_shortlists(example: Plugins) -> None:
    assert names(example.shortlists()) == {"upper_half": "UpperHalf"}


def test_example_is_named_with_distribution_and_version(example: Plugins) -> None:
    assert {str(found.plugin) for _kind, _id, found in example.parts()} == {
        "example (review-example-plugin 1.2.3)"
    }
    assert {kind for kind, _id, _found in example.parts()} == set(Kind)

"""The published schema holds for every kind of result and refuses a missing or bent key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import review
from review.messages import Message
from review.model.canonical import dumps
from review.model.problem import error
from tests.exporters import factory

SCHEMA = json.loads(
    (Path(review.__file__).parent / "model" / "result-1.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

REQUIRED = {
    "result": "schema competition title state content rules rounds awards problems",
    "round": "id rubric scorer standings shortlist",
    "standing": (
        "proposal title group rank score subtotal criteria parts ballots missing status tie"
    ),
    "choice": "proposal place status reason",
    "award": "id title winners vacant",
    "winner": "place tier proposal value reason",
    "problem": "code severity file sheet row column value message hint",
}


def full() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(dumps(factory.full_result().to_json()))
    return document


def only_problems() -> dict[str, Any]:
    broken = error(Message("broken", {}, {"en": "cannot be read", "zh-Hans": "无法读取"}))
    return {"schema": 1, "competition": None, "problems": [broken.to_json()]}


def test_schema_is_a_schema() -> None:
    VALIDATOR.check_schema(SCHEMA)


@pytest.mark.parametrize("make", [factory.full_result, factory.empty_result, factory.bare_result])
def test_schema_takes_results(make: Any) -> None:
    document = json.loads(dumps(make().to_json()))

    assert list(VALIDATOR.iter_errors(document)) == []


def test_schema_takes_a_document_of_problems_alone() -> None:
    assert VALIDATOR.is_valid(only_problems())
    assert VALIDATOR.is_valid({"schema": 1, "competition": "star-plan", "problems": []})


def test_schema_takes_added_keys() -> None:
    document = full()
    for part in (document, document["rounds"][0], document["awards"][0], document["problems"][0]):
        part["added-later"] = {"any": "thing"}

    assert VALIDATOR.is_valid(document)


def parts_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """One of each part of a result, by the name of its definition."""
    first, award = document["rounds"][0], document["awards"][0]
    return {
        "result": document,
        "round": first,
        "standing": first["standings"][0],
        "choice": first["shortlist"][0],
        "award": award,
        "winner": award["winners"][0],
        "problem": document["problems"][0],
    }


@pytest.mark.parametrize(
    ("part", "key"), [(part, key) for part, keys in REQUIRED.items() for key in keys.split()]
)
def test_schema_misses_a_key(part: str, key: str) -> None:
    document = full()
    del parts_of(document)[part][key]

    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("result", "schema", 2),
        ("result", "state", "draft"),
        ("result", "content", "sha256:short"),
        ("round", "shortlist", {}),
        ("standing", "rank", 0),
        ("standing", "rank", 1.5),
        ("standing", "score", None),
        ("standing", "score", "8.93"),
        ("standing", "status", "withdrawn"),
        ("standing", "status", "gone"),
        ("standing", "ballots", -1),
        ("standing", "parts", {"other": 1}),
        ("standing", "criteria", {"need": "9"}),
        ("standing", "tie", {"with": [], "by": "share"}),
        ("standing", "reason", {"code": "no_score", "en": "no score"}),
        ("choice", "place", None),
        ("choice", "status", "out"),
        ("choice", "status", "maybe"),
        ("choice", "reason", {}),
        ("award", "vacant", None),
        ("winner", "place", 0),
        ("winner", "tier", None),
        ("problem", "severity", "fatal"),
        ("problem", "code", "With spaces"),
        ("problem", "message", {"en": "only English"}),
    ],
)
def test_schema_refuses_a_value(part: str, key: str, value: object) -> None:
    document = full()
    parts_of(document)[part][key] = value

    assert not VALIDATOR.is_valid(document)


def test_schema_refuses_a_document_of_problems_with_rounds() -> None:
    document = {**only_problems(), "rounds": []}

    assert not VALIDATOR.is_valid(document)


def test_schema_names_every_key_that_results_have() -> None:
    document = full()
    for name, part in parts_of(document).items():
        assert set(part) <= set(SCHEMA["$defs"][name]["properties"])

"""The API held against its own schema: what it says it answers is what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.occasion import Occasion, Visitor, make_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from schemathesis import Case

BASE = "https://judging.example.org"
OPERATIONS = ["POST /api/ballots", "PUT /api/drafts", "GET /api/state", "GET /api/results"]
KNOWN = {"round": "pitch", "proposal": "p02"}
ROLES = ["nobody", "judge", "organiser"]


#: What may come of it; a ballot that fits the schema need not fit the rubric.
ANSWERS = {
    ("nobody", "POST /api/ballots"): {400, 401, 422},
    ("nobody", "PUT /api/drafts"): {400, 401, 422},
    ("nobody", "GET /api/state"): {401},
    ("nobody", "GET /api/results"): {404},
    ("judge", "POST /api/ballots"): {200, 400, 404, 409, 422},
    ("judge", "PUT /api/drafts"): {200, 400, 404, 422},
    ("judge", "GET /api/state"): {200},
    ("judge", "GET /api/results"): {404},
    ("organiser", "POST /api/ballots"): {400, 403, 422},
    ("organiser", "PUT /api/drafts"): {400, 403, 422},
    ("organiser", "GET /api/state"): {200},
    ("organiser", "GET /api/results"): {404},
}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Occasion]:
    folder: Path = make_folder(tmp_path_factory.mktemp("hall") / "event")
    occasion = Occasion.of(folder)
    occasion.move("open")
    yield occasion
    occasion.event.close()


@pytest.fixture(scope="module")
def schema(hall: Occasion) -> Any:
    return schemathesis.openapi.from_dict(hall.visitor().get("/openapi.json").json())


@pytest.fixture
def visitor(hall: Occasion, role: str) -> Visitor:
    make: dict[str, Callable[[], Visitor]] = {
        "nobody": hall.visitor, "judge": hall.judge, "organiser": hall.organiser,
    }  # fmt: skip
    hall.app.state.limits._seen.clear()  # noqa: SLF001 -- every role starts afresh
    return make[role]()


def test_schema_names_every_operation(schema: Any) -> None:
    found = [f"{o.ok().method.upper()} {o.ok().path}" for o in schema.get_all_operations()]
    assert found == OPERATIONS
    assert "csrf" not in str(schema.raw_schema["paths"])


@pytest.mark.parametrize(("role", "operation"), ANSWERS)
def test_api_answers_what_its_schema_says(
    hall: Occasion, schema: Any, visitor: Visitor, role: str, operation: str
) -> None:
    method, _, path = operation.partition(" ")
    visitor.client.headers["X-CSRF-Token"] = visitor.csrf
    seen: set[int] = set()

    asking = schema[path][method]
    cases = asking.as_strategy()
    if method != "GET":  # what has a body is asked for wrongly, too
        cases |= asking.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @given(case=cases, real=st.booleans())
    @settings(max_examples=60)
    def check(case: Case[Any], real: bool) -> None:  # noqa: FBT001 -- drawn
        if real and isinstance(case.body, dict) and KNOWN.keys() <= case.body.keys():
            case.body.update(KNOWN, rubric=hall.event.definition.forms["pitch"].digest)
        asked = case.as_transport_kwargs(base_url=BASE)
        answer = visitor.client.request(
            asked["method"], asked["url"], headers=asked["headers"], params=asked.get("params"),
            json=asked.get("json"), content=asked.get("data"),
        )  # fmt: skip
        seen.add(answer.status_code)
        case.validate_response(answer, excluded_checks=[positive_data_acceptance])

    check()
    assert seen <= ANSWERS[role, operation]
    assert {200, 401, 403, 404} & seen

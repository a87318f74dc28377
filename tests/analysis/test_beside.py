"""Variants run beside each other come to what each comes to by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings

from review.analysis.comparing.beside import BEARABLE, Beside
from review.errors import HeadroomError
from review.pipeline import derive
from tests.analysis.variants import PLUGINS, changes_of, contests, told

if TYPE_CHECKING:
    from review.model.loaded import LoadedCompetition
    from review.model.result import Result


def official(loaded: LoadedCompetition) -> Result:
    try:
        result = derive(loaded, PLUGINS, {})
    except HeadroomError:
        assume(condition=False)
        raise
    assume(not any(p.is_error and p.code not in BEARABLE for p in result.problems))
    return result


@pytest.mark.slow
@settings(max_examples=25)
@given(contests())
def test_variants_beside_each_other_are_as_each_by_itself(loaded: LoadedCompetition) -> None:
    beside = Beside(official(loaded), PLUGINS)
    changes = changes_of(loaded)
    together = [told(variant) for variant in beside.run(changes)]
    alone = [told(beside.single(change)) for change in changes]
    assert together == alone

"""Who may do what when, as a whole, and what judges see of proposals."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import app
from review.live.definition import Definition
from review.live.policy import (
    ROLES,
    RULES,
    STATES,
    Action,
    Phase,
    Viewer,
    allows,
    is_contact,
    visible,
)
from tests.live.folders import PROPOSALS, hall, table

if TYPE_CHECKING:
    from pathlib import Path

    from review.live.definition import Form

PUBLIC, JUDGE, ORGANISER = Viewer("public"), Viewer("judge", "a1"), Viewer("organiser", "b2")
VIEWERS = {"public": PUBLIC, "judge": JUDGE, "organiser": ORGANISER}
PHASES = [Phase(s, p) for s, p in itertools.product((None, *STATES), (False, True))]

# Who may in every phase; what depends on the phase is below.
ALWAYS = {
    "ask_health": "public judge organiser",
    "sign_in": "public judge organiser",
    "sign_out": "judge organiser",
    "set_password": "organiser",
    "ask_results": "public judge organiser",
    "see_own_list": "judge",
    "record_ballot": "judge",
    "ask_state": "judge organiser",
    "see_event": "organiser",
    "see_coverage": "organiser",
    "see_standings": "organiser",
    "see_people": "organiser",
    "see_proposals": "organiser",
    "see_decisions": "organiser",
    "see_publications": "organiser",
    "see_record": "organiser",
    "see_definition": "organiser",
    "listen": "organiser",
    "export": "organiser",
    "change_round": "organiser",
    "change_people": "organiser",
    "change_proposal": "organiser",
    "decide": "organiser",
    "publish": "organiser",
    "renew_definition": "organiser",
}


def _allowed(viewer: Viewer, action: Action) -> list[Phase]:
    return [phase for phase in PHASES if allows(viewer, action, phase)]


@pytest.mark.parametrize("name", sorted(ALWAYS))
def test_action_is_for_the_same_roles_in_every_phase(name: str) -> None:
    for role, viewer in VIEWERS.items():
        wanted = PHASES if role in ALWAYS[name].split() else []
        assert _allowed(viewer, Action(name)) == wanted, role


@pytest.mark.parametrize("name", ["see_ballot", "keep_draft", "see_own_picture"])
def test_judges_learn_of_a_round_when_it_opens(name: str) -> None:
    assert _allowed(JUDGE, Action(name)) == [p for p in PHASES if p.state != "planned"]
    assert _allowed(PUBLIC, Action(name)) == _allowed(ORGANISER, Action(name)) == []


def test_results_are_seen_when_they_are_published() -> None:
    for viewer in VIEWERS.values():
        assert _allowed(viewer, Action.SEE_RESULTS) == [p for p in PHASES if p.published]


def test_every_action_has_a_rule_and_a_row_here() -> None:
    others = {"see_ballot", "keep_draft", "see_own_picture", "see_results"}
    assert {a.value for a in Action} == {*ALWAYS, *others} == {a.value for a in RULES}


@given(st.sampled_from(list(Action)), st.sampled_from(PHASES), st.sampled_from(ROLES[1:]))
def test_role_without_a_person_may_what_the_public_may_not(
    action: Action, phase: Phase, role: str
) -> None:
    assert not allows(Viewer(role), action, phase)


def test_what_has_no_rule_is_refused() -> None:
    assert not allows(ORGANISER, "fly", Phase())  # type: ignore[arg-type]
    assert not allows(Viewer("admin", "c3"), Action.SEE_EVENT, Phase())
    assert not allows(ORGANISER, Action.SEE_EVENT, Phase("unheard-of"))


@pytest.fixture
def form(tmp_path: Path) -> Form:
    return Definition.of(1, app.load(hall(tmp_path)).loaded).forms["final"]


SEEN = ("title", "title_zh-Hans", "community", "category", "amount", "order", "status")


@pytest.mark.parametrize("state", ["open", "locked", "closed"])
def test_judges_do_not_see_what_is_blind_or_how_to_reach_people(form: Form, state: str) -> None:
    assert visible(JUDGE, Phase(state), form) == SEEN


def test_judges_see_nothing_of_a_planned_round(form: Form) -> None:
    assert visible(JUDGE, Phase("planned"), form) == ()


def test_blind_round_is_blind_no_more_once_it_is_published(form: Form) -> None:
    assert set(visible(JUDGE, Phase("closed", published=True), form)) == {*SEEN, "team"}


def test_organisers_see_everything_and_the_public_nothing(form: Form) -> None:
    assert visible(ORGANISER, Phase("planned"), form) == form.columns
    assert visible(PUBLIC, Phase("closed", published=True), form) == ()
    assert visible(Viewer("organiser"), Phase("closed"), form) == ()


def test_blind_title_is_blind_in_every_language(tmp_path: Path) -> None:
    rubric = (hall(tmp_path) / "rubrics/simple.toml").read_text().replace('"team"]', '"title"]')
    folder = hall(tmp_path, {"rubrics/simple.toml": rubric, "proposals.csv": table(PROPOSALS)})
    blind = Definition.of(1, app.load(folder).loaded).forms["final"]
    assert set(visible(JUDGE, Phase("open"), blind)) == {
        "team", "community", "category", "amount", "order", "status",
    }  # fmt: skip


@pytest.mark.parametrize(
    "column",
    ["email", "E-mail", "contact_person", "Phone", "mobile-no", "Tel.", "手机号", "联系人", "电话",
     "身份证号", "微信", "bank account", "ID card", "QQ", "home address", "邮箱", "ＥＭＡＩＬ"],
)  # fmt: skip
def test_contact_columns_are_known_by_name(column: str) -> None:
    assert is_contact(column)


@pytest.mark.parametrize(
    "column", ["hotel", "category", "cellar", "community", "简介", "团队", "idea"]
)
def test_other_columns_are_no_contacts(column: str) -> None:
    assert not is_contact(column)

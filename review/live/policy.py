"""Who may do what in which phase, and what a judge sees of a proposal: the one place that says so.

Whatever is not in the table is refused. Where the phase of a ballot decides, the store has the last
word under its lock: a reply may be lost, so a ballot that was stored is acknowledged again even
after its round was locked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from review.model.types import fold

if TYPE_CHECKING:
    from review.live.definition import Form

PUBLIC, JUDGE, ORGANISER = "public", "judge", "organiser"
ROLES = (PUBLIC, JUDGE, ORGANISER)
STATES = ("planned", "open", "locked", "closed")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: a role, and the person's ref (None: nobody is signed in)."""

    role: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """When: the state of the round that is asked about (None: no round in particular).

    `published`: whether that round, or of no round anything, is published.
    """

    state: str | None = None
    published: bool = False


class Action(StrEnum):
    """What can be asked of a live event; every route names one."""

    ASK_HEALTH = "ask_health"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SET_PASSWORD = "set_password"  # noqa: S105 -- the name of an action

    ASK_RESULTS = "ask_results"  # whether there are any; what is in them is SEE_RESULTS
    SEE_RESULTS = "see_results"

    SEE_OWN_LIST = "see_own_list"
    SEE_BALLOT = "see_ballot"
    RECORD_BALLOT = "record_ballot"
    KEEP_DRAFT = "keep_draft"
    SEE_OWN_PICTURE = "see_own_picture"
    ASK_STATE = "ask_state"

    SEE_EVENT = "see_event"
    SEE_COVERAGE = "see_coverage"
    SEE_STANDINGS = "see_standings"
    SEE_PEOPLE = "see_people"
    SEE_PROPOSALS = "see_proposals"
    SEE_DECISIONS = "see_decisions"
    SEE_PUBLICATIONS = "see_publications"
    SEE_RECORD = "see_record"
    SEE_DEFINITION = "see_definition"
    LISTEN = "listen"
    EXPORT = "export"
    CHANGE_ROUND = "change_round"
    CHANGE_PEOPLE = "change_people"  # links, codes, withdrawing a judge
    CHANGE_PROPOSAL = "change_proposal"
    DECIDE = "decide"
    PUBLISH = "publish"
    RENEW_DEFINITION = "renew_definition"


class Rule(NamedTuple):
    """Who may, in which states of a round, and whether only what is published."""

    roles: tuple[str, ...]
    states: tuple[str | None, ...] = (None, *STATES)
    published_only: bool = False


_EVERYBODY, _SIGNED_IN = Rule(ROLES), Rule((JUDGE, ORGANISER))
_JUDGES, _ORGANISERS = Rule((JUDGE,)), Rule((ORGANISER,))
# A judge learns who takes part in a round when it opens, not before.
_JUDGES_OF_BEGUN = Rule((JUDGE,), (None, "open", "locked", "closed"))

RULES: dict[Action, Rule] = {
    Action.ASK_HEALTH: _EVERYBODY,
    Action.SIGN_IN: _EVERYBODY,
    Action.SIGN_OUT: _SIGNED_IN,
    Action.SET_PASSWORD: _ORGANISERS,
    Action.ASK_RESULTS: _EVERYBODY,
    Action.SEE_RESULTS: Rule(ROLES, published_only=True),
    Action.SEE_OWN_LIST: _JUDGES,
    Action.SEE_BALLOT: _JUDGES_OF_BEGUN,
    Action.RECORD_BALLOT: _JUDGES,
    Action.KEEP_DRAFT: _JUDGES_OF_BEGUN,
    Action.SEE_OWN_PICTURE: _JUDGES_OF_BEGUN,
    Action.ASK_STATE: _SIGNED_IN,
    Action.SEE_EVENT: _ORGANISERS,
    Action.SEE_COVERAGE: _ORGANISERS,
    Action.SEE_STANDINGS: _ORGANISERS,
    Action.SEE_PEOPLE: _ORGANISERS,
    Action.SEE_PROPOSALS: _ORGANISERS,
    Action.SEE_DECISIONS: _ORGANISERS,
    Action.SEE_PUBLICATIONS: _ORGANISERS,
    Action.SEE_RECORD: _ORGANISERS,
    Action.SEE_DEFINITION: _ORGANISERS,
    Action.LISTEN: _ORGANISERS,
    Action.EXPORT: _ORGANISERS,
    Action.CHANGE_ROUND: _ORGANISERS,
    Action.CHANGE_PEOPLE: _ORGANISERS,
    Action.CHANGE_PROPOSAL: _ORGANISERS,
    Action.DECIDE: _ORGANISERS,
    Action.PUBLISH: _ORGANISERS,
    Action.RENEW_DEFINITION: _ORGANISERS,
}


def allows(viewer: Viewer, action: Action, phase: Phase) -> bool:
    """Whether somebody may do something now; no rule means no."""
    rule = RULES.get(action)
    if rule is None:
        return False
    signed_in = viewer.role == PUBLIC or viewer.ref is not None
    return (
        signed_in
        and viewer.role in rule.roles
        and phase.state in rule.states
        and (phase.published or not rule.published_only)
    )


def visible(viewer: Viewer, phase: Phase, form: Form) -> tuple[str, ...]:
    """The attributes of a proposal that somebody may see, in the order of the table.

    Organisers see all. Judges see none before the round opens; then all but how to reach people and
    why somebody withdrew, and in a blind round, until it is published, what its rubric names. The
    public sees results, which carry their titles along.
    """
    if viewer.role == ORGANISER and viewer.ref is not None:
        return form.columns
    if viewer.role != JUDGE or not allows(viewer, Action.SEE_BALLOT, phase):
        return ()
    hidden = set() if phase.published else set(form.blind)
    if "title" in hidden:  # in whichever language
        hidden |= {name for name in form.columns if name.startswith("title_")}
    return tuple(
        name
        for name in form.columns
        if name not in hidden and name not in _FOR_ORGANISERS and not is_contact(name)
    )


_FOR_ORGANISERS = frozenset({"status_reason"})
_CONTACT = re.compile(
    r"mail|phone|mobile|contact|address|wechat|weixin|whatsapp|passport|birth|gender|bank"
    r"|\b(tel|cell|qq|id ?card|id ?no|id ?number|ssn|iban|account|dob)\b"
    r"|电话|手机|邮箱|邮件|电邮|微信|身份证|证件|护照|联系|地址|住址|银行|账号|账户|开户|卡号|生日|出生|性别"
)


def is_contact(column: str) -> bool:
    """Whether a column looks like one that says how to reach people, or who they are to the state.

    Judged by its name, in English and Chinese.
    """
    return _CONTACT.search(re.sub(r"[_\-.]+", " ", fold(column))) is not None

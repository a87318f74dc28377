"""A report on what would change a result as text: plain words first, then tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.analysis.comparing.titles import judge_name
from review.analysis.comparing.words import criterion_name, effect_words, matters
from review.analysis.percent import percent
from review.cli.results import listed, titled
from review.cli.screen import heading, plain, screen_width
from review.cli.tables import Column, table
from review.cli.width import indented
from review.messages import Message
from review.text import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.analysis.comparing.effects import Effect
    from review.analysis.comparing.influence import Influence
    from review.analysis.comparing.leaving_out import Removal
    from review.analysis.comparing.methods import Method, Methods
    from review.analysis.comparing.report import Comparison, RoundComparison
    from review.analysis.comparing.weights import Weights

SHOWN = 10
"""Rows of a table that could go on; `--json` has all."""
ABREAST = 6
"""So many ways of scoring fit beside each other."""
AROUND = 3
"""So many places on both sides of the line are shown of the ways of scoring."""


def compare_lines(report: Comparison) -> Iterator[str]:
    """The whole report, round by round."""
    yield heading(titled(report.title, report.competition))
    for round_ in report.rounds:
        yield ""
        yield from _round(round_)


def _round(round_: RoundComparison) -> Iterator[str]:
    name = titled(round_.title, round_.id)
    yield heading(_("{round}: what would change it").format(round=name))
    for sentence in round_.sentences:
        yield indented(plain(sentence.render()), screen_width(), "- ", "  ")
    for part in (_left_out(round_), _weights(round_), _methods(round_), _influence(round_)):
        for i, line in enumerate(part):
            if i == 0:
                yield ""
            yield line


def _note(text: str) -> str:
    return indented(text, screen_width(), "", "")


# ------------------------------------------------------------------------------------ left out


def _left_out(round_: RoundComparison) -> Iterator[str]:
    """Judges and criteria all, proposals only where more than their own place is freed."""
    out = round_.leaving_out
    rows = [
        *(_removal(round_, r, _judge(round_, r.id)) for r in out["judges"].removals),
        *(_removal(round_, r, _criterion(round_, r)) for r in out["criteria"].removals),
    ]
    beyond = [r for r in out["proposals"].removals if r.beyond]
    beyond.sort(key=lambda r: (not matters(round_, r.effect), r.effect.tau_b or 0, r.id))
    rows += [_removal(round_, r, _proposal(round_, r.id)) for r in beyond[:SHOWN]]
    if not rows:
        return
    columns = [
        Column(_("Left out"), fit="cut", least=18),
        Column(_("What changes"), fit="wrap", least=26),
        Column(_("Largest move")),
        Column(_("Same order"), "right"),
    ]
    yield table(columns, rows)
    yield _note(
        _(
            "Largest move: whose place moves most, from where to where. Same order: Kendall's"
            " tau-b, 1 where the order stays as it is."
        )
    )
    if len(beyond) > SHOWN:
        more = _("{count} more proposals move others by withdrawing; --json lists them.")
        yield _note(more.format(count=len(beyond) - SHOWN))


def _removal(round_: RoundComparison, removal: Removal, who: str) -> list[str]:
    effect = removal.effect
    return [who, _changes(round_, effect), _largest(effect), _tau(effect)]


def _changes(round_: RoundComparison, effect: Effect) -> str:
    told = matters(round_, effect) or effect.refusal is not None or bool(effect.leads)
    return effect_words(round_.names, effect).render() if told else "–"


def _largest(effect: Effect) -> str:
    found = effect.largest
    return "–" if found is None else f"{found.proposal} {found.before}→{found.after}"


def _tau(effect: Effect) -> str:
    return "–" if effect.tau_b is None else f"{effect.tau_b:.2f}"


def _judge(round_: RoundComparison, judge: str) -> str:
    return judge_name(round_.names.judges, judge)


def _criterion(round_: RoundComparison, removal: Removal) -> str:
    name = criterion_name(round_, removal.round or round_.id, removal.id)
    return Message("effect_all", {"parts": name}).render()


def _proposal(round_: RoundComparison, proposal: str) -> str:
    return f"{proposal} {titled(round_.names.proposals.get(proposal, {}), '')}".rstrip()


# ------------------------------------------------------------------------------------- weights


def _weights(round_: RoundComparison) -> Iterator[str]:
    """The proposals whose place is not the same in every draw."""
    weights = round_.weights
    if weights is None or not weights.draws:
        return
    listed_ = round_.shortlisted is not None
    unsure = [
        s
        for s in weights.proposals
        if 0 < s.first < 1 or (listed_ and s.shortlisted is not None and 0 < s.shortlisted < 1)
    ]
    if not unsure:
        return
    columns = [
        Column(_("Rank"), "right"),
        Column(_("Proposal"), fit="cut", least=30),
        Column(_("Shortlisted"), "right"),
        Column(_("First"), "right"),
    ]
    rows = [
        [
            "–" if s.rank is None else str(s.rank),
            _proposal(round_, s.proposal),
            "" if s.shortlisted is None else f"{percent(s.shortlisted)} %",
            f"{percent(s.first)} %",
        ]
        for s in unsure
    ]
    yield table(columns, rows)
    yield _note(_drawn(weights))


def _drawn(weights: Weights) -> str:
    concentrations = listed(f"{round(a)}" for a in dict.fromkeys(weights.concentration.values()))
    return _(
        "Shares of {draws} draws of the weights (Dirichlet, concentration {concentration}; on"
        " average a weight differs by ±{percent} %)."
    ).format(
        draws=weights.draws,
        concentration=concentrations,
        percent=int(weights.spread * 100),
    )


# ------------------------------------------------------------------------------------- methods


def _methods(round_: RoundComparison) -> Iterator[str]:
    """Ranks by each way of scoring: of those around the line, and of those that depend on it."""
    methods = round_.methods
    if methods is None or not methods.others:
        return
    usable = [methods.official, *methods.others]
    shown = _near(round_, methods)
    for start in range(1, len(usable), ABREAST - 1):
        abreast = [usable[0], *usable[start : start + ABREAST - 1]]
        columns = [
            Column(_("Proposal"), fit="cut", least=14),
            *(Column(_title(m), "right", "wrap", 8) for m in abreast),
        ]
        rows = [[_proposal(round_, p), *(_place(m, p) for m in abreast)] for p in shown]
        yield table(columns, rows)
        yield ""
    text = _("Ranks by way of scoring; the declared one is marked by *.")
    if round_.shortlisted is not None:
        text = _(
            "Ranks by way of scoring; the declared one is marked by *. In brackets: not on the"
            " shortlist."
        )
    yield _note(text)


def _near(round_: RoundComparison, methods: Methods) -> Sequence[str]:
    """Who depends on the way of scoring, and who stands around the line (or in front)."""
    line = len(round_.shortlisted) if round_.shortlisted else AROUND
    depends = {d.proposal for d in methods.depends}
    rank = methods.official.rank
    return [p for p in methods.proposals if p in depends or abs(rank.get(p, 0) - line) <= AROUND]


def _title(method: Method) -> str:
    return f"{titled(method.title, method.id)}{'*' if method.official else ''}"


def _place(method: Method, proposal: str) -> str:
    rank = method.rank.get(proposal)
    text = "–" if rank is None else str(rank)
    status = method.status.get(proposal)
    return text if status in {None, "in"} else f"({text})"


# ----------------------------------------------------------------------------------- influence


def _influence(round_: RoundComparison) -> Iterator[str]:
    """The single marks that decide something."""
    influence = round_.influence
    if influence is None:
        return
    deciding = [m for m in influence.marks if matters(round_, m.effect)]
    if deciding:
        columns = [
            Column(_("Mark of"), fit="cut", least=8),
            Column(_("Proposal"), fit="cut", least=8),
            Column(_("Criterion"), fit="cut", least=10),
            Column(_("Mark"), "right"),
            Column(_("Median"), "right"),
            Column(_("What changes"), fit="wrap", least=26),
        ]
        rows = [
            [
                m.judge,
                m.proposal,
                Message(
                    "effect_all", {"parts": criterion_name(round_, m.round, m.criterion)}
                ).render(),
                f"{m.mark:f}",
                f"{m.median:f}",
                _changes(round_, m.effect),
            ]
            for m in deciding[:SHOWN]
        ]
        yield table(columns, rows)
        if len(deciding) > SHOWN:
            more = _("{count} more single marks decide something; --json lists them.")
            yield _note(more.format(count=len(deciding) - SHOWN))
    yield _note(_counts(influence))


def _counts(influence: Influence) -> str:
    return _(
        "Marks moved to the panel's median, one at a time: {tried}. Not moved, since that can"
        " change nothing: {ruled_out}. At the median already: {at_median}."
    ).format(
        tried=influence.tried.tried,
        ruled_out=influence.ruled_out,
        at_median=influence.at_median,
    )

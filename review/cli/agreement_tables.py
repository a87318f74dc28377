"""A report on agreement as text: what it comes to, then the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.analysis.agreement.words import number, points, probability
from review.cli.results import listed, titled
from review.cli.screen import heading, plain, screen_width
from review.cli.tables import Column, table
from review.cli.width import indented
from review.text import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.analysis.agreement.report import (
        Agreement,
        Measures,
        Odd,
        Profile,
        RoundAgreement,
    )
    from review.stats.generalizability import Generalizability
    from review.stats.icc import Form, Icc
    from review.stats.judges import Interval

#: The panels of the D-study that fit beside each other.
PANELS = (1, 2, 3, 4, 5, 7, 10, 15)
#: The odd marks that are shown; `--json` has more.
SHOWN = 10
JUDGE = 14


def agreement_lines(report: Agreement) -> Iterator[str]:
    """The whole report, round by round."""
    yield heading(titled(report.title, report.competition))
    for round_ in report.rounds:
        yield ""
        yield from _round(round_)


def _round(round_: RoundAgreement) -> Iterator[str]:
    name = titled(round_.title, round_.id)
    yield heading(_("{round}: how far the judges agree").format(round=name))
    for sentence in round_.sentences:
        yield indented(plain(sentence.render()), screen_width(), "- ", "  ")
    overall = round_.overall
    if overall is None or overall.icc is None or overall.generalizability is None:
        return
    yield ""
    yield from _coefficients(overall, round_.criteria)
    yield ""
    yield from _forms(overall.icc)
    yield ""
    yield from _study(overall.generalizability)
    yield ""
    yield from _judges(round_, overall.reach)
    if round_.revisit:
        yield ""
        yield from _revisit(round_)


def _note(text: str) -> str:
    return indented(text, screen_width(), "", "")


# ---------------------------------------------------------------------------------- coefficients


def _coefficients(overall: Measures, criteria: Sequence[Measures]) -> Iterator[str]:
    k = number(overall.icc.k, 1) if overall.icc else ""
    columns = [
        Column(_("Marks"), fit="cut", least=20),
        Column(_("One judge"), "right"),
        Column(_("Mean of {k}").format(k=k), "right"),
        Column("alpha", "right"),
        Column(_("Scale")),
        Column("W", "right"),
        Column("p", "right"),
    ]
    yield table(columns, [_measures(each) for each in (overall, *criteria)])
    yield _note(
        _(
            "One judge: ICC(2,1). Mean: ICC(3,k) where every judge marked every proposal, else"
            " ICC(2,k). alpha: Krippendorff's. W: Kendall's, with its p."
        )
    )


def _measures(found: Measures) -> list[str]:
    name = titled(found.title, found.criterion) if found.criterion else _("In all")
    single = found.icc.forms["2,1"].value if found.icc else None
    mean = found.icc.forms["3,k" if found.complete else "2,k"].value if found.icc else None
    order = found.concordance
    p = (order.p if order.p_drawn is None else order.p_drawn) if order else None
    scale = {"ordinal": _("ordinal"), "interval": _("interval")}[found.alpha_level]
    return [
        name,
        _two(single),
        _two(mean),
        _two(found.alpha[found.alpha_level]),
        scale,
        _two(order.w) if order else "–",
        "–" if p is None else probability(p).removeprefix("= "),
    ]


def _forms(found: Icc) -> Iterator[str]:
    k = number(found.k, 1)
    models = [
        (_("Different judges each time (1)"), "1"),
        (_("Judges of a pool, marks as they are (2)"), "2"),
        (_("These judges, the order alone (3)"), "3"),
    ]
    columns = [
        Column(_("ICC in all"), fit="cut", least=30),
        Column(_("One judge"), "right"),
        Column(_("Mean of {k}").format(k=k), "right"),
    ]
    rows = [
        [text, _form(found.forms[f"{model},1"]), _form(found.forms[f"{model},k"])]
        for text, model in models
    ]
    yield table(columns, rows)
    intervals = any(form.low is not None for form in found.forms.values())
    reml = any(form.method == "reml" for form in found.forms.values())
    notes = [
        _("In brackets: {percent} % intervals.").format(percent=number(100 * found.level, 1))
        if intervals
        else "",
        _("(2) and (3) from components of variance by REML, as not every judge marked everything.")
        if reml
        else "",
    ]
    if any(notes):
        yield _note(" ".join(filter(None, notes)))


def _form(form: Form) -> str:
    if form.low is None or form.high is None:
        return _two(form.value)
    return f"{_two(form.value)} ({_span(_two(form.low), _two(form.high))})"


def _study(found: Generalizability) -> Iterator[str]:
    shown = [each for each in found.study if each.judges in PANELS]
    columns = [
        Column(_("Judges a proposal"), fit="cut", least=20),
        *(Column(f"{each.judges:g}", "right") for each in shown),
    ]
    rows = [
        [_("E rho², of the order"), *(_two(each.e_rho2) for each in shown)],
        [_("Phi, of the marks"), *(_two(each.phi) for each in shown)],
    ]
    yield table(columns, rows)
    needs = [
        _("{target}: {order} for the order, {marks} for the marks").format(
            target=number(target, 1), order=relative or "–", marks=absolute or "–"
        )
        for target, (relative, absolute) in found.needed.items()
    ]
    yield _note(_("Judges needed for {needs}.").format(needs=_("; ").join(needs)))


# ---------------------------------------------------------------------------------------- judges


def _judges(round_: RoundAgreement, reach: float) -> Iterator[str]:
    columns = [
        Column(_("Judge"), fit="cut", least=JUDGE),
        Column(_("Marked"), "right"),
        Column(_("Off the panel"), "right"),
        Column(_("SD"), "right"),
        Column("r", "right"),
        Column(_("Scale used"), "right"),
    ]
    yield table(columns, [_judge(each, reach) for each in round_.judges])
    yield _note(
        _(
            "Off the panel: points above (+) or below (-) it on the same proposals. SD: standard"
            " deviation. r: correlation with the mean of the others. Scale used: from the lowest to"
            " the highest mark, in % of the scale."
        )
    )
    yield from _drifts(round_.judges, reach)


def _judge(found: Profile, reach: float) -> list[str]:
    use = found.use
    used = _span(number(100 * use.low, 0), number(100 * use.high, 0)) if use else "–"
    return [
        found.called,
        str(found.ballots),
        _around(found.offset, reach) if found.offset else "–",
        "–" if found.spread is None else f"{found.spread:.2f}",
        _two(found.correlation),
        used,
    ]


def _drifts(judges: Sequence[Profile], reach: float) -> Iterator[str]:
    rows = [
        [
            judge.called,
            str(judge.drift.marks),
            _around(judge.drift.change, reach),
            probability(judge.drift.p).removeprefix("= "),
        ]
        for judge in judges
        if judge.drift
    ]
    if rows:
        columns = [
            Column(_("Judge"), fit="cut", least=JUDGE),
            Column(_("With a time"), "right"),
            Column(_("Drift"), "right"),
            Column("p", "right"),
        ]
        yield ""
        yield table(columns, rows)
        yield _note(_("Drift: points from a judge's first mark to the last."))


def _around(found: Interval, reach: float) -> str:
    value, low, high = (_signed(each, reach) for each in (found.value, found.low, found.high))
    return f"{value} ({_span(low, high)})"


def _signed(value: float, reach: float) -> str:
    text = points(abs(value), reach)
    return text if not float(text) else ("+" if value > 0 else "-") + text


def _span(low: str, high: str) -> str:
    return _("{low} to {high}").format(low=low, high=high)


# ----------------------------------------------------------------------------------- odd marks


def _revisit(round_: RoundAgreement) -> Iterator[str]:
    titles = {each.criterion: titled(each.title, each.criterion or "") for each in round_.criteria}
    names = {judge.judge: judge.called for judge in round_.judges}
    columns = [
        Column(_("No.")),
        Column(_("Judge"), fit="cut", least=JUDGE),
        Column(_("Marks"), fit="cut", least=12),
        Column(_("Gave"), "right"),
        Column(_("The others"), fit="wrap", least=18),
        Column("z", "right"),
    ]
    yield heading(_("Worth a second look"))
    rows = [_odd(odd, titles, names) for odd in round_.revisit[:SHOWN]]
    yield table(columns, rows)
    yield _note(
        _(
            "z: standard deviations from what all other marks make expected; beyond 2.5 are {odd}"
            " of {looked_at}."
        ).format(odd=round_.odd, looked_at=round_.looked_at)
    )


def _odd(odd: Odd, titles: dict[str | None, str], names: dict[str, str]) -> list[str]:
    return [
        odd.proposal,
        names.get(odd.judge, odd.judge),
        titles[odd.criterion] if odd.criterion else _("In all"),
        number(odd.value, 2),
        listed(number(value, 2) for value in sorted(value for _judge, value in odd.others)),
        f"{odd.z:+.1f}",
    ]


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"

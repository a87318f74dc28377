"""Agreement in words: plain ones first, numbers behind them."""

from __future__ import annotations

from math import sqrt
from statistics import median
from typing import TYPE_CHECKING

from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.analysis.agreement.report import Measures, Odd, Profile, RoundAgreement
    from review.stats.concordance import Concordance
    from review.stats.generalizability import Generalizability
    from review.stats.icc import Form
    from review.stats.judges import Interval

#: Koo & Li (2016), A guideline of selecting and reporting intraclass correlation coefficients for
#: reliability research, J. Chiropr. Med. 15: 155-163: from which value on each word holds.
WORDS = ((0.9, "excellent"), (0.75, "good"), (0.5, "moderate"))
LOWEST = "poor"

#: Proposals lie close together where their standard deviation is below this share of the scale.
CLOSE = 0.1
#: More judges than this are not to be had.
MANY = 30
#: Order and marks are told apart where their coefficients differ by more.
STRICTNESS = 0.15
#: Criteria are compared where their alphas differ by so much.
APART = 0.1
#: Judges named one by one.
NAMED = 5
#: A judge whose order has next to nothing in common with that of the others, over so many, on a
#: panel whose usual judge has more than that.
UNLIKE, UNLIKE_OVER, USUAL = 0.2, 8, 0.4
#: A judge uses little of the scale below this share of the usual spread, over so many marks.
NARROW, NARROW_OVER = 0.5, 5
CERTAIN = 0.05
#: Of a normal distribution beyond 2.5 standard deviations.
BY_CHANCE = 0.012419
#: The others' marks are listed up to so many.
LISTED = 9


def sentences_of(round_: RoundAgreement) -> tuple[Message, ...]:
    """What the figures of a round come to, the most important first."""
    if round_.overall is None:
        nothing = "agree_compared" if round_.compared else "agree_nobody"
        return tuple(_order(round_.orders)) or (Message(nothing),)
    if round_.overall.icc is None:
        return (Message("agree_one" if round_.overall.proposals == 1 else "agree_alone"),)
    return tuple(_all(round_, round_.overall))


def word_of(value: float) -> str:
    """The word of Koo & Li for an intraclass correlation."""
    return next((word for least, word in WORDS if value >= least), LOWEST)


def headline(measures: Measures) -> tuple[str, Form] | None:
    """The coefficient that speaks for the ranking.

    Where everybody marked everything, severity falls out of the order: ICC(3,k). Else it does not:
    ICC(2,k). None where all marks are the same.
    """
    name = "3,k" if measures.complete else "2,k"
    form = measures.icc.forms[name] if measures.icc else None
    return None if form is None or form.value is None else (name, form)


def _all(round_: RoundAgreement, overall: Measures) -> Iterator[Message]:
    yield from _headline(overall)
    if overall.generalizability:
        yield from _spread(overall, overall.generalizability)
        yield from _next_year(overall, overall.generalizability)
        yield from _both(overall, overall.generalizability)
    yield from _order(overall.concordance, shared=not overall.complete)
    yield from _criteria(round_.criteria)
    if overall.parts > 1:
        yield Message("agree_parts", {"parts": overall.parts})
    yield from _severity(round_.judges, overall)
    yield from _judges(round_.judges, overall.reach)
    yield from _odd(round_)


def _headline(overall: Measures) -> Iterator[Message]:
    found = headline(overall)
    if found is None or overall.icc is None:
        return
    name, form = found
    value = form.value or 0.0
    numbers = {
        "k": number(overall.icc.k, 1),
        "form": f"ICC({name})",
        "value": _two(value),
        "interval": _interval(form, overall.icc.level),
        "word": _word(form),
    }
    what = Message("agree_what_order" if overall.complete else "agree_what_marks")
    yield Message(
        f"agree_{word_of(value)}", {"what": what, "numbers": Message("agree_numbers", numbers)}
    )


def _interval(form: Form, level: float) -> Message:
    if form.low is None or form.high is None:
        return Message("agree_no_interval")
    shown = {"percent": number(100 * level, 1), "low": _two(form.low), "high": _two(form.high)}
    return Message("agree_interval", shown)


def _word(form: Form) -> Message:
    """As Koo & Li advise, from the lower to the upper end of the interval where there is one."""
    values = [form.low, form.high] if form.low is not None else [form.value]
    words = list(dict.fromkeys(word_of(value) for value in values if value is not None))
    ends = [Message(f"agree_word_{word}") for word in words]
    if len(ends) == 1:
        return ends[0]
    return Message("agree_word_range", {"low": ends[0], "high": ends[1]})


def _spread(overall: Measures, found: Generalizability) -> Iterator[Message]:
    """Where proposals hardly differ, coefficients are low for that reason: range restriction."""
    parts, least = found.components, CLOSE * overall.reach
    quality, error = sqrt(parts.proposal), sqrt(parts.judge + parts.residual)
    told = headline(overall)
    if quality == 0:
        yield Message("agree_no_difference" if error > 0 else "agree_equal")
    elif quality < least and told is not None and word_of(told[1].value or 0.0) != WORDS[0][1]:
        shown = {"quality": points(quality, overall.reach), "error": points(error, overall.reach)}
        code = "agree_close" if error < least else "agree_close_and_apart"
        yield Message(code, {**shown, "reach": number(overall.reach, 1)})


def _next_year(overall: Measures, found: Generalizability) -> Iterator[Message]:
    """How many judges next year, by the coefficient that the headline is about."""
    which = 0 if overall.complete else 1
    now = (found.panel.e_rho2, found.panel.phi)[which]
    target = _target(now)
    needed = found.needed[target][which]
    if not now or needed is None:
        return
    odds = now / (1 - now) if now < 1 else None
    shown = {"needed": needed, "target": number(target, 1)}
    if odds is None or now >= target:
        yield Message("agree_enough", shown)
        return
    odds *= (found.panel.judges + 1) / found.panel.judges
    code = "agree_more" if needed <= MANY else "agree_many"
    yield Message(code, {**shown, "now": _two(now), "then": _two(odds / (1 + odds))})


def _target(now: float | None) -> float:
    """The reliability to reach next."""
    return next((t for t in (0.8, 0.9) if now is not None and now < t), 0.9)


def _both(overall: Measures, found: Generalizability) -> Iterator[Message]:
    """The order beside the marks, where strictness makes them differ."""
    order, marks = (overall.icc.forms[n].value if overall.icc else None for n in ("3,k", "2,k"))
    if order is None or marks is None or order - marks <= STRICTNESS:
        return
    target = _target(marks)
    for_order, for_marks = found.needed[target]  # there are some, as quality differs
    shown = {"order": _two(order), "marks": _two(marks), "target": number(target, 1)}
    needed = {"order_needed": for_order, "marks_needed": for_marks}
    yield Message("agree_both", {**shown, **needed})


def _order(found: Concordance | None, *, shared: bool = True) -> Iterator[Message]:
    """How alike the orders are; `shared`: of a block, not of everything."""
    if found is None:
        return
    p = found.p if found.p_drawn is None else found.p_drawn
    counts = {"proposals": len(found.proposals), "judges": len(found.judges)}
    yield Message(
        "agree_alike" if p < CERTAIN else "agree_unlike",
        {
            "block": Message("agree_block_shared" if shared else "agree_block_all", counts),
            "w": _two(found.w),
            "p": probability(p),
        },
    )


def _criteria(criteria: Sequence[Measures]) -> Iterator[Message]:
    known = [
        (value, each) for each in criteria if (value := each.alpha[each.alpha_level]) is not None
    ]
    if len(known) < 2:  # noqa: PLR2004
        return
    low, least = min(known, key=lambda pair: pair[0])
    high, most = max(known, key=lambda pair: pair[0])
    if high - low >= APART:
        shown = {"most": title(most), "least": title(least), "high": _two(high), "low": _two(low)}
        yield Message("agree_criteria", shown)


def title(measures: Measures) -> object:
    """The title of a criterion by language, or its id."""
    return dict(measures.title) or measures.criterion or ""


def _severity(judges: Sequence[Profile], overall: Measures) -> Iterator[Message]:
    off = [(judge, judge.offset) for judge in judges if judge.offset and judge.offset.excludes_zero]
    off.sort(key=lambda pair: -abs(pair[1].value))
    for judge, offset in off[:NAMED]:
        code = "agree_lenient" if offset.value > 0 else "agree_strict"
        yield Message(code, {"judge": judge.called, **_size(offset, overall.reach)})
    if len(off) > NAMED:
        yield Message("agree_others_off", {"count": len(off) - NAMED})
    if not off:
        yield Message("agree_level")
    else:
        yield Message("agree_moves_all" if overall.complete else "agree_moves_some")


def _judges(judges: Sequence[Profile], reach: float) -> Iterator[Message]:
    spreads = [judge.spread for judge in judges if judge.spread is not None]
    usual = median(spreads) if spreads else 0.0
    likenesses = [judge.correlation for judge in judges if judge.correlation is not None]
    alike = bool(likenesses) and median(likenesses) >= USUAL
    timed = sum(judge.drift is not None for judge in judges)
    for judge in judges:
        correlation = judge.correlation if judge.shared >= UNLIKE_OVER else None
        drift = judge.drift
        if alike and correlation is not None and correlation < UNLIKE:
            shown = {"correlation": _two(correlation), "shared": judge.shared}
            yield Message("agree_apart", {"judge": judge.called, **shown})
        if (
            judge.spread is not None
            and judge.ballots >= NARROW_OVER
            and judge.spread < NARROW * usual
        ):
            widths = {"spread": points(judge.spread, reach), "usual": points(usual, reach)}
            yield Message("agree_narrow", {"judge": judge.called, **widths})
        if drift is not None and drift.p * timed < CERTAIN:  # of that many (Bonferroni)
            code = "agree_rising" if drift.change.value > 0 else "agree_falling"
            yield Message(code, {"judge": judge.called, **_size(drift.change, reach)})


def _size(found: Interval, reach: float) -> dict[str, object]:
    """An interval without its sign, the smaller end first."""
    low, high = sorted((abs(found.low), abs(found.high)))
    return {
        "size": points(abs(found.value), reach),
        "low": points(low, reach),
        "high": points(high, reach),
    }


def _odd(round_: RoundAgreement) -> Iterator[Message]:
    if not round_.revisit:
        yield Message("agree_not_odd")
        return
    first = round_.revisit[0]
    names = {judge.judge: judge.called for judge in round_.judges}
    yield Message(
        "agree_odd",
        {
            "odd": round_.odd,
            "looked_at": round_.looked_at,
            "chance": number(max(1.0, BY_CHANCE * round_.looked_at), 0),
            "judge": names.get(first.judge, first.judge),
            "proposal": first.proposal,
            "value": number(first.value, 2),
            "on": _on(first, round_.criteria),
            "others": _others(first),
        },
    )


def _on(odd: Odd, criteria: Sequence[Measures]) -> Message:
    titles = {each.criterion: title(each) for each in criteria}
    if odd.criterion is None:
        return Message("agree_in_all")
    return Message("agree_on", {"criterion": titles[odd.criterion]})


def _others(odd: Odd) -> object:
    values = sorted(value for _, value in odd.others)
    if len(values) <= LISTED:
        return [number(value, 2) for value in values]
    return Message("agree_others_mean", {"mean": number(sum(values) / len(values), 2)})


# ---------------------------------------------------------------------------------------- numbers


def number(value: float, places: int) -> str:
    """At most so many decimals: `7.5`, `8`."""
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def points(value: float, reach: float) -> str:
    """A difference of marks at the decimals that a scale from bottom to top by `reach` asks for."""
    places = 1 if reach >= 10 else 2  # noqa: PLR2004
    return f"{value:.{places if abs(value) >= 0.1 else 2}f}"  # noqa: PLR2004


def probability(p: float) -> str:
    """`= 0.012`, `< 0.001`."""
    least = 0.001
    return f"< {least}" if p < least else f"= {p:.3f}"


def _two(value: float) -> str:
    return f"{value:.2f}"

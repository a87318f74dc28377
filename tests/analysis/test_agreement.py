"""The report on agreement: the right figures, the right sentences, stable JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from review.analysis.agreement import measuring as module
from review.analysis.agreement.measuring import agreement
from review.analysis.agreement.report import Measures, Odd, Profile, RoundAgreement, shown
from review.analysis.agreement.words import (
    headline,
    number,
    points,
    probability,
    sentences_of,
    word_of,
)
from review.app import load
from review.app import run as run_opened
from review.stats.icc import FORMS, Form, Icc
from review.stats.judges import Drift, Interval
from review.testing import competition, run
from tests.load.comparing import write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from review.model.loaded import LoadedCompetition

TITLES = {"en": "Need", "zh-Hans": "需求"}


def panel(  # noqa: PLR0913 -- what the model has
    n: int = 16,
    m: int = 5,
    *,
    quality: float = 1.5,
    severity: float = 0.5,
    noise: float = 0.5,
    gaps: float = 0.0,
    seed: int = 1,
) -> dict[str, dict[str, str]]:
    """Marks of one criterion, to a tenth."""
    random = np.random.default_rng(seed)
    marks = (
        6
        + random.normal(0, quality, (n, 1))
        + random.normal(0, severity, m)
        + random.normal(0, noise, (n, m))
    )
    there = random.uniform(size=(n, m)) >= gaps
    return {
        f"p{i:02}": {
            f"j{j}": f"{min(10, max(0, marks[i, j])):.1f}" for j in range(m) if there[i, j]
        }
        for i in range(n)
    }


def of(loaded: LoadedCompetition) -> RoundAgreement:
    (found,) = agreement(run(loaded)).rounds
    return found


def codes(found: RoundAgreement) -> list[str]:
    return [sentence.code for sentence in found.sentences]


def english(found: RoundAgreement) -> dict[str, str]:
    return {sentence.code: sentence.render("en") for sentence in found.sentences}


def whole(found: RoundAgreement) -> Measures:
    assert found.overall is not None
    return found.overall


# -------------------------------------------------------------------------------- whole rounds


def test_complete_panel_is_told_by_the_order() -> None:
    found = of(competition(panel(severity=1)))
    overall = whole(found)
    assert overall.complete
    assert headline(overall) == ("3,k", overall.icc.forms["3,k"])  # type: ignore[union-attr]
    assert codes(found) == [
        "agree_excellent", "agree_enough", "agree_alike",
        "agree_strict", "agree_lenient", "agree_lenient", "agree_moves_all",
        "agree_odd",
    ]  # fmt: skip
    text = english(found)
    assert text["agree_excellent"].startswith(
        "The panel agrees very well on the order: another panel like it would come to nearly the"
        " same (mean of 5 judges: ICC(3,k) = 0.95, 95 % interval 0.90 to 0.98; excellent in"
    )
    assert text["agree_alike"].startswith("Over all 16 proposals the judges' orders are alike")


def test_gaps_are_told_by_the_marks_and_by_components_of_variance() -> None:
    found = of(competition(panel(severity=1, gaps=0.25)))
    overall = whole(found)
    assert not overall.complete
    assert headline(overall) == ("2,k", overall.icc.forms["2,k"])  # type: ignore[union-attr]
    text = english(found)
    assert "agrees very well on the marks" in text["agree_excellent"]
    assert ", from components of variance; excellent" in text["agree_excellent"]
    assert "marked (the largest such block) the judges' orders" in text["agree_alike"]
    assert "`review compare`" in text["agree_moves_some"]


def test_close_proposals_are_said_to_lower_the_coefficients() -> None:
    """Range restriction: low for the proposals' sake, and perhaps for the judges', too."""
    alone = english(of(competition(panel(quality=0.4, noise=0.6, seed=3))))
    assert alone["agree_close"].startswith(
        "The proposals lie close together: their quality has a standard deviation of 0."
    )
    assert "on a scale of 10. Such a coefficient is lower then" in alone["agree_close"]
    both = english(of(competition(panel(noise=1.5, quality=1, seed=2))))
    assert both["agree_close_and_apart"].endswith(
        "and a single mark is off by 1.6 or so. Both keep such a coefficient down."
    )
    sure = english(of(competition(panel(quality=0.8, noise=0.1))))
    assert "agree_excellent" in sure
    assert "agree_close" not in sure


def test_judges_who_see_no_difference_are_told_so() -> None:
    marks = {
        "p1": {"j1": 5, "j2": 7}, "p2": {"j1": 7, "j2": 5}, "p3": {"j1": 6, "j2": 6},
    }  # fmt: skip
    assert codes(of(competition(marks))) == [
        "agree_no_difference", "agree_unlike", "agree_level", "agree_not_odd",
    ]  # fmt: skip


def test_equal_marks_leave_little_to_say() -> None:
    found = of(competition({p: {"j1": 5, "j2": 5} for p in ("p1", "p2", "p3")}))
    assert codes(found) == ["agree_equal", "agree_level", "agree_not_odd"]
    assert headline(whole(found)) is None


def test_one_proposal_tells_nothing_of_agreement() -> None:
    assert codes(of(competition({"p1": {"j1": 5, "j2": 7}}))) == ["agree_one"]


def test_one_judge_agrees_with_nobody() -> None:
    found = of(competition({"p1": {"j1": 5}, "p2": {"j1": 7}}))
    assert codes(found) == ["agree_alone"]
    assert whole(found).icc is None
    assert (found.judges[0].offset, found.judges[0].drift, found.judges[0].ballots) == (
        None,
        None,
        2,
    )
    assert (found.looked_at, found.revisit) == (0, ())


def test_round_without_marks_is_told_so() -> None:
    found = of(competition({"p1": {"j1": None}}))
    assert codes(found) == ["agree_nobody"]
    assert found.to_json()["overall"] is None


def test_round_of_comparisons_is_told_so(tmp_path: Path) -> None:
    [found] = agreement(run_opened(load(write(tmp_path)))).rounds
    assert codes(found) == ["agree_compared"]


@pytest.mark.parametrize("gaps", [0.0, 0.2])
def test_strictness_sets_the_marks_apart_from_the_order(gaps: float) -> None:
    found = of(competition(panel(quality=0.7, severity=1.6, noise=0.6, gaps=gaps, seed=4)))
    forms, needed = whole(found).icc, whole(found).generalizability
    assert forms is not None
    assert needed is not None
    order, marks = forms.forms["3,k"].value or 0, forms.forms["2,k"].value or 0
    told = english(found)["agree_both"]
    assert f"to {order:.2f} (ICC(3,k), with strictness taken out)" in told
    assert f"on the marks only to {marks:.2f} (ICC(2,k))" in told
    a, b = needed.needed[0.8]
    assert f"0.8 would take {a} judge" in told
    assert told.endswith(f"for the order and {b} for the marks.")
    assert "agree_both" not in codes(of(competition(panel())))


def test_rankings_are_told_by_how_alike_they_are() -> None:
    """Judges who ranked twice are left out: nobody knows which order is theirs."""
    orders = {"j1": "abcd", "j2": "abdc", "j3": "bacd", "j4": "dcba", "j5": "ab"}
    rows = [
        ("round", judge, ranking, proposal, place)
        for judge, order in orders.items()
        for ranking in ((1, 2) if judge == "j4" else (1,))
        for place, proposal in enumerate(order, 1)
    ]
    columns = ["round", "judge", "ranking", "proposal", "place"]
    loaded = competition({p: {"j1": None} for p in "abcd"}, rubric={"scorer": "plackett_luce"})
    ranked = loaded.competition.rounds[0].model_copy(update={"rankings": ("rankings.csv",)})
    loaded = replace(
        loaded,
        competition=loaded.competition.model_copy(update={"rounds": (ranked,)}),
        rankings=pl.DataFrame(rows, schema=columns, orient="row"),
    )
    found = of(loaded)
    assert found.overall is None
    assert found.orders is not None
    assert (found.orders.judges, found.orders.proposals) == (("j1", "j2", "j3"), tuple("abcd"))
    assert codes(found) == ["agree_alike"]
    json_: Any = found.to_json()
    assert json_["orders"]["w"] == pytest.approx(found.orders.w, abs=1e-4)


def test_parts_that_no_judge_connects_are_told() -> None:
    left, right = panel(8, 3), panel(8, 3, seed=2)
    marks = {
        **left,
        **{f"q{p}": {f"k{j}": mark for j, mark in row.items()} for p, row in right.items()},
    }
    found = of(competition(marks))
    assert whole(found).parts == 2
    assert "fall into 2 parts" in english(found)["agree_parts"]


def test_criteria_are_compared() -> None:
    sure, loose = panel(seed=1), panel(noise=4, seed=2)
    marks = {p: {j: {"need": sure[p][j], "idea": loose[p][j]} for j in sure[p]} for p in sure}
    rubric = {"criteria": [{"id": "need", "title": TITLES}, {"id": "idea"}]}
    found = of(competition(marks, rubric=rubric))
    assert [each.criterion for each in found.criteria] == ["need", "idea"]
    assert english(found)["agree_criteria"].startswith(
        "Judges agree most on “Need” and least on “idea” (Krippendorff's alpha 0."
    )
    assert found.looked_at == 3 * 16 * 5
    chinese = {s.code: s.render("zh-Hans") for s in found.sentences}
    assert "需求" in chinese["agree_criteria"]


def test_criteria_that_are_as_clear_as_each_other_are_not_compared() -> None:
    marks = {
        p: {j: {"need": mark, "idea": mark} for j, mark in row.items()}
        for p, row in panel().items()
    }
    assert "agree_criteria" not in codes(of(competition(marks)))


def test_criterion_nobody_marked_is_left_out() -> None:
    marks = {p: {"j1": {"need": 5 + n}, "j2": {"need": 6 + n}} for n, p in enumerate("abc")}
    rubric = {"criteria": [{"id": "need"}, {"id": "idea"}]}
    found = of(competition(marks, rubric=rubric))
    assert [each.criterion for each in found.criteria] == ["need"]


def test_criterion_one_judge_marked_has_no_odd_marks() -> None:
    marks: dict[str, dict[str, dict[str, int]]] = {
        p: {"j1": {"need": 5 + n, "idea": 5 + n}, "j2": {"need": 6 + n}}
        for n, p in enumerate("abc")
    }
    found = of(competition(marks, rubric={"incomplete": "renormalise"}))
    assert [each.icc is None for each in found.criteria] == [True, False]
    assert found.looked_at == 12


@pytest.mark.parametrize(
    ("scale", "level"),
    [
        ({"min": 1, "max": 5, "step": 1}, "ordinal"),
        ({"min": 1, "max": 5, "decimals": 0}, "ordinal"),
        ({"min": 0, "max": 10, "step": "0.5"}, "interval"),
        ({"min": 0, "max": 5}, "interval"),
    ],
)
def test_few_grades_are_an_order(scale: Mapping[str, Any], level: str) -> None:
    marks = {f"p{i}": {"j1": 1 + i, "j2": 5 - i} for i in range(4)}
    found = of(competition(marks, rubric={"scale": scale}))
    assert found.criteria[0].alpha_level == level
    assert whole(found).alpha_level == "interval"


@pytest.mark.parametrize(("report", "reach"), [("own", 10.0), ("sum", 30.0), ("percent", 100.0)])
def test_reach_is_that_of_what_is_reported(report: str, reach: float) -> None:
    criteria = [{"id": "need", "weight": 2}, {"id": "idea"}]
    marks = {p: {j: {"need": 5, "idea": 6} for j in ("j1", "j2")} for p in ("p1", "p2")}
    found = of(competition(marks, rubric={"criteria": criteria, "report": report}))
    assert whole(found).reach == reach
    assert found.criteria[0].reach == 10


def test_one_round_can_be_asked_for() -> None:
    result = run(competition(rounds={"first": panel(), "final": panel(seed=2)}))
    assert [each.id for each in agreement(result).rounds] == ["first", "final"]
    assert [each.id for each in agreement(result, "final").rounds] == ["final"]
    with pytest.raises(KeyError):
        agreement(result, "third")


# ------------------------------------------------------------------------------- single judges


def test_profiles_say_how_each_judge_marks() -> None:
    loaded = competition({"p1": {"a": 2, "b": 4}, "p2": {"a": 5, "b": 7}, "p3": {"a": 9, "b": 10}})
    names = loaded.judges.with_columns(name=pl.Series(["Ada", None], dtype=pl.String))
    first, second = of(replace(loaded, judges=names)).judges
    assert (first.called, second.called) == ("a Ada", "b")
    assert first.ballots == 3
    assert first.spread == pytest.approx(np.std([2, 5, 9], ddof=1))
    assert first.correlation == pytest.approx(np.corrcoef([2, 5, 9], [4, 7, 10])[0, 1])
    assert first.use is not None
    assert (first.use.low, first.use.high, first.use.top) == (0.2, 0.9, 0)
    assert second.use is not None
    assert second.use.top == pytest.approx(1 / 3)


def test_marks_of_ballots_that_do_not_count_are_left_out() -> None:
    marks = {
        p: {"j1": {"a": 5 + n, "b": 5}, "j2": {"a": 6 + n, "b": 4}} for n, p in enumerate("xyz")
    }
    marks["x"]["j1"] = {"a": 10}
    found = of(competition(marks, rubric={"incomplete": "drop"}))
    assert [each.values for each in found.criteria] == [5, 5]
    assert found.judges[0].ballots == 2
    assert found.judges[0].use is not None
    assert found.judges[0].use.high == 0.7


def timed(sign: int) -> RoundAgreement:
    """One judge of four drifts; marks were given in an order of the judge's own."""
    marks = panel(20, 4, severity=0, noise=0.2)
    for place, row in enumerate(marks.values()):
        row["j0"] = f"{float(row['j0']) / 2 + sign * 0.1 * place + 2:.1f}"
    loaded = competition(marks)
    start = datetime(2024, 9, 2, 10)  # noqa: DTZ001 -- times are held without a zone
    order = {f"j{j}": np.random.default_rng(j).permutation(20) for j in range(1, 4)}
    order["j0"] = np.arange(20)
    rows = [
        ("round", f"p{p:02}", j, "overall", start + timedelta(minutes=int(place)))
        for j, places in order.items()
        for p, place in enumerate(places)
        if j != "j3"
    ]
    columns = ["round", "proposal", "judge", "criterion", "at"]
    return of(replace(loaded, times=pl.DataFrame(rows, schema=columns, orient="row")))


@pytest.mark.parametrize(("sign", "code"), [(1, "agree_rising"), (-1, "agree_falling")])
def test_drift_is_told_where_times_are_known(sign: int, code: str) -> None:
    found = timed(sign)
    assert found.timed == 60
    assert [judge.drift is None for judge in found.judges] == [False, False, False, True]
    drift = found.judges[0].drift
    assert drift is not None
    assert drift.marks == 20
    assert np.sign(drift.change.value) == sign
    assert english(found)[code].startswith("j0's marks ")


OVERALL = whole(of(competition(panel())))


def profile(judge: str = "j1", **more: Any) -> Profile:
    values: dict[str, Any] = {
        "name": None, "ballots": 10, "offset": Interval(0.1, -0.1, 0.3), "spread": 1.0,
        "correlation": 0.8, "shared": 10, "use": None, "drift": None,
    }  # fmt: skip
    return Profile(judge, **{**values, **more})


def said(*judges: Profile, **more: Any) -> dict[str, str]:
    return english(RoundAgreement("r", {}, OVERALL, judges=judges, **more))


def test_strict_and_generous_judges_are_told_by_how_much() -> None:
    text = said(
        profile("j3", offset=Interval(-0.8, -1.1, -0.5)),
        profile("j4", offset=Interval(0.04, 0.01, 0.07)),
    )
    assert text["agree_strict"] == (
        "j3 marks about 0.8 points lower than the panel (between 0.5 and 1.1): strict, not wrong."
    )
    assert text["agree_lenient"] == (
        "j4 marks about 0.04 points higher than the panel (between 0.01 and 0.07): generous, not"
        " wrong."
    )
    assert "agree_level" not in text


def test_no_more_than_five_are_named() -> None:
    off = [profile(f"j{n}", offset=Interval(-n, -n - 0.5, -n + 0.5)) for n in range(1, 7)]
    found = RoundAgreement("r", {}, OVERALL, judges=tuple(off))
    strict = [s.params["judge"] for s in found.sentences if s.code == "agree_strict"]
    assert strict == ["j6", "j5", "j4", "j3", "j2"]
    assert english(found)["agree_others_off"] == "1 more judge is off the panel's level."


def test_judges_of_another_order_or_with_little_spread_are_told() -> None:
    text = said(profile("j1", correlation=-0.1), profile("j2", spread=0.3), profile("j3"))
    among_strangers = said(profile("j1", correlation=-0.1), profile("j2", correlation=0.3))
    assert "agree_apart" not in among_strangers
    assert text["agree_apart"].startswith(
        "j1 sees another order than the others (correlation -0.10 over 10 proposals)"
    )
    assert text["agree_narrow"].startswith(
        "j2 uses little of the scale (standard deviation 0.3, usual here: 1.0)"
    )
    few = said(
        profile("j1", correlation=-0.1, shared=7),
        profile("j2", spread=0.3, ballots=4),
        profile("j3", spread=None, correlation=None),
    )
    assert "agree_apart" not in few
    assert "agree_narrow" not in few
    assert "agree_narrow" not in said(profile(spread=None))


def test_drift_is_told_only_where_it_is_plain_among_all_judges() -> None:
    drift = Drift(Interval(0.1, 0.01, 0.2), Interval(0.9, 0.1, 1.7), 10, 0.03)
    assert "agree_rising" in said(profile(drift=drift))
    assert "agree_rising" not in said(profile(drift=drift), profile("j2", drift=drift))


# -------------------------------------------------------------------------------- single marks


def test_odd_marks_are_listed_farthest_first_with_what_others_gave() -> None:
    marks = panel(seed=4)
    marks["p03"]["j1"] = "0.0"
    found = of(competition(marks))
    first = found.revisit[0]
    assert (first.proposal, first.judge, first.criterion, first.value) == ("p03", "j1", None, 0)
    assert first.z < -2.5
    assert first.expected == pytest.approx(float(marks["p03"]["j0"]), abs=1.5)
    others = {j: float(marks["p03"][j]) for j in ("j0", "j2", "j3", "j4")}
    assert dict(first.others) == pytest.approx(others)
    sizes = [abs(odd.z) for odd in found.revisit]
    assert sizes == sorted(sizes, reverse=True)
    assert "j1 gave p03 0 in all, the others " in english(found)["agree_odd"]


def test_odd_marks_beyond_the_list_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LISTED", 1)
    found = of(competition(panel(60, 6)))
    assert len(found.revisit) == 1
    assert found.odd > 1


def test_odd_mark_on_a_criterion_among_many_judges() -> None:
    many = tuple((f"j{n}", 7.0 + n) for n in range(10))
    odd = Odd("p1", "j99", "need", 1.5, 7.0, -4.0, many)
    criteria = (replace(OVERALL, criterion="need", title=TITLES),)
    found = RoundAgreement(
        "r", {}, OVERALL, criteria, (), (odd,), odd=1, looked_at=10,
    )  # fmt: skip
    assert english(found)["agree_odd"] == (
        "1 of 10 marks and totals stand out from what the others gave; chance alone would make"
        " about 1. The farthest: j99 gave p1 1.5 on “Need”, the others 11.5 on average. Worth a"
        " second look; there may be a reason."
    )


# ------------------------------------------------------------------------------------- in words


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.49, "poor"), (0.5, "moderate"), (0.75, "good"), (0.9, "excellent"), (-0.3, "poor")],
)
def test_words_are_those_of_koo_and_li(value: float, word: str) -> None:
    assert word_of(value) == word
    forms = dict.fromkeys(FORMS, Form(value, value, value))
    measures = replace(OVERALL, icc=Icc(4, 0.95, forms), generalizability=None, concordance=None)
    first = sentences_of(RoundAgreement("r", {}, measures))[0]
    assert first.code == f"agree_{word}"
    assert f"; {word} in the words of Koo & Li 2016" in first.render("en")


def test_interval_over_two_words_has_both() -> None:
    measures = replace(OVERALL, icc=Icc(4, 0.95, dict.fromkeys(FORMS, Form(0.7, 0.45, 0.93))))
    first = sentences_of(RoundAgreement("r", {}, measures))[0]
    assert "; poor to excellent in the words" in first.render("en")


def test_next_year_depends_on_how_far_it_is_to_go() -> None:
    some = english(of(competition(panel(noise=1.5, quality=1, seed=2))))
    assert some["agree_more"] == (
        "Next year: one more judge for each proposal would raise this from 0.64 to 0.68; 12 judges"
        " would reach 0.8."
    )
    far = english(of(competition(panel(noise=2, quality=1))))
    assert "from 0.28 to 0.31, but 0.8 would take 53. " in far["agree_many"]
    sure = english(of(competition(panel(noise=0.1))))
    assert sure["agree_enough"] == "Next year: 1 judge for each proposal would do to reach 0.9."
    perfect = {f"p{n}": {"j1": n, "j2": n} for n in range(1, 5)}
    assert "agree_enough" in english(of(competition(perfect)))


def test_numbers_have_the_decimals_that_they_need() -> None:
    assert (number(7.5, 2), number(8.0, 2), number(100, 0)) == ("7.5", "8", "100")
    assert (points(0.84, 10), points(0.04, 10), points(0.84, 5)) == ("0.8", "0.04", "0.84")
    assert (probability(0.0004), probability(0.0123)) == ("< 0.001", "= 0.012")
    assert (shown(float("nan")), shown(None), shown(-0.00001)) == (None, None, 0.0)


# ----------------------------------------------------------------------------------------- JSON


def test_json_is_the_same_for_the_same_content_and_has_no_nan() -> None:
    marks = panel(12, 4, gaps=0.2)
    shuffled = {p: dict(reversed(row.items())) for p, row in reversed(marks.items())}
    one, other = (
        json.dumps(agreement(run(competition(each))).to_json(), allow_nan=False)
        for each in (marks, shuffled)
    )
    assert one == other


def test_json_names_what_there_is() -> None:
    found = timed(1).to_json()
    assert list(found) == [
        "id", "title", "sentences", "overall", "orders", "criteria", "judges", "timed", "looked_at",
        "odd", "revisit",
    ]  # fmt: skip
    overall: Any = found["overall"]
    assert list(overall["icc"]["forms"]) == list(FORMS)
    assert overall["alpha"]["value"] == overall["alpha"]["interval"]
    assert [each["judges"] for each in overall["generalizability"]["study"]] == list(range(1, 16))
    assert [each["reliability"] for each in overall["generalizability"]["needed"]] == [
        0.7,
        0.8,
        0.9,
    ]
    judges: Any = found["judges"]
    assert set(judges[0]["drift"]) == {"change", "slope", "marks", "p"}
    assert judges[3]["drift"] is None
    empty: Any = of(competition({"p1": {"j1": 5}})).to_json()
    assert (empty["overall"]["icc"], empty["overall"]["concordance"]) == (None, None)
    assert empty["judges"][0]["offset"] is None

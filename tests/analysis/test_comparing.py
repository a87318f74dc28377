"""The report on what would change a result: bounds, refusals, and what is said in words."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import polars as pl
import pytest

from review import Options, Scorer
from review.analysis.comparing import beside as beside_module
from review.analysis.comparing import bounds, leaving_out
from review.analysis.comparing.beside import Beside
from review.analysis.comparing.bounds import Tried, nearest, nearness
from review.analysis.comparing.changes import Change
from review.analysis.comparing.effects import AwardChange, Effect, Effects
from review.analysis.comparing.influence import Influence, Influential, medians
from review.analysis.comparing.leaving_out import KINDS, LeavingOut, Removal
from review.analysis.comparing.report import comparing
from review.analysis.comparing.screening import screened
from review.analysis.comparing.weights import Shares, concentration, drawn
from review.analysis.comparing.words import LISTED, effect_words, sentences_of
from review.cli.compare_tables import compare_lines
from review.errors import ReviewError
from review.messages import Message
from review.model.canonical import dumps
from review.model.rubric import Rubric
from review.pipeline import derive
from review.plugin.kinds import Kind
from review.testing import competition
from tests.analysis.variants import PLUGINS, told
from tests.engine.strategies import ruled, staged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.analysis.comparing.leaving_out import Kind as Left
    from review.analysis.comparing.report import RoundComparison
    from review.model.loaded import LoadedCompetition
    from review.model.result import Result

TITLE = {"en": "Small", "zh-Hans": "小"}


def official(loaded: LoadedCompetition) -> Result:
    """The result, waiting rounds and all."""
    return derive(loaded, PLUGINS, {})


def marks(*rows: str) -> dict[str, dict[str, dict[str, str]]]:
    """One word of digits per proposal; two of them are a judge's marks on a and b."""
    return {
        f"p{i}": {f"j{j}": {"a": row[2 * j], "b": row[2 * j + 1]} for j in range(len(row) // 2)}
        for i, row in enumerate(rows)
    }


FIVE = marks("988877", "776688", "667755", "454565", "343433")
LINE = {"rule": "top", "size": 2}


def of(loaded: LoadedCompetition, **how: Any) -> RoundComparison:
    """The report on the first round."""
    return comparing(official(loaded), PLUGINS, draws=4, **how).rounds[0]


def said(found: RoundComparison) -> list[str]:
    return [sentence.render("en") for sentence in found.sentences]


def codes(found: RoundComparison) -> list[str]:
    return [sentence.code for sentence in found.sentences]


def shown(found: RoundComparison, loaded: LoadedCompetition) -> str:
    report = comparing(official(loaded), PLUGINS, draws=1, scorers=["median"])
    return "\n".join(compare_lines(replace(report, rounds=(found,))))


def test_order_is_compared_within_groups() -> None:
    loaded = competition(
        FIVE,
        proposals={f"p{i}": {"community": "ab"[i % 2]} for i in range(5)},
        group_by="community",
    )
    result = official(loaded)
    beside, effects = Beside(result, PLUGINS), Effects(result)
    gone = Change(withdrawn=frozenset({"p0"}))
    swap = Change(marks={("round", "p1", f"j{j}", c): 0 for j in range(3) for c in "ab"})
    without, swapped = (effects.picture(v) for v in beside.run([gone, swap]))
    kept = effects.effect(without, "round", gone.withdrawn)
    assert (kept.moved, kept.tau_b, kept.leads) == (0, 1.0, ())
    turned = effects.effect(swapped, "round")
    assert (turned.moved, turned.tau_b) == (2, 0.5)


def test_warnings_are_those_that_are_not_given_officially() -> None:
    loaded = competition(FIVE, rubric={"scorer": "z_score"})
    beside = Beside(official(loaded), PLUGINS)
    (moved,) = beside.run([Change(marks={("round", "p1", "j0", "a"): 6})])
    assert (moved.refusal, moved.warnings) == (None, [])
    plain_one = competition(FIVE)
    compared_ = of(plain_one, scorers=["z_score"])
    assert compared_.methods is not None
    (z_score,) = compared_.methods.others
    assert [w.code for w in z_score.warnings] == ["z_score_few"]


def test_marks_of_proposals_without_a_score_are_tried() -> None:
    few = marks("95138899", "5678")
    scorer = {"name": "trimmed_mean", "min_ballots": 4, "below": "none"}
    loaded = competition(few, rubric={"scorer": scorer})
    beside = Beside(official(loaded), PLUGINS)
    every = medians(beside).with_columns(median=pl.lit(7, pl.Int64))
    kept = screened(beside, every)
    assert kept.filter(pl.col("proposal") == "p1").height == 4


def test_draws_that_leave_a_tie_to_be_decided_are_counted() -> None:
    loaded = staged(
        competition(
            rounds={"one": marks("99", "92", "55"), "two": marks("99", "92")},
            rubric={"decimals": 0},
        ),
        {"id": "one", "shortlist": LINE},
        {"id": "two", "entrants": ["one"]},
    )
    report = comparing(official(loaded), PLUGINS, draws=20, scorers=["median"])
    second = report.rounds[1].weights
    assert second is not None
    assert 0 < second.waiting < 20


# ------------------------------------------------------------------------------ what is at stake


def test_round_without_shortlist_and_award_asks_who_is_first() -> None:
    found = of(competition(FIVE), scorers=["median", "borda"])
    assert "No judge decides who is first alone" in said(found)[0]
    assert "weights_first" in codes(found)
    assert "methods_first_same" in codes(found)
    assert found.shortlisted is None
    assert found.to_json()["shortlisted"] is None


def test_lead_that_depends_on_the_scorer_is_told() -> None:
    loaded = competition(marks("999900", "777777", "111111"))
    found = of(loaded, scorers=["median", "borda"])
    assert "By Median, p0 would be first." in said(found)
    assert "left_out_judges_some" in codes(found)
    assert any(line.startswith("Without judge j2: p0 would be first") for line in said(found))
    assert "influence_some" in codes(found)
    assert "p0 would be first" in shown(found, loaded)


def test_shortlist_and_award_are_both_at_stake() -> None:
    loaded = competition(
        FIVE, shortlist=LINE, awards=[{"id": "best", "award": "top_score", "round": "round"}]
    )
    found = of(loaded, scorers=["median"])
    assert "a place on the shortlist or an award" in said(found)[0]
    assert "p0 stays first whichever judge is left out." in said(found)
    assert "weights_award" in codes(found)


def test_shortlist_that_depends_on_everything_is_told() -> None:
    loaded = competition(marks("993333", "777777", "545454", "111111"), shortlist=LINE)
    found = of(loaded)
    assert {"left_out_judges_some", "left_out_criteria_some", "methods_differ"} <= set(codes(found))
    assert found.methods is not None
    assert found.methods.depends
    text = shown(found, loaded)
    assert "would be on the shortlist instead of" in text
    assert "In brackets: not on the shortlist." in " ".join(text.split())


def test_single_marks_that_decide_are_told_and_shown() -> None:
    loaded = competition(marks("993333", "777777", "545454", "111111"), shortlist=LINE)
    found = of(loaded, scorers=["median"])
    assert found.influence is not None
    deciding = [m for m in found.influence.marks if m.effect.decides]
    assert deciding
    assert "influential" in codes(found)
    assert "Mark of" in shown(found, loaded)


def test_rounds_share_the_names_of_criteria_that_are_elsewhere() -> None:
    loaded = staged(
        competition(rounds={"one": FIVE, "two": FIVE}),
        {"id": "one"},
        {"id": "two", "parts": [{"from": "own"}, {"from": "round:one"}]},
    )
    second = comparing(official(loaded), PLUGINS, "two", draws=2, scorers=["median"]).rounds[0]
    of_first = {(r.round, r.id) for r in second.leaving_out["criteria"].removals}
    assert of_first == {("one", "a"), ("one", "b"), ("two", "a"), ("two", "b")}
    assert "a (one)" in shown(second, loaded)


# ------------------------------------------------------------------- decisions, ties, refusals


def test_tie_that_a_change_brings_across_the_line_is_told() -> None:
    loaded = staged(
        competition(rounds={"one": marks("99", "88", "77", "11"), "two": marks("99", "88")}),
        {"id": "one", "shortlist": LINE},
        {"id": "two", "entrants": ["one"]},
    )
    result = official(loaded)
    effects = Effects(result)
    beside = Beside(result, PLUGINS)
    mark = {("one", "p2", "j0", c): 8 for c in "ab"}
    (variant,) = beside.run([Change(marks=mark)])
    assert set(variant.rounds) == {"one"}
    picture = effects.picture(variant)
    effect = effects.effect(picture, "one")
    assert (effect.undecided, effect.leaves) == (("p1", "p2"), ("p1",))
    waiting = effects.effect(picture, "two")
    assert waiting.waits
    words = effect_words(of(loaded, scorers=["median"]).names, waiting).render("en")
    assert words == "the round would have to wait for a decision"


def test_round_that_waits_officially_may_be_run_in_a_variant() -> None:
    loaded = staged(
        competition(rounds={"one": marks("99", "88", "88", "11"), "two": marks("99", "88", "77")}),
        {"id": "one", "shortlist": LINE},
        {"id": "two", "entrants": ["one"]},
        {"id": "three", "entrants": ["one"], "parts": [{"from": "round:two"}]},
    )
    result = official(loaded)
    assert [r.id for r in result.rounds] == ["one"]
    beside = Beside(result, PLUGINS)
    (variant,) = beside.run([Change(withdrawn=frozenset({"p2"}))])
    assert set(variant.rounds) == {"one", "two", "three"}
    assert set(variant.rounds) == set(beside.single(variant.change).rounds)
    moved = Change(marks={("one", "p2", "j0", "a"): 9})
    (still,) = beside.run([moved])
    assert set(still.rounds) == {"one", "two", "three"}
    report = comparing(result, PLUGINS, draws=2, scorers=["median"])
    assert [r.id for r in report.rounds] == ["one"]


def test_marks_of_a_round_that_another_waits_for_are_all_tried() -> None:
    loaded = staged(
        competition(rounds={"one": marks("99", "88", "88"), "two": marks("99", "88")}),
        {"id": "one", "shortlist": LINE},
        {"id": "two", "entrants": ["one"], "parts": [{"from": "own"}, {"from": "round:one"}]},
    )
    beside = Beside(official(loaded), PLUGINS)
    every = medians(beside)
    assert screened(beside, every).height == every.height


def test_round_whose_ties_look_at_one_that_is_run_only_in_a_variant() -> None:
    loaded = staged(
        competition(rounds={"one": marks("99", "88", "88"), "two": marks("88", "99"),
                            "three": marks("99", "99")}),
        {"id": "one", "shortlist": LINE},
        {"id": "two", "entrants": ["one"]},
        {"id": "three"},
    )  # fmt: skip
    ties = {"ties": ("score:two", "share")}
    rubrics = {**loaded.rubrics, "three": loaded.rubrics["three"].model_copy(update=ties)}
    result = official(replace(loaded, rubrics=rubrics))
    assert [r.id for r in result.rounds] == ["one", "three"]
    beside = Beside(result, PLUGINS)
    (variant,) = beside.run([Change(marks={("one", "p2", "j0", "a"): 7})])
    alone = beside.single(variant.change)
    ranks = [dict(found.rounds["three"].standings.frame.select("proposal", "rank").iter_rows())
             for found in (variant, alone)]  # fmt: skip
    assert ranks[0] == ranks[1]
    assert (ranks[0]["p1"], ranks[0]["p0"]) == (1, 2)


def test_round_whose_ties_look_at_one_that_waits_is_run_by_itself() -> None:
    loaded = staged(
        competition(rounds={"one": marks("99", "88", "77"), "two": marks("99", "88"),
                            "three": marks("99", "99")}),
        {"id": "one", "shortlist": LINE},
        {"id": "two", "entrants": ["one"]},
        {"id": "three"},
    )  # fmt: skip
    ties = {"ties": ("score:two", "share")}
    rubrics = {**loaded.rubrics, "three": loaded.rubrics["three"].model_copy(update=ties)}
    result = official(replace(loaded, rubrics=rubrics))
    beside = Beside(result, PLUGINS)
    change = Change(marks={("one", "p2", "j0", c): 8 for c in "ab"})
    (variant,) = beside.run([change])
    alone = beside.single(change)
    assert set(variant.rounds) == set(alone.rounds) == {"one", "three"}
    ranks = [found.rounds["three"].standings.frame["rank"].to_list() for found in (variant, alone)]
    assert ranks[0] == ranks[1]


def test_variant_that_the_rules_refuse_is_told() -> None:
    rubric = {"ties": ["refuse"]}
    loaded = competition(marks("99", "88", "77"), rubric=rubric, shortlist=LINE)
    found = of(loaded, scorers=["majority_judgment", "median"])
    influence_ = found.influence
    assert influence_ is not None
    withdrawn = found.leaving_out["judges"].removals[0]
    assert withdrawn.effect.refusal is None
    tied = Change(marks={("round", "p2", "j0", c): 8 for c in "ab"})
    beside = Beside(official(loaded), PLUGINS)
    (variant,) = beside.run([tied])
    assert variant.refusal is not None
    assert variant.refusal.code == "tie_refused"
    moving = medians(beside)
    tying = moving.with_columns(median=pl.lit(8, pl.Int64)).filter(pl.col("proposal") == "p2")
    both = tying.filter(pl.col("criterion") == "a")
    assert screened(beside, both).height == 0
    one = competition(marks("99", "88", "87"), rubric=rubric, shortlist=LINE)
    beside_one = Beside(official(one), PLUGINS)
    last = medians(beside_one).filter((pl.col("proposal") == "p2") & (pl.col("criterion") == "b"))
    assert screened(beside_one, last.with_columns(median=pl.lit(8, pl.Int64))).height == 1
    effect = Effects(beside.official).effect(Effects(beside.official).picture(variant), "round")
    assert effect.to_json()["refusal"] == variant.refusal.to_json()


def test_numbers_too_large_in_one_variant_do_not_stop_the_others() -> None:
    loaded = competition(FIVE, rubric={"decimals": 2}, shortlist=LINE)
    rubric = loaded.rubrics["round"]
    fine = Decimal("123456789.123456789")
    huge = rubric.model_copy(
        update={
            "criteria": tuple(
                c.model_copy(update={"weight": fine * (i + 1) + i})
                for i, c in enumerate(rubric.criteria)
            ),
            "rounding": rubric.rounding,
            "decimals": 9,
        }
    )
    beside = Beside(official(loaded), PLUGINS)
    changes = [Change(judges=frozenset({"j0"})), Change(rubrics={"round": huge}), Change()]
    fine_one, refused, last = beside.run(changes)
    assert (fine_one.refusal, last.refusal) == (None, None)
    assert refused.refusal is not None


def test_rule_that_must_know_ballots_is_run_by_itself() -> None:
    loaded = competition(FIVE, shortlist={"rule": "lottery", "size": 2, "method": "snsf"}, seed="s")
    beside = Beside(official(loaded), PLUGINS)
    (variant,) = beside.run([Change(judges=frozenset({"j0"}))])
    assert set(variant.rounds) == {"round"}


def test_scorers_that_cannot_take_the_place_are_listed_with_the_reason() -> None:
    with_parts = staged(
        competition(FIVE, facts={"votes": {"p0": 3}}),
        {"id": "round", "parts": [{"from": "own"}, {"from": "fact:votes"}]},
    )
    by_score = competition(FIVE, shortlist={"rule": "threshold", "min_score": "6"})
    for loaded, code in ((with_parts, "method_parts"), (by_score, "method_shortlist")):
        found = of(loaded, scorers=["borda", "median"])
        assert found.methods is not None
        reasons = {m.id: m.refusal and m.refusal.code for m in found.methods.methods}
        assert reasons == {"weighted_mean": None, "borda": code, "median": None}
        assert "method_refused" in codes(found)
        assert found.methods.to_json()["official"] == "weighted_mean"


def test_awards_with_a_least_score_are_not_compared_with_points() -> None:
    loaded = competition(
        FIVE,
        awards=[{"id": "best", "award": "top_score", "round": "round", "min_score": "6"}],
    )
    found = of(loaded, scorers=["borda"])
    assert found.methods is not None
    (borda,) = found.methods.others
    assert borda.awards is None
    assert borda.awards_reason is not None
    assert borda.awards_reason.code == "method_least"
    assert "methods_awards_apart" in codes(found)


def test_award_that_depends_on_the_scorer_is_told() -> None:
    loaded = competition(
        marks("999900", "777777", "111111"),
        awards=[{"id": "best", "award": "top_score", "round": "round"}],
    )
    found = of(loaded, scorers=["median"])
    assert any(line.startswith("By Median: “") for line in said(found))


def test_scorer_of_an_unknown_name_is_refused() -> None:
    with pytest.raises(ReviewError) as caught:
        of(competition(FIVE), scorers=["magic"])
    assert caught.value.message.code == "compare_no_scorer"


def test_way_of_scoring_with_options_that_must_be_given_is_told() -> None:
    class Least(Options):
        at_least: int

    class Strict(Scorer):
        id = "strict"
        title: ClassVar[Mapping[str, str]] = {"en": "Strict", "zh-Hans": "严格"}
        Options = Least

        def score(self, values: Any, keys: Any) -> Any:
            raise NotImplementedError

    plugins = PLUGINS.with_part(Kind.SCORER, Strict, PLUGINS.infos[0])
    result = official(competition(FIVE))
    report = comparing(result, plugins, draws=2, scorers=["strict"])
    found = report.rounds[0]
    assert found.methods is not None
    assert found.methods.others == ()
    (strict,) = found.methods.methods[1:]
    assert strict.refusal is not None
    assert strict.refusal.code == "method_options"
    assert "methods_no_advice" not in codes(found)


def test_award_that_waits_in_a_variant_and_one_left_vacant_by_a_withdrawal() -> None:
    loaded = staged(
        competition(
            rounds={"one": marks("99", "88", "77"), "two": marks("99", "88")},
            awards=[
                {"id": "best", "award": "top_score", "round": "two"},
                {"id": "all", "award": "top_score", "round": "one", "count": 3},
            ],
        ),
        {"id": "one", "shortlist": LINE},
        {"id": "two", "entrants": ["one"]},
    )
    result = official(loaded)
    beside, effects = Beside(result, PLUGINS), Effects(result)
    tied = Change(marks={("one", "p2", "j0", c): 8 for c in "ab"})
    gone = Change(withdrawn=frozenset({"p2"}))
    waits, vacant = (effects.picture(v) for v in beside.run([tied, gone]))
    assert [a.waits for a in effects.effect(waits, "two").awards] == [True]
    assert effects.effect(vacant, "one", gone.withdrawn).awards == ()
    assert effects.award_changes(vacant)[0].leaves == ("p2",)


# ------------------------------------------------------------------------------------- bounds


def test_too_many_are_bounded_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "ROWS", 100)
    loaded = competition(FIVE, shortlist=LINE)
    found = of(replace(loaded), scorers=["median"])
    tried = {kind: (out.tried.tried, out.tried.of) for kind, out in found.leaving_out.items()}
    assert tried == {"judges": (2, 3), "criteria": (2, 2), "proposals": (2, 5)}
    assert [r.id for r in found.leaving_out["proposals"].removals] == ["p0", "p1"]
    assert {"limit_judges", "limit_proposals", "limit_draws"} <= set(codes(found))
    monkeypatch.setattr(leaving_out, "MOST", 1)
    less = of(loaded, scorers=["median"])
    assert less.leaving_out["criteria"].tried == Tried(1, 2)
    assert "limit_criteria" in codes(less)


def test_too_many_marks_are_bounded_to_those_near_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "ROWS", 700)
    loaded = competition(FIVE, rubric={"scorer": "borda"}, shortlist=LINE)
    found = of(loaded, scorers=["median"])
    assert found.influence is not None
    assert found.influence.tried.tried == 2
    assert "limit_marks" in codes(found)


def test_variants_are_run_in_several_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = competition(FIVE, shortlist=LINE)
    result = official(loaded)
    changes = [Change(judges=frozenset({f"j{i}"})) for i in range(3)]
    at_once = [told(v) for v in Beside(result, PLUGINS).run(changes)]
    monkeypatch.setattr(beside_module, "ROWS", 1)
    assert [told(v) for v in Beside(result, PLUGINS).run(changes)] == at_once


def test_draws_that_cannot_be_run_are_counted() -> None:
    gaps = {
        f"p{i}": {
            f"j{j}": {
                c: 5 + (i + j) % 3 for k, c in enumerate("abcdefg") if (i * 7 + j * 3 + k) % 4
            }
            for j in range(4)
        }
        for i in range(6)
    }
    loaded = competition(gaps, shortlist=LINE)
    found = of(loaded, scorers=["median"])
    assert found.weights is not None
    assert found.weights.failed == 4
    assert "weights_failed" in codes(found)


def test_nearness_counts_places_from_the_line() -> None:
    listed = nearness(official(competition(FIVE, shortlist=LINE)))
    assert listed == {"p0": 1, "p1": 0, "p2": 1, "p3": 2, "p4": 3}
    plain = nearness(official(competition(FIVE)))
    assert plain == {"p0": 0, "p1": 1, "p2": 2, "p3": 3, "p4": 4}
    assert nearest(["p4", "p1", "px"], plain, 2) == ["p4", "p1"]


# ------------------------------------------------------------------------------------- weights


def rubric_of(*weights: str) -> Rubric:
    criteria = [{"id": f"c{i}", "weight": w} for i, w in enumerate(weights)]
    return Rubric.model_validate({"id": "r", "criteria": criteria})


def test_weights_differ_by_a_fifth_and_keep_their_sum() -> None:
    rubric = rubric_of("30", "30", "20", "20")
    generator = np.random.Generator(np.random.PCG64(1))
    rows = [[c.weight for c in drawn(rubric, generator).criteria] for _ in range(3000)]
    table = np.array(rows, dtype=float)
    shares = np.array([0.3, 0.3, 0.2, 0.2])
    relative = table.std(axis=0) / (shares * 100)
    assert np.sqrt((shares * relative**2).sum()) == pytest.approx(0.2, abs=0.01)
    assert table.mean(axis=0) == pytest.approx(shares * 100, rel=0.02)
    assert table.sum(axis=1) == pytest.approx(100, abs=0.05)
    assert all(w == w.quantize(Decimal("0.01")) for row in rows for w in row)
    assert concentration(4) == pytest.approx(74)


def test_no_weight_is_drawn_as_nothing() -> None:
    rubric = rubric_of("0.00001", "1000000")
    generator = np.random.Generator(np.random.PCG64(1))
    assert all(drawn(rubric, generator).criteria[0].weight > 0 for _ in range(20))


def test_rounds_of_one_rubric_are_weighed_alike_and_one_criterion_is_not_varied() -> None:
    one = competition({"p0": {"j0": 7}, "p1": {"j0": 5}})
    assert of(one, scorers=["median"]).weights is None
    report = comparing(official(competition(rounds={"one": FIVE, "two": FIVE})), PLUGINS, draws=3)
    first, second = (r.weights for r in report.rounds)
    assert first is not None
    assert second is not None
    assert first.proposals == second.proposals


def test_report_is_the_same_each_time() -> None:
    loaded = competition(FIVE, shortlist=LINE, seed=3)
    texts = {dumps(comparing(official(loaded), PLUGINS, draws=5).to_json()) for _ in range(2)}
    assert len(texts) == 1
    assert json.loads(texts.pop())["schema"] == 1


# ---------------------------------------------------------------------- words of what is rare


@pytest.fixture(scope="module")
def plain() -> RoundComparison:
    loaded = competition(
        FIVE, shortlist=LINE, awards=[{"id": "best", "award": "top_score", "round": "round"}]
    )
    return of(loaded, scorers=["median"])


REASON = Message.plain("why not")


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (Effect(enters=("p9",)), "p9 would come onto the shortlist"),
        (Effect(leaves=("p9",)), "p9 would drop off the shortlist"),
        (Effect(undecided=("p1", "p2")), "p1, p2 would be tied across the line, to be decided"),
        (Effect(refusal=REASON), "it could not be run: why not"),
        (
            Effect(awards=(AwardChange("best", (), (), (), waits=True),)),
            "“{award}” would wait for a decision",
        ),
        (
            Effect(awards=(AwardChange("best", (), ("p0",), (), waits=False),)),
            "“{award}” would not go to p0",
        ),
        (
            Effect(awards=(AwardChange("best", ("p1",), (), ("p0",), waits=False),)),
            "“{award}” would also go to p1, within “{award}”, p0 would change prizes",
        ),
    ],
)
def test_effects_in_words(plain: RoundComparison, effect: Effect, words: str) -> None:
    award = plain.names.awards["best"]["en"]
    assert effect_words(plain.names, effect).render("en") == words.format(award=award)


def test_award_without_a_known_title_is_called_by_its_id(plain: RoundComparison) -> None:
    change = AwardChange("other", ("p1",), (), (), waits=False)
    assert effect_words(plain.names, Effect(awards=(change,))).render("en").startswith("“other”")


def with_removals(plain: RoundComparison, kind: Left, *removals: Removal) -> RoundComparison:
    out = LeavingOut(kind, Tried(len(removals), len(removals)), removals)
    return replace(plain, leaving_out={**plain.leaving_out, kind: out})


def test_more_than_can_be_told_are_counted(plain: RoundComparison) -> None:
    many = [Removal(f"j{i}", Effect(leaves=("p1",))) for i in range(LISTED + 2)]
    found = with_removals(plain, "judges", *many)
    assert "And 2 more." in said(found)


def test_removals_without_a_result_are_told(plain: RoundComparison) -> None:
    found = with_removals(plain, "criteria", Removal("a", Effect(refusal=REASON), "round"))
    assert "Without a the rules give no result: why not." in said(found)


def test_rounds_with_nobody_to_leave_out_say_nothing_of_it(plain: RoundComparison) -> None:
    found = with_removals(with_removals(plain, "judges"), "proposals")
    assert not {"left_out_judges_none", "withdrawn_none"} & set(codes(found))
    bare = with_removals(with_removals(found, "criteria"), "judges")
    bare = replace(bare, weights=None, methods=None, influence=None)
    assert sentences_of(bare) == ()


def test_withdrawals_that_move_nobody_are_told(plain: RoundComparison) -> None:
    found = with_removals(plain, "proposals", Removal("p1", Effect()))
    assert "withdrawn_none" in codes(found)


def test_proposals_beyond_what_is_shown_are_counted(plain: RoundComparison) -> None:
    many = [Removal(f"p{i}", Effect(moved=1), beyond=True) for i in range(12)]
    found = with_removals(plain, "proposals", *many)
    loaded = competition(FIVE, shortlist=LINE)
    assert "2 more proposals move others by withdrawing" in shown(found, loaded)


def weighed(plain: RoundComparison, **changed: Any) -> RoundComparison:
    assert plain.weights is not None
    return replace(plain, weights=replace(plain.weights, **changed))


def test_weights_in_words(plain: RoundComparison) -> None:
    shares = (
        Shares("p0", 1, 1.0, 0.0, 0.5),
        Shares("p1", 2, 0.5, 0.0, 0.5),
        Shares("p2", 3, 0.5, 0.0, 0.0),
        Shares("p9", None, 0.25, 0.0, 0.0),
    )
    found = weighed(plain, proposals=shares, waiting=1, failed=2, asked=10, awards=())
    lines = said(found)
    assert any("1 of the 2 on the shortlist stay on it" in line for line in lines)
    assert "Not on the shortlist, but on it in some of those draws: p2 (50 %), p9 (25 %)." in lines
    assert {"weights_waiting", "weights_some_failed", "limit_draws"} <= set(codes(found))
    text = shown(found, competition(FIVE, shortlist=LINE))
    assert "50 %" in text
    none = weighed(plain, draws=0, proposals=())
    assert "weights_failed" in codes(none)


def test_single_marks_in_words(plain: RoundComparison) -> None:
    def mark(number: int, effect: Effect) -> Influential:
        return Influential("round", f"p{number}", "j0", "a", Decimal(9), Decimal(7), effect)

    marks_ = tuple(mark(i, Effect(leaves=(f"p{i}",))) for i in range(12))
    refused = mark(99, Effect(refusal=REASON))
    found = replace(plain, influence=Influence(Tried(13, 20), 2, 3, (*marks_, refused)))
    lines = said(found)
    assert "j0's 9 for p0 on “a”: at the median of 7, p0 would drop off the shortlist." in lines
    assert "1 more could not be tried: why not." in lines
    assert "Tried were 15 marks of the proposals nearest to a line, of 20." in lines
    assert "2 more single marks decide something" in shown(found, competition(FIVE))


def test_tables_of_rounds_with_nothing_to_show_are_left_out(plain: RoundComparison) -> None:
    bare = replace(plain, weights=None, methods=None, influence=None)
    for kind in KINDS:
        bare = with_removals(bare, kind)
    text = shown(bare, competition(FIVE))
    assert "Left out" not in text
    assert "Same order" not in text


# -------------------------------------------------------------------------------- comparisons


def test_rounds_of_rankings_have_judges_to_leave_out_and_scorers_to_compare() -> None:
    loaded = compared("copeland")
    found = of(loaded)
    assert [r.id for r in found.leaving_out["judges"].removals] == ["j0", "j1", "j2"]
    assert found.influence is None
    assert found.weights is None
    assert found.methods is not None
    assert {m.id for m in found.methods.others} >= {"schulze"}
    named = of(loaded, scorers=["median"])
    assert named.methods is not None
    assert [m.refusal and m.refusal.code for m in named.methods.methods] == [
        None,
        "method_needs_marks",
    ]


def compared(scorer: str) -> LoadedCompetition:
    """Three judges who rank four proposals."""
    loaded = staged(
        competition({f"p{i}": {f"j{j}": 5 for j in range(3)} for i in range(4)},
                    rubric={"scorer": scorer}),
        {"id": "round", "rankings": "rankings.csv", "shortlist": LINE},
    )  # fmt: skip
    orders: Sequence[str] = ("0123", "0213", "1023")
    rows = [
        ("round", f"j{j}", 1, f"p{p}", place)
        for j, order in enumerate(orders)
        for place, p in enumerate(order, 1)
    ]
    schema = {
        "round": pl.String, "judge": pl.String, "ranking": pl.Int64, "proposal": pl.String,
        "place": pl.Int64,
    }  # fmt: skip
    rankings = pl.DataFrame(rows, schema, orient="row").sort("round", "judge", "proposal")
    return replace(loaded, marks=loaded.marks.clear(), rankings=rankings)


def test_rulings_hold_in_every_variant() -> None:
    loaded = ruled(competition(FIVE, shortlist=LINE), ("round", "p4", "in"))
    found = of(loaded, scorers=["median"])
    assert found.shortlisted is not None
    assert "p4" in found.shortlisted
    out = [r for r in found.leaving_out["judges"].removals if "p4" in r.effect.leaves]
    assert out == []


def test_nothing_is_said_of_variants_that_could_not_be_worked_out() -> None:
    ring = {"a": {"j1": 2, "j3": 1}, "b": {"j1": 1, "j2": 2}, "c": {"j2": 1, "j3": 2}}
    rubric = {"scorer": "bradley_terry", "scale": {"max": 9}}
    found = of(competition(ring, rubric=rubric), scorers=["median"])
    told_of = [code for code in codes(found) if not code.startswith(("methods", "weights"))]
    assert {*told_of} == {"left_out_refused", "left_out_refused_each"}


SHORT_OF_ONE = [("judges", "j0"), ("criteria", "a"), ("proposals", "p4")]


@pytest.mark.parametrize(("kind", "id_"), SHORT_OF_ONE)
@pytest.mark.parametrize("effect", [Effect(), Effect(leaves=("p1",))], ids=["none", "some"])
def test_only_those_that_could_be_worked_out_are_counted(
    plain: RoundComparison, kind: Left, id_: str, effect: Effect
) -> None:
    ran = Removal(id_, effect, "round", beyond=effect.decides)
    refused = Removal("x", Effect(refusal=REASON), "round")
    some = with_removals(plain, kind, ran, replace(ran, id="y"), refused)
    code = "withdrawn" if kind == "proposals" else f"left_out_{kind}"
    which = "some" if effect.decides else "none"
    told_of = {s.code: s.render("en") for s in some.sentences}
    assert "2" in told_of[f"{code}_{which}_worked"]
    assert "could be worked out" in told_of[f"{code}_{which}_worked"]
    assert not {f"{code}_none", f"{code}_some"} & {*told_of}
    assert told_of["left_out_refused"].startswith("Without x the rules give no result: why not")
    if kind == "judges":
        assert (
            "whichever of the 2 judges for whom it could be worked"
            in (told_of["first_stands_worked"])
        )
    none = codes(with_removals(plain, kind, refused))
    assert not [c for c in none if c.startswith(code) and c != "left_out_refused"]
    assert kind != "judges" or not [c for c in none if c.startswith("first_")]


def test_reasons_that_differ_are_not_told_as_one(plain: RoundComparison) -> None:
    refused = [Removal(p, Effect(refusal=Message.plain(f"no {p}")), "round") for p in ("p1", "p2")]
    lines = said(with_removals(plain, "proposals", *refused))
    assert "Without any one of these the rules give no result: p1, p2. Without p1: no p1." in lines


def test_withdrawals_that_leave_the_round_or_an_award_waiting_are_told(
    plain: RoundComparison,
) -> None:
    award = Effect(awards=(AwardChange("best", (), (), (), waits=True),))
    found = with_removals(
        plain, "proposals", Removal("p1", Effect(waits=True)), Removal("p2", award)
    )
    assert "Had p1 withdrawn: the round would have to wait for a decision." in said(found)
    assert any(line.startswith("Had p2 withdrawn: “") for line in said(found))
    assert not [code for code in codes(found) if code.startswith("withdrawn_")]


def test_who_is_first_is_not_known_where_the_round_waits(plain: RoundComparison) -> None:
    found = with_removals(plain, "judges", Removal("j0", Effect(waits=True)))
    assert not [code for code in codes(found) if code.startswith("first_")]


@pytest.mark.parametrize(("tried", "told_of"), [(3, True), (1, False)])
def test_single_marks_that_could_not_be_tried_do_not_count(
    plain: RoundComparison, tried: int, *, told_of: bool
) -> None:
    refused = Influential("round", "p1", "j0", "a", Decimal(9), Decimal(7), Effect(refusal=REASON))
    found = replace(plain, influence=Influence(Tried(tried, tried), 0, 0, (refused,)))
    assert ("influence_none_worked" in codes(found)) is told_of
    assert "influence_none" not in codes(found)
    assert "1 more could not be tried: why not." in said(found)


def test_nobody_is_first_where_every_draw_waits(plain: RoundComparison) -> None:
    nobody = (Shares("p0", 1, None, None, 0.0),)
    found = replace(weighed(plain, proposals=nobody, waiting=4), shortlisted=None, awards=())
    assert "weights_first" not in codes(found)
    assert "weights_waiting" in codes(found)


def test_judges_are_named_and_proposals_where_they_are_first_told_of(
    plain: RoundComparison,
) -> None:
    titles = {
        "p1": {"en": "Bike patrol", "zh-Hans": "骑行"},
        "p2": {"en": "A title that is much too long to stand in a sentence"},
        "p3": {},
    }
    names = replace(plain.names, judges={"j0": "Ms Strict", "p1": "p1"}, proposals=titles)
    swap = Effect(enters=("p2", "p3"), leaves=("p1",))
    found = with_removals(
        replace(plain, names=names, leader=("p1",)),
        "judges",
        Removal("j0", swap),
        Removal("p1", swap),
    )
    lines = said(found)
    assert lines[1:4] == [
        (
            "Without judge j0 Ms Strict: p2, p3 would be on the shortlist instead of p1"
            " “Bike patrol”."
        ),
        "Without judge p1: p2, p3 would be on the shortlist instead of p1.",
        "p1 stays first whichever judge is left out.",
    ]
    gone = [Removal(p, Effect(refusal=REASON), beyond=False) for p in ("p2", "p1")]
    alone = with_removals(with_removals(found, "judges"), "proposals", *gone)
    assert "Without p2, p1 “Bike patrol” the rules give no result: why not." in said(alone)
    many = [Removal(f"p{i}", Effect(refusal=REASON)) for i in range(LISTED + 1)]
    long = said(with_removals(with_removals(found, "judges"), "proposals", *many))
    assert "Without p0, p1, p2, p3, p4, p5 the rules give no result: why not." in long


def test_fewer_are_tried_where_a_rule_works_on_ballots() -> None:
    given = {f"p{i}": {f"j{j}": (i + j) % 10 for j in range(3)} for i in range(6)}
    lots = {"rule": "lottery", "size": 2}
    plain, drawn_ = (
        Beside(official(competition(given, shortlist=shortlist, seed=1)), PLUGINS)
        for shortlist in ({"rule": "top", "size": 2}, lots)
    )
    assert (bounds.slowness(plain), bounds.slowness(drawn_)) == (1, bounds.BALLOTS)

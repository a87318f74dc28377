from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from review.analysis.percent import percent
from review.analysis.seeds import seed_of
from review.analysis.stability import placing
from review.analysis.stability.drawing import Drawn, draw_round, posterior_draws, settled
from review.analysis.stability.places import FieldStability, Line
from review.analysis.stability.placing import correlation
from review.analysis.stability.report import Stability, stability
from review.analysis.stability.words import told
from review.app import load
from review.app import run as run_opened
from review.model.competition import Part
from review.plugin.manager import Plugins
from review.stats.ranking import Ranking
from review.testing import competition, run
from tests.load.comparing import write

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from review.model.loaded import LoadedCompetition
    from review.model.result import Result
    from review.stats.crossed import Crossed

    Floats = NDArray[np.float64]

STAR_PLAN = Path(__file__).parents[2] / "examples/star-plan-2024"


def stand_in(crossed: Crossed, *, draws: int, seed: int) -> Floats:
    """Means and what four ballots leave open, where the real thing takes a second."""
    dice = np.random.default_rng(seed)
    mean = np.bincount(crossed.proposal, crossed.value) / crossed.by_proposal
    drawn: Floats = mean + dice.standard_normal((draws, len(mean))) / np.sqrt(crossed.by_proposal)
    return drawn


def marks(
    scores: dict[str, float], judges: int = 4, severity: float = 0
) -> dict[str, dict[str, str]]:
    """Marks whose mean is the score; judges differ by ±0.5, and evenly in severity."""
    return {
        p: {
            f"j{j}": f"{score + (0.5 if (j + i) % 2 else -0.5) + severity * (j % 2):.1f}"
            for j in range(judges)
        }
        for i, (p, score) in enumerate(scores.items())
    }


def report(loaded: LoadedCompetition, **how: Any) -> Stability:
    return stability(run(loaded), Plugins.load(), **{"draw": stand_in, **how})


def only(found: Stability) -> FieldStability:
    [round_] = found.rounds
    [field] = round_.fields
    return field


def said(field: FieldStability) -> list[str]:
    return [sentence.render("en") for sentence in field.sentences]


TEN = {f"p{i}": 9.0 - i for i in range(8)}
CLOSE = {"a": 9.0, "b": 6.2, "c": 6.0, "d": 5.9, "e": 2.0, "f": 1.5}


# ----------------------------------------------------------------------------------------- the line


def test_places_across_the_line_that_cannot_be_told_apart() -> None:
    field = only(report(competition(marks(CLOSE), shortlist={"rule": "top", "size": 3})))
    assert field.line is not None
    assert (field.line.size, field.line.first, field.line.last) == (3, 2, 4)
    assert field.line.proposals == ("b", "c", "d")
    assert field.line.by_rank
    assert field.line.also == ()
    assert {p for p, _gain in field.line.one_more} == {"b", "c", "d"}
    chances = {p.proposal: p.p_in or 0 for p in field.proposals}
    assert sum(chances.values()) == pytest.approx(3)
    assert field.line.wrong == pytest.approx(sum(1 - chances[p] for p in "abc"))
    sentences = said(field)
    assert sentences[0].startswith("Places 2–4 (b, c, d) are not settled by these ballots: their ")
    assert sentences[1].startswith("Of the 3 above the line, about ")
    assert sentences[2].startswith("One more ballot on ")
    best = field.line.one_more[0][0]
    assert sentences[2].split("on ")[1].startswith(best)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.251, 0.7499, "cannot be told apart by these ballots: each of them has a chance between"),
        (0.134, 0.5, "are not settled by these ballots: their chances of belonging among the best"),
        (0.5, 0.816, "are not settled by these ballots: their chances of belonging among the best"),
    ],
)
def test_places_of_which_some_are_likely_are_not_alike(low: float, high: float, words: str) -> None:
    line = Line(4, 3, 5, low, high, ("a", "b", "c"), (), 0.0, (), by_rank=True, among=None)
    [first, *_] = told(replace(known(), line=line))
    text = first.render("en")
    assert text.startswith(f"Places 3–5 (a, b, c) {words} ")
    assert f"between {percent(low)} and {percent(high)} %" in text


@pytest.mark.parametrize(
    ("wrong", "fewer", "code"),
    [
        (1.0, 0.06, "stability_one_more"),
        (1.0, 0.04, "stability_one_more_little"),
        (0.1, 0.019, "stability_one_more_little"),
        (0.1, 0.021, "stability_one_more"),
    ],
)
def test_a_ballot_is_asked_for_where_it_changes_enough(
    wrong: float, fewer: float, code: str
) -> None:
    gain = (("a", fewer),)
    line = Line(4, 3, 5, 0.4, 0.6, ("a",), (), wrong, gain, by_rank=True, among=None)
    assert code in [sentence.code for sentence in told(replace(known(), line=line))]


def known() -> FieldStability:
    return only(report(competition(marks(CLOSE), shortlist={"rule": "top", "size": 3})))


def test_a_clear_line_is_called_clear() -> None:
    far = {"a": 9.5, "b": 6.5, "c": 3.5, "d": 0.5}
    field = only(report(competition(marks(far), shortlist={"rule": "top", "size": 2})))
    assert field.line is not None
    assert (field.line.first, field.line.last, field.line.proposals) == (None, None, ())
    assert said(field)[0] == (
        "The line after place 2 is clear: whoever stands above it belongs there with a chance of"
        " at least 100 %, whoever stands below it with one of at most 0 %."
    )
    assert said(field)[1] == "The 2 above the line may be taken to belong there."
    assert "The places of most proposals are known exactly." in said(field)


def test_no_ballot_is_asked_for_that_would_not_help() -> None:
    even = {f"p{i}": 5.0 for i in range(6)}
    noisy = {p: {f"j{j}": 9 if (i + j) % 2 else 1 for j in range(40)} for i, p in enumerate(even)}
    noisy["p0"] = {**noisy["p0"], "j0": 2}
    field = only(report(competition(noisy, shortlist={"rule": "top", "size": 1})))
    assert "No single further ballot would change much." in said(field)


def test_a_line_is_in_doubt_on_both_sides_or_on_none() -> None:
    assert placing._blurred(np.array([1.0, 0.95, 0.4, 0.05]), 2) == (2, 3)  # noqa: SLF001
    assert placing._blurred(np.array([1.0, 0.7, 0.05, 0.05]), 2) == (2, 3)  # noqa: SLF001
    assert placing._blurred(np.array([0.8, 0.7, 0.3, 0.2]), 2) == (1, 4)  # noqa: SLF001
    assert placing._blurred(np.array([1.0, 1.0, 0.0, 0.0]), 2) == (3, 2)  # noqa: SLF001


@pytest.mark.parametrize(
    ("size", "words"),
    [(8, "Everybody is in, so there is no line."), (9, "Everybody is in, so there is no line.")],
)
def test_without_a_line_there_is_no_chance_to_be_in(size: int, words: str) -> None:
    field = only(report(competition(marks(TEN), shortlist={"rule": "top", "size": size})))
    assert field.line is None
    assert field.size == 8
    assert said(field)[0] == words
    assert {(p.p_in, p.bootstrap_in, p.one_more) for p in field.proposals} == {(None, None, None)}


def test_nobody_in_is_told() -> None:
    rule = {"rule": "threshold", "min_score": "9.9"}
    field = only(report(competition(marks(TEN), shortlist=rule)))
    assert (field.size, said(field)[0]) == (0, "Nobody is in, so there is no line.")


def test_a_round_without_a_shortlist_tells_of_places_alone() -> None:
    field = only(report(competition(marks(TEN))))
    assert (field.size, field.line) == (None, None)
    assert said(field)[0].startswith("p0 “p0” stands first; the chance that it is the best is ")


def test_a_tie_across_the_line_leaves_as_many_places_as_declared() -> None:
    tied = {"a": 9.0, "b": 6.0, "c": 6.0, "d": 3.0}
    rule = {"rule": "top", "size": 2, "line": "report"}
    field = only(report(competition(marks(tied), shortlist=rule)))
    assert field.line is not None
    assert (field.line.size, field.line.first, field.line.last) == (2, 2, 3)
    assert field.line.by_rank


def test_a_rule_of_no_size_counts_those_who_may_be_in() -> None:
    tied = {"a": 9.0, "b": 6.0, "c": 6.0, "d": 3.0}
    rule = {"rule": "share", "percent": "50", "line": "report"}
    field = only(report(competition(marks(tied), shortlist=rule)))
    assert field.size == 3


def test_quotas_are_told_as_what_ranks_do_not_say() -> None:
    community = {p: {"community": "north" if p in "abc" else "south"} for p in CLOSE}
    rule = {"rule": "top", "size": 2, "quotas": [{"by": "community", "max": 1}]}
    field = only(report(competition(marks(CLOSE), proposals=community, shortlist=rule)))
    assert field.line is not None
    assert not field.line.by_rank
    assert any(s.startswith("Who is in was not decided by rank alone") for s in said(field))


def test_doubt_away_from_the_line_is_told_as_well() -> None:
    def shaken(crossed: Crossed, *, draws: int, seed: int) -> Floats:
        drawn = stand_in(crossed, draws=draws, seed=seed)
        return drawn + np.random.default_rng(9).standard_normal((draws, 1)) * [6, 0, 0, 0, 0, 0]

    field = only(
        report(competition(marks(CLOSE), shortlist={"rule": "top", "size": 3}), draw=shaken)
    )
    assert field.line is not None
    assert field.line.also == ()
    assert field.line.first == 1
    field = only(
        report(
            competition(marks({**CLOSE, "b": 8.9}), shortlist={"rule": "top", "size": 3}),
            draw=shaken,
        )
    )
    assert field.line is not None
    assert (field.line.first, field.line.also) == (3, ("a",))
    assert "In doubt as well, further from the line: a." in said(field)


# -------------------------------------------------------------------------------------- the figures


def test_figures_of_a_proposal_are_those_of_its_draws() -> None:
    loaded = competition(marks(CLOSE), shortlist={"rule": "top", "size": 3})
    result = run(loaded)
    [drawn] = draw_round(result, Plugins.load(), "round", stand_in)
    assert isinstance(drawn, Drawn)
    field = only(report(loaded))
    by_id = {p.proposal: p for p in field.proposals}
    i = drawn.proposals.index("c")
    assert by_id["c"].expected_rank == drawn.ranking.expected[i]
    assert by_id["c"].score == pytest.approx(6.0, abs=0.05)
    assert by_id["c"].sd == pytest.approx(0.5, abs=0.05)
    assert by_id["c"].interval_90 == tuple(int(e[i]) for e in drawn.ranking.interval(0.9))
    assert [p.rank for p in field.proposals] == [1, 2, 3, 4, 5, 6]
    assert by_id["a"].simultaneous == (1, 1)
    assert field.line is not None
    assert field.line.among is not None
    assert set(field.line.among) >= {"a", "b", "c"}


def test_parts_move_scores_and_are_kept_as_they_are() -> None:
    facts = {"bonus": {"a": 1, "b": 10, "c": 1, "d": 1, "e": 1, "f": 1}}
    parts = [{"from": "own", "times": "0.5"}, {"from": "fact:bonus", "times": "1"}]
    field = only(report(competition(marks(CLOSE), facts=facts, parts=parts)))
    assert field.proposals[0].proposal == "b"
    assert field.proposals[0].score == pytest.approx(13.1, abs=0.05)
    assert field.proposals[0].sd == pytest.approx(0.25, abs=0.03)
    assert "Facts and earlier rounds are taken as they are, without doubt." in said(field)
    assert field.checks is not None
    assert field.checks.parts


def test_groups_are_looked_at_by_themselves() -> None:
    tracks = {p: {"track": "x"} for p in "abc"} | {p: {"track": "y"} for p in "de"} | {"f": {}}
    loaded = competition(
        marks(CLOSE), proposals=tracks, group_by="track", shortlist={"rule": "top", "size": 1}
    )
    [round_] = report(loaded).rounds
    found = {f.group: [p.proposal for p in f.proposals] for f in round_.fields}
    assert found == {None: [], "x": ["a", "b", "c"], "y": ["d", "e"]}
    assert [f.size for f in round_.fields] == [None, 1, 1]
    texts = [s.render("en") for s in round_.sentences]
    assert texts[0] == "How sure the ranking is cannot be said: there is one proposal."
    assert texts[1].startswith("x: The line after place 1 is clear")


def test_a_scorer_that_is_no_mean_is_told() -> None:
    rubric = {"scorer": {"name": "trimmed_mean", "drop": 1}}
    uneven = {p: {"j1": 1, "j2": 8 - i, "j3": 8 - i, "j4": 8 - i, "j5": 8 - i}
              for i, p in enumerate("abc")}  # fmt: skip
    field = only(report(competition(uneven, rubric=rubric)))
    assert field.checks is not None
    assert not field.checks.is_mean
    assert any("“Trimmed mean” does not simply take the mean" in s for s in said(field))
    mean = only(report(competition(uneven))).checks
    assert mean is not None
    assert mean.is_mean


def test_who_stands_far_from_where_the_model_puts_it_is_named() -> None:
    def upside_down(crossed: Crossed, *, draws: int, seed: int) -> Floats:
        return 10 - stand_in(crossed, draws=draws, seed=seed)

    field = only(report(competition(marks(TEN)), draw=upside_down))
    assert field.checks is not None
    assert field.checks.correlation == pytest.approx(-1)
    assert "Furthest apart: p0 “p0”, officially 1, by the model about 8." in said(field)
    assert "agrees with it to -1.00" in " ".join(said(field))


def test_disconnected_panels_are_told() -> None:
    apart = {"a": {"j1": 8, "j2": 7}, "b": {"j1": 5, "j2": 6}, "c": {"j3": 6, "j4": 7},
             "d": {"j3": 2, "j4": 4}}  # fmt: skip
    field = only(report(competition(apart, shortlist={"rule": "top", "size": 1})))
    assert field.checks is not None
    assert not field.checks.connected
    assert any(s.startswith("No chain of judges connects all proposals") for s in said(field))
    assert any(s.startswith("That check is coarse: some proposal has only 2 ballots, of which 3")
               for s in said(field))  # fmt: skip


def test_many_that_may_be_the_best_are_counted_not_named() -> None:
    even = {f"p{i:02}": 5.0 + 0.01 * i for i in range(25)}
    mild = {p: {f"j{j}": f"{score + (j * 7 + i * 3) % 5:.2f}" for j in range(4)}
            for i, (p, score) in enumerate(even.items())}  # fmt: skip
    loaded = competition(mild, shortlist={"rule": "top", "size": 3})
    field = only(report(loaded))
    assert any("the best 3 are all among 25 of the 25 proposals" in s for s in said(field))


def test_confidence_sets_are_left_out_of_large_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "MOST", 5)
    field = only(report(competition(marks(CLOSE), shortlist={"rule": "top", "size": 3})))
    assert {p.marginal for p in field.proposals} == {None}
    assert field.line is not None
    assert field.line.among is None


def test_confidence_sets_need_more_ballots_than_proposals_and_judges() -> None:
    sparse = {"a": {"j1": 8, "j2": 7}, "b": {"j2": 5, "j3": 6}, "c": {"j4": 3}}
    field = only(report(competition(sparse)))
    assert {p.simultaneous for p in field.proposals} == {None}


def test_who_has_a_rank_but_no_ballot_is_named() -> None:
    loaded = competition(marks(CLOSE))
    result = run(loaded)
    [drawn] = draw_round(result, Plugins.load(), "round", stand_in)
    assert isinstance(drawn, Drawn)
    field = placing.place(result, result.rounds[0], replace(drawn, left_out=("z",)))
    assert "Ranked without a ballot, so not looked at: z." in said(field)


def test_correlation_needs_an_order() -> None:
    one = np.array([1.0, 2.0, 2.0, 4.0])
    assert correlation(one, np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(0.9486833)
    assert correlation(np.ones(4), one) is None


# -------------------------------------------------------------------------- nothing can be said


ONE = {"a": {"j1": 5, "j2": 6}}
SINGLE = {"a": {"j1": 5}, "b": {"j2": 6}, "c": {"j1": 7}}
EQUAL = {p: {"j1": 5, "j2": 5} for p in "abc"}
NONE: dict[str, dict[str, None]] = {p: {"j1": None} for p in "abc"}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (ONE, "there is one proposal"),
        (SINGLE, "every proposal has one ballot, so nothing tells noise from quality"),
        (EQUAL, "every ballot is the same, so everybody is equal"),
        (NONE, "there are no ballots"),
    ],
)
def test_what_cannot_be_known_is_not_guessed(given: Any, why: str) -> None:
    field = only(report(competition(given, shortlist={"rule": "top", "size": 1})))
    assert said(field) == [f"How sure the ranking is cannot be said: {why}."]
    assert (field.proposals, field.line, field.checks) == ((), None, None)
    assert field.to_json()["proposals"] == []
    assert field.to_json()["checks"] is None


def test_a_round_of_other_rounds_alone_is_not_judged() -> None:
    loaded = competition(rounds={"first": marks(CLOSE), "last": {}})
    [first, last] = loaded.competition.rounds
    last = last.model_copy(update={"parts": (Part.model_validate({"from": "round:first"}),)})
    rounds = {"rounds": (first, last)}
    loaded = replace(loaded, competition=loaded.competition.model_copy(update=rounds))
    [_, found] = report(loaded).rounds
    assert [s.render("en") for s in found.sentences] == [
        "How sure the ranking is cannot be said: the round has no marks of its own."
    ]


def test_a_round_of_comparisons_is_told_as_such(tmp_path: Path) -> None:
    opened = load(write(tmp_path))
    field = only(stability(run_opened(opened), opened.plugins))
    [sentence] = said(field)
    assert sentence == (
        "How sure the ranking is cannot be said: the round is judged by comparison, for which this"
        " is not worked out."
    )


def test_points_cannot_be_added_to_marks() -> None:
    loaded = competition(
        marks(CLOSE),
        rubric={"scorer": "borda"},
        facts={"bonus": dict.fromkeys(CLOSE, 1)},
        parts=[{"from": "own"}, {"from": "fact:bonus"}],
    )
    assert said(only(report(loaded)))[0].endswith(
        "the scorer “Borda count” gives points of its own, to which other parts are added."
    )
    alone = only(report(competition(marks(CLOSE), rubric={"scorer": "borda"})))
    assert alone.reason is None


def test_too_many_proposals_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.analysis.stability.drawing.ROOM", 10_000)
    field = only(report(competition(marks(CLOSE))))
    assert said(field)[0].endswith("there are 6 proposals; up to 5 can be looked at.")


def test_group_of_which_nobody_has_a_ballot_is_unknown() -> None:
    def ranked_by_hand(result: Result) -> Result:
        round_ = result.rounds[0]
        frame = round_.standings.frame.with_columns(
            group=pl.when(pl.col("proposal") == "z").then(pl.lit("other")), rank=pl.lit(1)
        )
        standings = replace(round_.standings, frame=frame)
        return replace(result, rounds=(replace(round_, standings=standings),))

    loaded = competition({**marks(CLOSE), "z": {"j1": None}})
    found = stability(ranked_by_hand(run(loaded)), Plugins.load(), draw=stand_in)
    [_, other] = found.rounds[0].fields
    assert other.reason is not None
    assert other.reason.code == "stability_no_ballots"


def test_draws_that_did_not_settle_are_not_shown() -> None:
    def refused(crossed: Crossed, *, draws: int, seed: int) -> None:
        return None

    def drifting(crossed: Crossed, *, draws: int, seed: int) -> Floats:
        drawn = stand_in(crossed, draws=draws, seed=seed)
        drawn[: draws // 2, 0] -= 4
        return drawn

    for draw in (refused, drifting):
        field = only(report(competition(marks(CLOSE)), draw=draw))
        assert said(field)[0].endswith(
            "the calculation did not settle, so its chances would not be reliable."
        )
        assert field.proposals == ()


def test_real_draws_that_do_not_hold_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(competition(marks(CLOSE, severity=0.3)))
    [drawn] = draw_round(result, Plugins.load(), "round")
    assert isinstance(drawn, Drawn)
    assert settled(drawn.ranking)
    monkeypatch.setattr("review.stats.posterior.Checked.holds", property(lambda _self: False))
    assert posterior_draws(drawn.crossed, draws=100, seed=1) is None


def test_halves_must_agree_in_chances_too() -> None:
    def two(chances: tuple[float, float]) -> Ranking:
        ahead = np.arange(2000) / 2000
        first = np.concatenate([ahead < chance for chance in chances]).astype(np.float64)
        return Ranking.of(np.stack([first, np.full(4000, 0.5)], axis=1))

    assert settled(two((0.50, 0.55)))
    assert two((0.45, 0.55)).r_hat < 1.02
    assert not settled(two((0.45, 0.55)))


def test_halves_must_agree_at_the_line() -> None:
    def wavering(crossed: Crossed, *, draws: int, seed: int) -> Floats:
        ahead = np.arange(draws) % 2000 / 2000 < np.where(np.arange(draws) < 2000, 0.45, 0.55)
        drawn: Floats = np.tile(np.arange(6.0, 0, -1), (draws, 1))
        drawn[ahead, 5] = 2.5
        return drawn

    field = only(report(competition(marks(CLOSE)), draw=wavering))
    assert field.reason is None
    rule = {"rule": "top", "size": 5}
    field = only(report(competition(marks(CLOSE), shortlist=rule), draw=wavering))
    assert field.reason is not None
    assert field.reason.code == "stability_unsettled"


# -------------------------------------------------------------------------------------- the report


def test_one_round_may_be_asked_for() -> None:
    loaded = competition(rounds={"first": marks(CLOSE), "second": marks(TEN)})
    assert [r.id for r in report(loaded, round_id="second").rounds] == ["second"]
    with pytest.raises(KeyError):
        report(loaded, round_id="third")


def test_the_same_content_gives_the_same_report() -> None:
    loaded = competition(marks(CLOSE), shortlist={"rule": "top", "size": 3}, seed=4)
    one, other = report(loaded).to_json(), report(loaded).to_json()
    assert one == other
    assert seed_of(run(loaded), "x") != seed_of(run(competition(marks(CLOSE))), "x")


def test_report_as_json_is_whole() -> None:
    loaded = competition(marks(CLOSE), shortlist={"rule": "top", "size": 3})
    found: Any = report(loaded).to_json()
    assert list(found) == ["schema", "competition", "title", "content", "rules", "rounds"]
    [round_] = found["rounds"]
    assert list(round_) == ["id", "title", "sentences", "fields", "awards"]
    [field] = round_["fields"]
    assert list(field) == ["group", "sentences", "reason", "size", "line", "checks", "proposals"]
    assert field["reason"] is None
    assert len(field["proposals"]) == 6
    assert {len(p["interval_90"]) for p in field["proposals"]} == {2}
    assert sum(p["p_in"] for p in field["proposals"]) == pytest.approx(3, abs=1e-3)


def test_chances_are_never_rounded_to_certainty() -> None:
    assert list(map(percent, (0.0, 0.001, 0.01, 0.5, 0.985, 0.999, 1.0))) == [
        "0", "<1", "1", "50", "98", ">99", "100",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_founding_case_is_told() -> None:
    opened = load(STAR_PLAN)
    found = stability(run_opened(opened), opened.plugins)
    selection, showcase = found.rounds
    [field] = selection.fields
    assert field.line is not None
    assert field.line.size == 14
    assert sum(p.p_in or 0 for p in field.proposals) == pytest.approx(14)
    assert [a.basis for a in showcase.awards] == ["score", "values", "values"]

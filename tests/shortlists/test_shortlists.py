"""The three rules on examples that can be checked by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import pytest
from pydantic import ValidationError

from review import Choice, Entrant, Message
from review_plugins.shortlists import SHORTLISTS, Share, Threshold, Top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import ShortlistRule

FOUNDING = [{"by": "community", "max": 2}, {"by": "category", "min": 1}]


def entrant(
    proposal: str,
    rank: int,
    where: str = "",
    *,
    ruling: Literal["in", "out"] | None = None,
    key: int | None = None,
) -> Entrant:
    """`where`: community and category in a letter each, `.` for a blank."""
    community, category = [None if letter == "." else letter for letter in where or ".."]
    attributes = {"community": community, "category": category}
    by = None if key is None else "lot"
    return Entrant(proposal, rank, Decimal(100 - rank), attributes, ruling, key, by)


def field(*rows: str) -> list[Entrant]:
    """`"p1 1 xa"`: proposal, rank, community and category."""
    return [entrant(p, int(rank), *rest) for p, rank, *rest in map(str.split, rows)]


def told(rule: ShortlistRule, entrants: Sequence[Entrant]) -> list[str]:
    return [
        f"{proposal} {choice.status} {choice.place or '-'}: {choice.reason.render('en')}"
        for proposal, choice in rule.select(entrants).choices.items()
    ]


def top(size: int, quotas: Sequence[dict[str, Any]] = (), line: str = "report", **more: int) -> Top:
    return Top({"size": size, "quotas": quotas, **more}, line=line)


# -------------------------------------------------------------------------------------- the rules


def test_top_takes_the_best_and_the_reserve() -> None:
    assert top(2, reserve=1).select(field("a 1", "b 2", "c 3", "d 4")).choices == {
        "a": Choice("in", Message("within_size", {"size": 2}), 1),
        "b": Choice("in", Message("within_size", {"size": 2}), 2),
        "c": Choice("reserve", Message("reserve", {"place": 1}), 1),
        "d": Choice("out", Message("beyond_size", {"size": 2})),
    }


def test_top_with_more_places_than_entrants_takes_all() -> None:
    assert told(top(5), field("a 1", "b 1")) == [
        "a in 1: inside the line of 5",
        "b in 1: inside the line of 5",
    ]


def test_top_without_entrants_chooses_nobody() -> None:
    assert top(5, FOUNDING).select([]).choices == {}
    assert top(5, FOUNDING).select([]).notes == []


def test_threshold_takes_who_reaches_it() -> None:
    rule = Threshold({"min_score": "98.0", "reserve": 1})
    assert told(rule, field("a 1", "b 2", "c 3", "d 4")) == [
        "a in 1: reaches 98.0",
        "b in 2: reaches 98.0",
        "c reserve 1: reserve, place 1",
        "d out -: below 98.0",
    ]


def test_threshold_has_no_size_to_be_tied_across() -> None:
    assert told(Threshold({"min_score": 98}), field("a 2", "b 2", "c 2")) == [
        "a in 1: reaches 98",
        "b in 1: reaches 98",
        "c in 1: reaches 98",
    ]


def test_threshold_lets_no_floor_lift_anybody_over_it() -> None:
    rule = Threshold({"min_score": 98, "quotas": [{"by": "category", "min": 1}]})
    entrants = field("a 1 xa", "b 3 xb")
    assert told(rule, entrants) == ["a in 1: reaches 98", "b out -: below 98"]
    assert [note.texts() for note in rule.select(entrants).notes] == [
        {
            "en": "the minimum of 1 from category “b” cannot be met; it is lowered to 0",
            "zh-Hans": "类别“b”至少 1 个的要求无法满足，已降为 0 个",
        }
    ]


@pytest.mark.parametrize(
    ("percent", "entrants", "size"),
    [(30, 10, 3), (30, 11, 4), ("33.3", 3, 1), (1, 3, 1), (100, 3, 3), (0.1, 1000, 1), (28, 25, 7)],
)
def test_share_rounds_up_exactly(percent: object, entrants: int, size: int) -> None:
    choices = (
        Share({"percent": percent})
        .select([entrant(str(n), n) for n in range(1, entrants + 1)])
        .choices
    )
    assert sum(choice.status == "in" for choice in choices.values()) == size


def test_share_names_its_percentage_and_its_places() -> None:
    assert told(Share({"percent": "12.5"}), field("a 1", "b 2", "c 3")) == [
        "a in 1: within the best 12.5 % (1 place)",
        "b out -: below the best 12.5 % (1 place)",
        "c out -: below the best 12.5 % (1 place)",
    ]


@pytest.mark.parametrize(
    ("rule", "options"),
    [
        (Top, {}),
        (Top, {"size": 0}),
        (Top, {"size": 3, "reserve": -1}),
        (Top, {"size": 3, "quota": []}),
        (Top, {"size": 3, "quotas": [{"by": "community"}]}),
        (Top, {"size": 3, "quotas": [{"by": "community", "max": 1, "min": 2}]}),
        (Top, {"size": 3, "quotas": [{"by": "community", "max": 0}]}),
        (Top, {"size": 3, "quotas": [{"max": 1}]}),
        (Threshold, {}),
        (Share, {"percent": 0}),
        (Share, {"percent": "100.1"}),
    ],
)
def test_options_that_make_no_sense_are_refused(
    rule: type[ShortlistRule], options: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        rule(options)


def test_rules_name_themselves_in_both_languages_and_the_attributes_they_read() -> None:
    assert [(rule.id, sorted(rule.title)) for rule in SHORTLISTS] == [
        ("top", ["en", "zh-Hans"]),
        ("threshold", ["en", "zh-Hans"]),
        ("share", ["en", "zh-Hans"]),
        ("lottery", ["en", "zh-Hans"]),
    ]
    assert list(top(3, [*FOUNDING, {"by": "community", "min": 1}]).attributes()) == [
        "community",
        "category",
    ]


# ----------------------------------------------------------------------------------------- quotas


def test_quotas_of_the_founding_case_are_read_down_the_standings() -> None:
    """Three of community x lead; the only proposal of category c comes last."""
    entrants = field("a 1 xa", "b 2 xa", "c 3 xb", "d 4 ya", "e 5 yb", "f 6 zc", "g 7 za")
    assert told(top(4, FOUNDING, reserve=2), entrants) == [
        "a in 1: inside the line of 4",
        "b in 2: inside the line of 4",
        "c out -: community cap of 2 reached: a, b",
        "d reserve 1: reserve, place 1",
        "e in 3: inside the line of 4",
        "f in 4: in for the minimum of 1 from category “c”",
        "g reserve 2: reserve, place 2",
    ]


def test_a_blank_value_counts_for_no_quota() -> None:
    quotas = [{"by": "community", "max": 1, "min": 1}, {"by": "planet", "max": 1}]
    entrants = [entrant("a", 1), entrant("b", 2), entrant("c", 3)]
    assert told(top(3, quotas), entrants)[2] == "c in 3: inside the line of 3"
    assert top(3, quotas).select(entrants).notes == []


def test_a_quota_with_a_value_holds_for_that_value_alone() -> None:
    rule = top(3, [{"by": "community", "value": "x", "max": 1}])
    assert told(rule, field("a 1 x.", "b 2 x.", "c 3 y.", "d 4 y.")) == [
        "a in 1: inside the line of 3",
        "b out -: community cap of 1 reached: a",
        "c in 2: inside the line of 3",
        "d in 3: inside the line of 3",
    ]


def test_the_tightest_of_several_quotas_holds() -> None:
    rule = top(3, [{"by": "community", "max": 3}, {"by": "community", "value": "x", "max": 1}])
    statuses = [choice.status for choice in rule.select(field("a 1 x.", "b 2 x.")).choices.values()]
    assert statuses == ["in", "out"]


def test_a_cap_keeps_room_for_a_floor_behind_it() -> None:
    """Community x may have one; the only proposal of category b is in community x."""
    quotas = [{"by": "community", "max": 1}, {"by": "category", "value": "b", "min": 1}]
    assert told(top(2, quotas), field("a 1 xa", "b 2 xb", "c 3 ya")) == [
        "a out -: the remaining places are kept for the minimum of 1 from category: b",
        "b in 1: in for the minimum of 1 from category “b”",
        "c in 2: inside the line of 2",
    ]


def test_floors_of_several_attributes_are_kept_together() -> None:
    """One place could still be for y or for b, but nobody is both."""
    quotas = [
        {"by": "community", "value": "y", "min": 1},
        {"by": "category", "value": "b", "min": 1},
    ]
    assert told(top(2, quotas), field("a 1 xa", "b 2 xb", "c 3 ya")) == [
        "a out -: the remaining places are kept for the minimums from community “y”, category “b”",
        "b in 1: inside the line of 2",
        "c in 2: in for the minimum of 1 from community “y”",
    ]


def test_floors_of_several_attributes_are_solved_where_counting_leaves_them_open() -> None:
    """Filling y from c, as counting tries first, would leave z no room under the cap of b."""
    quotas = [
        {"by": "community", "value": "y", "min": 1},
        {"by": "community", "value": "z", "min": 1},
        {"by": "category", "value": "b", "max": 1},
        {"by": "category", "value": "a", "min": 1},
    ]
    entrants = field("a 1 xc", "b 2 ya", "c 3 yb", "d 4 zb", "e 5 xa")
    choices = top(3, quotas).select(entrants).choices
    assert [choice.status for choice in choices.values()] == ["in", "in", "out", "in", "out"]
    assert choices["c"].reason.code == "kept_for_floor"


def test_floors_that_clash_are_met_as_far_as_they_go_best_first() -> None:
    rule = top(2, [{"by": "category", "min": 1}])
    entrants = field("a 1 .a", "b 2 .a", "c 3 .b", "d 4 .c")
    assert told(rule, entrants) == [
        "a in 1: inside the line of 2",
        "b out -: the remaining places are kept for the minimum of 1 from category: b, c",
        "c in 2: in for the minimum of 1 from category “b”",
        "d out -: below the line of 2: all places are taken",
    ]
    assert [note.texts() for note in rule.select(entrants).notes] == [
        {
            "en": "the minimums cannot all be met together: they stay 1 short (category “c”)",
            "zh-Hans": "各项最低名额要求无法同时满足，共缺 1 个（类别“c”）",
        }
    ]


def test_floors_above_the_cap_of_their_value_are_lowered_to_it() -> None:
    rule = top(4, [{"by": "category", "max": 1}, {"by": "category", "value": "a", "min": 2}])
    assert [note.render("en") for note in rule.select(field("a 1 .a", "b 2 .a")).notes] == [
        "the minimum of 2 from category “a” cannot be met; it is lowered to 1"
    ]


def test_notes_are_empty_without_floors() -> None:
    assert top(1, [{"by": "community", "max": 1}]).select(field("a 1 x.")).notes == []


# ------------------------------------------------------------------------------------------- ties


def test_a_tie_across_the_line_is_reported_and_uses_up_its_places() -> None:
    assert told(top(2), field("a 1", "b 2", "c 2", "d 4")) == [
        "a in 1: inside the line of 2",
        "b undecided -: tied across the line with c: to be decided",
        "c undecided -: tied across the line with b: to be decided",
        "d out -: below the line of 2: all places are taken",
    ]


def test_a_tie_that_fits_shares_a_place() -> None:
    places = [
        choice.place for choice in top(4).select(field("a 1", "b 2", "c 2", "d 4")).choices.values()
    ]
    assert places == [1, 2, 2, 4]


def test_a_tie_across_the_line_may_extend_the_shortlist() -> None:
    assert told(top(2, line="extend"), field("a 1", "b 2", "c 2", "d 4")) == [
        "a in 1: inside the line of 2",
        "b in 2: tied across the line with c: the shortlist is extended",
        "c in 2: tied across the line with b: the shortlist is extended",
        "d out -: below the line of 2: all places are taken",
    ]


def test_an_extension_leaves_the_places_that_floors_need() -> None:
    entrants = field("a 1 .a", "b 1 .a", "c 1 .a", "d 4 .a", "e 5 .b")
    assert told(top(3, [{"by": "category", "min": 1}], line="extend"), entrants) == [
        "a in 1: tied across the line with b, c: the shortlist is extended",
        "b in 1: tied across the line with a, c: the shortlist is extended",
        "c in 1: tied across the line with a, b: the shortlist is extended",
        "d out -: the remaining places are kept for the minimum of 1 from category: b",
        "e in 4: in for the minimum of 1 from category “b”",
    ]


def test_a_tie_across_a_cap_stays_undecided_even_when_extending() -> None:
    entrants = field("a 1 x.", "b 1 x.", "c 1 y.", "d 4 x.", "e 5 z.")
    for line in ("report", "extend"):
        assert told(top(3, [{"by": "community", "max": 1}], line=line), entrants) == [
            "a undecided -: tied across the line with b: to be decided",
            "b undecided -: tied across the line with a: to be decided",
            "c in 1: inside the line of 3",
            "d out -: community cap of 1 reached: a, b",
            "e in 2: inside the line of 3",
        ]


def test_an_extension_takes_nobody_s_place_away() -> None:
    """c is sure: of two places one is kept for green. Without a size a and b could fill the cap."""
    quotas = [{"by": "community", "max": 2}, {"by": "category", "value": "g", "min": 1}]
    entrants = field("a 1 xa", "b 1 xa", "c 1 xg", "d 4 yg")
    for line in ("report", "extend"):
        choices = top(2, quotas, line=line).select(entrants).choices
        statuses = [choice.status for choice in choices.values()]
        assert statuses == ["undecided", "undecided", "in", "out"]


def test_a_tie_across_the_line_may_be_decided_by_the_chain() -> None:
    entrants = [entrant("a", 1), entrant("b", 2, key=2), entrant("c", 2, key=1), entrant("d", 4)]
    assert told(top(2, line="chain"), entrants) == [
        "a in 1: inside the line of 2",
        "b out -: tied across the line with c: decided by lot",
        "c in 2: tied across the line with b: decided by lot",
        "d out -: below the line of 2: all places are taken",
    ]


def test_what_the_chain_leaves_tied_stays_undecided() -> None:
    keys = {"a": 1, "b": 2, "c": 2, "d": None}
    entrants = [entrant(p, 1, key=key) for p, key in keys.items()]
    assert told(top(2, line="chain"), entrants) == [
        "a in 1: tied across the line with b, c, d: decided by lot",
        "b undecided -: tied across the line with c: to be decided",
        "c undecided -: tied across the line with b: to be decided",
        "d out -: tied across the line with a, b, c: decided by the declared tie-breaks",
    ]


def test_who_had_a_turn_in_the_chain_fills_no_floor_a_second_time() -> None:
    """After d and c only g can be the second of x, so that h may not take its community."""
    quotas = [{"by": "community", "max": 1}, {"by": "category", "value": "x", "min": 2}]
    entrants = [
        entrant("a", 1, "mx", key=4),
        entrant("c", 1, ".x", key=2),
        entrant("d", 1, "my", key=1),
        entrant("g", 1, "qx", key=5),
        entrant("h", 1, "qy", key=3),
    ]
    choices = top(4, quotas, line="chain").select(entrants).choices
    assert [p for p, choice in choices.items() if choice.status == "in"] == ["c", "d", "g"]


def test_the_chain_is_not_asked_where_the_order_does_not_matter() -> None:
    entrants = [entrant("a", 1, key=2), entrant("b", 1, key=1)]
    assert told(top(2, line="chain"), entrants) == [
        "a in 1: inside the line of 2",
        "b in 1: inside the line of 2",
    ]


def test_what_depends_on_an_earlier_tie_waits_for_it() -> None:
    """a or b takes the place of its category; c is in where its own is still free."""
    entrants = field("a 1 xa", "b 1 xb", "c 3 ya", "d 4 yc")
    rule = top(3, [{"by": "community", "max": 1}, {"by": "category", "max": 1}])
    assert told(rule, entrants) == [
        "a undecided -: tied across the line with b: to be decided",
        "b undecided -: tied across the line with a: to be decided",
        "c undecided -: depends on how the tie above (a, b) is decided",
        "d undecided -: depends on how the tie above (a, b, c) is decided",
    ]


def test_only_those_are_tied_who_compete() -> None:
    entrants = field("a 1 x.", "b 1 x.", "c 1 y.", "d 1 y.")
    assert told(top(4, [{"by": "community", "max": 1}]), entrants) == [
        "a undecided -: tied across the line with b: to be decided",
        "b undecided -: tied across the line with a: to be decided",
        "c undecided -: tied across the line with d: to be decided",
        "d undecided -: tied across the line with c: to be decided",
    ]


def test_a_floor_decides_a_tie_without_anybody_s_ruling() -> None:
    entrants = field("a 1 .a", "b 2 .a", "c 2 .b")
    assert told(top(2, [{"by": "category", "min": 1}]), entrants) == [
        "a in 1: inside the line of 2",
        "b out -: the remaining places are kept for the minimum of 1 from category: b",
        "c in 2: in for the minimum of 1 from category “b”",
    ]


def test_a_tie_of_many_is_told_by_number() -> None:
    choices = top(3).select([entrant(f"p{n:02}", 1) for n in range(14)]).choices
    assert {choice.reason.render("en") for choice in choices.values()} == {
        "tied across the line with 13 others: to be decided"
    }
    assert choices["p00"].reason.render("zh-Hans") == "与 其他 13 个项目 在入围线上并列，待裁定"


def test_a_tie_too_wide_to_go_through_decides_nobody_who_is_not_sure() -> None:
    """Twelve pairs tied across the cap of their community, and one whom no cap concerns."""
    pairs = [entrant(f"p{n:02}", 1, f"{'abcdefghijkl'[n // 2]}{'xy'[n % 2]}") for n in range(24)]
    caps = [{"by": "community", "max": 1}, {"by": "category", "max": 20, "min": 1}]
    entrants = [*pairs, entrant("q", 1), entrant("r", 26)]
    for size, last in ((30, "undecided"), (14, "undecided"), (13, "out")):
        choices = top(size, caps[:1]).select(entrants).choices
        assert {choices[pair.proposal].status for pair in pairs} == {"undecided"}
        assert choices["q"].status == ("in" if size == 30 else "undecided")
        assert choices["r"].status == last
    choices = top(30, caps, line="extend").select(entrants).choices
    assert {choice.status for choice in choices.values()} == {"undecided"}


def test_a_tie_settled_in_itself_may_leave_too_many_cases_for_those_behind() -> None:
    """Six of fourteen are in; which of them decides which communities are still free."""
    caps = [{"by": "community", "max": 1}, {"by": "category", "max": 6}]
    communities = "abcdefghijklmn"
    first = [entrant(f"p{letter}", 1, f"{letter}x") for letter in communities]
    then = [entrant(f"q{letter}", 15, f"{letter}y") for letter in communities]
    statuses = [choice.status for choice in top(20, caps).select([*first, *then]).choices.values()]
    assert statuses == ["undecided"] * 28


# ------------------------------------------------------------------------------ rulings, reserve


def test_a_ruling_takes_a_place_first_and_leaves_the_other_of_a_tie_out() -> None:
    entrants = [entrant("a", 1), entrant("b", 2, ruling="in"), entrant("c", 2)]
    assert told(top(2), entrants) == [
        "a in 1: inside the line of 2",
        "b in 2: inside the line of 2",
        "c out -: below the line of 2: all places are taken",
    ]


def test_a_ruling_goes_over_a_cap_and_counts_for_it() -> None:
    entrants = [
        entrant("a", 1, "x."),
        entrant("b", 2, "x.", ruling="in"),
        entrant("c", 3, "x.", ruling="in"),
        entrant("d", 4, "y."),
        entrant("e", 5, ruling="out"),
    ]
    assert told(top(5, [{"by": "community", "max": 1}], reserve=3), entrants) == [
        "a out -: community cap of 1 reached: b, c",
        "b in 1: inside the line of 5",
        "c in 2: inside the line of 5",
        "d in 3: inside the line of 5",
        "e out -: below the line of 5: all places are taken",
    ]


def test_rulings_beyond_the_size_are_all_kept() -> None:
    entrants = [entrant("a", 1), entrant("b", 2, ruling="in"), entrant("c", 3, ruling="in")]
    assert [choice.status for choice in top(1).select(entrants).choices.values()] == [
        "out",
        "in",
        "in",
    ]


def test_a_ruling_lifts_over_the_threshold() -> None:
    entrants = [entrant("a", 1), entrant("b", 9, ruling="in")]
    assert told(Threshold({"min_score": 95}), entrants) == [
        "a in 1: reaches 95",
        "b in 2: reaches 95",
    ]


def test_the_reserve_takes_all_of_equal_rank_and_nobody_over_a_cap() -> None:
    entrants = field("a 1 x.", "b 2 x.", "c 3 y.", "d 4 z.", "e 4 u.", "f 4 v.", "g 7 w.")
    assert told(top(1, [{"by": "community", "max": 1}], reserve=2), entrants) == [
        "a in 1: inside the line of 1",
        "b out -: community cap of 1 reached: a",
        "c reserve 1: reserve, place 1",
        "d reserve 2: reserve, place 2",
        "e reserve 2: reserve, place 2",
        "f reserve 2: reserve, place 2",
        "g out -: below the line of 1: all places are taken",
    ]


def test_a_reserve_longer_than_the_field_takes_all_that_is_left() -> None:
    choices = top(1, reserve=9).select(field("a 1", "b 2", "c 3")).choices
    assert [choice.place for choice in choices.values()] == [1, 1, 2]

"""What the rules say of a proposal, and the codes that are their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review_plugins.shortlists.quotas import Key

NAMED = 12
"""More proposals than this are told by their number."""

_OTHERS = {"en": "{count} others", "zh-Hans": "其他 {count} 个项目"}
_CHAIN = {"en": "the declared tie-breaks", "zh-Hans": "既定的同分规则"}
_AWAITS_TIE = {
    "en": "depends on how the tie above ({with_}) is decided",
    "zh-Hans": "取决于前面的并列（{with_}）如何裁定",
}
_KEPT_FOR_FLOORS = {
    "en": "the remaining places are kept for the minimums from {floors}",
    "zh-Hans": "其余名额须留给以下最低名额要求：{floors}",
}
_FLOOR = {"en": "{by} “{value}”", "zh-Hans": "{by}“{value}”"}
_FLOOR_LOWERED = {
    "en": "the minimum of {min} from {by} “{value}” cannot be met; it is lowered to {count}",
    "zh-Hans": "{by}“{value}”至少 {min} 个的要求无法满足，已降为 {count} 个",
}
_FLOORS_CLASH = {
    "en": "the minimums cannot all be met together: they stay {count} short ({floors})",
    "zh-Hans": "各项最低名额要求无法同时满足，共缺 {count} 个（{floors}）",
}


def named(proposals: Sequence[str]) -> list[object]:
    """The proposals, or how many there are where they would fill the page."""
    if len(proposals) <= NAMED:
        return list(proposals)
    return [others(len(proposals))]


def others(count: int) -> Message:
    """`count` proposals that are not named."""
    return Message("others", {"count": count}, _OTHERS)


def chain() -> Message:
    """What decides between entrants who each stay tied with somebody else."""
    return Message("chain", {}, _CHAIN)


def awaits_tie(proposals: Sequence[str]) -> Message:
    """In or out once an earlier tie is decided."""
    return Message("awaits_tie", {"with_": named(proposals)}, _AWAITS_TIE)


def kept_for_floors(floors: Sequence[Key]) -> Message:
    """Out because floors of several kinds together need the places left."""
    return Message("kept_for_floors", {"floors": [_floor(key) for key in floors]}, _KEPT_FOR_FLOORS)


def floor_lowered(key: Key, asked: int, count: int) -> Message:
    """A floor that cannot be met even alone."""
    params = {"by": key[0], "value": key[1], "min": asked, "count": count}
    return Message("floor_lowered", params, _FLOOR_LOWERED)


def floors_clash(floors: Sequence[Key], count: int) -> Message:
    """Floors that could each be met, but not all of them; `floors` are those that stay short."""
    return Message(
        "floors_clash", {"floors": [_floor(key) for key in floors], "count": count}, _FLOORS_CLASH
    )


def _floor(key: Key) -> Message:
    return Message("floor", {"by": key[0], "value": key[1]}, _FLOOR)

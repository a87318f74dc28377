"""What the rule `lottery` says, and its codes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from review import Message

if TYPE_CHECKING:
    from decimal import Decimal

    from review.stats.lottery import Stretch

PLACES = 4
TICKET_PLACES = 6
LONGEST = 1_000_000

_TEXTS: dict[str, dict[str, str]] = {
    # reasons
    "lottery_sure_in": {
        "en": "in without a lot: its rank ({interval} % interval: {ranks}) is better than the "
        "line, {line}",
        "zh-Hans": "无需抽签，直接入围：名次（{interval}% 区间 {ranks}）优于入围线 {line}",
    },
    "lottery_sure_out": {
        "en": "out without a lot: its rank ({interval} % interval: {ranks}) is behind the line, "
        "{line}",
        "zh-Hans": "不参加抽签，未入围：名次（{interval}% 区间 {ranks}）落后于入围线 {line}",
    },
    "lottery_at_line": {
        "en": "in without a lot: its rank ({interval} % interval: {ranks}) reaches to the line, "
        "{line}, and there is a place for all of whom that is true",
        "zh-Hans": "无需抽签，直接入围：名次（{interval}% 区间 {ranks}）触及入围线 {line}，"
        "而余下名额足够所有这样的项目",
    },
    "lottery_above": {
        "en": "in without a lot: its score of {score} reaches {top}, from where the chance is 1",
        "zh-Hans": "无需抽签，直接入围：得分 {score} 达到 {top}，入围概率为 1",
    },
    "lottery_below": {
        "en": "out without a lot: its score of {score} is not above {bottom}, up to where the "
        "chance is 0",
        "zh-Hans": "不参加抽签，未入围：得分 {score} 未超过 {bottom}，入围概率为 0",
    },
    "lottery_drawn": {
        "en": "in by lot: chance {chance}, ticket {ticket}; its stretch from {start} to {end} "
        "holds the point {point}",
        "zh-Hans": "抽签入围：概率 {chance}，签号 {ticket}；其区段 {start}～{end} 含抽签点 {point}",
    },
    "lottery_not_drawn": {
        "en": "not drawn: chance {chance}, ticket {ticket}; its stretch from {start} to {end} "
        "holds no point",
        "zh-Hans": "抽签未中：概率 {chance}，签号 {ticket}；其区段 {start}～{end} 不含抽签点",
    },
    "lottery_reserve": {
        "en": "reserve, place {place}, by lot: not drawn (chance {chance}, ticket {ticket}; its "
        "stretch from {start} to {end} holds no point)",
        "zh-Hans": "抽签候补第 {place} 位：抽签未中（概率 {chance}，签号 {ticket}；其区段 "
        "{start}～{end} 不含抽签点）",
    },
    "lottery_pending": {
        "en": "takes part in the draw with chance {chance}; the draw is pending",
        "zh-Hans": "参加抽签，入围概率 {chance}；尚待抽签",
    },
    "lottery_room": {
        "en": "in: a place for everybody, {size} for {count}",
        "zh-Hans": "入围：名额 {size} 个，参评项目 {count} 个，全部入围",
    },
    "lottery_no_room": {
        "en": "out: those ruled in have all the places",
        "zh-Hans": "未入围：名额已全部由裁定入围的项目占用",
    },
    "lottery_ruled": {
        "en": "ruled by a person",
        "zh-Hans": "由人工裁定",
    },
    # what is told of the whole
    "lottery_zone_snsf": {
        "en": "{places} {places:place goes|places go} by lot to {places} of {count}, each with "
        "chance {chance}: {proposals}. With {interval} % their ranks reach to the line "
        "(expected rank {line}); {sure} {sure:is|are} in without a lot, {out} out",
        "zh-Hans": "{count} 个项目抽签决定 {places} 个名额，入围概率各为 {chance}：{proposals}。其 "
        "{interval}% 名次区间触及入围线（期望名次 {line}）；另有 {sure} 个直接入围，{out} "
        "个直接未入围",
    },
    "lottery_zone_linear": {
        "en": "{places} {places:place goes|places go} by lot to {places} of {count}, with chances "
        "that grow evenly from 0 at a score of {bottom} to 1 at {top}: {proposals}; {sure} "
        "{sure:is|are} in without a lot, {out} out",
        "zh-Hans": "{count} 个项目抽签决定 {places} 个名额，"
        "入围概率从得分 {bottom} 处的 0 均匀升至得分 "
        "{top} 处的 1：{proposals}；另有 {sure} 个直接入围，{out} 个直接未入围",
    },
    "lottery_no_zone": {
        "en": "no lot was needed: {sure} {sure:is|are} in, {out} out",
        "zh-Hans": "无需抽签：{sure} 个入围，{out} 个未入围",
    },
    "lottery_draw": {
        "en": "drawn with the seed “{seed}”, as it was committed to before: the points are {start} "
        "and on in steps of 1, and anybody can repeat the draw",
        "zh-Hans": "已用种子“{seed}”抽签，该种子与事先公布的承诺值相符：抽签点从 {start} 起每隔 1 "
        "取一个，任何人都可复算",
    },
    "lottery_draw_unpromised": {
        "en": "drawn with the seed “{seed}”: the points are {start} and on in steps of 1",
        "zh-Hans": "已用种子“{seed}”抽签：抽签点从 {start} 起每隔 1 取一个",
    },
    "lottery_awaits": {
        "en": "the draw is pending until the secret of {commitment} is published as `draw_seed`",
        "zh-Hans": "尚待抽签：须先将承诺值 {commitment} 对应的密语公布为 `draw_seed`",
    },
    "lottery_seedless": {
        "en": "the draw is pending: there is no seed. Name a `commitment` now and its `draw_seed` "
        "after the marks are in (`review seed` makes both)",
        "zh-Hans": "尚待抽签：没有抽签种子。请先填写 `commitment`，"
        "评分结束后再填写对应的 `draw_seed`（"
        "两者均可由 `review seed` 生成）",
    },
    "lottery_unpromised": {
        "en": "the draw used {which}, and no `commitment` was published for it: nobody can check "
        "that the seed was fixed before the marks were known",
        "zh-Hans": "抽签使用了{which}，但事先没有公布 `commitment`："
        "无人能核实种子是在评分之前就已确定的",
    },
    "lottery_own_seed": {
        "en": "`draw_seed`",
        "zh-Hans": " `draw_seed` ",
    },
    "lottery_common_seed": {
        "en": "the competition's `seed`",
        "zh-Hans": "本次活动的 `seed` ",
    },
    "lottery_short": {
        "en": "the `draw_seed` has fewer than {least} characters: whoever saw the commitment could "
        "have guessed it",
        "zh-Hans": "`draw_seed` 不足 {least} 个字符：看到承诺值的人有可能猜出它",
    },
    "lottery_line": {
        "en": '`line = "{line}"` has no effect: a lottery needs no order among equals',
        "zh-Hans": '`line = "{line}"` 不起作用：抽签不需要区分同分项目',
    },
    "lottery_disconnected": {
        "en": "no chain of judges connects {parts}: ranks between these rest on the assumption "
        "that their judges are equally strict and their proposals equally good",
        "zh-Hans": "没有任何评委把 {parts} 联系起来："
        "它们之间的名次只能假定各组评委宽严相同、项目水平相当",
    },
    "lottery_unsure": {
        "en": "the rank intervals could not be computed to the accuracy wanted: look at them "
        "before the draw counts",
        "zh-Hans": "名次区间未能达到所需的计算精度：抽签生效前请先查看",
    },
    # refusals
    "lottery_no_ballots": {
        "en": "the method snsf ranks by ballots, and there are none of {proposals}; use `method = "
        '"linear"`',
        "zh-Hans": "snsf 方法按评委打分估计名次，但 {proposals} 没有有效打分；"
        '请改用 `method = "linear"`',
    },
    "lottery_other_parts": {
        "en": "the method snsf ranks by this round's ballots, and the score is made of more than "
        'them; use `method = "linear"`',
        "zh-Hans": "snsf 方法只按本轮评委打分估计名次，而本轮得分还包含其他部分；请改用 `method = "
        '"linear"`',
    },
    # options
    "lottery_commitment_form": {
        "en": "a commitment is `sha256:` and 64 of the digits 0 to 9 and a to f, as `review seed` "
        "prints",
        "zh-Hans": "承诺值应为 `sha256:` 加 64 位十六进制数字（0～9、a～f），即 `review seed` "
        "所输出的格式",
    },
    "lottery_seed_differs": {
        "en": "it is not the secret that was committed to: its own commitment would be {own}",
        "zh-Hans": "它不是事先承诺的那段密语：它对应的承诺值是 {own}",
    },
    "lottery_width_missing": {
        "en": '`method = "linear"` needs `width`: over how many points of the score the chance '
        "goes from 0 to 1",
        "zh-Hans": '`method = "linear"` 需要 `width`：入围概率从 0 升到 1 所跨的分数',
    },
    "lottery_other_method": {
        "en": '`{option}` belongs to `method = "{method}"`',
        "zh-Hans": '`{option}` 只用于 `method = "{method}"`',
    },
}


def say(code: str, **params: object) -> Message:
    """The message of one of the codes above."""
    return Message(code, params, _TEXTS[code])


def about(code: str, stretch: Stretch, **params: object) -> Message:
    """A message on what the draw came to for one proposal."""
    return say(
        code,
        chance=chance(stretch.chance),
        ticket=rounded(stretch.ticket, TICKET_PLACES),
        start=rounded(stretch.start),
        end=rounded(stretch.end),
        **({} if stretch.point is None else {"point": rounded(stretch.point)}),
        **params,
    )


def chance(value: Fraction) -> str:
    """As a fraction, to draw with, and a decimal, to read: `3/8 = 0.375`, `1/3 ≈ 0.3333`."""
    decimal = rounded(value)
    if value.denominator > LONGEST:
        return decimal
    return f"{value} {'=' if Fraction(decimal) == value else '≈'} {decimal}"


def rounded(value: Fraction | Decimal | float, places: int = PLACES) -> str:
    """A number of not more than `places` decimals, halves up, without zeros at the end."""
    power = 10**places
    whole = (2 * Fraction(value) * power + 1) // 2
    sign, digits = ("-", -whole) if whole < 0 else ("", whole)
    text = f"{sign}{digits // power}.{digits % power:0{places}d}"
    return text.rstrip("0").rstrip(".")

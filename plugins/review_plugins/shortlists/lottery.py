"""The shortlist rule `lottery`: lots near the line, with a seed fixed before and shown after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal, cast

from pydantic import BaseModel, Field, ValidationInfo, field_validator, model_validator

from review import (
    Choice,
    Exact,
    Message,
    OptionError,
    Options,
    RoundContext,
    Selection,
    ShortlistRule,
)
from review.stats.lottery import commitment as commitment_of
from review.stats.lottery import draw as make_draw
from review_plugins.shortlists.chances import certain, linear_chances, snsf_chances
from review_plugins.shortlists.lottery_words import TICKET_PLACES, about, chance, rounded, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from review import Entrant
    from review.stats.lottery import Draw
    from review_plugins.shortlists.chances import Chances

INTERVAL = 50
SHORT = 16
"""Characters; whoever knows the commitment could try all secrets that are shorter."""

_COMMITMENT = re.compile(r"sha256:[0-9a-f]{64}")


class LotteryOptions(Options):
    """`size`: places. `method`: who takes part, and with which chance.

    snsf: with equal chances those whose rank interval (`interval` percent, default 50) covers the
    line; linear: the chance grows evenly over `width` points of the score. `reserve`: how many
    more, in the order in which the lot goes on. `commitment`: `sha256:…` of a secret text,
    `draw_seed`: that text, once it is published.
    """

    size: int = Field(ge=1, examples=[14])
    method: Literal["snsf", "linear"] = "snsf"
    interval: int | None = Field(default=None, ge=1, le=99)
    width: Exact | None = Field(default=None, gt=0)
    reserve: int = Field(default=0, ge=0)
    commitment: str | None = None
    draw_seed: str | None = Field(default=None, min_length=1)

    @field_validator("commitment")
    @classmethod
    def _is_a_digest(cls, value: str | None) -> str | None:
        if value is not None and not _COMMITMENT.fullmatch(value):
            raise OptionError(say("lottery_commitment_form"))
        return value

    @field_validator("draw_seed")
    @classmethod
    def _keeps_to_the_commitment(cls, value: str | None, info: ValidationInfo) -> str | None:
        promised = info.data.get("commitment")
        if value is not None and promised is not None and commitment_of(value) != promised:
            raise OptionError(say("lottery_seed_differs", own=commitment_of(value)))
        return value

    @model_validator(mode="after")
    def _belongs_to_the_method(self) -> LotteryOptions:
        if self.method == "linear" and self.width is None:
            raise OptionError(say("lottery_width_missing"))
        if self.method == "linear" and self.interval is not None:
            raise OptionError(say("lottery_other_method", option="interval", method="snsf"))
        if self.method == "snsf" and self.width is not None:
            raise OptionError(say("lottery_other_method", option="width", method="linear"))
        return self


class Lottery(ShortlistRule):
    """Who is clearly better is in; those whom the marks cannot tell apart at the line draw lots."""

    id = "lottery"
    title: ClassVar[Mapping[str, str]] = {"en": "Lottery near the line", "zh-Hans": "线边抽签"}
    Options: ClassVar[type[BaseModel]] = LotteryOptions
    draws_lots = True

    def __init__(self, options: Mapping[str, object] | None = None, line: str = "report") -> None:
        super().__init__(options, line)
        self.wants_ballots = self.options.method == "snsf"

    def select(self, entrants: Sequence[Entrant]) -> Selection:
        """As in a round of which nothing is known but its entrants."""
        return self.select_in(entrants, RoundContext())

    def select_in(self, entrants: Sequence[Entrant], context: RoundContext) -> Selection:
        chances = self._chances(entrants, context)
        seed = self._seed(context)
        draw = None
        if chances.lots and seed is not None:
            draw = make_draw(chances.lots, seed, context.round, context.group)
        return Selection(
            Table(entrants, chances, draw, self.options.reserve).choices(),
            notes=[*self._warnings(chances, context)],
            remarks=[*self._remarks(chances, draw, seed)],
            refusal=chances.refusal,
        )

    def _chances(self, entrants: Sequence[Entrant], context: RoundContext) -> Chances:
        options = self.options
        free = [e for e in entrants if e.ruling is None]
        places = max(0, options.size - sum(e.ruling == "in" for e in entrants))
        known = certain(free, places, options.size, len(entrants))
        if known is not None:
            return known
        if options.method == "linear":
            return linear_chances(free, places, options.width)
        return snsf_chances(free, places, options.interval or INTERVAL, context)

    def _seed(self, context: RoundContext) -> str | None:
        """What the draw is made with; None where it is pending."""
        if self.options.commitment is not None:
            return cast("str | None", self.options.draw_seed)
        return self.options.draw_seed or context.seed

    def _warnings(self, chances: Chances, context: RoundContext) -> Iterator[Message]:
        options = self.options
        if self.line != "report":
            yield say("lottery_line", line=self.line)
        yield from chances.warnings
        if not chances.lots:
            return
        if options.commitment is None and self._seed(context) is None:
            yield say("lottery_seedless")
        elif options.commitment is None:
            own = "lottery_own_seed" if options.draw_seed else "lottery_common_seed"
            yield say("lottery_unpromised", which=say(own))
        elif options.draw_seed is not None and len(options.draw_seed) < SHORT:
            yield say("lottery_short", least=SHORT)

    def _remarks(self, chances: Chances, draw: Draw | None, seed: str | None) -> Iterator[Message]:
        promised = self.options.commitment
        if chances.remark is not None:
            yield chances.remark
        if draw is not None:
            code = "lottery_draw" if promised else "lottery_draw_unpromised"
            yield say(code, seed=seed, start=rounded(draw.start, TICKET_PLACES))
        elif chances.lots and promised:
            yield say("lottery_awaits", commitment=promised)


@dataclass(frozen=True)
class Table:
    """From chances and a draw (None while it is pending) to a choice for each entrant."""

    entrants: Sequence[Entrant]
    chances: Chances
    draw: Draw | None
    reserve: int

    def choices(self) -> dict[str, Choice]:
        """A choice for each entrant, in their order."""
        found = {
            **self._ruled_out(),
            **self._in(),
            **self._lots(),
            **self._behind(),
            **self._unknown(),
        }
        return {e.proposal: found[e.proposal] for e in self.entrants}

    @cached_property
    def _ruled(self) -> list[str]:
        return [e.proposal for e in self.entrants if e.ruling == "in"]

    def _ruled_out(self) -> dict[str, Choice]:
        reason = say("lottery_ruled")
        return {e.proposal: Choice("out", reason) for e in self.entrants if e.ruling == "out"}

    def _in(self) -> dict[str, Choice]:
        """Those with a place, who have it without a lot first; equal ranks share one."""
        reasons = dict.fromkeys(self._ruled, say("lottery_ruled")) | dict(self.chances.sure)
        places = self._places(reasons, 0)
        drawn = {}
        if self.draw is not None:
            drawn = {p: about("lottery_drawn", self.draw.stretches[p]) for p in self.draw.drawn}
        places |= self._places(drawn, len(reasons))
        return {p: Choice("in", (reasons | drawn)[p], place) for p, place in places.items()}

    def _places(self, whom: Collection[str], before: int) -> dict[str, int]:
        """Places in the order of the ranks, from behind `before`: equal ranks share, 1-2-2-4."""
        mine = [e for e in self.entrants if e.proposal in whom]
        firsts: dict[int, int] = {}
        for number, entrant in enumerate(mine, start=before + 1):
            firsts.setdefault(entrant.rank, number)
        return {e.proposal: firsts[e.rank] for e in mine}

    def _lots(self) -> dict[str, Choice]:
        """Who was not drawn, or everybody in the draw while it is pending."""
        if self.draw is None:
            return {
                p: Choice("undecided", say("lottery_pending", chance=chance(each)))
                for p, each in self.chances.lots.items()
            }
        found = {}
        for place, proposal in enumerate(self.draw.reserve, start=1):
            stretch = self.draw.stretches[proposal]
            if place <= self.reserve:
                reason = about("lottery_reserve", stretch, place=place)
                found[proposal] = Choice("reserve", reason, place)
            else:
                found[proposal] = Choice("out", about("lottery_not_drawn", stretch))
        return found

    def _behind(self) -> dict[str, Choice]:
        """Who is out without a lot, or in reserve behind those who will not have been drawn."""
        lots = self.chances.lots
        places = self._places(self.chances.out, len(lots) - int(sum(lots.values())))
        return {
            p: Choice("reserve", Message("reserve", {"place": place}), place)
            if place <= self.reserve
            else Choice("out", self.chances.out[p])
            for p, place in places.items()
        }

    def _unknown(self) -> dict[str, Choice]:
        """Everybody without a ruling where nothing is known."""
        refusal = self.chances.refusal
        if refusal is None:
            return {}
        return {e.proposal: Choice("undecided", refusal) for e in self.entrants if e.ruling is None}

"""Who takes part in a lottery near the line, and with which chance."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from review.stats.lottery import linear, near_line
from review_plugins.shortlists.lottery_words import chance, rounded, say
from review_plugins.shortlists.words import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from review import Entrant, Message, RoundContext
    from review.stats.crossed import Crossed

EXPECTED_PLACES = 2
NAMED_PARTS = 4
NAMED_EACH = 5


@dataclass(frozen=True)
class Chances:
    """Every free entrant is in one of four: sure of a place, sure of none, in the draw, unknown.

    `sure`, `out`: proposal → why. `lots`: proposal → chance, more than 0 and less than 1. `remark`
    and `warnings` tell of the whole; `refusal`: why nothing is known, of anybody.
    """

    sure: Mapping[str, Message] = field(default_factory=dict)
    out: Mapping[str, Message] = field(default_factory=dict)
    lots: Mapping[str, Fraction] = field(default_factory=dict)
    remark: Message | None = None
    warnings: Sequence[Message] = ()
    refusal: Message | None = None


def certain(free: Sequence[Entrant], places: int, size: int, entrants: int) -> Chances | None:
    """Where there is a place for everybody or for nobody; else None."""
    if places >= len(free):
        return Chances(sure={e.proposal: say("lottery_room", size=size, count=entrants)
                             for e in free})  # fmt: skip
    if not places:
        return Chances(out={e.proposal: say("lottery_no_room") for e in free})
    return None


def linear_chances(free: Sequence[Entrant], places: int, width: Decimal) -> Chances:
    """The clipped linear lottery on scores."""
    found = linear([Fraction(e.score) for e in free], Fraction(width), places)
    ends = {"bottom": rounded(found.bottom), "top": rounded(found.top)}
    by_proposal = {e.proposal: p for e, p in zip(free, found.chances, strict=True)}
    scores = {e.proposal: e.score for e in free}
    sure = {p: say("lottery_above", score=scores[p], top=ends["top"])
            for p, each in by_proposal.items() if each == 1}  # fmt: skip
    out = {p: say("lottery_below", score=scores[p], bottom=ends["bottom"])
           for p, each in by_proposal.items() if each == 0}  # fmt: skip
    lots = {p: each for p, each in by_proposal.items() if 0 < each < 1}
    return Chances(sure, out, lots, _zone("lottery_zone_linear", sure, out, lots, ends))


def snsf_chances(
    free: Sequence[Entrant], places: int, interval: int, context: RoundContext
) -> Chances:
    """The rule of the Swiss National Science Foundation, on ranks drawn from the ballots."""
    if not context.own_only:
        return Chances(refusal=say("lottery_other_parts"))
    ballots = context.ballots
    marked = set() if ballots is None else set(ballots.proposals)
    silent = [e.proposal for e in free if e.proposal not in marked]
    if ballots is None or silent:
        return Chances(refusal=say("lottery_no_ballots", proposals=named(silent)))
    ranks, is_accurate = _ranks(ballots, interval)
    expected, low, high = zip(*(ranks[e.proposal] for e in free), strict=True)
    found = near_line(expected, low, high, places)
    line = {"interval": interval, "line": rounded(found.line)}

    def told(code: str, who: Sequence[int]) -> dict[str, Message]:
        shown = {i: f"{low[i]}–{high[i]}" if low[i] < high[i] else str(low[i]) for i in who}
        return {free[i].proposal: say(code, ranks=shown[i], **line) for i in who}

    sure, out = told("lottery_sure_in", found.sure), told("lottery_sure_out", found.out)
    each = Fraction(places - len(sure), len(found.zone))
    lots = {}
    if each == 1:
        sure |= told("lottery_at_line", found.zone)
    else:
        lots = {free[i].proposal: each for i in found.zone}
    remark = _zone("lottery_zone_snsf", sure, out, lots, {**line, "chance": chance(each)})
    warnings = [*_parts(ballots), *([] if is_accurate else [say("lottery_unsure")])]
    return Chances(sure, out, lots, remark, warnings)


def _zone(
    code: str,
    sure: Mapping[str, Message],
    out: Mapping[str, Message],
    lots: Mapping[str, Fraction],
    params: Mapping[str, object],
) -> Message:
    if not lots:
        return say("lottery_no_zone", sure=len(sure), out=len(out))
    return say(code, places=int(sum(lots.values())), count=len(lots), proposals=named(list(lots)),
               sure=len(sure), out=len(out), **params)  # fmt: skip


def _ranks(ballots: Crossed, interval: int) -> tuple[dict[str, tuple[Decimal, int, int]], bool]:
    """proposal → expected rank and the ends of its interval; whether they are accurate.

    Expected ranks are held at two decimals: as they are shown they decide. The draws have a seed of
    their own, always the same: nobody shall choose a seed by its zone.
    """
    from review.stats.posterior import quality  # noqa: PLC0415 -- numpy and scipy
    from review.stats.ranking import Ranking  # noqa: PLC0415

    posterior = quality(ballots)
    ranking = Ranking.of(cast("Any", posterior.draws))
    low, high = ranking.interval(interval / 100)
    expected = (Decimal(rounded(rank, EXPECTED_PLACES)) for rank in ranking.expected.tolist())
    columns = zip(expected, low.tolist(), high.tolist(), strict=True)
    return dict(zip(ballots.proposals, columns, strict=True)), posterior.checked.holds


def _parts(ballots: Crossed) -> Iterator[Message]:
    """A warning where no chain of judges connects some of the proposals with others."""
    if ballots.is_connected:
        return
    parts: dict[int, list[str]] = {}
    for proposal, part in zip(ballots.proposals, ballots.components.tolist(), strict=True):
        parts.setdefault(part, []).append(proposal)
    shown = [f"({', '.join(part[:NAMED_EACH])}{'…' * (len(part) > NAMED_EACH)})"
             for part in list(parts.values())[:NAMED_PARTS]]  # fmt: skip
    yield say("lottery_disconnected", parts=[*shown, *["…"] * (len(parts) > NAMED_PARTS)])

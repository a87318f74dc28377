"""The shortlist rules `top`, `threshold` and `share`."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, Field

from review import Exact, Message, Options, ShortlistRule
from review_plugins.shortlists.quotas import Quota  # noqa: TC001 -- pydantic reads it
from review_plugins.shortlists.select import Terms, choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from review import Entrant, Selection


class QuotaOptions(Options):
    """What all rules take: quotas, and how many stand in reserve."""

    quotas: tuple[Quota, ...] = ()
    reserve: int = Field(default=0, ge=0)


class TopOptions(QuotaOptions):
    """`size`: how many places there are."""

    size: int = Field(ge=1, examples=[14])


class ThresholdOptions(QuotaOptions):
    """`min_score`: the score that is enough."""

    min_score: Exact = Field(examples=["6"])


class ShareOptions(QuotaOptions):
    """`percent`: of the ranked entrants, more than 0 and at most 100."""

    percent: Exact = Field(gt=0, le=100, examples=["30"])


class QuotaRule(ShortlistRule):
    """A rule that walks down the standings under quotas; it only has to state its terms.

    `inside` and `beyond`: the codes of the plain reasons for being in and out.
    """

    inside: ClassVar[str]
    beyond: ClassVar[str]

    @abstractmethod
    def terms(self, entrants: Sequence[Entrant]) -> Terms:
        """The terms for these entrants."""

    def attributes(self) -> Iterable[str]:
        return dict.fromkeys(quota.by for quota in self.options.quotas)

    def select(self, entrants: Sequence[Entrant]) -> Selection:
        return choose(entrants, self.terms(entrants))

    def _terms(self, size: int | None, params: Mapping[str, object], **more: Decimal) -> Terms:
        return Terms(
            size=size,
            quotas=self.options.quotas,
            reserve=self.options.reserve,
            line=self.line,
            inside=Message(self.inside, params),
            beyond=Message(self.beyond, params),
            **more,
        )


class Top(QuotaRule):
    """The best `size` proposals."""

    id = "top"
    title: ClassVar[Mapping[str, str]] = {"en": "Best by number", "zh-Hans": "按名额择优"}
    Options: ClassVar[type[BaseModel]] = TopOptions
    in_order = True
    inside = "within_size"
    beyond = "beyond_size"

    def terms(self, entrants: Sequence[Entrant]) -> Terms:
        return self._terms(self.options.size, {"size": self.options.size})


class Threshold(QuotaRule):
    """Every proposal that reaches `min_score`."""

    id = "threshold"
    title: ClassVar[Mapping[str, str]] = {"en": "Minimum score", "zh-Hans": "达到分数线"}
    Options: ClassVar[type[BaseModel]] = ThresholdOptions
    inside = "reaches_threshold"
    beyond = "below_threshold"

    def terms(self, entrants: Sequence[Entrant]) -> Terms:
        least = self.options.min_score
        return self._terms(None, {"min_score": least}, min_score=least)


class Share(QuotaRule):
    """The best `percent` of the ranked proposals, rounded up to whole ones."""

    id = "share"
    title: ClassVar[Mapping[str, str]] = {"en": "Best by percentage", "zh-Hans": "按比例择优"}
    Options: ClassVar[type[BaseModel]] = ShareOptions
    in_order = True
    inside = "within_share"
    beyond = "beyond_share"

    def terms(self, entrants: Sequence[Entrant]) -> Terms:
        part, whole = self.options.percent.as_integer_ratio()
        size = -(-part * len(entrants) // (whole * 100))
        return self._terms(size, {"percent": self.options.percent, "size": size})

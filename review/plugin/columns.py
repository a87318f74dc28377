"""Columns and arrays in the place of lists, for fields with too many values for objects.

numpy is loaded by the scorers that want arrays, not by every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from review.stats.crossed import Crossed

_NEAR_HALF = 0.5005


class Listed(Sequence[Any]):
    """A column that is a list once somebody looks into it."""

    def __init__(self, column: pl.Series) -> None:
        self.column = column

    @cached_property
    def _list(self) -> list[Any]:
        return self.column.to_list()

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        return self._list[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._list)

    def __len__(self) -> int:
        return len(self.column)

    def __eq__(self, other: object) -> bool:
        return self._list == other

    def __hash__(self) -> int:
        return id(self)


def names_of(column: pl.Series) -> pl.Enum:
    """The type of a column of names: each is known by its place in their order."""
    return pl.Enum(column.unique().sort())


def crossed(
    proposals: Sequence[str], judges: Sequence[str], values: Sequence[int], unit: int
) -> Crossed:
    """Three lists or columns as arrays, in marks."""
    from review.stats.crossed import Crossed  # noqa: PLC0415 -- loads numpy

    who, proposal = _coded(proposals)
    by, judge = _coded(judges)
    value = values.column if isinstance(values, Listed) else pl.Series(values, dtype=pl.Int64)
    return Crossed(who, by, proposal, judge, value.to_numpy() / unit)


def _coded(names: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names sorted, each once, and the place of each of `names` among them."""
    column = names.column if isinstance(names, Listed) else pl.Series(names, dtype=pl.String)
    kind = column.dtype if isinstance(column.dtype, pl.Enum) else names_of(column)
    codes = column.cast(kind).to_physical().cast(pl.Int64).to_numpy()
    return tuple(kind.categories), codes


class Held(Mapping[str, Fraction]):
    """proposal → score in units of 1/`unit`, held at `places` decimals of a mark (or point)."""

    def __init__(
        self, proposals: Sequence[str], scores: NDArray[np.float64], places: int, unit: int
    ) -> None:
        """See `FieldScores.held`."""
        import numpy as np  # noqa: PLC0415 -- costs a twentieth of a second

        given = np.asarray(scores, dtype=np.float64)
        if given.shape != (len(proposals),):
            raise ValueError(f"{len(proposals)} proposals, but scores of shape {given.shape}")
        if not np.isfinite(given).all():
            first = proposals[int(np.flatnonzero(~np.isfinite(given))[0])]
            raise ValueError(f"the score of {first} is no finite number")
        grown = np.abs(given) * 10.0**places
        self.proposals = proposals
        self.places = places
        self.unit = unit
        self.top = int(grown.max(initial=0)) + 1
        """No number is larger; whoever looks at `numbers` has made sure that they fit."""
        self._scores = np.copysign(np.floor(grown + _NEAR_HALF), given)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The scores as integers of 10^-`places`, in the order of `proposals`."""
        return self._scores.astype("int64")

    @cached_property
    def _rows(self) -> dict[str, int]:
        return dict(zip(self.proposals, map(int, self._scores.tolist()), strict=True))

    def __getitem__(self, proposal: str) -> Fraction:
        return Fraction(self._rows[proposal] * self.unit, 10**self.places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self.proposals)

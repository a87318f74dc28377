"""Who gave what to whom, as arrays: the input of everything in `review.stats`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Crossed:
    """N values, each given by one judge to one proposal (at most one per pair).

    `proposal`, `judge`: codes of shape (N,), indices into `proposals` and `judges`, which are
    sorted and hold only who has a value. `value`: float64 of shape (N,), in marks.
    """

    proposals: tuple[str, ...]
    judges: tuple[str, ...]
    proposal: Codes
    judge: Codes
    value: Floats

    @classmethod
    def of(
        cls, proposals: Sequence[str], judges: Sequence[str], values: Sequence[float] | Floats
    ) -> Crossed:
        """From one proposal, judge and value per row, in any order."""
        who, proposal = np.unique(np.asarray(proposals, dtype=object), return_inverse=True)
        by, judge = np.unique(np.asarray(judges, dtype=object), return_inverse=True)
        value = np.asarray(values, dtype=np.float64)
        return cls(tuple(who), tuple(by), proposal.astype(np.int64), judge.astype(np.int64), value)

    @property
    def shape(self) -> tuple[int, int]:
        """How many proposals and judges there are."""
        return len(self.proposals), len(self.judges)

    def __len__(self) -> int:
        return len(self.value)

    @cached_property
    def by_proposal(self) -> Codes:
        """How many values each proposal has, shape (n,)."""
        return np.bincount(self.proposal, minlength=len(self.proposals)).astype(np.int64)

    @cached_property
    def by_judge(self) -> Codes:
        """How many values each judge gave, shape (m,)."""
        return np.bincount(self.judge, minlength=len(self.judges)).astype(np.int64)

    @property
    def is_complete(self) -> bool:
        """Whether every judge marked every proposal."""
        n, m = self.shape
        return len(self) == n * m

    def matrix(self) -> Floats:
        """Proposals × judges, NaN where there is no value."""
        table = np.full(self.shape, np.nan)
        table[self.proposal, self.judge] = self.value
        return table

    def take(self, rows: NDArray[np.bool_] | Codes) -> Crossed:
        """These rows alone, with codes anew."""
        kept_p, proposal = np.unique(self.proposal[rows], return_inverse=True)
        kept_j, judge = np.unique(self.judge[rows], return_inverse=True)
        return Crossed(
            tuple(self.proposals[i] for i in kept_p),
            tuple(self.judges[j] for j in kept_j),
            proposal.astype(np.int64),
            judge.astype(np.int64),
            self.value[rows],
        )

    @cached_property
    def components(self) -> Codes:
        """The part of the judge-proposal graph that each proposal is in, shape (n,), from 0.

        Proposals of different parts cannot be compared across judges.
        """
        from scipy.sparse import coo_array  # noqa: PLC0415 -- costs a tenth of a second
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

        n, m = self.shape
        edges = (np.ones(len(self), dtype=np.int8), (self.proposal, self.judge + n))
        _, labels = connected_components(coo_array(edges, shape=(n + m, n + m)), directed=False)
        _, parts = np.unique(labels[:n], return_inverse=True)
        return parts.astype(np.int64)

    @property
    def is_connected(self) -> bool:
        """Whether some chain of judges connects any two proposals."""
        return not self.components.any()

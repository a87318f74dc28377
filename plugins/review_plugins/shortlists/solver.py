"""Filling the most floors at once: an integer problem on HiGHS."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review_plugins.shortlists.quotas import Key, Signature


def best_plan(
    pool: Mapping[Signature, int],
    needs: Mapping[Key, int],
    rooms: Mapping[Key, int],
    places: int,
) -> list[tuple[Signature, int]]:
    """How many of each signature to take so that the unmet `needs` are fewest in all.

    At most `pool[s]` of a signature, `rooms[k]` of a key and `places` together. One variable per
    signature and one for what each need lacks; entrants of a signature are interchangeable.
    """
    # Loaded only where counting does not decide.
    import highspy  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    class Silent(highspy.Highs):
        """The banner is printed while callbacks are set up, to the stdout that holds our JSON."""

        def enableCallbacks(self) -> None:  # noqa: N802 -- the solver's own name
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    solver = Silent()  # type: ignore[no-untyped-call]
    # The default accepts plans up to 1e-4 from the best.
    solver.setOptionValue("mip_rel_gap", 0.0)
    signatures = sorted(pool)
    columns: dict[Key, list[int]] = {key: [] for key in (*rooms, *needs)}
    for column, signature in enumerate(signatures):
        for key in signature:
            columns.setdefault(key, []).append(column)
    costs = [0.0] * len(signatures) + [1.0] * len(needs)
    for column, (cost, most) in enumerate(
        zip(costs, [*(pool[s] for s in signatures), *needs.values()], strict=True)
    ):
        solver.addVar(0.0, float(most))
        solver.changeColCost(column, cost)
        solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)

    def add_row(low: float, high: float, columns: list[int]) -> None:
        solver.addRow(
            low, high, len(columns), np.array(columns, dtype=np.int32), np.ones(len(columns))
        )

    add_row(0.0, float(places), list(range(len(signatures))))
    for key, room in rooms.items():
        add_row(-highspy.kHighsInf, float(room), columns[key])
    for lacking, (key, need) in enumerate(needs.items(), start=len(signatures)):
        add_row(float(need), highspy.kHighsInf, [*columns[key], lacking])
    solver.run()
    taken = solver.getSolution().col_value[: len(signatures)]
    return [(s, round(count)) for s, count in zip(signatures, taken, strict=True)]

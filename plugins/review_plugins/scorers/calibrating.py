"""What the scorers that calibrate judges say of the marks they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from review.stats.confounding import Apart, Moves
    from review.stats.crossed import Crossed

SHOWN = 5
CLEAR = 0.05

_CONFOUNDED = {
    "en": "{scorer} cannot tell severe judges from weak proposals here: the judges fall into "
    "{count} groups that share few proposals or none: {groups}. Of what the marks could tell of "
    "how severe these groups are, shared proposals give {factor} %; dealt at random, the same "
    "ballots would give {usual} % ({p}). {marks}. {moves}",
    "zh-Hans": "{scorer} 在这里无法区分“评委偏严”与“项目偏弱”：评委分成 {count} 组，组与组之间"
    "几乎没有或完全没有共同评过的项目：{groups}。关于各组宽严差异的信息，共同评过的项目只提供了"
    " {factor}%；若随机分配同样多的评审，则可提供 {usual}%（{p}）。{marks}。{moves}",
}
_APART = {
    "en": "The mean marks of the groups ({means}) differ more than judges of one group do "
    "({p}): it is likelier that their proposals differ, and calibrating takes that from them",
    "zh-Hans": "各组平均分（{means}）的差异大于同组评委之间的差异（{p}）："
    "更可能是各组项目本身水平不同，而校准会抹去这种差异",
}
_ALIKE = {
    "en": "The mean marks of the groups ({means}) differ no more than judges of one group do "
    "({p}); that does not show that their proposals are equally good",
    "zh-Hans": "各组平均分（{means}）的差异并不大于同组评委之间的差异（{p}），"
    "但这不能说明各组项目水平相当",
}
_UNTESTED = {
    "en": "The mean marks of the groups are {means}",
    "zh-Hans": "各组平均分为 {means}",
}
_MOVES = {
    "en": "Against the plain mean it moves {moved} of {of} proposals; {proposal} moves most, by "
    "{places} {places:place|places}",
    "zh-Hans": "与简单平均相比，它改变 {of} 个项目中 {moved} 个的名次，变动最大的是 {proposal}，"
    "相差 {places} 名",
}
_DISCONNECTED = {
    "en": "{scorer} cannot compare proposals that no chain of judges connects: {parts}. "
    "Use trimmed_mean, or let some judges mark in both",
    "zh-Hans": "{scorer} 无法比较没有任何评委把它们联系起来的项目：{parts}。"
    "请改用 trimmed_mean，或让部分评委同时评两边",
}


def confounding(scorer: str, crossed: Crossed, scores: NDArray[np.float64]) -> Message | None:
    """Told where judges are confounded with groups of proposals; `scores` are the calibrated."""
    from review.stats.confounding import apart, confounded, moves  # noqa: PLC0415 -- loads numpy

    test = confounded(crossed)
    if not test.found:
        return None
    judges: dict[int, list[str]] = {}
    for judge, group in zip(crossed.judges, test.groups.tolist(), strict=True):
        judges.setdefault(group, []).append(judge)
    params: Mapping[str, object] = {
        "scorer": scorer,
        "count": len(judges),
        "groups": named(judges.values()),
        "factor": f"{100 * test.factor:.0f}",
        "usual": f"{100 * (test.usual or 0):.0f}",
        "p": _p(test.p),
        "marks": _marks(apart(crossed, test.groups)),
        "moves": _moves(crossed, moves(plain_mean(crossed), scores)),
    }
    return Message("calibration_confounded", params, _CONFOUNDED)


def disconnected(scorer: str, crossed: Crossed) -> Message | None:
    """Told where no chain of judges connects all proposals."""
    if crossed.is_connected:
        return None
    params = {"scorer": scorer, "parts": parts(crossed)}
    return Message("calibration_disconnected", params, _DISCONNECTED)


def parts(crossed: Crossed) -> list[str]:
    """The proposals that some chain of judges connects, part by part."""
    found: dict[int, list[str]] = {}
    for proposal, part in zip(crossed.proposals, crossed.components.tolist(), strict=True):
        found.setdefault(part, []).append(proposal)
    return named(found.values())


def plain_mean(crossed: Crossed) -> NDArray[np.float64]:
    """The mean mark of each proposal, shape (n,)."""
    import numpy as np  # noqa: PLC0415 -- costs a twentieth of a second

    return np.bincount(crossed.proposal, crossed.value) / crossed.by_proposal


def named(groups: Iterable[Sequence[str]]) -> list[str]:
    """The first few groups by their first few members."""
    shown = [f"({', '.join(shortened(group))})" for group in groups]
    return shortened(shown)


def shortened(names: Sequence[str]) -> list[str]:
    """The first few names, and a sign that there are more."""
    return [*names[:SHOWN], *(["…"] if len(names) > SHOWN else [])]


def _marks(found: Apart) -> Message:
    means = shortened([f"{mean:.2f}" for mean in found.means.tolist()])
    if found.p is None:
        return Message("calibration_means", {"means": means}, _UNTESTED)
    text = _APART if found.p < CLEAR else _ALIKE
    return Message("calibration_marks", {"means": means, "p": _p(found.p)}, text)


def _moves(crossed: Crossed, found: Moves) -> Message:
    params = {
        "moved": found.moved,
        "of": len(crossed.proposals),
        "proposal": crossed.proposals[found.most],
        "places": abs(found.places),
    }
    return Message("calibration_moves", params, _MOVES)


def _p(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"  # noqa: PLR2004 -- the last place shown

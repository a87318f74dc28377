"""What a plugin's author tests with; every name here is public.

from review.testing import check_part, run_award

def test_most_votes_win():
    votes = {"p1": 3, "p2": 5}
    assert run_award(MostVotes, {"p1": 9, "p2": 8}, facts={"votes": votes}) == ["p2"]

def test_award_keeps_the_contract():
    check_part(MostVotes)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from review.errors import PluginError
from review.messages import Message
from review.plugin.manager import Plugins
from review.testing.build import competition
from review.testing.conformance import check_part, findings
from review.testing.use import award_values, run, run_award, score, select

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.plugin.kinds import Kind

__all__ = [
    "award_values",
    "check_part",
    "competition",
    "findings",
    "findings_of",
    "run",
    "run_award",
    "score",
    "select",
]


def findings_of(plugin: str) -> Iterator[tuple[Kind, str, list[Message]]]:
    """Kind, id and findings of every part of a plugin.

    `plugin` is the folder of a distribution, a `.py` file or the name of an installed plugin. It is
    looked at beside the other installed plugins, so that an id that is taken is found as well.
    Raises PluginError where there is no such plugin or it cannot be loaded.
    """
    everything = Plugins.load()
    names = [info.name for info in everything.infos]
    if Path(plugin).exists():
        found = Plugins.at(Path(plugin))
        asked = {info.name for info in found.infos}
        others = Plugins.load(blocked=sorted(asked & set(names)))
        everything = others.plus(found)
    elif plugin in names:
        asked = {plugin}
    else:
        raise PluginError(Message("plugin_nowhere", {"name": plugin, "names": names}))
    for kind, part_id, registered in everything.parts():
        if registered.plugin.name in asked:
            yield kind, part_id, findings(registered.part, plugins=everything)

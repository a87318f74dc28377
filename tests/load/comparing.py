"""A small competition that is judged by comparisons, for tests of several layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RULES = """
format = 1
id = "duels"
seed = 7
proposals = "proposals.csv"
judges = "judges.csv"
[[rounds]]
id = "final"
rubric = "pairwise"
comparisons = "comparisons.csv"
"""
PROPOSALS = "id,title\na,Alpha\nb,Beta\nc,Gamma\nd,Delta\n"
JUDGES = "id,name\nj1,Ann\nj2,Ben\nj3,Cid\n"
#: Everybody won and lost, so that worths are finite.
COMPARISONS = """judge,winner,loser,tie
j1,a,b,
j1,b,c,
j1,c,d,
j2,a,c,
j2,b,d,yes
j2,d,a,
j3,a,d,
j3,c,b,
"""
USUAL = {
    "competition.toml": RULES,
    "proposals.csv": PROPOSALS,
    "judges.csv": JUDGES,
    "comparisons.csv": COMPARISONS,
}


def write(folder: Path, files: Mapping[str, str | bytes | None] | None = None) -> Path:
    """The competition, some of its files others (None: not there)."""
    for name, content in {**USUAL, **(files or {})}.items():
        if content is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def with_rubric(rubric: str, rules: str = RULES) -> dict[str, str]:
    """The rules with a rubric of this text, whose id is `own`."""
    return {
        "competition.toml": rules.replace('"pairwise"', '"own"'),
        "rubrics/own.toml": f'id = "own"\n{rubric}',
    }


#: What a rubric of one criterion has beside its scorer.
CRITERION = '\n[[criteria]]\nid = "overall"\n'

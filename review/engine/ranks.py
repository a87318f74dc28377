"""Ranks and ties: competition ranking (1-2-2-4) on published scores, then the declared chain.

After each token a proposal either stands alone, and that token decided between it and those it was
still tied with, or it goes on down the chain with them. Keys are 64-bit integers, larger is better;
a missing key comes last, never first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TIED = ["round", "group", "rank"]
TERMINAL = ("share", "refuse")
NAMED = 100
"""A tie of more than this many proposals names only the first ten of them."""

KeyOf = Callable[[str, pl.DataFrame], pl.DataFrame]
"""token, tied rows (`round`, `group`, `proposal`, `rank`) → `round`, `proposal`, `key` (Int64)."""


@dataclass(frozen=True)
class Ranked:
    """`frame`: the scored rows with `rank`, `tie_with` (list), `tie_by`, `line_rank`, `line_by`.

    `refused`: (round, proposals) tied where the chain says `refuse`.
    """

    frame: pl.DataFrame
    refused: Sequence[tuple[str, list[str]]]


def rank(
    scored: pl.DataFrame, chains: Mapping[str, Sequence[str]], key_of: KeyOf, at_line: Sequence[str]
) -> Ranked:
    """Rank `scored` (`round`, `group`, `proposal`, `score`, maybe `finer`) within round and group.

    `chains`: round → tokens. `at_line`: rounds whose ties across the line are decided by what
    stands after `share`.
    """
    frame = scored.with_columns(
        rank=_rank_over(pl.col("score"), ["round", "group"]),
        tie_by=pl.lit(None, pl.String),
        tie_with=pl.lit([], pl.List(pl.String)),
    )
    if "finer" in frame.columns:
        frame = _decide(frame, frame.select("round", "proposal", key="finer"), "scorer")
    frame, refused = _descend(frame, {r: _until(chain) for r, chain in chains.items()}, key_of)
    frame = _settle(frame.with_columns(others=_others()), pl.len().over(TIED) > 1, "share")
    return Ranked(_at_line(frame, chains, key_of, at_line), refused)


def _rank_over(key: pl.Expr, over: Sequence[str]) -> pl.Expr:
    return key.rank("min", descending=True).over(over).cast(pl.Int64)


def _others() -> pl.Expr:
    """The proposals that a proposal is tied with just now, in order."""
    names = pl.col("proposal").sort()
    shown = (
        pl.when(pl.len().over(TIED) > NAMED)
        .then(names.head(10).over(TIED, mapping_strategy="join"))
        .otherwise(names.over(TIED, mapping_strategy="join"))
    )
    return shown.list.set_difference(pl.concat_list("proposal")).list.sort()


def _settle(frame: pl.DataFrame, settled: pl.Expr, by: str) -> pl.DataFrame:
    """Write down for whom a tie with `others` ended, and by what; drops `others`."""
    return frame.with_columns(
        tie_by=pl.when(settled).then(pl.lit(by)).otherwise("tie_by"),
        tie_with=pl.when(settled).then("others").otherwise("tie_with"),
    ).drop("others")


def _until(chain: Sequence[str]) -> list[str]:
    """The tokens that rank: up to `share`; a person's ruling comes before a lot or the end."""
    tokens: list[str] = []
    for token in chain:
        if token in ("lot", *TERMINAL) and "decision" not in tokens:
            tokens.append("decision")
        if token == "share":
            return tokens
        tokens.append(token)
    return tokens if "decision" in tokens else [*tokens, "decision"]


def _after(chain: Sequence[str]) -> list[str]:
    tokens = list(chain)
    rest = tokens[tokens.index("share") + 1 :] if "share" in tokens else []
    return [t for t in rest if t not in TERMINAL]


def _descend(
    frame: pl.DataFrame, chains: Mapping[str, Sequence[str]], key_of: KeyOf
) -> tuple[pl.DataFrame, list[tuple[str, list[str]]]]:
    refused: list[tuple[str, list[str]]] = []
    for step in range(max(map(len, chains.values()), default=0)):
        tied = _tied(frame)
        if tied.height == 0:
            break
        tokens = {r: chain[step] for r, chain in chains.items() if step < len(chain)}
        for token in sorted(set(tokens.values())):
            rows = tied.filter(pl.col("round").is_in([r for r, t in tokens.items() if t == token]))
            if rows.height == 0:
                continue
            if token == "refuse":
                refused.extend(_groups(rows))
            else:
                frame = _decide(frame, key_of(token, rows), token)
    return frame, refused


def _tied(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.len().over(TIED) > 1).select(*TIED, "proposal")


def _groups(rows: pl.DataFrame) -> list[tuple[str, list[str]]]:
    grouped = rows.group_by(TIED, maintain_order=True).agg(pl.col("proposal").sort())
    return sorted((r, names) for r, names in grouped.select("round", "proposal").iter_rows())


def _decide(frame: pl.DataFrame, keys: pl.DataFrame, token: str) -> pl.DataFrame:
    """Spread each tied group by a key; who stands alone after it was decided by `token`."""
    joined = frame.join(keys, on=["round", "proposal"], how="left", maintain_order="left")
    last = pl.col("key").min() - 1
    keyed = joined.with_columns(
        key=pl.col("key").fill_null(last).fill_null(0),
        was_tied=pl.len().over(TIED) > 1,
        others=_others(),
    )
    spread = keyed.with_columns(rank=pl.col("rank") + _rank_over(pl.col("key"), TIED) - 1)
    alone = pl.col("was_tied") & (pl.len().over(TIED) == 1)
    return _settle(spread, alone, token).drop("key", "was_tied")


def _at_line(
    frame: pl.DataFrame, chains: Mapping[str, Sequence[str]], key_of: KeyOf, at_line: Sequence[str]
) -> pl.DataFrame:
    """Add `line_rank`: the rank with what stands after `share`, and the token that decided."""
    after = {r: _after(chains[r]) for r in at_line}
    nothing = {"tie_by": pl.lit(None, pl.String), "tie_with": pl.lit([], pl.List(pl.String))}
    further = frame.select(*TIED, "proposal").with_columns(**nothing)
    further, _ = _descend(further, after, key_of)
    line = further.select("round", "proposal", line_rank="rank", line_by="tie_by")
    return frame.join(line, on=["round", "proposal"], how="left", maintain_order="left")

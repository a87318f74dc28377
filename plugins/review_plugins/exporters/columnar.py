"""Parquet files for further work: exact decimals, whole numbers, lists of ids."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from review import Exporter
from review_plugins.exporters.names import file_stems
from review_plugins.exporters.words import LANGUAGES, titled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from review import Result, RoundResult

_DIGITS = 38


class ParquetExporter(Exporter):
    """`standings-ROUND.parquet`, one row per entrant."""

    id = "parquet"
    title: ClassVar[Mapping[str, str]] = {"en": "Parquet tables", "zh-Hans": "Parquet 数据表"}

    def export(self, result: Result, folder: Path) -> Sequence[Path]:
        stems = file_stems(of.id for of in result.rounds)
        paths = [folder / f"standings-{stems[of.id]}.parquet" for of in result.rounds]
        for of, path in zip(result.rounds, paths, strict=True):
            standings_frame(of).write_parquet(path, statistics=False)
        return paths


def standings_frame(of: RoundResult) -> pl.DataFrame:
    """The standings with numbers as decimals, and the titles in both languages."""
    frame = of.standings.frame
    numbers = [
        _decimal(name, of.standings.places[name])
        for name in frame.columns
        if name in {"score", "subtotal"} or name.partition(":")[0] in {"criterion", "part"}
    ]
    return frame.with_columns(*numbers, *_titles(of)).select(
        "proposal",
        *(f"title_{language}" for language in LANGUAGES),
        pl.exclude("proposal", "^title_.*$"),
    )


def _decimal(name: str, places: int) -> pl.Expr:
    """Integers × 10^places as decimals; exact, as 38 digits hold every product."""
    whole = pl.col(name).cast(pl.Decimal(_DIGITS, 0))
    return (whole * pl.lit(Decimal(1).scaleb(-places))).cast(pl.Decimal(_DIGITS, places))


def _titles(of: RoundResult) -> Iterator[pl.Series]:
    proposals = of.standings.frame["proposal"].to_list()
    titles = [titled(of.standings.titles[proposal], proposal) for proposal in proposals]
    for language in LANGUAGES:
        texts = [title[language] for title in titles]
        yield pl.Series(f"title_{language}", texts, dtype=pl.String)

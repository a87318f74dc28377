from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from review_plugins.exporters import ParquetExporter
from review_plugins.exporters.columnar import standings_frame

if TYPE_CHECKING:
    from pathlib import Path

    from review import Result


def test_parquet_has_typed_columns(full: Result, tmp_path: Path) -> None:
    path = ParquetExporter().export(full, tmp_path)[1]

    assert dict(pl.read_parquet(path).schema) == {
        "proposal": pl.String,
        "title_en": pl.String,
        "title_zh-Hans": pl.String,
        "group": pl.String,
        "rank": pl.Int64,
        "score": pl.Decimal(38, 1),
        "subtotal": pl.Decimal(38, 1),
        "criterion:pitch": pl.Decimal(38, 1),
        "part:own": pl.Decimal(38, 1),
        "part:round:selection": pl.Decimal(38, 1),
        "part:fact:overtime": pl.Decimal(38, 1),
        "ballots": pl.Int64,
        "missing": pl.Int64,
        "status": pl.String,
        "tie_with": pl.List(pl.String),
        "tie_by": pl.String,
    }


def test_parquet_has_the_numbers_of_the_standings(full: Result, tmp_path: Path) -> None:
    first, second = ParquetExporter().export(full, tmp_path)

    scores = [pl.read_parquet(path)["score"].to_list() for path in (first, second)]
    assert scores == [[line.score for line in of.standings] for of in full.rounds]


def test_parquet_has_titles_in_both_languages(full: Result) -> None:
    frame = standings_frame(full.rounds[0])

    assert frame["title_en"].to_list()[-1] == "剧场"
    assert frame["title_zh-Hans"].to_list()[0] == "口袋花园"


def test_the_largest_number_stays_exact(full: Result) -> None:
    first = full.rounds[0]
    most = 2**62
    frame = first.standings.frame.with_columns(score=pl.lit(most))
    places = {**first.standings.places, "score": 9}
    huge = replace(first, standings=replace(first.standings, frame=frame, places=places))

    assert standings_frame(huge)["score"].to_list() == [Decimal(most).scaleb(-9)] * 5

"""What judges said by order: comparisons of two proposals, and whole rankings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review.load import headers
from review.load.cells import COLUMN, TABLE, Cells, in_rounds
from review.load.files import COMPETITION
from review.load.headers import ROW
from review.load.links import identified
from review.load.marks import BALLOT, at_judge, tell_not_on_panel, without_doubted
from review.load.sheets import asks
from review.load.tables import as_table, columns_of, header_row, missing, pick_sheets, tell_flagged
from review.load.words import loose
from review.messages import Message
from review.model.problem import Place, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from review.load.files import Files
    from review.load.headers import Layout
    from review.load.marks import Rights
    from review.load.report import Report, Row
    from review.load.sheets import Ask, Field
    from review.load.tables import Table
    from review.model.competition import Competition, Round
    from review.plugin.parts import Sheet

RANKINGS = {
    "round": pl.String,
    "judge": pl.String,
    "ranking": pl.Int64,
    "proposal": pl.String,
    "place": pl.Int64,
}
YES = frozenset(
    map(loose, ("yes", "y", "true", "1", "tie", "tied", "draw", "x", "是", "平", "平局"))
)
NO = frozenset(map(loose, ("no", "n", "false", "0", "-", "/", "否", "不是")))
#: Whom a judge compared, whichever won.
SIDES = ("@first", "@second")
WHEN = "@when"
_PAIRS = ("round", "judge", *SIDES, "tie")
_PLACES = ("round", "judge", "proposal", "place")


def read_rankings(
    files: Files, competition: Competition, field: Field, rights: Rights
) -> pl.DataFrame | None:
    """Comparisons and rankings as `LoadedCompetition.rankings`; None where no round has any."""
    if not any(round_.compared for round_ in competition.rounds):
        return None
    comparisons = _comparisons(files, competition, field)
    ranked = _rankings(files, competition, field)
    for cells, columns in ((comparisons, ("winner", "loser")), (ranked, ("proposal",))):
        _tell_rights(_ballots(cells, columns), competition, rights)
    judged = [r for r in competition.rounds if r.compared and r.id in field.rubrics]
    _tell_silent(judged, [comparisons, ranked], files.report)
    return _numbered(comparisons.frame.select(_PAIRS), ranked.frame.select(_PLACES))


# ------------------------------------------------------------------------------------ comparisons


def _comparisons(files: Files, competition: Competition, field: Field) -> Cells:
    """One row per comparison that can be used, with where it stands.

    `round`, `judge`, `winner`, `loser`, `tie` (Boolean), `SIDES` (winner, loser; sorted if tied).
    """
    cells = _read(files, competition, field, "comparisons", headers.COMPARISONS)
    frame = cells.frame.with_columns(_is_tie().alias("@tie"))
    unclear = frame.filter(pl.col("@tie").is_null())
    _each(cells, unclear, "tie", "tie_not_told", hint=Message("hint_tie_word"))
    frame = frame.with_columns(tie=pl.col("@tie")).drop_nulls(["judge", "winner", "loser", "tie"])
    itself = pl.col("winner") == pl.col("loser")
    _each(cells, frame.filter(itself), "loser", "compared_with_itself")
    low, high = pl.min_horizontal("winner", "loser"), pl.max_horizontal("winner", "loser")
    frame = frame.filter(~itself).with_columns(
        pl.when("tie").then(low).otherwise("winner").alias(SIDES[0]),
        pl.when("tie").then(high).otherwise("loser").alias(SIDES[1]),
        pl.concat_str(low, high, separator="\0").alias("@pair"),
    )
    return _once(without_doubted(cells.with_frame(frame), field, ("winner", "loser")))


def _is_tie() -> pl.Expr:
    """The `tie` of a row as yes or no (blank: no); null where it says neither."""
    words = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
    text = pl.col("tie").str.normalize("NFKC").str.strip_chars().str.to_lowercase()
    said = text.replace_strict(words, default=None, return_dtype=pl.Boolean)
    return pl.when(pl.col("tie").is_null()).then(pl.lit(value=False)).otherwise(said)


def _once(cells: Cells) -> Cells:
    """One row per judge, pair and moment; what is there again is an error.

    A judge may compare a pair several times: each comparison counts that has an `order` or an `at`
    of its own.
    """
    key = ["round", "judge", "@pair", WHEN]
    if not cells.frame.select(key).is_duplicated().any():
        return cells
    ordered = cells.frame.sort(TABLE, ROW, maintain_order=True)
    said = (*SIDES, "tie")
    firsts = [pl.col(c).first().over(key).alias(f"@1{c}") for c in (ROW, TABLE, *said)]
    ordered = ordered.with_columns(firsts).with_columns(
        (pl.int_range(pl.len()).over(key) == 0).alias("@kept"),
        pl.all_horizontal(pl.col(c) == pl.col(f"@1{c}") for c in said).alias("@same"),
    )

    again = ordered.filter(~pl.col("@kept"))
    for same, code in ((True, "compared_twice"), (False, "compared_both_ways")):

        def tell(table: Table, row: Row, code: str = code) -> None:
            first = cells.tables[row[f"@1{TABLE}"]].place(row[f"@1{ROW}"])
            table.error(
                code, row[ROW], "winner", value=row["winner"], other=row["loser"],
                judge=row["judge"], first=first.row, first_file=first.file,
                hint=Message("hint_order_of_comparisons"),
            )  # fmt: skip

        cells.each(again.filter(pl.col("@same") == same).with_columns(_at("winner")), tell)
    return cells.with_frame(ordered.filter("@kept"))


# --------------------------------------------------------------------------------------- rankings


def _rankings(files: Files, competition: Competition, field: Field) -> Cells:
    """`round`, `judge`, `proposal`, `place` (Int64, as written) and where: one row per place."""
    cells = _read(files, competition, field, "rankings", headers.RANKINGS)
    text = pl.col("place").str.normalize("NFKC").str.strip_chars()
    number = text.str.extract(r"^0*([1-9][0-9]{0,8})(?:\.0*)?$").cast(pl.Int64)
    frame = cells.frame.filter(pl.col("place").is_not_null() & ~text.is_in(["-", "/", "—"]))
    frame = frame.with_columns(number.alias("@place"))
    wrong = frame.filter(pl.col("@place").is_null())
    _each(cells, wrong, "place", "place_not_a_number")
    frame = frame.with_columns(place=pl.col("@place")).drop_nulls(["judge", "proposal", "place"])
    cells = without_doubted(cells.with_frame(frame), field)
    frame = cells.frame.sort(TABLE, ROW, maintain_order=True)
    again = pl.int_range(pl.len()).over(BALLOT) > 0
    _each(cells, frame.filter(again), "proposal", "ranked_twice")
    frame = frame.filter(~again)
    alone = pl.len().over("round", "judge") == 1
    tell = at_judge(Severity.WARNING, "ranked_alone")
    cells.each(frame.filter(alone).with_columns(_at("judge")), tell)
    return cells.with_frame(frame.filter(~alone))


# ------------------------------------------------------------------------------------------- both


def _read(
    files: Files,
    competition: Competition,
    field: Field,
    kind: Literal["comparisons", "rankings"],
    layout: Layout,
) -> Cells:
    """The rows of every table of a kind in known rounds, with ids; unknown ones are told and null.

    Columns of the layout that a table lacks are null.
    """
    names = [name for name in layout.columns if name != "comment"]
    schema = {**dict.fromkeys(("round", *names), pl.String), WHEN: pl.String}
    frames = [pl.DataFrame(schema={**schema, ROW: pl.UInt32, TABLE: pl.UInt32})]
    tables: list[Table] = []
    found: dict[str, set[str]] = {}
    for ask in asks(competition, kind):
        for table in _tables(files, ask, layout):
            tell_flagged(table, names)
            known = _linked(table, ask, field, layout)
            for name in ask.rounds:
                found.setdefault(name, set()).add(table.file)
            frame = known.frame
            lacking = [pl.lit(None, pl.String).alias(n) for n in names if n not in frame.columns]
            frame = frame.with_columns(lacking).with_columns(
                _when([name for name in ("at", "order") if name in names]),
                pl.lit(len(tables), pl.UInt32).alias(TABLE),
            )
            frames.append(frame.select(frames[0].columns))
            tables.append(table)
    return Cells(pl.concat(frames), tables, found, files.report)


def _linked(table: Table, ask: Ask, field: Field, layout: Layout) -> Table:
    """A table with ids of judges and proposals, in the rounds that name it."""
    table = identified(table, "judge", field.judges)
    for column in ("winner", "loser", "proposal"):
        if column in layout.required:
            table = identified(table, column, field.proposals)
    return in_rounds(table, ask, field)


def _when(columns: Sequence[str]) -> pl.Expr:
    """The moment of a comparison, as it is told."""
    told = [pl.col(c).str.normalize("NFKC").str.strip_chars().fill_null("") for c in columns]
    return pl.concat_str(told, separator="\0").alias(WHEN)


def _tables(files: Files, ask: Ask, layout: Layout) -> Iterator[Table]:
    """The tables of a source: each file of a glob, each sheet of a workbook that has the columns.

    Where no sheet has, the first is told of.
    """
    source = ask.source
    found = [
        (name, sheet)
        for name in files.find(source.path, ask.key)
        for sheet in files.sheets(name, source.encoding, ask.key)
    ]

    def fits(sheet: Sheet) -> bool:
        header = header_row(sheet, source, layout)
        return header is not None and not missing(
            columns_of(sheet, header, layout, source)[0], layout
        )

    candidates = pick_sheets(found, source, ask.key, files)
    fitting = [(name, s) for name, s in candidates if s.name is None or fits(s)]
    chosen = fitting or candidates[:1]
    for name, sheet in candidates:
        files.pass_over(name, sheet, "sheet_not_read")
    for name, sheet in chosen:
        files.use(name, sheet)
        table = as_table(name, sheet, source, layout, files.report)
        if table is not None:
            if table.frame.is_empty():
                files.report.warning("table_empty", table.place())
            yield table


def _at(column: str) -> pl.Expr:
    return pl.lit(column).alias(COLUMN)


def _each(cells: Cells, rows: pl.DataFrame, column: str, code: str, **more: object) -> None:
    """An error at a column of each row."""

    def tell(table: Table, row: Row) -> None:
        table.error(code, row[ROW], column, value=row[column], judge=row["judge"] or "–", **more)

    cells.each(rows.with_columns(_at(column)), tell)


def _ballots(cells: Cells, columns: Sequence[str]) -> Cells:
    """Each judge's first word on each proposal: `BALLOT` and where it stands."""
    parts = [
        cells.frame.select("round", "judge", ROW, TABLE, _at(name), pl.col(name).alias("proposal"))
        for name in columns
    ]
    frame = pl.concat(parts).sort(TABLE, ROW, maintain_order=True)
    return cells.with_frame(frame.unique(BALLOT, keep="first", maintain_order=True))


def _tell_rights(ballots: Cells, competition: Competition, rights: Rights) -> None:
    """Who judged what they must not, what they were not asked to, or what is out."""
    tell_not_on_panel(ballots, competition, rights)
    found = ballots.frame.join(rights.conflicts, on=["judge", "proposal"], maintain_order="left")
    refuse = competition.conflicts.marks == "refuse"
    severity = Severity.ERROR if refuse else Severity.WARNING
    code = "compared_in_conflict" if refuse else "compared_in_conflict_excluded"
    ballots.each(found, at_judge(severity, code))
    if rights.assignments is not None:
        asked = rights.assignments["round"].unique().to_list()
        listed = ballots.frame.filter(pl.col("round").is_in(asked))
        unasked = listed.join(rights.assignments, on=BALLOT, how="anti", maintain_order="left")
        ballots.each(unasked, at_judge(Severity.WARNING, "compared_not_assigned"))
    out = ballots.frame.join(rights.statuses, on="proposal", maintain_order="left").unique(
        ["round", "proposal"], keep="first", maintain_order=True
    )

    def tell(table: Table, row: Row) -> None:
        told = {"value": row["proposal"], "proposal": row["proposal"], "status": row["status"]}
        table.note("compared_with_status", row[ROW], row[COLUMN], **told)

    ballots.each(out, tell)


def _tell_silent(rounds: Sequence[Round], given: Sequence[Cells], report: Report) -> None:
    """Rounds in which nobody compared anything; nothing is said where files have errors."""
    heard = {name for cells in given for name in cells.frame["round"].unique()}
    for round_ in rounds:
        files = {file for cells in given for file in cells.files.get(round_.id, ())}
        if files and not files & report.wrong_files and round_.id not in heard:
            place = Place(COMPETITION, column=f"rounds.{round_.id}")
            report.warning("round_not_compared", place, value=round_.id)


def _numbered(pairs: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """`RANKINGS`, numbered by what they say, so that the order of rows and tables is no content."""
    of = ["round", "judge"]
    dense = places.with_columns(place=pl.col("place").rank("dense").over(of).cast(pl.Int64))
    two = pl.len().over(of) == 2  # noqa: PLR2004 -- a ranking of two is a comparison
    short = dense.filter(two).group_by(of).agg(
        pl.col("proposal").sort_by("place", "proposal"),
        (pl.col("place").max() == 1).alias("tie"),
    )  # fmt: skip
    of_two = short.select(
        *of,
        pl.col("proposal").list.get(0).alias(SIDES[0]),
        pl.col("proposal").list.get(1).alias(SIDES[1]),
        "tie",
    )
    comparisons = pl.concat([pairs, of_two]).sort(_PAIRS)
    comparisons = comparisons.with_columns(ranking=pl.int_range(1, pl.len() + 1).over(of))
    first = comparisons.select(*of, "ranking", proposal=SIDES[0], place=pl.lit(1, pl.Int64))
    second = comparisons.select(
        *of, "ranking", proposal=SIDES[1], place=pl.when("tie").then(1).otherwise(2)
    )
    counts = comparisons.group_by(of).agg(ranking=pl.col("ranking").max() + 1)
    long = dense.filter(~two).join(counts, on=of, how="left")
    long = long.with_columns(pl.col("ranking").fill_null(1))
    frames = [frame.select(pl.col(n).cast(kind) for n, kind in RANKINGS.items())
              for frame in (first, second, long)]  # fmt: skip
    return pl.concat(frames).sort(list(RANKINGS))

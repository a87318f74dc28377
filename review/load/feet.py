"""What organisers keep below a table: totals, signatures, dates and remarks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from review.load.headers import ROW, WIDE
from review.load.numbers import NUMBER
from review.load.words import loose

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.load.report import Row
    from review.load.tables import Table

TOTALS = frozenset(
    ("合计", "总计", "小计", "平均", "平均分", "总分", "total", "sum", "average", "mean")
)
FOOTER = re.compile(
    r"(?:(?:评委|专家|组长|负责人|本人|judge'?s?)\s?)?"
    r"(?:签名|签字|签章|盖章|填表|制表|审核|复核|监督|计分|记分|统计|填表日期|评分日期|日期|备注|说明|注"
    r"|signatures?|signed(?: by)?|prepared by|checked by|filled in by|date|remarks?|notes?)"
    r"(?:人|员)?(?:签名|签字|处)*\s?(?:\([^)]*\))?\s?(?::.*)?",
)
# Few ids have any of these: the others need no closer look.
LIKELY = (
    "(?i)[\uff21-\uff5a合总小平签盖填制审复监计记统日备说注]"
    "|total|sum|average|mean|sign|by|date|note|remark"
)


def without_feet(table: Table) -> Table:
    """The table without the rows of totals and signatures at its foot, of which it tells.

    Such a row says so in the column of ids or, where that is blank, in its first cell.
    """
    column = next(name for name in ("id", "proposal", "winner") if name in table.columns)
    order = dict.fromkeys([column, *table.columns])
    told = pl.coalesce(*order)
    found = table.frame.select(told).to_series().drop_nulls().unique()
    words = found.filter(found.str.contains(LIKELY)).to_list()
    totals = [word for word in words if loose(word) in TOTALS]
    feet = [word for word in words if FOOTER.fullmatch(loose(word))]
    if feet:
        table = without(table, told.is_in(feet) & ~has_marks(table), tell_feet(table, list(order)))
    if totals:
        table = without(table, told.is_in(totals), tell_total(table, list(order)))
    return table


def without(table: Table, chosen: pl.Expr, tell: Callable[[pl.DataFrame], None]) -> Table:
    """The table without some rows, of which it tells."""
    chosen = chosen.fill_null(value=False)
    tell(table.frame.filter(chosen))
    return table.with_frame(table.frame.filter(~chosen))


def has_marks(table: Table) -> pl.Expr:
    """Whether a row has a number where marks stand."""
    marks = [name for name in table.columns if name == "mark" or name.startswith(WIDE)]
    numbers = [pl.col(name).str.contains(NUMBER).fill_null(value=False) for name in marks]
    return pl.any_horizontal(pl.lit(value=False), *numbers)


def tell_total(table: Table, order: list[str]) -> Callable[[pl.DataFrame], None]:
    """A warning for each row of totals, at the cell that says so."""

    def tell(row: Row) -> None:
        name = first_cell(row, order)
        table.warning("row_of_totals", row[ROW], name, value=row[name])

    return lambda rows: table.report.each(rows, tell)


def tell_feet(table: Table, order: list[str]) -> Callable[[pl.DataFrame], None]:
    """One note for each file, at the first row that is no data."""

    def tell(rows: pl.DataFrame) -> None:
        for row in rows.head(1).iter_rows(named=True):
            name = first_cell(row, order)
            at = table.at(row[ROW], table.columns[name].position)
            place = table.place(row[ROW], name)
            table.report.add_up("rows_of_footer", place, rows.height, value=row[name], at=at)

    return tell


def first_cell(row: Row, order: list[str]) -> str:
    """The column of the first cell that is not blank."""
    return next(name for name in order if row[name] is not None)

"""Every finding of a conformance check, each from a part with that one fault."""
# ruff: noqa: ARG002 -- a part need not use everything that it is handed

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import narwhals as nw
import polars as pl
import pydantic
import pytest

from review import (
    Award,
    Choice,
    Column,
    Entrant,
    Exporter,
    Field,
    FieldScorer,
    FieldScores,
    Keys,
    Message,
    Options,
    PluginError,
    Reader,
    ReadError,
    Result,
    Scorer,
    Selection,
    Sheet,
    ShortlistRule,
    StandingsView,
)
from review.plugin.kinds import Kind
from review.plugin.manager import Plugins
from review.testing import check_part, findings, findings_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TITLE = {"en": "Test", "zh-Hans": "测试"}
TEXT = {"en": "because", "zh-Hans": "理由"}


def codes(part: type[Any] | Path) -> list[str]:
    return [finding.code for finding in findings(part)]


# ---------------------------------------------------------------------------- words and options


class Votes(Award):
    """Most votes."""

    id = "test_votes"
    title = TITLE
    facts = ("votes",)

    def value(self, standings: StandingsView) -> Column:
        return standings.fact("votes")


def test_check_part_is_content_with_a_part_that_conforms() -> None:
    check_part(Votes)


def test_check_part_lists_every_finding() -> None:
    class Bare(Award):
        id = "bare"
        title: ClassVar = {"en": "Bare"}

        def value(self, standings: StandingsView) -> Column:
            return standings.score

    with pytest.raises(AssertionError) as caught:
        check_part(Bare)
    assert str(caught.value).splitlines() == [
        "test_check_part_lists_every_finding.<locals>.Bare:",
        "- `title` says nothing in zh-Hans",
        "- there is no docstring that says what it does",
    ]


def test_options_must_be_strict() -> None:
    class Loose(Votes):
        """Takes anything."""

        class Options(pydantic.BaseModel):
            size: int = 1

    assert codes(Loose) == ["check_options_model"]


class Sized(Votes):
    """So many votes."""

    class Options(Options):
        size: int
        among: int = pydantic.Field(alias="from")


def test_option_without_a_default_needs_an_example() -> None:
    text = (
        "option “{}”: Field required; an option without a default needs an example to be "
        "checked with: Field(examples=[…])"
    )
    told = [finding.render("en") for finding in findings(Sized)]
    assert told == [text.format("size"), text.format("from")]
    check_part(Sized, options={"size": 3, "from": 9})


def test_option_with_an_example_is_checked_with_it() -> None:
    class Shown(Votes):
        """So many votes."""

        class Options(Options):
            size: int = pydantic.Field(examples=[3])
            among: int = pydantic.Field(alias="from", examples=[4])

    assert codes(Shown) == []


def test_options_must_survive_being_written() -> None:
    class Doubling(Votes):
        """Options that double each time."""

        class Options(Options):
            size: int = 1

            @pydantic.field_validator("size")
            @classmethod
            def _double(cls, value: int) -> int:
                return value * 2

    class Unreadable(Votes):
        """Options that are refused when read again."""

        class Options(Options):
            given: object = print

    assert [finding.code for finding in findings(Doubling, {"size": 3})] == [
        "check_options_round_trip"
    ]
    assert codes(Unreadable) == ["check_options_round_trip"]


def test_part_that_raises_is_a_finding() -> None:
    class Raising(Votes):
        """Fails."""

        def value(self, standings: StandingsView) -> Column:
            raise RuntimeError("no votes today")

    assert [finding.render("en") for finding in findings(Raising)] == [
        "failed: RuntimeError: no votes today"
    ]


# ---------------------------------------------------------------------------------------- scorers


class Total(Scorer):
    """Not one number as it should be; what tests override."""

    id = "test_total"
    title = TITLE
    by: ClassVar[Literal["sum", "max", "min"]] = "max"

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        return self.reduced(values, keys.cell)

    def reduced(self, values: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
        found: nw.Expr = getattr(nw.col("value"), self.by)()
        return values.group_by(*by).agg(
            num=found.cast(nw.Int64), den=nw.len().cast(nw.Int64) * 0 + 1
        )


FIRST = [pl.col("value").first().alias("num"), pl.lit(1, pl.Int64).first().alias("den")]


def test_scorer_conforms() -> None:
    assert codes(Total) == []


def test_scorer_must_repeat_itself() -> None:
    class Moody(Total):
        """Adds something else each time."""

        calls = itertools.count()

        def reduced(self, values: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
            return super().reduced(values, by).with_columns(num=nw.col("num") + next(self.calls))

    assert codes(Moody)[0] == "check_unrepeatable"


def test_scorer_must_not_depend_on_the_order_of_rows() -> None:
    class FirstRow(Total):
        """Takes the mark that comes first."""

        def reduced(self, values: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
            frame = values.to_native().group_by(*by, maintain_order=True)
            found: nw.LazyFrame[Any] = nw.from_native(frame.agg(FIRST))
            return found

    assert codes(FirstRow) == ["check_rows"]


class Favourite(Total):
    """Takes the mark of the judge who comes first by name."""

    def reduced(self, values: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
        frame = values.to_native().sort("judge").group_by(*by, maintain_order=True)
        found: nw.LazyFrame[Any] = nw.from_native(frame.agg(FIRST))
        return found


def test_scorer_must_not_depend_on_the_names_of_judges() -> None:
    assert codes(Favourite) == ["check_judges"]


def test_scorer_must_not_depend_on_the_names_of_proposals() -> None:
    class Alphabet(FieldScorer):
        """The first proposal gets its marks twice."""

        id = "test_alphabet"
        title = TITLE

        def score_field(self, field: Field) -> FieldScores:
            table = field.by_proposal()
            return FieldScores(
                {p: sum(v.values()) * (1 + (p == min(table))) for p, v in table.items()}
            )

    assert codes(Alphabet) == ["check_proposals"]


def test_scorer_must_keep_rounds_apart() -> None:
    class Mixing(Total):
        """Forgets the round."""

        def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
            cells = values.select(*keys.cell).unique()
            return cells.join(self.reduced(values, ["proposal"]), on="proposal")

    assert codes(Mixing) == ["check_rounds"]


def test_scorer_must_keep_to_its_unit() -> None:
    class Points(Total):
        """Says points and means marks."""

        unit = "points"

    assert codes(Points) == ["check_unit"]


def test_scorer_must_return_integers() -> None:
    class Floats(Total):
        """Returns floats."""

        def reduced(self, values: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
            return super().reduced(values, by).with_columns(den=nw.lit(1, nw.Int32))

    assert [finding.render("en") for finding in findings(Floats)] == [
        "`num` and `den` must be Int64; they are Int64, Int32"
    ]


def test_scorer_must_score_a_cell_once() -> None:
    class Twice(Total):
        """Scores every cell twice."""

        def reduced(self, values: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
            once = super().reduced(values, by)
            return nw.concat([once, once])

    assert codes(Twice) == ["check_cells"]


def test_scorer_must_keep_to_its_bound() -> None:
    class Modest(Total):
        """Promises less than it returns."""

        by = "sum"

        def bound(self, most: int) -> tuple[int, int]:
            return 1, 1

    assert codes(Modest) == ["check_bound"]


def test_scorer_must_use_what_it_was_given() -> None:
    class Inventing(Total):
        """Says it used marks that nobody gave."""

        def used(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
            return values.with_columns(value=nw.col("value") + 1)

    assert codes(Inventing) == ["check_used"]


# ------------------------------------------------------------------------------------------ rules


class Best(ShortlistRule):
    """The best three, and who is ruled in."""

    id = "test_best"
    title = TITLE
    text: ClassVar = TEXT

    def attributes(self) -> list[str]:
        return ["community"]

    def select(self, entrants: Sequence[Entrant]) -> Selection:
        return Selection({e.proposal: self.choice(i, e) for i, e in enumerate(entrants, start=1)})

    def choice(self, number: int, entrant: Entrant) -> Choice:
        chosen = entrant.ruling == "in" or (number <= 3 and entrant.ruling != "out")
        place = number if chosen else None
        return Choice("in" if chosen else "out", Message("because", {}, self.text), place)


def test_rule_conforms() -> None:
    assert codes(Best) == []


def test_rule_must_say_something_of_everybody() -> None:
    class Forgetful(Best):
        """Leaves the last out."""

        def select(self, entrants: Sequence[Entrant]) -> Selection:
            return super().select(entrants[:-1])

    assert [finding.render("en") for finding in findings(Forgetful)] == ["nothing is said of p7"]


def test_rule_must_repeat_itself() -> None:
    class Moody(Best):
        """Says no every other time."""

        calls = itertools.count()

        def choice(self, number: int, entrant: Entrant) -> Choice:
            reason = Message("because", {"call": next(self.calls)}, TEXT)
            return Choice(
                super().choice(number, entrant).status, reason, number if number <= 3 else None
            )

    assert "check_unrepeatable" in codes(Moody)


def test_rule_must_not_depend_on_the_names_of_proposals() -> None:
    class Alphabet(Best):
        """By name instead of by rank."""

        def select(self, entrants: Sequence[Entrant]) -> Selection:
            return super().select(sorted(entrants, key=lambda e: e.proposal))

    assert codes(Alphabet) == ["check_proposals"]


def test_rule_must_keep_to_rulings() -> None:
    class Stubborn(Best):
        """Knows better than people."""

        def choice(self, number: int, entrant: Entrant) -> Choice:
            chosen = number <= 3
            status: Literal["in", "out"] = "in" if chosen else "out"
            return Choice(status, Message("because", {}, TEXT), number if chosen else None)

    assert codes(Stubborn) == ["check_rulings"]


@pytest.mark.parametrize("shift", [None, -1])
def test_rule_must_count_places_from_one(shift: int | None) -> None:
    class Placed(Best):
        """Counts from nought, or places everybody."""

        def choice(self, number: int, entrant: Entrant) -> Choice:
            choice = super().choice(number, entrant)
            place = number if shift is None else choice.place and choice.place + shift
            return Choice(choice.status, choice.reason, place)

    assert codes(Placed) == ["check_places"]


def test_rule_must_give_reasons_in_every_language() -> None:
    class English(Best):
        """Speaks English only."""

        text: ClassVar = {"en": "because"}

    assert [finding.render("en") for finding in findings(English)] == [
        "the reason “because” is not given in every language"
    ]


# ----------------------------------------------------------------------------------------- awards


def test_award_must_return_a_column() -> None:
    class Floats(Votes):
        """Returns floats."""

        def value(self, standings: StandingsView) -> Column:
            return Column([0.5] * len(standings.proposals))  # type: ignore[list-item]

    assert codes(Floats) == ["check_exact"]


def test_award_must_return_one_value_per_proposal() -> None:
    class Short(Votes):
        """Returns the first value only, where there are several."""

        def value(self, standings: StandingsView) -> Column:
            return Column(standings.score.values[:1], 2)

    assert codes(Short)[0] == "check_length"


def test_award_must_not_depend_on_the_names_of_proposals() -> None:
    class Alphabet(Votes):
        """The first by name."""

        def value(self, standings: StandingsView) -> Column:
            ordered = sorted(standings.proposals)
            return Column.scaled([ordered.index(p) for p in standings.proposals], 0)

    assert codes(Alphabet) == ["check_proposals"]


def test_award_is_checked_with_its_criteria_and_group() -> None:
    class Grouped(Votes):
        """The best on a criterion in each track."""

        def columns(self) -> list[str]:
            return ["criterion:need", "score"]

        def group(self) -> str:
            return "track"

        def value(self, standings: StandingsView) -> Column:
            return standings.criterion("need") + standings.fact("votes")

    assert codes(Grouped) == []


# ------------------------------------------------------------------- readers, exporters, rubrics


class Lines(Reader):
    """One column of lines."""

    id = "test_lines"
    title = TITLE
    suffixes = (".lines",)
    column: ClassVar = "0"

    def read(self, path: Path, encoding: str | None = None) -> list[Sheet]:
        lines = path.read_text(encoding or "latin-1").splitlines()
        return [Sheet(pl.DataFrame({self.column: lines}), "line")]


def test_reader_conforms() -> None:
    assert codes(Lines) == []


def test_reader_may_refuse_what_it_cannot_read() -> None:
    class Refusing(Lines):
        """Reads nothing."""

        def read(self, path: Path, encoding: str | None = None) -> list[Sheet]:
            raise ReadError(Message("unreadable", {}, TEXT))

    assert codes(Refusing) == []


def test_reader_must_not_fail_otherwise() -> None:
    class Strict(Lines):
        """Fails where the text is no UTF-8."""

        def read(self, path: Path, encoding: str | None = None) -> list[Sheet]:
            return super().read(path, "utf-8")

    assert codes(Strict) == ["check_raised"]


def test_reader_must_return_text_in_numbered_columns() -> None:
    class Named(Lines):
        """Gives its column a name."""

        column: ClassVar = "line"

    assert [finding.render("en") for finding in findings(Named)] == [
        "`cells` must be text in columns “0”, “1”, …; they are line: String"
    ]


class Ids(Exporter):
    """The ids of the rounds."""

    id = "test_ids"
    title = TITLE

    def export(self, result: Result, folder: Path) -> list[Path]:
        path = folder / "rounds.txt"
        path.write_text(self.text(result), encoding="utf-8")
        return [path]

    def text(self, result: Result) -> str:
        return "\n".join(r.id for r in result.rounds)


def test_exporter_conforms() -> None:
    assert codes(Ids) == []


def test_exporter_must_name_what_it_writes() -> None:
    class Silent(Ids):
        """Does not name its file."""

        def export(self, result: Result, folder: Path) -> list[Path]:
            super().export(result, folder)
            return []

    assert [finding.render("en") for finding in findings(Silent)] == [
        "names  as written; there are rounds.txt"
    ]


def test_exporter_must_repeat_itself() -> None:
    class Counting(Ids):
        """Counts."""

        calls = itertools.count()

        def text(self, result: Result) -> str:
            return str(next(self.calls))

    assert codes(Counting) == ["check_unrepeatable"]


RUBRIC = """
id = "own"
title = {{ en = "Own", zh-Hans = "自定" }}
scorer = "{scorer}"
[[criteria]]
id = "need"
title = {title}
"""


def rubric(folder: Path, scorer: str, title: str) -> Path:
    path = folder / "own.toml"
    path.write_text(RUBRIC.format(scorer=scorer, title=title), encoding="utf-8")
    return path


def test_rubric_conforms(tmp_path: Path) -> None:
    assert codes(rubric(tmp_path, "median", '{ en = "Need", zh-Hans = "需求" }')) == []


def test_rubric_needs_titles_and_a_known_scorer(tmp_path: Path) -> None:
    path = rubric(tmp_path, "medium", '"Need"')
    scorers = ", ".join(sorted(Plugins.load().scorers()))
    assert [finding.render("en") for finding in findings(path)] == [
        "need has no title in zh-Hans",
        f"the scorer “medium” is not installed; installed are: {scorers}",
    ]


def test_rubric_must_be_valid(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('id = "own"\ncriteria = []\ndecimal = 2', encoding="utf-8")
    assert [finding.render("en").partition(":")[0] for finding in findings(path)] == [
        "criteria",
        "decimal",
    ]


# ------------------------------------------------------------------------------- whole plugins


def test_findings_of_an_installed_plugin() -> None:
    found = list(findings_of("review_rubrics"))
    assert {kind for kind, _id, _found in found} == {Kind.RUBRIC}
    assert [(part_id, told) for _kind, part_id, told in found if told] == []


AWARD = """
from review import Award, hookimpl

class Votes(Award):
    id = "{id}"

    def value(self, standings):
        return standings.score

@hookimpl
def register_awards():
    return [Votes]
"""


def test_findings_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "votes.py"
    path.write_text(AWARD.format(id="test_votes"), encoding="utf-8")
    ((kind, part_id, told),) = findings_of(str(path))
    assert (kind, part_id) == (Kind.AWARD, "test_votes")
    assert [finding.code for finding in told] == ["check_title", "check_title", "check_docstring"]


def test_findings_of_a_plugin_whose_id_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "votes.py"
    path.write_text(AWARD.format(id="peoples_choice"), encoding="utf-8")
    with pytest.raises(PluginError, match="award “peoples_choice” comes from two plugins"):
        list(findings_of(str(path)))


def test_findings_of_nothing_are_refused() -> None:
    with pytest.raises(PluginError) as caught:
        list(findings_of("no-such-plugin"))
    assert str(caught.value).startswith(
        "“no-such-plugin” is neither a folder, a file nor an installed plugin; installed are: "
    )

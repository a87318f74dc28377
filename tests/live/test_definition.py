"""A form reads what judges type as tables of marks are read."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from review import app
from review.errors import Refused
from review.live.definition import Definition, as_cell, typed
from review.load import load_competition
from review.model.result import decimal
from review.plugin.manager import Plugins
from review.store.marks import Cell
from tests.live.folders import RUBRIC, hall, table

if TYPE_CHECKING:
    from review.live.definition import Form

PLUGINS = Plugins.load()
SCALES = (
    "min = 0\nmax = 10\nstep = 0.5",
    "min = 0\nmax = 10",
    "min = 1\nmax = 5\nstep = 1",
    "min = -2.5\nmax = 2.5\nstep = 0.25",
    "min = 0\nmax = 30\nstep = 3\ndecimals = 1",
    "min = 0.05\nmax = 1\nstep = 0.1\ndecimals = 1",
    "min = 0\nmax = 100000000000000000\ndecimals = 0",
)
WORDS = (
    "", "-", "/", "--", "—", "——", "–", "absent", "缺席", "未到场", "缺考", "abstain", "Abstained",
    "弃权", "弃 权", "recused", "RECUSE", "回避", "8", "8.5", "８．５", " 7 ", "\u3000７", "+3",
    "-1.25",
    "\u22122", "8,5", "8，5", "1e1", "0x1", ".5", "5.", ".", "+", "007.50", "10.000", "10.5",
    "2.25",
    "99999999999999999999", "1 000", "eight", "８ｄ", "٣", "-0", "100000000000000000", "missing",
    "３０", "29.9", "一", "²", "½", "Ⅷ",
)  # fmt: skip
ALPHABET = "0123456789０５８.．,，+-−－ \u3000\u00a0\tabsentrcudABSENT缺席弃权回避/—"


def _folder(scale: str, texts: list[str]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="review-test-"))
    rubric = f'id = "simple"\nscorer = "weighted_mean"\n[scale]\n{scale}\n[[criteria]]\nid = "c"\n'
    ids = [f"p{number}" for number in range(len(texts))]
    return hall(
        folder,
        {
            "competition.toml": 'format = 1\nid = "x"\nproposals = "proposals.csv"\n'
            'judges = "judges.csv"\n[[rounds]]\nid = "r"\nrubric = "simple"\nmarks = "marks.csv"\n',
            "rubrics/simple.toml": rubric,
            "proposals.csv": table([("id", "title"), *((p, p) for p in ids)]),
            "judges.csv": "id,name\nj,J\n",
            "conflicts.csv": None,
            "marks.csv": table(
                [
                    ("proposal", "judge", "criterion", "mark"),
                    *((p, "j", "c", text) for p, text in zip(ids, texts, strict=True)),
                ]
            ),
        },
    )


@given(st.sampled_from(SCALES), st.lists(st.sampled_from(WORDS) | st.text(ALPHABET, max_size=6)
                                         | st.decimals(-3, 31, places=2).map(str), min_size=1,
                                         max_size=60))  # fmt: skip
@example(SCALES[0], list(WORDS))
@example(SCALES[1], list(WORDS))
@example(SCALES[3], list(WORDS))
@example(SCALES[5], list(WORDS))
@example(SCALES[6], list(WORDS))
def test_form_accepts_what_a_table_accepts_with_the_same_value(
    scale: str, texts: list[str]
) -> None:
    loaded = load_competition(_folder(scale, texts), PLUGINS)
    form = Definition.of(1, loaded).forms["r"]
    places = form.rubric.places
    by_table = {
        row["proposal"]: (None if row["value"] is None else decimal(row["value"], places),
                          row["state"])
        for row in loaded.marks.iter_rows(named=True)
    }  # fmt: skip
    by_form = {}
    for number, text in enumerate(texts):
        try:
            cell = form.read({"c": text})["c"]
        except Refused:
            continue
        mark = None if cell.mark is None else Decimal(cell.mark)
        by_form[f"p{number}"] = (mark, cell.state)
    assert by_form == by_table


@given(st.sampled_from(WORDS) | st.text(ALPHABET, max_size=8))
def test_what_is_kept_is_read_as_itself(text: str) -> None:
    cell = as_cell(text)
    assert as_cell(typed(*cell)) == cell


@pytest.fixture
def form(tmp_path: Path) -> Form:
    return Definition.of(1, app.load(hall(tmp_path)).loaded).forms["first/一"]


def test_form_reads_numbers_and_states_in_one_way(form: Form) -> None:
    typed_in = {"need": " ８.50", "team spirit": "弃权", "remark": None}
    assert form.read(typed_in) == {
        "need": Cell("8.5", None),
        "team spirit": Cell(None, "abstain"),
        "remark": Cell(None, "missing"),
    }


def test_form_tells_each_problem_by_criterion(form: Form) -> None:
    with pytest.raises(Refused) as refused:
        form.read({"need": "8,5", "team spirit": "8.25", "remark": "8", "nothing": "1"})
    problems = refused.value.details["problems"]
    assert isinstance(problems, list)
    assert [(p["criterion"], p["code"], p["value"]) for p in problems] == [
        ("need", "mark_not_a_number", "8,5"),
        ("team spirit", "mark_too_fine", "8.25"),
        ("nothing", "criterion_unknown", "1"),
    ]
    assert problems[1]["message"] == {
        "en": "“8.25” is too fine (decimals allowed for “Team spirit”: 1)",
        "zh-Hans": problems[1]["message"]["zh-Hans"],
    }
    assert (
        problems[0]["hint"]["en"] == "write the decimal point as “.”, and nothing between thousands"
    )
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("mark", "state", "text"),
    [("8", None, "8"), (None, None, ""), (None, "missing", ""), (None, "recused", "recused")],
)
def test_typed_is_what_a_judge_would_have_typed(
    mark: str | None, state: str | None, text: str
) -> None:
    assert typed(mark, state) == text


def test_digest_of_a_form_changes_with_its_rubric_alone(tmp_path: Path) -> None:
    def digests(name: str, files: dict[str, str | None]) -> set[str]:
        definition = Definition.of(1, app.load(hall(tmp_path / name, files)).loaded)
        return {form.digest for form in definition.forms.values()}

    before = digests("before", {})
    assert digests("judges", {"judges.csv": "id,name,panel\nj1,Ada,jury\n"}) == before
    assert (
        digests("rubric", {"rubrics/simple.toml": RUBRIC.replace("max = 10", "max = 8")}) != before
    )


def test_form_knows_its_panel_and_what_judges_do_not_see(tmp_path: Path) -> None:
    definition = Definition.of(1, app.load(hall(tmp_path)).loaded)
    assert definition.forms["final"].panel == {"j1", "j 2"}
    assert definition.forms["first/一"].panel == {"j1", "j 2", "评委3"}
    assert definition.forms["final"].blind == ("team",)
    assert definition.forms["final"].assigned is None


def test_assignments_hold_for_the_rounds_that_they_name(tmp_path: Path) -> None:
    rows = [("round", "judge", "proposal"), ("final", "j1", "p1")]
    definition = Definition.of(1, app.load(hall(tmp_path, {"assignments.csv": table(rows)})).loaded)
    assert definition.forms["final"].assigned == frozenset({("j1", "p1")})
    assert definition.forms["first/一"].assigned is None


def test_proposals_stand_in_the_order_of_appearance(tmp_path: Path) -> None:
    definition = Definition.of(1, app.load(hall(tmp_path)).loaded)
    assert list(definition.proposals) == ["p2", "p1", "p4", "项目/3"]
    assert definition.title("p1") == {"en": "Garden", "zh-Hans": "花园"}
    assert definition.judges["j1"]["name"] == "Ada"


def test_definition_is_read_from_files(tmp_path: Path) -> None:
    folder = hall(tmp_path)
    files = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    definition = Definition.read(3, files)
    assert (definition.version, list(definition.forms)) == (3, ["first/一", "final"])
    assert definition.conflicts == {("j1", "项目/3")}


def test_round_that_nobody_marks_has_no_form(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        Definition.of(1, app.load(hall(tmp_path)).loaded).form("third")
    assert (refused.value.code, refused.value.status) == ("round_unknown_live", 404)

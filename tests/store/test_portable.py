"""A canonical folder gives the same competition as the folder it came from."""

from __future__ import annotations

import json
import tempfile
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from review import app
from review.engine.digests import content_digest, rules_digest
from review.errors import DataError
from review.load import load_competition
from review.model.rubric import Rubric
from review.output import result_text
from review.store.portable import Grid, ballots, definition, portable
from review.store.portable.marks import number
from review.store.portable.names import file_stems
from review.store.portable.rules import rubric_toml
from review.store.transfer import write_folder
from tests.load import corpus, parts

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLES = Path(__file__).parents[2] / "examples"
RUBRIC = """
id = "r"
[[criteria]]
id = "need"
title = { en = "Need", zh-Hans = "需求" }
weight = 2.50
[[criteria]]
id = "idea"
title = "Idea"
"""
RULES = """
format = 1
id = "x"
proposals = "proposals.csv"
judges = "judges.csv"
[[rounds]]
id = "one"
rubric = "r"
marks = "marks.csv"
"""
PROPOSALS = "id,title\np1,One\np2,Two\n"
JUDGES = "id,name\nj1,Ann\nj2,Ben\n"
MARKS = "proposal,judge,need,idea\np1,j1,8,7\np2,j1,6,\np1,j2,弃权,9.50\n"


def put(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A small competition, some of its files others."""
    usual = {
        "competition.toml": RULES, "rubrics/r.toml": RUBRIC, "proposals.csv": PROPOSALS,
        "judges.csv": JUDGES, "marks.csv": MARKS,
    }  # fmt: skip
    whole = {**usual, **files}
    write_folder({p: c.encode() if isinstance(c, str) else c for p, c in whole.items()}, folder)
    return folder


def errors(opened: app.Opened) -> list[tuple[str, str | None]]:
    return [(p.code, p.value) for p in opened.problems if p.is_error]


def same_again(folder: Path) -> dict[str, bytes]:
    """The canonical files of a folder, which give the same digests and result."""
    opened = app.load(folder)
    assert errors(opened) == []
    files = portable(opened)
    with tempfile.TemporaryDirectory() as name:
        write_folder(files, Path(name))
        again = app.load(Path(name))
        assert errors(again) == []
        assert content_digest(again.loaded) == content_digest(opened.loaded)
        assert rules_digest(again.loaded) == rules_digest(opened.loaded)
        assert result_text(app.run(again)) == result_text(app.run(opened))
        assert portable(again) == files
    return files


@pytest.mark.parametrize("name", ["star-plan-2024", "pitch-day-xlsx"])
def test_examples_are_the_same_again(name: str) -> None:
    same_again(EXAMPLES / name)


def without_errors() -> list[str]:
    """The cases of the corpus that are told of, and scored all the same."""
    return [
        path.stem
        for path in corpus.CASES
        if all(
            p["severity"] != "error"
            for p in json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        )
    ]


@pytest.mark.parametrize("name", ["", *without_errors()])
def test_bad_inputs_that_can_be_scored_are_the_same_again(name: str, tmp_path: Path) -> None:
    plugins, folder = parts.plugins(), tmp_path / "folder"
    text = (corpus.GOLDEN / f"{name}.txt").read_text(encoding="utf-8") if name else ""
    corpus.build(text, folder)
    try:
        loaded = load_competition(folder, plugins)
    except DataError:
        pytest.fail("it was to have no errors")
    write_folder(portable(app.Opened(folder, loaded, plugins)), tmp_path / "again")
    again = load_competition(tmp_path / "again", plugins)
    assert [p.code for p in again.problems if p.is_error] == []
    assert content_digest(again) == content_digest(loaded)
    assert rules_digest(again) == rules_digest(loaded)


CELL = st.text(
    st.one_of(
        st.sampled_from(list("abp019.,;'\"=+-@\t\n\r（）団评合计总分 　")),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=12,
)
HEADER = st.one_of(
    st.sampled_from(["Team", "团队", "title_fr", "@row", "school", "School 2", "proposal id", "x"]),
    CELL,
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], dict[str, str]]:
    """A table of proposals with any headers and cells, and how columns are mapped."""
    others = draw(st.lists(HEADER, max_size=4, unique=True))
    header = ["编号", "项目名称", *others]
    count = draw(st.integers(1, 4))
    rows = [[draw(CELL), draw(CELL), *(draw(CELL) for _ in others)] for _ in range(count)]
    mapped: dict[str, str] = {}
    if others and draw(st.sampled_from([True, False])):
        mapped = {draw(st.sampled_from(["team", "school", "Team"])): others[0]}
    return [header, *rows], mapped


@pytest.mark.slow
@settings(max_examples=40)
@given(tables(), st.data())
def test_any_table_is_the_same_again(
    table: tuple[list[list[str]], dict[str, str]], data: st.DataObject
) -> None:
    """What the loader takes comes back as it was."""
    rows, mapped = table
    ids = [row[0].strip() for row in rows[1:]]
    objects = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    mapping = "".join(f", {json.dumps(k)} = {json.dumps(v)}" for k, v in mapped.items())[2:]
    rules = RULES.replace(
        'proposals = "proposals.csv"',
        f'proposals = {{ path = "p.json", columns = {{ {mapping} }} }}',
    ).replace("marks.csv", "m.json")
    states = st.sampled_from(["0", "10", "3.25", "-", "abstain", "缺席", "recused"])
    marks = [
        {"proposal": i, "judge": "j1", "criterion": c, "mark": data.draw(states),
         "comment": data.draw(CELL)}
        for i in dict.fromkeys(ids) for c in ("need", "idea")
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        files = {
            "competition.toml": rules, "p.json": json.dumps(objects), "m.json": json.dumps(marks)
        }  # fmt: skip
        folder = put(Path(name), files)
        try:
            opened = app.load(folder)
        except DataError:
            return
        if not errors(opened):
            same_again(folder)


@given(st.lists(st.lists(CELL | st.none(), min_size=3, max_size=3)), st.sampled_from(",;"))
def test_grids_read_back_as_they_were(rows: list[list[str | None]], separator: str) -> None:
    grid = Grid(["id", "b", "c"], [[c or None for c in row] for row in rows], separator)
    again = Grid.read(grid.written())
    assert (again.header, again.rows) == (grid.header, grid.rows)


@given(st.lists(st.text(min_size=1), unique=True))
def test_file_names_are_distinct_whatever_the_ids(ids: list[str]) -> None:
    stems = file_stems(ids)
    folded = {stem.casefold() for stem in stems.values()}
    assert len(folded) == len(ids) == len(stems)
    assert all("/" not in stem and "\\" not in stem and stem.strip(".") for stem in stems.values())


def test_file_names_stay_as_they_are_where_they_can() -> None:
    ids = ["初评", "round-1", "v1.2"]
    assert file_stems(ids) == {name: name for name in ids}
    assert file_stems(["con"])["con"].startswith("_con-")


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(850, 2, "8.5"), (8, 0, "8"), (-5, 1, "-0.5"), (0, 3, "0"), (1000, 1, "100"), (None, 1, None)],
)
def test_numbers_are_written_as_short_as_can_be(
    value: int | None, places: int, text: str | None
) -> None:
    assert number(value, places) == text


def test_decimals_of_rules_stay_exact(tmp_path: Path) -> None:
    rules = RULES + (
        '[rounds.shortlist]\nrule = "threshold"\nmin_score = 1.50\n'
        '[[rounds.parts]]\nfrom = "own"\ntimes = 0.10\n'
    )
    files = same_again(put(tmp_path, {"competition.toml": rules}))
    found = tomllib.loads(files["competition.toml"].decode(), parse_float=Decimal)
    assert found["rounds"] == [{
        "id": "one", "rubric": "r", "marks": "marks/one.csv",
        "shortlist": {"rule": "threshold", "min_score": Decimal("1.50")},
        "parts": [{"from": "own", "times": Decimal("0.10")}],
    }]  # fmt: skip
    assert b"weight = 2.50" in files["rubrics/r.toml"]


def test_rubric_has_what_it_took_from_others(tmp_path: Path) -> None:
    own = 'id = "r"\nextends = "base"\nscorer = { name = "trimmed_mean", drop = 1 }\n'
    base = RUBRIC.replace('"r"', '"base"')
    marks = MARKS + "p1,j3,5,5\np2,j2,5,5\np2,j3,5,5\n"
    files = {
        "rubrics/r.toml": own, "rubrics/b.toml": base, "marks.csv": marks,
        "judges.csv": JUDGES + "j3,Cy\n",
    }  # fmt: skip
    found = same_again(put(tmp_path, files))
    assert [path for path in found if path.startswith("rubrics/")] == ["rubrics/r.toml"]
    rubric = tomllib.loads(found["rubrics/r.toml"].decode())
    assert rubric["scorer"] == {"name": "trimmed_mean", "drop": 1}
    assert [criterion["id"] for criterion in rubric["criteria"]] == ["need", "idea"]


def test_criteria_may_be_called_like_columns(tmp_path: Path) -> None:
    names = ("mark", "comment", "judge", "提案", "revision")
    rubric = 'id = "r"\n' + "".join(f'[[criteria]]\nid = "{name}"\n' for name in names)
    rows = "".join(f"p1,j1,{name},{n}\n" for n, name in enumerate(names))
    marks = f"proposal,judge,criterion,score\n{rows}"
    files = same_again(put(tmp_path, {"rubrics/r.toml": rubric, "marks.csv": marks}))
    assert len(Grid.read(files["marks/one.csv"]).rows) == len(names)


def test_conflicts_that_are_derived_are_derived_again(tmp_path: Path) -> None:
    rules = RULES + '[conflicts]\nsame = [["organisation", "team"]]\nmarks = "exclude"\n'
    files = {
        "competition.toml": rules,
        "judges.csv": "id,name,organisation\nj1,Ann,Acme\nj2,Ben,b; B\n",
        "proposals.csv": "id,title,team\np1,One,ACME\np2,Two,b;c\n",
        "conflicts.csv": "judge,proposal,reason\nj1,p1,a; z\nj1,p1,organisation = team: Acme\n"
        "j1,p1,z\nj2,p2,\nBen,Two,zz\n",
    }
    found = same_again(put(tmp_path, files))
    assert Grid.read(found["conflicts.csv"]).rows == [
        ["j1", "p1", "a; z"], ["j1", "p1", "organisation = team: Acme"], ["j1", "p1", "z"],
        ["j2", "p2", None], ["j2", "p2", "zz"],
    ]  # fmt: skip


def test_assignments_without_rows_stay(tmp_path: Path) -> None:
    files = same_again(put(tmp_path, {"assignments.csv": "round,judge,proposal\n"}))
    assert files["assignments.csv"] == b"round,judge,proposal\n"


def test_decisions_come_along(tmp_path: Path) -> None:
    rules = RULES + '[rounds.shortlist]\nrule = "top"\nsize = 1\n'
    text = 'proposal,what,by,why\np2,入选,Chair,"line 1\nline 2"\n'
    files = same_again(put(tmp_path, {"competition.toml": rules, "decisions.csv": text}))
    assert Grid.read(files["decisions.csv"]).rows == [
        ["one", "p2", "in", "Chair", None, "line 1\nline 2"]
    ]


def test_decimal_commas_of_attributes_stay(tmp_path: Path) -> None:
    rules = RULES + '[[rounds.parts]]\nfrom = "fact:size"\n'
    proposals = "id;title;size;note\np1;One;8,5;a,b\np2;Two;1,25;c;d\n".replace("c;d", "c")
    files = same_again(put(tmp_path, {"competition.toml": rules, "proposals.csv": proposals}))
    assert files["proposals.csv"].startswith(b'"id";"title";')


def test_one_row_with_many_semicolons_is_read_by_commas(tmp_path: Path) -> None:
    many = "; ".join("abcdefghijklmnopqrstuvwxyz")
    files = same_again(
        put(tmp_path, {"judges.csv": f'id,name,expertise\nj1,Ann,"{many}"\nj2,B,\n'})
    )
    assert Grid.read(files["judges.csv"]).rows[0][-1] == many


def test_fact_tables_are_taken_as_they_are(tmp_path: Path) -> None:
    """Even where a name of ours is theirs, or a glob would find ours."""
    rules = RULES + (
        '[facts.visits]\npath = "marks/one.csv"\ncolumns = { visits = "count" }\n'
        '[facts.again]\npath = { path = "marks/o*.csv", encoding = "gb18030" }\n'
        'columns = { hours = "sum:hours" }\n'
        '[facts.plain]\npath = "f.csv"\ncolumns = { late = "max:late" }\n'
        '[[rounds.parts]]\nfrom = "fact:hours"\n'
    )
    visits = "项目编号,hours\np1,2\np1,3.5\n".encode("gb18030")
    plain = "proposal;late\np1;1,5\n"
    files: dict[str, str | bytes] = {
        "competition.toml": rules, "marks/one.csv": visits, "f.csv": plain
    }  # fmt: skip
    found = same_again(put(tmp_path, files))
    assert found["facts/visits.csv"] == visits
    assert found["f.csv"] == plain.encode()
    assert [path for path in found if path.startswith("facts/")] == ["facts/visits.csv"]


def test_a_fact_table_may_be_the_table_of_proposals(tmp_path: Path) -> None:
    rules = RULES + '[facts.f]\npath = "proposals.csv"\ncolumns = { n = "sum:n" }\n'
    files = same_again(
        put(tmp_path, {"competition.toml": rules, "proposals.csv": "编号,名称,n\np1,O,1\np2,T,2\n"})
    )
    assert "facts/f.csv" in files


def test_plugins_of_the_folder_come_along(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "plugins/_help.py": "X = 1\n", "plugins/.hidden": "no", "plugins/__pycache__/a.pyc": b"no",
        "plugins/data/words.txt": "a", "notes.md": "no",
    }  # fmt: skip
    found = same_again(put(tmp_path, files))
    assert [p for p in found if p.startswith("plugins/")] == [
        "plugins/_help.py", "plugins/data/words.txt"
    ]  # fmt: skip
    assert "notes.md" not in found


def test_a_rubric_of_a_plugin_finds_what_it_hides(tmp_path: Path, monkeypatch: Any) -> None:
    """Its own name for an attribute stays a header."""
    from review.plugin.manager import Plugins, Registered  # noqa: PLC0415

    path = tmp_path / "registered.toml"
    path.write_text('blind = ["学校", "队名"]\n' + RUBRIC, encoding="utf-8")
    plugins = Plugins.load()
    known = plugins.rubrics()
    other = next(iter(known.values()))
    rubrics = {**known, "r": Registered(path, other.plugin)}
    monkeypatch.setattr(Plugins, "rubrics", lambda _self: rubrics)
    folder = tmp_path / "folder"
    rules = RULES.replace(
        '"proposals.csv"', '{ path = "proposals.csv", columns = { school = "学校" } }'
    )
    put(folder, {
        "competition.toml": rules, "proposals.csv": "id,title,学校,队名\np1,One,A,B\np2,Two,C,D\n"
    })  # fmt: skip
    (folder / "rubrics/r.toml").unlink()
    files = same_again(folder)
    assert app.load(folder).loaded.rubrics["one"].blind == ("school", "team")
    assert Grid.read(files["proposals.csv"]).header[-1] == "学校"


def test_a_workbook_with_everything_is_the_same_again(tmp_path: Path) -> None:
    folder = put(tmp_path, {"competition.toml": RULES.replace("proposals.csv", "all.xlsx")})
    with xlsxwriter.Workbook(folder / "all.xlsx") as book:
        sheet = book.add_worksheet("项目")
        sheet.write_row(0, 0, ["2024年申报表"])
        sheet.write_row(1, 0, ["编号", "名称", "金额"])
        sheet.write_row(2, 0, ["p1", "", 1.5])
        sheet.write_string(2, 1, "=1+1")
        sheet.write_row(3, 0, ["p2", "007", 2000])
    files = same_again(folder)
    assert Grid.read(files["proposals.csv"]).rows[0][:2] == ["p1", "=1+1"]


def test_parquet_is_the_same_again(tmp_path: Path) -> None:
    folder = put(tmp_path, {"competition.toml": RULES.replace("judges.csv", "j.parquet")})
    pl.DataFrame({"评委编号": ["j1", "j2"], "姓名": ["王 强", "Ben"]}).write_parquet(
        folder / "j.parquet"
    )
    assert same_again(folder)["judges.csv"].startswith(b"id,name,")


def test_headers_of_organisers_go_before_ours(tmp_path: Path) -> None:
    rules = RULES.replace(
        '"proposals.csv"', '{ path = "proposals.csv", columns = { team = "A", school = "B" } }'
    )
    text = "id,title,A,Team,B,School,@x\np1,One,a,b,c,d,e\np2,Two,f,g,h,i,j\n"
    files = same_again(put(tmp_path, {"competition.toml": rules, "proposals.csv": text}))
    found = tomllib.loads(files["competition.toml"].decode())["proposals"]
    assert found == {"path": "proposals.csv", "columns": {"team": "team 2", "School": "School 2"}}


def test_words_of_headers_among_the_cells_are_no_header(tmp_path: Path) -> None:
    words = "编号,项目名称,团队,社区,类别,金额,顺序,状态,状态说明,英文名称,中文名称"
    rules = RULES.replace('"judges.csv"', '{ path = "judges.csv", header_row = 1 }')
    judges = "id,name\nj1,Ann\nj2,Ben\n"
    header, blanks = ",".join(f"c{n}" for n in range(9)), "," * 9
    text = f"id,title,{header}\n{words}\np1,One{blanks}\np2,Two{blanks}\n"
    rules = rules.replace('"proposals.csv"', '{ path = "proposals.csv", header_row = 1 }')
    files = same_again(
        put(tmp_path, {"competition.toml": rules, "judges.csv": judges, "proposals.csv": text})
    )
    found = tomllib.loads(files["competition.toml"].decode())["proposals"]
    assert found == {"path": "proposals.csv", "header_row": 1}


def test_definition_names_marks_of_every_round_that_is_judged(tmp_path: Path) -> None:
    rules = RULES.replace('marks = "marks.csv"\n', "") + (
        '[[rounds]]\nid = "两/two"\nrubric = "r"\nmarks = "later/*.csv"\n'
        '[[rounds]]\nid = "sum"\nrubric = "r"\n[[rounds.parts]]\nfrom = "round:one"\n'
    )
    folder = put(tmp_path, {"competition.toml": rules, "decisions.csv": "proposal,what,by\n"})
    opened = app.load(folder, judged_live=True)
    assert errors(opened) == []
    files = definition(opened)
    assert [p for p in files if p.startswith("marks/") or p == "decisions.csv"] == []
    rounds = tomllib.loads(files["competition.toml"].decode())["rounds"]
    assert rounds[0]["marks"] == "marks/one.csv"
    assert rounds[1]["marks"].startswith("marks/两_two-")
    assert "marks" not in rounds[2]
    write_folder(files, tmp_path / "again")
    again = app.load(tmp_path / "again", judged_live=True)
    assert errors(again) == []
    assert rules_digest(again.loaded) == rules_digest(opened.loaded)


def test_marks_that_are_not_there_yet_are_an_error_unless_judged_live(tmp_path: Path) -> None:
    folder = put(tmp_path, {})
    (folder / "marks.csv").unlink()
    assert errors(app.load(folder)) == [("file_missing", "marks.csv")]
    assert app.load(folder, judged_live=True).problems == ()


def test_options_called_like_keys_stay_options() -> None:
    """A part may have an option `name`."""
    criteria = [{"id": "a"}]
    for options in ({"name": "b", "n": 1}, {"options": {"x": Decimal("1.0")}}, {"drop": 1}):
        data = {"id": "r", "criteria": criteria, "scorer": {"name": "s", "options": options}}
        rubric = Rubric.model_validate(data)
        text = rubric_toml(rubric).decode()
        assert Rubric.model_validate(tomllib.loads(text, parse_float=Decimal)) == rubric


def test_a_row_that_says_nothing_is_no_ballot(tmp_path: Path) -> None:
    marks_ = "proposal,judge,need,idea,comment\np1,j1,8,7,\np2,j1,,,\np2,j2,,,hm\n"
    opened = app.load(put(tmp_path, {"marks.csv": marks_}))
    assert [(b.proposal, b.judge, dict(b.cells), b.comment) for b in ballots(opened.loaded)] == [
        ("p1", "j1", {"need": ("8", None), "idea": ("7", None)}, None), ("p2", "j2", {}, "hm")
    ]  # fmt: skip

"""From a folder into the store and out again, on each engine."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from review import app
from review.errors import DataError, Refused
from review.output import result_text
from review.store import chain, changes, marks, people, rounds, transfer
from review.store.comparing import compared
from review.store.marks import Cell
from review.store.portable import Grid, definition
from review.store.transfer import Change
from tests.store.staging import new_op
from tests.store.test_portable import EXAMPLES, RULES, errors, put

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from review.app import Opened
    from review.model.result import Result
    from review.store.database import Database
    from review.store.writer import Writer

TWO = RULES.replace('marks = "marks.csv"', 'panel = "jury"\nmarks = "marks.csv"') + (
    '[rounds.shortlist]\nrule = "top"\nsize = 1\n'
    '[[rounds]]\nid = "final"\nrubric = "r"\nmarks = "later.csv"\n'
)
SEATED = "id,name,panel\nj1,Ann,jury\nj2,Ben,jury；other\nj3,Cy,\n"


def opened_from(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Opened:
    opened = app.load(put(folder, files or {}), judged_live=True)
    assert errors(opened) == []
    return opened


def taken_in(writer: Writer, opened: Opened) -> dict[str, str]:
    """The refs of the judges, by id."""
    writer.do(lambda conn: transfer.import_folder(conn, opened))
    return writer.do(refs)


def refs(conn: Connection) -> dict[str, str]:
    return {str(who.judge): who.ref for who in people.people(conn, "judge")}


def exported(database: Database, change: Change | None = None) -> dict[str, bytes]:
    with database.reading() as conn:
        return transfer.export_files(conn, change)


def run(files: Mapping[str, bytes]) -> Result:
    with tempfile.TemporaryDirectory() as name:
        transfer.write_folder(files, Path(name))
        opened = app.load(Path(name))
        assert errors(opened) == []
        return app.run(opened)


def table(files: Mapping[str, bytes], path: str) -> list[list[str | None]]:
    return [list(row) for row in Grid.read(files[path]).rows]


def sent(
    conn: Connection,
    person: str,
    cells: Mapping[str, Cell],
    *,
    base: Mapping[str, int] | None = None,
    comment: str | None = None,
) -> None:
    """A ballot on p2 in round `one`."""
    marks.record(
        conn, op=new_op(), person=person, round="one", proposal="p2", cells=cells,
        base=base or {}, comment=comment,
    )  # fmt: skip


def without_content(text: str) -> dict[str, object]:
    """A result but for its digest of content: comments are kept by ballot."""
    found: dict[str, object] = json.loads(text)
    return {key: value for key, value in found.items() if key != "content"}


@pytest.mark.parametrize("name", ["star-plan-2024", "pitch-day-xlsx"])
def test_examples_go_in_and_out_again(name: str, database: Database, writer: Writer) -> None:
    opened = app.load(EXAMPLES / name)
    taken_in(writer, opened)
    files = exported(database)
    again = result_text(run(files))
    assert without_content(again) == without_content(result_text(app.run(opened)))
    with database.reading() as conn:
        assert chain.verify(conn) == []
        assert transfer.compare_definition(conn, opened) == []
        assert transfer.export_files(conn) == files


def test_marks_go_in_as_first_revisions(tmp_path: Path, database: Database, writer: Writer) -> None:
    text = "proposal,judge,need,idea,comment\np1,j1,8,7.50,Good\np2,j1,6,,\np1,j2,弃权,9.5,\n"
    who = taken_in(writer, opened_from(tmp_path, {"marks.csv": text}))
    with database.reading() as conn:
        assert {tuple(m)[:7] for m in marks.current(conn, person=who["j1"])} == {
            ("one", who["j1"], "p1", "need", "8", None, 1),
            ("one", who["j1"], "p1", "idea", "7.5", None, 1),
            ("one", who["j1"], "p2", "need", "6", None, 1),
        }
        assert marks.ballot(conn, "one", who["j2"], "p1").cells == {
            "need": (None, "abstain", 1), "idea": ("9.5", None, 1)
        }  # fmt: skip
        assert marks.comments(conn) == {("one", who["j1"], "p1"): "Good"}
        events = [event.kind for event in chain.events(conn)]
        assert events == ["definition", "judge_added", "judge_added", *["ballot_imported"] * 3]
        assert chain.verify(conn) == []


def test_a_ballot_taken_in_can_be_corrected(database: Database, writer: Writer) -> None:
    """What came in many at a time is what came in one at a time."""
    with tempfile.TemporaryDirectory() as name:
        who = taken_in(writer, opened_from(Path(name)))
    writer.do(lambda conn: rounds.change(conn, "one", "open", version=0, actor="system"))
    ballot = {"need": Cell("7"), "idea": Cell("5")}
    writer.do(lambda conn: sent(conn, who["j1"], ballot, base={"need": 1}, comment="So, so"))
    files = exported(database)
    assert [row[:5] + row[6:] for row in table(files, "marks/one.csv")] == [
        ["p1", "j1", "need", "8", None, "1"], ["p1", "j1", "idea", "7", None, "1"],
        ["p1", "j2", "need", "abstain", None, "1"], ["p1", "j2", "idea", "9.5", None, "1"],
        ["p2", "j1", "need", "7", "So, so", "2"], ["p2", "j1", "idea", "5", None, "1"],
    ]  # fmt: skip
    assert all(row[5] for row in table(files, "marks/one.csv"))
    run(files)


def test_a_comment_without_marks_is_exported(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    who = taken_in(writer, opened_from(tmp_path))
    writer.do(lambda conn: rounds.change(conn, "one", "open", version=0, actor="system"))
    writer.do(lambda conn: sent(conn, who["j2"], {}, comment="Later"))
    files = exported(database)
    assert ["p2", "j2", "need", "-", "Later", None, "0"] in table(files, "marks/one.csv")
    run(files)


def test_when_marks_were_given_goes_out_and_is_read(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    who = taken_in(
        writer, opened_from(tmp_path / "in", {"marks.csv": "proposal,judge,need,idea\n"})
    )
    writer.do(lambda conn: rounds.change(conn, "one", "open", version=0, actor="system"))
    writer.do(lambda conn: sent(conn, who["j2"], {"need": Cell("7"), "idea": Cell("5")}))
    with database.reading() as conn:
        stored = {mark.at for mark in marks.current(conn, person=who["j2"])}
    transfer.write_folder(exported(database), tmp_path / "out")
    times = app.load(tmp_path / "out").loaded.times
    assert times is not None
    assert times.select("proposal", "judge", "criterion").rows() == [
        ("p2", "j2", "idea"), ("p2", "j2", "need"),
    ]  # fmt: skip
    assert {at.isoformat(timespec="microseconds") for at in times["at"]} == {
        text.removesuffix("Z") for text in stored
    }


def test_an_event_is_taken_in_once(tmp_path: Path, writer: Writer) -> None:
    opened = opened_from(tmp_path)
    taken_in(writer, opened)
    with pytest.raises(Refused) as refused:
        taken_in(writer, opened)
    assert refused.value.code == "event_exists"


def test_a_folder_with_errors_is_not_taken_in(tmp_path: Path, writer: Writer) -> None:
    opened = app.load(put(tmp_path, {"judges.csv": "id,name\nj1,Ann\n"}))
    with pytest.raises(DataError):
        taken_in(writer, opened)
    with pytest.raises(DataError):
        writer.do(lambda conn: transfer.renew(conn, opened, actor="system"))


def test_rulings_and_statuses_of_the_store_are_exported(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    rulings = "round,proposal,what,by\none,p2,in,Chair\n"
    proposals = "id,title,status,status_reason\np1,One,absent,ill\np2,Two,,\n"
    files = {"competition.toml": TWO, "decisions.csv": rulings, "judges.csv": SEATED}
    taken_in(writer, opened_from(tmp_path, {**files, "proposals.csv": proposals}))
    assert table(exported(database), "decisions.csv") == [["one", "p2", "in", "Chair", None, None]]
    restored = Change(statuses={"p1": None, "p2": "withdrawn"}, undone=[1])
    found = exported(database, Change(**json.loads(json.dumps(asdict(restored)))))
    assert "decisions.csv" not in found
    assert [row[-2:] for row in table(found, "proposals.csv")] == [
        [None, None],
        ["withdrawn", None],
    ]
    writer.do(lambda c: changes.set_proposal_status(c, "p2", "withdrawn", actor="o", why="moved"))
    writer.do(lambda c: changes.set_proposal_status(c, "p1", None, actor="o", why="well again"))
    writer.do(lambda c: changes.undo_decision(c, 1, actor="o"))
    ruling = {"round": "one", "proposal": "p1", "what": "in", "by": "Chair", "second": None}
    writer.do(lambda c: changes.decide(c, **ruling, why="fair", actor="o"))  # type: ignore[arg-type]
    found = exported(database)
    assert [row[-2:] for row in table(found, "proposals.csv")] == [
        [None, None], ["withdrawn", "moved"]
    ]  # fmt: skip
    assert table(found, "decisions.csv") == [["one", "p1", "in", "Chair", None, "fair"]]
    more = exported(database, Change(decisions=[{**ruling, "what": "tie:1", "why": "x"}]))
    assert len(table(more, "decisions.csv")) == 2
    run(found)


def test_status_goes_into_a_column_of_another_name(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    rules = RULES.replace(
        '"proposals.csv"', '{ path = "proposals.csv", columns = { status = "S" } }'
    )
    text = "id,title,S,Status\np1,One,,x\np2,Two,absent,y\n"
    taken_in(writer, opened_from(tmp_path, {"competition.toml": rules, "proposals.csv": text}))
    found = exported(database, Change(statuses={"p1": "withdrawn"}))
    frame = run(found).source.proposals
    assert frame.select("status", "Status").rows() == [("withdrawn", "x"), ("absent", "y")]


def judged(tmp_path: Path, writer: Writer, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Two rounds: on `one` j1 has marked both proposals, the second in part; j2 the first."""
    files = {"competition.toml": TWO, "judges.csv": SEATED, **(more or {})}
    return taken_in(writer, opened_from(tmp_path, files))


def test_of_a_judge_left_out_nothing_remains(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    more = {
        "conflicts.csv": "judge,proposal\nj1,p2\nj3,p1\n",
        "assignments.csv": "round,judge,proposal\none,j1,p1\none,j2,p1\n",
        "marks.csv": "proposal,judge,need,idea\np1,j1,8,7\np1,j2,6,6\n",
    }
    who = judged(tmp_path, writer, more)
    found = exported(database, Change(judges={who["j1"]: "left_out"}))
    assert [row[0] for row in table(found, "judges.csv")] == ["j2", "j3"]
    assert [row[0] for row in table(found, "conflicts.csv")] == ["j3"]
    assert [row[1] for row in table(found, "assignments.csv")] == ["j2"]
    assert {row[1] for row in table(found, "marks/one.csv")} == {"j2"}
    run(found)
    writer.do(lambda c: changes.withdraw_judge(c, who["j1"], "left_out", actor="o", why="x"))
    assert exported(database) == found
    back = exported(database, Change(judges={who["j1"]: None}))
    assert len(table(back, "judges.csv")) == 3


def test_no_more_is_expected_of_a_judge_whose_marks_are_kept(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    who = judged(tmp_path, writer)
    before = run(exported(database)).rounds[0]
    assert (before.expected, before.marked, before.missing) == (8, 4, 3)
    writer.do(lambda c: changes.withdraw_judge(c, who["j1"], "kept", actor="o", why="x"))
    found = exported(database)
    assert table(found, "assignments.csv") == [
        ["one", "j1", "p1"], ["one", "j2", "p1"], ["one", "j2", "p2"],
        ["final", "j2", "p1"], ["final", "j2", "p2"], ["final", "j3", "p1"], ["final", "j3", "p2"],
    ]  # fmt: skip
    after = run(found).rounds[0]
    assert (after.expected, after.marked, after.missing) == (6, 3, 2)
    assert [row[1] for row in table(found, "marks/one.csv")].count("j1") == 3


def test_assignments_of_a_judge_whose_marks_are_kept_end_where_they_marked(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    rows = "round,judge,proposal\none,j1,p1\none,j1,p2\none,j2,p2\nfinal,j1,p1\n"
    who = judged(tmp_path, writer, {"assignments.csv": rows})
    found = exported(database, Change(judges={who["j1"]: "kept"}))
    # the last row of a round stays: without any, everybody would be asked
    assert table(found, "assignments.csv") == [
        ["one", "j1", "p1"], ["one", "j2", "p2"], ["final", "j1", "p1"]
    ]  # fmt: skip


def test_a_judge_whose_marks_are_complete_changes_nothing(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    text = "proposal,judge,need,idea\np1,j1,8,7\np2,j1,6,5\n"
    who = taken_in(writer, opened_from(tmp_path, {"marks.csv": text}))
    assert "assignments.csv" not in exported(database, Change(judges={who["j1"]: "kept"}))


def test_what_a_mark_would_do(tmp_path: Path, database: Database, writer: Writer) -> None:
    who = taken_in(writer, opened_from(tmp_path))
    cell = {"round": "one", "person": who["j1"], "proposal": "p1", "criterion": "need"}
    new = {**cell, "proposal": "p2", "criterion": "idea", "person": who["j2"]}
    found = exported(
        database,
        Change(
            marks=[{**cell, "mark": "1", "state": None}, {**new, "mark": None, "state": "absent"}]
        ),
    )
    rows = table(found, "marks/one.csv")
    assert ["p1", "j1", "need", "1", None, None, "2"] in rows
    assert ["p2", "j2", "idea", "absent", None, None, "1"] in rows
    run(found)


def test_registered_rubrics_count_what_anybody_marked(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    """The store knows their criteria from marks alone."""
    rules = RULES.replace('rubric = "r"', 'rubric = "community-proposal"')
    opened = app.load(EXAMPLES / "star-plan-2024")
    criteria = [c.id for c in opened.loaded.rubrics["selection"].criteria]
    text = "proposal,judge,criterion,mark\n" + "".join(
        f"p1,{judge},{criterion},7\n"
        for judge in ("j1", "j2") for criterion in criteria[: 9 if judge == "j1" else 1]
    )  # fmt: skip
    files = {"competition.toml": rules, "marks.csv": text}
    who = taken_in(writer, opened_from(tmp_path, files))
    found = exported(database, Change(judges=dict.fromkeys(who.values(), "kept")))
    assert table(found, "assignments.csv") == [["one", "j1", "p1"]]


def test_a_definition_that_fits_is_taken_over(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    taken_in(writer, opened_from(tmp_path))
    judges = "id,name\nj1,Anna\nj2,Ben\nj9,New\n"
    opened = opened_from(
        tmp_path, {"judges.csv": judges, "proposals.csv": "id,title\np1,O\np2,T\n"}
    )
    with database.reading() as conn:
        told = [m.render("en") for m in transfer.compare_definition(conn, opened)]
    assert told == [
        "judges.csv: the folder and the event differ in j1, j9",
        "proposals.csv: the folder and the event differ in p1, p2",
    ]
    preview = exported(database, Change.of_files(definition(opened)))
    assert writer.do(lambda conn: transfer.renew(conn, opened, actor="o")) == 2
    with database.reading() as conn:
        assert [w.name for w in people.people(conn, "judge")] == ["Anna", "Ben", "New"]
        assert transfer.compare_definition(conn, opened) == []
        assert chain.verify(conn) == []
    assert exported(database) == preview


def test_everything_that_differs_is_told(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    rules = RULES + "[facts.f]\npath = 'f.csv'\ncolumns = { n = 'count' }\n"
    files = {"conflicts.csv": "judge,proposal\nj2,p2\n", "f.csv": "proposal\np1\n"}
    taken_in(writer, opened_from(tmp_path, {**files, "competition.toml": rules}))
    (tmp_path / "conflicts.csv").unlink()
    many = PROPOSALS_OF_MANY
    (tmp_path / "new").mkdir()
    opened = opened_from(
        tmp_path / "new",
        {
            "competition.toml": rules.replace('"x"', '"y"') + "[award_policy]\nmin_ballots = 2\n",
            "f.csv": "proposal\np2\n", "proposals.csv": many,
            "judges.csv": "id,name,x\nj1,Ann,\nj2,Ben,\n",
            "assignments.csv": "round,judge,proposal\n",
            "decisions.csv": "proposal,what,by\np1,tie:1,Chair\n",
        },
    )  # fmt: skip
    with database.reading() as conn:
        told = [m.render("en") for m in transfer.compare_definition(conn, opened)]
    ids = "p10, p11, p12, p13, p14, p3, p4, p5, p6, p7, …"
    rulings = "the folder has rulings that the event does not know (1); they are not taken over:"
    assert told == [
        "assignments.csv: the folder has it, the event does not",
        "competition.toml: the folder and the event differ in id, award_policy",
        "conflicts.csv: the event has it, the folder no longer does",
        "f.csv: the folder and the event differ",
        "judges.csv: the folder and the event differ in j1, j2",
        f"proposals.csv: the folder and the event differ in {ids}",
        f"{rulings} decide in the application",
    ]


PROPOSALS_OF_MANY = "id,title\np1,One\np2,Two\n" + "".join(f"p{n},N{n}\n" for n in range(3, 15))


def test_a_table_of_the_same_rows_in_another_order_differs() -> None:
    told = compared({"judges.csv": b"id,n\na,1\nb,2\n"}, {"judges.csv": b"id,n\nb,2\na,1\n"})
    assert [m.render("en") for m in told] == ["judges.csv: the folder and the event differ"]


def test_marks_that_fit_no_more_are_told(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    text = "round,proposal,judge,criterion,mark\n" + "".join(
        f"{row}\n"
        for row in (
            "one,p1,j1,need,8", "one,p1,j1,idea,7.25", "one,p2,j1,need,abstain", "two,p2,j1,need,6",
            "one,p1,j2,need,2",
        )
    )  # fmt: skip
    second = '[[rounds]]\nid = "two"\nrubric = "r"\nmarks = "marks.csv"\n'
    taken_in(writer, opened_from(tmp_path, {"competition.toml": RULES + second, "marks.csv": text}))
    rubric = 'id = "r"\n[[criteria]]\nid = "need"\nscale = { min = 5, max = 10, step = 2 }\n'
    opened = opened_from(
        tmp_path,
        {
            "competition.toml": RULES, "rubrics/r.toml": rubric,
            "marks.csv": "proposal,judge,need\n",
            "judges.csv": "id,name\nj1,Ann\n", "proposals.csv": "id,title\np1,One\n",
        },
    )  # fmt: skip
    with database.reading() as conn:
        told = [m.render("en") for m in transfer.compare_definition(conn, opened)][-6:]
    assert sorted(told) == [
        "1 stored marks are by judge “j2”, who would be gone",
        "1 stored marks are of round “two”, which would be gone or not judged",
        "1 stored marks of round “one” are on “idea”, which would be gone",
        "2 stored marks are on proposal “p2”, which would be gone",
        "2 stored marks of round “one” on “need” would be off its scale",
        "rubrics/r.toml: the folder and the event differ",
    ]
    with pytest.raises(Refused) as refused:
        writer.do(lambda conn: transfer.renew(conn, opened, actor="o"))
    assert refused.value.code == "marks_do_not_fit"
    assert len(refused.value.details["problems"]) == 5  # type: ignore[arg-type]


def test_a_ruling_whose_author_was_erased_is_exported(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    rulings = "round,proposal,what,by\none,p2,in,Chair\n"
    files = {"competition.toml": TWO, "decisions.csv": rulings, "judges.csv": SEATED}
    taken_in(writer, opened_from(tmp_path, files))
    with database.writing() as conn:
        conn.exec_driver_sql(
            "UPDATE decision SET by = NULL, second = NULL, why = NULL, salt = NULL"
        )
    assert table(exported(database), "decisions.csv") == [["one", "p2", "in", "—", None, None]]


@pytest.mark.slow
def test_a_large_event_goes_in_and_out_in_seconds(
    tmp_path: Path, database: Database, writer: Writer
) -> None:
    """75,000 marks; the bounds leave room for a machine with other work."""
    judges = "id,name\n" + "".join(f"j{n},N{n}\n" for n in range(300))
    proposals = "id,title\n" + "".join(f"p{n},T{n}\n" for n in range(50))
    rubric = 'id = "r"\n' + "".join(f'[[criteria]]\nid = "c{n}"\n' for n in range(5))
    rows = (f"p{p},j{j},1,2,3.5,4,{j % 10}.25,so\n" for j in range(300) for p in range(50))
    files = {
        "judges.csv": judges, "proposals.csv": proposals, "rubrics/r.toml": rubric,
        "marks.csv": "proposal,judge,c0,c1,c2,c3,c4,comment\n" + "".join(rows),
    }  # fmt: skip
    opened = opened_from(tmp_path, files)
    start = time.process_time()
    taken_in(writer, opened)
    middle = time.process_time()
    found = exported(database)
    end = time.process_time()
    assert (middle - start, end - middle) < (5.0, 2.0)
    assert end - middle < 2.0
    frame = pl.read_csv(found["marks/one.csv"])
    assert frame.height == 75_000
    assert frame["comment"].drop_nulls().len() == 15_000

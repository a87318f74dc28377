"""An event with unlikely words wherever something is known of people."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from review.live import publishing
from review.store import changes, marks, people
from tests.live.folders import RUBRIC, hall, table
from tests.occasion import Occasion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.occasion import Visitor

COMPETITION = """
format = 1
id = "gala"
title = "Gala"
seed = 3
proposals = { path = "proposals.csv", columns = { status_reason = "Wherefore" } }
judges = { path = "judges.csv", columns = { panel = "Seats", name = "Who" } }

[conflicts]
same = [["organisation", "team"], ["expertise", "team"]]
marks = "exclude"

[facts.talks]
path = "talks.csv"
columns = { talks = "count", minutes = "latest:minutes by day" }

[facts.visits]
path = { path = "visits.xlsx", sheet = "Visits" }
columns = { visitors = "sum:visitors" }

[facts.clean]
path = "clean.csv"
columns = { stalls = "max:stalls" }

[[rounds]]
id = "first"
rubric = "simple"
panel = "floor"
[[rounds.parts]]
from = "own"
[[rounds.parts]]
from = "fact:talks"
[[rounds.parts]]
from = "fact:minutes"
times = 0.1
[[rounds.parts]]
from = "fact:visitors"
times = 0.01
[[rounds.parts]]
from = "fact:stalls"
[[rounds.parts]]
from = "fact:phone calls"
[rounds.shortlist]
rule = "top"
size = 3

[[rounds]]
id = "final"
entrants = "first"
rubric = "simple"

[[awards]]
id = "best"
title = "Best"
award = "top_score"
round = "first"
count = 2

[award_policy]
one_per = "contact"
"""
JUDGES = (
    ("id", "Who", "Seats", "organisation", "email", "expertise", "nickname"),
    ("Zyxwabel", "Zyxwabel Quorn", "floor;jury", "Vexworks", "zq@quornmail.example", "Sell", "Zyq"),
    ("j2", "Bo", "floor", "Green", "bo@quornmail.example", "phrenology", ""),
    ("j3", "钱不凡", "floor", "", "", "", "Quuxy"),
)
PROPOSALS = (
    ("id", "title", "team", "contact", "phone calls", "mobile", "status", "Wherefore"),
    ("p1", "Garden", "Green", "Uma Umlaut", "2", "555-7771", "", ""),
    ("p2", "Choir", "Song", "Uma Umlaut", "1", "555-7772", "", ""),
    ("p3", "Workshop", "Wood", "Ivo Ives", "", "555-7773", "", ""),
    ("p4", "Market", "Sell", "", "", "555-7774", "", ""),
    ("p5", "Museum", "Look", "", "", "", "withdrawn", "gone fishing"),
)
TALKS = (
    ("proposal", "minutes", "day", "told by"),
    ("p1", "10", "2026-01-02", "Zyxwabel Quorn"),
    ("p1", "20", "2026-01-03", "nobody"),
    ("p2", "30", "2026-01-02", ""),
)
CLEAN = (("proposal", "stalls"), ("p2", "2"))
ASSIGNMENTS = (
    ("round", "judge", "proposal"),
    *(("first", judge, f"p{n}") for judge in ("Zyxwabel", "j2", "j3") for n in (1, 2, 3, 4)),
)
#: Words of people, wherever they stand; team and title of proposals are not among them.
PLANTED = (
    "Zyxwabel", "Quorn", "quornmail", "Vexworks", "phrenology", "Zyq", "Quuxy", "钱不凡",
    "Umlaut", "Ives", "555-777", "gone fishing", "Olga", "olgalogin", "overmuch", "Quincy",
    "unheard", "slipshod", "halfway", "tardy", "argon2",
)  # fmt: skip


def gala(folder: Path, files: Mapping[str, str | None] | None = None) -> Path:
    """The folder; `files` to add, replace or (None) leave out."""
    folder.mkdir()
    workbook = io.BytesIO()
    with xlsxwriter.Workbook(workbook, {"in_memory": True}) as book:
        book.set_properties({"author": "Zyxwabel Quorn"})
        sheet = book.add_worksheet("Visits")
        for n, row in enumerate((("proposal", "visitors"), ("p1", 12.5), ("p3", 200))):
            sheet.write_row(n, 0, row)
        book.add_worksheet("Desk").write(0, 0, "Quuxy")
    (folder / "visits.xlsx").write_bytes(workbook.getvalue())
    usual = {
        "competition.toml": COMPETITION,
        "rubrics/simple.toml": RUBRIC,
        "proposals.csv": table(PROPOSALS),
        "judges.csv": table(JUDGES),
        "talks.csv": table(TALKS),
        "clean.csv": table(CLEAN),
        "assignments.csv": table(ASSIGNMENTS),
        "conflicts.csv": table((("judge", "proposal", "reason"), ("j3", "p3", "overmuch love"))),
    }
    return hall(folder, {**usual, **(files or {})})


def played(folder: Path, url: str | None = None) -> tuple[Occasion, dict[str, Visitor]]:
    """The event after a round: marked, ruled, one withdrawn, published; who is signed in."""
    occasion = Occasion.of(folder, url)
    olga = occasion.organiser("Olga")
    visitors = {"Olga": olga, **{j: occasion.judge(j) for j in ("Zyxwabel", "j2", "j3")}}
    occasion.move("open", round_id="first")
    for n, judge in enumerate(("Zyxwabel", "j2", "j3")):
        for m, proposal in enumerate(("p1", "p2", "p3", "p4")):
            if (judge, proposal) in {("Zyxwabel", "p4"), ("j2", "p1"), ("j3", "p3")}:
                continue
            cells: dict[str, str | None] = {"need": str(9 - n - m), "team spirit": str(5 + m)}
            answer = visitors[judge].mark(
                proposal, cells, round_id="first", comment=f"slipshod {judge} {proposal}"
            )
            assert answer.status_code == 200, answer.text
    occasion.event.writer.do(_rest)
    occasion.move("locked", "closed", round_id="first")
    return occasion, visitors


def publish(occasion: Occasion, until: str | None = None, *, awards: bool = True) -> None:
    """Publish the first round as Olga does."""
    with occasion.event.database.reading() as conn:
        olga = people.people(conn, "organiser")[0]
    what = publishing.What(("first",), awards=awards)
    publishing.publish(occasion.event, olga, what, until=until)


def _rest(conn: Connection) -> None:
    olga = next(who for who in people.people(conn, "organiser") if who.name == "Olga")
    known = {who.judge: who for who in people.people(conn, "judge")}
    people.set_password(conn, olga.ref, "olgalogin", "$argon2id$v=19$x")
    people.new_code(conn, known["j3"].ref)
    marks.save_draft(conn, "first", known["j3"].ref, "p1", {"comment": "halfway"})
    changes.decide(
        conn, round="first", proposal="p4", what="in", by="Quincy", second=None, why="unheard",
        actor=olga.ref,
    )  # fmt: skip
    changes.set_proposal_status(conn, "p3", "disqualified", actor=olga.ref, why="tardy")

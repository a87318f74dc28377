"""A tutorial as a story that can be told again: its steps, done in a folder by the real commands.

A page is read from top to bottom. What a reader does by hand stands in a block behind a comment:

- `<!-- write: PATH -->`: the block is the file;
- `<!-- change: PATH -->`: of a `.toml` file the block shows sections as they read after the step,
  of a `.csv` file rows;
- `<!-- sheet: PATH#SHEET -->`: the table is a sheet of a workbook, as spreadsheet programs show it.

In a `console` block the lines that begin with `$ ` are typed, and the others are what is printed:
all of it, or of the last command the paragraphs that `<!-- shows: FIRST WORDS | … -->` names.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STEP = re.compile(
    r"(?P<mark><!-- (?P<verb>write|change|sheet|shows): (?P<what>[^\n]+?) -->\n\n?)?"
    r"(?:(?P<open>```(?P<language>\w+)\n)(?P<body>.*?)(?P<close>^```$)|(?P<table>(?:^\|[^\n]*\n)+))",
    re.MULTILINE | re.DOTALL,
)
HEADER = re.compile(r"^\[+([\w.-]+)\]+", re.MULTILINE)
NOT_DONE = {"sh", "powershell", "python"}  # installing and code are other tests' business


class Story:
    """A page told in `folder`, where `review` runs a command and returns what it prints."""

    def __init__(self, folder: Path, review: Callable[[list[str]], str]) -> None:
        self.folder = folder
        self.review = review
        self.workbooks: dict[str, dict[str, list[list[str]]]] = {}

    def told(self, page: str) -> str:
        """The page with every output as it is now."""
        return STEP.sub(self.step, page)

    def step(self, found: re.Match[str]) -> str:
        verb, what, language = found["verb"], found["what"], found["language"]
        if language == "console":
            shown = (what or "").split(" | ") if verb == "shows" else []
            body = self.typed(found["body"], shown)
            return f"{found['mark'] or ''}{found['open']}{body}{found['close']}"
        if verb == "write":
            self.write(what, found["body"])
        elif verb == "change":
            change = changed_table if what.endswith(".csv") else changed_rules
            self.write(what, change(self.read(what), found["body"]))
        elif verb == "sheet":
            path, _, name = what.partition("#")
            self.sheet(path, name, found["table"])
        elif language not in {None, *NOT_DONE}:
            msg = f"nobody knows what to do with this block:\n{found[0]}"
            raise AssertionError(msg)
        return found[0]

    def read(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8", newline="\n")

    def typed(self, block: str, shown: list[str]) -> str:
        lines: list[str] = []
        commands = re.findall(r"^\$ (.+)$", block, re.MULTILINE)
        for command in commands:
            name, *arguments = shlex.split(command)
            assert name == "review"
            printed = self.review(arguments)
            short = shown and command == commands[-1]
            lines += [f"$ {command}", *(excerpt(printed, shown) if short else printed.splitlines())]
        return "".join(f"{line.rstrip()}\n" for line in lines)

    def sheet(self, path: str, name: str, table: str) -> None:
        """Row numbers and column letters of the table are the spreadsheet program's."""
        rows = [[cell.strip() for cell in line.split("|")[2:-1]] for line in table.splitlines()[2:]]
        sheets = self.workbooks.setdefault(path, {})
        sheets[name] = rows
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(self.folder / path) as workbook:
            for sheet, cells in sheets.items():
                worksheet = workbook.add_worksheet(sheet)
                for i, row in enumerate(cells):
                    for j, cell in enumerate(row):
                        put = worksheet.write_number if is_number(cell) else worksheet.write_string
                        put(i, j, float(cell) if is_number(cell) else cell)


def is_number(cell: str) -> bool:
    try:
        Decimal(cell)
    except InvalidOperation:
        return False
    return True


def excerpt(printed: str, shown: list[str]) -> list[str]:
    """The paragraphs that begin so, `…` where something is left out."""
    lines: list[str] = []
    left_out = False
    wanted = list(shown)
    for paragraph in re.split(r"\n\n+", printed.strip("\n")):
        if wanted and paragraph.lstrip().startswith(wanted[0]):
            wanted.pop(0)
            lines += ["…"] if left_out else [""] if lines else []
            lines += paragraph.splitlines()
            left_out = False
        else:
            left_out = True
    assert wanted == [], f"{wanted} is not printed:\n{printed}"
    return [*lines, "…"] if left_out else lines


def changed_table(was: str, new: str) -> str:
    """Rows of the same first two cells are replaced; the others are added."""
    rows = list(csv.reader(io.StringIO(was)))
    for row in csv.reader(io.StringIO(new)):
        place = next((i for i, each in enumerate(rows) if each[:2] == row[:2]), len(rows))
        rows[place : place + 1] = [row]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def changed_rules(was: str, new: str) -> str:
    """Sections as they read from now on; lines before the first one go near the top."""
    starts = [found.start() for found in HEADER.finditer(new)]
    top = new[: starts[0]] if starts else new
    for line in top.splitlines():
        was = with_line(was, line)
    for unit in units(new):
        found = [each for each in units(was, begins=unit) if same(each, unit)]
        assert len(found) <= 1, f"which section is it?\n{unit}"
        was = was.replace(found[0], unit) if found else f"{was.rstrip()}\n\n{unit}\n"
    return was


def with_line(text: str, line: str) -> str:
    if not line.strip():
        return text
    head = text[: HEADER.search(text).start()]  # type: ignore[union-attr]
    key = line.partition("=")[0].strip()
    there = re.compile(rf"^(# )?{key} = .*$", re.MULTILINE)
    changed = there.sub(lambda _: line, head) if there.search(head) else f"{line}\n{head}"
    return changed + text[len(head) :]


def units(text: str, begins: str = "") -> list[str]:
    """Each section with those below it (`[[rounds]]` with its `[rounds.shortlist]`).

    Where `begins` is a section below another, the sections are taken one by one.
    """
    alone = bool(begins) and "." in HEADER.match(begins)[1]  # type: ignore[index]
    names = list(HEADER.finditer(text))
    starts = [
        found.start()
        for i, found in enumerate(names)
        if alone or i == 0 or not below(found[1], names[i - 1][1])
    ]
    return [without_tail(text[start:end]) for start, end in pairwise([*starts, len(text)])]


def below(name: str, before: str) -> bool:
    """`rounds.parts` after `rounds` or `rounds.shortlist`; facts are each on their own."""
    return name.startswith("rounds.") and before.partition(".")[0] == "rounds"


def without_tail(section: str) -> str:
    """A section without the comments of the next."""
    lines = section.rstrip().splitlines()
    while not lines[-1].strip() or lines[-1].startswith("#"):
        lines.pop()
    return "\n".join(lines)


def same(section: str, other: str) -> bool:
    """Whether both begin with the same line in brackets and have the same id, or none."""
    return named(section) == named(other)


def named(section: str) -> tuple[str, str | None]:
    found = re.search(r"^id = (\S+)", section, re.MULTILINE)
    return section.splitlines()[0].split("#")[0].strip(), found and found[1]

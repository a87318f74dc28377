"""What docs/shortlists.md shows is what the rules say."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from review import Entrant
from review_plugins.shortlists import SHORTLISTS

PAGE = Path(__file__).parents[2] / "docs" / "shortlists.md"
EXAMPLE = re.compile(r"```toml\n(.+?)```\n\n(\| proposal .+?)\n\n```text\n(.+?)```", re.DOTALL)
RULES = {rule.id: rule for rule in SHORTLISTS}


def _entrants(table: str) -> list[Entrant]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return [
        Entrant(proposal, int(rank), Decimal(-int(rank)), {"community": home, "category": kind})
        for proposal, rank, home, kind in rows[2:]
    ]


@pytest.mark.parametrize(("options", "table", "shown"), EXAMPLE.findall(PAGE.read_text("utf-8")))
def test_example_of_the_docs_comes_out_as_shown(options: str, table: str, shown: str) -> None:
    declared = tomllib.loads(options)
    rule = RULES[declared.pop("rule")](line=declared.pop("line", "report"), options=declared)
    entrants = _entrants(table)
    selection = rule.select(entrants)
    lines = [
        f"{proposal} {' '.join(filter(None, [choice.status, str(choice.place or '')]))}: "
        f"{choice.reason.render('en')}"
        for proposal, choice in selection.choices.items()
    ]
    lines += [f"note: {note.render('en')}" for note in selection.notes]
    assert lines == shown.splitlines()


def test_docs_have_an_example_of_each_topic() -> None:
    assert len(EXAMPLE.findall(PAGE.read_text("utf-8"))) == 4

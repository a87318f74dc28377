"""`review anonymise` on a played event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.cli.width import display_width
from review.store import changes, people
from review.store.database import Database
from tests.live.folders import RUBRIC
from tests.live.gala import PLANTED, gala, played, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

WARNING = """\
In {database} these are erased:
- names, logins and passwords; judges become judge-1, judge-2 …
- comments, reasons, drafts, and who gave which ruling
- every link, code and session: everybody is signed out
- of judges all but their panels; of proposals contact data
Marks, ranks, shortlists and awards stay. This cannot be undone.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return gala(tmp_path / "gala")


def names(url: str | Path) -> set[str]:
    database = Database.open(url)
    with database.reading() as conn:
        found = {who.name for who in people.people(conn)}
    database.close()
    return found


def test_it_asks_tells_and_says_what_it_did(
    folder: Path, database_url: str, review: Callable[..., Result]
) -> None:
    occasion, _ = played(folder, database_url)
    publish(occasion)
    shown = occasion.event.database.shown
    occasion.event.close()
    before = names(database_url)
    refused = review("anonymise", folder, "--database", database_url)
    asked = f"{WARNING.format(database=shown)}Erase for good? [y/N]:"
    assert "".join(refused.stdout.split()) == "".join(asked.split())  # wherever lines break
    assert refused.exit_code == 1
    assert names(database_url) == before
    done = review("anonymise", folder, "--database", database_url, "--yes")
    lines = done.output.splitlines()
    assert lines[:2] == [
        "Erased: 5 people, 11 texts, 1 ruling’s author, 1 publication",
        "Published anew without names: first, awards",
    ]
    assert lines[2].startswith("The record verifies (")
    assert lines[3:] == [
        "Copies, exports and the folder itself still have what they had: delete them."
    ]
    assert done.exit_code == 0
    assert names(database_url) == {""}


def test_open_rounds_outdated_results_and_names_in_rules_are_told(
    tmp_path: Path, review: Callable[..., Result]
) -> None:
    folder = gala(
        tmp_path / "gala",
        {"rubrics/simple.toml": f'description = "As Zyxwabel Quorn wished"\n{RUBRIC}'},
    )
    occasion, _ = played(folder)
    publish(occasion, awards=False)
    publish(occasion, "2999-01-01T00:00:00Z")
    occasion.move("open", round_id="first")
    occasion.event.writer.do(
        lambda conn: changes.set_proposal_status(conn, "p2", "absent", actor="system", why="")
    )
    occasion.event.close()
    warned = review("anonymise", folder)
    assert "Not closed yet: “first”. Judges need new links to go on." in warned.output
    done = review("anonymise", folder, "--yes")
    told = " ".join(done.output.split())
    assert (
        "No longer published, since the result is another one by now: first; first, awards. Look at"
        " it, and publish it anew. Judges’ names stand in rubrics/simple.toml as well; these stay"
        " as they are." in told
    )
    assert "Published anew" not in told


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_everything_fits_eighty_columns(
    folder: Path, language: str, review: Callable[..., Result]
) -> None:
    occasion, _ = played(folder)
    occasion.event.close()
    for more in ((), ("--yes",)):
        printed = review("anonymise", folder, "--lang", language, *more).output
        assert printed
        assert max(display_width(line) for line in printed.splitlines()) <= 80
        assert [word for word in PLANTED if word in printed] == []


def test_event_that_is_served_is_refused(folder: Path, review: Callable[..., Result]) -> None:
    occasion, _ = played(folder)
    done = review("anonymise", folder, "--yes")
    assert done.exit_code == 1
    assert "another server has" in done.output
    assert "Olga" in names(folder / "live.sqlite3")
    occasion.event.close()


def test_folder_without_event_has_nobody_to_erase(
    folder: Path, review: Callable[..., Result]
) -> None:
    done = review("anonymise", folder, "--yes")
    assert done.exit_code == 2
    assert not (folder / "live.sqlite3").exists()


def test_record_that_was_altered_is_told(folder: Path, review: Callable[..., Result]) -> None:
    occasion, _ = played(folder)
    with occasion.event.database.writing() as conn:
        conn.exec_driver_sql("UPDATE proposal_state SET at = 'never'")
        assert changes.statuses(conn)["p3"].at == "never"
    occasion.event.close()
    done = review("anonymise", folder, "--yes")
    assert done.exit_code == 1
    assert "proposal_state p3: changed past the application" in done.output
    assert "verifies" not in done.output

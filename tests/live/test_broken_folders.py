"""Whatever is in a folder, opening it ends in words or in an event, never in between."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from review.errors import DataError, ReviewError
from review.live.event import Event
from review.store import chain
from tests.occasion import make_folder

if TYPE_CHECKING:
    from pathlib import Path

FILES = (
    "competition.toml", "rubrics/pitch.toml", "proposals.csv", "judges.csv", "conflicts.csv",
    "assignments.csv", "decisions.csv", "marks/pitch.csv", "plugins/own.py",
)  # fmt: skip
TABLES = {
    "conflicts.csv": "judge,proposal,reason\nlin,p01,cousin\n",
    "assignments.csv": "round,judge,proposal\npitch,lin,p01\npitch,zhou,p02\n",
    "decisions.csv": "round,proposal,what,by,second,why\npitch,p02,in,Chair,Vice,因为\n",
    "marks/pitch.csv": "proposal,judge,criterion,mark,comment\np02,zhou,need,8.5,good\n",
    "plugins/own.py": (
        "from review import hookimpl\n\n@hookimpl\ndef register_awards():\n    return []\n"
    ),
}
#: What people and spreadsheets put where it does not belong.
ODD = (
    "", "\0", "\ufeff", '"', "'", ",", ",,,,", "\n", "\r", "\n\n\n", "[[", "]]", "= ", "1e999",
    "-1", "NaN", "０", "９９９", "弃权", "absent", "=1+1", "p01", "lin", "../../etc/passwd",
    "🙃", "\x1a", "a" * 400, "true", "[[rounds]]\nid = 'pitch'\n", "raise SystemExit", "x = 1/0\n",
)  # fmt: skip
changes = st.tuples(
    st.sampled_from(FILES), st.floats(0, 1), st.integers(0, 30),
    st.sampled_from(ODD) | st.text(max_size=8), st.sampled_from(["utf-8", "utf-16", "gb18030"]),
)  # fmt: skip


def spoil(folder: Path, change: tuple[str, float, int, str, str]) -> None:
    """Take some characters out of a file and put others there."""
    name, place, length, text, encoding = change
    before = (folder / name).read_text(encoding="utf-8", errors="replace")
    at = int(place * len(before))
    after = before[:at] + text + before[at + length :]
    (folder / name).write_bytes(after.encode(encoding, errors="replace"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = make_folder(tmp_path_factory.mktemp("sound") / "hall")
    for name, text in TABLES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    rules = folder / "competition.toml"
    named = 'panel = "main"\nmarks = "marks/pitch.csv"'
    rules.write_text(
        rules.read_text(encoding="utf-8").replace('panel = "main"', named), encoding="utf-8"
    )
    return folder


@pytest.mark.slow
@example([])
@given(st.lists(changes, min_size=1, max_size=2))
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_folder_is_taken_in_as_a_whole_or_not_at_all(
    sound: Path, tmp_path: Path, spoilt: list[tuple[str, float, int, str, str]]
) -> None:
    folder = tmp_path / "hall"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sound, folder)
    for change in spoilt:
        spoil(folder, change)
    event, refused = opened(folder)
    if event is None:
        assert refused is not None
        assert refused.message.render("en")
        assert refused.message.render("zh-Hans")
        assert not isinstance(refused, DataError) or any(p.is_error for p in refused.problems)
        assert list(folder.glob("live*")) == []
    else:
        with event.database.reading() as conn:
            assert chain.verify(conn) == []
        event.close()
        assert event.definition.version == 1
    assert spoilt or event


def opened(folder: Path) -> tuple[Event | None, ReviewError | None]:
    """An event, or why there is none; any other exception is a fault."""
    try:
        return Event.open(folder), None
    except ReviewError as found:
        return None, found

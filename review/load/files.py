"""The files of a competition: found inside its folder, read once, remembered with their digests."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from review.load.suggest import did_you_mean
from review.messages import Message
from review.model.loaded import FileRead
from review.model.problem import Place, Problem, Severity
from review.plugin.manager import guarded
from review.plugin.parts import ReadError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.load.report import Report
    from review.plugin.manager import Plugins, Registered
    from review.plugin.parts import Reader, Sheet

COMPETITION = "competition.toml"
#: A file of more bytes than that is not empty.
SMALL = 1000


class Files:
    """Reads the files of one folder and nothing outside it.

    `marks_later`: nothing is said of files of marks that are not there, which is how a competition
    begins that is judged live.
    """

    def __init__(
        self, root: Path, plugins: Plugins, report: Report, *, marks_later: bool = False
    ) -> None:
        self.root = root.resolve()
        self.report = report
        self._marks_later = marks_later
        self._readers: dict[str, Registered[type[Reader]]] = {
            suffix: reader
            for reader in plugins.readers().values()
            for suffix in reader.part.suffixes
        }
        self._read: dict[str, FileRead] = {}
        self._sheets: dict[tuple[str, str | None], Sequence[Sheet] | None] = {}
        self._used: set[tuple[str, str | None]] = set()
        self._passed: dict[tuple[str, str | None], str] = {}

    @property
    def read_files(self) -> tuple[FileRead, ...]:
        """Every file read so far, by path."""
        return tuple(self._read[name] for name in sorted(self._read))

    def data(self, name: str) -> bytes:
        """The bytes of a file, whose digest is remembered (OSError where it cannot be read)."""
        data = (self.root / name).read_bytes()
        self._read[name] = FileRead(name, hashlib.sha256(data).hexdigest())
        return data

    def find(self, pattern: str, key: str) -> list[str]:
        """The files that a path or glob of competition.toml means: paths from the folder, sorted.

        `key` is where the path stands. What cannot be found is reported.
        """
        place = Place(COMPETITION, column=key)
        try:
            return self._find(pattern, place)
        except (ValueError, OSError):  # a name that no file can have, such as `**.csv`
            self.report.error("file_missing", place, value=pattern)
            return []

    def sheets(self, name: str, encoding: str | None, key: str) -> Sequence[Sheet]:
        """The sheets of a file; none where it cannot be read, which is reported once."""
        if (name, encoding) not in self._sheets:
            self._sheets[name, encoding] = self._read_sheets(name, encoding, key)
        return self._sheets[name, encoding] or ()

    def use(self, name: str, sheet: Sheet) -> None:
        """Remember that a sheet was read as a table."""
        self._used.add((name, sheet.name))

    def pass_over(self, name: str, sheet: Sheet, code: str) -> None:
        """Remember that a sheet was not read for one table: another may read it."""
        if sheet.cells.height:
            self._passed[name, sheet.name] = code

    def tell_passed_over(self) -> None:
        """Tell of the sheets that no table read: a warning where they stand among marks."""
        for (name, sheet), code in self._passed.items():
            if (name, sheet) not in self._used:
                marks = code == "sheet_without_marks"
                tell = self.report.warning if marks else self.report.note
                tell(code, Place(name, sheet))

    def _find(self, pattern: str, place: Place) -> list[str]:
        path = (self.root / pattern).resolve()
        if Path(pattern).is_absolute() or not path.is_relative_to(self.root):
            self.report.error("file_outside", place, value=pattern)
            return []
        if path.is_file():
            return [path.relative_to(self.root).as_posix()]
        if any(sign in pattern for sign in "*?["):
            return self._matching(pattern, place)
        if not self._may_come_later(place):
            hint = self._hint(pattern, place)
            self.report.error("file_missing", place, value=pattern, hint=hint)
        return []

    def _matching(self, pattern: str, place: Place) -> list[str]:
        found = [
            path.relative_to(self.root).as_posix()
            for path in sorted(self.root.glob(pattern))
            if path.is_file() and not path.name.startswith(("~$", "."))
        ]
        if not found and not self._may_come_later(place):
            self.report.warning("glob_empty", place, value=pattern)
        return [name for name in found if self._inside(name, place)]

    def _inside(self, name: str, place: Place) -> bool:
        inside = (self.root / name).resolve().is_relative_to(self.root)
        if not inside:
            self.report.error("file_outside", place, value=name)
        return inside

    def _hint(self, pattern: str, place: Place) -> Message | None:
        """What may have been meant; marks that are not there yet are no other round's."""
        if _is_of_marks(place):
            return Message("hint_marks_later")
        if _is_of_rounds(place):
            return Message("hint_comparisons_later")
        return did_you_mean(pattern, self._tables())

    def _may_come_later(self, place: Place) -> bool:
        return self._marks_later and _is_of_rounds(place)

    def _tables(self) -> list[str]:
        return [
            path.relative_to(self.root).as_posix()
            for path in sorted(self.root.rglob("*"))
            if path.suffix.lower() in self._readers and not path.name.startswith(("~$", "."))
        ]

    def _read_sheets(self, name: str, encoding: str | None, key: str) -> Sequence[Sheet] | None:
        reader = self._readers.get(Path(name).suffix.lower())
        if reader is None:
            place = Place(COMPETITION, column=key)
            suffixes = sorted(self._readers)
            self.report.error("file_kind_unknown", place, value=name, suffixes=suffixes)
            return None
        try:
            if is_blank(self.data(name)):
                self.report.error("file_empty", Place(name))
                return None
            with guarded(reader):
                sheets = reader.part().read(self.root / name, encoding)
        except ReadError as error:
            place = Place(name, row=error.row)
            self.report.add(Problem(Severity.ERROR, error.message, place))
            return None
        except OSError as error:
            detail = error.strerror or str(error)
            self.report.error("file_unreadable", Place(name), detail=detail)
            return None
        for sheet in sheets:
            for message in sheet.notes:
                place = Place(name, sheet.name)
                self.report.add(Problem(Severity.NOTE, message, place))
        return sheets


def _is_of_rounds(place: Place) -> bool:
    return (place.column or "").startswith("rounds.")


def _is_of_marks(place: Place) -> bool:
    return _is_of_rounds(place) and ".marks" in (place.column or "")


def is_blank(data: bytes) -> bool:
    """Whether a file has nothing in it, or white space alone."""
    return not data[:SMALL].strip(b"\xef\xbb\xbf \t\r\n") and len(data) < SMALL

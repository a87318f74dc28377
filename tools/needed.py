"""What the checks and tests start besides Python: `python -m tools.needed [--packages]`.

Says in one line what this machine lacks and how Debian names it, and fails; with `--packages` it
prints those names alone, for `apt-get install`. Needs a bare Python, before anything is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
POSTGRESQL = Path("/usr/lib/postgresql")


def program(name: str, *, package: str | None = None) -> str:
    """The path of a program; raises a LookupError that names the Debian package."""
    found = shutil.which(name)
    if found is None:
        raise LookupError(f"{name} is missing: apt-get install {package or name}")
    return found


def chromium() -> str:
    """The path of a Chromium that stands on this machine; a LookupError tells how to get one."""
    found = (shutil.which(name) for name in CHROMIUM)
    return next(filter(None, found), None) or program("chromium")


def postgresql() -> Path:
    """The folder of PostgreSQL's server programs, the newest Debian ones first, else those on PATH.

    Debian keeps `pg_ctl` off the PATH.
    """
    versions = (path for path in POSTGRESQL.glob("*/bin") if (path / "pg_ctl").exists())
    newest = max(versions, key=lambda path: float(path.parent.name), default=None)
    return newest or Path(program("pg_ctl", package="postgresql")).resolve().parent


def chinese() -> None:
    """Raise a LookupError where no font has Chinese letters: screens would show boxes."""
    lister = program("fc-list", package="fontconfig fonts-noto-cjk")
    if not subprocess.run((lister, ":lang=zh-cn"), check=True, capture_output=True).stdout:
        raise LookupError("Chinese letters are missing: apt-get install fonts-noto-cjk")


#: What finds each thing that is needed.
FINDERS: tuple[Callable[[], object], ...] = (
    chromium,
    chinese,
    postgresql,
    lambda: program("git"),
    lambda: program("npm"),
)


def missing() -> list[str]:
    """What this machine lacks, each with the command that installs it."""
    found = []
    for find in FINDERS:
        try:
            find()
        except LookupError as error:
            found.append(str(error))
    return found


def main(*options: str) -> None:
    """Say what is missing."""
    lacking = [line.partition(": apt-get install ") for line in missing()]
    packages = " ".join(package for _, _, package in lacking)
    if options == ("--packages",):
        print(packages)
    elif lacking:
        things = "; ".join(thing for thing, _, _ in lacking)
        sys.exit(f"{things}: apt-get install {packages}")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The front-end files of others: `python -m tools.vendor [--check [--npm] | --accept]`.

`vendor.toml` says which file comes from which version of which npm package, and its SHA-256.

- without an option: fetch the files anew, and write them if they are what `vendor.toml` says;
- `--check`: compare the files that stand here with it, without a network;
- `--check --npm`: compare what npm hands out with it, too;
- `--accept`: after a change of a `version` there, write the files and their new SHA-256.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.needed import program

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "review/web/static/vendor"
LIST = VENDOR / "vendor.toml"


@dataclass(frozen=True)
class File:
    """A vendored file: its name here, its place in the package or None, its SHA-256 in hex."""

    name: str
    source: str | None
    sha256: str


@dataclass(frozen=True)
class Package:
    """A version of an npm package, and what is taken from it."""

    npm: str
    version: str
    files: tuple[File, ...]


def packages() -> Iterator[Package]:
    """What `vendor.toml` lists."""
    for entry in tomllib.loads(LIST.read_text(encoding="utf-8"))["package"]:
        files = tuple(
            File(name, file.get("source"), file["sha256"]) for name, file in entry["files"].items()
        )
        yield Package(entry["npm"], entry["version"], files)


def fetch(package: Package) -> Mapping[File, bytes]:
    """What npm hands out for the files that have a source.

    Raises
    ------
    LookupError
        npm is missing.
    subprocess.CalledProcessError
        npm cannot fetch that version; it has said why.
    KeyError
        The package has no such file.
    """
    npm = program("npm")
    with tempfile.TemporaryDirectory() as folder:
        command = (npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", folder)
        wanted = f"{package.npm}@{package.version}"
        subprocess.run((*command, wanted), check=True, stdout=subprocess.PIPE)
        (packed,) = Path(folder).glob("*.tgz")
        with tarfile.open(packed) as archive:
            return {file: _member(archive, file.source) for file in package.files if file.source}


def _member(archive: tarfile.TarFile, source: str) -> bytes:
    member = archive.extractfile(f"package/{source}")
    if member is None:
        raise KeyError(source)
    return member.read()


def sha256(content: bytes) -> str:
    """In hex, as it stands in `vendor.toml`."""
    return hashlib.sha256(content).hexdigest()


def differences() -> Iterator[str]:
    """Where the files that stand here are not what is listed: changed, missing or not listed."""
    listed = {file.name: file.sha256 for package in packages() for file in package.files}
    there = {path.name: sha256(path.read_bytes()) for path in VENDOR.iterdir() if path != LIST}
    for name in sorted(listed.keys() | there.keys()):
        if name not in there:
            yield f"{name} is missing: python -m tools.vendor"
        elif name not in listed:
            yield f"{name} is not listed in {LIST.name}"
        elif listed[name] != there[name]:
            yield f"{name} is not what {LIST.name} says: {there[name]}"


def differences_with_npm() -> Iterator[str]:
    """Where npm hands out something else than is listed."""
    for package in packages():
        for file, content in fetch(package).items():
            if sha256(content) != file.sha256:
                yield (
                    f"{file.source} of {package.npm} {package.version} is not what "
                    f"{LIST.name} says: {sha256(content)}"
                )


def renew(*, accept: bool) -> Iterator[str]:
    """Write the files as npm hands them out; those that are not as listed only with `accept`."""
    text = LIST.read_text(encoding="utf-8")
    for package in packages():
        for file, content in fetch(package).items():
            digest = sha256(content)
            if digest == file.sha256 or accept:
                (VENDOR / file.name).write_bytes(content)
                text = text.replace(file.sha256, digest)
            else:
                yield f"{file.name} is not what {LIST.name} says: {digest}"
    LIST.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """What the options ask for; ends the program with the differences, if there are any."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.vendor",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--npm", action="store_true")
    parser.add_argument("--accept", action="store_true")
    options = parser.parse_args()
    if options.check:
        found = [*differences(), *(differences_with_npm() if options.npm else ())]
    else:
        found = list(renew(accept=options.accept))
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()

"""Whether a file is on a drive of this machine: SQLite's locks do not hold on a network's."""

from __future__ import annotations

from pathlib import Path

from review.errors import StoreError
from review.messages import Message

NETWORK = frozenset(
    {"afs", "ceph", "cifs", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3",
     "smbfs"}
)  # fmt: skip


def refuse_network(path: Path, mounts: Path = Path("/proc/self/mounts")) -> None:
    """StoreError where `path` is on a network drive, as far as the system tells."""
    kind = drive_of(path, mounts)
    if kind in NETWORK:
        raise StoreError(Message("database_on_network", {"database": str(path), "kind": kind}))


def drive_of(path: Path, mounts: Path) -> str | None:
    """The kind of file system that a path is on; None where the system does not say."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    resolved = path.resolve()
    kinds = {Path(_plain(at)): kind for _, at, kind, *_ in map(str.split, lines)}
    holding = [at for at in kinds if resolved.is_relative_to(at)]
    return kinds[max(holding, key=lambda at: len(at.parts))] if holding else None


def _plain(at: str) -> str:
    """A mount point as it is: the table writes blanks in octal."""
    return at.replace(r"\040", " ").replace(r"\011", "\t").replace(r"\134", "\\")

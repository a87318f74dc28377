"""What long work is at, on stderr, where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def doing(text: str) -> Iterator[None]:
    """Show `text` while the block runs, and take it away afterwards."""
    if not sys.stderr.isatty():
        yield
        return
    click.echo(f"{text}…", nl=False, err=True)
    try:
        yield
    finally:
        click.echo("\r\033[K", nl=False, err=True, color=True)

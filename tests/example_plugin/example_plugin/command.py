"""A command."""

from __future__ import annotations

import click


@click.command("example-hello")
@click.argument("name")
def hello(name: str) -> None:
    """Greet somebody."""
    click.echo(f"Hello {name}")

"""Help pages that keep their width in Chinese as well, and colours only where they are wanted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from review.cli.width import display_width, indented, wrap
from review.text import _

if TYPE_CHECKING:
    from collections.abc import Iterable


class HelpFormatter(click.HelpFormatter):
    """click's formatter, measuring columns instead of characters."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line, continued under its first argument."""
        first = (_("Usage: ") if prefix is None else prefix) + prog + " "
        lines = [first]
        for word in args.split():
            if display_width(lines[-1] + word) > self.width:
                lines.append(" " * display_width(first))
            lines[-1] += word + " "
        self.write("".join(line.rstrip() + "\n" for line in lines))

    def write_heading(self, heading: str) -> None:
        """Write a heading with the colon of its language."""
        self.write(" " * self.current_indent + _("{heading}:").format(heading=heading) + "\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs; one that starts with a backspace keeps its lines."""
        indent = " " * self.current_indent
        paragraphs = (
            "\n".join(indent + line for line in paragraph.splitlines()[1:])
            if paragraph.startswith("\b")
            else indented(" ".join(paragraph.split()), self.width, indent, indent)
            for paragraph in text.split("\n\n")
        )
        self.write("\n\n".join(paragraphs) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write terms and their explanations in two columns."""
        rows = list(rows)
        column = min(max(display_width(term) for term, _text in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, text in rows:
            start = indent + term
            room = " " * (column - display_width(term))
            if len(room) < col_spacing:
                room = "\n" + indent + " " * column
            lines = wrap(" ".join(text.split()), self.width - column - self.current_indent)
            self.write((start + room + ("\n" + indent + " " * column).join(lines)).rstrip() + "\n")


class Context(click.Context):
    """A context that writes help by width and has no colours where `NO_COLOR` is set."""

    formatter_class = HelpFormatter

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if os.environ.get("NO_COLOR"):
            kwargs["color"] = False
        super().__init__(*args, **kwargs)

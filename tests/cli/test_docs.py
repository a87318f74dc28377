"""docs/cli.md shows what the commands print: its `console` blocks are run, one after the other."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from click.testing import Result

PAGE = Path(__file__).parents[2] / "docs/cli.md"
BLOCK = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)


def test_page_shows_what_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, review: Callable[..., Result]
) -> None:
    monkeypatch.chdir(tmp_path)

    def run(block: re.Match[str]) -> str:
        lines = []
        for line in block.group().splitlines():
            if line.startswith("$ review "):
                command, _arrow, file = line.removeprefix("$ review ").partition(" > ")
                done = review(*shlex.split(command))
                lines += [line, *([] if file else done.output.rstrip("\n").split("\n"))]
        return "\n".join(lines) + "\n"

    text = PAGE.read_text(encoding="utf-8")
    shown = BLOCK.sub(run, text)
    if os.environ.get("ACCEPT"):
        PAGE.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == PAGE.read_text(encoding="utf-8")

"""Keep the output shown in Markdown files real: `python -m tools.captured [--check] [FILE…]`.

A block that follows `<!-- $ COMMAND -->` is what the command prints, run in the root of the
checkout in a scratch copy of nothing but the environment (80 columns, English, no colours). A block
that follows
`<!-- file: PATH -->` (or `PATH#NAME` for one class or function of a Python file) is that file.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(
    r"(?P<mark><!-- (?P<kind>\$|file:) (?P<what>.+?) -->\n)"
    r"(?P<open>```\w*\n)(?P<body>.*?)(?P<close>```\n)",
    re.DOTALL,
)
ENVIRONMENT = {
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "COLUMNS": "80",
    "LC_ALL": "C.UTF-8",
    "HOME": os.environ.get("HOME", "/"),
}


def documents() -> list[Path]:
    """The Markdown files that may hold blocks."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def renewed(text: str) -> str:
    """The text with every block as it is now."""
    return BLOCK.sub(_block, text)


def _block(found: re.Match[str]) -> str:
    content = _output(found["what"]) if found["kind"] == "$" else _source(found["what"])
    return f"{found['mark']}{found['open']}{content.rstrip()}\n{found['close']}"


def _output(command: str) -> str:
    """What a shell prints, both streams."""
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, env=ENVIRONMENT, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
    )  # fmt: skip
    return "\n".join(line.rstrip() for line in done.stdout.splitlines())


def _source(what: str) -> str:
    path, _, name = what.partition("#")
    text = (ROOT / path).read_text(encoding="utf-8")
    if not name:
        return text
    node = next(n for n in ast.parse(text).body if getattr(n, "name", None) == name)
    return ast.get_source_segment(text, node) or ""


def main(arguments: list[str]) -> int:
    """Renew the blocks, or with `--check` say which are stale; the exit code."""
    check = "--check" in arguments
    named = [Path(a).resolve() for a in arguments if a != "--check"]
    stale = 0
    for document in named or documents():
        was = document.read_text(encoding="utf-8")
        now = renewed(was)
        if now != was:
            stale += 1
            print(f"{document.relative_to(ROOT)}: {'stale' if check else 'renewed'}")
            if not check:
                document.write_text(now, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Write docs/reference.md from the code: `python -m tools.reference [--check]`.

Every public name of `review` and `review.testing` stands there as the code has it: its fields, its
methods and their docstrings. A public name that no chapter lists is an error.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import review
import review.testing

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"

# Names with a module in front are handed to plugins, but are no public names to import.
CHAPTERS = {
    "Every part": "review.plugin.parts:Part Options OptionError Exact Title Message hookimpl",
    "Awards": "Award StandingsView Column",
    "Scorers": "Scorer Keys FieldScorer Field FieldScores RankingScorer Ranking half_up_div",
    "Shortlist rules": (
        "ShortlistRule Entrant Selection Choice RoundContext review.stats.crossed:Crossed"
    ),
    "Readers": "Reader Sheet ReadError",
    "Exporters and results": (
        "Exporter Result RoundResult review.model.result:Standings Standing review.model.result:Tie"
        " ShortlistEntry review.model.result:ExcludedEffect AwardResult review.model.result:Winner"
        " review.model.result:PassedOver RoundTrace review.model.rubric:Rubric"
        " review.model.rubric:Criterion review.model.rubric:Scale"
        " review.model.loaded:LoadedCompetition"
    ),
    "Analysis": (
        "Analysis review.analysis.agreement.report:Agreement"
        " review.analysis.agreement.report:RoundAgreement review.analysis.agreement.report:Measures"
        " review.analysis.agreement.report:Profile review.analysis.stability.report:Stability"
        " review.analysis.stability.report:RoundStability"
        " review.analysis.stability.places:FieldStability"
        " review.analysis.stability.places:ProposalStability"
        " review.analysis.stability.places:Line review.analysis.stability.winning:AwardChances"
        " review.analysis.stability.winning:Chance review.analysis.comparing.report:Comparison"
        " review.analysis.comparing.report:RoundComparison"
        " review.analysis.comparing.methods:Methods review.analysis.comparing.methods:Method"
        " review.analysis.unusual.report:Unusual review.analysis.unusual.report:RoundUnusual"
    ),
    "Problems and errors": (
        "Problem Place Severity ReviewError DataError PluginError HeadroomError OutputError"
    ),
}
TESTING = (
    "run_award award_values score select competition run check_part findings findings_of"
    " review.testing.build:Number review.testing.build:Marks review.testing.use:Scores"
    " review.testing.use:Facts"
)
KINDS = {
    "property": "property",
    "abstractmethod": "to be written",
    "classmethod": "class method",
}
HEAD = """# Reference

Everything that a plugin may touch, as the code has it; `make docs` renews this page from there.
[Plugins](plugins.md) shows how the pieces are used, [the tutorial](tutorial-plugin.md) where to
begin.

Import the names from `review`, the last chapter's from `review.testing`. Those marked *handed to
you* are no public names: a plugin is given them and need not import them. What is not on this page
may change at any time.
"""


def reference() -> str:
    """The page."""
    chapters = [_chapter(title, names.split(), "review") for title, names in CHAPTERS.items()] + [
        _chapter("Testing", TESTING.split(), "review.testing")
    ]
    listed = {name for names in [*CHAPTERS.values(), TESTING] for name in names.split()}
    forgotten = {*review.__all__, *review.testing.__all__} - listed
    if forgotten:
        raise SystemExit(f"tools/reference.py lists no chapter for {', '.join(sorted(forgotten))}")
    return "\n".join([HEAD, *chapters])


def _chapter(title: str, names: list[str], home: str) -> str:
    return "\n".join([f"## {title}\n", *(_entry(name, home) for name in names)])


def _entry(name: str, home: str) -> str:
    module, _, name = name.rpartition(":")
    value = getattr(import_module(module or home), name)
    given = "*Handed to you.* " if module else ""
    node = _definition(name, value, module or home)
    if isinstance(node, ast.ClassDef):
        parts = [_fence(_outline(node, value)), given + _prose(node), *_methods(node)]
    elif isinstance(node, ast.FunctionDef):
        parts = [_fence(_signature(node)), _prose(node)]
    else:
        parts = [node]
    return "\n\n".join([f"### {name}", *parts]) + "\n"


def _definition(name: str, value: object, home: str) -> ast.ClassDef | ast.FunctionDef | str:
    """The source of a class or function; of any other value what is said of it."""
    if inspect.isclass(value) or inspect.isfunction(value):
        node = ast.parse(textwrap.dedent(inspect.getsource(value))).body[0]
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            return node
    home = {**vars(review)["_HOME"]}.get(name, home)
    if name == "hookimpl":
        return "The marker of a hook's implementation: `@hookimpl` above `def register_awards():`."
    body = ast.parse(inspect.getsource(import_module(home))).body
    for at, after in pairwise(body):
        if isinstance(at, ast.Assign) and ast.unparse(at.targets[0]) == name:
            said = ast.literal_eval(after.value) if isinstance(after, ast.Expr) else ""
            return f"{_fence(ast.unparse(at))}\n\n{inspect.cleandoc(said)}"
    raise SystemExit(f"{home} does not define {name}")


def _outline(node: ast.ClassDef, value: type) -> str:
    """The first line of a class and its public fields, with the comments beside them."""
    lines = textwrap.dedent(inspect.getsource(value)).splitlines()
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    fields = [
        "\n".join(lines[each.lineno - 1 : each.end_lineno])
        for each in node.body
        if isinstance(each, ast.AnnAssign | ast.Assign)
        and not ast.unparse(each).startswith(("_", "model_config"))
    ]
    return "\n".join([f"class {node.name}" + (f"({bases})" if bases else ""), *fields])


def _methods(node: ast.ClassDef) -> list[str]:
    given = {"StandingsView"}  # nobody but the core makes one
    methods = [
        each
        for each in node.body
        if isinstance(each, ast.FunctionDef)
        and (not each.name.startswith("_") or (each.name == "__init__" and node.name not in given))
    ]
    return ["\n".join(map(_method, methods))] if methods else []


def _method(node: ast.FunctionDef) -> str:
    decorators = {ast.unparse(each) for each in node.decorator_list}
    said = "".join(f" ({KINDS[name]})" for name in sorted(decorators & set(KINDS)))
    text = textwrap.indent(_prose(node), "  ").lstrip()
    if "property" in decorators:
        return f"- `{node.name}: {ast.unparse(node.returns)}`{said}: {text}"  # type: ignore[arg-type]
    return f"- `{_signature(node)}`{said}{': ' * bool(text)}{text}"


def _signature(node: ast.FunctionDef) -> str:
    arguments = ast.unparse(node.args)
    arguments = re.sub(r"^(self|cls)(, )?", "", arguments).replace("=", " = ")
    returns = f" → {ast.unparse(node.returns)}" if node.returns and node.name != "__init__" else ""
    return f"{node.name}({arguments}){returns}"


def _prose(node: ast.ClassDef | ast.FunctionDef) -> str:
    """The docstring; sections of parameters as lists."""
    text = ast.get_docstring(node) or ""
    text = re.sub(r"^(\w+)\n-+\n", r"**\1**\n\n", text, flags=re.MULTILINE)
    return re.sub(r"^(\w[\w, ]*)\n((?: {4}.*\n?)+)", _item, text, flags=re.MULTILINE).rstrip()


def _item(found: re.Match[str]) -> str:
    return f"- `{found[1]}`: {' '.join(found[2].split())}\n"


def _fence(code: str) -> str:
    return f"```python\n{code}\n```"


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is stale; the exit code."""
    now = reference()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == now:
        return 0
    if "--check" in arguments:
        print("docs/reference.md: stale (make docs)")
        return 1
    PAGE.write_text(now, encoding="utf-8", newline="\n")
    print("docs/reference.md: renewed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

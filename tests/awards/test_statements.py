"""An award is small: that is what makes adding one a matter of minutes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import review_plugins.awards as package

MODULES = sorted(Path(package.__file__ or "").parent.glob("[!_]*.py"))
MOST = 15


def counts(node: ast.AST) -> bool:
    """A statement, but for imports, docstrings, titles and the hook."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
            return False
        case ast.Assign(targets=[ast.Name(id="title")]):
            return False
        case ast.AnnAssign(target=ast.Name(id="title")):
            return False
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return False
    return isinstance(node, ast.stmt)


def statements(source: str) -> int:
    tree = ast.parse(source)
    tree.body = [n for n in tree.body if not (isinstance(n, ast.FunctionDef) and n.decorator_list)]
    return sum(counts(node) for node in ast.walk(tree))


def test_statements_are_counted_as_declared() -> None:
    source = '''
"""Text."""
from review import Award
if TYPE_CHECKING:
    from review import Column
class Best(Award):
    """Text."""
    id = "best"
    title = {"en": "Best"}
    def value(self, standings):
        """Text."""
        return standings.score
@hookimpl
def register_awards():
    return [Best]
'''
    assert statements(source) == 4  # the class, its id, the method, what it returns


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_award_is_small(path: Path) -> None:
    assert statements(path.read_text("utf-8")) <= MOST


def test_every_award_has_a_module_of_its_own() -> None:
    assert {part.__module__.rpartition(".")[2] for part in package.AWARDS} == {
        path.stem for path in MODULES
    }

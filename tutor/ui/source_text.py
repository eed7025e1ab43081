"""The source of a function or class as text, found without importing its module (which may import torch)."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, cast

from tutor.text import InputError, Text

if TYPE_CHECKING:
    from importlib.abc import InspectLoader


@dataclass(frozen=True, slots=True)
class Piece:
    """A definition as it stands in its file.

    Attributes:
        name: Its qualified name in the module, such as ``LanguageModel.step``.
        file: The file inside the package, such as ``tutor/nn/optim.py``; never an absolute path.
        line: Number of its first line in the file, decorators included.
        text: Its lines, moved to the left margin, without a line end at the end.
    """

    name: str
    file: str
    line: int
    text: str


def piece(reference: str) -> Piece:
    """Find a definition.

    Args:
        reference: ``module:qualified.name``: a function, a class, a method, or a name that is assigned to.

    Raises:
        InputError: There is no such module or name, or the module has no readable source.
    """
    module, _, name = reference.partition(":")
    source, file = _source(module)
    try:
        tree = _tree(source)
    except SyntaxError:
        raise InputError(_NO_SOURCE.format(module=module)) from None
    node: ast.AST = tree
    for part in name.split("."):
        found = _definition(node, part)
        if found is None:
            raise InputError(_NO_NAME.format(name=name, module=module))
        node = found
    first, last = _lines(node)
    # By line feed alone, as the parser counts: a form feed inside a line ends none.
    lines = source.split("\n")[first - 1 : last]
    text = textwrap.dedent("\n".join(lines))
    return Piece(name, file, first, text)


def pieces(references: Iterable[str]) -> tuple[Piece, ...]:
    """The definitions that are found, each once; what isn't there is left out.

    Raises:
        InputError: None of them is there.
    """
    found: list[Piece] = []
    missing: list[InputError] = []
    for reference in dict.fromkeys(references):
        try:
            found.append(piece(reference))
        except InputError as error:
            missing.append(error)
    if missing and not found:
        raise missing[0]
    return tuple(found)


@lru_cache(maxsize=32)
def _source(module: str) -> tuple[str, str]:
    """Return the text of a module and its path inside the package. Only the packages around it are imported."""
    spec: ModuleSpec | None = None
    source: str | None = None
    with contextlib.suppress(ImportError, ValueError, AttributeError, OSError, SyntaxError):
        spec = importlib.util.find_spec(module)
        # Through the loader and not from the file, so that a package inside an archive is read, too.
        source = cast("InspectLoader", spec.loader).get_source(module) if spec is not None else None
    if spec is None or source is None:
        raise InputError(_NO_SOURCE.format(module=module))
    path = module.replace(".", "/")
    is_package = spec.submodule_search_locations is not None
    return source.replace("\r\n", "\n"), f"{path}/__init__.py" if is_package else f"{path}.py"


@lru_cache(maxsize=8)
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


def _definition(node: ast.AST, name: str) -> ast.stmt | None:
    """Return the last definition of a name in a body (or in the branches of an ``if`` in it): the one that counts."""
    found: ast.stmt | None = None
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found = child if child.name == name else found
        elif isinstance(child, ast.Assign | ast.AnnAssign):
            targets = child.targets if isinstance(child, ast.Assign) else [child.target]
            named = any(isinstance(target, ast.Name) and target.id == name for target in targets)
            found = child if named else found
        elif isinstance(child, ast.If | ast.Try):
            found = _definition(child, name) or found
    return found


def _lines(node: ast.AST) -> tuple[int, int]:
    assert isinstance(node, ast.stmt)
    first = node.lineno
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        first = min([first, *(decorator.lineno for decorator in node.decorator_list)])
    return first, node.end_lineno or first


_NO_SOURCE = Text("找不到模块 {module} 的源代码。", "The source of the module {module} can't be found.")
_NO_NAME = Text("模块 {module} 里没有 {name}。", "There is no {name} in the module {module}.")

"""The prose in Python's standard library: what its modules, classes and functions say of themselves."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
from collections.abc import Iterator

MODULES = (
    "abc", "ast", "base64", "bdb", "bisect", "bz2", "calendar", "cmd", "code", "codeop", "collections", "compileall",
    "configparser", "contextlib", "copy", "difflib", "dis", "doctest", "fileinput", "fnmatch", "fractions", "ftplib",
    "functools", "getopt", "gettext", "graphlib", "gzip", "heapq", "imaplib", "inspect", "ipaddress", "json", "logging",
    "lzma", "mimetypes", "numbers", "optparse", "pdb", "pickletools", "poplib", "pprint", "profile", "py_compile", "pyclbr",
    "queue", "random", "re", "rlcompleter", "sched", "selectors", "shelve", "shutil", "smtplib", "socket", "socketserver",
    "ssl", "statistics", "subprocess", "tempfile", "textwrap", "threading", "timeit", "tokenize", "trace", "traceback",
    "typing", "uuid", "warnings", "wave", "weakref",
)  # fmt: skip
"""Modules of every CPython from 3.11 to 3.14; of a package its first file is read."""

_SHORTEST = 40
"""Characters; below it stand remarks such as *See base class.*"""


def docstrings() -> Iterator[str]:
    """The docstrings of `MODULES`, each as paragraphs of prose; examples from the interpreter are left out."""
    for module in MODULES:
        source = source_of(module)
        if not source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = _prose(ast.get_docstring(node, clean=False) or "")
                if len(text) >= _SHORTEST:
                    yield text


def source_of(module: str) -> str | None:
    """The source of a module; None where it isn't installed or was installed without."""
    spec = importlib.util.find_spec(module)
    found = getattr(spec.loader, "get_source", lambda _: None)(module) if spec else None
    return found if isinstance(found, str) else None


def _prose(docstring: str) -> str:
    """A docstring without its margin, its examples and its drawn lines."""
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(docstring))
    kept = [p for p in paragraphs if not re.search(r"(?m)^\s*>>>", p)]
    text = "\n\n".join(kept)
    return re.sub(r"(?m)^[ ]*[-=*~^+|#]{4,}[-=*~^+| ]*\n?", "", text).strip()

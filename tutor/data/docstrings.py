"""The prose in Python's standard library: what its modules, classes and functions say of themselves."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
from collections.abc import Iterator

MODULES = (
    "abc", "argparse", "ast", "base64", "bdb", "bisect", "bz2", "calendar", "cmd", "code", "codecs", "codeop", "collections",
    "compileall", "configparser", "contextlib", "copy", "csv", "ctypes", "dataclasses", "datetime", "decimal", "difflib", "dis",
    "doctest", "enum", "filecmp", "fileinput", "fnmatch", "fractions", "ftplib", "functools", "getopt", "gettext", "glob", "graphlib",
    "gzip", "heapq", "imaplib", "inspect", "io", "ipaddress", "json", "keyword", "linecache", "locale", "logging", "lzma", "mailbox",
    "mimetypes", "netrc", "numbers", "operator", "optparse", "os", "pathlib", "pdb", "pickle", "pickletools", "pkgutil", "platform",
    "plistlib", "poplib", "pprint", "profile", "pstats", "pyclbr", "pydoc", "queue", "quopri", "random", "re", "reprlib", "sched",
    "selectors", "shelve", "shlex", "shutil", "signal", "site", "smtplib", "socket", "socketserver", "ssl", "statistics", "string",
    "subprocess", "sysconfig", "tarfile", "tempfile", "textwrap", "threading", "timeit", "tokenize", "trace", "traceback", "typing",
    "types", "uuid", "warnings", "wave", "weakref", "webbrowser", "zipapp", "zipfile",
)  # fmt: skip
"""Modules of every CPython from 3.11 to 3.14; of a package its first file is read."""

_SHORTEST = 40
"""Characters; below it stand remarks such as *See base class.*"""


def docstrings() -> Iterator[str]:
    """The docstrings of `MODULES`, each as paragraphs of prose; examples from the interpreter are left out."""
    for module in MODULES:
        source = _source(module)
        if not source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = _prose(ast.get_docstring(node, clean=False) or "")
                if len(text) >= _SHORTEST:
                    yield text


def _source(module: str) -> str | None:
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

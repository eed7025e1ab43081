"""JSON Schemas of the course files, so that editors with a YAML language server complete and explain keys."""

from __future__ import annotations

import ast
import inspect
import json
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO

from tutor.content import models, questions
from tutor.content.files import FileKind
from tutor.content.load import MODELS
from tutor.files import write_whole
from tutor.text import Lang


def run_schema(directory: Path | None, *, lang: Lang, out: TextIO) -> int:
    """Write one ``<kind>.schema.json`` for each kind of file into a folder, by default ``schemas``; tell the paths and how to use them.

    Returns:
        2 when they can't be written there, else 0.
    """
    folder = directory or Path("schemas")
    try:
        for kind in MODELS:
            path = folder / f"{kind}.schema.json"
            write_whole(path, json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n")
            print(path, file=out)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        said = {"zh": f"写不进 {folder}：{reason}", "en": f"can't write to {folder}: {reason}"}
        print(said[lang], file=out)
        return 2
    first = f"# yaml-language-server: $schema={(folder / 'section.schema.json').as_posix()}"
    said = {
        "zh": f"在课程文件的第一行写上（换成文件所属的种类和相对路径），编辑器就会补全：\n  {first}",
        "en": "To get completion, put this on the first line of a course file (with its kind and "
        f"relative path):\n  {first}",
    }
    print(said[lang], file=out)
    return 0


def schema(kind: FileKind) -> dict[str, Any]:
    """The JSON Schema of one kind of file."""
    found = MODELS[kind].model_json_schema()
    notes = _attribute_notes()
    for name, part in {found["title"]: found, **found.get("$defs", {})}.items():
        for field, note in notes.get(name, {}).items():
            if field in part.get("properties", {}):
                part["properties"][field].setdefault("description", note)
        # Text is a dataclass of the whole tutor: its docstring is not written for lesson authors.
        if name == "Text":
            part["description"] = "The same text in Chinese (zh) and English (en)."
        # The reader takes every plain value as text, so an author may write a bare number.
        plain = {"type": ["string", "number", "boolean"]}
        for field, holder in _PLAIN.items():
            if field in part.get("properties", {}):
                part["properties"][field][holder] = plain
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


_PLAIN = {
    "settings": "additionalProperties",
    "let": "additionalProperties",
    "accept": "items",
    "words": "items",
}
"""Fields that hold plain values, and the keyword of JSON Schema for them."""


def _attribute_notes() -> dict[str, dict[str, str]]:
    """The docstrings under the attributes of the models, inherited ones included.

    Python forgets them, and pydantic would look for them at every import, which takes it longer than all else.
    """
    notes: dict[str, dict[str, str]] = {}
    written = [ast.parse(inspect.getsource(module)).body for module in (models, questions)]
    classes = [node for body in written for node in body if isinstance(node, ast.ClassDef)]
    for node in classes:
        found = notes[node.name] = {}
        for base in node.bases:
            found |= notes.get(base.id, {}) if isinstance(base, ast.Name) else {}
        for pair in pairwise(node.body):
            match pair:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(note))):
                    found[name] = " ".join(note.split())
    return notes

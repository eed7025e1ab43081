"""JSON Schemas of the course files, so that editors with a YAML language server complete and explain keys."""

from __future__ import annotations

import ast
import inspect
import json
from pathlib import Path
from typing import Any

from tutor.content import models
from tutor.content.files import FileKind
from tutor.content.load import MODELS
from tutor.files import write_whole


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write one ``<kind>.schema.json`` for each kind of file.

    Raises:
        OSError: It can't be written there.
    """
    written = []
    for kind in MODELS:
        path = folder / f"{kind}.schema.json"
        write_whole(path, json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n")
        written.append(path)
    return tuple(written)


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
        if "settings" in part.get("properties", {}):
            # The reader takes every plain value as text, so an author may write a bare number.
            values = {"type": ["string", "number", "boolean"]}
            part["properties"]["settings"]["additionalProperties"] = values
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def _attribute_notes() -> dict[str, dict[str, str]]:
    """The docstrings under the attributes of the models, which Python itself forgets; inherited ones
    included.
    """
    notes: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(models)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        found: dict[str, str] = {}
        for base in node.bases:
            if isinstance(base, ast.Name):
                found |= notes.get(base.id, {})
        for statement, after in zip(node.body, node.body[1:], strict=False):
            if (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and isinstance(after, ast.Expr)
                and isinstance(after.value, ast.Constant)
                and isinstance(after.value.value, str)
            ):
                found[statement.target.id] = " ".join(after.value.value.split())
        notes[node.name] = found
    return notes

"""Checks the data of one file against its model and says what is wrong in the author's words and place."""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from tutor.content.problems import Problem, messages
from tutor.content.source import Key, Mark, Source
from tutor.content.yaml_errors import in_lines, in_value
from tutor.text import Text

M = TypeVar("M", bound=BaseModel)
Called: TypeAlias = Callable[[Iterable[str]], Iterable[str]]
"""Names, as a mapping to what they are called where that is known."""

_FOUND = {
    dict: Text("一个映射（键: 值）", "a mapping (key: value)"),
    list: Text("一个列表", "a list"),
    str: Text("一段文字", "plain text"),
    type(None): Text("空的", "nothing"),
}
# Where the reader should look when a whole model is at fault.
_BLAMED_KEY = {
    "step.lab_missing": "kind",
    "step.questions_missing": "kind",
    "step.self_test": "self_test",
    "single.not_one_right": "options",
    "multiple.none_right": "options",
    "cloze.marks": "prompt",
    "blank.not_ascii": "accept",
    "lab.two_budgets": "tokens",
    "prediction.options_missing": "kind",
    "prediction.scale_missing": "kind",
    "prediction.curve_log": "scale",
    "scale.empty": "high",
    "language_model.d_model_not_divisible": "d_model",
}
_SAME = {
    "unexpected_keyword_argument": "extra_forbidden",
    "int_type": "int_parsing",
    "int_from_float": "int_parsing",
    "int_parsing_size": "int_parsing",
    "float_type": "float_parsing",
    "bool_type": "bool_parsing",
    "list_type": "tuple_type",
    "model_attributes_type": "model_type",
    "mapping_type": "dict_type",
    "enum": "literal_error",
}
_SHORT = ("string_pattern_mismatch", "int_parsing", "float_parsing", "bool_parsing", "literal_error")
"""Kinds of problems of ids, numbers and words, which are all ASCII."""
_BOUNDS = {
    "greater_than": ("大于 {gt}", "above {gt}"),
    "greater_than_equal": ("不小于 {ge}", "at least {ge}"),
    "less_than": ("小于 {lt}", "below {lt}"),
    "less_than_equal": ("不大于 {le}", "at most {le}"),
}


def validate(source: Source, model: type[M]) -> tuple[M | None, tuple[Problem, ...]]:
    """Build the model of a file.

    Returns:
        The model, or None when anything at all is wrong with the file, and every problem of the file.
    """
    problems = list(source.problems)
    data = source.data
    built = None
    if isinstance(data, dict):
        try:
            built = model.model_validate(data)
        except ValidationError as error:
            problems += explain(error, source, model)
    elif not problems:
        fields = ", ".join(name for name, field in model.model_fields.items() if field.is_required())
        empty = data is None or data == ""
        code, mark = ("file.empty", (1, 1)) if empty else ("file.not_mapping", source.value_mark(()))
        problems.append(source.problem(code, mark, found=_FOUND[type(data)], fields=fields))
    sound = not any(p.severity == "error" for p in problems)
    return built if sound else None, tuple(problems)


def explain(
    error: ValidationError,
    source: Source,
    model: type[BaseModel],
    locate: Callable[[tuple[str | int, ...]], Key] = tuple,
    called: Called = tuple,
) -> list[Problem]:
    """The problems of a pydantic error, with places.

    `locate`: Where in the file the data at a path of the model stands, when that is not the same path.
    `called`: What keys, and values as ``key=value``, are called, for `close`.
    """
    problems: list[Problem] = []
    misprints: list[Problem] = []
    told = {(problem.line, problem.col) for problem in source.problems}
    for item in error.errors(include_url=False):
        loc, given, short = item["loc"], item.get("input"), item["type"] == "too_short"
        if short and isinstance(given, list) and len(given) >= item["ctx"]["min_length"]:
            continue  # pydantic counts only the sound items, and what is wrong with the others is told anyway
        key = _drop_tags(loc, source.data if locate is tuple else None)
        if item["type"] == "value_error" and (blamed := _BLAMED_KEY.get(str(item["ctx"]["error"]))):
            key = (*key, blamed)
        if item["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            misprints += _misprinted_key(str(loc[-1]), given, source.key_mark(locate(key)), source)
        if source.value_mark(locate(key)) not in told:
            problems.append(_explain_one(item, key, locate(key), source, model, called))
    return misprints or problems  # what else is wrong mostly follows from them


def _misprinted_key(name: str, value: object, mark: Mark, source: Source) -> Iterator[Problem]:
    """What turned a piece of the file into an unknown key."""
    line, col = mark
    if found := in_lines([name], [1]):
        code, at, values = found[1]
        yield source.problem(code, (line, col + at), **values)
    elif value == "" and source.lines[line - 1][col - 1 + len(name) :].lstrip().startswith((",", "}")):
        yield source.problem("yaml.comma", mark, name=name)


def _explain_one(
    item: Mapping[str, Any], key: Key, place: Key, source: Source, model: type[BaseModel], called: Called
) -> Problem:
    kind = _SAME.get(item["type"], item["type"])
    context: dict[str, Any] = item.get("ctx") or {}
    value = item.get("input")
    name = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
    mark = source.value_mark(place)
    tags = tuple(item["loc"])
    known = field_names(model, key, tags)

    if kind == "missing":
        name = str(item["loc"][-1])
        code = "missing_language" if set(known) == {"zh", "en"} else "missing"
        return source.problem(code, source.key_mark(place), name=name)
    if kind == "union_tag_not_found":
        return source.problem(kind, source.key_mark(place))
    if kind == "extra_forbidden":
        siblings = field_names(model, key[:-1], tags)
        present = source.keys.keys()
        free = [field for field in siblings if (*place[:-1], field) not in present]
        match = close(str(place[-1]), called(free))
        code = "extra_forbidden_close" if match else "extra_forbidden"
        values = {"name": place[-1], "close": match or "", "known": ", ".join(siblings)}
        return source.problem(code, source.key_mark(place), **values)
    if kind in ("value_error", "assertion_error"):
        raised = str(context.get("error", item["msg"]))
        if raised in messages():
            return source.problem(raised, source.key_mark(place))
        if not item["loc"]:
            return source.problem("config.together", mark, detail=raised)
        return source.problem("invalid", mark, name=name, detail=raised)
    if value == "" and kind != "string_too_short":
        return source.problem("empty_value", source.key_mark(place), name=name)
    tested = str(value) if kind in _SHORT else str(value)[:1] if str(value)[:1] in "［｛【" else ""
    if wide := in_value(tested):
        return source.problem(wide[0], source.inner_mark(place, wide[1]), **wide[2])
    found = _FOUND.get(type(value), Text("别的东西", "something else"))
    if kind == "dataclass_type":
        return source.problem("text_type", mark, name=name, found=found)
    if kind in _BOUNDS:
        zh, en = (bound.format(**context) for bound in _BOUNDS[kind])
        return source.problem("range", mark, name=name, value=value, zh_bound=zh, en_bound=en)
    if kind in ("too_short", "too_long", "string_too_long", "string_too_short"):
        limit = context.get("min_length", context.get("max_length"))
        return source.problem(kind, mark, name=name, limit=limit, actual=len(value or ()))
    if kind in ("literal_error", "union_tag_invalid"):
        allowed = context.get("expected") or context.get("expected_tags") or ""
        shown = context.get("tag", value)
        if kind == "union_tag_invalid":
            mark = source.value_mark((*place, "kind"))
        if isinstance(shown, (dict, list)):
            shown = "{…}" if isinstance(shown, dict) else "[…]"
        allowed = str(allowed).replace("'", "").replace(" or ", ", ")
        match = close(str(shown), called(f"{name}={word}" for word in allowed.split(", ")))
        near = _meant(match and match.rpartition("=")[2])
        return source.problem(kind, mark, name=name, value=shown, allowed=allowed, close=near)
    if kind in messages():
        names = ", ".join(known)
        return source.problem(kind, mark, name=name, value=_shown(value), found=found, known=names)
    return source.problem("invalid", mark, name=name, detail=item["msg"])


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "{…}"
    return "[…]" if isinstance(value, list) else str(value)


def close(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, or None.

    `known`: The names; a mapping to what they are called lets meaning count, in either language.
    """
    given, last = _words(name), _words(name.rpartition(".")[2])  # ids of concepts begin with their section
    scores = {other: _letters(given, _words(other.rpartition("=")[2])) for other in known}
    for other, label in known.items() if isinstance(known, Mapping) else ():
        for phrase in map(_words, (label.zh, label.en) if isinstance(label, Text) else ()):
            words, part = (f" {phrase} ", f" {last} ") if last.isascii() else (phrase, last)
            inside = len(last) > 1 and part in words
            alike = max(_letters(given, phrase), _letters(last, phrase))
            scores[other] = max(scores[other], 0.9 if inside else 0, alike if alike > 0.8 else 0)
    best = max(scores, key=scores.__getitem__, default="")
    return best if scores.get(best, 0) >= 0.66 else None


def _letters(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1; "hz" and "zh" are too short for a ratio."""
    return max(SequenceMatcher(None, other, one).ratio(), 0.7 if sorted(one) == sorted(other) else 0)


def _words(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip().lower()


def did_you_mean(name: str, known: Iterable[str]) -> Text:
    """The end of a sentence about an unknown name; `known` as for `close`."""
    return _meant(close(name, known))


def _meant(match: str | None) -> Text:
    return Text(f"，是不是想写「{match}」？", f"; did you mean “{match}”?") if match else Text("", "")


def _drop_tags(loc: tuple[str | int, ...], data: Any) -> Key:
    """A pydantic location as a path of the data: without names of union members and of what is missing."""
    if data is None:
        return tuple(loc)
    key: list[str | int] = []
    for i, part in enumerate(loc):
        if isinstance(data, dict) and part == data.get("kind") and i + 1 < len(loc):
            continue  # of a question of kind lab, not its lab
        if isinstance(data, list):
            inside = isinstance(part, int) and part < len(data)
        else:
            inside = isinstance(data, dict) and part in data
        if inside:
            key.append(part)
            data = data[part]
    return tuple(key)


def field_names(model: Any, key: Key, tags: Iterable[str | int] = ()) -> tuple[str, ...]:
    """The keys that may stand in the mapping at a path of a model; empty where any may.

    `tags`: Names that choose between the members of a union, as pydantic puts them into a location.
    """
    kinds = [model]
    for part in key:
        kinds = [inner for kind in kinds for inner in _inner(kind, part)]
        kinds = [kind for kind in kinds if _tag(kind) in tags] or kinds
    return tuple(dict.fromkeys(name for kind in kinds for name in _fields(kind)))


def _tag(kind: Any) -> str:
    """What chooses a member of a union: the one value of its ``kind``."""
    values = get_args(_fields(kind).get("kind"))
    return str(values[0]) if len(values) == 1 else ""


def _unwrap(annotation: Any) -> list[Any]:
    """The classes and containers behind annotations and unions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrap(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [inner for arg in get_args(annotation) for inner in _unwrap(arg)]
    return [] if origin is Literal or annotation is type(None) else [annotation]


def _fields(kind: Any) -> dict[str, Any]:
    """The annotations of the fields of a model or a dataclass."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: field.annotation for name, field in kind.model_fields.items()}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return {field.name: field.type for field in dataclasses.fields(kind)}
    return {}


def _inner(kind: Any, part: str | int) -> list[Any]:
    """What stands at one path part below a type."""
    if isinstance(part, int):
        return _unwrap(get_args(kind)[0]) if get_origin(kind) in (tuple, list) else []
    if get_origin(kind) is dict:
        return _unwrap(get_args(kind)[1])
    return _unwrap(_fields(kind)[part]) if part in _fields(kind) else []

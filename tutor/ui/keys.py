"""The learner's own keys: a file that says which keys do what, checked, and the list of what there is to write into it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from textual.binding import Binding
from textual.keys import Keys, format_key
from textual.widget import Widget

from tutor import paths
from tutor.content.problems import Problem
from tutor.content.source import read_source
from tutor.content.validate import did_you_mean
from tutor.text import Lang, Text
from tutor.ui.actions import GLOBAL, Action
from tutor.ui.screens.home import CourseMap, HomeScreen
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.progress import ProgressScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.screens.section_end import SectionEndScreen
from tutor.ui.widgets.quiz_pane import QuizPane

_PLACES: tuple[tuple[Text, tuple[Action, ...], tuple[type[Widget], ...]], ...] = (
    (Text("课程图", "Map"), HomeScreen.ACTIONS, (HomeScreen, CourseMap)),
    (Text("进度", "Progress"), ProgressScreen.ACTIONS, (ProgressScreen,)),
    (Text("本节结束", "End of the section"), SectionEndScreen.ACTIONS, (SectionEndScreen,)),
    (Text("课文", "Lesson"), LessonScreen.ACTIONS, (LessonScreen,)),
    (Text("全屏实验", "Full lab"), LabScreen.ACTIONS, (LabScreen,)),
    (Text("测验", "Quiz"), QuizScreen.ACTIONS, (QuizScreen, QuizPane)),
)
"""What works together: beside this also what works everywhere, and keys of the screens that stay as they are."""

_EVERYWHERE = Text("随处可用", "Everywhere")
_NAMES = {"esc": "escape", "bksp": "backspace", "del": "delete", "pgup": "pageup", "pgdn": "pagedown"}
_KNOWN = {key.value for key in Keys}
_MODIFIERS = {"", "ctrl", "alt", "shift", "super"}


def read_keys(path: Path) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the keys of a file by the ids of actions, and what is wrong with it; what is wrong is left out.

    A key may do two things only in places that never meet: else the action keeps its usual keys.
    """
    source = read_source(path, str(path))
    known = {action.id: action for action in _all()}
    chosen: dict[str, str] = {}
    if source.data is not None and not isinstance(source.data, dict):
        source.report("keys.form", (1, 1))
    for id, value in (source.data if isinstance(source.data, dict) else {}).items():
        mark = source.value_mark((id,))
        if id not in known:
            source.report("keys.unknown", source.key_mark((id,)), name=id, close=did_you_mean(id, known))
        elif not isinstance(value, str) or not value.strip(" ,，"):
            source.report("keys.form", mark)
        else:
            keys = {written: key_named(written) for written in re.split(r"[,，]\s*", value.strip(" ,，"))}
            if unknown := [written for written, key in keys.items() if not key]:
                source.report("keys.no_key", mark, key=unknown[0])
            else:
                chosen[id] = ",".join(keys.values())
    while (clash := _clash(chosen)) is not None:
        id, key, other = clash
        does = Text("「{other}」", "“{other}”").format(other=other) if other else _ELSE
        source.report("keys.clash", source.value_mark((id,)), key=key, other=does)
        del chosen[id]
    return chosen, tuple(source.problems)


def key_named(written: str) -> str:
    """Return Textual's name of a key as a learner may write it, ``""`` for none."""
    written = re.sub(r"^\^(?=.)", "ctrl+", written)
    modifiers, plus, key = written.rpartition("+") if len(written) > 1 else ("", "", written)
    if modifiers == "shift" and len(key) == 1:
        return key.upper()
    key = next(iter(Binding.make_bindings([Binding(key, "")]))).key if len(key) == 1 else _NAMES.get(key, key)
    known = key in _KNOWN or len(format_key(key)) == 1
    return f"{modifiers}{plus}{key}" if known and set(modifiers.split("+")) <= _MODIFIERS else ""


def _clash(chosen: dict[str, str]) -> tuple[str, str, str] | None:
    """Return an action with a key that does something else in the same place, the key, and the id of that, ``""`` if it has none."""
    usual = {action.id: action.keys.split(",") for action in _all()}
    for id in reversed(chosen):
        for _, actions, owners in _PLACES:
            here = {action.id: chosen.get(action.id, action.keys) for action in (*actions, *GLOBAL)}
            if here.pop(id, None) is None:
                continue
            taken = {key: "" for owner in owners for key in _fixed(owner)}
            taken |= {key: other for other, keys in here.items() for key in keys.split(",")}
            for key in chosen[id].split(","):
                if key in taken and key not in usual[id]:
                    return id, key, taken[key]
    return None


def _fixed(owner: type[Widget]) -> Iterable[str]:
    """Yield the keys of a screen or widget that can't be changed."""
    for kind in owner.__mro__:
        for binding in vars(kind).get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id is None:
                yield from binding.key.split(",")


def _all() -> tuple[Action, ...]:
    """Return every action once, those that work everywhere first."""
    listed = (*GLOBAL, *(action for _, actions, _ in _PLACES for action in actions))
    return tuple({action.id: action for action in reversed(listed)}.values())[::-1]


def run_keys(*, lang: Lang, out: TextIO, err: TextIO) -> int:
    """Print all ids with their keys of today, as a file to begin with; 1 when something is wrong with the learner's own."""
    path = paths.keys(paths.home())
    chosen, problems = read_keys(path) if path.exists() else ({}, ())
    print(f"# {_HEAD.format(file=path)[lang]}", file=out)
    said: set[str] = set()
    for title, actions in ((_EVERYWHERE, GLOBAL), *((title, actions) for title, actions, _ in _PLACES)):
        print(f"\n# {title[lang]}", file=out)
        for action in actions:
            if action.id not in said:
                said.add(action.id)
                keys = chosen.get(action.id, action.keys).replace(",", ", ")
                print(f"{f'{action.id}: {keys}':<44} # {action.help[lang]}", file=out)
    for problem in problems:
        print(problem.render(lang), file=err)
    return 1 if problems else 0


_ELSE = Text("不能改的操作", "something that can't be moved")
_HEAD = Text(
    "把要改的行写进 {file}；没写的保持原样。一项可以有几个键，用逗号隔开：b, left",
    "Write the lines that you change into {file}; what isn't there stays. Several keys have commas between them: b, left",
)

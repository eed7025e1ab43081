"""Actions: one table per screen feeds its key bindings, its key bar, the help page, and the command palette, in either language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.keys import format_key

from tutor.text import Lang, Text

if TYPE_CHECKING:
    from tutor.ui.base import TutorBase


@dataclass(frozen=True, slots=True)
class Action:
    """Something the learner can do.

    Attributes:
        name: The Textual action, ``action_<name>`` on the screen or app that lists it.
        keys: Textual key names, comma separated; the first is the one shown.
        shown: How the key is written on the screen, where no language has a word for it.
        label: One or two words for the key bar.
        help: A sentence for the help page and the palette.
        bar: Whether the key bar shows it.
        priority: Whether the key works before the focused widget sees it.
        place: Of its table, as learners name it in the file of their keys.
    """

    name: str
    keys: str
    shown: str
    label: Text
    help: Text
    bar: bool = True
    priority: bool = False
    place: str = ""

    @property
    def id(self) -> str:
        """What learners call it in the file of their keys."""
        if "." in self.name:
            return self.name
        return f"lab.{self.name[4:]}" if self.name.startswith("lab_") else f"{self.place}.{self.name}"

    @property
    def call(self) -> str:
        return self.name

    def key_name(self, lang: Lang, keys: Mapping[str, str]) -> str:
        """Return its key as the screen writes it; `keys`: the learner's own, by id."""
        return key_written(keys.get(self.id, self.shown), lang)


def in_field(key: str, label: Text, shown: str = "") -> Action:
    """Return what the key bar says of a key that works while something is typed; a click on it presses the key."""
    return Action(f"app.simulate_key({key!r})", key, shown or key, label, label)


def actions_of(screen: object) -> tuple[Action, ...]:
    """Return the actions of a `Page` that do something now; any other screen has none."""
    here: Callable[[], tuple[Action, ...]] | None = getattr(screen, "actions_here", None)
    return here() if here is not None else ()


def key_written(keys: str, lang: Lang) -> str:
    """Return the first of some keys as the screen writes it."""
    key = keys.split(",", maxsplit=1)[0]
    if (name := _KEY_NAMES.get(key)) is not None:
        return name[lang]
    return f"^{key[5:]}" if key.startswith("ctrl+") else format_key(key)


_KEY_NAMES = {
    "space": Text("空格", "space"),
    "enter": Text("回车", "enter"),
    "backspace": Text("bksp", "bksp"),
}


def table(place: str, *actions: Action) -> tuple[Action, ...]:
    """Return the actions of a place; those of another stay so."""
    return tuple(action if action.place else replace(action, place=place) for action in actions)


def bindings(actions: Iterable[Action]) -> list[Binding]:
    """Return the Textual bindings of a table; hidden from Textual's own footer, since `KeyBar` draws them."""
    return [
        Binding(
            action.keys,
            action.call,
            description=action.label.en,
            show=False,
            id=action.id,
            tooltip=action.help.en,
            priority=action.priority,
        )
        for action in actions
    ]


GLOBAL: tuple[Action, ...] = table(
    "app",
    Action(
        "toggle_lang", "L", "L", Text("English", "中文"), Text("切换中文 / 英文，位置与运行都保留", "Switch between Chinese and English; nothing is lost")
    ),
    Action(
        "toggle_theme", "T", "T", Text("明暗", "theme"), Text("切换深色 / 浅色主题", "Switch between the dark and the light theme"), bar=False
    ),
    Action("copy", "y", "y", Text("复制", "copy"), Text("复制选中的文字（用鼠标拖选）；什么也没选，就复制正在看的课文、题目或结果", "Copy what is selected (drag with the mouse); with nothing selected, the text, question or result that you look at"), bar=False),
    Action("screenshot", "P", "P", Text("截图", "screenshot"), Text("把此刻的画面存成 SVG 图片", "Save the screen as it is, as an SVG picture"), bar=False),
    Action("help", "question_mark,f1", "?", Text("帮助", "help"), Text("显示此处的所有按键", "Show every key that works here")),
    Action("command_palette", "ctrl+p", "^p", Text("命令", "commands"), Text("搜索并执行任何操作", "Search for any action and run it"), bar=False),
    Action("suspend_process", "ctrl+z", "^z", Text("挂起", "suspend"), Text("挂起，回到 shell；输入 fg 再回来", "Suspend and go to the shell; fg brings you back"), bar=False, priority=True),
    Action("leave", "q", "q", Text("退出", "quit"), Text("退出；训练还没跑完时先问一声，进度随学随存", "Quit; asks first while a run is going on. Progress is saved as you go")),
    Action("quit", "ctrl+q", "^q", Text("立即退出", "quit now"), Text("不问就退出，打字的时候也行", "Quit without asking, also where you type"), bar=False, priority=True),
)  # fmt: skip
"""What works on every screen."""
ESC, TAB = in_field("escape", Text("不再打字", "stop typing"), "esc"), in_field("tab", Text("离开", "leave"))
IN_ANY_FIELD = (
    in_field("f1", Text("帮助", "help"), "F1"),
    in_field("ctrl+q", Text("立即退出", "quit now"), "^q"),
)
"""What works on every screen also while letters are typed."""
SEARCH = Action(
    "app.search", "slash", "/", Text("搜索", "search"), Text("在全部课文和术语里找一个词", "Look for a word in all lessons and the glossary")
)  # fmt: skip

EXAMINATION = Action(
    "examination", "E", "E", Text("单元考试", "examination"), Text("参加单元考试；没交卷的接着答", "Take the final examination of the unit, or go on with it")
)  # fmt: skip


class ActionPalette(CommandPalette):
    """Textual's palette, but quick keys neither close the screen below it, too, nor ask for what isn't laid out yet."""

    def dismiss(self, result: object = None) -> AwaitComplete:
        return super().dismiss(result) if self.is_current else AwaitComplete()  # type: ignore[arg-type]

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):  # what was found just now has no lines yet to move over
            super()._action_command_list(action)


class ActionProvider(Provider):
    """Searches labels and help of all actions, in both languages at once."""

    def _actions(self) -> Iterable[tuple[Action, object]]:
        for action in actions_of(self.screen):
            yield action, self.screen
        for action in GLOBAL:
            if action.name != "command_palette":
                yield action, self.app

    def _title(self, action: Action) -> str:
        tutor = cast("TutorBase", self.app)
        return f"{action.label[tutor.lang]}  ({action.key_name(tutor.lang, tutor.keys)})"

    async def discover(self) -> Hits:
        lang = cast("TutorBase", self.app).lang
        for action, owner in self._actions():
            yield DiscoveryHit(self._title(action), partial(self._run, action, owner), help=action.help[lang])

    async def search(self, query: str) -> Hits:
        """Actions whose words match, whichever language they are typed in."""
        matcher = self.matcher(query)
        lang = cast("TutorBase", self.app).lang
        found = False
        for action, owner in self._actions():
            text = self._title(action)
            named = max(matcher.match(word) for word in (text, action.label.en, action.label.zh))
            told = max(matcher.match(word) for word in (action.help.en, action.help.zh))
            # A name that fits comes before a sentence in which the letters merely occur.
            score = max(named, told / 4)
            if score > 0:
                found = True
                yield Hit(
                    score, matcher.highlight(text), partial(self._run, action, owner), help=action.help[lang]
                )

        if not found:  # else Textual says so, in English
            yield Hit(1, Text("没有这样的操作", "No such action")[lang], lambda: None)

    async def _run(self, action: Action, owner: object) -> None:
        await self.app.run_action(action.call, owner)  # type: ignore[arg-type]

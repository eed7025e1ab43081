"""Actions: one table per screen feeds its key bindings, its key bar, the help page, and the command palette, in either language."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

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
    """

    name: str
    keys: str
    shown: str
    label: Text
    help: Text
    bar: bool = True
    priority: bool = False

    @property
    def call(self) -> str:
        return self.name

    def key_name(self, lang: Lang) -> str:
        name = _KEY_NAMES.get(self.shown)
        return name[lang] if name is not None else self.shown


def actions_of(screen: object) -> tuple[Action, ...]:
    """Return what a screen lists that does something now."""
    here = getattr(screen, "actions_here", None)
    return tuple(here() if here is not None else getattr(screen, "ACTIONS", ()))


_KEY_NAMES = {"space": Text("空格", "space"), "enter": Text("回车", "enter")}


def bindings(actions: Iterable[Action]) -> list[Binding]:
    """Return the Textual bindings of a table; hidden from Textual's own footer, since `KeyBar` draws them."""
    return [
        Binding(
            action.keys,
            action.call,
            description=action.label.en,
            show=False,
            id=f"tutor.{action.name}",
            tooltip=action.help.en,
            priority=action.priority,
        )
        for action in actions
    ]


GLOBAL: tuple[Action, ...] = (
    Action(
        "toggle_lang", "L", "L", Text("English", "中文"), Text("切换中文 / 英文，位置与运行都保留", "Switch between Chinese and English; nothing is lost")
    ),
    Action(
        "toggle_theme", "T", "T", Text("明暗", "theme"), Text("切换深色 / 浅色主题", "Switch between the dark and the light theme"), bar=False
    ),
    Action("help", "question_mark,f1", "?", Text("帮助", "help"), Text("显示此处的所有按键", "Show every key that works here")),
    Action("command_palette", "ctrl+p", "^p", Text("命令", "commands"), Text("搜索并执行任何操作", "Search for any action and run it"), bar=False),
    Action("suspend_process", "ctrl+z", "^z", Text("挂起", "suspend"), Text("挂起，回到 shell；输入 fg 再回来", "Suspend and go to the shell; fg brings you back"), bar=False, priority=True),
    Action("leave", "q", "q", Text("退出", "quit"), Text("退出；训练还没跑完时先问一声，进度随学随存", "Quit; asks first while a run is going on. Progress is saved as you go")),
    Action("quit", "ctrl+q", "^q", Text("立即退出", "quit now"), Text("不问就退出，打字的时候也行", "Quit without asking, also where you type"), bar=False, priority=True),
)  # fmt: skip
"""What works on every screen."""
SEARCH = Action(
    "app.search", "slash", "/", Text("搜索", "search"), Text("在全部课文和术语里找一个词", "Look for a word in all lessons and the glossary")
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
        lang = cast("TutorBase", self.app).lang
        return f"{action.label[lang]}  ({action.key_name(lang)})"

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

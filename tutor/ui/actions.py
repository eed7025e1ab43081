"""Actions: one table per screen feeds its key bindings, its key bar, the help page and the command palette."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding

from tutor.text import Lang, Text


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
        """The Textual action that does it."""
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

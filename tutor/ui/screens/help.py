"""The help page: every key that works where the learner is, and how the tutor is meant to be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tutor.plot.cells import Row, Run
from tutor.plot.prose import render
from tutor.plot.wrap import wrap
from tutor.text import Lang, Text
from tutor.ui.actions import GLOBAL, Action
from tutor.ui.screens.window import Frame, Window
from tutor.ui.widgets.rows import BuiltRows

_KEY_WIDTH = 10


class HelpScreen(Window[None]):
    """Over the screen it explains."""

    DEFAULT_CSS = "HelpScreen Frame { width: 76; height: 90%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q,enter", "dismiss", "back", show=False)
    ]

    def __init__(self, actions: Iterable[Action]) -> None:
        super().__init__()
        self._actions = tuple(actions)

    def compose(self) -> ComposeResult:
        with Frame():
            yield BuiltRows(partial(help_rows, self._actions, self.app.keys))

    def on_mount(self) -> None:
        self.query_one(BuiltRows).focus()


def help_rows(here: Sequence[Action], keys: Mapping[str, str], lang: Lang, width: int) -> list[Row]:
    """Return how the tutor works, the keys of a screen, and those that work everywhere."""
    rows: list[Row] = [*render(_HOW[lang], width), ()]
    for title, actions in ((_KEYS_HERE, here), (_KEYS_EVERYWHERE, GLOBAL)):
        if not actions:
            continue
        rows += [(Run(title[lang], "heading", bold=True),), ()]
        for action in actions:
            key = Run(f"  {action.key_name(lang, keys)}", "key", bold=True)
            pad = Run(" " * max(1, _KEY_WIDTH - key.width))
            rows += wrap([key, pad, Run(action.help[lang], "text")], width, indent=_KEY_WIDTH)
        rows.append(())
    return rows


_KEYS_HERE, _KEYS_EVERYWHERE = Text("此处的按键", "Keys here"), Text("随处可用", "Keys everywhere")
_HOW = Text(
    zh="""### 怎么学
每步先读一小段，**猜**实验会怎样，再**运行**：一个真的小模型就在这台机器上训练。跑完**揭晓**，和你猜的对一对。实验里的数都是当场算的，没有录像。

训练时可以接着往下读；学到哪里随时自动保存，退出再来，还在原处。

最上面一排数字是本节的各步：▸ 有东西要跑，? 有题要答，◦ 可以跳过，✓ 做完了，⚑ 有书签；⡇ 后面开始新的一章。
""",
    en="""### How it works
Read a short step, **predict** what the experiment will show and **run** it: a real tiny model trains on this machine. Then what happened is **revealed** beside what you said. The numbers of a lab are computed there and then.

You can read on while it trains. Progress is saved as you go; come back and you are where you left off.

The numbers in the top row are the steps of the section: ▸ something to run, ? questions to answer, ◦ may be skipped, ✓ done, ⚑ bookmarked. A new chapter begins after ⡇.
""",
)

"""Asks for a sentence of the learner, to be shown by an experiment that has a use for one."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.window import Window, leave
from tutor.ui.widgets.words import Words

SETTING = "sentence"
"""Config key of an experiment that shows a sentence of the learner."""

MOST = 200
"""Characters that it may have."""


class OwnSentenceScreen(Window[bool]):
    """A sentence, Enter; an empty line takes it away again. Returns whether anything changed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "back", show=False)]

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session

    def compose(self) -> ComposeResult:
        """A question and a line to type on."""
        with Vertical(id="own-text"):
            yield Words(_ASK)
            yield Input(value=self.session.settings.get(SETTING, ""), max_length=MOST, id="own-sentence")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        before = self.session.settings.pop(SETTING, "")
        if typed:
            self.session.settings[SETTING] = typed
        leave(self, typed != before)


_ASK = Text(
    "写一句自己的话，中文英文都行，看它怎样被切开。（回车确认，再按空格重新运行；留空不显示，Esc 取消）",
    "Write a sentence of your own, in any language, and see how it is cut. (Enter, then space to run anew; empty for none, Esc to cancel)",
)

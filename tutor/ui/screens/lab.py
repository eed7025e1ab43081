"""A lab in the whole window."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tutor.text import Text
from tutor.ui.actions import Action, bindings
from tutor.ui.compositor import paint_in_bands
from tutor.ui.lab_actions import DIGITS, LAB_ACTIONS, SCROLLING, SPACE_DOES, ScreenWithLab
from tutor.ui.lab_session import LabSession
from tutor.ui.screens.window import leave
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.lab_pane import LabPane


class LabScreen(ScreenWithLab):
    """The same session as beside the text, with more room."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *LAB_ACTIONS,
        Action("back", "escape,f", "esc", Text("返回", "back"), Text("回到课文", "Back to the lesson")),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(ACTIONS),
        *DIGITS,
        *SCROLLING,
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]

    AUTO_FOCUS = ""
    """Nothing: a gate that isn't shown must not get the keys."""

    def __init__(self, session: LabSession, view: str | None = None) -> None:
        super().__init__()
        paint_in_bands(self)
        self.session = session
        self.view = view

    def compose(self) -> ComposeResult:
        yield TitleBar(Text("实验", "Lab"), self.session.lab.title)
        yield LabPane(self.session, view=self.view)
        yield KeyBar(self.ACTIONS)

    def on_mount(self) -> None:
        """The gate, if it stands, takes the keys, as soon as it is there."""
        self.call_after_refresh(self._focus_gate)

    def on_screen_resume(self) -> None:
        """What the run did while help or source lay over it is shown now."""
        pane = self.lab_pane
        if pane is not None:
            pane.lay_out()
            pane.show_news()

    def on_idle(self) -> None:
        """Whatever has just happened, space may mean another thing now."""
        pane = self.lab_pane
        if pane is not None and self.is_mounted and self.is_current:
            does = pane.space
            self.query_one(KeyBar).show(
                replace(action, label=SPACE_DOES[does or "run"], bar=bool(does))
                if action.name == "lab_run"
                else action
                for action in self.actions_here()
            )

    def _focus_gate(self) -> None:
        if self.lab_pane is not None:
            self.lab_pane.focus_gate()

    def action_back(self) -> None:
        leave(self)

"""The quiz of a section, on its own screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from tutor.content.models import Section
from tutor.content.questions import Quiz
from tutor.text import Text
from tutor.ui.actions import Action, bindings
from tutor.ui.screens.window import leave
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.quiz_pane import QuizPane

if TYPE_CHECKING:
    from tutor.ui.base import TutorBase


class QuizScreen(Screen[str | None]):
    """All questions of a section, from the first not yet answered. Returns the step to read again, or None."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("submit", "ctrl+s", "enter", Text("提交/下一题", "submit/next"), Text("提交选好的答案；看完反馈后进入下一题", "Submit what you chose; after the feedback, the next question")),
        Action("previous", "b", "b", Text("上一题", "previous"), Text("回看上一题", "Look at the previous question again")),
        Action("again", "R", "R", Text("重做", "again"), Text("从第一题重新开始", "Begin again from the first question")),
        Action("back", "escape", "esc", Text("返回", "back"), Text("回到课文；答案随答随存", "Back to the lesson; answers are saved as you go")),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTIONS)]

    def __init__(self, unit: str, section: Section, quiz: Quiz, title: Text) -> None:
        super().__init__()
        self.unit, self.section, self.quiz, self.section_title = unit, section, quiz, title

    def compose(self) -> ComposeResult:
        yield TitleBar(self.section_title, Text("测验", "Quiz"))
        store = cast("TutorBase", self.app).store
        yield QuizPane(store, self.unit, self.section, self.quiz.questions)
        yield KeyBar(self.ACTIONS)

    def on_mount(self) -> None:
        self.query_one(QuizPane).focus()

    def action_submit(self) -> None:
        self.query_one(QuizPane).action_go()

    def action_previous(self) -> None:
        self.query_one(QuizPane).action_back_one()

    def action_again(self) -> None:
        self.query_one(QuizPane).action_again()

    def action_back(self) -> None:
        leave(self)

    @on(QuizPane.StepPicked)
    def _read(self, event: QuizPane.StepPicked) -> None:
        leave(self, event.step)

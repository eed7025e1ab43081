"""Questions on their own screen: the quiz of a section."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult

from tutor.content.models import Section
from tutor.content.questions import Quiz
from tutor.text import Text
from tutor.ui.actions import Action, table
from tutor.ui.compositor import paint_in_bands
from tutor.ui.screens.page import Page, leave
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.quiz_pane import QuizPane


class QuestionsScreen(Page[str | None]):
    """A `QuizPane` in the whole window."""

    def __init__(self, pane: Callable[[], QuizPane], *path: Text) -> None:
        """``pane`` makes what asks; ``path`` stands in the title bar."""
        super().__init__()
        paint_in_bands(self)
        self._pane, self.path = pane, path

    def compose(self) -> ComposeResult:
        yield TitleBar(*self.path)
        yield self._pane()
        yield KeyBar(self.ACTIONS)

    def on_mount(self) -> None:
        self.query_one(QuizPane).focus()

    def on_idle(self) -> None:
        if self.is_mounted and self.is_current:
            self.query_one(KeyBar).show(self.actions_here())

    def action_submit(self) -> None:
        self.query_one(QuizPane).action_go()

    def action_previous(self) -> None:
        self.query_one(QuizPane).action_turn(-1)

    def action_next(self) -> None:
        self.query_one(QuizPane).action_turn(1)

    def action_again(self) -> None:
        self.query_one(QuizPane).action_again()


class QuizScreen(QuestionsScreen):
    """The questions of a section, in rounds; a round goes on where it was left. Returns the step to read again, or None."""

    ACTIONS = table(
        "quiz",
        Action("submit", "ctrl+s", "enter", Text("提交/下一题", "submit/next"), Text("提交答案，说有多大把握；看完反馈后进入下一题", "Submit your answer and say how sure you are; after the feedback, the next question")),
        Action("previous", "b", "b", Text("上一题", "previous"), Text("回看上一题（← 也行）", "Look at the previous question again (or ←)")),
        Action("next", "n", "n", Text("下一题", "next"), Text("看下一题，答没答都行（→ 也行）", "The next question, answered or not (or →)")),
        Action("hint", "f2", "h", Text("提示", "hint"), Text("看一条提示，再按再多一条；打字时按 F2", "A hint, and one more each time; F2 where you type"), bar=False),
        Action("again", "R", "R", Text("再来一轮", "new round"), Text("另起一轮：选长短，没答过的和答错的在前", "Begin another round: choose its length; what was never answered or wrong comes first")),
        Action("back", "escape", "esc", Text("返回", "back"), Text("回到课文；答案随答随存", "Back to the lesson; answers are saved as you go")),
    )  # fmt: skip

    def __init__(self, unit: str, section: Section, quiz: Quiz, title: Text) -> None:
        super().__init__(self._asks, title, Text("测验", "Quiz"))
        self.unit, self.section, self.quiz = unit, section, quiz

    def _asks(self) -> QuizPane:
        return QuizPane(self.app.store, self.unit, self.section, self.quiz.questions, rounds=True)

    def works(self) -> dict[str, bool]:
        """Asked for the length of a round, there is only the way back; after its end, no question."""
        pane = self.query_one(QuizPane)
        asked = pane.current is not None and not pane.choosing
        works = dict.fromkeys(("submit", "next", "hint"), asked)
        return works | dict.fromkeys(("previous", "again"), not pane.choosing)

    def action_hint(self) -> None:
        self.query_one(QuizPane).action_hint()

    @on(QuizPane.StepPicked)
    def _read(self, event: QuizPane.StepPicked) -> None:
        leave(self, event.step)

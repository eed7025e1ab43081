"""A course file as learners will see it, while it is written: shown anew, where it was, whenever a file of the course is saved."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen

from tutor import paths
from tutor.content.check import check
from tutor.content.files import CourseFile, course_files
from tutor.content.library import Library
from tutor.content.problems import ContentError, Problem, problem
from tutor.content.stored import course_times
from tutor.content.validate import did_you_mean
from tutor.plot.cells import Row, Run
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap
from tutor.progress.database import stored_setting
from tutor.progress.store import Store
from tutor.text import InputError, Lang, Text
from tutor.ui.actions import Action, table
from tutor.ui.app import TutorApp, run_to_its_end
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.lesson import LessonScreen
from tutor.ui.screens.page import Page
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.rows import RowsScroll, Words

LOOK_SECONDS = 0.3
"""How often the files are looked at."""

IN_PLACE = 3
"""Problems that are told below what is shown; the list has them all."""


class ProblemList(RowsScroll):
    """Every problem of a file: where it is, the line, what to do."""

    TELLS_MORE = True
    DEFAULT_CSS = "ProblemList { width: 1fr; height: 1fr; padding: 1 2; }"

    problems: Sequence[Problem] = ()

    def show(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        rows: list[Row] = []
        for found in self.problems:
            head, *rest = found.render(self.lang).split("\n")
            role = "bad" if found.severity == "error" else "warn"
            rows += wrap([Run(clean(head), role, bold=True)], width)
            rows += [row for line in rest for row in wrap([Run(clean(line), "text")], width)]
            rows.append(())
        return rows or wrap([Run(self.say(_NONE), "good")], width)


class ProblemScreen(Page[None]):
    """What lies under the preview, and in its place while the file can't be shown."""

    ACTIONS = table(
        "preview",
        Action(
            "again", "enter", "enter", Text("看效果", "look at it"), Text("回到预览", "Back to the preview")
        ),
    )

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = file

    def compose(self) -> ComposeResult:
        yield TitleBar(Text("预览", "Preview"), Text(self.file, self.file))
        yield ProblemList()
        yield KeyBar(self.ACTIONS)

    async def action_again(self) -> None:
        assert isinstance(self.app, PreviewApp)
        await self.app.show_file()


class PreviewApp(TutorApp):
    """One lab, section or quiz of a course; a section opens at a step, of a quiz one question can be shown alone."""

    shows_answers = True

    def __init__(
        self,
        at: CourseFile,
        library: Library,
        store: Store,
        lang: Lang,
        step: str | None = None,
        question: str | None = None,
    ) -> None:
        super().__init__(library, store, lang=lang)
        self.at, self.step, self.question = at, step, question
        self._seen: object = None
        self._found: tuple[Problem, ...] = ()

    def get_default_screen(self) -> Screen[None]:
        return ProblemScreen(self.at.file)

    def on_mount(self) -> None:
        self.set_interval(LOOK_SECONDS, self._look)

    async def _look(self) -> None:
        times = course_times(self.library.root)
        if times == self._seen or not self.at.path.exists():  # some editors take it away for a moment
            return
        self._seen = times
        report = await asyncio.to_thread(check, self.at.path, base=Path.cwd())
        self._found = report.problems
        await self.show_file()

    async def show_file(self) -> None:
        """Show the file as it is now, or what is wrong with it."""
        if isinstance(self.screen, LessonScreen) and self.screen.step is not None:
            self.step = self.screen.step.id
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        self.close_sessions()
        self.sessions.clear()
        problems = self._found
        screen = None
        if not any(found.severity == "error" for found in problems):
            try:
                screen = self._screen()
            except ContentError as error:
                problems = (*error.problems, *problems)
        self.screen_stack[0].query_one(ProblemList).show(problems)
        if screen is not None:
            await self.push_screen(screen)
            told = problems[:IN_PLACE]
            below = [Words(Text(found.head("zh"), found.head("en")), "warn") for found in told]
            await screen.mount_all(below, before=screen.query_one(KeyBar))

    def _screen(self) -> Screen[None] | Screen[str | None] | None:
        """The screen that learners will see; None for a file that has none of its own.

        Raises:
            ContentError: A file that it needs is broken, or has no such step or question.
        """
        unit = next((u.id for u in self.library.index().unit_heads if u.folder == self.at.unit), self.at.unit)
        name = self.at.stem
        if self.at.kind == "lab":
            return LabScreen(self.session(name, unit))
        if self.at.kind not in ("section", "quiz"):
            return None
        section = self.library.section(unit, name)
        if self.at.kind == "section":
            ids = [step.id for step in section.steps]
            if self.step is not None and self.step not in ids:
                raise self._unknown("step.unknown", self.step, ids, section=name)
            self.store.set_position(unit, name, self.step or ids[0])
            return self.lesson(unit, name)
        quiz = self.library.quiz(unit, name)
        asked = [q for q in quiz.questions if self.question in (None, q.id)]
        if not asked:
            ids = [q.id for q in quiz.questions]
            raise self._unknown("question.unknown", str(self.question), ids, quiz=self.at.file)
        title = next(entry.title for entry in self.library.unit(unit).sections if entry.id == name)
        return QuizScreen(unit, section, quiz.model_copy(update={"questions": tuple(asked)}), title)

    def _unknown(self, code: str, name: str, known: list[str], **values: Any) -> ContentError:
        return ContentError(
            [problem(code, self.at.file, name=name, close=did_you_mean(name, known), **values)]
        )


def run_preview(file: Path, *, step: str | None, question: str | None, lang: Lang) -> int:
    """Show a course file until the author quits. Nothing is kept of what is answered or trained there.

    Returns:
        The exit code.

    Raises:
        InputError: The file belongs to no course.
        Crash: An error of our own ended the preview.
    """
    file = file.absolute()
    root = next((f.parent for f in file.parents if f.name in ("lessons", "quizzes")), None)
    at = next((at for at in course_files(root) if at.path == file), None) if root is not None else None
    if root is None or at is None:
        raise InputError(_NOT_OF_COURSE.format(file=file))
    theme = stored_setting(paths.database(paths.home()), "theme")
    models, home = paths.models(), os.environ.get(paths.HOME_VARIABLE)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ[paths.HOME_VARIABLE] = scratch
        try:
            if models.is_dir():  # to start from
                shutil.copytree(models, paths.models())
            store = Store(paths.database(Path(scratch)))
            if theme:
                store.set_setting("theme", theme)
            return run_to_its_end(PreviewApp(at, Library(root), store, lang, step, question))
        finally:
            os.environ.pop(paths.HOME_VARIABLE)
            if home is not None:
                os.environ[paths.HOME_VARIABLE] = home


_NONE = Text("没有问题。", "No problems.")
_NOT_OF_COURSE = Text(
    "{file} 不是课程里的文件（课程的 lessons/ 或 quizzes/ 下的 YAML）",
    "{file} isn't a file of a course (YAML below its lessons/ or quizzes/)",
)

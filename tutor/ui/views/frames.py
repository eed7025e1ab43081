"""The views that draw the newest frames of all arms: pictures by themselves, samples, and the arms compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from tutor.frames import Bars, Frame, Samples
from tutor.plot import drawn, samples
from tutor.plot.bars import render_dots
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit_row
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.run_frames import compared
from tutor.ui.widgets.rows import RowsScroll


class FrameView(RowsScroll):
    """Draws the newest frames of one view, the arms beside each other or one below the other, each under its label.

    A new experiment needs no new screen code.

    Attributes:
        view: Id of the view.
        arm: Id of the arm on top.
        alone: Id of the one arm that is shown; None when others are, too.
        frames: What is drawn, by arm.
        places: Column and row at which the frame of an arm begins.
    """

    TELLS_MORE = True
    DEFAULT_CSS = "FrameView { width: 1fr; height: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession, view: str) -> None:
        super().__init__()
        self.session = session
        self.view = view
        self.arm = session.arm_ids[0]
        self.alone: str | None = None
        self.frames: dict[str, Frame] = {}
        self.places: dict[str, tuple[int, int]] = {}
        self._shown: object = None

    def _area(self) -> tuple[int, int]:
        return self.scrollable_content_region.width, self.size.height  # some frames fill the box

    def show(self, arm: str) -> None:
        """Draw anew when there are new frames, or another arm is to stand on top, if it has a frame."""
        frames = {id: self.frame_of(id) for id in self.session.arm_ids}
        state = (
            arm,
            *(
                part
                for id, frame in frames.items()
                for part in (self.state(id, frame), self.session.lost_at(id))
            ),
        )
        if state == self._shown:
            return
        self._shown = state
        self.frames = {id: frame for id, frame in frames.items() if frame is not None}
        if arm not in self.frames and self.frames:
            arm = next(iter(self.frames))
        if arm != self.arm:
            self.scroll_home(animate=False)
        self.arm = arm
        self.redraw()

    def state(self, arm: str, frame: Frame | None) -> object:
        """Return what an arm is drawn from: while it is the same, nothing is drawn anew."""
        return id(self.session.frames.get((self.view, arm)))

    def frame_of(self, arm: str) -> Frame | None:
        frame = self.session.frames.get((self.view, arm))
        return frame if drawn.drawable(frame) else None

    def fills(self) -> bool:
        """Return whether the frames fill the height of the box."""
        return all(map(drawn.fills, self.frames.values()))

    def least(self, frame: Frame, height: int) -> tuple[int, int]:
        """Return columns and rows in which a frame is still of use in so many rows, without its title."""
        return drawn.least(frame, self._called)

    def head(self, width: int) -> list[Row]:
        note = self.session.spec.words.get(f"{self.view}.note")
        return self.wrapped(note, "dim", width) if note is not None else []

    def title(self, arm: str, *, rotates: bool) -> Row:
        """Return the label of an arm; the first of those that can't all be seen says how to see others."""
        label = Run(self.say(self.session.lab.labels[arm]), "accent", bold=True)
        return (label, Run(self.say(_NEXT), "faint", link="do:lab_arm")) if rotates else (label,)

    def when_lost(self, frame: Frame, step: int) -> Text:
        """Return what is said above the last frame of an arm that diverged in a step: of which moment it is."""
        return _BEFORE_IT_STOPPED.format(step=step)

    def draw(self, arm: str, frame: Frame, width: int, height: int) -> list[Row]:
        return drawn.render(frame, width, self._called, height, dots=self.app.dots)

    def _called(self, written: str | Text) -> str:
        return self.say(written if isinstance(written, Text) else self.session.spec.word(written))

    def build(self, width: int, height: int) -> Sequence[Row]:
        session, frames = self.session, self.frames
        self.places = {}
        if not frames:
            if (lost := session.lost_at(self.arm)) is not None:
                return self.wrapped(_NOTHING_LEFT.format(step=lost), "warn", width)
            came = any((self.view, arm) in session.frames for arm in session.arm_ids)
            return self.wrapped(_NOTHING if came else _WAITING, "dim", width)
        several = len(session.arm_ids) > 1
        rows = self.head(width)
        room = height - len(rows)
        sizes = [self.least(frame, room - several) for frame in frames.values()]
        least = max(size[0] for size in sizes), max(size[1] for size in sizes) + several
        fills = self.fills()
        lines = grid(list(frames), self.arm, width, least, room if fills else None)
        rotates = len(lines[0]) < len(frames)
        self.alone = lines[0][0] if fills and rotates and lines == [lines[0][:1]] else None
        columns = max(1, (width - GAP * (len(lines[0]) - 1)) // len(lines[0]))
        for line in lines:
            blocks = []
            for place, arm in enumerate(line):
                block: list[Row] = []
                if several:
                    title = self.title(arm, rotates=rotates and arm == lines[0][0])
                    if row_width(title) > columns:  # the key alone rather than half a hint
                        title = (title[0], *(replace(hint, text="   a") for hint in title[1:]))
                    block.append(fit_row(title, columns))
                if (lost := session.lost_at(arm)) is not None:
                    block += self.wrapped(self.when_lost(frames[arm], lost), "warn", columns)
                self.places[arm] = place * (columns + GAP), len(rows) + len(block)
                left = max(1, room // len(lines) - len(block))
                blocks.append([*block, *self.draw(arm, frames[arm], columns, left)])
            rows += beside(blocks, columns)
            if not fills:
                rows.append(())
        return rows


class SamplesView(FrameView):
    """Draws what the model writes as training goes on, newest first: all samples that a session has gathered."""

    def state(self, arm: str, frame: Frame | None) -> object:
        return frame

    def frame_of(self, arm: str) -> Frame | None:
        items = self.session.frames.written(self.view, arm, self.session.snapshot)
        return Samples(tuple(items)) if items else None

    def draw(self, arm: str, frame: Frame, width: int, height: int) -> list[Row]:
        _, part = self.session.spec.parts or ("", Text("{parts}", "{parts}"))
        assert isinstance(frame, Samples)
        return samples.render(
            frame,
            width,
            step_label=self.say(Text("第 {step} 步", "step {step}")),
            without_label=self.say(Text(f"去掉{part.zh}", f"without {part.en}")),
            temperature_label=self.say(Text("温度 {temperature}", "temperature {temperature}")),
        )


class CompareView(FrameView):
    """Draws a scale for each metric of the lab's chart, with a dot for every arm as it stands at the moment that is shown."""

    def show(self, arm: str) -> None:
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        labels = self.session.lab.labels
        rows: list[Row] = []
        for metric, bars in compared(self.session.lab, self.session.snapshot).items():
            if not any(map(math.isfinite, bars.values)):
                continue
            card = self.session.spec.metric(metric)
            assert card is not None
            unit = self.say(card.unit)
            title = [Run(self.say(card.label), "heading", bold=True)]
            if unit and unit != self.say(card.label):
                title.append(Run(self.say(Text(f"（{unit}）", f" ({unit})")), "dim"))
            named = Bars(tuple(self.say(labels[arm]) for arm in bars.labels), bars.values)
            lowest = self.say(_LOWEST) if card.better == "low" else ""
            highest = self.say(_HIGHEST) if card.better == "high" else ""
            rows += [tuple(title), *render_dots(named, width, lowest=lowest, highest=highest), ()]
        return rows or self.wrapped(_NOTHING_TO_COMPARE, "dim", width)


GAP = 2
"""Columns between two arms."""


def grid(
    arms: Sequence[str], chosen: str, width: int, least: tuple[int, int], height: int | None
) -> list[list[str]]:
    """Choose the arms that are drawn, line by line: all in one if they fit; else as many as fit, from the chosen one on.

    Args:
        arms: All arms, at least one.
        chosen: The one to begin with.
        width: Columns of the box.
        least: Columns and rows in which an arm is still of use.
        height: Rows of the box; None: as many as it takes.
    """
    across = min(len(arms), max(1, (width + GAP) // (least[0] + GAP)))
    if across < len(arms):
        first = arms.index(chosen)
        arms = [*arms[first:], *arms[:first]]
    lines = [list(arms[at : at + across]) for at in range(0, len(arms), across)]
    return lines if height is None else lines[: max(1, height // max(1, least[1]))]


def beside(blocks: Sequence[Sequence[Row]], width: int) -> list[Row]:
    """Put blocks of rows side by side, each `width` wide, the shorter ones filled up with blanks."""
    if len(blocks) == 1:
        return list(blocks[0])
    gap = Run(" " * GAP)
    rows: list[Row] = []
    for y in range(max(map(len, blocks))):
        row: list[Run] = []
        for block in blocks:
            row += [*([gap] if row else []), *fit_row(block[y] if y < len(block) else (), width)]
        rows.append(tuple(row))
    return rows


_NEXT = Text("   a 换一组到最前", "   a: next one on top")
_BEFORE_IT_STOPPED = Text(
    "第 {step} 步发散了：这是那之前的样子。", "Diverged at step {step}: this is how it was before."
)
_NOTHING_LEFT = Text(
    "它在第 {step} 步发散了，此后没有可画的。",
    "It diverged at step {step}; from there on there is nothing to draw.",
)
_NOTHING = Text("这次运行中，这里没有内容可显示。", "This run has nothing to show here.")
_WAITING = Text("运行后，这里显示此刻的样子。", "Once it runs, this moment shows here.")
_LOWEST, _HIGHEST = Text("最低", "lowest"), Text("最高", "highest")
_NOTHING_TO_COMPARE = Text("运行后，这里把各组并排比较。", "Once it runs, the arms are compared here.")

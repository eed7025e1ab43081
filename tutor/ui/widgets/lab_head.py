"""The lines above a lab's views: how the run goes, and which views there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.engine import Snapshot
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.gate import clean
from tutor.text import Lang, Text
from tutor.ui.lab_session import LabSession
from tutor.ui.pieces import share_bar, tab
from tutor.ui.widgets.rows import Drawn

PHASES: dict[str, tuple[Text, str]] = {
    "idle": (Text("待运行", "ready"), "dim"),
    "preparing": (
        Text("准备中：载入程序库、建立实验…", "preparing: loading libraries, building the experiment…"),
        "warn",
    ),
    "asking": (Text("等你选", "waiting for you"), "warn"),
    "base": (Text("预训练基座模型", "pre-training the base"), "accent"),
    "running": (Text("训练中", "training"), "good"),
    "paused": (Text("已暂停", "paused"), "warn"),
    "measuring": (Text("正在测量结果", "measuring the result"), "good"),
    "finished": (Text("已完成", "finished"), "accent"),
    "stopped": (Text("已停止", "stopped"), "dim"),
    "failed": (Text("出错", "failed"), "bad"),
}
"""What each phase is called and the role it is drawn in."""

_INSTANT: dict[str, tuple[Text, str]] = {
    "idle": (Text("先预测", "predict first"), "dim"),
    "preparing": (Text("准备中…", "preparing…"), "warn"),
    "measuring": (Text("计算中…", "computing…"), "good"),
    "finished": (Text("随旋钮即时计算", "computed anew at every turn of a knob"), "accent"),
}
"""The same for labs without runs."""

_NOT_TRAINED = (Text("运行中", "running"), "good")
_DIVERGED = (Text("结束：有训练发散了", "ended: a run diverged"), "bad")
_GOING_BACK = (Text("正在回到这一刻…", "going back to that moment…"), "warn")


class LabHead(Drawn):
    """Title, phase, progress, speed: two rows."""

    DEFAULT_CSS = "LabHead { height: 2; width: 1fr; }"

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session

    def build(self, width: int, height: int) -> Sequence[Row]:
        session, snapshot = self.session, self.session.snapshot
        instant, timeline = session.spec.instant, session.timeline
        text, role = (_INSTANT if instant else {}).get(session.phase, PHASES[session.phase])
        if session.phase == "running" and session.spec.loss is None:
            text, role = _NOT_TRAINED
        elif session.phase == "finished" and session.diverged:
            text, role = _DIVERGED
        if timeline is not None and not timeline.ready and session.phase == "running":
            text, role = _GOING_BACK
        title: list[Run] = [Run(f" {self.say(session.lab.title)}", "strong", bold=True)]
        keys = session.spec.user_text
        own = str((keys.of(session.next.settings) if keys is not None else None) or "")
        number = session.shown.seed
        seed_text = self.say(Text(f"种子 {number} ", f"seed {number} "))
        seed = Run(f"{clean(own)[:24]}  {seed_text}" if own else seed_text, "warn" if own else "dim")
        pad = width - row_width(title) - seed.width
        if pad > 0 and not instant:
            title += [Run(" " * pad), seed]
        status: list[Run] = [Run(f" {self.say(text)}", role, bold=True)]
        runs = not instant or session.phase == "base"
        if snapshot is not None and session.run is not None and snapshot.phase != "preparing" and runs:
            done = sum(arm.step for arm in snapshot.arms)
            total = max(1, sum(arm.total for arm in snapshot.arms))
            # Of those that train now: a base has done its own steps before.
            step = timeline.at if timeline is not None else 0
            status.append(Run(self.say(Text(f"  第 {step} 步", f"  step {step}")), "text"))
            bar_width = max(0, min(16, width - row_width(status) - 22))
            if bar_width >= 4:
                status += [Run("  "), *share_bar(done / total, bar_width)]
            for piece in self._speeds(snapshot):
                if row_width(status) + piece.width <= width:
                    status.append(piece)
        return [tuple(title), tuple(status)]

    def _speeds(self, snapshot: Snapshot) -> list[Run]:
        rate, counted, limit = snapshot.per_second, self.session.spec.counted, snapshot.speed
        pieces = []
        if rate > 0 and counted is not None:
            shown = f"{rate / 1000:.1f}k" if rate >= 1000 else f"{rate:.0f}"
            pieces.append(
                Run(self.say(Text(f"  {shown} {counted.zh}/秒", f"  {shown} {counted.en}/s")), "dim")
            )
        if limit is not None:
            pieces.append(Run(self.say(Text(f"  限速 {limit:g} 步/秒", f"  ≤{limit:g}/s")), "warn"))
        return pieces


class ViewTabs(Drawn):
    """Names of the views; the shown ones are marked, each is a mouse target."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "ViewTabs { height: 1; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._tabs: tuple[tuple[str, Text], ...] = ()
        self._current = ""

    def show(self, tabs: tuple[tuple[str, Text], ...], current: str) -> None:
        self._tabs, self._current = tabs, current
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        return [tabs_row(self._tabs, self._current, self.lang, width)]


def tabs_row(tabs: Sequence[tuple[str, Text]], current: str, lang: Lang, width: int) -> Row:
    """Return the names of views in a row, closer together where they are many, and how to change them where that fits."""
    row = [tab(text[lang], f"view:{name}", chosen=name == current) for name, text in tabs]
    if row_width(row) > width:
        row = [replace(run, text=run.text.rstrip()) for run in row]
    if len(tabs) > 1:
        hints = (Text("  w 换视图", "  w: next view"), Text("  w", "  w"))
        found = (Run(hint[lang], "faint") for hint in hints)
        row += [hint for hint in found if row_width(row) + hint.width <= width][:1]
    return tuple(row)

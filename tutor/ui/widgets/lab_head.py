"""The lines above and below a lab's views: how the run goes, which views there are, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rich.cells import cell_len

from tutor.experiments.knobs import Value
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import fit
from tutor.plot.gate import clean
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.rule_choice import choices
from tutor.ui.widgets.rows import RowsWidget

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

_DIVERGED = (Text("结束：有训练发散了", "ended: a run diverged"), "bad")
_GOING_BACK = (Text("正在回到这一刻…", "going back to that moment…"), "warn")


_CHOOSER = 8
"""Columns of the button that chooses another knob."""

_LEAST_NAME = 8
"""Columns of a knob's name below which it isn't worth showing."""


class LabHead(RowsWidget):
    """Title, phase, progress, speed: two rows."""

    DEFAULT_CSS = "LabHead { height: 2; width: 1fr; }"

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session

    def build(self, width: int, height: int) -> Sequence[Row]:
        """Title at the left, phase under it, a thin progress bar at the right."""
        session = self.session
        instant = session.spec.instant
        text, role = (_INSTANT if instant else {}).get(session.phase, PHASES[session.phase])
        timeline = session.timeline
        if session.phase == "finished" and session.diverged:
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
        snapshot = session.snapshot
        if snapshot is not None and session.run is not None and snapshot.phase != "preparing" and not instant:
            done = sum(arm.step for arm in snapshot.arms)
            total = max(1, sum(arm.total for arm in snapshot.arms))
            # Of those that train now: a base has done its own steps before.
            step = timeline.at if timeline is not None else 0
            status.append(Run(self.say(Text(f"  第 {step} 步", f"  step {step}")), "text"))
            bar_width = max(0, min(16, width - row_width(status) - 22))
            full = round(bar_width * done / total)
            if bar_width >= 4:
                status += [Run("  "), Run("⣿" * full, "accent"), Run("⣀" * (bar_width - full), "faint")]
            rate, counted = snapshot.per_second, self.session.spec.counted
            if rate > 0 and counted is not None:
                shown = f"{rate / 1000:.1f}k" if rate >= 1000 else f"{rate:.0f}"
                piece = Run(self.say(Text(f"  {shown} {counted.zh}/秒", f"  {shown} {counted.en}/s")), "dim")
                if row_width(status) + piece.width <= width:
                    status.append(piece)
            if snapshot.speed is not None:
                piece = Run(
                    self.say(Text(f"  限速 {snapshot.speed:g} 步/秒", f"  ≤{snapshot.speed:g}/s")), "warn"
                )
                if row_width(status) + piece.width <= width:
                    status.append(piece)
        return [tuple(title), tuple(status)]


class ViewTabs(RowsWidget):
    """Names of the views; the shown ones are marked, each is a mouse target."""

    DEFAULT_CSS = "ViewTabs { height: 1; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._tabs: tuple[tuple[str, Text], ...] = ()
        self._current = ""

    def show(self, tabs: tuple[tuple[str, Text], ...], current: str) -> None:
        if (tabs, current) != (self._tabs, self._current):
            self._tabs, self._current = tabs, current
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        row: list[Run] = []
        for name, text in self._tabs:
            chosen = name == self._current
            label = f"[{self.say(text)}]" if chosen else f" {self.say(text)} "
            row.append(Run(label, "key" if chosen else "dim", bold=chosen, link=f"view:{name}"))
        if len(self._tabs) > 1:
            row.append(Run(self.say(Text("  w 换视图", "  w: next view")), "faint"))
        return [tuple(row)]


class LabControls(RowsWidget):
    """Buttons for the mouse, and the knobs with their values."""

    DEFAULT_CSS = "LabControls { height: 1; width: 1fr; }"

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self._cleans = bool(choices(session.next))

    def build(self, width: int, height: int) -> Sequence[Row]:
        """Run or pause, step, reset, then each knob as ``- lr 0.02 +``; least important first to go."""
        session = self.session
        main = {
            "preparing": Text("准备中", "wait"), "base": Text("暂停", "pause"), "running": Text("暂停", "pause"),
            "asking": Text("暂停", "pause"),
            "paused": Text("继续", "go on"), "measuring": Text("测量中", "wait"), "idle": Text("运行", "run"),
        }.get(session.phase, Text("继续原来的", "go on with the run"))  # fmt: skip
        row: list[Run] = []

        def button(key: str, text: Text, link: str) -> None:
            pieces = [
                Run(f" {key} ", "key", "chip", bold=True, link=link),
                Run(f"{self.say(text)} ", "chip-ink", "chip", link=link),
                Run(" "),
            ]
            if row_width(row) + row_width(pieces) <= width:
                row.extend(pieces)

        if session.spec.instant:
            button("U", Text("恢复设置", "restore"), "do:lab_restore")
            button("s", Text("源码", "source"), "do:lab_source")
            return [tuple(row)]
        if not session.over and session.phase != "asking":
            button(self.say(Text("空格", "space")), main, "do:lab_run")
        button(".", Text("单步", "step"), "do:lab_step")
        if self._cleans:
            button("d", Text("规则", "rule list"), "do:lab_rules")
        offered = session.lab.knobs
        # The chosen knob first: in a narrow window it is the only one.
        chosen = next((i for i, knob in enumerate(offered) if knob.id == session.knob), 0)
        shown = offered[chosen : chosen + 1] if len(offered) > 2 or self._cleans else offered
        values = session.knobs()
        own = session.next.knobs_beyond(values)
        for knob in shown:
            put = partial(self._knob, knob.id, values.get(knob.id), knob.id in own, row)
            # Where it is the only one that is seen, the key that chooses another one keeps its room, if there is room for both.
            kept, before = _CHOOSER if len(shown) < len(offered) else 0, len(row)
            put(width - kept, several=len(offered) > 1)
            if kept and len(row) == before:
                put(width, several=True)
        if len(offered) > 1:
            button(
                "k",
                Text(f"{chosen + 1}/{len(offered)}", f"{chosen + 1}/{len(offered)}"),
                "do:lab_knob",
            )
        button("r", Text("重来", "reset"), "do:lab_reset")
        button("t", Text("松开", "unpin") if session.lets_go else Text("钉住", "pin"), "do:lab_pin")
        button("s", Text("源码", "source"), "do:lab_source")
        return [tuple(row)]

    def _knob(
        self, knob_id: str, value: Value | None, own: bool, row: list[Run], width: int, *, several: bool
    ) -> None:
        """A knob as ``- name value +``; one that needs a restart is marked."""
        session = self.session
        card = session.spec.knob(knob_id)
        label = card.label if card is not None else Text(knob_id, knob_id)
        said = "" if value is None or card is None else f" {self.say(card.told(value))}"
        shown = said + (self.say(Text("（自己的）", " (yours)")) if own else "")
        restart = "" if card is None or card.live else self.say(Text("（重来生效）", " (restart)"))
        strong = several and knob_id == session.knob
        ends = (
            Run(" - ", "key", "chip", bold=True, link=f"knob:{knob_id}:down"),
            Run(" + ", "key", "chip", bold=True, link=f"knob:{knob_id}:up"),
        )
        room = width - row_width(row) - ends[0].width - ends[1].width - 1
        name = self.say(label)
        if cell_len(name + shown + restart) > room:
            restart = ""
        if own and cell_len(name + shown) > room:
            shown = f"{said}*"
        if cell_len(name + shown) > room:  # better a short name than a value that can't be seen
            name = fit(name, max(0, room - cell_len(shown)))
        if cell_len(name) >= _LEAST_NAME or name == self.say(label):
            body = Run(f"{name}{shown}", "strong" if strong else "chip-ink", "chip")
            row.extend([ends[0], body, Run(restart, "warn", "chip"), ends[1], Run(" ")])

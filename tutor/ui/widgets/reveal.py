"""The reveal: what was predicted, what happened, why, and which claims of the lab held in this very run."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.content.placeholders import fill
from tutor.plot.cells import Row, Run
from tutor.plot.prose import inline, render
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.rows import RowsScroll


class Reveal(RowsScroll):
    """Shown when a run has finished, judged from the run's own metrics."""

    DEFAULT_CSS = "Reveal { width: 1fr; height: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session

    def build(self, width: int, height: int) -> Sequence[Row]:
        """Prediction against outcome, explanation, claims, final numbers."""
        snapshot = self.session.snapshot
        if snapshot is None or snapshot.phase != "finished" or snapshot.final is None:
            text = Text(
                "运行结束后，这里对照你的预测揭晓结果。",
                "When the run ends, the result is revealed here against your prediction.",
            )
            return [(Run(self.say(text), "dim"),)]
        lab = self.session.lab
        options = {option.id: option.text for option in lab.prediction.options}
        rows: list[Row] = []
        happened = options.get(snapshot.outcome or "")
        predicted = options.get(self.session.predicted or "")
        if predicted is not None:
            right = self.session.predicted == snapshot.outcome
            verdict = (
                Text("你猜对了", "You called it")
                if right
                else Text("与你的预测不同", "Not what you predicted")
            )
            mark = "+" if right else "x"
            rows.append((Run(f"{mark} {self.say(verdict)}", "good" if right else "warn", bold=True),))
            rows += _labelled(self.say(Text("你的预测：", "You said: ")), self.say(predicted), width)
        if happened is not None:
            rows += _labelled(self.say(Text("实际结果：", "It was:   ")), self.say(happened), width)
        if snapshot.message is not None:
            rows += [(), *wrap([Run(self.say(snapshot.message), "warn")], width)]
        rows += [(), *render(fill(self.say(lab.prediction.reveal), snapshot.final), width)]
        if snapshot.claims:
            rows += [
                (),
                (
                    Run(
                        self.say(Text("这次运行中检验的论断", "Claims, tested on this run")),
                        "heading",
                        bold=True,
                    ),
                ),
            ]
            for claim in snapshot.claims:
                mark, look = _CLAIM_LOOKS[claim.holds]
                lines = wrap(inline(self.say(claim.text)), max(1, width - 2))
                rows += [
                    (Run(f"{mark} " if i == 0 else "  ", look, bold=True), *line)
                    for i, line in enumerate(lines)
                ]
        return rows


_CLAIM_LOOKS: dict[bool | None, tuple[str, str]] = {
    True: ("+", "good"),
    False: ("x", "bad"),
    None: ("?", "dim"),
}


def _labelled(label: str, text: str, width: int) -> list[Row]:
    head = Run(label, "dim")
    lines = wrap(inline(text), max(8, width - head.width))
    return [(head if i == 0 else Run(" " * head.width), *line) for i, line in enumerate(lines)]

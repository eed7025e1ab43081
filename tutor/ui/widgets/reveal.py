"""The reveal: what was predicted, what happened, why, and which claims of the lab held in this very run."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tutor.content.expressions import fill
from tutor.engine import Metrics
from tutor.plot.cells import Row, Run
from tutor.plot.prose import inline, render
from tutor.plot.table import render_table
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.widgets.reveal_seeds import seed_rows
from tutor.ui.widgets.rows import MORE, RowsScroll
from tutor.ui.widgets.twin_rows import arm_rows, twin_rows


class Reveal(RowsScroll):
    """Shown when a run has finished, judged from the run's own metrics."""

    TELLS_MORE = True
    DEFAULT_CSS = "Reveal { width: 1fr; height: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session

    def more(self) -> Text | None:
        """While the keys are elsewhere, also how to bring them here."""
        if not self.below:
            return None
        return (MORE if self.has_keys else _COME).format(count=self.below)

    def build(self, width: int, height: int) -> Sequence[Row]:
        snapshot = self.session.snapshot
        if snapshot is None or snapshot.phase != "finished" or snapshot.final is None:
            text = Text(
                "运行结束后，这里对照你的预测揭晓结果。",
                "When the run ends, the result is revealed here against your prediction.",
            )
            if self.session.spec.instant:
                text = Text(
                    "算好后，这里对照你的预测揭晓结果。",
                    "Once computed, the result is revealed here against your prediction.",
                )
            return [(Run(self.say(text), "dim"),)]
        lab = self.session.lab
        rows: list[Row] = []
        if snapshot.message is not None:
            rows += [*wrap([Run(self.say(snapshot.message), "warn")], width), ()]
        session = self.session
        if session.pinned is not None and not session.pinned.is_of(session.run, session.line):
            rows += twin_rows(
                session.pinned,
                session.setup(),
                snapshot.final,
                lab,
                session.spec,
                session.spread,
                self.lang,
                width,
            )[1:]
            rows.append(())
        if session.of_another_step:
            of_another = _ANOTHER_STEP.format(what=session.next.in_words(session.ran))
            rows += [*wrap([Run(self.say(of_another), "warn")], width), ()]
        if session.spec.instant and session.changed:
            rows += self._turned(snapshot.outcome, width)
        elif self.session.diverged or self.session.changed:
            rows += self._unjudged(snapshot.final, width)
            if self.session.diverged:
                return rows
        else:
            rows += self._verdict(snapshot.outcome, width)
            rows += [(), *render(fill(self.say(lab.prediction.reveal), snapshot.final), width)]
        if snapshot.claims:
            rows += [
                (),
                (
                    Run(
                        self.say(_CLAIMS_HERE if session.spec.instant else _CLAIMS),
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
        if not (session.changed or session.spec.instant) and session.spread is not None:
            rows += seed_rows(
                lab, session.spec, session.spread, snapshot.final, session.shown.seed, self.lang, width
            )
        return [*rows, *arm_rows(lab, session.setup(), session.spec, self.lang, width)]

    def _verdict(self, outcome: str | None, width: int) -> list[Row]:
        options = {option.id: option.text for option in self.session.lab.prediction.options}
        happened = options.get(outcome or "")
        predicted = options.get(self.session.predicted or "")
        rows: list[Row] = []
        if predicted is not None:
            right = self.session.predicted == outcome
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
        last = options.get((self.session.last_time or (None, None))[1] or "")
        if last is not None:
            same = _SAME if last is happened else last
            rows += _labelled(self.say(Text("上次结果：", "Last time:")) + " ", self.say(same), width)
        return rows

    def _turned(self, outcome: str | None, width: int) -> list[Row]:
        """Return what would come true with the learner's knobs, under what did with the lab's."""
        session = self.session
        rows = [*self._verdict(session.judged, width), ()] if session.judged is not None else []
        would = next((o.text for o in session.lab.prediction.options if o.id == outcome), _NONE_OF_THEM)
        rows += wrap(
            [Run(self.say(_WITH.format(what=session.next.in_words(session.deviations))), "text")], width
        )
        return [*rows, *_labelled(self.say(Text("结果是：", "It would be: ")), self.say(would), width)]

    def _what_changed(self) -> Text:
        """Why this run is not judged."""
        session = self.session
        parts = [_STEPS] if session.shown.steps is not None else []
        if session.deviations:
            parts.append(session.next.in_words(session.deviations))
        elif session.line:
            parts.append(_FORK)
        what = Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))
        return _OTHER_SETTINGS.format(what=what)

    def _unjudged(self, final: Metrics, width: int) -> list[Row]:
        """Return a run with other settings, or one that diverged: its numbers, without the texts that were written for the lab as it is."""
        session = self.session
        rows: list[Row] = []
        if session.changed:
            rows += wrap([Run(self.say(self._what_changed()), "text")], width)
            rows.append(())
        labels = {metric.id: metric for metric in session.spec.metrics}
        body: list[list[list[Run]]] = []
        names = session.lab.labels
        for arm, metrics in final.items():
            for metric in session.lab.curves:
                if metric in metrics:
                    label = labels[metric].label if metric in labels else Text(metric, metric)
                    who = f"{self.say(names[arm])} · " if len(final) > 1 and arm in names else ""
                    first, last = metrics.get(f"first_{metric}", math.nan), metrics[metric]
                    body.append(
                        [
                            [Run(who + self.say(label), "text")],
                            [Run(_number(first), "text")],
                            [Run(_number(last), "strong")],
                        ]
                    )
        header = [Text("指标", "metric"), Text("开始", "first"), Text("结束", "last")]
        return rows + render_table([[Run(self.say(h), "table-head", bold=True)] for h in header], body, width)


_ANOTHER_STEP = Text(
    "这是另一步的运行，与这一步不同（{what}）：下面说的都是那次运行，不是这一步的结果。",
    "This is the run of another step, and differs from this one ({what}): what follows is about that run, and no result of this step.",
)
_CLAIMS = Text("这次运行中检验的论断", "Claims, tested on this run")
_CLAIMS_HERE = Text("按现在的设置检验的论断", "Claims, tested with these settings")
_WITH = Text("按你的设置（{what}）：", "With your settings ({what}):")
_NONE_OF_THEM = Text("都不是", "none of these")
_COME = Text("↓ 还有 {count} 行（先按 Tab 过来）", "↓ {count} more rows (first come here with Tab)")
_STEPS = Text("步数", "steps")
_FORK = Text("这是一条分支", "a fork")
_OTHER_SETTINGS = Text(
    "这次运行与原来的实验不同（{what}），所以不与预测对照，也不套用原来的讲解。下面是它自己的数字。",
    "This run is not the lab as it stands ({what}), so it is not judged against your prediction. These are its own numbers.",
)
_SAME = Text("与这次相同", "the same")


def _number(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else "—"


_CLAIM_LOOKS: dict[bool | None, tuple[str, str]] = {
    True: ("+", "good"),
    False: ("x", "bad"),
    None: ("?", "dim"),
}


def _labelled(label: str, text: str, width: int) -> list[Row]:
    head = Run(label, "dim")
    lines = wrap(inline(text), max(8, width - head.width))
    return [(head if i == 0 else Run(" " * head.width), *line) for i, line in enumerate(lines)]

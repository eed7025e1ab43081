"""Questions that a run of a lab settles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from tutor.content.expressions import fill, holds, parse, placeholders
from tutor.content.questions import LabQuestion
from tutor.content.variants import Drawn
from tutor.plot.cells import Row, Run
from tutor.plot.wrap import wrap
from tutor.quiz.marking import Mark
from tutor.text import LANGS, Lang, Text
from tutor.ui.asked.base import Asked, Given, said, why
from tutor.ui.pieces import button

Metrics: TypeAlias = Mapping[str, Mapping[str, float]]
"""Of a finished run: arm → metric → value."""


class LabAsked(Asked[LabQuestion]):
    """A task that a run of a lab settles; the run is made elsewhere, its metrics come with `ran`."""

    HOW = Text("做实验", "Run the lab")
    FIRST = Text("先把实验跑完：按空格打开", "Run the lab to its end first: space opens it")
    UNMEASURED = Text(
        "这次运行没有量题目问的数，换个设置再跑：按空格打开",
        "This run didn’t measure what is asked; run it with other settings: space opens it",
    )

    def __init__(self, source: LabQuestion, seed: int, drawn: Drawn | None = None) -> None:
        super().__init__(source, seed, drawn)
        self.metrics: Metrics | None = None
        """Of the newest finished run."""

    @property
    def stops(self) -> int:
        return 1

    @property
    def _needed(self) -> list[tuple[str, str]]:
        question = self.question
        found = [parse(expr).pairs for expr in (question.holds, *(wrong.when for wrong in question.wrong))]
        texts = [question.reason, question.not_yet, *(wrong.reason for wrong in question.wrong)]
        places = [one for text in texts for lang in LANGS for one in placeholders(text[lang])]
        found.append([(one.arm, one.metric) for one in places if not isinstance(one, Exception)])
        return list(dict.fromkeys(pair for pairs in found for pair in pairs))

    @property
    def answer(self) -> Given:
        """The metrics that it turns on, as ``arm.metric=value``."""
        metrics = self.metrics or {}
        return [
            f"{arm}.{metric}={metrics[arm][metric]!r}"
            for arm, metric in self._needed
            if metric in metrics.get(arm, {})
        ]

    def restore(self, given: Given) -> bool:
        metrics: dict[str, dict[str, float]] = {}
        for one in given:
            found = re.fullmatch(r"(\w+)\.(\w+)=([-+.\w]+)", str(one))
            if found is None:
                return False
            try:
                metrics.setdefault(found[1], {})[found[2]] = float(found[3])
            except ValueError:
                return False
        self.metrics = metrics
        return bool(metrics)

    def ran(self, metrics: Metrics) -> None:
        """Take the metrics of a finished run."""
        if not self.submitted:
            self.metrics = metrics

    @property
    def missing(self) -> Text | None:
        if self.metrics is None:
            return self.FIRST
        return self.UNMEASURED if holds(self.question.holds, self.metrics) is None else None

    def marked(self) -> Mark:
        return Mark(float(bool(holds(self.question.holds, self.metrics or {}))))

    def body(self, lang: Lang, width: int) -> list[Row]:
        question, metrics = self.question, self.metrics
        if not self.submitted:
            done, look = (_NOT_RUN, "dim") if metrics is None else (_RAN, "good")
            told_of = wrap([Run(done[lang], look)], width)
            return [*told_of, (), (self._pointer(0), button(_OPEN[lang], "lab:")), ()]
        assert self.mark is not None
        if self.mark.correct:
            return [*said(fill(question.reason[lang], metrics or {}), width, 2), ()]
        wrong = next((one for one in question.wrong if holds(one.when, metrics or {})), None)
        told = wrong.reason if wrong is not None else question.not_yet
        behind = wrong.misconception if wrong is not None else None
        return [*why(fill(told[lang], metrics or {}), behind, lang, width, 2), ()]


_RAN = Text("实验跑完了，回车提交这次的结果", "The lab has run; Enter submits this run")
_NOT_RUN = Text("答案由你跑出来的结果决定", "Your own run decides the answer")
_OPEN = Text(" 空格 打开实验 ", " space: open the lab ")

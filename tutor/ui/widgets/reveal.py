"""The reveal: what was predicted, what happened, why, and what else this run's numbers can be held against."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from string import ascii_lowercase

from rich.cells import cell_len
from textual.geometry import Region

from tutor.content.claims_file import ROUNDING, Spread, spoken_of
from tutor.content.expressions import fill
from tutor.content.models import Lab
from tutor.engine import Metrics, Snapshot
from tutor.engine.claims import compare
from tutor.engine.config_diff import differences, listed
from tutor.experiments.base import ExperimentSpec
from tutor.plot.axis import short
from tutor.plot.cells import Row, Run
from tutor.plot.fit import flow
from tutor.plot.prose import inline, render
from tutor.plot.spread import strip, within
from tutor.plot.table import render_table
from tutor.plot.wrap import wrap
from tutor.progress.store import RIGHT
from tutor.quiz.bets import CurveBet, NumberBet
from tutor.text import Lang, Text
from tutor.ui.lab_session import LabSession
from tutor.ui.run_frames import Pinned
from tutor.ui.widgets.rows import MORE, RowsScroll


class Reveal(RowsScroll):
    """Shown when a run has finished, judged from the run's own metrics."""

    TELLS_MORE = True
    DEFAULT_CSS = "Reveal { width: 1fr; height: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self.unfolded = False
        """Whether what every result has beside its own text is shown, and not just named."""

    def more(self) -> Text | None:
        """While the keys are elsewhere, also how to bring them here."""
        if not self.below:
            return None
        return (MORE if self.has_keys else _COME).format(count=self.below)

    def build(self, width: int, height: int) -> Sequence[Row]:
        session, snapshot = self.session, self.session.snapshot
        if snapshot is None or snapshot.phase != "finished" or snapshot.final is None:
            return [(Run(self.say(_ONCE_COMPUTED if session.spec.instant else _ONCE_ENDED), "dim"),)]
        lab, final = session.lab, snapshot.final
        rows: list[Row] = []
        if snapshot.message is not None:
            rows += [*self.wrapped(snapshot.message, "warn", width), ()]
        if session.pinned is not None and not session.pinned.is_of(session.run, session.line):
            rows += [*self._against(session.pinned, final, width), ()]
        if session.of_another_step:
            of_another = _ANOTHER_STEP.format(what=session.next.in_words(session.ran))
            rows += [*self.wrapped(of_another, "warn", width), ()]
        if session.spec.instant and session.changed:
            rows += [*self._turned(width), (), *self._numbers(final, width)]
        elif session.diverged or session.changed:
            rows += self._unjudged(final, width)
            if session.diverged:
                return rows
        else:
            if not session.shown.tries:  # else nothing was asked
                rows += [*self._verdict(session.bet.came_true(session.snapshot), width), ()]
            rows += render(fill(self.say(lab.prediction.reveal), final), width)
        return [*rows, *self._details(snapshot, final, width)]

    def unfold(self, unfolded: bool) -> None:
        """Show what every result has beside its own text, from its first row on, or fold it behind a line."""
        self.unfolded = unfolded
        self.redraw()
        y = next((y for y, row in enumerate(self.rows()) if any(run.link == _FOLD for run in row)), None)
        if y is not None:
            rows = self.size.height if unfolded else 1
            self.scroll_to_region(Region(0, y, 1, rows), animate=False, immediate=True)

    def _details(self, snapshot: Snapshot, final: Metrics, width: int) -> list[Row]:
        """Return claims, seeds and what the arms differ in: behind a line that names what there is until they are asked for."""
        session, rows, parts = self.session, list[Row](), list[Text]()
        if snapshot.claims and not session.changed:  # they are about the lab as it was made
            held = sum(claim.holds is True for claim in snapshot.claims)
            parts.append(_CLAIMS_HELD.format(held=held, count=len(snapshot.claims)))
            rows += self._claims(snapshot, width)
        if not (session.changed or session.spec.instant) and session.spread is not None:
            seed = session.shown.seed
            seeds = seed_rows(session.lab, session.spec, session.spread, final, seed, self.lang, width)
            parts += [_AMONG.format(count=len(session.spread.seeds))] if seeds else []
            rows += seeds
        if arms := self._arms(width):
            parts.append(_DIFFER)
            rows += arms
        if not rows:
            return []
        line = _UNFOLDED if self.unfolded else _FOLDED.format(what=Text.joined(parts, "、", ", "))
        fold = wrap([Run(self.say(line), "key", link=_FOLD)], width, indent=2)
        return [(), *fold, *(rows if self.unfolded else ())]

    def _claims(self, snapshot: Snapshot, width: int) -> list[Row]:
        rows: list[Row] = [(), (Run(self.say(_CLAIMS), "heading", bold=True),)]
        for claim in snapshot.claims:
            mark, look = _CLAIM_LOOKS[claim.holds]
            rows += wrap([Run(mark, look, bold=True), *inline(self.say(claim.text))], width, indent=2)
        return rows

    def _verdict(self, outcome: str | float | None, width: int) -> list[Row]:
        session = self.session
        happened, predicted = session.bet.told(outcome), session.bet.told(session.bet.value)
        last = session.bet.told(session.bet.last_time[1]) if session.bet.last_time is not None else None
        rows: list[Row] = []
        if (curve := session.bet.on_curve(session.frames.curves(), session.spread)) is not None:
            rows += self._curve(curve, width)
        elif predicted is not None:
            right, said = session.bet.value == outcome, None
            if (number := session.bet.on_number(outcome, session.spread)) is not None:
                right, said = number.closeness == "within", _how_far(number)
            told, look = (_RIGHT, "good") if right else (_WRONG, "warn")
            rows.append((Run(self.say(told), look, bold=True),))
            rows += self._labelled(_YOU_SAID, predicted, width)
            rows += self.wrapped(said, "text", width) if said is not None else []
        if happened is not None:
            rows += self._labelled(_IT_WAS, happened, width)
        if last is not None:
            rows += self._labelled(_LAST_TIME, _SAME if last == happened else last, width)
        return rows

    def _curve(self, bet: CurveBet, width: int) -> list[Row]:
        """Return on what share of the run the drawn curve is right, and where it is off."""
        spread, right = self.session.spread, bet.score >= RIGHT
        mark, look = ("+ ", "good") if right else ("x ", "warn")
        within = _WITHIN_SEEDS.format(count=len(spread.seeds)) if spread is not None else _WITHIN_CHART
        share = f"{bet.score:.0%}"
        rows = wrap([Run(mark + self.say(_SHARE.format(share=share, within=within)), look, bold=True)], width)
        for too_high, text in ((True, _TOO_HIGH), (False, _TOO_LOW)):
            found = [f"{start:.0f}–{end:.0f}" for start, end, above in bet.apart if above == too_high]
            if found:
                where = Text("、".join(found), ", ".join(found))
                rows += self.wrapped(text.format(where=where), "text", width)
        return rows

    def _labelled(self, label: Text, text: Text, width: int) -> list[Row]:
        head = Run(self.say(label), "dim")
        return wrap([head, *inline(self.say(text))], width, indent=head.width)

    def _turned(self, width: int) -> list[Row]:
        """Return what would come true with the learner's knobs, under what did with the lab's; where no bet is made, just the knobs."""
        session = self.session
        settings = _WITH.format(what=session.next.in_words(session.deviations))
        if session.shown.tries:
            return self.wrapped(settings, "text", width)
        rows = [*self._verdict(session.bet.judged, width), ()] if session.bet.judged is not None else []
        would = session.bet.told(session.bet.came_true(session.snapshot)) or _NONE_OF_THEM
        return [
            *rows,
            *self.wrapped(settings, "text", width),
            *self._labelled(_IT_WOULD_BE, would, width),
        ]

    def _unjudged(self, final: Metrics, width: int) -> list[Row]:
        """Return a run with other settings, or one that diverged: its numbers, without the texts that were written for the lab as it is."""
        session = self.session
        rows: list[Row] = []
        if session.changed:
            parts = [_STEPS] if session.shown.steps is not None else []
            if session.deviations:
                parts.append(session.next.in_words(session.deviations))
            elif session.line:
                parts.append(_FORK)
            what = Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))
            rows += [*self.wrapped(_OTHER_SETTINGS.format(what=what), "text", width), ()]
        return rows + self._numbers(final, width)

    def _numbers(self, final: Metrics, width: int) -> list[Row]:
        """Return a table of what was measured, the lab's chart first, of several arms what the lab draws or compares only.

        What was measured at the end only has no beginning.
        """
        lab, measured = self.session.lab, [metric.id for metric in self.session.spec.metrics]
        shown = spoken_of(lab) if len(lab.arms) > 1 else dict.fromkeys((*lab.curves, *measured))
        begun = any(f"first_{metric}" in metrics for metrics in final.values() for metric in shown)

        def cells(arm: str, metric: str) -> list[list[Run]]:
            first = [_number(final[arm].get(f"first_{metric}", math.nan))] if begun else []
            return [*first, _number(final[arm][metric], "strong")]

        body = self._by_metric(final, shown, cells)
        return _table(_FIRST_AND_LAST if begun else (_METRIC, _VALUE), body, self.lang, width)

    def _by_metric(
        self, final: Metrics, shown: Iterable[str], cells: Callable[[str, str], list[list[Run]]]
    ) -> list[Sequence[list[Run]]]:
        """Return a row for each metric that has cells; where there are several arms, a row for each under the metric's name."""
        arms, names = (
            self.session.lab.labels,
            {metric.id: metric.in_unit for metric in self.session.spec.metrics},
        )
        body: list[Sequence[list[Run]]] = []
        for metric in shown:
            found = {arm: cells(arm, metric) for arm, metrics in final.items() if metric in metrics}
            told = {arm: row for arm, row in found.items() if row}
            if metric not in names or not told:
                continue
            name = self.say(names[metric])
            if len(final) > 1:
                body.append([[Run(name, "strong")]])
                body += [[[Run(self.say(arms[arm]))], *row] for arm, row in told.items() if arm in arms]
            else:
                body += [[[Run(name)], *row] for row in told.values()]
        return body

    def _against(self, pinned: Pinned, final: Metrics, width: int) -> list[Row]:
        """Return the pinned run and this one side by side, each difference held against the noise between seeds."""
        session = self.session
        said = pinned.against(session.setup(), session.spec, session.lab)
        rows = [(Run(self.say(_PINNED), "heading", bold=True),), *self.wrapped(said, "text", width)]
        earlier = pinned.final
        if earlier is None:
            return [*rows, *self.wrapped(_UNFINISHED, "dim", width)]

        def cells(arm: str, metric: str) -> list[list[Run]]:
            before, now = earlier.get(arm, {}).get(metric), final[arm][metric]
            if before is None:
                return []
            sd = session.spread.sd(arm, metric) if session.spread is not None else None
            word, role = _JUDGEMENTS[compare(now, before, sd)]
            return [_number(before), _number(now, "strong"), [Run(self.say(word), role)]]

        body = self._by_metric(final, session.lab.curves, cells)
        return [*rows, *(_table(_BEFORE_AND_NOW, body, self.lang, width) if body else [])]

    def _arms(self, width: int) -> list[Row]:
        """Return what each arm differs in from the first; nothing when there is one arm only."""
        session = self.session
        setup, arms = session.setup(), session.lab.arms
        if len(arms) < 2:
            return []
        alone = {
            arm.id: setup.alone(arm.id, from_base=arm.from_base) for arm in arms if arm.id in setup.configs
        }
        rows: list[Row] = [(), (Run(self.say(_ARMS), "heading", bold=True),)]
        rows += self.wrapped(_COMPARED.format(first=arms[0].label), "text", width)
        several: list[Text] = []
        for arm in arms[1:]:
            if arms[0].id in alone and arm.id in alone:
                names = {"from_base": _FROM_BASE}
                found = tuple(differences(alone[arms[0].id], alone[arm.id], session.spec, names))
                if len({one.key for one in found}) > 1:
                    several.append(arm.label)
                told = listed(found, session.spec) if found else _THE_SAME
                name = Run(f"{self.say(arm.label)}  ", "strong")
                rows += wrap([name, Run(self.say(told), "text")], width, indent=2)
        if len(several) < len(arms) - 1:
            rows += self.wrapped(_FROM_ONE, "dim", width)
        if several:
            which = Text.joined(several, "、", "; ")
            rows += self.wrapped(_FROM_SEVERAL.format(arms=which), "dim", width)
        return rows


def seed_rows(
    lab: Lab, spec: ExperimentSpec, spread: Spread, final: Metrics, seed: int, lang: Lang, width: int
) -> list[Row]:
    """Return where a run's numbers lie among those of the seeds that its lab was verified with.

    A table of the metrics that the lab draws or compares, and how to read it; nothing when none was verified.
    """
    # Where a metric has a row of its own, there is room for its unit.
    labels = {metric.id: metric.in_unit if len(lab.arms) > 1 else metric.label for metric in spec.metrics}
    # The lab's own come first, so that they have the letters of its chart.
    own_first = sorted(lab.labels, key=lambda id: id not in {arm.id for arm in lab.arms})
    arms = {arm: lab.labels[arm][lang] for arm in own_first}
    key: list[Row] = []
    if (
        len(arms) > 1 and max(map(cell_len, arms.values())) > width - _BESIDE_NAMES
    ):  # else each name would take rows
        letters = dict(zip(arms, ascii_lowercase, strict=False))
        told = [[Run(f"{letters[arm]} ", "strong", bold=True), Run(name)] for arm, name in arms.items()]
        key, arms = [(), *map(tuple, flow(told, width))], letters
    found: list[tuple[str, list[list[list[Run]]]]] = []
    for metric in spoken_of(lab):
        body = [
            _placed(name, final[arm][metric], spread, arm, metric, lang)
            for arm, name in arms.items()
            if math.isfinite(spread.sd(arm, metric))
            and math.isfinite(final.get(arm, {}).get(metric, math.nan))
        ]
        alike = all(_exact(spread, arm, metric) for arm in arms)  # no seed changes it: nothing to lie among
        if body and metric in labels and not alike:
            found.append((metric, body))
    if not found:
        return []
    if sum(len(body) for _, body in found) > _MOST_PLACED:
        found = [one for one in found if one[0] in lab.curves] or found[:1]
    alone = len(found) == 1
    head = labels[found[0][0]] if alone and len(lab.arms) > 1 else _METRIC
    table: list[Sequence[list[Run]]] = []
    for metric, body in found:
        measured = [Run(labels[metric][lang], "strong")]
        if len(lab.arms) == 1:
            table.append([measured, *body[0][1:]])
        else:
            table += body if alone else [[measured], *body]
    rows: list[Row] = [
        (),
        (Run(_SEEDS[lang], "heading", bold=True),),
        *wrap([Run(_HOW.format(count=len(spread.seeds))[lang], "text")], width),
        *key,
        (),
        *_table((head, *_AMONG_SEEDS), table, lang, width),
        (),
        *wrap([Run(_WITHIN[lang], "dim")], width),
    ]
    # With a base from the store the run may have started from another model than the one of this seed.
    if seed in spread.seeds and lab.base is None:
        rows += wrap([Run(_ONE_OF_THEM.format(seed=seed)[lang], "dim")], width)
    return rows


def _exact(spread: Spread, arm: str, metric: str) -> bool:
    """Return whether seeds differ in a metric by rounding only, if at all."""
    return not spread.sd(arm, metric) > ROUNDING * abs(spread.mean(arm, metric))


def _placed(label: str, own: float, spread: Spread, arm: str, metric: str, lang: Lang) -> list[list[Run]]:
    place, mean, sd = spread.place(arm, metric, own), spread.mean(arm, metric), spread.sd(arm, metric)
    word, look = (_INSIDE, "good") if within(place) else (_OUTSIDE, "warn")
    return [
        [Run(label, "text")],
        _number(own, "strong"),
        _number(mean),
        _number(0.0 if _exact(spread, arm, metric) else sd, "dim"),
        list(strip(place, _STRIP)),
        [Run(word[lang], look)],
    ]


def _how_far(bet: NumberBet) -> Text:
    if bet.allowed is not None and bet.closeness == "within":
        return _FACTOR.format(factor=f"{bet.allowed:g}")
    if (bet.allowed is None and bet.closeness != "off") or not math.isfinite(bet.factor):
        return _CLOSENESS[bet.closeness]
    too = _TIMES_HIGH if bet.factor > 1 else _TIMES_LOW
    factor = max(bet.factor, 1 / bet.factor)
    digits = 3 if bet.allowed is not None else 2
    return too.format(factor=f"{factor:.{digits}g}" if factor < 100 else short(factor))


def _table(header: Iterable[Text], body: Sequence[Sequence[list[Run]]], lang: Lang, width: int) -> list[Row]:
    return render_table([[Run(text[lang], "table-head", bold=True)] for text in header], body, width)


def _number(value: float, role: str = "text") -> list[Run]:
    return [Run(short(value) if math.isfinite(value) else "—", role)]


_STRIP = 9
"""Columns of the strip that shows where a number lies."""
_MOST_PLACED = 20
"""Numbers placed among seeds, at the most; where there are more, those of the lab's chart only."""
_BESIDE_NAMES = 43
"""Columns that the numbers of a run among seeds take, and what parts them."""

_ONCE_ENDED = Text(
    "运行结束后，这里对照你的预测揭晓结果。",
    "When the run ends, the result is revealed here against your prediction.",
)
_ONCE_COMPUTED = Text(
    "算好后，这里对照你的预测揭晓结果。",
    "Once computed, the result is revealed here against your prediction.",
)
_RIGHT, _WRONG = Text("+ 你猜对了", "+ You called it"), Text("x 与你的预测不同", "x Not what you predicted")
_YOU_SAID, _IT_WAS = Text("你的预测：", "You said: "), Text("实际结果：", "It was:   ")
_CLOSENESS = {
    "within": Text("在不同种子的波动范围之内。", "Within what seeds do."),
    "near": Text("在不同种子的波动范围的两倍之内。", "Within twice what seeds do."),
    "off": Text("在不同种子的波动范围的两倍以外。", "Off by more than twice what seeds do."),
}
_FACTOR = Text("与实际相差不到 {factor} 倍，算对。", "Within a factor of {factor}, which counts as right.")
_TIMES_HIGH = Text("猜高了，是实际的 {factor} 倍。", "Too high by a factor of {factor}.")
_TIMES_LOW = Text("猜低了，实际是它的 {factor} 倍。", "Too low by a factor of {factor}.")
_SHARE = Text("你画的曲线有 {share} 的路程{within}", "{share} of the way, your curve lies {within}")
_WITHIN_SEEDS = Text(
    "落在 {count} 个种子的范围之内（上下各放宽图高的 5%）",
    "within what {count} seeds do, give or take 5% of the chart",
)
_WITHIN_CHART = Text("离这次的曲线不到图高的 5%", "within 5% of the chart of this run’s")
_TOO_HIGH = Text("画得太高：第 {where} 步。", "Too high at steps {where}.")
_TOO_LOW = Text("画得太低：第 {where} 步。", "Too low at steps {where}.")
_LAST_TIME, _SAME = Text("上次结果： ", "Last time: "), Text("与这次相同", "the same")
_IT_WOULD_BE = Text("结果是：", "It would be: ")
_METRIC, _VALUE = Text("指标", "metric"), Text("现在", "now")
_FIRST_AND_LAST = (_METRIC, Text("开始", "first"), Text("结束", "last"))
_CLAIM_LOOKS: dict[bool | None, tuple[str, str]] = {
    True: ("+ ", "good"),
    False: ("x ", "bad"),
    None: ("? ", "dim"),
}
_ANOTHER_STEP = Text(
    "这是另一步的运行，与这一步不同（{what}）：下面说的都是那次运行，不是这一步的结果。",
    "This is the run of another step, and differs from this one ({what}): what follows is about that run, and no result of this step.",
)
_FOLD = "do:lab_details"
"""The link of the line that folds."""
_FOLDED = Text("▸ 还有：{what}（按 i 或点击）", "▸ Also: {what} (press i or click)")
_UNFOLDED = Text("▾ 收起以下各项（按 i 或点击）", "▾ Fold what follows (press i or click)")
_CLAIMS_HELD = Text(
    "论断（{count} 条中 {held} 条成立）", "{count:claim|claims} ({held} of {count} {held:holds|hold})"
)
_AMONG = Text("在 {count} 个种子之间的位置", "where it lies among {count} seeds")
_DIFFER = Text("各组之间有何不同", "what the arms differ in")
_CLAIMS = Text("这次运行中检验的论断", "Claims, tested on this run")
_WITH = Text("按你的设置（{what}）：", "With your settings ({what}):")
_NONE_OF_THEM = Text("都不是", "none of these")
_COME = Text("↓ 还有 {count} 行（先按 Tab 过来）", "↓ {count} more rows (first come here with Tab)")
_STEPS = Text("步数", "steps")
_FORK = Text("这是一条分支", "a fork")
_OTHER_SETTINGS = Text(
    "这次运行与原来的实验不同（{what}），所以不与预测对照，也不套用原来的讲解。下面是它自己的数字。",
    "This run is not the lab as it stands ({what}), so it is not judged against your prediction. These are its own numbers.",
)
_PINNED = Text("与钉住的运行对照", "Against the pinned run")
_UNFINISHED = Text(
    "钉住的运行没有跑到头，所以只能比曲线，没有最终的数字可比。",
    "The pinned run was not at its end, so only the curves can be compared, not final numbers.",
)
_BEFORE_AND_NOW = (
    Text("指标", "metric"),
    Text("钉住的", "pinned"),
    Text("这次", "now"),
    Text("差别", "difference"),
)
_JUDGEMENTS: dict[str, tuple[Text, str]] = {
    "within": (Text("在噪声之内", "within noise"), "dim"),
    "beyond": (Text("超出噪声", "beyond noise"), "good"),
    "unknown": (Text("噪声未知", "noise unknown"), "warn"),
}
_ARMS = Text(_DIFFER.zh, "What the arms differ in")
_COMPARED = Text("和「{first}」比：", "Compared with “{first}”:")
_THE_SAME = Text("设置相同", "the same settings")
_FROM_ONE = Text(
    "只差一处的，超出噪声的差别就是它造成的。",
    "Where there is one difference, what is larger than the noise comes from it.",
)
_FROM_SEVERAL = Text(
    "差了几处的（{arms}），说不清结果是哪一处造成的。",
    "Where there are several ({arms}), nothing can be put down to one of them.",
)
_FROM_BASE = Text("从基座模型开始", "starts from the base")
_AMONG_SEEDS = (
    Text("你的", "yours"),
    Text("平均", "mean"),
    Text("标准差", "sd"),
    Text("-3 到 +3", "-3 to +3"),
    Text("波动", "spread"),
)
_INSIDE, _OUTSIDE = Text("之内", "within"), Text("之外", "outside")
_SEEDS = Text("在各个种子之间的位置", "Where it lies among seeds")
_HOW = Text(
    "编写课程时，这个实验用 {count} 个不同的种子各完整跑过一遍。竖线是你这次的结果，横轴以标准差为单位。",
    "When the course was written, the lab was run in full from {count} different seeds. The upright mark is your result; the axis "
    "counts standard deviations.",
)
_WITHIN = Text(
    "「之内」指离平均不超过 2 个标准差。大约每十个结果会有一个碰巧落在外面；机器不同，数字也会略有出入。",
    "Within means no more than 2 standard deviations from the mean. About one result in ten lies outside by mere chance, and "
    "another machine gives slightly other numbers.",
)
_ONE_OF_THEM = Text("你用的种子 {seed} 就是其中之一。", "Your seed, {seed}, is one of them.")

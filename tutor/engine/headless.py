"""``llm-tutor lab ID --headless``: a lab without a screen, for scripts and for checking."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from tutor.content.index import SectionIndex
from tutor.content.library import Library
from tutor.content.models import Lab
from tutor.content.problems import ContentError
from tutor.engine import claims
from tutor.engine.configs import Plan, find_spec
from tutor.engine.report import Report, Result, Seen, as_dict, progress_bar, show, show_bet, show_reveal
from tutor.engine.runner import Runner
from tutor.engine.runtime import failure
from tutor.experiments.base import ExperimentSpec
from tutor.experiments.user_text import NO_USER_TEXT
from tutor.frames import Bars
from tutor.plot.gate import clean
from tutor.text import InputError, Lang, Text


def run_headless(
    plan: Plan,
    *,
    progress: Report | None = None,
    clock: Callable[[], float] = time.monotonic,
    threads: int | None = None,
    seen: bool = False,
) -> Result:
    """Run a lab to its end on the calling thread and judge it; the same steps, and so the same numbers, as on a screen.

    A base is always trained, never taken from the store: the numbers follow from the plan alone, their last bits from the number of torch's
    `threads`, which is the engine's choice if None is given. With `seen`, the result holds what the lab's views show at the end.

    Raises:
        InputError: A setting or a text can't be used, or the run would take too much time or memory.
    """
    lab, spread = plan.lab, plan.spread
    runner = Runner(plan, clock)
    runner.prepare(threads)
    try:
        while not runner.over:
            if (question := runner.question) is not None:
                runner.answer(question, runner.simulated(question))
            arm = runner.advance()
            if progress is not None:
                progress(arm.id, arm.step, arm.total)
        final = runner.final or {}
        return Result(
            metrics=final,
            claims=claims.claims(lab, final, spread),
            outcome=claims.outcome(lab, final, spread),
            history=runner.history,
            seconds=runner.seconds,
            per_second=runner.per_second,
            message=runner.divergence(),
            remarks=runner.remarks(),
            seen=tuple(_views(runner, lab)) if seen else (),
        )
    finally:
        runner.close()


def _views(runner: Runner, lab: Lab) -> Iterator[Seen]:
    for view in lab.views:
        if view == "curves":
            yield Seen(view, "", runner.curves())
        elif view == "compare":
            for metric in lab.curves:
                values = {arm.id: (runner.final or {}).get(arm.id, {}) for arm in runner.arms}
                known = {arm: found[metric] for arm, found in values.items() if metric in found}
                yield Seen(metric, "", Bars(tuple(known), tuple(known.values())))
        else:
            for arm in runner.arms:
                if (frame := arm.frame(view, None, (), runner.display)) is not None:
                    yield Seen(view, arm.id if len(runner.arms) > 1 else "", frame)


def lab_command(
    lab_id: str,
    *,
    seed: int = 0,
    steps: int | None = None,
    settings: Mapping[str, str] | None = None,
    texts: Sequence[Path] = (),
    as_json: bool = False,
    lang: Lang,
    course_root: Path,
    out: TextIO,
    err: TextIO,
    long: bool = False,
    encoding: str | None = None,
    told: bool = False,
    spec: ExperimentSpec | None = None,
) -> int:
    """Run a lab for the command line; seed, steps, settings, `long` and spec as in `Plan`.

    `texts` are the learner's own files or folders to train on, in an encoding that is found out if None is given. Results go to `out`, with
    `as_json` as one JSON object, progress and refusals to `err`. For a person without a screen `told` adds the bet, lines of progress and
    the reveal.

    Returns:
        0 when it ran, whatever its claims say and whether or not an arm diverged; 1 when the experiment broke;
        2 for bad usage or input; 130 when interrupted.
    """
    try:
        library = Library(course_root)
        lab = library.find_lab(lab_id)[1].in_language(lang)
        chosen: dict[str, str | float] = dict(settings or {})
        spec = spec or find_spec(lab)
        if texts:
            if spec.user_text is None:
                raise InputError(NO_USER_TEXT)
            chosen |= spec.user_text.settings(texts, encoding)
        plan = Plan(lab, spec, seed, chosen, steps, long=long)
        if (
            plan.as_made
        ):  # with other settings the noise is another, and the texts were written for the lab as it is
            plan.spread = library.spread(lab)
        told = told and plan.as_made
        if told:
            show_bet(lab, lang, out)
        with progress_bar(lab, lang, err, lines=told) as progress:
            result = run_headless(plan, progress=progress, seen=not as_json)
    except ContentError as error:
        err.write("\n".join(problem.render(lang) for problem in error.problems) + "\n")
        return 2
    except InputError as error:
        err.write(f"llm-tutor: {clean(error.text[lang])}\n")
        return 2
    except KeyboardInterrupt:
        err.write(f"llm-tutor: {_INTERRUPTED[lang]}\n")
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:  # no traceback for a learner, whatever an experiment does
        err.write(f"llm-tutor: {failure(error)[lang]}\n")
        return 1
    remarks = [remark[lang] for remark in result.remarks]
    err.writelines(f"{remark}\n" for remark in remarks)
    if as_json:
        found = as_dict(lab, seed, result) | ({"remarks": remarks} if remarks else {})
        out.write(json.dumps(found, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        if told and result.message is None:  # a run that diverged wasn't foreseen
            show_reveal(lab, result, lang, out)
        show(lab, spec, result, lang, out)
    return 0


def tour(library: Library, section: SectionIndex | None, *, lang: Lang, out: TextIO, err: TextIO) -> int:
    """Print the course or one section of it, train a lab of it, and return the exit code of the lab."""
    entries = [section] if section else [s for unit in library.index().units for s in unit.sections]
    for entry in entries:
        state = _STATES[entry.state][lang].format(entry.minutes, len(entry.steps))
        print(entry.id, entry.title[lang] + state, file=out)
    for number, step in enumerate(section.steps if section else (), 1):
        print(f"  {number:2}. {step.title[lang]}", file=out)
    print(file=out)
    labs = [step.lab for entry in entries for step in entry.steps if step.lab]
    lab = "gpt" if "gpt" in labs else next(iter(labs), None)
    code = lab_command(lab, lang=lang, course_root=library.root, out=out, err=err, told=True) if lab else 0
    if code == 0:
        print(f"\n{_OPEN.format(section=f' --section {section.id}' if section else '')[lang]}", file=out)
    return code


_INTERRUPTED = Text("已中断。", "interrupted.")
_STATES = {
    "ready": Text("（约 {} 分钟，{} 步）", " (about {} minutes, {} steps)"),
    "coming": Text("（即将推出）", " (coming)"),
    "broken": Text("（文件有问题，见 llm-tutor check）", " (its file has problems: llm-tutor check)"),
}
_OPEN = Text(
    "这是没有终端时的导览。完整的教程要在终端里打开，输入和输出都不要重定向：llm-tutor{section}\n"
    "没有终端也可以用：llm-tutor outline 看大纲，llm-tutor lab --list 列出实验，\n"
    "llm-tutor lab ID --headless 跑一个实验，llm-tutor progress 看进度。",
    "This was the tour for where there is no terminal. The tutor itself opens in one, with neither\n"
    "input nor output redirected: llm-tutor{section}\n"
    "Without one there are: llm-tutor outline, the whole course; llm-tutor lab --list, all labs;\n"
    "llm-tutor lab ID --headless, any of them; llm-tutor progress, how far you are.",
)

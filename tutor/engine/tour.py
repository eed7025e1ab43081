"""Without a terminal: what the course holds, and one lab of it from the bet to the reveal, in plain sentences."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TextIO

from tutor.content.index import SectionIndex
from tutor.content.library import Library
from tutor.content.models import Lab
from tutor.content.placeholders import fill
from tutor.engine.report import Result
from tutor.plot.cells import row_text
from tutor.plot.prose import render
from tutor.text import Lang, Text


def tour(library: Library, section: SectionIndex | None, *, lang: Lang, out: TextIO, err: TextIO) -> int:
    """Show the course or one section of it and train a lab of it; the exit code of the lab."""
    from tutor.engine.headless import lab_command

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


def show_bet(lab: Lab, lang: Lang, out: TextIO) -> None:
    """What the lab is, and what can be bet on before it runs."""
    bet = [lab.prediction.question[lang], *_options(lab, lang).values(), _BET[lang]]
    _say([lab.title[lang], lab.summary[lang], *bet], out)


def show_reveal(lab: Lab, result: Result, lang: Lang, out: TextIO) -> None:
    """Which option came true, and why, in the numbers of the run."""
    came = _options(lab, lang).get(result.outcome or "")
    _say([_OUTCOME[lang] + came if came else "", fill(lab.prediction.reveal[lang], result.metrics)], out)


def _options(lab: Lab, lang: Lang) -> dict[str, str]:
    lettered = zip(ascii_lowercase, lab.prediction.options, strict=False)
    return {option.id: f"{letter}) {option.text[lang]}" for letter, option in lettered}


def _say(paragraphs: list[str], out: TextIO) -> None:
    for row in render("\n\n".join(paragraphs), 80):
        print(row_text(row).rstrip(), file=out)
    print(file=out, flush=True)


_STATES = {
    "ready": Text("（约 {} 分钟，{} 步）", " (about {} minutes, {} steps)"),
    "coming": Text("（即将推出）", " (coming)"),
    "broken": Text("（文件有问题，见 llm-tutor check）", " (its file has problems: llm-tutor check)"),
}
_BET = Text(
    "先选一个，再往下看：这个实验现在就在这台电脑上训练。",
    "Choose one before you read on: the lab is trained now, on this computer.",
)
_OUTCOME = Text("实际结果：", "What came true: ")
_OPEN = Text(
    "这是没有终端时的导览。完整的教程要在终端里打开，输入和输出都不要重定向：llm-tutor{section}\n"
    "没有终端也可以用：llm-tutor outline 看大纲，llm-tutor lab --list 列出实验，\n"
    "llm-tutor lab ID --headless 跑一个实验，llm-tutor progress 看进度。",
    "This was the tour for where there is no terminal. The tutor itself opens in one, with neither\n"
    "input nor output redirected: llm-tutor{section}\n"
    "Without one there are: llm-tutor outline, the whole course; llm-tutor lab --list, all labs;\n"
    "llm-tutor lab ID --headless, any of them; llm-tutor progress, how far you are.",
)

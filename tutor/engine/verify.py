"""``llm-tutor verify``: labs over many seeds, to test what a lesson claims and to know how widely it scatters."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from queue import SimpleQueue
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text as RichText

from tutor.computer import cores
from tutor.content.claims_file import ClaimsFile, VerifiedLab, claims_path, read_claims
from tutor.content.library import Library
from tutor.content.models import Lab
from tutor.engine.configs import find_spec
from tutor.engine.verify_seed import Event, Processes, SeedResult, SeedRunner, Task, side_by_side
from tutor.engine.verify_stats import show_verified, verified
from tutor.experiments.base import ExperimentSpec
from tutor.files import write_whole
from tutor.text import Lang, Text

INTERRUPTED = 130


def verify_command(
    lab_ids: Sequence[str],
    *,
    seeds: int,
    jobs: int | None,
    as_json: bool,
    output: Path | None,
    lang: Lang,
    course_root: Path,
    out: TextIO,
    err: TextIO,
    runner: SeedRunner | None = None,
    spec: ExperimentSpec | None = None,
) -> int:
    """Verify labs, none of them is all, on the seeds 0 to `seeds` - 1, for the command line.

    A lab's entry in the claims file (`output`, or the course's own) is replaced when all of its seeds are done, at once and whole; entries
    of other labs stay. What an interrupted or failed lab has given so far goes to a file beside it. The result goes to `out`, as tables or,
    with `as_json`, as claims; progress to `err`. `jobs` run side by side, one for each core if None is given, each in a process of its own
    but for another `runner`.

    Returns:
        0 when every claim of every lab holds on at least 90% of the seeds; 1 when one doesn't, or a run failed; 130 when interrupted.

    Raises:
        ContentError: A lab's file can't be used.
        InputError: A lab's experiment doesn't exist.
    """
    library = Library(course_root)
    asked = [library.find_lab(lab_id)[1] for lab_id in dict.fromkeys(lab_ids or library.lab_ids())]
    labs = {variant.verified_as: variant for lab in asked for variant in lab.variants}
    specs = {lab_id: spec or find_spec(lab) for lab_id, lab in labs.items()}
    tasks = [Task(lab_id, seed) for lab_id in labs for seed in range(seeds)]
    path = output.expanduser().absolute() if output is not None else claims_path(course_root)
    book = _Book(labs, seeds, path, library.lab_ids())
    with Watcher(tasks, lang, err) as watcher:
        if not book.writable:
            watcher.say(_UNWRITABLE.format(path=path))
        events: SimpleQueue[Event | None] = SimpleQueue()
        with _told_of_ctrl_c(lambda: events.put(None)):
            for event in side_by_side(tasks, runner or Processes(course_root), jobs or cores(), events):
                watcher.show(event)
                book.note(event)
        left = book.close()
        interrupted = watcher.ended < len(tasks)
        if interrupted:
            watcher.say(_INTERRUPTED)
        if left:
            watcher.say(_PARTIAL.format(labs=", ".join(left), path=book.partial_path))
        if book.error is not None:
            watcher.say(_NOT_WRITTEN.format(path=path, reason=book.error))
    if as_json:
        print(to_json(ClaimsFile(labs=book.found)), file=out)
    else:
        for lab_id, found in book.found.items():
            show_verified(labs[lab_id], specs[lab_id], found, lang, out)
        if book.written:
            print(_WRITTEN.format(path=path)[lang], file=err)
    if interrupted:
        return INTERRUPTED
    whole = not left and len(book.found) == len(labs) and book.error is None
    return 0 if whole and all(found.stands for found in book.found.values()) else 1


@contextlib.contextmanager
def _told_of_ctrl_c(tell: Callable[[], None]) -> Iterator[None]:
    """Have Ctrl+C told, instead of being thrown into whatever is being done: a result at that moment would be lost."""
    if threading.current_thread() is not threading.main_thread():  # only that one is asked about signals
        yield
        return
    before = signal.signal(signal.SIGINT, lambda signum, frame: tell())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Watcher(AbstractContextManager["Watcher"]):
    """Progress on a terminal as a bar for each lab, elsewhere as a line for each run."""

    def __init__(self, tasks: Sequence[Task], lang: Lang, err: TextIO) -> None:
        self._lang: Lang = lang
        self._shares: dict[Task, float] = {}
        self._done = Counter[str]()
        self._seeds = Counter(task.lab for task in tasks)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        console = Console(file=err, highlight=False)
        self._lines = not console.is_terminal
        self._progress = Progress(*columns, console=console, transient=True, disable=self._lines)
        self._bars = {
            lab: self._progress.add_task(lab, total=float(count), told=f"0/{count}", start=False)
            for lab, count in self._seeds.items()
        }

    def __enter__(self) -> Watcher:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    @property
    def ended(self) -> int:
        return self._done.total()

    def show(self, event: Event) -> None:
        task, news = event
        lab, of = task.lab, self._seeds[task.lab]
        self._shares[task] = news if isinstance(news, float) else 1.0
        self._done[lab] += not isinstance(news, float)
        completed = sum(share for task, share in self._shares.items() if task.lab == lab)
        self._progress.start_task(self._bars[lab])
        self._progress.update(self._bars[lab], completed=completed, told=f"{self._done[lab]}/{of}")
        if isinstance(news, Text):
            self.say(_FAILED.format(lab=lab, seed=task.seed, why=news))
        elif isinstance(news, SeedResult) and self._lines:
            seconds = f"{news.seconds:.1f}"
            self.say(_RAN.format(lab=lab, seed=task.seed, done=self._done[lab], of=of, seconds=seconds))

    def say(self, text: Text) -> None:
        self._progress.console.print(RichText(text[self._lang]), soft_wrap=True)


class _Book:
    """Collects results, and writes down what is complete.

    Attributes:
        found: What is known of each lab by now.
        written: Whether the claims file was written.
        error: Why it couldn't be.
        partial_path: For incomplete labs.
    """

    def __init__(self, labs: dict[str, Lab], seeds: int, path: Path, known: Sequence[str]) -> None:
        self.found: dict[str, VerifiedLab] = {}
        self.written = False
        self.error: str | None = None
        self.partial_path = path.with_name(f"{path.stem}.partial.json")
        self._labs = labs
        self._seeds = seeds
        self._path = path
        self._known = known
        self._results: dict[str, list[SeedResult]] = {}
        self.writable = _writable(path)

    def note(self, event: Event) -> None:
        """Note a result. With the last run of a lab its entry is written, so that nothing that comes later can lose it."""
        if isinstance(event.news, SeedResult):
            lab_id = event.task.lab
            results = self._results.setdefault(lab_id, [])
            results.append(event.news)
            if len(results) == self._seeds:
                self.found[lab_id] = verified(self._labs[lab_id], results)
                if self.writable:
                    self._write_entry(lab_id)

    def close(self) -> list[str]:
        """Write what is incomplete beside the claims file, and return those labs."""
        left = [lab_id for lab_id in self._labs if lab_id not in self.found]
        some = {i: verified(self._labs[i], self._results[i]) for i in left if self._results.get(i)}
        self.found |= some
        if not self.writable:
            return []
        earlier = read_claims(self.partial_path)
        if some:
            self._write(self.partial_path, some)
        elif earlier is not None and set(earlier.labs) <= set(self.found):
            with contextlib.suppress(OSError):
                self.partial_path.unlink(missing_ok=True)
        return list(some)

    def _write_entry(self, lab_id: str) -> None:
        """Put an entry into the claims file; those of other labs of the course stay."""
        before = read_claims(self._path) or ClaimsFile()
        kept = {i: entry for i, entry in before.labs.items() if i.partition(":")[0] in self._known}
        self._write(self._path, kept | {lab_id: self.found[lab_id]})
        self.written = self.error is None

    def _write(self, path: Path, labs: dict[str, VerifiedLab]) -> None:
        merged = ClaimsFile(labs=dict(sorted(labs.items())))
        try:
            write_whole(path, to_json(merged) + "\n")
        except OSError as error:
            self.error = error.strerror or type(error).__name__


def to_json(claims: ClaimsFile) -> str:
    """Return a claims file as text: what holds only numbers on one line, so that a change can be read."""
    # What an entry that was read doesn't have isn't added to it.
    values = {"format": claims.format, **claims.model_dump(mode="json", exclude_unset=True)}
    text = json.dumps(values, ensure_ascii=False, allow_nan=False, indent=1)
    return _LEAF.sub(lambda found: found[1] + re.sub(r"\n *", " ", found[2]) + found[3], text)


_LEAF = re.compile(r"([\[{])\n *([^\[\]{}]*?)\n *([\]}])")


def _writable(path: Path) -> bool:
    """Return whether a file could be written there, asked before minutes of work and not after."""
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK) and (path.is_file() or not path.exists())


_UNWRITABLE = Text(
    "不能写 {path}，结果只打印出来；用 -o 指定别的文件。",
    "{path} can’t be written: the result is only printed. Name another file with -o.",
)
_NOT_WRITTEN = Text("没能写入 {path}：{reason}", "{path} could not be written: {reason}")
_WRITTEN = Text("已写入 {path}", "Written to {path}")
_INTERRUPTED = Text("已中断。", "Interrupted.")
_PARTIAL = Text(
    "没有跑全的实验（{labs}）不覆盖已有的结果，另存为 {path}。",
    "Labs that are not complete ({labs}) replace no earlier result; they are in {path}.",
)
_RAN = Text(
    "{lab}：种子 {seed} 跑完，训练 {seconds} 秒（{done}/{of}）",
    "{lab}: seed {seed} done, {seconds} s of training ({done}/{of})",
)
_FAILED = Text("{lab}：种子 {seed} 失败：{why}", "{lab}: seed {seed} failed: {why}")

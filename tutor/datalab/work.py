"""Applies rules to a stream of documents, in this process or in several, in order and in bounded memory."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process

from tutor.data.cleaning.base import Document
from tutor.data.cleaning.pipeline import Pipeline, Report
from tutor.data.cleaning.rules import make_rules
from tutor.data.own_files import FileDocument
from tutor.datalab.interrupts import held
from tutor.text import InputError, Text

WORTH_IT = 10_000_000
"""Bytes of input from which several processes are started unasked: each takes about a second of work to start."""

_BATCH = 1_000_000
"""Characters that are sent to a process at once."""

_pipeline = Pipeline([])
"""Of a worker process."""


def jobs_for(size: int, asked: int | None) -> int:
    """Return how many processes to use: as asked, else one a core for much input and none of its own for little."""
    if asked is not None:
        return asked
    return (os.cpu_count() or 1) if size >= WORTH_IT else 1


def apply_rules(
    documents: Iterable[FileDocument], rules: Sequence[str] | None, report: Report, jobs: int
) -> Iterator[Document]:
    """Yield what rules (None: all) keep of each document, in order, and fill in the report of a pipeline of them; with 1 job in this process.

    Raises:
        InputError: A process died.
    """
    if jobs == 1:
        yield from Pipeline(make_rules(rules)).stream(documents, report)
        return
    # Spawned, not forked: a fork copies threads' locks, and with them their deadlocks.
    with held(), _signals_blocked():
        workers = ProcessPoolExecutor(jobs, get_context("spawn"), _prepare, (rules,))
    under_way: deque[Future[tuple[list[Document], Report]]] = deque()
    try:
        for batch in _batches(documents):
            with held(), _signals_blocked():
                under_way.append(workers.submit(_clean, batch))
            if len(under_way) >= 2 * jobs:
                yield from _result(under_way.popleft(), report)
        while under_way:
            yield from _result(under_way.popleft(), report)
    except BrokenProcessPool as error:
        raise InputError(_DIED) from error
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


def _result(future: Future[tuple[list[Document], Report]], report: Report) -> list[Document]:
    kept, account = future.result()
    report.merge(account)
    return kept


def _batches(documents: Iterable[FileDocument]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _prepare(rules: Sequence[str] | None) -> None:
    """Make a worker ready. Ctrl+C and the end of a terminal reach each of its processes, but only the first is to react."""
    global _pipeline  # noqa: PLW0603 - what a worker has, each of its tasks uses
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _pipeline = Pipeline(make_rules(rules))


def _end_with_parent() -> None:
    """End a worker with its parent: one that is killed tells nobody, and its workers would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _clean(batch: list[Document]) -> tuple[list[Document], Report]:
    report = _pipeline.new_report()
    return list(_pipeline.stream(batch, report)), report


@contextlib.contextmanager
def _signals_blocked() -> Iterator[None]:
    """Block Ctrl+C and the end of a terminal: a process started meanwhile begins so, and is not torn down half imported."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_DIED = Text(
    "一个清洗进程意外结束，可能是内存不足。请用 --jobs 1 再试。",
    "A worker process ended unexpectedly, perhaps for want of memory. Try again with --jobs 1.",
)

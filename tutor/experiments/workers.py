"""Processes that work for a run: orders go to them through pipes, and they talk to each other through gloo. Imported without torch."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar, cast

from tutor.experiments.base import Shared
from tutor.text import InputError, Text

if TYPE_CHECKING:
    from tutor.nn.exchange import Group

Order = TypeVar("Order")
Answer = TypeVar("Answer")

PATIENCE = 90
"""Seconds to wait for answers; longer than the workers wait for each other."""


class Team(Shared):
    """Worker processes on this computer, all over the loopback. They start when first asked, and end with `close` or with this process.

    Whatever they need comes with an order, and whatever they change goes back with the answer: so they can end and start again at any
    time, and copies of an experiment can share them.

    Attributes:
        size: How many there are.
        copies: For how many of them whoever asks keeps a state.
    """

    def __init__(self, size: int) -> None:
        self.size = self.copies = size
        self._processes: list[subprocess.Popen[bytes]] = []
        self._end: Callable[[], object] = lambda: None

    @property
    def ready(self) -> bool:
        """Return whether they are there."""
        return bool(self._processes)

    def ask(self, work: Callable[[Group, Order], Answer], orders: Sequence[Order]) -> list[Answer]:
        """Have every worker call `work`, a function of a module, on its own order; return what comes back, by rank.

        Raises:
            InputError: One of them has ended or takes too long, or the work can't be done. Those that are left are ended, too.
        """
        if not self._processes:
            self._start()
        answered, late = threading.Event(), threading.Event()
        threading.Thread(target=self._watch, args=(self._processes, answered, late), daemon=True).start()
        try:
            for process, order in zip(self._processes, orders, strict=True):
                with contextlib.suppress(OSError):  # its answer is missing, then
                    _send(process.stdin, (work, order))
            answers = [_receive(process.stdout) for process in self._processes]
        finally:
            answered.set()
        wrong = self._wrong(answers, late=late.is_set())
        if wrong is not None:
            self.close()
            raise InputError(wrong)
        return [cast("Answer", answer[1]) for answer in answers if answer is not None]

    def close(self) -> None:
        """End the workers, at once; they have nothing to put in order."""
        self._end()
        self._processes = []

    def _start(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="llm-tutor-"))
        self._end = weakref.finalize(self, _end, self._processes, folder)
        loopback = next((name for _, name in socket.if_nameindex() if name.startswith("lo")), None)
        own = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        if loopback is not None:
            own["GLOO_SOCKET_IFNAME"] = loopback
        for rank in range(self.size):
            process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(rank), str(self.size), str(folder / "meeting")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **own},
            )
            self._processes.append(process)

    @staticmethod
    def _watch(
        processes: Sequence[subprocess.Popen[bytes]], answered: threading.Event, late: threading.Event
    ) -> None:
        """End workers that take too long, so that nobody waits for them; time in which this process was suspended doesn't count."""
        for _ in range(PATIENCE):
            if answered.wait(1):
                return
        late.set()
        for process in processes:
            process.kill()

    def _wrong(self, answers: Sequence[tuple[bool, object] | None], *, late: bool) -> Text | None:
        """Return what went wrong, if anything: one that has ended comes first, as the others only miss it."""
        if late and None in answers:
            return _LATE.format(seconds=PATIENCE)
        for rank, (answer, process) in enumerate(zip(answers, self._processes, strict=True), 1):
            if answer is None:
                process.kill()  # if only its pipe has ended
                return _ENDED.format(rank=rank, size=self.size, code=process.wait())
        failed = [
            f"{rank}: {answer[1]}" for rank, answer in enumerate(answers, 1) if answer and not answer[0]
        ]
        first = [
            said for said in failed if "gloo" not in said
        ] or failed  # gloo only misses the one that failed
        return _FAILED.format(what="; ".join(first)) if first else None


class Joined(Shared):
    """As `Team`, where ``torchrun`` has started all the workers, on this computer or on several: this process is one of them."""

    def __init__(self) -> None:
        self.copies, self.ready = 1, True
        self._group: Group | None = None

    def ask(self, work: Callable[[Group, Order], Answer], orders: Sequence[Order]) -> list[Answer]:
        """Do the own part of the work, while the others do theirs."""
        if self._group is None:
            from tutor.nn.exchange import Group

            self._group = Group()
        return [work(self._group, order) for order in orders]

    def close(self) -> None:
        """``torchrun`` ends them."""


class _Teams(threading.local):
    """Of each thread, by size: a run has a thread of its own, and all its arms share a team."""

    def __init__(self) -> None:
        self.of: dict[int, Team] = {}


_teams = _Teams()
_joined = Joined()


def team_of(size: int) -> Team | Joined:
    """Return the workers of this run: so many of its own, or those that ``torchrun`` has started."""
    if "TORCHELASTIC_RUN_ID" in os.environ:
        return _joined
    return _teams.of.setdefault(size, Team(size))


def _send(pipe: IO[bytes] | None, message: object) -> None:
    assert pipe is not None
    pickle.dump(message, pipe, protocol=5)
    pipe.flush()


def _receive(pipe: IO[bytes] | None) -> tuple[bool, object] | None:
    """Return whether the work was done, and the answer or what went wrong; None when the pipe ends before that."""
    assert pipe is not None
    try:
        answer: tuple[bool, object] = pickle.load(pipe)
    except (EOFError, OSError, pickle.UnpicklingError):
        return None
    return answer


def _end(processes: Sequence[subprocess.Popen[bytes]], folder: Path) -> None:
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # of what was still to be sent
                pipe.close() if pipe is not None else None
    shutil.rmtree(folder, ignore_errors=True)


def _listen(
    pipe: IO[bytes], orders: queue.SimpleQueue[tuple[Callable[..., object], object]], meeting: Path
) -> None:
    """Take orders; when the pipe ends, whoever gave them is gone, and so is this process, whatever it is waiting for."""
    try:
        while True:
            orders.put(pickle.load(pipe))
    finally:
        with contextlib.suppress(OSError):
            meeting.unlink(missing_ok=True)
            meeting.parent.rmdir()
        os._exit(0)


def serve(rank: int, size: int, meeting: Path) -> None:
    """Be a worker: do what comes in by standard input, and answer by standard output."""
    orders: queue.SimpleQueue[tuple[Callable[..., object], object]] = queue.SimpleQueue()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # gloo tells there whom it has met
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one who gives the orders
    threading.Thread(target=_listen, args=(sys.stdin.buffer, orders, meeting), daemon=True).start()
    group: Group | None = None
    while True:
        work, order = orders.get()
        try:
            if group is None:
                from tutor.nn.exchange import Group

                group = Group(rank, size, meeting)
            _send(answers, (True, work(group, order)))
        except Exception as error:
            _send(answers, (False, f"{type(error).__name__}: {error}"))
            return  # or others would go on waiting for this one


_ENDED = Text(
    "{size} 个工作进程中的第 {rank} 个意外结束了（退出码 {code}），其余的也已关掉。重来一次会启动新的。",
    "Worker process {rank} of {size} ended unexpectedly (exit code {code}), and the others were ended, too. Another run starts new ones.",
)
_LATE = Text(
    "工作进程 {seconds} 秒没有回音，已经关掉。重来一次会启动新的。",
    "The worker processes gave no answer for {seconds} seconds and were ended. Another run starts new ones.",
)
_FAILED = Text(
    "工作进程出错了（{what}），已经关掉。重来一次会启动新的。",
    "The worker processes failed ({what}) and were ended. Another run starts new ones.",
)

if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))

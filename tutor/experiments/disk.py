"""Writes checkpoints and tokens to this computer's disk and reads them back, waiting for the disk or not, in a row or at random."""

from __future__ import annotations

import errno
import os
import random
import statistics
import sys
import time
from functools import partial
from typing import IO, Any

import numpy as np

from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.disk_checkpoint import Checkpoint
from tutor.experiments.disk_config import (
    LARGE,
    MEASURED,
    MEMORY,
    MIDDLE,
    MODELS,
    PARTS,
    PUBLISHED,
    DiskConfig,
)
from tutor.experiments.language_model_config import LanguageModelConfig, stored_config
from tutor.experiments.machine import ALIKE, Recorded
from tutor.experiments.seeds import sub_seed
from tutor.files import in_words, new_file, saying
from tutor.frames import Frame, Table
from tutor.paths import cache
from tutor.scratch import IN_MEMORY, Scratch
from tutor.text import InputError, Text

KB, MB = 1024, 1_000_000
RECORD = 4 * KB
"""Bytes after which `write_each` waits."""
SECONDS, FEWEST, MOST = 0.05, 4, 200
"""Time for a measurement of many small ones, and how many there are at least and at most."""
SPARE = 200 * MB
"""Bytes that are left free on the disk."""


class Files(Recorded):
    """The files, and how fast they are written and read: each measurement in MB/s."""

    def __init__(self, config: DiskConfig, seed: int, total_steps: int) -> None:
        super().__init__()
        self.scratch = Scratch(cache() / "storage")
        self.scratch.sweep()
        self.system, self.free = self.scratch.file_system(), self.scratch.free()
        self.in_memory = self.system in IN_MEMORY
        self.forgets = sys.platform == "linux" and not self.in_memory
        found = ((name, stored_config(name)) for name in MODELS)
        self.stored, sizes = next(((name, one) for name, one in found if one is not None), ("", None))
        self.checkpoint = Checkpoint(config, sizes or LanguageModelConfig())
        for _ in range(3):  # so that the optimizer has something to remember
            self.checkpoint.train()
        self.file = self.checkpoint.packed()
        self.parts = {name: sum(one.nbytes for one in some) for name, some in self.checkpoint.parts().items()}
        self.parameters = sum(weight.numel() for weight in self.checkpoint.weights())
        self.checkpoint.train()
        self.ahead = [weight.clone() for weight in self.checkpoint.weights()]  # where the next step leads
        self.piece, self.window = config.piece * KB * KB, config.window * KB
        self.chance, self.noise = random.Random(seed), np.random.default_rng(sub_seed(seed, "tokens"))
        self.written = self.pieces = 0
        self.measures = {
            "save_cached": partial(self.save, durable=False),
            "load_cached": self.load,
            "save_synced": partial(self.save, durable=True),
            "load_disk": partial(self.load, forget=True),
            "write_row": self.write_row,
            "read_row": self.read_row,
            "read_random": partial(self.read_random, forget=True),
            "read_random_cached": self.read_random,
            "write_each": self.write_each,
            "differ_whole": self.differ,
            "differ_place": partial(self.differ, place=False),
            "differ_weights": partial(self.differ, moments=False),
        }
        unreadable = () if self.forgets else ("load_disk", "read_row", "read_random")
        for name in (*unreadable, *(("save_synced", "write_each") if self.in_memory else ())):
            del self.measures[name]
        turns = -(-total_steps // len(self.measures))
        self.most = turns * self.piece + len(self.file) + MOST * RECORD
        self.total = turns * (self.piece + 2 * len(self.file) + MOST * RECORD)

    def open(self, name: str, mode: str) -> IO[bytes]:
        """Open one of the files, without a buffer of Python's."""
        return (self.scratch.folder() / name).open(mode, buffering=0)

    def save(self, *, durable: bool) -> float:
        """Write the checkpoint as a file of its own; a durable one is there, under its name, after a loss of power as well."""
        path = self.scratch.folder() / "checkpoint"
        path.unlink(missing_ok=True)
        begin = time.perf_counter()
        with new_file(path, durable=durable) as file:
            file.write(self.file)
        seconds = time.perf_counter() - begin
        self.written += len(self.file)
        return len(self.file) / seconds / MB

    def load(self, *, forget: bool = False) -> float:
        """Read the checkpoint as a whole."""
        into = bytearray(len(self.file))
        with self.open("checkpoint", "rb") as file:
            if forget:
                _forget(file)
            begin = time.perf_counter()
            _read(file, into)
            return len(into) / (time.perf_counter() - begin) / MB

    def write_row(self) -> float:
        """Add a piece to the file of tokens, and wait for the disk once."""
        tokens = self.noise.bytes(self.piece)  # random, so that no disk can make them smaller
        with self.open("tokens", "ab") as file:
            begin = time.perf_counter()
            file.write(tokens)
            os.fsync(file.fileno())
            seconds = time.perf_counter() - begin
        self.pieces += 1
        self.written += self.piece
        return self.piece / seconds / MB

    def read_row(self) -> float:
        """Read a piece of the file of tokens from one end to the other."""
        into = bytearray(self.piece)
        with self.open("tokens", "rb") as file:
            _forget(file)
            file.seek(self.chance.randrange(self.pieces) * self.piece)
            begin = time.perf_counter()
            _read(file, into)
            return len(into) / (time.perf_counter() - begin) / MB

    def read_random(self, *, forget: bool = False) -> float:
        """Read windows at random places of the file of tokens: from the disk each once; from memory those that were just read."""
        if forget or not self.forgets:
            places = range(0, self.pieces * self.piece, self.window)
            self.places = self.chance.sample(places, min(MOST, len(places)))
        into, done = bytearray(self.window), 0
        with self.open("tokens", "rb") as file:
            if sys.platform == "linux":
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)  # don't read what comes next, too
            if forget:
                _forget(file)
            begin = time.perf_counter()
            while done < len(self.places) and (done < FEWEST or time.perf_counter() - begin < SECONDS):
                file.seek(self.places[done])
                _read(file, into)
                done += 1
            seconds = time.perf_counter() - begin
        self.places = self.places[:done]
        return done * self.window / seconds / MB

    def write_each(self) -> float:
        """Write a few KB and wait for the disk, over and over, as who saves each number as it comes."""
        record, done = self.noise.bytes(RECORD), 0
        with self.open("records", "wb") as file:
            begin = time.perf_counter()
            while done < MOST and (done < FEWEST or time.perf_counter() - begin < SECONDS):
                file.write(record)
                os.fsync(file.fileno())
                done += 1
            seconds = time.perf_counter() - begin
        self.written += done * RECORD
        return done * RECORD / seconds / MB

    def differ(self, *, moments: bool = True, place: bool = True) -> float:
        """Go on from the file for a step; return the share of weights that aren't to the bit what they are without a stop."""
        file = (self.scratch.folder() / "checkpoint").read_bytes()
        self.checkpoint.restore(file, moments=moments, place=place)
        self.checkpoint.train()
        pairs = zip(self.ahead, self.checkpoint.weights(), strict=True)
        return sum(a.ne(b).sum().item() for a, b in pairs) / self.parameters


def _read(file: IO[bytes], into: bytearray) -> None:
    """Fill a buffer from a file; the system may give less at a time."""
    view, done = memoryview(into), 0
    while done < len(into):
        got = file.readinto(view[done:])  # type: ignore[attr-defined]
        if not got:
            raise OSError(errno.EIO, os.strerror(errno.EIO))  # it is shorter than what was written
        done += got


def _forget(file: IO[bytes]) -> None:
    """Ask the system to let go of its copy of a file in memory, so that the next read comes from the disk."""
    if sys.platform == "linux":
        os.fsync(file.fileno())  # what isn't written yet can't be let go of
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class Disk(Experiment):
    """See `DiskConfig` for the settings. The seed decides where random reads go; no two measurements are alike anyway."""

    def __init__(
        self, config: DiskConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Train the model a little; nothing is written yet.

        Raises:
            InputError: There is too little room.
        """
        super().__init__(config, seed, total_steps, start)
        self.files = Files(config, seed, total_steps)
        self.found: dict[str, list[float]] = {}
        if self.files.free < self.files.most + SPARE:
            told = {"need": _mb(self.files.most), "free": _mb(self.files.free), "spare": _mb(SPARE)}
            raise InputError(_NO_ROOM.format(folder=self.files.scratch.root, **told))

    def step(self) -> dict[str, float]:
        """Measure one thing, all in turn: the median of its measurements stands. After the last the files are removed."""
        try:
            name, number = self.files.at(self.steps)
        except OSError as error:
            self.close()
            said = {"folder": self.files.scratch.root, "why": in_words(saying(error))}
            raise InputError(_FAILED.format(**said)) from error
        except BaseException:
            self.close()
            raise
        self.found.setdefault(name, []).append(number)
        self.steps += 1
        if self.steps == self.total_steps:
            self.close()
        return {name: statistics.median(self.found[name])}

    def close(self) -> None:
        """Remove the files."""
        self.files.scratch.close()

    def finish(self) -> dict[str, float]:
        """Tell what was measured, how large the file is, and what follows for a large model."""
        found = {name: statistics.median(numbers) for name, numbers in self.found.items()}
        size = len(self.files.file)
        found |= {
            "ratio": size / self.files.parts["weights"],
            "per_parameter": size / self.files.parameters,
            "file_mb": size / MB,
            "written_mb": self.files.written / MB,
            "large_tb": LARGE * size / self.files.parameters / 1e12,
        }
        if "write_row" in found and not self.files.in_memory:
            found["large_minutes"] = found["large_tb"] * 1e6 / found["write_row"] / 60
        return found

    def view(self, name: str, state: Any = None) -> Frame:
        """``speeds``: MB a second; ``file``: what the checkpoint holds; ``large``: how long one of 175 billion parameters takes to write."""
        files, found = self.files, self.finish()
        if name == "speeds":
            at_once = {"write_row": files.piece, "read_row": files.piece, "write_each": RECORD}
            at_once |= {"read_random": files.window, "read_random_cached": files.window}
            speeds = (
                (
                    done,
                    f"{at_once.get(id, len(files.file)):,}",
                    _three(found.get(id)),
                    MEMORY if files.in_memory else where,
                )
                for id, (done, where) in MEASURED.items()
                if id in files.measures
            )
            return Table(("done", "at_once", "rate", "where"), tuple(speeds))
        if name == "file":
            sizes = {**files.parts, "whole": len(files.file)}
            parts = ((PARTS[id], f"{n:,}", f"{n / files.parameters:.3g}") for id, n in sizes.items())
            return Table(("part", "bytes", "each"), tuple(parts))
        if name != "large":
            raise KeyError(name)
        rate = found["write_row"] / 1e3 if "large_minutes" in found else None
        here = (rate, _HERE, _MEASURED)
        gigabytes = [count * found["per_parameter"] / 1e9 for count in (MIDDLE, LARGE)]
        large = (
            (who, _three(rate), *(_duration(n / rate) if rate else "" for n in gigabytes), source)
            for rate, who, source in (here, *PUBLISHED.values())
        )
        return Table(("who", "gb_s", "billion_7", "billion_175", "source"), tuple(large))

    def remarks(self) -> list[Text]:
        """Say before it begins what will be written where, and what can't be measured here."""
        files = self.files
        model = (_STORED if files.stored else ALIKE).format(
            name=files.stored or MODELS[0], count=f"{files.parameters:,}"
        )
        room = _FILES.format(
            total=_mb(files.total), most=_mb(files.most), free=_mb(files.free), folder=files.scratch.root,
            system=f" ({files.system})" if files.system else "",
        )  # fmt: skip
        unforgotten = _IN_MEMORY if files.in_memory else _KEPT
        return [Text.joined([room, model, *([] if files.forgets else [unforgotten])])]


def _mb(size: float) -> str:
    return f"{size / MB:,.0f} MB"


def _three(number: float | None) -> str:
    """Return a number in three digits, without an exponent."""
    return "" if number is None else f"{float(f'{number:.3g}'):,.10g}"


def _duration(seconds: float) -> Text:
    units = (
        (86_400, "天", "days"),
        (3_600, "小时", "h"),
        (60, "分钟", "min"),
        (1, "秒", "s"),
        (1e-3, "毫秒", "ms"),
    )
    unit, zh, en = next((one for one in units if seconds >= one[0]), units[-1])
    return Text(f"{_three(seconds / unit)} {zh}", f"{_three(seconds / unit)} {en}")


_HERE = Text("这台电脑", "this computer")
_MEASURED = Text("刚量的，顺着写", "just measured, in a row")
_STORED = Text(
    "存档按存下的 {name} 的大小来做，{count} 个参数。",
    "The checkpoint is that of a model as large as the stored {name}, {count} parameters.",
)
_FILES = Text(
    "这次最多写 {total}，同时占用不超过 {most}（空闲 {free}），写在 {folder}{system}，跑完就删。",
    "This run writes {total} at most, never more than {most} at a time ({free} are free), in {folder}{system}, and removes all of it at the end.",
)
_IN_MEMORY = Text(
    "这个文件夹其实在内存里，量到的都与磁盘无关，要等磁盘、要从磁盘读的几项就不量了。想量磁盘，用 LLM_TUTOR_HOME 换一个文件夹。",
    "This folder lies in memory, so what is measured is no disk; whatever would wait for one, or read from one, is left out. "
    "For a disk, choose another folder with LLM_TUTOR_HOME.",
)
_KEPT = Text(
    "这个系统没有办法让它忘掉刚写过的文件，所以从磁盘读的几项不量，其余的读都来自内存。",
    "This system has no way of letting go of a file that was just written, so reads from the disk aren’t measured; all others come from memory.",
)
_NO_ROOM = Text(
    "磁盘空间不够，所以没有开始：{folder} 里要写 {need}，还要留 {spare} 余地，现在只空着 {free}。腾出一些空间，或者用 LLM_TUTOR_HOME 换一个文件夹。",
    "There is too little room, so nothing was begun: {need} have to be written in {folder}, with {spare} to spare, and only {free} are free. "
    "Free some space, or choose another folder with LLM_TUTOR_HOME.",
)
_FAILED = Text(
    "{folder} 读写失败：{why}。写下的都已删掉。",
    "Reading or writing in {folder} failed: {why}. What was written has been removed.",
)

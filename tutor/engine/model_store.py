"""Where a lab's trained model is kept, so that another lab may start from it.

On disk a model is one file, `manifest.pack` says which, put in place of the old one as a whole: whenever a writer dies, the old or the new
model is there.

The store lies in the cache, and whatever is in there may have been cut short, changed or put there by others: all of it is
checked, and a model that fails is a `StoreError` with a reason.
"""

from __future__ import annotations

import errno
import json
import math
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tutor.engine.manifest import StoreError, check_size, pack, size_of, unpack
from tutor.experiments import registry
from tutor.experiments.base import GivesModel, TrainedModel
from tutor.files import write_whole
from tutor.text import Text

LIMIT = 2 * 2**30
"""Bytes that are read, unless another limit is asked for: many times what a lab trains in minutes."""

_LONGEST = 64
# Lower case only, no dot at the end and none of the device names of Windows: a name is one file on every system.
_NAME = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9](?:[a-z0-9_.-]*[a-z0-9_-])?")
_POINTER, _VERSION = "current", re.compile(r"v-[a-z0-9_]{8}")
"""All that is in such a folder."""
_HOUR = 3600
"""Seconds after which no writer is still at work on what it has begun."""
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# Without it the open of a named pipe waits for a writer that never comes.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


@dataclass(eq=False)
class ModelStore:
    """The models that were kept.

    Safe to share: any number of threads and processes may use one folder at a time.

    Attributes:
        folder: Such as `tutor.paths.models`; made by the first `put`.
        now: The clock that dates what is saved.
        limit: Bytes beyond which a model is neither saved nor read.
    """

    folder: Path
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    limit: int = LIMIT

    def put(self, name: str, saved: TrainedModel) -> None:
        """Keep a model in place of the one of that name; when it returns, the disk has it.

        Raises:
            StoreError: It could not be kept for sure. What is there is whole: the old model, or already the new one when
                only the last wait for the disk failed.
        """
        path = self._path(name)
        with _explained(path):
            write_whole(path, pack(saved, self.now(), self.limit), durable=True)
        self._sweep()

    def get(self, name: str) -> TrainedModel | None:
        """Return the model of that name, on the CPU and owned by the caller; None when there is none.

        Raises:
            StoreError: There is something, but not a model that this tutor can use; or the name is not one.
        """
        path = self._path(name)
        self._sweep()
        with _explained(path), suppress(FileNotFoundError):
            return unpack(path.name, read_file(path, self.limit))
        return None

    def sizes(self) -> dict[str, tuple[int, datetime]]:
        """Return how many weights each model has that is kept, and when it was saved; what can't be used is left out."""
        found = {}
        for path in sorted(self.folder.glob("*.zip")):
            with suppress(StoreError, OSError, MemoryError):
                found[path.stem] = size_of(path.name, read_file(path, self.limit))
        return found

    def _path(self, name: str) -> Path:
        if len(name) > _LONGEST or not _NAME.fullmatch(name):
            shown = "".join(c if c.isprintable() else "?" for c in name[:_LONGEST])
            raise StoreError(_BAD_NAME.format(name=shown, longest=_LONGEST))
        return self.folder / f"{name}.zip"

    def _sweep(self) -> None:
        """Remove what writers that were killed have left, and what earlier versions of the tutor kept: a folder for each model."""
        for partial in self.folder.glob(".*.partial"):
            with suppress(OSError):
                if self.now().timestamp() - partial.stat().st_mtime > _HOUR:
                    partial.unlink()
        for pointer in self.folder.glob(f"*/{_POINTER}"):
            with suppress(OSError):
                if all(
                    one.name == _POINTER or _VERSION.fullmatch(one.name) for one in pointer.parent.iterdir()
                ):
                    shutil.rmtree(pointer.parent, ignore_errors=True)


def read_file(path: Path, limit: int) -> bytes:
    """Read a plain file, or a link to one, of at most `limit` bytes; the size is checked before anything is read.

    Raises:
        OSError: It can't be read.
        StoreError: It is no plain file, or too big.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | _BINARY | _NO_WAIT), "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise StoreError(_NOT_A_FILE.format(path=path))
        check_size(path.name, status.st_size, limit)
        return stream.read(status.st_size)  # and no more, if it grows meanwhile


class StoredModels:
    """The learner's own models, for one run.

    It may save its own only if it is as its author made it: the texts of other labs were written for no other model as a base. Of a run
    that may not replace anything, a model is kept only where there is none.

    Attributes:
        notices: What happened, for the learner, in order.
        taken: The model that was taken last, by name and seed; empty when all was trained here.
        missing: Names of models that were wanted, and that there are none of.
    """

    def __init__(self, store: ModelStore, *, may_save: bool, may_replace: bool = True) -> None:
        self.notices: list[Text] = []
        self.taken = ""
        self.missing: set[str] = set()
        self._store = store
        self._may_save, self._may_replace = may_save, may_replace

    def take(self, name: str, experiment: GivesModel) -> Mapping[str, float] | None:
        """Give an experiment, just built, the weights of a model that is already trained, and return that model's final metrics.

        None: there is none that fits, so it has to be trained here. `notices` say what was taken, or why not.
        """
        try:
            saved = self._store.get(name)
        except StoreError as error:
            self.notices.append(_UNUSABLE.format(name=name, why=_sentence(error.text)))
            return None
        if saved is None:
            self.missing.add(name)
            self.notices.append(_MISSING_MODEL.format(name=name))
            return None
        why = experiment.adopt(saved)
        if why is not None:
            self.notices.append(_UNFIT.format(name=name, why=_sentence(why)))
            return None
        self.notices.append(_used(name, saved))
        self.taken = f"{name} #{saved.seed}"
        return saved.metrics

    def put(self, name: str, model: TrainedModel) -> None:
        """Keep a model that was just trained; a store that can't be written spoils nothing.

        `notices` say whether it was saved, and which model it has replaced. The same model isn't written again.
        """
        if not self._may_save:
            return
        old = None
        with suppress(StoreError):  # what can't be used stands in nobody's way
            old = self._store.get(name)
        if old is not None and (not self._may_replace or _facts(old) == _facts(model)):
            self.notices.append(_STAYS.format(name=name))
            return
        try:
            self._store.put(name, model)
        except StoreError as error:
            self.notices.append(_NOT_SAVED.format(name=name, why=_sentence(error.text)))
            return
        self.notices.append((_SAVED if old is None else _REPLACED).format(name=name, seed=old and old.seed))


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn every error of the file system within, and a lack of memory, into a `StoreError`; `path` where the error names no file."""
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) and error.filename else path
        reason = error.strerror or type(error).__name__
        raise StoreError(_BY_ERRNO.get(error.errno or 0, _OTHER).format(path=where, reason=reason)) from error
    except MemoryError as error:
        raise StoreError(_NO_MEMORY) from error


def _used(name: str, saved: TrainedModel) -> Text:
    spec = registry.get(saved.experiment) if saved.experiment in registry.ids() else None
    metric = spec.metric(spec.quality or "") if spec is not None else None
    value = saved.metrics.get(metric.id) if metric is not None else None
    quality = Text("", "")
    if metric is not None and value is not None:
        shown = f"{value:.2f}" if abs(value) < 1000 else f"{value:.3g}"
        quality = (_QUALITY if math.isfinite(value) else _NOT_FINITE).format(metric=metric.label, value=shown)
    steps = _STEPS.format(steps=f"{saved.steps:,}")
    return _USED.format(name=name, steps=steps, quality=quality)


def _facts(model: TrainedModel) -> str:
    """Return what decides how a model comes out, and what came of it, as a store gives it back."""
    found = (model.experiment, model.config, model.steps, model.seed, model.history, model.metrics)
    return json.dumps(found, sort_keys=True, default=str)


def _sentence(why: Text) -> Text:
    """Return the same with a full stop, so that another sentence can follow."""
    zh, en = why.zh.rstrip(), why.en.rstrip()
    return Text(
        zh if zh.endswith(tuple("。！？")) else f"{zh}。", en if en.endswith(tuple(".!?")) else f"{en}."
    )


_BAD_NAME = Text(
    "「{name}」不能用作模型名：只能用小写字母、数字和 . _ -，以字母或数字开头，不超过 {longest} 个字符。",
    "“{name}” can't be the name of a model: only lower-case letters, digits and . _ - are allowed, at most "
    "{longest} characters, with a letter or digit first.",
)
_NO_MEMORY = Text("内存不够，装不下这个模型。", "There is not enough memory for this model.")
_DENIED = Text(
    "没有权限读写 {path}。请检查权限，或者用环境变量 LLM_TUTOR_HOME 换一个文件夹。",
    "There is no permission for {path}. Check it, or choose another folder with LLM_TUTOR_HOME.",
)
_FULL = Text(
    "磁盘满了，写不下 {path}。请腾出空间。", "The disk is full, no room for {path}. Free some space."
)
_NOT_A_FILE = Text("{path} 应该是一个普通文件，但它不是。", "{path} should be a plain file, but isn't one.")
_NOT_A_FOLDER = Text(
    "{path} 应该是一个文件夹，但它不是。把它移到别处就好。",
    "{path} should be a folder, but isn't one. Move it away.",
)
_OTHER = Text("读写 {path} 时出错：{reason}。", "{path} can't be read or written: {reason}.")
_BY_ERRNO = {
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _DENIED,
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): _FULL,
    errno.EISDIR: _NOT_A_FILE,
    errno.ENOTDIR: _NOT_A_FOLDER,
    errno.EEXIST: _NOT_A_FOLDER,
}

_USED = Text(
    "从你自己训练的模型「{name}」（{steps}{quality}）开始。",
    "Starting from your own model “{name}” ({steps}{quality}).",
)
_STEPS = Text("{steps} 步", "{steps} {steps:step|steps}")
_QUALITY = Text("，{metric} {value}", ", {metric} {value}")
_NOT_FINITE = Text("，{metric}不是有限的数", ", {metric} not finite")
_MISSING_MODEL = Text(
    "还没有你自己训练的模型「{name}」，这就先训练一个。",
    "There is no model “{name}” of yours yet, so one is trained first.",
)
_UNFIT = Text(
    "你训练的模型「{name}」在这里用不上：{why}这就另外训练一个。",
    "Your model “{name}” doesn't fit here. {why} One is trained anew.",
)
_UNUSABLE = Text(
    "你保存的模型「{name}」用不了：{why}这就重新训练一个。",
    "Your saved model “{name}” can't be used. {why} One is trained anew.",
)
_SAVED = Text(
    "模型「{name}」保存好了，以后的实验可以从它开始。",
    "Your model “{name}” is saved; later labs can start from it.",
)
_REPLACED = Text(
    "模型「{name}」保存好了，换下了原来的那个（种子 {seed}）。",
    "Your model “{name}” is saved in place of the one before (seed {seed}).",
)
_STAYS = Text(
    "你的模型「{name}」早已存着，没有改动。",
    "Your model “{name}” was kept before, and stays as it is.",
)
_NOT_SAVED = Text(
    "模型「{name}」没能保存：{why}这次的结果不受影响，以后要用它的实验会重新训练一个。",
    "Your model “{name}” was not saved. {why} This result is not affected; a lab that needs the model later trains "
    "it anew.",
)

"""Where a lab's trained model is kept, so that another lab may start from it.

On disk a model is a folder of its name::

    my-model/current        one line: which version is the model, and the SHA-256 of its manifest
    my-model/v-k3x_90ab/    that version: model.safetensors, tokenizer.json, model.json

A version is written beside the old one, and only a replaced ``current``, which is atomic, makes it the model. So whenever a writer
dies, the old or the new model is whole; what it left behind goes with the next save. Writers take turns by a lock. Readers
take none: when a version vanishes under a reader, ``current`` has moved on, and it reads that.

The store lies in the cache, and whatever is in there may have been cut short, changed or put there by others: all of it is
checked, and a model that fails is a `StoreError` with a reason.
"""

from __future__ import annotations

import errno
import math
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from tutor.engine.manifest import (
    DAMAGED,
    MANIFEST,
    NOT_A_FILE,
    StoreError,
    digest,
    pack,
    read_file,
    unpack,
)
from tutor.experiments import registry
from tutor.experiments.base import GivesModel, TrainedModel
from tutor.files import sync_folder, write_whole
from tutor.text import Text

LIMIT = 2 * 2**30
"""Bytes of weights that are read, unless another limit is asked for: many times what a lab trains in minutes."""

_LONGEST = 64
# Lower case only, no dot at the end and none of the device names of Windows: a name is one folder on every system.
_NAME = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))[a-z0-9](?:[a-z0-9_.-]*[a-z0-9_-])?")
_POINTER = "current"
_POINTER_LIMIT = 4096
_VERSION = "v-"
_VERSION_NAME = re.compile(r"v-[a-z0-9_]{8}")
_POINTER_LINE = re.compile(rb"(v-[a-z0-9_]{8}) ([0-9a-f]{64})\n")
_LOCK = ".lock"


class ModelStore:
    """The models that were kept.

    Safe to share: any number of threads and processes may use one folder at a time.

    Args:
        folder: Such as `tutor.paths.models`; made by the first `put`.
        now: The clock that dates what is saved.
        limit: Bytes of weights beyond which a model is neither saved nor read.
        patience: Seconds to wait for another writer.
    """

    def __init__(
        self,
        folder: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        limit: int = LIMIT,
        patience: float = 60,
    ) -> None:
        self._folder = folder
        self._now = now
        self._limit = limit
        self._patience = patience

    def put(self, name: str, saved: TrainedModel) -> None:
        """Keep a model in place of the one of that name; when it returns, the disk has it.

        Raises:
            StoreError: It could not be kept for sure. What is there is whole: the old model, or already the new one when
                only the last wait for the disk failed.
        """
        slot = self._slot(name)
        with _explained(slot):
            files = pack(saved, self._now(), self._limit)
            with self._writing():
                self._put(slot, files)

    def get(self, name: str) -> TrainedModel | None:
        """Return the model of that name, on the CPU and owned by the caller; None when there is none.

        Raises:
            StoreError: There is something, but not a model that this tutor can use; or the name is not one.
        """
        slot = self._slot(name)
        with _explained(slot):
            while (pointer := _read_pointer(slot)) is not None:
                version, manifest_digest = pointer
                try:
                    return unpack(slot / version, manifest_digest, self._limit)
                except (StoreError, OSError):
                    # A writer may have put another in its place while it was read, and removed this one.
                    if _read_pointer(slot) == pointer:
                        raise
        return None

    def _slot(self, name: str) -> Path:
        if len(name) > _LONGEST or not _NAME.fullmatch(name):
            shown = "".join(c if c.isprintable() else "?" for c in name[:_LONGEST])
            raise StoreError(_BAD_NAME.format(name=shown, longest=_LONGEST))
        return self._folder / name

    def _put(self, slot: Path, files: Mapping[str, bytes]) -> None:
        slot.mkdir(exist_ok=True)
        version = Path(tempfile.mkdtemp(prefix=_VERSION, dir=slot))
        try:
            for file, body in files.items():
                write_whole(version / file, body, durable=True)
            write_whole(version / _POINTER, f"{version.name} {digest(files[MANIFEST])}\n", durable=True)
            sync_folder(slot)  # once the pointer is seen, all that it points to must be on the disk
        except OSError:
            # On a full disk, the learner needs the room now and not at the next save.
            shutil.rmtree(version, ignore_errors=True)
            raise
        (version / _POINTER).replace(slot / _POINTER)
        sync_folder(slot)
        sync_folder(self._folder)
        _sweep(slot, keep=version.name)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the turn to write; one for the whole store, since a lock inside a model's folder would go with it."""
        from filelock import FileLock, Timeout

        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._folder / _LOCK, timeout=self._patience):
                yield
        except Timeout:
            raise StoreError(_BUSY.format(path=self._folder)) from None


def _read_pointer(slot: Path) -> tuple[str, str] | None:
    """Return the version and the digest of its manifest; None when nothing is kept there."""
    try:
        line = read_file(slot / _POINTER, _POINTER_LIMIT)
    except FileNotFoundError:
        return None
    found = _POINTER_LINE.fullmatch(line)
    if found is None:
        raise StoreError(DAMAGED.format(file=_POINTER))
    return found[1].decode(), found[2].decode()


def _sweep(slot: Path, keep: str) -> None:
    """Remove all versions but one: the old one, and what interrupted writers left. Needs the turn to write."""
    # The new model is in place: old files that can't be removed now are tried again by the next save.
    with suppress(OSError), os.scandir(slot) as entries:
        for entry in entries:
            if entry.name == keep or not _VERSION_NAME.fullmatch(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                with suppress(OSError):
                    Path(entry.path).unlink()


class Models(Protocol):
    """Where a runner finds a model that is already trained, and leaves the one it has trained."""

    def take(self, name: str, experiment: GivesModel) -> Mapping[str, float] | None:
        """Give an experiment, just built, the weights of a model that is already trained, and return that model's final metrics.

        None: there is none that fits, so it has to be trained here.
        """

    def put(self, name: str, model: TrainedModel) -> None:
        """Keep a model that was just trained."""


class StoredModels:
    """The learner's own models.

    Args:
        store: Where they are.
        may_save: Whether this run is as its author made it: the texts of other labs were written for no other model as a base.

    Attributes:
        notices: What happened, for the learner, in order.
        taken: The model that was taken last, by name and seed; empty when all was trained here.
    """

    def __init__(self, store: ModelStore, *, may_save: bool) -> None:
        self.notices: list[Text] = []
        self.taken = ""
        self._store = store
        self._may_save = may_save

    def take(self, name: str, experiment: GivesModel) -> Mapping[str, float] | None:
        """Say in `notices` what was taken, or why not; see `Models.take`."""
        try:
            saved = self._store.get(name)
        except StoreError as error:
            self.notices.append(_UNUSABLE.format(name=name, why=_sentence(error.text)))
            return None
        if saved is None:
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
        """Say in `notices` whether it was saved; a store that can't be written spoils nothing."""
        if not self._may_save:
            return
        try:
            self._store.put(name, model)
        except StoreError as error:
            self.notices.append(_NOT_SAVED.format(name=name, why=_sentence(error.text)))
            return
        self.notices.append(_SAVED.format(name=name))


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
    metric = next((m for m in spec.metrics if m.id == spec.quality), None) if spec is not None else None
    value = saved.metrics.get(metric.id) if metric is not None else None
    quality = Text("", "")
    if metric is not None and value is not None:
        shown = f"{value:.2f}" if abs(value) < 1000 else f"{value:.3g}"
        quality = (_QUALITY if math.isfinite(value) else _NOT_FINITE).format(metric=metric.label, value=shown)
    steps = _ONE_STEP if saved.steps == 1 else _STEPS.format(steps=f"{saved.steps:,}")
    return _USED.format(name=name, steps=steps, quality=quality)


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
_BUSY = Text(
    "另一个 llm-tutor 一直占用着 {path}，请等它保存完，或者关掉它。",
    "Another llm-tutor keeps {path} locked; wait for it to finish, or close it.",
)
_NO_MEMORY = Text("内存不够，装不下这个模型。", "There is not enough memory for this model.")
_DENIED = Text(
    "没有权限读写 {path}。请检查权限，或者用环境变量 LLM_TUTOR_HOME 换一个文件夹。",
    "There is no permission for {path}. Check it, or choose another folder with LLM_TUTOR_HOME.",
)
_FULL = Text(
    "磁盘满了，写不下 {path}。请腾出空间。", "The disk is full, no room for {path}. Free some space."
)
_MISSING_FILE = Text("缺少 {path}。", "{path} is missing.")
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
    errno.ENOENT: _MISSING_FILE,
    errno.EISDIR: NOT_A_FILE,
    errno.ENOTDIR: _NOT_A_FOLDER,
    errno.EEXIST: _NOT_A_FOLDER,
}

_USED = Text(
    "从你自己训练的模型「{name}」（{steps}{quality}）开始。",
    "Starting from your own model “{name}” ({steps}{quality}).",
)
_STEPS = Text("{steps} 步", "{steps} steps")
_ONE_STEP = Text("1 步", "1 step")
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
_NOT_SAVED = Text(
    "模型「{name}」没能保存：{why}这次的结果不受影响，以后要用它的实验会重新训练一个。",
    "Your model “{name}” was not saved. {why} This result is not affected; a lab that needs the model later trains "
    "it anew.",
)

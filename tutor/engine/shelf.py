"""The shelf: where a lab's trained model is kept, so that another lab may start from it.

On disk a model is a folder of its name::

    my-model/current        one line: which version is the model, and the SHA-256 of its card
    my-model/v-k3x_90ab/    that version: model.safetensors, tokenizer.json, model.json

A version is written beside the old one, and only a replaced ``current``, which is atomic, makes it the model. So whenever a writer
dies, the old or the new model is whole; what it left behind goes with the next save. Writers take turns by a lock. Readers
take none: when a version vanishes under a reader, ``current`` has moved on, and it reads that.

The shelf lies in the cache, and whatever is in there may have been cut short, changed or put there by others: all of it is
checked, and a model that fails is a `ShelfError` with a reason.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from tutor.engine import shelf_disk as disk
from tutor.engine import shelf_words as words
from tutor.engine.shelf_card import CARD, digest, pack, unpack
from tutor.engine.shelf_words import (
    ShelfError,
    explained,
)
from tutor.experiments.base import TrainedModel

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


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Shelf:
    """The models that were kept.

    Safe to share: any number of threads and processes may use one folder at a time.
    """

    def __init__(
        self, folder: Path, now: Callable[[], datetime] = utc_now, limit: int = LIMIT, patience: float = 60
    ) -> None:
        """Point to a shelf; nothing is made or read yet.

        Args:
            folder: Where it is, such as `tutor.paths.models`; made by the first `put`.
            now: The clock that dates what is saved.
            limit: Bytes of weights beyond which a model is neither saved nor read.
            patience: Seconds to wait for another writer.
        """
        self._folder = folder
        self._now = now
        self._limit = limit
        self._patience = patience

    def put(self, name: str, saved: TrainedModel) -> None:
        """Keep a model in place of the one of that name; when it returns, the disk has it.

        Raises:
            ShelfError: It could not be kept for sure. What is there is whole: the old model, or already the new one when
                only the last wait for the disk failed.
        """
        slot = self._slot(name)
        with explained(slot):
            files = pack(saved, self._now(), self._limit)
            with self._writing():
                self._put(slot, files)

    def get(self, name: str) -> TrainedModel | None:
        """The model of that name, on the CPU and owned by the caller; None when there is none.

        Raises:
            ShelfError: There is something, but not a model that this tutor can use; or the name is not one.
        """
        slot = self._slot(name)
        with explained(slot):
            while (pointer := _read_pointer(slot)) is not None:
                version, card_digest = pointer
                try:
                    return self._load(slot / version, card_digest)
                except (ShelfError, OSError):
                    # A writer may have put another in its place while it was read, and removed this one.
                    if _read_pointer(slot) == pointer:
                        raise
        return None

    def _slot(self, name: str) -> Path:
        if not _is_name(name):
            shown = "".join(c if c.isprintable() else "?" for c in name[:_LONGEST])
            raise ShelfError(words.BAD_NAME.format(name=shown, longest=_LONGEST))
        return self._folder / name

    def _put(self, slot: Path, files: Mapping[str, bytes]) -> None:
        slot.mkdir(exist_ok=True)
        version = Path(tempfile.mkdtemp(prefix=_VERSION, dir=slot))
        try:
            for file, body in files.items():
                disk.write(version / file, body)
            disk.write(version / _POINTER, f"{version.name} {digest(files[CARD])}\n".encode())
            # In this order: once the pointer is seen, all that it points to must be on the disk.
            disk.sync_folder(version)
            disk.sync_folder(slot)
        except OSError:
            # On a full disk, the learner needs the room now and not at the next save.
            shutil.rmtree(version, ignore_errors=True)
            raise
        (version / _POINTER).replace(slot / _POINTER)
        disk.sync_folder(slot)
        disk.sync_folder(self._folder)
        _sweep(slot, keep=version.name)

    def _load(self, version: Path, card_digest: str) -> TrainedModel:
        return unpack(lambda file, limit: disk.read(version / file, limit), card_digest, self._limit)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The turn to write; one for the whole shelf, since a lock inside a model's folder would go with it."""
        from filelock import FileLock, Timeout

        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._folder / _LOCK, timeout=self._patience):
                yield
        except Timeout:
            raise ShelfError(words.BUSY.format(path=self._folder)) from None


def _is_name(name: str) -> bool:
    return len(name) <= _LONGEST and _NAME.fullmatch(name) is not None


def _read_pointer(slot: Path) -> tuple[str, str] | None:
    """Name of the version, and digest of its card; None when nothing is kept there."""
    try:
        line = disk.read(slot / _POINTER, _POINTER_LIMIT)
    except FileNotFoundError:
        return None
    found = _POINTER_LINE.fullmatch(line)
    if found is None:
        raise ShelfError(words.DAMAGED.format(file=_POINTER))
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

"""A model as three files, each vouched for by the next: weights and tokenizer by the manifest, the manifest by who points to it.

The manifest, ``model.json``, holds what is known of the model, and size and SHA-256 of the two other files. JSON has no NaN and no
infinity: metrics, which may be either, are then the strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``. Weights are safetensors, which
is data only; nothing here is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import stat
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from tutor import __version__
from tutor.experiments.base import Origin, TrainedModel
from tutor.text import InputError, Text

FORMAT = 2
"""Raised when an older tutor could not read what this one writes."""

MANIFEST = "model.json"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"

MANIFEST_LIMIT = 2**20
"""Bytes of the manifest."""
TOKENIZER_LIMIT = 2**26
"""Bytes of the tokenizer."""

_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# Without it the open of a named pipe waits for a writer that never comes.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


class StoreError(InputError):
    """A model can't be kept or used; the text is the reason, a full sentence."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Part(_Model):
    """A file beside the manifest."""

    size: int
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Origin(_Model):
    lab: str
    arm: str
    seed: int
    steps: Annotated[int, Field(ge=0)]


class _Manifest(_Model):
    format: Literal[2]
    experiment: str
    config: dict[str, Any]
    metrics: dict[str, float | Literal["NaN", "Infinity", "-Infinity"]]
    steps: Annotated[int, Field(ge=0)]
    seed: int
    history: list[_Origin]
    tutor: str
    torch: str
    saved_at: str
    weights: _Part
    tokenizer: _Part


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def pack(saved: TrainedModel, now: datetime, limit: int) -> dict[str, bytes]:
    """Return the files of a model, by name.

    Args:
        saved: Its tensors are copied; those that share memory come back apart. Config and tokenizer come back with lists
            for tuples.
        now: The time in the manifest.
        limit: Bytes of tensors that are kept.

    Raises:
        StoreError: Something in it can't be stored.
        MemoryError: It doesn't fit a second time.
    """
    import torch

    weights = _pack_weights(saved.tensors, limit)
    tokenizer = _dump(saved.tokenizer, _PART_TOKENIZER)
    try:
        values = {name: float(value) for name, value in saved.metrics.items()}
    except (TypeError, ValueError, OverflowError) as error:
        raise _unstorable(_PART_FACTS, error) from error
    metrics = {k: value if math.isfinite(value) else json.dumps(value) for k, value in values.items()}
    manifest = _dump(
        {
            "format": FORMAT,
            "experiment": saved.experiment,
            "config": saved.config,
            "metrics": metrics,
            "steps": saved.steps,
            "seed": saved.seed,
            "history": [origin._asdict() for origin in saved.history],
            "tutor": __version__,
            "torch": str(torch.__version__),
            "saved_at": now.isoformat(timespec="seconds"),
            "weights": {"size": len(weights), "sha256": digest(weights)},
            "tokenizer": {"size": len(tokenizer), "sha256": digest(tokenizer)},
        },
        _PART_FACTS,
    )
    check_size(MANIFEST, len(manifest), MANIFEST_LIMIT)
    check_size(TOKENIZER, len(tokenizer), TOKENIZER_LIMIT)
    check_size(WEIGHTS, len(weights), limit)
    return {WEIGHTS: weights, TOKENIZER: tokenizer, MANIFEST: manifest}


def unpack(folder: Path, manifest_digest: str, limit: int) -> TrainedModel:
    """Return the model that files describe, none of which is trusted.

    Args:
        folder: With the three files.
        manifest_digest: What the manifest must hash to.
        limit: Bytes of weights that are read.

    Raises:
        StoreError: They are not what was saved, or not for this tutor.
        OSError: One can't be read.
        MemoryError: It doesn't fit.
    """
    body = read_file(folder / MANIFEST, MANIFEST_LIMIT)
    if digest(body) != manifest_digest:
        raise StoreError(DAMAGED.format(file=MANIFEST))
    manifest = _read_manifest(body)
    tokenizer = _load(_checked(folder / TOKENIZER, manifest.tokenizer, TOKENIZER_LIMIT), TOKENIZER)
    tensors = _unpack_weights(_checked(folder / WEIGHTS, manifest.weights, limit))
    metrics = {name: float(value) for name, value in manifest.metrics.items()}
    return TrainedModel(
        tensors,
        manifest.experiment,
        manifest.config,
        tokenizer,
        metrics,
        manifest.steps,
        manifest.seed,
        tuple(Origin(**origin.model_dump()) for origin in manifest.history),
    )


def _read_manifest(body: bytes) -> _Manifest:
    values = _load(body, MANIFEST)
    found = values.get("format")
    # Before all else: what a newer tutor writes may look different in every other way.
    if isinstance(found, int) and found > FORMAT:
        raise StoreError(_NEWER.format(found=found if found < 10**6 else "?", known=FORMAT))
    if isinstance(found, int) and 0 < found < FORMAT:
        raise StoreError(_OLDER)
    try:
        return _Manifest.model_validate(values)
    except ValidationError as error:
        raise StoreError(_FOREIGN.format(file=MANIFEST)) from error


def _checked(path: Path, part: _Part, limit: int) -> bytes:
    body = read_file(path, limit)
    if len(body) != part.size or digest(body) != part.sha256:
        raise StoreError(DAMAGED.format(file=path.name))
    return body


def _pack_weights(tensors: Mapping[str, Any], limit: int) -> bytes:
    import torch
    from safetensors.torch import save

    try:
        if bad := [name for name in tensors if not isinstance(name, str) or name == "__metadata__"]:
            raise ValueError(f"{bad[0]!r} as a name")
        check_size(WEIGHTS, sum(tensor.nbytes for tensor in tensors.values()), limit)
        # Cloned because safetensors refuses tensors that share memory, as tied embeddings do.
        return save(
            {
                name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format)
                for name, tensor in tensors.items()
            }
        )
    except (StoreError, MemoryError):
        raise
    except Exception as error:  # safetensors and torch have no common type for what they refuse
        raise _unstorable(_PART_WEIGHTS, error) from error


def _unpack_weights(body: bytes) -> dict[str, Any]:
    from safetensors.torch import load

    try:
        return load(body)
    except MemoryError:
        raise
    except Exception as error:  # a hostile header surfaces as whatever safetensors or torch trips over
        raise StoreError(_FOREIGN.format(file=WEIGHTS)) from error


def _dump(values: Mapping[str, Any], part: Text) -> bytes:
    try:
        return json.dumps(_plain(values), allow_nan=False, indent=1).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise _unstorable(part, error) from error


def _load(body: bytes, file: str) -> dict[str, Any]:
    try:
        values = json.loads(body.decode("ascii"), parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise StoreError(_FOREIGN.format(file=file)) from error
    if not isinstance(values, dict):
        raise StoreError(_FOREIGN.format(file=file))
    return values


def _plain(value: Any) -> Any:
    """Return the same as JSON knows it, refusing what JSON would silently turn into something else."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            if bad := [key for key in value if not isinstance(key, str)]:
                raise TypeError(f"{type(bad[0]).__name__} as a key")
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            raise TypeError(type(value).__name__)


def _finite(literal: str) -> float:
    value = float(literal)
    if not math.isfinite(value):
        raise ValueError(f"{literal} is not finite")
    return value


def _unstorable(part: Text, error: Exception) -> StoreError:
    first_line = (str(error).strip() or type(error).__name__).splitlines()[0][:80]
    return StoreError(_UNSTORABLE.format(part=part, what=first_line))


def read_file(path: Path, limit: int) -> bytes:
    """Read a plain file, or a link to one, of at most `limit` bytes; the size is checked before anything is read.

    Raises:
        OSError: It can't be read.
        StoreError: It is no plain file, or too big.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | _BINARY | _NO_WAIT), "rb", buffering=0) as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise StoreError(NOT_A_FILE.format(path=path))
        check_size(path.name, status.st_size, limit)
        # Not read(): a file that grows meanwhile would be read beyond the limit.
        pieces = []
        rest = status.st_size
        while rest > 0 and (piece := stream.read(rest)):
            pieces.append(piece)
            rest -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def check_size(file: str, size: int, limit: int) -> None:
    """Raise a `StoreError` if a file has more bytes than it may."""
    if size > limit:
        unit, name = (2**20, "MB") if limit >= 2**20 else (2**10, "KB")
        # Rounded up and down, so that the two never look equal.
        numbers = {"size": f"{-(-size // unit):,}", "limit": f"{limit // unit:,}", "unit": name}
        raise StoreError(_TOO_BIG.format(file=file, **numbers))


NOT_A_FILE = Text("{path} 应该是一个普通文件，但它不是。", "{path} should be a plain file, but isn't one.")
DAMAGED = Text("文件 {file} 损坏了，或者不完整。", "The file {file} is damaged or incomplete.")
_FOREIGN = Text(
    "文件 {file} 不是 llm-tutor 能认出的样子。", "The file {file} isn't in a form that llm-tutor knows."
)
_OLDER = Text(
    "它是旧版 llm-tutor 存的，这一版不再读那种格式。",
    "It was saved by an older llm-tutor, in a form that this one doesn't read any more.",
)
_NEWER = Text(
    "它由更新版本的 llm-tutor 保存（格式 {found}，这里只认识到 {known}）。升级 llm-tutor 后就能用上它。",
    "It was saved by a newer llm-tutor (format {found}; this one knows up to {known}). Upgrade llm-tutor to use it.",
)
_TOO_BIG = Text(
    "文件 {file} 有 {size} {unit}，超过了 {limit} {unit} 的上限。",
    "The file {file} has {size} {unit}, more than the limit of {limit} {unit}.",
)
_UNSTORABLE = Text("它的{part}里有存不下来的内容（{what}）。", "Its {part} can't be stored ({what}).")
_PART_WEIGHTS = Text("权重", "weights")
_PART_TOKENIZER = Text("分词器", "tokenizer")
_PART_FACTS = Text("配置或指标", "settings or metrics")

"""A model as one file: a zip archive, not compressed, of weights, tokenizer and manifest.

The manifest, ``model.json``, holds what is known of the model. JSON has no NaN and no infinity: metrics, which may be either, are then
the strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``. Weights are safetensors, which is data only; nothing here is ever unpickled.
The archive's checksums tell whether a part is as it was written; who wrote it they can't tell, so that each part is checked as well.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tutor import __version__
from tutor.experiments.base import Origin, TrainedModel
from tutor.text import InputError, Text

FORMAT = 3
"""Raised when an older tutor could not read what this one writes."""

MANIFEST = "model.json"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"

LIMITS = {MANIFEST: 2**20, TOKENIZER: 2**26}
"""Bytes of the parts that JSON has to be made of."""


class StoreError(InputError):
    """A model can't be kept or used; the text is the reason, a full sentence."""


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Literal[3]
    experiment: str
    config: dict[str, Any]
    metrics: dict[str, float | Literal["NaN", "Infinity", "-Infinity"]]
    steps: Annotated[int, Field(ge=0)]
    seed: int
    history: list[Origin]
    tutor: str
    torch: str
    saved_at: str


def pack(saved: TrainedModel, now: datetime, limit: int) -> bytes:
    """Return a model as one file, of at most `limit` bytes.

    Tensors that share memory come back apart; config and tokenizer with lists for tuples.

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
        },
        _PART_FACTS,
    )
    body = zipped({MANIFEST: manifest, TOKENIZER: tokenizer, WEIGHTS: weights})
    check_size(WEIGHTS, len(body), limit)
    return body


def zipped(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            check_size(name, len(part), LIMITS.get(name, len(part)))
            archive.writestr(name, part)
    return stream.getvalue()


def unpack(file: str, body: bytes) -> TrainedModel:
    """Return the model that a file of this name describes, none of which is trusted.

    Raises:
        StoreError: It is not what was saved, or not for this tutor.
        MemoryError: It doesn't fit.
    """
    parts = _unzipped(file, body)
    manifest = _read_manifest(parts[MANIFEST])
    tokenizer = _load(parts[TOKENIZER], TOKENIZER)
    tensors = _unpack_weights(parts[WEIGHTS])
    metrics = {name: float(value) for name, value in manifest.metrics.items()}
    return TrainedModel(
        tensors,
        manifest.experiment,
        manifest.config,
        tokenizer,
        metrics,
        manifest.steps,
        manifest.seed,
        tuple(manifest.history),
    )


def size_of(file: str, body: bytes) -> tuple[int, datetime]:
    """Return how many weights a model file of this name holds, and when it was saved, without loading them.

    Raises:
        StoreError: It is not what was saved, or not for this tutor.
    """
    parts = _unzipped(file, body)
    saved_at = _read_manifest(parts[MANIFEST]).saved_at
    weights = parts[WEIGHTS]
    header = _load(weights[8 : 8 + int.from_bytes(weights[:8], "little")], WEIGHTS)
    tensors = [tensor for name, tensor in header.items() if name != "__metadata__"]
    try:
        count = sum(math.prod(map(int, tensor["shape"])) for tensor in tensors)
        return count, datetime.fromisoformat(saved_at)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise StoreError(_FOREIGN.format(file=file)) from error


def _unzipped(file: str, body: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            found = {}
            for name in (MANIFEST, TOKENIZER, WEIGHTS):
                # Before it is read: what is compressed may say that it becomes any size.
                check_size(name, archive.getinfo(name).file_size, LIMITS.get(name, len(body)))
                found[name] = archive.read(name)
            return found
    except (StoreError, MemoryError):
        raise
    except Exception as error:  # a hostile archive surfaces as whatever zipfile or zlib trips over
        raise StoreError(DAMAGED.format(file=file)) from error


def _read_manifest(body: bytes) -> _Manifest:
    values = _load(body, MANIFEST)
    found = values.get("format")
    # Before all else: what a newer tutor writes may look different in every other way.
    if isinstance(found, int) and found > FORMAT:
        raise StoreError(_NEWER.format(found=found if found < 10**6 else "?", known=FORMAT))
    try:
        return _Manifest.model_validate(values)
    except ValidationError as error:
        raise StoreError(_FOREIGN.format(file=MANIFEST)) from error


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


def check_size(file: str, size: int, limit: int) -> None:
    """Raise a `StoreError` if a file has more bytes than it may."""
    if size > limit:
        unit, name = (2**20, "MB") if limit >= 2**20 else (2**10, "KB")
        # Rounded up and down, so that the two never look equal.
        numbers = {"size": f"{-(-size // unit):,}", "limit": f"{limit // unit:,}", "unit": name}
        raise StoreError(_TOO_BIG.format(file=file, **numbers))


DAMAGED = Text("文件 {file} 损坏了，或者不完整。", "The file {file} is damaged or incomplete.")
_FOREIGN = Text(
    "文件 {file} 不是 llm-tutor 能认出的样子。", "The file {file} isn't in a form that llm-tutor knows."
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

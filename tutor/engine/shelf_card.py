"""A model as three files, each vouched for by the next: weights and tokenizer by the card, the card by who points to it.

The card, ``model.json``, holds what is known of the model, and size and SHA-256 of the two other files. JSON has no NaN and no
infinity: metrics, which may be either, are then the strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``. Weights are safetensors, which
is data only; nothing here is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from tutor import __version__
from tutor.engine import shelf_words as words
from tutor.engine.shelf_disk import check_size
from tutor.engine.shelf_words import ShelfError
from tutor.experiments.base import Origin, TrainedModel
from tutor.text import Text

FORMAT = 2
"""Raised when an older tutor could not read what this one writes."""

CARD = "model.json"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"

CARD_LIMIT = 2**20
"""Bytes of the card."""
TOKENIZER_LIMIT = 2**26
"""Bytes of the tokenizer."""

_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}

Read = Callable[[str, int], bytes]
"""Reads the file of that name, of at most that many bytes."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Part(_Model):
    """A file beside the card."""

    size: int
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Origin(_Model):
    lab: str
    arm: str
    seed: int
    steps: Annotated[int, Field(ge=0)]


class _Card(_Model):
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
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def pack(saved: TrainedModel, now: datetime, limit: int) -> dict[str, bytes]:
    """The files of a model, by name.

    Args:
        saved: Its tensors are copied; those that share memory come back apart. Config and tokenizer come back with lists
            for tuples.
        now: Goes on the card.
        limit: Bytes of tensors that are kept.

    Raises:
        ShelfError: Something in it can't be stored.
        MemoryError: It doesn't fit a second time.
    """
    import torch

    weights = _pack_weights(saved.tensors, limit)
    tokenizer = _dump(saved.tokenizer, words.PART_TOKENIZER)
    try:
        metrics = {name: _as_json(float(value)) for name, value in saved.metrics.items()}
    except (TypeError, ValueError, OverflowError) as error:
        raise _unstorable(words.PART_FACTS, error) from error
    card = _dump(
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
        words.PART_FACTS,
    )
    check_size(CARD, len(card), CARD_LIMIT)
    check_size(TOKENIZER, len(tokenizer), TOKENIZER_LIMIT)
    check_size(WEIGHTS, len(weights), limit)
    return {WEIGHTS: weights, TOKENIZER: tokenizer, CARD: card}


def unpack(read: Read, card_digest: str, limit: int) -> TrainedModel:
    """The model that files describe, none of which is trusted.

    Args:
        read: Reads a file.
        card_digest: What the card must hash to.
        limit: Bytes of weights that are read.

    Raises:
        ShelfError: They are not what was saved, or not for this tutor.
        OSError: From ``read``.
        MemoryError: It doesn't fit.
    """
    body = read(CARD, CARD_LIMIT)
    if digest(body) != card_digest:
        raise ShelfError(words.DAMAGED.format(file=CARD))
    card = _read_card(body)
    tokenizer = _load(_checked(read, TOKENIZER, card.tokenizer, TOKENIZER_LIMIT), TOKENIZER)
    tensors = _unpack_weights(_checked(read, WEIGHTS, card.weights, limit))
    metrics = {k: _NOT_FINITE[v] if isinstance(v, str) else float(v) for k, v in card.metrics.items()}
    return TrainedModel(
        tensors,
        card.experiment,
        card.config,
        tokenizer,
        metrics,
        card.steps,
        card.seed,
        tuple(Origin(**origin.model_dump()) for origin in card.history),
    )


def _read_card(body: bytes) -> _Card:
    values = _load(body, CARD)
    found = values.get("format")
    # Before all else: what a newer tutor writes may look different in every other way.
    if isinstance(found, int) and found > FORMAT:
        raise ShelfError(words.NEWER.format(found=found if found < 10**6 else "?", known=FORMAT))
    if isinstance(found, int) and 0 < found < FORMAT:
        raise ShelfError(words.OLDER)
    try:
        return _Card.model_validate(values)
    except ValidationError as error:
        raise ShelfError(words.FOREIGN.format(file=CARD)) from error


def _checked(read: Read, name: str, part: _Part, limit: int) -> bytes:
    body = read(name, limit)
    if len(body) != part.size or digest(body) != part.sha256:
        raise ShelfError(words.DAMAGED.format(file=name))
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
    except (ShelfError, MemoryError):
        raise
    except Exception as error:  # safetensors and torch have no common type for what they refuse
        raise _unstorable(words.PART_WEIGHTS, error) from error


def _unpack_weights(body: bytes) -> dict[str, Any]:
    from safetensors.torch import load

    try:
        return load(body)
    except MemoryError:
        raise
    except Exception as error:  # a hostile header surfaces as whatever safetensors or torch trips over
        raise ShelfError(words.FOREIGN.format(file=WEIGHTS)) from error


def _dump(values: Mapping[str, Any], part: Text) -> bytes:
    try:
        return json.dumps(_plain(values), allow_nan=False, indent=1).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise _unstorable(part, error) from error


def _load(body: bytes, file: str) -> dict[str, Any]:
    try:
        values = json.loads(body.decode("ascii"), parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise ShelfError(words.FOREIGN.format(file=file)) from error
    if not isinstance(values, dict):
        raise ShelfError(words.FOREIGN.format(file=file))
    return values


def _plain(value: Any) -> Any:
    """The same as JSON knows it; what JSON would silently turn into something else is refused."""
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


def _as_json(value: float) -> float | str:
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else "Infinity" if value > 0 else "-Infinity"


def _unstorable(part: Text, error: Exception) -> ShelfError:
    first_line = (str(error).strip() or type(error).__name__).splitlines()[0][:80]
    return ShelfError(words.UNSTORABLE.format(part=part, what=first_line))

"""Measures how much of its training text a model says by heart."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from tutor.experiments.text_data import TextData
from tutor.nn.generate import continue_text
from tutor.nn.transformer import Transformer

GIVEN = 16
"""Tokens of a document that the model is shown."""

ASKED = 24
"""Tokens that it has to go on with."""

DOCUMENTS = 32
"""Most documents of a kind that are tried."""


def recited(model: Transformer, data: TextData) -> dict[str, float]:
    """Return the share of tokens that a model continues a training document with as it stands there, always taking the likeliest.

    After Carlini et al. (2021, arXiv:2012.07805), who call such text extractable. (`verbatim`: documents that occur more than once;
    `verbatim_once`: documents of the same corpus that occur once.) Only as far as they are part of the training text.
    """
    prepared = data.prepared
    if prepared is None:
        return {}
    train = data.corpus.train_text()
    copies: dict[str, list[str]] = {}
    for document in sorted(prepared.came, key=lambda document: "#" in document.name):  # the original first
        copies.setdefault(document.name.partition("#")[0], []).append(document.text)
    # Of a document that occurs more than once, rules may have left an edited copy and not the original.
    stands = [(texts, next((text for text in texts if text in train), None)) for texts in copies.values()]
    twice = [text for texts, text in stands if text is not None and len(texts) > 1]
    once = [text for texts, text in stands if text is not None and len(texts) == 1]
    found: dict[str, float] = {}
    for name, texts in (("verbatim", twice), ("verbatim_once", once)):
        share = _share(model, data, texts)
        if share is not None:
            found[name] = share
    return found


def _share(model: Transformer, data: TextData, texts: Sequence[str]) -> float | None:
    """Return the share of right tokens over the documents that are long enough; None when there are none."""
    every = max(1, len(texts) // DOCUMENTS)
    ids = [data.tokenizer.encode(text)[: GIVEN + ASKED] for text in texts[::every][:DOCUMENTS]]
    whole = torch.tensor([one for one in ids if len(one) == GIVEN + ASKED])
    if not len(whole):
        return None
    never = (data.tokenizer.mask_id,)
    made = continue_text(model, whole[:, :GIVEN], ASKED, 0.0, 0, never)
    return (made[:, GIVEN:] == whole[:, GIVEN:]).float().mean().item()

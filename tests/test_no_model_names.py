"""Engine and screens know no language model: what is special about one stands on its spec."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

import tutor

NAMES = (
    "heads", "attention", "logits", "perplexity", "val_loss", "train_loss", "bits_per_byte", "fill_loss", "lr", "learning_rate",
    "d_model", "n_layer", "n_head", "vocab_size", "context", "tokens_per_step", "batch", "corpus", "text_file", "fed", "rules",
    "near_preset",
)  # fmt: skip

ROOT = Path(tutor.__file__).parent
FILES = sorted(file for part in ("engine", "ui") for file in (ROOT / part).rglob("*.py"))


def names_in(source: str) -> set[str]:
    """Identifiers, and strings that are one word."""
    found = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            found.add(token.string)
        elif token.type == tokenize.STRING and (word := re.fullmatch(r"[bfr]*['\"](\w+)['\"]", token.string)):
            found.add(word[1])
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_name_of_a_language_model_is_left(file: Path) -> None:
    assert not names_in(file.read_text("utf-8")) & set(NAMES)


def test_what_is_looked_for_would_be_found() -> None:
    assert names_in('x.heads = {"val_loss": lr}  # corpus\n"no fed in a sentence"\n') == {
        "x",
        "heads",
        "val_loss",
        "lr",
    }

"""What is put into a text, where, and what a perfect cleaner would leave."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Literal, get_args

from tutor.data.cleaning.base import Document
from tutor.files import load_yaml

Kind = Literal[
    "html",
    "exact_duplicate",
    "near_duplicate",
    "mojibake_latin1",
    "mojibake_gbk",
    "controls",
    "repeated_ngrams",
    "keywords",
    "machine_noise",
    "template_spam",
    "pii",
    "wrong_language",
    "toxic",
]

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Injection:
    """One thing that was put in.

    Attributes:
        kind: Which.
        start: Where it begins in the corrupted text, in characters; None: the whole document is it.
        end: Where it ends, not included; None with start.
        of: For copies, the name of the original; for ``pii``, the tag that masks it.
    """

    kind: Kind
    start: int | None = None
    end: int | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A document after corruption.

    Attributes:
        document: As a crawler would bring it.
        clean: As it was; of a copy, what it was copied from.
        injections: All that was put in, in order of place; empty for a document that stayed clean. All of one kind.
        expected: What a perfect cleaner would leave of it; None: nothing, the document should go.
    """

    document: Document
    clean: Document
    injections: tuple[Injection, ...] = ()
    expected: str | None = None

    @property
    def kind(self) -> Kind | None:
        """What was done to it; None for nothing."""
        return self.injections[0].kind if self.injections else None


SAMPLES: dict[str, dict[str, list[str]]] = load_yaml(
    (resources.files(__package__) / "samples.yaml").read_text("utf-8")
)

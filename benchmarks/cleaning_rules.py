"""What the cleaning rules catch and what they break: ``python -m benchmarks.cleaning_rules``.

Every kind of dirt is injected into `SHARE` of the documents of one set, by several seeds; the rule that should catch it runs over all of them, soiled and clean.

*Recall*: of the places that were soiled, those where the dirt is gone. For a document that should go as a whole, it went. For a span, at most a tenth of its characters are left,
by the best alignment of the text before and after. For what soils a whole text (html, mojibake), the text is as it was, but for white space.
*Precision*: of the documents that the rule changed or removed, those that had the dirt.
*Lost*: characters of clean text that the rule took, as a share of all clean text: from clean documents and beside the dirt.

``--matrix`` shows the recall of every rule for every kind, on the same documents.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib.util
import inspect
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.cleaning_texts import ROOT, chinese, documents_of, english, plain
from tutor.data.cleaning.base import Document, Rule
from tutor.data.cleaning.rules import RULES, make_rules
from tutor.data.corpora import MODULES
from tutor.data.corruption.corrupt import MAKERS, corrupt
from tutor.data.corruption.makers import KINDS, Corrupted, Kind

SHARE = 0.3
"""Of documents that are soiled."""

SEEDS = (1, 2, 3)

CATCHERS: dict[Kind, str] = {
    "html": "html",
    "mojibake_latin1": "unicode",
    "mojibake_gbk": "unicode",
    "controls": "controls",
    "repeated_ngrams": "repeats",
    "keywords": "keywords",
    "machine_noise": "noise",
    "template_spam": "spam",
    "pii": "pii",
    "wrong_language": "language",
    "toxic": "toxic",
}
"""The rule that is there for each kind; copies are found by de-duplication, which is not a rule."""

RECALL, PRECISION = 0.95, 0.98


@dataclass(slots=True)
class Count:
    """What one rule did on one set.

    Attributes:
        injected: Places that were soiled.
        caught: Of them, where the dirt is gone.
        touched: Documents changed or removed.
        right: Of them, those that were soiled.
        clean: Documents that were not soiled.
        characters: Of clean text, in all documents.
        lost: Of them, those taken.
    """

    injected: int = 0
    caught: int = 0
    touched: int = 0
    right: int = 0
    clean: int = 0
    characters: int = 0
    lost: int = 0

    @property
    def recall(self) -> float:
        """Share caught."""
        return self.caught / max(1, self.injected)

    @property
    def precision(self) -> float:
        """Share of touched documents that were soiled."""
        return self.right / max(1, self.touched)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--matrix", action="store_true", help="recall of every rule for every kind")
    args = parser.parse_args(argv)
    missed = 0
    for name, documents in sets().items():
        print(f"\n{name}: {len(documents)} documents, {sum(len(d.text) for d in documents):,} characters\n")
        if args.matrix:
            _matrix(documents)
            continue
        print(
            f"{'kind':<17}{'rule':<11}{'places':>7}{'recall':>8}{'precision':>11}{'false alarms':>15}{'lost %':>8}"
        )
        for kind, rule in CATCHERS.items():
            count = measure(documents, kind, make_rules([rule])[0])
            good = count.recall >= RECALL and count.precision >= PRECISION
            missed += not good
            alarms = f"{count.touched - count.right}/{count.clean}"
            print(
                f"{kind:<17}{rule:<11}{count.injected:>7}{count.recall:>8.3f}{count.precision:>11.3f}{alarms:>15}"
                f"{100 * count.lost / max(1, count.characters):>8.3f}{'' if good else '   below the goal'}"
            )
    print(f"\ngoal: recall {RECALL}, precision {PRECISION}; missed {missed} times")
    return 1 if missed else 0


def sets() -> dict[str, list[Document]]:
    """The clean texts. Rules were looked at on the first two; the others they had not seen."""
    return {
        "English, Python reference": english(),
        "Chinese, course": chinese(),
        "English, docstrings of the standard library": docstrings(),
        "Chinese, texts of the program": program_texts(),
        "plain texts of other kinds, English and Chinese": [*plain("en"), *plain("zh")],
    }


def docstrings() -> list[Document]:
    """Docstrings of the modules whose source labs train on: short manuals, with code in them."""
    parts: list[str] = []
    for module in MODULES:
        spec = importlib.util.find_spec(module)
        source = getattr(spec.loader, "get_source", lambda _: None)(module) if spec else None
        for node in ast.walk(ast.parse(source or "")):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                found = ast.get_docstring(node)
                if found and len(found) > 120:
                    parts += [
                        part if re.search(r"(?m)^ ", part) else " ".join(part.split())
                        for part in found.split("\n\n")
                    ]
    return documents_of(parts, "en", "docstrings")


def program_texts() -> list[Document]:
    """The Chinese README, and the Chinese half of every text in the program's source."""
    parts: list[str] = []
    readme = (ROOT / "README.zh.md").read_text(encoding="utf-8")
    parts += [part for part in re.sub(r"(?s)```.*?```", "", readme).split("\n\n") if len(part) > 25]
    for path in sorted((ROOT / "tutor").rglob("*.py")):
        if {"cleaning", "dirt"} & set(path.relative_to(ROOT).parts):
            continue  # those hold dirt
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if len(text) > 25 and sum("\u4e00" <= c <= "\u9fff" for c in text) > len(text) / 2:
                    parts.append(inspect.cleandoc(text))
    return documents_of(list(dict.fromkeys(parts)), "zh", "program")


def measure(documents: list[Document], kind: Kind, rule: Rule, seeds: Sequence[int] = SEEDS) -> Count:
    """Soil, clean with one rule, count."""
    count = Count()
    for seed in seeds:
        for soiled in corrupt(documents, {kind: SHARE}, seed):
            _enter(count, soiled, rule)
    return count


def _enter(count: Count, soiled: Corrupted, rule: Rule) -> None:
    before = soiled.document.text
    after = rule.apply(soiled.document).text
    touched = after != before
    count.touched += touched
    count.right += touched and soiled.kind is not None
    count.clean += soiled.kind is None
    count.injected += max(1, len(soiled.injections)) if soiled.kind else 0
    clean_characters = len(soiled.expected or "")
    count.characters += clean_characters
    if soiled.expected is None:
        count.caught += len(soiled.injections) if after is None else 0
        return
    if after is None:
        count.caught += len(soiled.injections)
        count.lost += clean_characters
        return
    if same(after, soiled.expected):
        count.caught += len(soiled.injections)
        return
    if soiled.injections and soiled.injections[0].start is None:
        return  # a whole text that did not become what it was
    if not touched:
        return
    left = survivors(before, after)
    dirty = [False] * len(before)
    for injection in soiled.injections:
        assert injection.start is not None
        assert injection.end is not None
        span = range(injection.start, injection.end)
        if soiled.kind == "pii":  # the tag in its place may share letters with it
            piece = before[injection.start : injection.end]
            count.caught += piece[:5] not in after and piece[-5:] not in after
        else:
            count.caught += sum(left[i] for i in span) <= 0.1 * len(span)
        for i in span:
            dirty[i] = True
    count.lost += sum(
        not kept and not bad and not c.isspace() for kept, bad, c in zip(left, dirty, before, strict=True)
    )


def same(a: str, b: str) -> bool:
    """Whether two texts differ in white space only."""
    return "".join(a.split()) == "".join(b.split())


def survivors(before: str, after: str) -> list[bool]:
    """Which characters of a text are still there, by the alignment that keeps the longest matching pieces."""
    a, b = (re.findall(r"\w+|\s+|.", text) if text.isascii() else list(text) for text in (before, after))
    left: list[bool] = [False] * len(before)
    ends = [0]
    for token in a:
        ends.append(ends[-1] + len(token))
    for start, _, length in difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        for i in range(ends[start], ends[start + length]):
            left[i] = True
    return left


def _matrix(documents: list[Document]) -> None:
    print(" " * 17 + "".join(f"{rule[:9]:>10}" for rule in RULES))
    for kind in KINDS:
        if kind in MAKERS:
            cells = (measure(documents, kind, rule, SEEDS[:1]) for rule in make_rules())
            print(f"{kind:<17}" + "".join(f"{count.recall:>10.2f}" for count in cells))


if __name__ == "__main__":
    sys.exit(main())

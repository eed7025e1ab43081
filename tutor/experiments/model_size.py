"""Where the parameters, the computation and the memory of a GPT sit, from its sizes alone."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from tutor.experiments.base import InstantExperiment, Value
from tutor.experiments.model_size_config import KNOWN, PARTS, ModelSizeConfig
from tutor.frames import Bars, Frame, Table
from tutor.text import Text


def worked_out(formula: str, letters: Mapping[str, int]) -> tuple[int, str]:
    """A sum of products such as ``4Ld + 2d``: its value, and how it reads with numbers for letters."""
    sums = [re.findall(r"([A-Za-z]|\d+)(²?)", term) for term in formula.split(" + ")]
    terms = [[(int(letters.get(f, f)), squared) for f, squared in term] for term in sums]
    told = " + ".join("×".join(f"{number}{squared}" for number, squared in term) for term in terms)
    return sum(math.prod(number ** (1 + len(squared)) for number, squared in term) for term in terms), told


def amounts(config: ModelSizeConfig) -> dict[str, dict[str, tuple[int, str]]]:
    """What each part takes, and how that comes about, by group and part."""
    letters = {"L": config.n_layer, "d": config.d_model, "r": config.mlp_ratio}
    letters |= {"V": config.vocab_size, "T": config.context}
    absent = ("output",) * config.tied + ("positions", "norms", "biases") * config.lean
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for group, parts in PARTS.items():
        formulas = {id: part["formula"] for id, part in parts.items() if id not in absent}
        found[group] = {id: worked_out(formula, letters) for id, formula in formulas.items()}
        letters["N"] = sum(count for count, _ in found["parameters"].values())
    return found


class ModelSize(InstantExperiment):
    """See `ModelSizeConfig` for the settings; nothing in it is left to chance."""

    def adjust(self, knob: str, value: Value) -> None:
        """Change a setting; a known model changes all of them."""
        if knob == "preset" and value != "custom":
            self.config = ModelSizeConfig(preset=value)
        else:
            super().adjust(knob, value)

    def finish(self) -> dict[str, float]:
        """Return totals, and shares of the parameters."""
        counts = {g: {id: n for id, (n, _) in parts.items()} for g, parts in amounts(self.config).items()}
        total, cache = sum(counts["parameters"].values()), counts["memory"]["cache"]
        share = {id: count / total for id, count in counts["parameters"].items()}
        return {
            "parameters": total,
            "attention_share": share["attention"],
            "mlp_share": share["mlp"],
            "vocabulary_share": share["embedding"] + share.get("output", 0),
            "flops": sum(counts["flops"].values()),
            "training_gb": (sum(counts["memory"].values()) - cache) / 1e9,
            "cache_gb": cache / 1e9,
        }

    def view(self, name: str, state: Any = None) -> Frame:
        """Bars of a group; ``sums``: how all is worked out; ``models``: known ones, with what is published of them."""
        if name == "models":
            header = ("preset", "million", "published", "attention", "mlp", "vocabulary")
            return Table(header, tuple(map(self._row, KNOWN)))
        found = amounts(self.config)
        if name == "sums":
            lines = [(PARTS[group][id], *found[group][id]) for group in found for id in found[group]]
            rows = ((Text(*part["name"]), part["formula"], told, f"{n:,}") for part, n, told in lines)
            return Table(("part", "formula", "numbers", "result"), tuple(rows))
        return Bars(tuple(found[name]), tuple(float(count) for count, _ in found[name].values()))

    def _row(self, id: str) -> tuple[str | Text, ...]:
        known = ModelSize(self.config if id == "custom" else ModelSizeConfig(preset=id), 0, 0).finish()
        million = known["parameters"] / 1e6
        shares = (f"{known[f'{part}_share']:.1%}" for part in ("attention", "mlp", "vocabulary"))
        count = f"{million:,.{1 if million > 9 else 3}f}"
        return (Text(*KNOWN[id]["name"]), count, KNOWN[id].get("published", "-"), *shares)

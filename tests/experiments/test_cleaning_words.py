"""Words of rules are looked up in the rules; nothing else may pay for loading them."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

from tutor.data.recipe import RuleId, stages
from tutor.experiments.language_model_config import SPEC

_CODE = """
import sys
from tutor.experiments.language_model_config import SPEC
for view in ("funnel", "cleaned", "samples", "curves"):
    SPEC.words.get(view), SPEC.words.get(f"{view}.note"), SPEC.words.get("val_loss")
assert "tutor.data.cleaning.rules" not in sys.modules
SPEC.words["html"]
assert "tutor.data.cleaning.rules" in sys.modules
"""


def test_names_of_views_and_metrics_load_no_rule() -> None:
    found = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_every_rule_and_reason_has_its_words() -> None:
    for rule in stages(get_args(RuleId)):
        assert SPEC.words[rule.id] == rule.title
        for reason, words in rule.reasons.items():
            assert SPEC.words[f"{rule.id}.{reason}"] == words
    assert "nothing" not in SPEC.words
    assert "html.nothing" not in SPEC.words

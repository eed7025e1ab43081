"""A setting may have a value per language; a run takes that of the language it begins in, and both are checked and verified."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.content.minimal_course import FILES, SPECS, write_course
from tests.engine.fake import fake_lab, fake_spec
from tests.engine.test_verify import write_labs
from tutor.content.check import check
from tutor.content.claims_file import claims_path, fingerprint, read_claims
from tutor.content.library import Library
from tutor.content.models import Lab
from tutor.engine.headless import lab_command
from tutor.engine.verify import verify_command
from tutor.engine.verify_seed import SeedResult, Task, run_seed
from tutor.text import LANGS, Text

LAB_FILE = "lessons/unit1/labs/tiny.yaml"
BOTH = FILES[LAB_FILE].replace("lr: 0.02", "lr: {zh: 0.02, en: 0.03}")


def lab_of(root: Path) -> Lab:
    return Library(root).lab("unit1", "tiny")


def test_each_language_has_its_value_and_the_other_can_be_had_from_it(tmp_path: Path) -> None:
    lab = lab_of(write_course(tmp_path, {LAB_FILE: BOTH}))
    zh, en = lab.variants
    assert [variant.shared["lr"] for variant in (zh, en)] == ["0.02", "0.03"]
    assert zh.in_language("en").shared == en.shared
    assert (zh.verified_as, en.verified_as) == ("tiny:zh", "tiny:en")
    assert fingerprint(zh) != fingerprint(en)
    assert zh.arms[1].set == lab.arms[1].set


def test_a_lab_without_such_settings_is_one_in_all_languages(tmp_path: Path) -> None:
    lab = lab_of(write_course(tmp_path))
    assert lab.variants == (lab,)
    assert lab.in_language("zh") is lab
    assert lab.verified_as == "tiny"


def test_a_lab_is_different_in_each_language_if_its_base_is(tmp_path: Path) -> None:
    lab = lab_of(write_course(tmp_path, {LAB_FILE: BOTH}))
    after = fake_lab().after(lab)
    assert after.languages == ("zh", "en")
    before = after.in_language("en").before
    assert before is not None and before.shared["lr"] == "0.03"


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("{zh: 0.02, en: 0.03}", None),
        ("{zh: 0.02, en: fast}", "float_parsing"),
        ("{zh: 0.02}", "float_parsing"),
    ],
)
def test_the_values_of_all_languages_are_checked(tmp_path: Path, written: str, wrong: str | None) -> None:
    bad = FILES[LAB_FILE].replace("lr: 0.02", f"lr: {written}")
    problems = check(write_course(tmp_path, {LAB_FILE: bad}), specs=SPECS).problems
    assert [problem.code for problem in problems] == ([wrong] if wrong else [])
    assert [problem.line for problem in problems] == ([9] if wrong else [])


def two_rates(tmp_path: Path) -> Path:
    """A course with a lab whose arms learn at another rate in each language."""
    arms: dict[str, dict[str, object]] = {"slow": {"lr": {"zh": "0.1", "en": "0.2"}}, "fast": {"lr": "0.5"}}
    return write_labs(tmp_path, fake_lab(arms=arms, steps=6))


class InPlace:
    """Runs the variant that is asked for on the calling thread."""

    def __init__(self, root: Path) -> None:
        self.variants = {
            variant.verified_as: variant for variant in Library(root).find_lab("fake")[1].variants
        }

    def run(self, task: Task, progress: Callable[[float], None]) -> SeedResult | Text:
        return run_seed(self.variants[task.lab], task.seed, spec=fake_spec(), progress=progress)

    def stop(self) -> None:
        """Nothing goes on."""


def test_both_are_verified_and_a_run_has_the_spread_of_its_language(tmp_path: Path) -> None:
    root = two_rates(tmp_path)
    verify_command(
        ["fake"],
        seeds=2,
        jobs=1,
        as_json=True,
        output=None,
        lang="en",
        course_root=root,
        out=io.StringIO(),
        err=io.StringIO(),
        runner=InPlace(root),
        spec=fake_spec(),
    )
    found = read_claims(claims_path(root))
    assert found is not None and set(found.labs) == {"fake:zh", "fake:en"}
    assert [list(entry.outcomes) for entry in found.labs.values()] == [["en"], ["zh"]]
    library = Library(root)
    zh, en = (library.spread(variant) for variant in library.find_lab("fake")[1].variants)
    assert zh is not None and en is not None
    assert zh.mean("slow", "val_loss") != en.mean("slow", "val_loss")
    assert zh.mean("fast", "val_loss") == en.mean("fast", "val_loss")


def test_a_run_without_a_screen_has_the_language_it_is_told(tmp_path: Path) -> None:
    root = two_rates(tmp_path)
    slow = {}
    for lang in LANGS:
        out = io.StringIO()
        code = lab_command(
            "fake", lang=lang, course_root=root, out=out, err=io.StringIO(), as_json=True, spec=fake_spec()
        )
        assert code == 0
        slow[lang] = json.loads(out.getvalue())["arms"]["slow"]
    assert slow["zh"] != slow["en"]

"""The file of what was verified: read with tolerance, and only believed of the lab that it was made for."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content.minimal_course import FILES, SPECS, write_course
from tutor.content.check import check
from tutor.content.claims_file import ClaimsFile, Spread, claims_path, fingerprint, read_claims
from tutor.content.expressions import holds
from tutor.content.library import Library
from tutor.content.models import Lab
from tutor.text import LANGS

LAB = "lessons/unit1/labs/tiny.yaml"


def record(lab: Lab, held: int = 10) -> dict[str, object]:
    """What `verify` might have written of a lab of two arms."""
    return {
        "fingerprint": fingerprint(lab),
        "seeds": list(range(10)),
        "arms": {
            "gpt": {"val_loss": {"mean": 3.0, "sd": 0.3}, "steps": {"mean": 20.0, "sd": 0.0}},
            "tuned": {"val_loss": {"mean": 2.0, "sd": 0.4}, "train_loss": {"mean": 2.0, "sd": None}},
        },
        "claims": [{"expr": claim.expr, "held": held, "of": 10} for claim in lab.claims],
        "seconds": {"mean": 12.5, "max": 13.0},
        "curves": {
            "gpt": {"val_loss": {"steps": [1, 20], "mean": [6.0, 3.0], "sd": [0.5, None]}},
            "tuned": {"val_loss": {"steps": [1, 20], "mean": [6.0], "sd": [0.5, 1.0]}},
        },
        "machine": {"cpu": "x", "cores": 2},
        "versions": {"python": "3.11"},
    }


def write(root: Path, held: int = 10, **changes: object) -> Path:
    lab = Library(root).lab("unit1", "tiny")
    path = claims_path(root)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"format": 1, "labs": {"tiny": record(lab, held)}} | changes))
    return path


def spread_in(root: Path, lab: str) -> Spread | None:
    library = Library(root)
    return library.spread(library.lab("unit1", lab))


@pytest.fixture
def spread(tmp_path: Path) -> Spread:
    root = write_course(tmp_path)
    write(root)
    found = spread_in(root, "tiny")
    assert found is not None
    return found


def test_numbers_are_read_and_unknown_ones_are_nan(spread: Spread) -> None:
    assert spread.seeds == tuple(range(10))
    assert (spread.mean("gpt", "val_loss"), spread.sd("gpt", "val_loss")) == (3.0, 0.3)
    for arm, metric in (("gpt", "fill_loss"), ("none", "val_loss"), ("tuned", "train_loss")):
        assert math.isnan(spread.sd(arm, metric))
    assert math.isnan(spread.mean("none", "val_loss"))


def test_what_came_true_is_counted_by_language_and_unknown_in_older_files(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    write(root)
    older = spread_in(root, "tiny")
    assert older is not None, "a file from before outcomes were kept is still read"
    assert older.came_true("lower", "en") is None
    lab = Library(root).lab("unit1", "tiny")
    outcomes = {"zh": ["lower"] * 9 + [None], "en": ["same"] * 10}
    write(root, labs={"tiny": record(lab) | {"outcomes": outcomes}})
    newer = spread_in(root, "tiny")
    assert newer is not None
    assert [newer.came_true("lower", lang) for lang in LANGS] == [9, 0]


def test_noise_is_the_root_of_the_mean_variance(spread: Spread) -> None:
    assert spread.noise([("gpt", "val_loss")]) == pytest.approx(0.3)
    assert spread.noise([("gpt", "val_loss"), ("tuned", "val_loss")]) == pytest.approx(
        math.sqrt((0.09 + 0.16) / 2)
    )
    assert math.isnan(spread.noise([("gpt", "val_loss"), ("tuned", "train_loss")]))
    assert math.isnan(spread.noise([]))


def test_a_claim_with_noise_is_judged_by_it(spread: Spread) -> None:
    expr = "tuned.val_loss < gpt.val_loss - 2 * noise"
    metrics = {"gpt": {"val_loss": 3.0}, "tuned": {"val_loss": 2.2}}
    assert holds(expr, metrics, spread.noise) is True
    assert holds(expr, metrics | {"tuned": {"val_loss": 2.4}}, spread.noise) is False
    assert holds("tuned.train_loss < 1 - noise", {"tuned": {"train_loss": 0.0}}, spread.noise) is None


def test_a_place_is_counted_in_standard_deviations(spread: Spread) -> None:
    assert spread.place("gpt", "val_loss", 3.6) == pytest.approx(2)
    assert spread.place("gpt", "val_loss", 2.7) == pytest.approx(-1)
    assert spread.place("gpt", "steps", 20.0) == 0
    assert spread.place("gpt", "steps", 20.0 + 1e-6) == 0, "rounding"
    assert spread.place("gpt", "steps", 19.0) == -math.inf
    assert math.isnan(spread.place("gpt", "fill_loss", 1.0))
    assert math.isnan(spread.place("gpt", "val_loss", math.nan))


def test_a_band_is_two_standard_deviations_to_each_side(spread: Spread) -> None:
    band = spread.band("gpt", "val_loss")
    assert band is not None
    steps, low, high = band
    np.testing.assert_array_equal(steps, [1.0, 20.0])
    np.testing.assert_array_equal(low, [5.0, np.nan])
    np.testing.assert_array_equal(high, [7.0, np.nan])
    assert spread.band("gpt", "fill_loss") is None
    assert spread.band("tuned", "val_loss") is None, "lengths that don't agree"


@pytest.mark.parametrize(
    ("old", "new", "stays"),
    [
        ("steps: 20", "steps: 21", False),
        ("steps: 20", "tokens: 9000", False),
        ("lr: 0.02", "lr: 0.03", False),
        ("set: {lr: 0.001}", "set: {lr: 0.002}", False),
        ("0.9 * gpt", "0.8 * gpt", False),
        ("curves: [train_loss, val_loss]", "curves: [val_loss]", False),
        ("en: Tiny lab", "en: Other", True),
        ("views: [curves, attention, samples]", "views: [curves]", True),
        ("maximum: 0.1", "maximum: 0.2", True),
    ],
)
def test_only_what_the_numbers_follow_from_makes_it_stale(
    tmp_path: Path, old: str, new: str, stays: bool
) -> None:
    root = write_course(tmp_path)
    write(root)
    write_course(root, {LAB: FILES[LAB].replace(old, new, 1)})
    assert (spread_in(root, "tiny") is not None) == stays
    codes = [p.code for p in check(root, specs=SPECS).problems if p.code.startswith("claims.")]
    assert codes == ([] if stays else ["claims.stale"])


def test_check_says_what_should_be_verified(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    path = write(root, labs={})
    (problem,) = check(root, specs=SPECS).problems
    assert (problem.code, problem.severity, problem.file) == ("claims.unverified", "warning", LAB)
    assert (problem.line, problem.col) == (35, 1)
    assert "llm-tutor verify tiny" in problem.hint.zh
    write(root, held=8)
    (problem,) = check(root, specs=SPECS).problems
    assert (problem.code, problem.line, problem.col) == ("claims.fails", 36, 9)
    write(root, held=9)
    assert check(root, specs=SPECS).problems == ()
    path.write_text("{")
    (problem,) = check(root, specs=SPECS).problems
    assert (problem.code, problem.file) == ("claims.unreadable", "benchmarks/claims.json")
    assert check(root, specs=SPECS).ok


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"format": 2, "labs": {}}',
        b'{"labs": 3}',
        b'{"labs": {"tiny": {}}}',
        b"[" * 100_000,
        b'{"format": 1, "labs": {"tiny": {"fingerprint": 1}}}',
    ],
    ids=range(10),
)
def test_what_cannot_be_read_counts_as_missing(tmp_path: Path, body: bytes) -> None:
    root = write_course(tmp_path)
    path = write(root)
    path.write_bytes(body)
    assert read_claims(path) is None
    assert spread_in(root, "tiny") is None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_never_fails(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    root = write_course(tmp_path_factory.mktemp("course"))
    path = write(root)
    raw = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=4))
    path.write_bytes(raw)
    found = read_claims(path)
    assert found is None or isinstance(found, ClaimsFile)


def test_there_is_no_spread_without_a_file_or_a_lab(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    library = Library(root)
    assert library.spread(library.lab("unit1", "tiny")) is None
    write(root)
    assert library.spread(library.lab("unit1", "tiny")) is not None, "a new file is seen without a restart"
    claims_path(root).unlink()
    claims_path(root).mkdir()
    assert library.spread(library.lab("unit1", "tiny")) is None

"""A lab from the command line, without a screen."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.fake import Control, fake_lab, fake_spec
from tutor.content.claims_file import Spread
from tutor.content.library import Library
from tutor.engine import headless
from tutor.engine.configs import Plan
from tutor.engine.headless import lab_command, run_headless
from tutor.engine.verify_seed import run_seed
from tutor.engine.verify_stats import verified
from tutor.experiments import registry
from tutor.experiments.base import Cost
from tutor.text import LANGS, Lang


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, control: Control) -> Any:
    """Runs the command on a fake lab: ``(exit code, stdout, stderr)``."""
    monkeypatch.setattr(Library, "find_lab", lambda self, lab_id: ("unit1", fake_lab(base={})))

    def command(
        *settings: str, lang: Lang = "en", as_json: bool = False, **more: Any
    ) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        arguments: dict[str, Any] = {"seed": 0, "steps": None, "texts": (), **more}
        code = lab_command(
            "fake",
            settings={key: value for key, _, value in (s.partition("=") for s in settings)},
            as_json=as_json,
            lang=lang,
            course_root=tmp_path,
            out=out,
            err=err,
            spec=arguments.pop("spec", None) or fake_spec(control),
            **arguments,
        )
        return code, out.getvalue(), err.getvalue()

    return command


@pytest.mark.parametrize(
    ("settings", "steps", "seed"), [((), None, 0), ((), None, 3), (("lr=0.1",), None, 0), ((), 3, 0)]
)
def test_a_bet_is_asked_for_only_where_it_is_judged(
    run: Any, settings: tuple[str, ...], steps: int | None, seed: int
) -> None:
    code, out, _ = run(*settings, steps=steps, seed=seed, told=True)
    assert code == 0
    as_made = not settings and steps is None
    assert ("Which arm ends with the lower loss?" in out) == as_made
    assert ("What came true: b) The last" in out) == as_made


def refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def test_json_has_exactly_the_agreed_shape(run: Any) -> None:
    code, out, err = run(as_json=True, seed=7)
    assert (code, err) == (0, "")
    found = json.loads(out, parse_constant=refuse)
    assert list(found) == ["lab", "seed", "arms", "claims", "seconds", "tokens_per_s"]
    assert (found["lab"], found["seed"]) == ("fake", 7)
    assert list(found["arms"]) == ["base", "slow", "fast"]
    assert found["arms"] == run_headless(Plan(fake_lab(base={}), seed=7, spec=fake_spec())).metrics
    assert [claim["holds"] for claim in found["claims"]] == [True, False, None]
    assert all(set(claim) == {"expr", "holds"} for claim in found["claims"])


@pytest.mark.parametrize(
    ("settings", "steps", "judged"), [((), None, True), (("lr=0.1",), None, False), ((), 3, False)]
)
def test_noise_is_known_only_of_the_lab_as_it_was_verified(
    run: Any, monkeypatch: pytest.MonkeyPatch, settings: tuple[str, ...], steps: int | None, judged: bool
) -> None:
    claim = fake_lab().claims[0].model_copy(update={"expr": "fast.val_loss < slow.val_loss - noise"})
    lab = fake_lab().model_copy(update={"claims": (claim,)})
    spread = Spread(verified(lab, [run_seed(lab, seed, spec=fake_spec()) for seed in range(3)]))
    monkeypatch.setattr(Library, "find_lab", lambda self, lab_id: ("unit1", lab))
    monkeypatch.setattr(Library, "spread", lambda self, lab: spread)
    _, out, _ = run(*settings, steps=steps, as_json=True)
    assert [claim["holds"] for claim in json.loads(out)["claims"]] == [True if judged else None]


def test_a_prediction_that_cannot_be_judged_leaves_the_outcome_open() -> None:
    options = fake_lab().prediction.options
    noisy = options[0].model_copy(update={"when": "slow.val_loss < fast.val_loss - noise"})
    prediction = fake_lab().prediction.model_copy(update={"options": (noisy, *options[1:])})
    lab = fake_lab().model_copy(update={"prediction": prediction})
    assert run_headless(Plan(lab, spec=fake_spec())).outcome is None, (
        "the next would hold only for want of a number"
    )
    spread = Spread(verified(lab, [run_seed(lab, seed, spec=fake_spec()) for seed in range(3)]))
    assert run_headless(Plan(lab, spec=fake_spec(), spread=spread)).outcome == "last"


@pytest.mark.parametrize("lang", LANGS)
def test_a_run_that_would_take_too_long_is_refused(run: Any, lang: Lang) -> None:
    spec = fake_spec()
    spec = replace(spec, estimate=lambda config: Cost(flops=1e18, calls=1, bytes=1))
    code, out, err = run(spec=spec, lang=lang)
    assert (code, out) == (2, "")
    assert "--long" in err
    assert run(spec=spec, long=True)[0] == 0


def test_a_diverged_arm_is_a_result_and_nan_is_null(run: Any) -> None:
    code, out, _ = run("fast.nan_at=2", as_json=True)
    found = json.loads(out, parse_constant=refuse)
    assert code == 0
    assert found["arms"]["fast"]["train_loss"] is None
    assert found["arms"]["fast"]["diverged"] == 1
    assert found["arms"]["slow"]["diverged"] == 0


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_shows_metrics_claims_and_divergence(run: Any, lang: Lang) -> None:
    code, out, err = run("fast.nan_at=2", lang=lang)
    assert (code, err) == (0, "")
    words = {
        "zh": ["验证损失", "slow 组", "无法判断：", "不成立：", "发散了", "个 token"],
        "en": ["validation loss", "slow arm", "can't be judged: ", "doesn't hold: ", "diverged", "tokens/s"],
    }
    flat = " ".join(out.split())
    for word in words[lang]:
        assert word.strip() in flat


def test_settings_steps_and_text_reach_the_experiment(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    given: dict[str, Any] = {}
    real = headless.run_headless

    def noting(plan: Plan, **more: Any) -> Any:
        given.update(plan.settings)
        return real(plan, **more)

    monkeypatch.setattr(headless, "run_headless", noting)
    code, out, _ = run("lr=0.3", "fast.lr=0.2", as_json=True, steps=3, texts=[Path("own.txt")])
    assert code == 0
    assert given == {
        "lr": "0.3",
        "fast.lr": "0.2",
        "corpus": "own",
        "text_file": str(tmp_path / "own.txt"),
    }
    arms = json.loads(out)["arms"]
    assert (arms["slow"]["lr"], arms["fast"]["lr"], arms["base"]["lr"]) == (0.3, 0.2, 0.3)
    assert arms["slow"]["steps"] == 3


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["rl=1"], "lr"),
        (["lr=fast"], "fast"),
        (["slaw.lr=1"], "slow"),
        (["refuse=true"], ""),
    ],
)
@pytest.mark.parametrize("lang", LANGS)
def test_what_cannot_be_used_is_refused_in_the_learners_language(
    run: Any, settings: list[str], said: str, lang: Lang
) -> None:
    code, out, err = run(*settings, lang=lang)
    assert (code, out) == (2, "")
    assert said in err
    assert any("\u4e00" <= char <= "\u9fff" for char in err) == (lang == "zh")
    assert "Traceback" not in err


@pytest.mark.parametrize("lang", LANGS)
def test_a_lab_that_makes_its_data_takes_no_text(run: Any, tmp_path: Path, lang: Lang) -> None:
    code, out, err = run(texts=[tmp_path], lang=lang, spec=registry.get("text_classifier"))
    assert (code, out) == (2, "")
    assert {"zh": "自己造出来的数据", "en": "makes its own data"}[lang] in err


def test_an_unknown_lab_is_answered_with_the_one_that_was_meant(tmp_path: Path) -> None:
    folder = tmp_path / "lessons" / "unit1" / "labs"
    folder.mkdir(parents=True)
    (folder / "fake.yaml").write_text(
        yaml.safe_dump(fake_lab().model_dump(exclude_none=True), allow_unicode=True)
    )
    err = io.StringIO()
    code = lab_command(
        "fakt",
        seed=0,
        steps=None,
        texts=(),
        as_json=False,
        lang="en",
        course_root=tmp_path,
        out=io.StringIO(),
        err=err,
    )
    assert code == 2
    assert "did you mean “fake”?" in err.getvalue()


def test_a_broken_experiment_is_told_without_a_traceback(run: Any) -> None:
    code, out, err = run("fail=step")
    assert (code, out) == (1, "")
    assert "broken in step" in err
    assert "Traceback" not in err


def test_ctrl_c_ends_cleanly(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(headless, "run_headless", interrupted)
    assert run() == (130, "", "llm-tutor: interrupted.\n")


def test_progress_tells_every_unit_of_work() -> None:
    told: list[tuple[str, int, int]] = []
    run_headless(Plan(fake_lab(steps=2), spec=fake_spec()), progress=lambda *news: told.append(news))
    assert told == [
        *[("slow", 0, 2), ("fast", 0, 2)],
        *[("slow", 1, 2), ("fast", 1, 2), ("slow", 2, 2), ("fast", 2, 2)],
        *[("slow", 2, 2), ("fast", 2, 2)],
    ]


@pytest.mark.parametrize(
    ("lang", "heading", "sentence"),
    [
        ("en", "What is seen:", "validation loss falls from"),
        ("zh", "看到的是：", "降到"),
    ],
)
def test_what_the_views_show_is_told_in_sentences(run: Any, lang: Lang, heading: str, sentence: str) -> None:
    _, out, _ = run(lang=lang)
    seen = out.partition(heading)[2]
    assert sentence in seen
    assert heading not in run(lang=lang, as_json=True)[1]

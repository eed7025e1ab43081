"""Labs over seeds: what is measured, what is written, what is told, and what happens when it goes wrong."""

from __future__ import annotations

import io
import json
import math
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
import yaml

from tests.content import minimal_course
from tests.content.test_claims_file import spread_in
from tests.engine.fake import fake_lab, fake_spec
from tutor.content.claims_file import ClaimsFile, Spread, claims_path, read_claims
from tutor.content.library import Library
from tutor.content.models import Lab
from tutor.engine import verify
from tutor.engine.verify import Watcher, verify_command
from tutor.engine.verify_seed import Event, Processes, SeedResult, Task, run_seed, side_by_side
from tutor.engine.verify_stats import verified
from tutor.paths import course_root
from tutor.text import LANGS, Lang, Text

NAN, INF = math.nan, math.inf


class InPlace:
    """Runs tasks on the pool's threads, over the fake experiment."""

    def __init__(self, lab: Lab, bad: Callable[[Task], str] = lambda task: "") -> None:
        self.lab = lab
        self.bad = bad
        self.ran: list[Task] = []
        self.stopped = False

    def run(self, task: Task, progress: Callable[[float], None]) -> SeedResult | Text:
        self.ran.append(task)
        wrong = self.bad(task)
        if wrong == "interrupt":
            # As from a terminal: the main thread, which waits for news, is told.
            signal.raise_signal(signal.SIGINT)
            time.sleep(0.2)
        if wrong:
            return Text(f"坏了 {{{wrong}}}", f"broken {{{wrong}}}")
        lab = self.lab.model_copy(update={"id": task.lab})
        return run_seed(lab, task.seed, spec=fake_spec(), progress=progress)

    def stop(self) -> None:
        self.stopped = True


def write_labs(root: Path, *labs: Lab) -> Path:
    folder = root / "lessons" / "unit1" / "labs"
    folder.mkdir(parents=True, exist_ok=True)
    for lab in labs:
        text = yaml.safe_dump(lab.model_dump(exclude_none=True), allow_unicode=True)
        (folder / f"{lab.id}.yaml").write_text(text, encoding="utf-8")
    return root


def sound(lab: Lab) -> Lab:
    """The fake lab with only the claim that holds."""
    return lab.model_copy(update={"claims": lab.claims[:1]})


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Runs the command: ``(exit code, stdout, stderr)``."""

    def command(
        *lab_ids: str, lab: Lab | None = None, lang: Lang = "en", bad: Any = lambda task: "", **more: Any
    ) -> tuple[int, str, str]:
        lab = lab if lab is not None else sound(fake_lab())
        write_labs(tmp_path, *([lab.before] if lab.before is not None else []), lab)
        out, err = io.StringIO(), io.StringIO()
        arguments: dict[str, Any] = {"seeds": 3, "jobs": 2, "as_json": False, "output": None, **more}
        code = verify_command(
            lab_ids,
            lang=lang,
            course_root=tmp_path,
            out=out,
            err=err,
            runner=arguments.pop("runner", None) or InPlace(lab, bad),
            spec=fake_spec(),
            **arguments,
        )
        return code, out.getvalue(), err.getvalue()

    return command


def test_means_and_spreads_are_those_of_the_runs(run: Any, tmp_path: Path) -> None:
    lab = sound(fake_lab(base={}))
    code, _, _ = run("fake", lab=lab)
    assert code == 0
    entry = (read_claims(claims_path(tmp_path)) or ClaimsFile()).labs["fake"]
    results = [run_seed(lab, seed, spec=fake_spec()) for seed in range(3)]
    losses = [result.arms["fast"]["val_loss"] for result in results]
    mean = sum(losses) / 3
    sd = math.sqrt(sum((loss - mean) ** 2 for loss in losses) / 2)
    assert entry.seeds == (0, 1, 2)
    assert set(entry.arms) == {"base", "slow", "fast"}
    assert entry.arms["fast"]["val_loss"].mean == pytest.approx(mean, rel=1e-5)
    assert entry.arms["fast"]["val_loss"].sd == pytest.approx(sd, rel=1e-5)
    assert [(claim.held, claim.of) for claim in entry.claims] == [(3, 3)]
    assert entry.machine.cores == os.cpu_count()
    assert entry.versions["python"].startswith("3.")


def test_the_spread_is_found_by_the_library_and_used_by_the_lab(run: Any, tmp_path: Path) -> None:
    run()
    spread = spread_in(tmp_path, "fake")
    assert spread is not None
    band = spread.band("fast", "train_loss")
    assert band is not None
    steps, low, high = band
    assert steps.tolist() == [float(step) for step in range(1, 21)]
    assert (low < high).all()
    own = run_seed(fake_lab(), 1, spec=fake_spec()).arms["fast"]["val_loss"]
    assert abs(spread.place("fast", "val_loss", own)) < 2


def test_a_long_curve_is_kept_at_forty_steps_with_both_ends() -> None:
    lab = fake_lab(steps=300)
    curve = verified(lab, [run_seed(lab, seed, spec=fake_spec()) for seed in (0, 1)]).curves["slow"]
    for metric in ("train_loss", "val_loss"):
        steps = curve[metric].steps
        assert len(steps) == 40
        assert (steps[0], steps[-1]) == (1, 300)
        assert len(curve[metric].mean) == len(curve[metric].sd) == 40
        assert None not in curve[metric].sd


def result(seed: int, loss: float, **more: float) -> SeedResult:
    arms = {"slow": {"val_loss": loss, **more}, "fast": {"val_loss": 1.0, "first_val_loss": 2.0}}
    return SeedResult(seed, arms, {"slow": {"val_loss": ([1.0, 2.0], [3.0, loss])}}, 1.5 + seed)


def test_runs_that_diverged_leave_a_hole_and_no_nan_in_the_file() -> None:
    found = verified(fake_lab(), [result(0, 2.0), result(2, 4.0), result(1, NAN), result(3, INF)])
    assert found.seeds == (0, 1, 2, 3)
    loss = found.arms["slow"]["val_loss"]
    assert loss.mean == 3.0
    assert loss.sd == pytest.approx(math.sqrt(2), rel=1e-5)
    assert found.seconds.max == 4.5
    assert found.seconds.mean == 3.0
    text = verify.to_json(ClaimsFile(labs={"fake": found}))
    assert "NaN" not in text
    assert ClaimsFile.model_validate_json(text).labs["fake"] == found


def test_which_option_came_true_is_kept_by_seed() -> None:
    lost = SeedResult(3, {"slow": {"val_loss": NAN, "diverged": 1.0}, "fast": {"val_loss": 1.0}}, {}, 1.0)
    found = verified(fake_lab(), [result(0, 2.0), result(2, 1.0), result(1, 0.5), lost])
    for lang in LANGS:
        assert found.outcomes[lang] == ("last", "first", "same", None)
    assert (
        ClaimsFile.model_validate_json(verify.to_json(ClaimsFile(labs={"fake": found}))).labs["fake"] == found
    )
    assert Spread(found).came_true("last", "zh") == 1


def test_one_seed_has_no_spread() -> None:
    found = verified(fake_lab(), [result(0, 2.0)])
    assert found.arms["slow"]["val_loss"].mean == 2.0
    assert found.arms["slow"]["val_loss"].sd is None


def test_an_arm_without_curves_or_metrics_on_some_seeds_is_no_error() -> None:
    lost = SeedResult(1, {"slow": {}, "fast": {"val_loss": 1.5}}, {}, 1.0)
    found = verified(fake_lab(), [lost, result(0, 2.0), result(2, 3.0)])
    assert found.arms["slow"]["val_loss"].mean == 2.5
    assert found.curves["slow"]["val_loss"].mean == (3.0, 2.5)


@pytest.mark.parametrize(("scale", "held"), [(1, 3), (2, 2), (3, 1), (5, 0)])
def test_noise_in_a_claim_is_the_spread_of_these_very_runs(scale: int, held: int) -> None:
    claim = (
        fake_lab().claims[0].model_copy(update={"expr": f"slow.val_loss > fast.val_loss + {scale} * noise"})
    )
    lab = fake_lab().model_copy(update={"claims": (claim,)})
    # val_loss of slow: mean 3, sd 1; of fast: 1 each time, so noise is sqrt(1 / 2)
    found = verified(lab, [result(0, 2.0), result(1, 3.0), result(2, 4.0)])
    assert found.claims[0].held == held


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_shows_arms_metrics_claims_and_seconds(run: Any, lang: Lang) -> None:
    code, out, err = run(lab=fake_lab(), lang=lang)
    assert code == 1, "two of its claims never hold"
    words = {
        "zh": ["假实验（fake），3 个种子", "slow 组", "(val_loss)", "损失会下降。", "每次训练平均占用"],
        "en": ["A fake lab (fake), 3 seeds", "fast arm", "(val_loss)", "The loss falls.", "s at most"],
    }  # fmt: skip
    flat = " ".join(out.split())
    for word in (*words[lang], "+ 3/3", "x 0/3", " ± "):
        assert word in flat
    assert len([line for line in err.splitlines() if "seed" in line or "种子" in line]) == 3
    assert str(claims_path(Path())) in err


@pytest.mark.parametrize(("held", "code"), [(9, 0), (8, 1)])
def test_nine_of_ten_seeds_are_enough(
    run: Any, held: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = fake_lab().claims[0].model_copy(update={"expr": f"fast.val_loss < {held}"})
    lab = fake_lab().model_copy(update={"claims": (claim,)})

    class Counting(InPlace):
        def run(self, task: Task, progress: Callable[[float], None]) -> SeedResult | Text:
            return SeedResult(task.seed, {"fast": {"val_loss": float(task.seed)}}, {}, 1.0)

    assert run(lab=lab, seeds=10, runner=Counting(lab))[0] == code


def test_json_is_the_object_of_the_labs_that_were_run(run: Any, tmp_path: Path) -> None:
    write_labs(tmp_path, sound(fake_lab(id="other")))
    run("other")
    code, out, _ = run("fake", as_json=True)
    found = json.loads(out)
    assert code == 0
    assert list(found["labs"]) == ["fake"]
    written = json.loads(claims_path(tmp_path).read_text())
    assert written["labs"]["fake"] == found["labs"]["fake"]
    assert set(written["labs"]) == {"fake", "other"}


def test_entries_of_other_labs_stay_and_those_of_lost_ones_go(run: Any, tmp_path: Path) -> None:
    write_labs(tmp_path, sound(fake_lab(id="other")))
    assert run()[0] == 0
    path = claims_path(tmp_path)
    before = json.loads(path.read_text())["labs"]["other"]
    run("fake", seeds=2)
    labs = json.loads(path.read_text())["labs"]
    assert labs["other"] == before
    assert labs["fake"]["seeds"] == [0, 1]
    (tmp_path / "lessons/unit1/labs/other.yaml").unlink()
    run("fake")
    assert set(json.loads(path.read_text())["labs"]) == {"fake"}


def test_nothing_is_added_to_an_entry_from_before_outcomes_were_kept(run: Any, tmp_path: Path) -> None:
    write_labs(tmp_path, sound(fake_lab(id="other")))
    run()
    path = claims_path(tmp_path)
    older = json.loads(path.read_text())
    del older["labs"]["other"]["outcomes"]
    path.write_text(json.dumps(older))
    run("fake", seeds=2)
    newer = json.loads(path.read_text())
    assert newer["labs"]["other"] == older["labs"]["other"]
    assert newer["format"] == older["format"]
    assert "outcomes" in newer["labs"]["fake"]


def test_another_file_can_be_named(run: Any, tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "c.json"
    assert run(output=target)[0] == 0
    assert set((read_claims(target) or ClaimsFile()).labs) == {"fake"}
    assert not claims_path(tmp_path).exists()
    assert [path.name for path in target.parent.iterdir()] == ["c.json"]


def test_a_damaged_file_is_replaced(run: Any, tmp_path: Path) -> None:
    claims_path(tmp_path).parent.mkdir()
    claims_path(tmp_path).write_text("{")
    assert run()[0] == 0
    assert read_claims(claims_path(tmp_path)) is not None


@pytest.mark.parametrize("lang", LANGS)
def test_where_nothing_can_be_written_the_result_is_printed(run: Any, tmp_path: Path, lang: Lang) -> None:
    (tmp_path / "file").write_text("")
    code, out, err = run(output=tmp_path / "file" / "c.json", lang=lang)
    assert code == 0
    assert "val_loss" in out
    assert ("-o" in err) and (("不能写" in err) == (lang == "zh"))


def test_a_write_that_fails_after_all_is_told_and_is_a_failure(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    assert run()[0] == 0
    before = claims_path(tmp_path).read_bytes()
    monkeypatch.setattr(Path, "replace", full)
    code, out, err = run(seeds=2)
    assert code == 1
    assert "No space left" in err
    assert "val_loss" in out
    assert claims_path(tmp_path).read_bytes() == before
    assert [path.name for path in claims_path(tmp_path).parent.iterdir()] == ["claims.json"]


def test_what_is_no_file_is_not_replaced(run: Any, tmp_path: Path) -> None:
    """A pipe stands for a device such as /dev/null."""
    os.mkfifo(tmp_path / "pipe")
    code, out, err = run(output=tmp_path / "pipe")
    assert code == 0
    assert "val_loss" in out
    assert "-o" in err
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("lang", LANGS)
def test_a_failed_run_is_told_and_nothing_good_is_written_over(run: Any, tmp_path: Path, lang: Lang) -> None:
    assert run()[0] == 0
    before = claims_path(tmp_path).read_bytes()
    code, out, err = run(lang=lang, bad=lambda task: "oops" if task.seed == 1 else "")
    assert code == 1
    assert ("种子 1 失败：坏了 {oops}" if lang == "zh" else "seed 1 failed: broken {oops}") in err
    assert claims_path(tmp_path).read_bytes() == before
    partial = read_claims(claims_path(tmp_path).with_name("claims.partial.json"))
    assert partial is not None
    assert partial.labs["fake"].seeds == (0, 2)
    assert "2" in out
    assert run()[0] == 0
    assert not claims_path(tmp_path).with_name("claims.partial.json").exists(), "it has had its day"


def test_when_every_run_fails_there_is_nothing_to_show(run: Any, tmp_path: Path) -> None:
    code, out, _ = run(bad=lambda task: "oops")
    assert (code, out) == (1, "")
    assert not claims_path(tmp_path).exists()


def test_ctrl_c_keeps_what_is_done(run: Any, tmp_path: Path) -> None:
    lab = sound(fake_lab())
    write_labs(tmp_path, sound(fake_lab(id="after")))
    assert run("fake", seeds=2)[0] == 0
    before = json.loads(claims_path(tmp_path).read_text())["labs"]["fake"]
    runner = InPlace(lab, lambda task: "interrupt" if task == Task("fake", 1) else "")
    code, out, err = run("after", "fake", lab=lab, runner=runner, jobs=1)
    assert code == 130
    assert runner.stopped
    assert "Interrupted." in err
    labs = json.loads(claims_path(tmp_path).read_text())["labs"]
    assert labs["after"]["seeds"] == [0, 1, 2], "complete when it was interrupted"
    assert labs["fake"] == before
    partial = json.loads(claims_path(tmp_path).with_name("claims.partial.json").read_text())["labs"]
    assert {name: entry["seeds"] for name, entry in partial.items()} == {"fake": [0]}
    assert "(fake), 1 seed " in out
    assert Task("fake", 2) not in runner.ran
    assert not [t for t in threading.enumerate() if t.name.startswith("verify")]


def test_runs_go_side_by_side_and_no_more_than_asked() -> None:
    lock, together, most = threading.Lock(), 0, 0
    meet = threading.Barrier(3, timeout=30)

    class Meeting(InPlace):
        def run(self, task: Task, progress: Callable[[float], None]) -> SeedResult | Text:
            nonlocal together, most
            with lock:
                together += 1
                most = max(most, together)
            meet.wait()
            progress(0.5)
            with lock:
                together -= 1
            return Text("好", "done")

    tasks = [Task("a", seed) for seed in range(6)]
    events = list(side_by_side(tasks, Meeting(fake_lab()), 3, SimpleQueue()))
    assert most == 3
    assert sorted(event.task for event in events if isinstance(event.news, Text)) == tasks
    assert sum(event.news == 0.5 for event in events) == 6


def test_progress_rises_to_the_whole() -> None:
    shares: list[float] = []
    run_seed(fake_lab(base={}, base_steps=4, steps=6), 0, spec=fake_spec(), progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("lang", LANGS)
def test_a_terminal_gets_a_bar_for_each_lab_and_only_failures_in_words(
    monkeypatch: pytest.MonkeyPatch, lang: Lang
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    tasks = [Task("one", 0), Task("one", 1), Task("two", 0)]
    terminal = Terminal()
    with Watcher(tasks, lang, terminal) as watcher:
        watcher.show(Event(tasks[0], 0.5))
        watcher.show(Event(tasks[0], result(0, 2.0)))
        watcher.show(Event(tasks[1], Text("坏了", "broken")))
        watcher.show(Event(tasks[2], result(0, 2.0)))
    said = terminal.getvalue()
    for piece in ("one", "two", "2/2", "1/1"):
        assert piece in said
    assert ("one：种子 1 失败：坏了" if lang == "zh" else "one: seed 1 failed: broken") in said
    assert "seed 0" not in said
    assert "种子 0" not in said


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A course with a lab of the real experiment, a few steps long."""
    short = (
        minimal_course.LAB.replace("steps: 20", "steps: 3")
        .replace("set: {lr: 0.001}", "set: {lr: 0.001}\n  from_base: true")
        .replace("  n_layer: 1\n", "  n_layer: 1\n  d_model: 16\n  context: 16\n  batch: 2\n", 1)
        .replace("expr: gpt.val_loss < 0.9 *", "expr: gpt.val_loss < 2 *")
    )
    first = short.replace("id: tiny\n", "id: start\n").replace("\n  from_base: true", "")
    quick = (course_root() / "lessons/unit1/labs/scheduler.yaml").read_text("utf-8")
    changes = {
        "lessons/unit1/labs/start.yaml": first + "saves: {name: start, arm: gpt}\n",
        "lessons/unit1/labs/tiny.yaml": short + "base: {lab: start}\n",
        "lessons/unit1/labs/scheduler.yaml": quick.replace("steps: 30", "steps: 3") + "shared: {jobs: 40}\n",
    }
    return minimal_course.write_course(tmp_path / "course", changes)


def verify_process(root: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tutor", "verify", "--lang", "en", "--course", str(root), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_the_command_really_runs_labs_in_processes(real: Path) -> None:
    """One that needs torch and a base, from one seed, and one without, from two."""
    for lab, arm, metric, seeds in (("tiny", "gpt", "val_loss", 1), ("scheduler", "fifo", "wait", 2)):
        process = verify_process(real, lab, "--seeds", str(seeds), "--json")
        out, err = process.communicate(timeout=120)
        found = json.loads(out)["labs"][lab]
        assert process.returncode == int(lab == "scheduler"), err  # three steps prove none of its claims
        assert found["seeds"] == list(range(seeds))
        assert (set(found["arms"]) == {"base", "gpt", "tuned"}) == (lab == "tiny")
        assert found["arms"][arm]["steps"]["mean"] == 3.0
        assert f"{lab}: seed 0 done" in err
        assert spread_in(real, lab) is not None
        # The same seed gives the same numbers in this process, as long as it has as many threads.
        own = [run_seed(Library(real).lab("unit1", lab), seed, threads=1) for seed in range(seeds)]
        numbers = [result.arms[arm][metric] for result in own]
        assert found["arms"][arm][metric]["mean"] == pytest.approx(statistics.mean(numbers), rel=1e-5)
        assert len(set(numbers)) == seeds, "each has numbers of its own"


def test_ctrl_c_ends_the_command_and_its_processes(real: Path) -> None:
    file = real / "lessons/unit1/labs/tiny.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("steps: 3", "steps: 100000"), encoding="utf-8")
    process = verify_process(real, "tiny", "--seeds", "3", "--jobs", "2")
    children = _wait_for(lambda: _children(process.pid))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == ""
    assert "Interrupted." in err
    assert "Traceback" not in err
    assert not claims_path(real).exists()
    _wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def _wait_for(wanted: Callable[[], Any]) -> Any:
    for _ in range(600):
        found = wanted()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


def _children(pid: int) -> list[str]:
    file = Path(f"/proc/{pid}/task/{pid}/children")
    threads = [path / "children" for path in Path(f"/proc/{pid}/task").glob("*")]
    found = [child for path in {file, *threads} for child in _read(path).split()]
    return found if len(found) >= 2 else []


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def test_what_a_process_says_when_it_cannot_run_is_told_in_words(real: Path, tmp_path: Path) -> None:
    processes = Processes(real)
    unknown = processes.run(Task("none", 0), lambda share: None)
    assert isinstance(unknown, Text)
    assert "there is no lab" in unknown.en
    file = real / "lessons/unit1/labs/tiny.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("objective: arlm", "objective: gtp"), encoding="utf-8"
    )
    bad = processes.run(Task("tiny", 0), lambda share: None)
    assert isinstance(bad, Text)
    assert "arlm" in bad.en
    assert any("\u4e00" <= char <= "\u9fff" for char in bad.zh)


def test_a_process_that_dies_is_told_in_words(
    real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\necho noise; echo '[1]'; echo bang >&2; exit 9\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    died = Processes(real).run(Task("tiny", 0), lambda share: None)
    assert isinstance(died, Text)
    assert "9" in died.en
    assert "bang" in died.en


def test_no_process_starts_after_the_end(real: Path) -> None:
    processes = Processes(real)
    processes.stop()
    assert isinstance(processes.run(Task("tiny", 0), lambda share: None), Text)


def test_a_run_that_breaks_the_runner_is_told_and_not_waited_for(run: Any) -> None:
    class Broken(InPlace):
        def run(self, task: Task, progress: Callable[[float], None]) -> SeedResult | Text:
            raise OSError("no more processes")

    code, out, err = run(runner=Broken(fake_lab()))
    assert code == 1
    assert "OSError: no more processes" in out + err

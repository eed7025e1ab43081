"""Whether a run is within the machine's memory and a learner's patience, told before it starts."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from tutor.computer import memory
from tutor.content.budget import Estimate, Speed, estimate
from tutor.content.models import Lab
from tutor.experiments.base import ExperimentConfig, ExperimentSpec
from tutor.text import Text

SECONDS = 180.0
"""Training time up to which a run starts without being asked for as a long one."""


def refuse(
    lab: Lab,
    spec_of: Callable[[str], ExperimentSpec],
    configs: Mapping[str, ExperimentConfig],
    steps: Mapping[str, int],
    *,
    long: bool = False,
    speed: Speed | None = None,
    memory: float | None = None,
) -> Text | None:
    """Return why a run should not be started; None when it may, or when its experiment can't tell what it takes.

    Without the machine's `speed` it is measured, which needs torch; without `memory`, in bytes, the system is asked. A `long` run may take
    its time.
    """
    if any(spec_of(arm).estimate is None for arm in configs):
        return None
    speed = speed if speed is not None else measure_speed()
    cost = estimate(spec_of, configs, steps, speed)
    if cost is None:
        return None
    memory = available_memory() if memory is None else memory
    if memory is not None and cost.bytes > memory:
        keys = _levers(spec_of, configs, steps, speed, cost, "bytes")
        return _NO_MEMORY.format(need=_size(cost.bytes), have=_size(memory), keys=keys or Text("—", "—"))
    if cost.seconds > SECONDS and not long:
        told = ", ".join(f"{arm} {count}" for arm, count in steps.items())
        keys = _levers(spec_of, configs, steps, speed, cost, "seconds")
        also = _ALSO.format(keys=keys) if keys else Text("", "")
        return _TOO_LONG.format(
            time=_duration(cost.seconds), limit=f"{SECONDS / 60:.0f}", steps=told, also=also, lab=lab.id
        )
    return None


def available_memory() -> float | None:
    """Return the bytes that a program can still have without swapping; None when the system doesn't say."""
    found = _meminfo()
    if found is None:
        found = memory()
    room = _container_room()
    return found if room is None or found is None else min(found, room)


def _meminfo() -> float | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024
    return None


def _container_room(group: Path = Path("/sys/fs/cgroup")) -> float | None:
    """Return the bytes that the limit of a container leaves, which the machine's own figures don't know of."""
    try:
        limit = float((group / "memory.max").read_text())
        used = float((group / "memory.current").read_text())
        counted = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        # Files that were read count as used, although they make room as soon as it is needed.
        return limit - used + float(counted.get("inactive_file", 0))
    except (OSError, ValueError):  # no container, or "max"
        return None


@functools.cache
def measure_speed() -> Speed:
    """Measure the machine once a process, with as many threads as torch has then.

    The operations a second are those of matrix products with what stands between them, forward and backward, as in a training step:
    about half of what the bare products reach.
    """
    import torch

    x = torch.randn(_ROWS, _WIDTH)
    into = torch.randn(_WIDTH, _INNER, requires_grad=True)
    out = torch.randn(_INNER, _WIDTH, requires_grad=True)
    small = torch.randn(8, 8, requires_grad=True)

    def layer() -> None:
        (x @ into).relu().square().matmul(out).sum().backward()  # type: ignore[no-untyped-call]

    def chain() -> None:
        y = small
        for _ in range(_CHAIN):
            y = y * 1.01
        y.sum().backward()  # type: ignore[no-untyped-call]

    # The input takes no gradient, so the first product is done twice and the second three times.
    flops = (2 + 3) * 2 * _ROWS * _WIDTH * _INNER
    return Speed(flops / _fastest(layer, 4), _fastest(chain, 4) / (2 * _CHAIN))


def _fastest(work: Callable[[], None], times: int) -> float:
    """Return seconds of the fastest run: whatever else the machine does can only add to it."""
    best = float("inf")
    for _ in range(times + 1):  # the first warms up
        begin = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begin)
    return best


def _levers(
    spec_of: Callable[[str], ExperimentSpec],
    configs: Mapping[str, ExperimentConfig],
    steps: Mapping[str, int],
    speed: Speed,
    whole: Estimate,
    what: Literal["bytes", "seconds"],
) -> str:
    """Return up to three settings that would save most if halved, the best first: ``d_model=512, n_layer=8``."""
    helps: list[tuple[float, str]] = []
    arm, first = list(configs.items())[-1]  # of the lab's own experiment
    for knob in spec_of(arm).knobs:
        value = getattr(first, knob.id, None)
        if (
            knob.live
            or knob.values
            or isinstance(value, bool)
            or not isinstance(value, int | float)
            or value <= knob.minimum
        ):
            continue
        half = max(int(value) // 2, 1) if knob.whole or isinstance(value, int) else value / 2
        # Not validated: only what it would cost is asked, and the learner will choose the values.
        halved = {
            a: c.model_copy(update={knob.id: half}) if knob.id in type(c).model_fields else c
            for a, c in configs.items()
        }
        less = estimate(spec_of, halved, steps, speed)
        if less is not None:
            share = 1 - getattr(less, what) / getattr(whole, what)
            if share > _NOTICEABLE:
                helps.append((share, f"{knob.id}={value:g}"))
    return ", ".join(name for _, name in sorted(helps, reverse=True)[:3])


def _size(size: float) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**29 else f"{size / 2**20:.0f} MB"


def _duration(seconds: float) -> Text:
    if seconds < 3600:
        return Text("{n} 分钟", "{n} {n:minute|minutes}").format(n=f"{seconds / 60:.0f}")
    return Text(f"{seconds / 3600:.1f} 小时", f"{seconds / 3600:.1f} hours")


_ROWS, _WIDTH, _INNER = 1024, 96, 384
"""The feed-forward layer of a small model on one batch."""
_CHAIN = 100
"""Small operations in a row."""

_NOTICEABLE = 0.1
"""Share that halving a setting must save to be worth naming."""

_NO_MEMORY = Text(
    "内存不够：这次运行估计要 {need}，系统现在只有 {have} 可用。请把这些设置调小：{keys}。",
    "Not enough memory: this run would need about {need}, and {have} can be had. Lower these settings: {keys}.",
)
_TOO_LONG = Text(
    "太久了：在这台机器上估计要训练 {time}，上限是 {limit} 分钟。请减少步数（现在：{steps}）{also}。"
    "确实要跑这么久，就用 llm-tutor lab {lab} --long。",
    "Too long: on this machine it would train for about {time}; the limit is {limit} minutes. Take fewer steps (now: {steps}){also}. "
    "If you do have that long: llm-tutor lab {lab} --long.",
)
_ALSO = Text("，或调小这些设置：{keys}", ", or lower these settings: {keys}")

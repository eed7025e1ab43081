"""How exactly to compute: in 32 bits, or in bf16 where the processor is faster with that.

bf16 keeps the range of a 32-bit float and an eighth of its digits; half the bytes, and with matrix units for it (AMX) several
times the speed. Without such units it is emulated and *slower*. No flag tells the two apart reliably, so it is measured.
"""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass

import torch
from torch import Tensor

from tutor.nn.transformer import Transformer, TransformerConfig
from tutor.text import Text

GAIN = 1.15
"""How many times faster bf16 must be to be chosen: what it gains must be more than what a clock gets wrong."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds that one forward and backward pass of a small model takes in each type."""

    fp32: float
    bf16: float

    @property
    def faster(self) -> torch.dtype:
        """Return bf16 where it clearly gains, else 32 bits."""
        return torch.bfloat16 if self.fp32 > GAIN * self.bf16 else torch.float32

    @property
    def reason(self) -> Text:
        """Return what was chosen and why."""
        words = _BF16 if self.faster == torch.bfloat16 else _FP32
        return words.format(
            fp32=f"{1e3 * self.fp32:.1f}", bf16=f"{1e3 * self.bf16:.1f}", ratio=f"{self.fp32 / self.bf16:.2f}"
        )

    @property
    def told(self) -> Text:
        """Return both, without a choice."""
        return _BOTH.format(fp32=f"{1e3 * self.fp32:.1f}", bf16=f"{1e3 * self.bf16:.1f}")


def compute_dtype(precision: str) -> torch.dtype:
    """Return the type to compute in: ``fp32``, ``bf16``, or with ``auto`` the one that this processor is faster with."""
    if precision == "auto":
        return measured().faster
    return torch.bfloat16 if precision == "bf16" else torch.float32


@functools.cache
def measured() -> Measured:
    """Time one small model in both types, once a process: it takes about a third of a second.

    All runs of a process thus compute alike. Two processes do so too unless the two types are about as fast: where a run must be
    repeated to the bit at another time, say ``fp32`` or ``bf16``.
    """
    ids = torch.randint(64, (16, 65), generator=torch.Generator().manual_seed(0))
    sizes = TransformerConfig(vocab_size=64, n_layer=1, n_head=4, d_model=128, context=64, causal=True)
    model = Transformer(sizes, torch.Generator().manual_seed(0))
    # In turns, and the best of each: whatever else the machine does meets both.
    rounds = [(_seconds(model, ids, torch.float32), _seconds(model, ids, torch.bfloat16)) for _ in range(8)]
    return Measured(min(fp32 for fp32, _ in rounds), min(bf16 for _, bf16 in rounds))


def _seconds(model: Transformer, ids: Tensor, dtype: torch.dtype) -> float:
    model.dtype = dtype
    start = time.perf_counter()
    model(ids[:, :-1]).square().sum().backward()
    return time.perf_counter() - start


_BOTH = Text(
    "在这台电脑上量得，一个小模型前向加反向：32 位 {fp32} 毫秒，bf16 {bf16} 毫秒。",
    "Measured on this computer, forward and backward of a small model: {fp32} ms in 32 bits, {bf16} ms in bf16.",
)
_FP32 = Text(
    "用 32 位浮点数计算：这台机器的处理器用 bf16 并不更快（一次前向加反向，32 位 {fp32} 毫秒，bf16 {bf16} 毫秒）。",
    "Computed in 32-bit floats: this processor is not clearly faster with bf16 (forward and backward {fp32} ms in 32 bits, "
    "{bf16} ms in bf16).",
)
_BF16 = Text(
    "用 bf16 计算，权重仍存为 32 位：这台机器的处理器用 bf16 快 {ratio} 倍（一次前向加反向，32 位 {fp32} 毫秒，bf16 {bf16} 毫秒）。",
    "Computed in bf16, with the weights kept in 32 bits: this processor is {ratio} times as fast with it (forward and backward "
    "{fp32} ms in 32 bits, {bf16} ms in bf16).",
)

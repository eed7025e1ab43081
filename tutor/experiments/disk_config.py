"""Settings of the `disk` experiment, and its spec; without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tutor.experiments.base import ExperimentConfig, ExperimentSpec, Metric
from tutor.experiments.knobs import Knob
from tutor.text import Text

MODELS = ("my-model", "story-model")
"""The learner's stored models of which a checkpoint is written: the first that there is."""
MIDDLE, LARGE = 7e9, 175e9
"""Parameters: a model that a small team may train, and GPT-3."""
PUBLISHED = {
    "hdd": (0.15, Text("一块机械硬盘", "one hard disk"), Text("量级", "order of magnitude")),
    "nvme": (5.0, Text("一块 NVMe 固态盘", "one NVMe drive"), Text("量级", "order of magnitude")),
    "bloom": (
        2300 / 40,
        Text("BLOOM 的并行文件系统", "BLOOM’s parallel file system"),
        Text("2.3 TB，约 40 秒", "2.3 TB in some 40 s"),
    ),
    "llama3": (
        2000.0,
        Text("Llama 3 的 Tectonic", "Llama 3’s Tectonic"),
        Text("7,500 台服务器，2 TB/s（论文，2024）", "7,500 servers, 2 TB/s (paper, 2024)"),
    ),
}
"""GB/s that others write, who, and whence that is known."""


class DiskConfig(ExperimentConfig):
    """What is written to the disk, and how it is read."""

    optimizer: Literal["sgd", "momentum", "muon", "adamw"] = "adamw"
    """What trains the model, and so what a checkpoint has to hold."""
    numbers: Literal["fp32", "mixed"] = "fp32"
    """fp32: weights of 32 bits. mixed: weights of 16 bits, and their master copy of 32."""
    window: Annotated[int, Field(ge=4, le=1_024)] = 4
    """KB of a random read: 4 are 2,048 tokens of 2 bytes."""
    piece: Annotated[int, Field(ge=1, le=32)] = 8
    """MB by which the file of random tokens grows in each turn."""


_RATE = Text("MB/s", "MB/s")
MEMORY, DISK = Text("内存", "memory"), Text("磁盘", "disk")
MEASURED = {
    "save_cached": (Text("存档，不等磁盘", "save, not waiting for the disk"), MEMORY),
    "save_synced": (Text("存档，等磁盘写完", "save, waiting for the disk"), DISK),
    "load_cached": (Text("读存档，刚写过", "load, just written"), MEMORY),
    "load_disk": (Text("读存档，从磁盘", "load, from the disk"), DISK),
    "write_row": (Text("顺着写，最后等一次", "write in a row, wait once"), DISK),
    "write_each": (Text("每 4 KB 等一次", "wait after every 4 KB"), DISK),
    "read_row": (Text("顺着读", "read in a row"), DISK),
    "read_random": (Text("随机读", "read at random"), DISK),
    "read_random_cached": (Text("随机读，刚读过", "read at random, just read"), MEMORY),
}
"""Rates: what is done, and where the bytes go to or come from when the clock stops."""
RESUMED = {
    "differ_whole": Text("全部读回，再走一步，不同的权重", "weights that differ a step after loading all"),
    "differ_place": Text("没存「读到哪里」，不同的权重", "weights that differ without the place in the text"),
    "differ_weights": Text("只存权重，不同的权重", "weights that differ with the weights alone"),
}
"""Shares of the weights that aren't the same to the bit, one step after going on from a checkpoint."""
PARTS = {
    "weights": Text("权重", "weights"),
    "master": Text("32 位底稿", "master copy, 32 bits"),
    "velocity": Text("动量", "momentum"),
    "mean": Text("梯度的平均 m", "mean of gradients, m"),
    "square": Text("梯度平方的平均 v", "mean of their squares, v"),
    "used": Text("各行用过多少", "use of each row"),
    "place": Text("步数、随机数状态", "step, random state"),
    "whole": Text("整个存档", "whole file"),
}

SPEC = ExperimentSpec(
    id="disk",
    config=DiskConfig,
    metrics=(
        *(Metric(id, text, _RATE, better="high") for id, (text, _) in MEASURED.items()),
        *(Metric(id, text, better="low") for id, text in RESUMED.items()),
        Metric("ratio", Text("存档是权重的几倍", "file, as a multiple of the weights")),
        Metric("per_parameter", Text("每个参数", "for each parameter"), Text("字节", "bytes"), better="low"),
        Metric("file_mb", Text("存档大小", "size of the file"), Text("MB", "MB")),
        Metric("written_mb", Text("一共写了", "written in all"), Text("MB", "MB")),
        Metric("large_tb", Text("1,750 亿参数的存档", "file of 175 billion"), Text("TB", "TB")),
        Metric("large_minutes", Text("在这里存一次", "one save of it here"), Text("分钟", "minutes")),
    ),
    views=("speeds", "file", "large"),
    knobs=(
        Knob(
            "optimizer",
            Text("优化器", "optimizer"),
            live=False,
            choices={
                "sgd": Text("SGD", "SGD"),
                "momentum": Text("带动量的 SGD", "SGD with momentum"),
                "muon": Text("Muon", "Muon"),
                "adamw": Text("AdamW", "AdamW"),
            },
        ),
        Knob(
            "numbers",
            Text("权重", "weights"),
            live=False,
            choices={
                "fp32": Text("32 位", "32 bits"),
                "mixed": Text("16 位，加 32 位底稿", "16 bits, and a master copy of 32"),
            },
        ),
        Knob.stepped("window", Text("每次随机读 KB", "KB of a random read"), 4, 16, 64, 256, 1_024),
    ),
    implementation="tutor.experiments.disk:Disk",
    reading=lambda config: (
        "tutor.experiments.disk:Disk.step",
        *(
            f"tutor.experiments.disk:Files.{name}"
            for name in ("save", "load", "write_row", "write_each", "read_row", "read_random", "differ")
        ),
        "tutor.experiments.disk_checkpoint:Checkpoint.parts",
        "tutor.files:new_file",
    ),
    recorded=True,
    words={
        "speeds": Text("快慢", "Speeds"),
        "file": Text("存档里", "In the file"),
        "large": Text("大存档", "Large files"),
        "done": Text("做什么", "what is done"),
        "at_once": Text("一次多少字节", "bytes at a time"),
        "bytes": Text("字节", "bytes"),
        "rate": _RATE,
        "where": Text("内存还是磁盘", "memory or disk"),
        "part": Text("部分", "part"),
        "each": Text("每个参数几字节", "bytes a parameter"),
        "who": Text("谁", "who"),
        "gb_s": Text("GB/s", "GB/s"),
        "billion_7": Text("70 亿参数", "7 billion"),
        "billion_175": Text("1,750 亿参数", "175 billion"),
        "source": Text("出处", "source"),
    },
)

"""What is said about saved models: why one can't be kept or used, and what happens instead."""

from __future__ import annotations

import errno
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutor.experiments import registry
from tutor.experiments.base import TrainedModel
from tutor.text import Text


class ShelfError(Exception):
    """A model can't be kept or used; carries the reason in both languages, as a full sentence.

    Only the reason: that a model is trained anew, or that it wasn't kept, is said by `told_unusable` and `told_not_saved`.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn every error of the file system within, and a lack of memory, into a `ShelfError`.

    Args:
        path: What is at fault when the error doesn't name it (a full disk does not).
    """
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) and error.filename else path
        reason = error.strerror or type(error).__name__
        raise ShelfError(_BY_ERRNO.get(error.errno or 0, _OTHER).format(path=where, reason=reason)) from error
    except MemoryError as error:
        raise ShelfError(_NO_MEMORY) from error


def told_used(name: str, saved: TrainedModel) -> Text:
    """That a lab starts from the learner's own model."""
    spec = registry.get(saved.experiment) if saved.experiment in registry.ids() else None
    metric = next((m for m in spec.metrics if m.id == spec.quality), None) if spec is not None else None
    value = saved.metrics.get(metric.id) if metric is not None else None
    quality = Text("", "")
    if metric is not None and value is not None:
        shown = f"{value:.2f}" if abs(value) < 1000 else f"{value:.3g}"
        quality = (_QUALITY if math.isfinite(value) else _NOT_FINITE).format(metric=metric.label, value=shown)
    steps = _ONE_STEP if saved.steps == 1 else _STEPS.format(steps=f"{saved.steps:,}")
    return _USED.format(name=name, steps=steps, quality=quality)


def told_missing(name: str) -> Text:
    """That there is no such model yet, so that one is trained first."""
    return _MISSING_MODEL.format(name=name)


def told_unfit(name: str, why: Text) -> Text:
    """That a model is there and whole, but not for this lab.

    Args:
        name: The model.
        why: From `GivesModel.adopt`, a sentence.
    """
    return _UNFIT.format(name=name, why=_sentence(why))


def told_unusable(name: str, why: Text) -> Text:
    """That what lies on the shelf can't be read.

    Args:
        name: The model.
        why: The text of a `ShelfError`, a sentence.
    """
    return _UNUSABLE.format(name=name, why=_sentence(why))


def told_saved(name: str) -> Text:
    """That a model was kept."""
    return _SAVED.format(name=name)


def told_not_saved(name: str, why: Text) -> Text:
    """That a model could not be kept, which spoils nothing now.

    Args:
        name: The model.
        why: The text of a `ShelfError`, a sentence.
    """
    return _NOT_SAVED.format(name=name, why=_sentence(why))


def _sentence(why: Text) -> Text:
    """The same with a full stop, so that another sentence can follow."""
    zh, en = why.zh.rstrip(), why.en.rstrip()
    return Text(
        zh if zh.endswith(tuple("。！？")) else f"{zh}。", en if en.endswith(tuple(".!?")) else f"{en}."
    )


BAD_NAME = Text(
    "「{name}」不能用作模型名：只能用小写字母、数字和 . _ -，以字母或数字开头，不超过 {longest} 个字符。",
    "“{name}” can't be the name of a model: only lower-case letters, digits and . _ - are allowed, at most "
    "{longest} characters, with a letter or digit first.",
)
BUSY = Text(
    "另一个 llm-tutor 一直占用着 {path}，请等它保存完，或者关掉它。",
    "Another llm-tutor keeps {path} locked; wait for it to finish, or close it.",
)
DAMAGED = Text("文件 {file} 损坏了，或者不完整。", "The file {file} is damaged or incomplete.")
FOREIGN = Text(
    "文件 {file} 不是 llm-tutor 能认出的样子。", "The file {file} isn't in a form that llm-tutor knows."
)
OLDER = Text(
    "它是旧版 llm-tutor 存的，这一版不再读那种格式。",
    "It was saved by an older llm-tutor, in a form that this one doesn't read any more.",
)
NEWER = Text(
    "它由更新版本的 llm-tutor 保存（格式 {found}，这里只认识到 {known}）。升级 llm-tutor 后就能用上它。",
    "It was saved by a newer llm-tutor (format {found}; this one knows up to {known}). Upgrade llm-tutor to use it.",
)
TOO_BIG = Text(
    "文件 {file} 有 {size} {unit}，超过了 {limit} {unit} 的上限。",
    "The file {file} has {size} {unit}, more than the limit of {limit} {unit}.",
)
NOT_A_FILE = Text("{path} 应该是一个普通文件，但它不是。", "{path} should be a plain file, but isn't one.")
UNSTORABLE = Text("它的{part}里有存不下来的内容（{what}）。", "Its {part} can't be stored ({what}).")
PART_WEIGHTS = Text("权重", "weights")
PART_TOKENIZER = Text("分词器", "tokenizer")
PART_FACTS = Text("配置或指标", "settings or metrics")

_NO_MEMORY = Text("内存不够，装不下这个模型。", "There is not enough memory for this model.")
_DENIED = Text(
    "没有权限读写 {path}。请检查权限，或者用环境变量 LLM_TUTOR_HOME 换一个文件夹。",
    "There is no permission for {path}. Check it, or choose another folder with LLM_TUTOR_HOME.",
)
_FULL = Text(
    "磁盘满了，写不下 {path}。请腾出空间。", "The disk is full, no room for {path}. Free some space."
)
_MISSING_FILE = Text("缺少 {path}。", "{path} is missing.")
_NOT_A_FOLDER = Text(
    "{path} 应该是一个文件夹，但它不是。把它移到别处就好。",
    "{path} should be a folder, but isn't one. Move it away.",
)
_OTHER = Text("读写 {path} 时出错：{reason}。", "{path} can't be read or written: {reason}.")
_BY_ERRNO = {
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _DENIED,
    errno.ENOSPC: _FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): _FULL,
    errno.ENOENT: _MISSING_FILE,
    errno.EISDIR: NOT_A_FILE,
    errno.ENOTDIR: _NOT_A_FOLDER,
    errno.EEXIST: _NOT_A_FOLDER,
}

_USED = Text(
    "从你自己训练的模型「{name}」（{steps}{quality}）开始。",
    "Starting from your own model “{name}” ({steps}{quality}).",
)
_STEPS = Text("{steps} 步", "{steps} steps")
_ONE_STEP = Text("1 步", "1 step")
_QUALITY = Text("，{metric} {value}", ", {metric} {value}")
_NOT_FINITE = Text("，{metric}不是有限的数", ", {metric} not finite")
_MISSING_MODEL = Text(
    "还没有你自己训练的模型「{name}」，这就先训练一个。",
    "There is no model “{name}” of yours yet, so one is trained first.",
)
_UNFIT = Text(
    "你训练的模型「{name}」在这里用不上：{why}这就另外训练一个。",
    "Your model “{name}” doesn't fit here. {why} One is trained anew.",
)
_UNUSABLE = Text(
    "你保存的模型「{name}」用不了：{why}这就重新训练一个。",
    "Your saved model “{name}” can't be used. {why} One is trained anew.",
)
_SAVED = Text(
    "模型「{name}」保存好了，以后的实验可以从它开始。",
    "Your model “{name}” is saved; later labs can start from it.",
)
_NOT_SAVED = Text(
    "模型「{name}」没能保存：{why}这次的结果不受影响，以后要用它的实验会重新训练一个。",
    "Your model “{name}” was not saved. {why} This result is not affected; a lab that needs the model later trains "
    "it anew.",
)

"""Trains a small language model on a text: pre-training, and fine-tuning when it starts from a base."""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor

from tutor.data.corpora import Corpus, CorpusError, CorpusName, load_corpus, words
from tutor.data.tokenizer import Tokenizer, train_tokenizer
from tutor.experiments import language_model_views as views
from tutor.experiments.base import Experiment, InputError
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.seeds import sub_seed
from tutor.experiments.text_data import TextData, even_windows, random_windows
from tutor.frames import Frame, Samples
from tutor.nn.generate import continue_text
from tutor.nn.objectives import HiddenToken, NextToken, Objective
from tutor.nn.optim import AdamW, Muon, Optimizer
from tutor.nn.transformer import Transformer, TransformerConfig
from tutor.text import Text

WARM_UP = 5
"""Steps over which the learning rate rises."""

LIVE_WINDOWS = 32
"""Windows of a live measurement: small, so that no step feels long."""

FINAL_WINDOWS = 320
"""Most windows of a final measurement: all of the built-in validation texts at the labs' context, a fixed part of a large one."""

TASK_WINDOWS = 512
"""Windows of a final measurement of `fill_loss` and `next_loss`, which score one token in each."""


class LanguageModel:
    """An `Experiment`. See `LanguageModelConfig` for the settings."""

    def __init__(
        self, config: LanguageModelConfig, seed: int, total_steps: int, base: Experiment | None = None
    ) -> None:
        """Build model, data and optimizers.

        Starting from a base copies its weights and its tokenizer; sizes in the config are then ignored, and what the base
        was trained on is the old text. The output layer is copied too, also with ``trainable: head``: the old and the new text have the same tokens, so what the layer knows
        stays of use (a new task with labels of its own would need a new one).

        Raises:
            InputError: The learner's text can't be used.
            ValueError: The base was trained with the other objective.
        """
        if base is not None and not isinstance(base, LanguageModel):
            raise TypeError(f"a language model can't start from {type(base).__name__}")
        self.config: LanguageModelConfig = config
        if base is not None and base.config.objective != config.objective:
            raise ValueError(f"a base trained as {base.config.objective} can't go on as {config.objective}")
        self.seed = seed
        self.total_steps = total_steps
        self.steps = 0
        self.lr = config.lr
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        self.masks = torch.Generator().manual_seed(sub_seed(seed, "masks"))

        self.data: TextData = _text_data(config, base.data.tokenizer if base else None)
        self.old_data = _old_data(config, self.data.tokenizer, base)
        tokenizer = self.data.tokenizer
        self.objective: Objective = (
            NextToken()
            if config.objective == "arlm"
            else HiddenToken(tokenizer.mask_id, tokenizer.vocab_size)
        )
        if base is None:
            sizes = TransformerConfig(
                vocab_size=tokenizer.vocab_size,
                n_layer=config.n_layer,
                n_head=config.n_head,
                d_model=config.d_model,
                context=config.context,
                causal=self.objective.causal,
                token_shift=config.token_shift,
            )
            self.model = Transformer(sizes, torch.Generator().manual_seed(sub_seed(seed, "weights")))
        else:
            self.model = copy.deepcopy(base.model)
        self.context = self.model.config.context
        for data in (self.data, self.old_data):
            if data and min(len(data.train), len(data.validation)) < 2 * self.context:
                raise InputError(_TOO_FEW_TOKENS.format(tokens=2 * self.context))
        for name, weight in self.model.named_parameters():
            weight.requires_grad = config.trainable == "all" or name.startswith("head")
        self.optimizers = _optimizers(config, self.model)

        self.probe = views.probe_ids(config.probe, self.data, most=min(24, self.context))
        self.prompt = views.prompt_ids(config.prompt, self.data)

    def step(self) -> dict[str, float]:
        """Read one batch, and change the weights a little so that it would have been less of a surprise."""
        metrics = self._measure_live()  # before learning: the first point shows the untrained model

        windows = self._next_batch()  # (B, T + 1)
        loss = self.objective.loss(self.model, windows, self.masks)
        self.model.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]

        lr = self.lr * schedule(self.steps, self.total_steps)
        for optimizer in self.optimizers:
            optimizer.lr = lr
            optimizer.step()
        self.steps += 1
        return metrics | {"train_loss": loss.item(), "lr": lr, "grad_norm": self._grad_norm()}

    def view(self, name: str) -> Frame:
        """``attention`` on the probe, or ``samples``: one text written, or filled in, by the model as it is now."""
        tokenizer = self.data.tokenizer
        if name == "attention":
            return views.attention_map(self.model, tokenizer, self.probe)
        if name != "samples":
            raise KeyError(name)
        if self.model.config.causal:
            sample = views.written(
                self.model, self.data, self.prompt, self.steps, self.config, sub_seed(self.seed, "samples")
            )
        else:
            sample = views.filled_in(self.model, tokenizer, self.probe, self.steps)
        return Samples((sample,))

    def adjust(self, knob: str, value: float) -> None:
        """Set the knob ``lr``, the highest learning rate, which the schedule scales."""
        if knob != "lr":
            raise KeyError(knob)
        self.lr = value

    def finish(self) -> dict[str, float]:
        """Final metrics on the whole validation text."""
        with torch.no_grad():
            metrics = {"val_loss": self._validation_loss(self.data.validation, FINAL_WINDOWS)}
            metrics["fill_loss"] = self._hidden_loss(self.context // 2, TASK_WINDOWS)
            metrics["next_loss"] = self._hidden_loss(self.context - 1, TASK_WINDOWS)
            if self.old_data:
                metrics["base_val_loss"] = self._validation_loss(self.old_data.validation, FINAL_WINDOWS)
        if self.model.config.causal:  # the loss of hidden tokens is no code length of the text
            metrics["bits_per_byte"] = metrics["val_loss"] / math.log(2) / self.data.bytes_per_token
            metrics["real_words"] = self._real_words()
        weights = list(self.model.parameters())
        metrics["parameters"] = sum(w.numel() for w in weights)
        metrics["trainable"] = sum(w.numel() for w in weights if w.requires_grad)
        return metrics

    def tokens_per_step(self) -> int:
        """Tokens in a batch."""
        return self.config.batch * self.context

    def _next_batch(self) -> Tensor:
        """Windows from random places of the text; (B, T + 1) ids."""
        from_old = round(self.config.mix_old * self.config.batch) if self.old_data else 0
        windows = random_windows(
            self.data.train, self.config.batch - from_old, self.context + 1, self.batches
        )
        if self.old_data and from_old:
            old = random_windows(self.old_data.train, from_old, self.context + 1, self.batches)
            windows = torch.cat((windows, old))
        return windows

    @torch.no_grad()
    def _measure_live(self) -> dict[str, float]:
        """Now and then, losses on some fixed windows of the validation text; in turns, so that no step feels long."""
        every = self.config.eval_every
        turn = self.steps % (2 * every)
        if turn % every == 0:
            return {"val_loss": self._validation_loss(self.data.validation, LIVE_WINDOWS)}
        if turn == every // 3:
            return {"fill_loss": self._hidden_loss(self.context // 2, LIVE_WINDOWS)}
        if turn == every + every // 3:
            return {"next_loss": self._hidden_loss(self.context - 1, LIVE_WINDOWS)}
        if turn % every == 2 * every // 3 and self.old_data:
            return {"base_val_loss": self._validation_loss(self.old_data.validation, LIVE_WINDOWS)}
        return {}

    def _validation_loss(self, ids: Tensor, count: int) -> float:
        """The training objective on evenly spread windows, with the same hidden places every time."""
        masks = torch.Generator().manual_seed(0)
        count = min(count, math.ceil(len(ids) / self.context))  # more would only overlap
        windows = even_windows(ids, count, self.context + 1)
        losses = [
            self.objective.loss(self.model, part, masks) * len(part)
            for part in torch.split(windows, LIVE_WINDOWS)
        ]
        return torch.stack(losses).sum().item() / len(windows)

    def _hidden_loss(self, place: int, count: int) -> float:
        """Loss on the token at one place of evenly spread windows: the same question to both kinds of model."""
        windows = even_windows(self.data.validation, count, self.context)
        losses = [
            self.objective.hidden_loss(self.model, part, place) * len(part)
            for part in torch.split(windows, LIVE_WINDOWS)
        ]
        return torch.stack(losses).sum().item() / len(windows)

    def _grad_norm(self) -> float:
        """Length of the whole gradient."""
        norms = [w.grad.norm() for w in self.model.parameters() if w.grad is not None]
        return float(torch.stack(norms).norm())

    def _real_words(self) -> float:
        """Share of the words in a longer sample that occur in the training text."""
        tokenizer = self.data.tokenizer
        prompts = even_windows(self.data.validation, 16, 8)
        never = (tokenizer.unknown_id, tokenizer.mask_id)
        seed = sub_seed(self.seed, "real words")
        made = continue_text(self.model, prompts, 56, self.config.temperature, seed, never)[:, 8:]
        # The first and the last word of each may be cut off.
        found = [word for row in made.tolist() for word in words(tokenizer.decode(row))[1:-1]]
        known = set(words(self.data.corpus.train_text()))
        return sum(word in known for word in found) / len(found) if found else math.nan


def schedule(step: int, total_steps: int) -> float:
    """Share of the highest learning rate: a short rise, then a straight fall to 2 % at the end of the budget."""
    rise = (step + 1) / WARM_UP
    left = 1 - step / max(1, total_steps)
    return min(rise, max(0.02, left), 1.0)


def _text_data(config: LanguageModelConfig, tokenizer: Tokenizer | None) -> TextData:
    """The text of a config, cut by the given tokenizer or by one made from the text that the config names."""
    corpus = _corpus(config.corpus, config.text_file)
    if tokenizer is None:
        source = corpus
        if config.tokenizer_corpus is not None and config.corpus not in ("own", config.tokenizer_corpus):
            source = _corpus(config.tokenizer_corpus, config.text_file)
        tokenizer = train_tokenizer(config.tokenizer, source.train_text(), config.vocab_size)
    return TextData.cut(corpus, tokenizer, config.train_chars)


def _old_data(
    config: LanguageModelConfig, tokenizer: Tokenizer, base: LanguageModel | None
) -> TextData | None:
    """The text on which forgetting is measured: what the base was trained on, or what the config names."""
    if base is not None:
        return base.data
    if config.old_corpus is None or config.old_corpus == config.corpus:
        return None
    return TextData.cut(_corpus(config.old_corpus, config.text_file), tokenizer)


def _corpus(name: CorpusName, text_file: str | None) -> Corpus:
    try:
        return load_corpus(name, text_file)
    except CorpusError as error:
        raise InputError(error.text) from error


def _optimizers(config: LanguageModelConfig, model: Transformer) -> list[Optimizer]:
    """Muon for the matrices inside the blocks; AdamW for embedding and head, whose rows belong to single tokens."""
    free = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
    inner = [weight for name, weight in free.items() if name.startswith("blocks")]
    outer = [weight for name, weight in free.items() if not name.startswith("blocks")]
    if config.optimizer == "adamw":
        return [AdamW(free.values(), config.lr)]
    return [AdamW(outer, config.lr), Muon(inner, config.lr)]


_TOO_FEW_TOKENS = Text(
    "文本太短：训练部分和验证部分各至少要有 {tokens} 个 token（两个上下文窗口）。请换更长的文本，或把 context 调小。",
    "The text is too short: its training and its validation part each need at least {tokens} tokens (two context windows). "
    "Please take a longer text or a smaller context.",
)

"""Trains a small language model on a text: pre-training, and fine-tuning when it starts from a base."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace

import torch
from torch import Tensor

from tutor.data.corpora import known_words, words
from tutor.data.own_files.text import told
from tutor.experiments import language_model_recall as recall
from tutor.experiments import language_model_stored as stored
from tutor.experiments import language_model_views as views
from tutor.experiments import story_judge
from tutor.experiments.base import Ablation, Experiment, Origin, TrainedModel
from tutor.experiments.build import (
    build_objective,
    build_optimizers,
    build_transformer,
    prepare_text,
    require_tokens,
    schedule,
)
from tutor.experiments.language_model_config import LanguageModelConfig
from tutor.experiments.parts import TrainingText
from tutor.experiments.seeds import sub_seed
from tutor.experiments.text_data import (
    FINAL_WINDOWS,
    LIVE_WINDOWS,
    TextData,
    even_windows,
    loss_with_spelling,
    mean_loss,
    noisy,
    random_windows,
)
from tutor.frames import Frame, Samples
from tutor.nn.generate import continue_text
from tutor.nn.optim import state_bytes
from tutor.nn.precision import compute_dtype, measured
from tutor.text import InputError, Text

WORDS_TEMPERATURE = 0.7
"""Of the text in which `real_words` is counted: one for all runs, whatever temperature a learner reads samples at."""

WORTH_A_WORD = 0.01
"""Share of [UNK] above which it is told."""

OVER_FIT = 0.1
"""Nats by which the live validation loss rises from its lowest when over-fitting is told."""

TASK_WINDOWS = 512
"""Most windows of a final measurement of `fill_loss` and `next_loss`, which score one token in each."""

LIVE = (
    "val_loss",
    "fill_loss",
    "next_loss",
    "held_out_loss",
    "base_val_loss",
    "sound",
    "recalled",
    "base_recalled",
)
"""What is measured live."""

JUDGED_LIVE = (24, 26)
"""Texts and tokens of each in which sound sentences are counted live."""

JUDGED_FINALLY = (64, 60)
"""The same at the end."""

FACTS_LIVE = 5
"""Of the facts, every so many is asked for live."""


class LanguageModel(Experiment):
    """See `LanguageModelConfig` for the settings."""

    def __init__(
        self,
        config: LanguageModelConfig,
        seed: int,
        total_steps: int,
        start: TrainedModel | None = None,
        data: TextData | None = None,
    ) -> None:
        """Build model, data and optimizers. `data` is a text already cut; None: the one that the config names.

        Starting from a model copies its weights and its tokenizer; sizes in the config are then ignored, and what it was
        trained on is the old text. The output layer is copied too, also with ``trainable: head``: the old and the new
        text have the same tokens, so what the layer knows stays of use (a new task with labels of its own would need a
        new one).

        Raises:
            InputError: The learner's text can't be used, or the model is of another kind or was trained with the other objective.
        """
        if start is not None and (reason := stored.other_kind(start, config)) is not None:
            raise InputError(reason)
        super().__init__(config, seed, total_steps)
        self.config: LanguageModelConfig = config
        # The live knobs; the schedule scales `lr`.
        self.lr, self.noise, self.temperature = config.one_rate or config.lr, config.noise, config.temperature
        self.batches = torch.Generator().manual_seed(sub_seed(seed, "batches"))
        self.masks = torch.Generator().manual_seed(sub_seed(seed, "masks"))
        self.noises = torch.Generator().manual_seed(sub_seed(seed, "noise"))

        _, old_data, model = stored.restore(start) if start else (None, None, None)
        self.data: TextData = data or prepare_text(config, seed, old_data.tokenizer if old_data else None)
        tokenizer = self.data.tokenizer
        self.objective = build_objective(config, tokenizer)
        self.old_data = old_data or self._named_old_data()
        self.model = model or build_transformer(
            config, tokenizer.vocab_size, causal=self.objective.causal, seed=seed
        )
        self.history: tuple[Origin, ...] = start.history if start else ()
        self.model.dtype = compute_dtype(config.precision)
        self.context = self.model.config.context
        for text in (self.data, self.old_data):
            if text:
                require_tokens(text, self.context)
        for name, weight in self.model.named_parameters():
            weight.requires_grad = config.trainable == "all" or name.startswith("head")
        self._round()
        self.optimizers = build_optimizers(config, self.model)
        self.unchanged: list[float] = []  # shares of the weights, at the steps that measure it
        self.latest, self.lowest = math.nan, (math.inf, 0)
        self._whole: tuple[int, float] | None = None  # the step of the last full measurement, and its loss

        self.probe = views.probe_ids(config.probe, self.data, most=min(24, self.context))
        self.prompt = views.prompt_ids(config.prompt, self.data)
        self.lang = story_judge.language_of(self.data) if config.judged and self.model.config.causal else None

    def step(self) -> dict[str, float]:
        """Read one batch, and change the weights a little so that it would have been less of a surprise."""
        metrics = self._measure_live()  # before learning: the first point shows the untrained model
        self._watch(metrics)

        windows = self._next_batch()  # (B, T + 1)
        read = noisy(windows, self.noise, self.data.tokenizer.unknown_id, self.noises)
        loss = self.lesson(windows, read)
        loss.backward()  # type: ignore[no-untyped-call]

        watched = self.config.count_unchanged and self.steps % self.config.eval_every == 0
        before = [weight.detach().clone() for weight in self.model.parameters()] if watched else []
        lr = self.lr * schedule(self.steps, self.total_steps)
        for optimizer, multiple in self.optimizers:
            optimizer.lr = multiple * lr
            optimizer.step()
        self._round()
        if watched:
            same = [(a == b).sum().item() for a, b in zip(before, self.model.parameters(), strict=True)]
            metrics["unchanged"] = sum(same) / sum(weight.numel() for weight in before)
            self.unchanged.append(metrics["unchanged"])
        self.steps += 1
        metrics |= {"train_loss": loss.item(), "lr": lr, "grad_norm": self._grad_norm()}
        self.model.zero_grad()  # nothing of this step is needed for the next
        return metrics

    def lesson(self, windows: Tensor, read: Tensor) -> Tensor:
        """Return the loss that a step brings down: how surprised the model is by windows (B, T + 1), of which it reads `read`."""
        return self.objective.loss(self.model, windows, self.masks, read=read)

    @torch.no_grad()
    def _round(self) -> None:
        """Round the weights to bf16, where they are kept in it: what is less than half its spacing is lost."""
        if not self.config.master:
            for weight in self.model.parameters():
                weight.copy_(weight.bfloat16())

    def view(self, name: str, state: views.ViewState | None = None, without: Collection[str] = ()) -> Frame:
        """``attention`` on the probe, or ``samples``: one text written, or filled in, by the model at one moment."""
        model = self.model if state is None else self.model.with_weights(state.tensors)
        steps = self.steps if state is None else state.steps
        tokenizer = self.data.tokenizer
        out = views.heads_out(model, without)
        if name in views.OF_DATA:
            return views.of_data(name, self.data, self.config)
        if name == "attention":
            return views.attention_map(model, tokenizer, self.probe, steps, out)
        if name != "samples":
            raise KeyError(name)
        if not model.config.causal:
            sample = views.filled_in(model, tokenizer, self.probe, steps, out)
        else:
            sample = views.written(
                model,
                self.data,
                self.prompt,
                chars=self.config.sample_chars,
                temperature=self.temperature,
                seed=sub_seed(self.seed, "samples"),
                step=steps,
                without=out,
                lang=self.lang,
            )
        return Samples((replace(sample, without=tuple(sorted(without))),))

    def view_state(self) -> views.ViewState:
        """Return a copy of the weights in bf16: two bytes a parameter."""
        return views.ViewState.of(self.model, self.steps)

    def ablate(self, parts: Collection[str]) -> Ablation:
        """Measure what some attention heads are worth: the loss on the whole validation text with and without them."""
        out = views.heads_out(self.model, parts)
        whole = self._whole_loss()
        text = self.data.validation
        part = whole if out is None else self._loss_on(text, without=out)
        return Ablation(tuple(parts), whole, part)

    def trained(self, metrics: Mapping[str, float]) -> TrainedModel:
        """Return a copy of the model as it is now, with what tells the meaning of its ids and which text it was trained on."""
        ours = set(
            LanguageModelConfig.model_fields
        )  # a subclass's settings say how it was trained, not what it is
        return TrainedModel(
            tensors={name: weight.detach().clone() for name, weight in self.model.state_dict().items()},
            experiment=stored.EXPERIMENT,
            config=self.config.model_dump(mode="json", include=ours) | stored.sizes(self.model),
            tokenizer={**self.data.tokenizer.plain(), "text": stored.fingerprint(self.data)},
            metrics=dict(metrics),
            steps=self.steps,
            seed=self.seed,
            history=self.history,
        )

    @torch.no_grad()
    def adopt(self, model: TrainedModel) -> Text | None:
        """Take over a model's weights, or say why they don't fit here; the optimizers start afresh."""
        if (reason := stored.misfit(model, self.model, self.data, self.config)) is not None:
            return reason
        self.model.load_state_dict(model.tensors)
        self.optimizers = build_optimizers(self.config, self.model)
        self.steps = model.steps
        self.history = model.history
        self._whole = None
        return None

    def remarks(self) -> list[Text]:
        """Say how the learner's files were read, how much is [UNK], how fast bf16 is here, and whether the run over-fits their text."""
        reading = self.data.corpus.reading
        share = self.data.unseen
        unseen = [_UNSEEN.format(share=f"{share:.1%}")] if share > WORTH_A_WORD else []
        found = [*(told(reading) if reading is not None else []), *unseen]
        if self.config.precision == "bf16":
            found.append(measured().told)
        best, step = self.lowest
        if self.config.corpus == "own" and self.latest > best + OVER_FIT:
            found.append(_OVER_FIT.format(step=f"{step:,}", best=f"{best:.2f}"))
        return found

    def _watch(self, metrics: Mapping[str, float]) -> None:
        """Remember the lowest live validation loss and its step, and the latest."""
        if "val_loss" in metrics:
            self.latest = metrics["val_loss"]
            self.lowest = min(self.lowest, (self.latest, self.steps))

    def live(self) -> dict[str, float]:
        """Measure all that steps measure in turns."""
        return {name: value for kind in LIVE for name, value in self._live(kind).items()}

    def finish(self) -> dict[str, float]:
        """Measure the final metrics on the whole validation text."""
        metrics = {"val_loss": self._whole_loss()}
        metrics["fill_loss"] = self._hidden_loss(self.context // 2, TASK_WINDOWS)
        metrics["next_loss"] = self._hidden_loss(self.context - 1, TASK_WINDOWS)
        if self.old_data:
            metrics["base_val_loss"] = self._loss_on(self.old_data.validation)
        metrics |= self._bits_per_byte(metrics["val_loss"])
        if self.model.config.causal:
            metrics["real_words"] = self._real_words()
            if self.lang is not None:
                metrics["sound"] = self._sound(*JUDGED_FINALLY)
            metrics |= self._facts("recalled") | self._facts("base_recalled")
            if self.data.held_out is not None:
                metrics["held_out_loss"] = self._loss_on(self.data.held_out)
            if self.data.prepared is not None and self.data.prepared.repeated:
                metrics |= recall.recited(self.model, self.data)
        metrics["train_chars"] = len(self.data.corpus.train_text(self.config.train_chars))
        weights = list(self.model.parameters())
        metrics["parameters"] = sum(w.numel() for w in weights)
        metrics["trainable"] = sum(w.numel() for w in weights if w.requires_grad)
        kept = sum(state_bytes(optimizer) for optimizer, _ in self.optimizers)
        metrics["optimizer_bytes"] = kept / metrics["parameters"]
        if self.unchanged:
            metrics["mean_unchanged"] = sum(self.unchanged) / len(self.unchanged)
        return metrics

    def counted(self) -> int:
        """Return the tokens in a batch."""
        return self.config.batch * self.context

    def _named_old_data(self) -> TextData | None:
        """Return the text that the config names to measure forgetting on; None: none."""
        config = self.config
        if config.old_corpus is None or config.old_corpus == config.corpus:
            return None
        old = TrainingText(
            corpus=config.old_corpus, text_file=config.text_file, text_encoding=config.text_encoding
        )
        return prepare_text(old, self.seed, self.data.tokenizer)

    def _next_batch(self) -> Tensor:
        """Draw windows from random places of the text, and of the old text where some is replayed; (B, T + 1) ids."""
        from_old = round(self.config.replay_ratio * self.config.batch) if self.old_data else 0
        windows = random_windows(
            self.data.train, self.config.batch - from_old, self.context + 1, self.batches
        )
        if self.old_data and from_old:
            old = random_windows(self.old_data.train, from_old, self.context + 1, self.batches)
            windows = torch.cat((windows, old))
        return windows

    def _measure_live(self) -> dict[str, float]:
        """Measure one thing on little, now and then; in turns, so that no step feels long."""
        every = self.config.eval_every
        turn = self.steps % (2 * every)
        if turn % every == 0:
            return self._live("val_loss")
        if turn == every // 3:
            return self._live("fill_loss")
        if turn == every + every // 3:
            return self._live("next_loss")
        if turn % every == every // 2 and self.data.held_out is not None:
            return self._live("held_out_loss")
        if turn % every == 2 * every // 3 and self.old_data:
            return self._live("base_val_loss")
        if turn % every == every - 1:
            return self._live("sound" if turn < every and self.lang is not None else "recalled")
        if turn % every == every - 2:
            return self._live("base_recalled")
        return {}

    def _live(self, metric: str) -> dict[str, float]:
        """Measure one thing on a few windows; empty where this run has no such text."""
        if metric == "sound":
            return {metric: self._sound(*JUDGED_LIVE)} if self.lang is not None else {}
        if metric in ("recalled", "base_recalled"):
            return self._facts(metric, FACTS_LIVE)
        if metric == "fill_loss":
            return {metric: self._hidden_loss(self.context // 2, LIVE_WINDOWS)}
        if metric == "next_loss":
            return {metric: self._hidden_loss(self.context - 1, LIVE_WINDOWS)}
        old = self.old_data.validation if self.old_data else None
        text = {"val_loss": self.data.validation, "held_out_loss": self.data.held_out, "base_val_loss": old}[
            metric
        ]
        if text is None:
            return {}
        loss = self._loss_on(text, LIVE_WINDOWS)
        return {metric: loss} | (self._bits_per_byte(loss) if metric == "val_loss" else {})

    def _bits_per_byte(self, val_loss: float) -> dict[str, float]:
        """Return the loss in bits per byte of text, which means the same whatever the vocabulary."""
        if not self.model.config.causal:  # the loss of hidden tokens is no code length of the text
            return {}
        return {"bits_per_byte": val_loss / math.log(2) / self.data.bytes_per_token}

    def _whole_loss(self) -> float:
        """Return the loss on the whole validation text, measured once a step at most."""
        if self._whole is None or self._whole[0] != self.steps:
            self._whole = self.steps, self._loss_on(self.data.validation)
        return self._whole[1]

    def _loss_on(self, ids: Tensor, count: int = FINAL_WINDOWS, without: Tensor | None = None) -> float:
        """Return the validation loss on a text, see `loss_with_spelling`."""
        return loss_with_spelling(self.model, self.objective, self.data, ids, count, without)

    def _hidden_loss(self, place: int, count: int) -> float:
        """Return the loss on the token at one place of windows: the same question to both kinds of model."""
        loss = mean_loss(
            self.data.validation,
            count,
            self.context,
            lambda part: self.objective.hidden_loss(self.model, part, place),
        )
        return loss + self.data.unseen * self.data.spelling

    def _sound(self, texts: int, length: int) -> float:
        return story_judge.sound(self.model, self.data, sub_seed(self.seed, "sound"), texts, length)

    def _facts(self, metric: str, every: int = 1) -> dict[str, float]:
        """Return how many facts of the text, or of the old one, the model knows; empty where there are none, or nobody asks."""
        text = self.data if metric == "recalled" else self.old_data
        if text is None or not (self.config.judged and self.model.config.causal):
            return {}
        share = story_judge.recalled(self.model, text, every)
        return {} if math.isnan(share) else {metric: share}

    def _grad_norm(self) -> float:
        """Return the length of the whole gradient."""
        grads = [w.grad for w in self.model.parameters() if w.grad is not None]
        grads = [grad.coalesce().values() if grad.is_sparse else grad for grad in grads]
        return float(torch.stack(torch._foreach_norm(grads)).norm())

    def _real_words(self) -> float:
        """Return the share of the words in a longer sample that occur in the training text."""
        tokenizer = self.data.tokenizer
        prompts = even_windows(self.data.validation, 16, 8)
        never = (tokenizer.unknown_id, tokenizer.mask_id)
        seed = sub_seed(self.seed, "real words")
        made = continue_text(self.model, prompts, 56, WORDS_TEMPERATURE, seed, never)[:, 8:]
        # The first and the last word of each may be cut off.
        found = [word for row in made.tolist() for word in words(tokenizer.decode(row))[1:-1]]
        known = known_words(self.data.corpus)
        return sum(word in known for word in found) / len(found) if found else math.nan


_OVER_FIT = Text(
    "你的文本上出现了过拟合：验证损失在第 {step} 步最低，是 {best}，之后又升了上去。模型开始背这段文本，而不是学它的规律；文本再长一些、步数少一些，或者加一点输入噪声，会好些。",
    "This run over-fits your text: the validation loss was lowest at step {step}, {best}, and has risen since. The model has begun to learn "
    "the text by heart rather than its rules. A longer text, fewer steps or some input noise helps.",
)
_UNSEEN = Text(
    "验证文本里有 {share} 是训练文本中没有的字符，分词器只能写成 [UNK]。猜中 [UNK] 不等于猜中那个字，所以每个 [UNK] 另按该字的 UTF-8 字节数计费，每字节 8 比特。",
    "Of the validation text, {share} are characters that the tokenizer has never seen: it writes [UNK] for them. To guess [UNK] is not to "
    "guess the character, so each costs 8 bits for every UTF-8 byte of its character on top.",
)

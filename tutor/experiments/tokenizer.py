"""Learns a vocabulary: byte-level BPE on one text, measured on the same content in Chinese and in English."""

from __future__ import annotations

from tutor.data.bpe import BYTES, Merges
from tutor.data.corpora import load_corpus
from tutor.data.own_files import ReadReport
from tutor.data.own_files.text import told
from tutor.data.parallel_text import load_parallel
from tutor.experiments import tokenizer_views as views
from tutor.experiments.base import Experiment, TrainedModel
from tutor.experiments.seeds import sub_seed
from tutor.experiments.tokenizer_config import TokenizerConfig
from tutor.frames import Frame
from tutor.text import Text

LONGEST_TEXT = 100_000
"""Characters of another text than the course's that are learned from: every merge goes through all words that it is in."""


class TokenizerTraining(Experiment):
    """See `TokenizerConfig` for the settings; the seed decides which texts are learned from."""

    def __init__(
        self, config: TokenizerConfig, seed: int, total_steps: int, start: TrainedModel | None = None
    ) -> None:
        """Read the texts.

        Raises:
            InputError: The learner's text can't be used.
        """
        super().__init__(config, seed, total_steps, start)
        self.config: TokenizerConfig = config
        self.vocabulary = len(BYTES)
        self.sentence = config.sentence  # may be another at any moment
        train, self.held_out = load_parallel(sub_seed(seed, "texts"))
        text, self.reading = _training_text(config, train)
        self.en = "\n".join(said.en for said in self.held_out)
        self.zh = "\n".join(said.zh for said in self.held_out)
        self.merges = Merges(text, (self.en, self.zh))

    def step(self) -> dict[str, float]:
        """Let the vocabulary grow: look for the two neighbours that stand together most often, make them one token, and again."""
        self.steps += 1
        # By the same factor in every step: the first merges, which change most, are seen one by one.
        growth = self.config.vocab_size / len(BYTES)
        goal = round(len(BYTES) * growth ** min(1.0, self.steps / self.total_steps))
        while self.vocabulary < goal and self.merges.learn(self.learned + 1):
            self.vocabulary += 1
        return self._measure()

    @property
    def learned(self) -> int:
        """Merges so far."""
        return self.vocabulary - len(BYTES)

    def view(self, name: str, state: int | None = None) -> Frame:
        """``cut``: sentences as tokens; ``merges``: the newest; ``batch``: short texts padded and packed."""
        learned = self.learned if state is None else state
        if name == "cut":
            return views.cut(self.merges, learned, self.sentence)
        if name == "merges":
            return views.newest(self.merges, learned)
        if name == "batch":
            english = self.config.english_share >= 0.5
            return views.batch(self.merges, learned, [t.en if english else t.zh for t in self.held_out])
        raise KeyError(name)

    def view_state(self) -> int:
        """Return the merges so far: what has happened by then follows from that."""
        return self.learned

    def finish(self) -> dict[str, float]:
        """Return the last measurement: each is made on the whole text."""
        return self._measure()

    def remarks(self) -> list[Text]:
        """Say how the learner's files were read."""
        return told(self.reading) if self.reading is not None else []

    def _measure(self) -> dict[str, float]:
        """Measure the bytes of a token, on the training text and on unseen texts."""
        train, en, zh = self.merges.tokens[self.learned]
        read = self.merges.tokens[0]  # in bytes
        return {
            "vocabulary": float(self.vocabulary),
            "train_bytes_per_token": read[0] / train,
            "en_bytes_per_token": read[1] / en,
            "zh_bytes_per_token": read[2] / zh,
            "en_tokens_per_char": en / len(self.en),
            "zh_tokens_per_char": zh / len(self.zh),
            "zh_over_en": zh / en,
        }


def _training_text(config: TokenizerConfig, texts: tuple[Text, ...]) -> tuple[str, ReadReport | None]:
    """Return the text that the vocabulary is learned from, and how the learner's files were read."""
    if config.corpus == "course":
        cut = round(config.english_share * len(texts))
        return "\n".join([t.en for t in texts[:cut]] + [t.zh for t in texts[cut:]]), None
    corpus = load_corpus(config.corpus, config.text_file, config.text_encoding)
    return corpus.train_text(LONGEST_TEXT), corpus.reading

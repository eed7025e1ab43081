"""A small generated world: texts whose grammar and truth can be judged exactly, in Chinese and English, any amount of them.

>>> world = World(seed=0)
>>> text = world.text("en", 400_000, seed=0)  # stories to train on; `split="held_out"` for others
>>> recogniser("en").is_valid("Helen ate an apple.")
True
>>> recogniser("en").is_true("Helen works as a nurse.", world) in (True, False, None)
True

`lexicon.txt` has the words and the other text files the sentence forms; `grammar` writes with them and `recogniser` reads.
"""

from tutor.data.tiny_world.biased import JobBias, jobs
from tutor.data.tiny_world.biased import measure as measure_bias
from tutor.data.tiny_world.biased import write as biased
from tutor.data.tiny_world.grammar import Split
from tutor.data.tiny_world.recogniser import Parse, Recogniser, recogniser
from tutor.data.tiny_world.stories import Novelty
from tutor.data.tiny_world.world import QA, Fact, Instruction, Labelled, Pair, World, sentiment_of

__all__ = [
    "QA", "Fact", "Instruction", "JobBias", "Labelled", "Novelty", "Pair", "Parse", "Recogniser", "Split", "World",
    "biased", "jobs", "measure_bias", "recogniser", "sentiment_of",
]  # fmt: skip

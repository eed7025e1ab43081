"""A small generated world: texts whose grammar and truth can be judged exactly, in Chinese and English, any amount of them."""

from tutor.data.tiny_world.biased import JobBias, jobs
from tutor.data.tiny_world.biased import measure as measure_bias
from tutor.data.tiny_world.biased import write as biased
from tutor.data.tiny_world.grammar import Split
from tutor.data.tiny_world.instructions import Instruction
from tutor.data.tiny_world.opinions import Labelled, sentiment_of
from tutor.data.tiny_world.recogniser import Parse, Recogniser, recogniser
from tutor.data.tiny_world.stories import Novelty
from tutor.data.tiny_world.world import QA, Fact, Pair, World

__all__ = [
    "QA",
    "Fact",
    "Instruction",
    "JobBias",
    "Labelled",
    "Novelty",
    "Pair",
    "Parse",
    "Recogniser",
    "Split",
    "World",
    "biased",
    "jobs",
    "measure_bias",
    "recogniser",
    "sentiment_of",
]

"""A small generated world: texts whose grammar and truth can be judged exactly, in Chinese and English, any amount of them."""

from tutor.data.tiny_world.grammar import Split
from tutor.data.tiny_world.recogniser import Parse, Recogniser
from tutor.data.tiny_world.world import QA, Fact, Pair, World, recogniser

__all__ = ["QA", "Fact", "Pair", "Parse", "Recogniser", "Split", "World", "recogniser"]

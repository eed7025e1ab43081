"""A small generated world: texts whose grammar and truth can be judged exactly, in Chinese and English, any amount of them.

>>> world = World(seed=0)
>>> text = world.text("en", 400_000, seed=0)  # stories to train on; `split="held_out"` for others
>>> recogniser("en").is_valid("Helen ate an apple.")
True
>>> world.is_true("Helen works as a nurse.", "en") in (True, False, None)
True

`lexicon.txt` has the words and the other text files the sentence forms; `grammar` writes with them and `recogniser` reads.
"""

from tutor.data.tiny_world.grammar import Split
from tutor.data.tiny_world.handbook import handbook
from tutor.data.tiny_world.recogniser import recogniser
from tutor.data.tiny_world.stories import Novelty
from tutor.data.tiny_world.world import Labelled, World, sentiment_of

__all__ = [
    "Labelled", "Novelty", "Split", "World", "handbook", "recogniser", "sentiment_of",
]  # fmt: skip

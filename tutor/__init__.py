"""llm-tutor: a terminal tutor that teaches how large language models come to be."""

__version__ = "0.1.0"

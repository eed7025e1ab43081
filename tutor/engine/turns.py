"""The knobs that were turned on the way of a run: in which round, and to what."""

from __future__ import annotations

from tutor.engine.snapshot import Turn

BEFORE = 1_000_000
"""What is taken from the rounds of the base, so that they lie before those of the arms."""


class Turns:
    """Every turn on the way of one line, in order.

    The arms that follow a base count their rounds anew: what was turned while it trained lies before all of theirs.
    """

    def __init__(self) -> None:
        self._base: list[Turn] = []
        self._turns: list[Turn] = []

    def __bool__(self) -> bool:
        return bool(self._turns or self._base)

    @property
    def all(self) -> tuple[Turn, ...]:
        """All of them; those while the base trained come first, with rounds below 0."""
        base = (Turn(turn.round - BEFORE, turn.knob, turn.value) for turn in self._base)
        return (*base, *self._turns)

    def add(self, turn: Turn) -> None:
        """One more."""
        self._turns.append(turn)

    def end_base(self) -> None:
        """The base is over: rounds are counted anew."""
        self._base, self._turns = self._turns, []

    @property
    def while_base(self) -> dict[str, float]:
        """What the knobs that were turned while the base trained are at when it is over."""
        return {turn.knob: turn.value for turn in self._base}

    def at(self, round_: int) -> list[Turn]:
        """Those made after exactly so many rounds."""
        return [turn for turn in self._turns if turn.round == round_]

    def until(self, round_: int, head: int) -> Turns:
        """Those that belong to the past of a round, for a line that leaves there."""
        past = Turns()
        past._base = self._base
        past._turns = [turn for turn in self._turns if _counts(turn, round_, head)]
        return past

    def values(self, round_: int, head: int) -> dict[str, float]:
        """What the knobs that were turned are at after a round.

        Args:
            round_: The round.
            head: The furthest that the line has come to.
        """
        past = [*self._base, *(turn for turn in self._turns if _counts(turn, round_, head))]
        return {turn.knob: turn.value for turn in past}


def _counts(turn: Turn, at: int, head: int) -> bool:
    """Whether a turn belongs to the past of a round. What was turned at that very moment does only at the head: behind it,
    that belongs to what came next.
    """
    return turn.round < at or (turn.round == at >= head)

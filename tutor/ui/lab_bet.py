"""The bet on a lab as the learner's log has it: taken up, made, and held against what came true."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

from tutor.content.claims_file import Spread
from tutor.content.models import Lab, digest
from tutor.engine import Snapshot
from tutor.engine.claims import judged_curve, judged_number, number
from tutor.frames import DRAWN, Curves, Series
from tutor.progress.store import BetValue, Confidence, Store
from tutor.quiz.bets import CurveBet, NumberBet
from tutor.text import Lang, Text
from tutor.ui.bet_input import told


class LabBet:
    """The learner's bet on one lab.

    Attributes:
        value: What was bet; None when not asked yet or skipped.
        confidence: How sure the learner was of it.
        shuffle_seed: Decides the order of the options: another one once the bet was made anew.
        gate_passed: Whether the learner has predicted or chosen not to.
        judged: The option or the number that came true when the lab last ran to its end with its own settings, today or before.
        last_time: What was predicted and what came true in the run of the lab before the one that is revealed; None when there was
            none.
    """

    def __init__(self, unit: str, lab: Lab, store: Store, *, gate_passed: bool = False) -> None:
        """Take up the bet that stands."""
        self._unit, self._lab, self._store = unit, lab, store
        bets = store.bets(unit, lab.id)
        stands = bool(bets) and (bets[0].value is None or self._fits(bets[0].value))
        self.value = bets[0].value if stands else None
        self.confidence = bets[0].confidence if stands else None
        seed = bets[0].seed if stands and self.value is not None else None
        self.shuffle_seed = zlib.crc32(f"{lab.id}/{len(bets)}".encode()) if seed is None else seed
        judged = (store.last_reveal(unit, lab.id) or (None, None))[1]
        self.judged = None if isinstance(judged, tuple) else judged
        self.gate_passed = gate_passed or stands
        self.last_time: tuple[BetValue | None, BetValue | None] | None = None

    def told(self, bet: BetValue | None) -> Text | None:
        """Return what was bet, or what came true, in words; None where there is nothing."""
        return told(self._lab, bet)

    def _fits(self, bet: BetValue) -> bool:
        """Return whether it answers what the lab asks now."""
        bet_kinds = {"choice": str, "number": float, "curve": tuple}
        known = not isinstance(bet, str) or self.told(bet) is not None
        return known and isinstance(bet, bet_kinds[self._lab.prediction.kind])

    def make(
        self, section: str, value: BetValue | None, lang: Lang, confidence: Confidence | None = None
    ) -> None:
        """Commit a bet (None: skipped), unless it stands already, and open the gate."""
        if not self.gate_passed or (value, confidence) != (self.value, self.confidence):
            asked = self._lab.prediction
            seed = self.shuffle_seed if asked.kind == "choice" else None
            self._store.record_prediction(
                self._unit, section, self._lab.id, value,
                lang=lang, confidence=confidence, seed=seed, digest=digest(asked),
            )  # fmt: skip
        self.value, self.confidence = value, confidence
        self.gate_passed = True

    def drawn(self) -> tuple[Series, ...]:
        """Return the curve that was drawn, to lie under that of the run; nothing where none was."""
        if not isinstance(self.value, tuple):
            return ()
        x, y = np.array(self.value).T
        return (Series(*self._lab.prediction.about, x, y, branch=DRAWN),)

    def came_true(self, snapshot: Snapshot | None) -> str | float | None:
        """Return the option or the number that a run ended with; None before its end, where none did, or where a curve was asked for."""
        if snapshot is None or snapshot.final is None or snapshot.diverged:
            return None
        return (
            number(self._lab, snapshot.final) if self._lab.prediction.kind == "number" else snapshot.outcome
        )

    def on_curve(self, curves: Curves, spread: Spread | None) -> CurveBet | None:
        """Return how the drawn curve came out; None where none was, or nothing has run."""
        about = (*self._lab.prediction.about, 0)
        own = next((s for s in curves.series if (s.arm, s.metric, s.branch) == about), None)
        if own is None or not isinstance(self.value, tuple):
            return None
        return judged_curve(self._lab, self.value, own.x, own.y, spread)

    def on_number(self, outcome: str | float | None, spread: Spread | None) -> NumberBet | None:
        """Return how a bet on a number came out; None where there was none."""
        if not isinstance(self.value, float) or not isinstance(outcome, float):
            return None
        return judged_number(self._lab, self.value, outcome, spread)

    def reveal(
        self, section: str, snapshot: Snapshot, curves: Curves, spread: Spread | None, lang: Lang, *,
        seed: int, settings: Mapping[str, str], as_made: bool, settles: bool,
    ) -> None:  # fmt: skip
        """Keep what a run came to: only one of the lab as it is made, and where it settles bets, says whether the bet was right."""
        outcome = self.came_true(snapshot)
        judged = None
        if as_made:
            self.judged = outcome
            if settles and not snapshot.diverged:
                judged = self.on_curve(curves, spread) or self.on_number(outcome, spread)
        metrics = {arm: dict(values) for arm, values in (snapshot.final or {}).items()}
        self.last_time = self._store.last_reveal(self._unit, self._lab.id)
        self._store.record_reveal(
            self._unit, section, self._lab.id, self.value if settles else None, outcome, metrics, seed,
            lang=lang, settings=settings, score=judged.score if judged is not None else None,
            confidence=self.confidence if settles else None,
            digest=digest(self._lab.prediction),
        )  # fmt: skip

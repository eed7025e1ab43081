"""An entry of the dictionary of problems."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.content.problems import Severity
from tutor.text import Text


@dataclass(frozen=True, slots=True)
class Message:
    """Entry of the dictionary."""

    message: Text
    hint: Text
    severity: Severity = "error"


def error(zh: str, en: str, zh_hint: str, en_hint: str) -> Message:
    """An error: what is wrong, then what to do."""
    return Message(Text(zh, en), Text(zh_hint, en_hint))


def warning(zh: str, en: str, zh_hint: str, en_hint: str) -> Message:
    """A warning: what is wrong, then what to do."""
    return Message(Text(zh, en), Text(zh_hint, en_hint), "warning")

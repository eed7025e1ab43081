"""Which settings of an experiment take a text of the learner's own. Knows neither torch nor a screen."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from tutor.text import Text

NO_USER_TEXT = Text(
    "这个实验用的是自己造出来的数据，换不成你自己的文本。",
    "This lab makes its own data, which text of yours can’t replace.",
)


@dataclass(frozen=True, slots=True)
class OwnText:
    """Files or folders of the learner; two of the same name in different folders, or read otherwise, are different texts.

    Attributes:
        path: Paths, with null characters between several.
        encoding: Of the files; None: found out.
    """

    path: str
    encoding: str | None = None

    def __str__(self) -> str:
        names = ", ".join(PurePath(one).name.replace("\n", " ") for one in self.path.split("\0"))
        return names + (f" ({self.encoding})" if self.encoding else "")


@dataclass(frozen=True, slots=True)
class UserText:
    """The config keys of an experiment that can train on a text of the learner's own.

    Attributes:
        text: Key that names the text to train on.
        own: Its value where that is the learner's.
        files: Key of the files or folders, null characters between several; without effect with another text.
        encoding: Key of their encoding; unset: found out.
        quoted: Keys that a lab fills from the text it was written for: with the learner's text its values don't hold.
    """

    text: str = "corpus"
    own: str = "own"
    files: str = "text_file"
    encoding: str = "text_encoding"
    quoted: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, str, str]:
        """All three."""
        return self.text, self.files, self.encoding

    def settings(self, paths: Iterable[Path], encoding: str | None = None) -> dict[str, str]:
        """Return the settings that train on these files or folders; `encoding` is that of them all, None finds it out."""
        settings = {
            self.text: self.own,
            self.files: "\0".join(str(_at_home(path).absolute()) for path in paths),
        }
        return settings if encoding is None else {**settings, self.encoding: encoding}

    def of(self, settings: Mapping[str, Any]) -> OwnText | None:
        """Return the learner's text that these settings train on; None where it is another."""
        files = settings.get(self.files)
        if settings.get(self.text) != self.own or not files:
            return None
        return OwnText(str(files), settings.get(self.encoding))

    def as_one(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """Return a config with the text as one setting, an `OwnText` where it is the learner's: files alone decide nothing."""
        values = {key: value for key, value in config.items() if key not in (self.files, self.encoding)}
        own = self.of(config)
        return values if own is None else {**values, self.text: own}


@dataclass(frozen=True, slots=True)
class UserLine:
    """A setting that takes a line which the learner types.

    Attributes:
        key: Its config key.
        ask: What the learner is asked.
        most: Characters that it may have.
        view: The view that shows it.
    """

    key: str
    ask: Text
    most: int = 200
    view: str = ""


def _at_home(path: Path) -> Path:
    """Return a path with ``~`` for the learner's folder, unless there is a file of just that name, or no such user."""
    try:
        return path if os.path.lexists(path) else path.expanduser()
    except RuntimeError:
        return path

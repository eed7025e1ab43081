"""Text in the two languages of the tutor: what every learner-facing string is made of.

A leaf: imports nothing but the standard library, so that any part of the house may use it.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

Lang = Literal["zh", "en"]
"""The languages of the tutor."""

LANGS: tuple[Lang, ...] = get_args(Lang)


class _Filler(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        one, plural, many = format_spec.partition("|")
        if plural:
            return one if str(value) == "1" else many
        return str(super().format_field(value, format_spec))


_FILLER = _Filler()


def filled(template: str, *values: object, **named: object) -> str:
    """Fill the places of a template; ``{count:row|rows}`` is the first word where the count is one, else the second."""
    # What is built in is several times as fast, and most templates count nothing.
    return (
        _FILLER.format(template, *values, **named) if "|" in template else template.format(*values, **named)
    )


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages, each as a native author would write it."""

    zh: str
    en: str

    # Read by pydantic when a content model has a field of this type; a misspelt language is an error.
    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012

    @classmethod
    def joined(cls, texts: Iterable[Text], zh: str = "", en: str = " ") -> Text:
        """Return texts one after another, with `zh` and `en` between them; as sentences unless something else is given."""
        texts = tuple(texts)
        return cls(zh.join(text.zh for text in texts), en.join(text.en for text in texts))

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Fill ``{name}`` placeholders in both languages, see `filled`; a value that is itself a `Text` is put in its own language."""

        def pick(lang: Lang) -> dict[str, object]:
            return {name: v[lang] if isinstance(v, Text) else v for name, v in values.items()}

        return Text(filled(self.zh, **pick("zh")), filled(self.en, **pick("en")))


class InputError(Exception):
    """What was asked for can't be done: the reason in both languages, and the exit code of a command that ends by it.

    Subclasses are for what somebody catches apart.
    """

    def __init__(self, text: Text, exit_code: int = 2) -> None:
        super().__init__(text.en)
        self.text = text
        self.exit_code = exit_code


EMOJI = "\u2190-\u21ff\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff"
"""What a joiner may join, as a part of a regular expression's class."""
_SHAPED = "\u0620-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1820-\u18aa\ufb50-\ufdff\ufe70-\ufefc"
"""Letters of scripts whose spelling needs joiners: Arabic and Persian, those of India, Burmese, Khmer, Mongolian."""
_TAGS = "\U000e0020-\U000e007e"

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0 and C1, all but tab and line breaks
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # bidi marks, overrides, isolates; line breaks of YAML only
    "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
    f"|(?<![{EMOJI}\ufe0f{_SHAPED}])\u200d|(?<=[{EMOJI}\ufe0f])\u200d(?![{EMOJI}])"
    f"|(?<![{_SHAPED}])\u200c|\u200c(?![{_SHAPED}])"
    rf"|(?<![0-9#*])(?<![^\x00-\xa0\u3000])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+"  # no character to choose a form of
    # Tags are letters that nobody sees, but for the flags of regions: up to six after a black flag, then an end.
    f"|(?:(?<![\U0001f3f4{_TAGS}])|(?<=\U0001f3f4)(?![{_TAGS}]{{2,6}}\U000e007f))[\U000e0000-\U000e007f]+"
)
"""What nobody sees and that has no business where it stands. What is left can become one when others are removed."""


def as_lang(code: str | None) -> Lang | None:
    """The language that a locale name such as ``zh_CN.UTF-8`` or ``en`` asks for; None when neither."""
    primary = (code or "").lower().replace("-", "_").split("_")[0].split(".")[0]
    return next((lang for lang in LANGS if lang == primary), None)

"""Text in the two languages of the tutor: what every learner-facing string is made of.

A leaf: imports nothing but the standard library, so that any part of the house may use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Lang = Literal["zh", "en"]
"""The languages of the tutor."""

LANGS: tuple[Lang, ...] = get_args(Lang)


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages, each as a native author would write it."""

    zh: str
    en: str

    # Read by pydantic when a content model has a field of this type; a misspelt language is an error.
    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Fill ``{name}`` placeholders in both languages.

        Args:
            values: What to fill in. A value that is itself a `Text` is put in its own language.
        """

        def pick(lang: Lang) -> dict[str, object]:
            return {name: v[lang] if isinstance(v, Text) else v for name, v in values.items()}

        return Text(self.zh.format(**pick("zh")), self.en.format(**pick("en")))


def as_lang(code: str | None) -> Lang | None:
    """The language that a locale name such as ``zh_CN.UTF-8`` or ``en`` asks for; None when neither."""
    primary = (code or "").lower().replace("-", "_").split("_")[0].split(".")[0]
    return next((lang for lang in LANGS if lang == primary), None)

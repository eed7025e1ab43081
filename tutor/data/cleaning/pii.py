"""Personal data masked: addresses, numbers of phones, identity cards, bank cards, computers.

Named after what they are (``<EMAIL>``), so that a model still learns that an address stands there. What can be checked is: check digits of Chinese identity cards (GB 11643-1999) and of
bank cards (Luhn, ISO/IEC 7812-1), ranges of IP addresses, dates. Large corpora mask e-mail and IP addresses (FineWeb) or also phone numbers (the ROOTS corpus of
BLOOM); names need a model, and stay.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from tutor.data.cleaning.base import Document, Outcome
from tutor.text import Text

# No two parts of a pattern can match the same characters at their border, and every run is bounded or possessive.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}+@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{9}[0-9Xx](?![0-9A-Za-z])")
_CARD = re.compile(
    r"(?<![\d-])(?:\d{13,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{5})(?![\d-])"
)
_PHONE_CN = re.compile(
    r"(?<![\d.+-])(?:\+?86[ -]?)?1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})(?![\d])"
    r"|(?<![\d.+-])(?:\+?86[ -]?)?(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3}-)[ ]?[2-8]\d{6,7}(?![\d])"
    r"|(?<![\d.+-])[48]00[ -]?\d{3}[ -]?\d{4}(?![\d])"
)
_PHONE = re.compile(
    r"(?<![A-Za-z0-9_.+-])(?:\+|00)[1-9]\d{0,2}(?:[ .-]?\(?\d{1,4}\)?){2,6}(?![\d])"
    r"|(?<![A-Za-z0-9_.+-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])(?:\d{3})[ .-]\d{4}(?![\d.-])"
    r"|(?<![A-Za-z0-9_.+-])555[ .-]01\d{2}(?![\d.-])"
)
_IPV4 = re.compile(r"(?<![A-Za-z0-9_.])\d{1,3}(?:\.\d{1,3}){3}(?![A-Za-z0-9_]|\.\d)")
_IPV6 = re.compile(r"(?<![A-Za-z0-9_:.])[0-9A-Fa-f:]{2,39}+(?:\.\d{1,3}){0,3}(?![A-Za-z0-9_:])")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Pii:
    """Masks what identifies a person. Addresses that mean no one (127.0.0.1, 0.0.0.0) stay; those reserved for documentation are masked."""

    id = "pii"
    title = Text("个人信息打码", "Personal data masked")
    reasons = {  # noqa: RUF012
        "EMAIL": Text("电子邮件地址", "e-mail addresses"),
        "ID_CARD": Text(
            "中国居民身份证号（校验码正确）", "Chinese identity card numbers (check digit right)"
        ),
        "BANK_CARD": Text("银行卡号（Luhn 校验通过）", "bank card numbers (Luhn check right)"),
        "PHONE": Text("电话号码（中国与国际格式）", "phone numbers (Chinese and international)"),
        "IP": Text("IP 地址", "IP addresses"),
    }

    def apply(self, document: Document) -> Outcome:
        """Put a tag in the place of each."""
        text = document.text
        counts: dict[str, int] = {}
        examples: dict[str, tuple[str, str]] = {}
        for tag, pattern, holds, needed in _KINDS:
            if needed is not None and not needed.search(text):
                continue
            text = _mask(text, tag, pattern, holds, counts, examples)
        return Outcome(text, counts, examples=examples) if counts else Outcome(document.text)


def _mask(
    text: str,
    tag: str,
    pattern: re.Pattern[str],
    holds: Callable[[str], bool],
    counts: dict[str, int],
    examples: dict[str, tuple[str, str]],
) -> str:
    def replacement(match: re.Match[str]) -> str:
        if not holds(match[0]):
            return match[0]
        counts[tag] = counts.get(tag, 0) + 1
        before, after = text[max(0, match.start() - 30) : match.start()], text[match.end() : match.end() + 30]
        examples.setdefault(tag, (before + match[0] + after, f"{before}<{tag}>{after}"))
        return f"<{tag}>"

    return pattern.sub(replacement, text)


def is_identity_number(number: str) -> bool:
    """Whether eighteen characters are a Chinese identity number: a date of birth that exists, a check digit that is right (GB 11643)."""
    month, day = int(number[10:12]), int(number[12:14])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def is_card_number(number: str) -> bool:
    """Whether the digits pass Luhn's check, are 13 to 19, begin like a card's, and are not all the same."""
    digits = [int(c) for c in number if c.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6, 8, 9) or len(set(digits)) < 2:
        return False
    doubled = [d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _is_address(text: str) -> bool:
    if ":" in text and text.count(":") < 2:
        return False
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    # A version number such as 1.2.3.4 looks the same; a single figure in every place is taken for one.
    if address.version == 4 and all(len(part) == 1 for part in text.split(".")):
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast)


def _is_phone(number: str) -> bool:
    # One point alone makes it a number with a fraction.
    return 7 <= sum(map(str.isdigit, number)) <= 15 and number.count(".") != 1


def _always(_: str) -> bool:
    return True


_SEVEN_DIGITS = re.compile(r"\d[\d .()-]{5}")
_LONG_DIGITS = re.compile(r"\d{6}|\d{4}[ -]\d{4}")
_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool], re.Pattern[str] | None], ...] = (
    ("EMAIL", _EMAIL, _always, re.compile("@")),
    ("ID_CARD", _IDENTITY, is_identity_number, _LONG_DIGITS),
    ("BANK_CARD", _CARD, is_card_number, _LONG_DIGITS),
    ("IP", _IPV4, _is_address, re.compile(r"\d\.\d{1,3}\.")),
    ("IP", _IPV6, _is_address, re.compile(r"[0-9A-Fa-f]:[0-9A-Fa-f:]")),
    ("PHONE", _PHONE_CN, _is_phone, _SEVEN_DIGITS),
    ("PHONE", _PHONE, _is_phone, _SEVEN_DIGITS),
)
"""In this order: of two readings of a number, the one that a check digit confirms comes first."""

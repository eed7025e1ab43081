"""Personal data masked: addresses, numbers of phones, identity cards, bank cards, computers.

Named after what they are (``<EMAIL>``), so that a model still learns that an address stands there. What can be checked is: check digits of Chinese identity cards (GB 11643-1999) and of
bank cards (Luhn, ISO/IEC 7812-1), ranges of IP addresses, dates. Large corpora mask e-mail and IP addresses (FineWeb) or also phone numbers (the ROOTS corpus of
BLOOM); names need a model, and stay.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

from tutor.data.cleaning.base import Document, Outcome, unchanged
from tutor.data.cleaning.measures import measure
from tutor.text import Text

# No two parts of a pattern can match the same characters at their border, and every run is bounded or possessive. An extension (``x5``) may follow a phone number.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}+@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx](?![0-9A-Za-z])")
_CARD = re.compile(
    r"(?<![0-9-])(?:[0-9]{13,19}|[0-9]{4}(?:[ -][0-9]{4}){3}(?:[ -][0-9]{1,3})?|[0-9]{4}[ -][0-9]{6}[ -][0-9]{5})(?![0-9A-Za-z_-])"
)
_PHONE_CN = re.compile(
    r"(?<![0-9.+-])(?:\+?86[ -]?)?1[3-9][0-9](?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4})(?![0-9]|[a-f][0-9])"
    r"|(?<![0-9.+-])(?:\+?86[ -]?)?(?:\(0[0-9]{2,3}\)|（0[0-9]{2,3}）|0[0-9]{2,3}-)[ ]?[2-8][0-9]{6,7}(?![0-9])"
    r"|(?<![0-9.+-])[48]00[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])"
)
_PHONE = re.compile(
    r"(?<![A-Za-z0-9_.+~-])(?:\+|00)[1-9][0-9]{0,2}(?:[ .-]?\(?[0-9]{1,4}+\)?){2,6}(?![0-9A-WYZa-wyz_+]|[xX](?![0-9]))"
    r"|(?<![A-Za-z0-9_.+-])(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])(?:[0-9]{3})[ .-][0-9]{4}(?![0-9.-])"
    r"|(?<![A-Za-z0-9_.+-])555[ .-]01[0-9]{2}(?![0-9.-])"
)
_IPV4 = re.compile(r"(?<![A-Za-z0-9_.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![A-Za-z0-9_]|\.[0-9])")
_IPV6 = re.compile(r"(?<![A-Za-z0-9_:.])[0-9A-Fa-f:]{2,39}+(?:\.[0-9]{1,3}){0,3}(?![A-Za-z0-9_:])")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of data: the tag, the pattern, a sign that is quick to look for, and what else must hold."""

    tag: str
    pattern: re.Pattern[str]
    sign: re.Pattern[str]
    holds: Callable[[str], bool]


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
        signs = {sign for sign in _SIGNS if sign.search(text)}
        kinds = [kind for kind in _KINDS if kind.sign in signs]
        if not kinds:
            return unchanged(text)
        counts: dict[str, int] = {}
        examples: dict[str, tuple[str, str]] = {}
        lines = list(measure(text).lines)
        for i, line in enumerate(lines):
            if not any(sign.search(line) for sign in signs):
                continue
            masked = line
            for kind in kinds:
                if kind.sign.search(masked):
                    masked = _mask(masked, kind, counts, examples)
            lines[i] = masked
        return Outcome("\n".join(lines), counts, examples=examples) if counts else unchanged(text)


def _mask(line: str, kind: _Kind, counts: dict[str, int], examples: dict[str, tuple[str, str]]) -> str:
    def replacement(match: re.Match[str]) -> str:
        if not kind.holds(match[0]):
            return match[0]
        tag = kind.tag
        counts[tag] = counts.get(tag, 0) + 1
        before, after = line[max(0, match.start() - 30) : match.start()], line[match.end() : match.end() + 30]
        examples.setdefault(tag, (before + match[0] + after, f"{before}<{tag}>{after}"))
        return f"<{tag}>"

    return kind.pattern.sub(replacement, line)


def is_identity_number(number: str) -> bool:
    """Whether eighteen characters are a Chinese identity number: a date of birth that exists, a check digit that is right (GB 11643)."""
    month, day = int(number[10:12]), int(number[12:14])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def is_card_number(number: str) -> bool:
    """Whether the digits pass Luhn's check, are 13 to 19, begin as a card of that length does, and are not all the same."""
    digits = [int(c) for c in number if c.isdigit()]
    if not _begins_like_a_card("".join(map(str, digits))) or len(set(digits)) < 2:
        return False
    doubled = [d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _begins_like_a_card(digits: str) -> bool:
    """By ISO/IEC 7812: short numbers are an ISBN or the time of day more often than a card, and tell by how they begin."""
    match len(digits):
        case 13:  # old cards of Visa
            return digits[0] == "4"
        case 14:  # Diners Club
            return digits.startswith(("30", "36", "38", "39"))
        case 15:  # American Express
            return digits.startswith(("34", "37"))
        case 16 if digits[0] == "2":  # Mastercard's second range
            return "2221" <= digits[:4] <= "2720"
        case 16 | 17 | 18 | 19:
            return digits[0] in "345689"
        case _:
            return False


def _is_address(text: str) -> bool:
    if ":" in text and text.count(":") < 2:
        return False
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address  # else ::ffff:c000:211 is taken for reserved
    # A version number (3.14.5.9) or that of a section looks the same: it begins with a single figure, and no part is large. One address in 400 does, too.
    if address.version == 4 and text[1] == "." and all(len(part) <= 2 for part in text.split(".")):
        return False
    # Reserved are masks such as 255.255.255.0, and most of what is no address but a path of a program: a::b, f64::.
    return not (address.is_loopback or address.is_unspecified or address.is_multicast or address.is_reserved)


def _is_phone(number: str) -> bool:
    digits = sum(map(str.isdigit, number))
    fewest, most = 7, 15
    if number[0] == "+":
        fewest = 8
    elif number.startswith("00"):  # as a hash does, and an ISSN (0028-0836)
        fewest, most = 11, 17
    # One point alone makes it a number with a fraction.
    return fewest <= digits <= most and number.count(".") != 1


def _is_mail(address: str) -> bool:
    # Images of double size are named icon@2x.png.
    return not address.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"))


# Each begins with something that a search skips to quickly, and is there wherever the pattern behind it matches.
COLONS_APART = 5
"""Two colons of an address of IPv6 stand so close together, at most."""

COLONS = re.compile(r":[0-9A-Fa-f]{0,4}:")
_DIGITS = re.compile(r"[0-9][0-9 .()-]{5}")
_KINDS = (
    _Kind("EMAIL", _EMAIL, re.compile(r"@[A-Za-z0-9]"), _is_mail),
    _Kind("ID_CARD", _IDENTITY, _DIGITS, is_identity_number),
    _Kind("BANK_CARD", _CARD, _DIGITS, is_card_number),
    _Kind("IP", _IPV4, _DIGITS, _is_address),
    _Kind("IP", _IPV6, COLONS, _is_address),
    _Kind("PHONE", _PHONE_CN, _DIGITS, _is_phone),
    _Kind("PHONE", _PHONE, _DIGITS, _is_phone),
)
"""In this order: of two readings of a number, the one that a check digit confirms comes first."""

_SIGNS = {kind.sign for kind in _KINDS}

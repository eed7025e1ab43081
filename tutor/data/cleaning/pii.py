"""Personal data masked: addresses, numbers of phones, identity cards, bank cards, computers.

Named after what they are (``<EMAIL>``), so that a model still learns that an address stands there. What can be checked is: check digits of Chinese identity cards (GB 11643-1999) and of
bank cards (Luhn, ISO/IEC 7812-1), ranges of IP addresses, dates. Large corpora mask e-mail and IP addresses (FineWeb) or also phone numbers (the ROOTS corpus of
BLOOM); names need a model, and stay.

A number behind a decimal point, or before one, is a fraction and none of these, whatever its digits. (A decimal comma can't be told from the comma of a table.)
FineWeb leaves private addresses (``10.7.31.9``, ``fd00::1``); they are masked here, for they tell of someone's network. What calls itself a version (``version 10.7.31.9``) stays, and so does
a network (``10.0.0.0/8``), which is no computer; of ``192.0.2.17/24`` the address goes. The zone of an IPv6 address (``fe80::1%eth0``) goes with it, unless it reads as an escape of a URL (``%20``).
FineWeb's pattern takes ``x@1.2.3`` for mail; it is a package with its version, as no domain ends in a figure. ``x@163.com`` is mail, and so is ``a@[192.0.2.1]``.
``git@host:path``, ``ann@host:/path`` and ``ssh://ann@host/path`` name a place on a computer; ``git@host`` alone is mail, which some people have.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.cleaning.measures import measure
from tutor.text import Text

# No two parts of a pattern can match the same characters at their border, and every run is bounded or possessive. An extension (``x5``) may follow a phone number.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9._%+-]{1,64}+)@"
    r"(?:[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}(?![A-Za-z0-9-])|\[(?:IPv6:([0-9A-Fa-f:.]{2,45})|[0-9.]{7,15})\])"
)
_IDENTITY = r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx](?![0-9A-Za-z]|\.[0-9])"
_CARD = r"(?<![0-9-])(?:[0-9]{13,19}|[0-9]{4}(?:[ -][0-9]{4}){3}(?:[ -][0-9]{1,3})?|[0-9]{4}[ -][0-9]{6}[ -][0-9]{5})(?![0-9A-Za-z_-]|\.[0-9])"
_PHONE_CN = (
    r"(?:(?<![0-9.+-])(?:\+?86[ -]?)?1[3-9][0-9](?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4})(?![0-9]|[a-f][0-9])"
    r"|(?<![0-9.+-])(?:\+?86[ -]?)?(?:\(0[0-9]{2,3}\)|（0[0-9]{2,3}）|0[0-9]{2,3}-)[ ]?[2-8][0-9]{6,7}(?![0-9])"
    r"|(?<![0-9.+-])[48]00[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9]))(?!\.[0-9])"
)
_PHONE = (
    r"(?<![A-Za-z0-9_.+~-])(?:\+|00)[1-9][0-9]{0,2}(?:[ .-]?\(?[0-9]{1,4}+\)?){2,6}(?![0-9A-WYZa-wyz_+]|[xX](?![0-9]))"
    r"|(?<![A-Za-z0-9_.+-])(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])(?:[0-9]{3})[ .-][0-9]{4}(?![0-9-]|\.[0-9])"
    r"|(?<![A-Za-z0-9_.+-])555[ .-]01[0-9]{2}(?![0-9-]|\.[0-9])"
)
_IPV4 = re.compile(r"(?<![A-Za-z0-9_.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![A-Za-z0-9_]|\.[0-9])")
_IPV6 = re.compile(
    r"(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-f]{0,4}:){2,8}(?:[0-9A-Fa-f]{1,4}(?:\.[0-9]{1,3}){0,3}|(?<=::))(?![A-Za-z0-9_]|:[A-Za-z0-9_:]|\.[0-9])"
    r"(?:%(?:25)?(?![0-9A-Fa-f]{2})[A-Za-z0-9]{1,15}(?:[._-][A-Za-z0-9]{1,15})?)?"
)
# A point after a letter or another point begins no fraction, but the next sentence. Digits may stand in groups of four, as those of cards do.
_FRACTION = r"(?<![^\W\d_])(?<![.)\]])\.[0-9]++(?:(?<=\.[0-9]{4})(?: [0-9]{4})++)?"

_PATH = re.compile(r":[A-Za-z0-9_./~-]")
_SURE_PATH = re.compile(r":(?:~?/[A-Za-z0-9_.-]|~[A-Za-z0-9]|[A-Za-z0-9_./~-]{1,200}\.git\b)")
_OF_A_URL = re.compile(r"\b(?:ssh|git|svn|hg|https?|ftps?|sftp|rsync)://\Z")
_VERSION = re.compile(
    r"(?:\b(?:version|release|revision|build|ver|rev|v)|版本号?)\.?[ :：=]{0,3}\Z", re.IGNORECASE
)
_ARCHIVE = re.compile(r"\.(?:tar|t?gz|tgz|zip|whl|rpm|deb|jar|gem|exe|msi|dmg|pkg)\b")
_PREFIX = re.compile(r"/([0-9]{1,3})(?![0-9.])")

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of data: the tag, the pattern, a sign that is quick to look for, and what else must hold."""

    tag: str
    pattern: re.Pattern[str]
    sign: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool]


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
        text = document.text
        signs = {sign for sign in _SIGNS if sign.search(text)}
        kinds = [kind for kind in _KINDS if kind.sign in signs]
        outcome = Outcome(text)
        if not kinds:
            return outcome
        lines = list(measure(text).lines)
        for i, line in enumerate(lines):
            if any(sign.search(line) for sign in signs):
                for kind in kinds:
                    lines[i] = _mask(lines[i], kind, outcome)
        if outcome.reasons:
            outcome.text = "\n".join(lines)
        return outcome


def _mask(line: str, kind: _Kind, outcome: Outcome) -> str:
    def replacement(match: re.Match[str]) -> str:
        if match.lastgroup == "fraction" or not kind.holds(match):
            return match[0]
        mask = f"<{kind.tag}>"
        around = line[max(0, match.start() - 30) : match.start()], line[match.end() : match.end() + 30]
        outcome.note(kind.tag, match[0].join(around), mask.join(around))
        return mask

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


_CARDS: dict[int, tuple[str, ...]] = {
    13: ("4",),  # old cards of Visa
    14: ("30", "36", "38", "39"),  # Diners Club
    15: ("34", "37"),  # American Express
    **dict.fromkeys((16, 17, 18, 19), ("3", "4", "5", "6", "8", "9")),
}
"""How cards of a length begin, by ISO/IEC 7812: short numbers are an ISBN or the time of day more often than a card."""


def _begins_like_a_card(digits: str) -> bool:
    if len(digits) == 16 and digits[0] == "2":  # Mastercard's second range
        return "2221" <= digits[:4] <= "2720"
    return digits.startswith(_CARDS.get(len(digits), ()))


def _is_address(match: re.Match[str]) -> bool:
    line, text = match.string, match[0].partition("%")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    length = _PREFIX.match(line, match.end())
    host = address.max_prefixlen - int(length[1]) if length else 0
    if host > 0 and int(address) % (1 << host) == 0:  # a network, not one computer
        return False
    if isinstance(address, ipaddress.IPv4Address):
        before = line[max(0, match.start() - 16) : match.start()]
        if _VERSION.search(before) or (before.endswith("-") and _ARCHIVE.match(line, match.end())):
            return False
        # A version number (3.14.5.9) or that of a section looks the same: it begins with a single figure, and no part is large. One address in 400 does, too.
        return not (text[1] == "." and all(len(part) <= 2 for part in text.split("."))) and _is_someones(
            address
        )
    # ::ffff:c000:211 and what ends as an address of IPv4 is written is one of IPv4 in another form: by itself it would be taken for reserved.
    inner = ipaddress.IPv4Address(int(address) % (1 << 32)) if "." in text else address.ipv4_mapped
    return _is_someones(address) or (inner is not None and _is_someones(inner))


def _is_someones(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    # Reserved are masks such as 255.255.255.0, and most of what is no address but a path of a program: a::b, f64::. What begins with 0 is a mask the other way round.
    return not (
        address.is_loopback
        or address.is_unspecified
        or address.is_multicast
        or address.is_reserved
        or (address.version == 4 and address.packed[0] == 0)
    )


def _is_phone(match: re.Match[str]) -> bool:
    number = match[0]
    digits = sum(map(str.isdigit, number))
    fewest, most = 7, 15
    if number[0] == "+":
        fewest = 8
    elif number.startswith("00"):  # as a hash does, and an ISSN (0028-0836)
        fewest, most = 11, 17
    # One point alone makes it a number with a fraction.
    return fewest <= digits <= most and number.count(".") != 1


def _is_mail(match: re.Match[str]) -> bool:
    line, name = match.string, match[0].lower()
    path = _PATH if match[1].lower() in ("git", "hg", "svn") else _SURE_PATH
    if path.match(line, match.end()) or _OF_A_URL.search(line[max(0, match.start() - 10) : match.start()]):
        return False
    if name.endswith("]"):  # an address of a computer in brackets
        try:
            ipaddress.ip_address(match[2] or name.partition("[")[2][:-1])
        except ValueError:
            return False
    # Images of double size are named icon@2x.png.
    return not name.endswith((".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"))


def _numbers(pattern: str) -> re.Pattern[str]:
    """The pattern outside of fractions, which are read over."""
    return re.compile(f"(?P<fraction>{_FRACTION})|{pattern}")


# Each begins with something that a search skips to quickly, and is there wherever the pattern behind it matches.
_COLONS = re.compile(r":[0-9A-Fa-f]{0,4}:")
_DIGITS = re.compile(r"[0-9][0-9 .()-]{5}")
_KINDS = (
    _Kind("EMAIL", _EMAIL, re.compile(r"@[A-Za-z0-9\[]"), _is_mail),
    _Kind("ID_CARD", _numbers(_IDENTITY), _DIGITS, lambda match: is_identity_number(match[0])),
    _Kind("BANK_CARD", _numbers(_CARD), _DIGITS, lambda match: is_card_number(match[0])),
    _Kind("IP", _IPV6, _COLONS, _is_address),
    _Kind("IP", _IPV4, _DIGITS, _is_address),
    _Kind("PHONE", _numbers(_PHONE_CN), _DIGITS, _is_phone),
    _Kind("PHONE", _numbers(_PHONE), _DIGITS, _is_phone),
)
"""In this order: of two readings of a number, the one that a check digit confirms comes first; an address of IPv6 may end with one of IPv4."""

_SIGNS = {kind.sign for kind in _KINDS}

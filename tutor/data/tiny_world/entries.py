"""An entry of the lexicon: one meaning, every form of it in both languages, in English by rule where the lexicon has none."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from tutor.text import Lang

Forms = dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One meaning with its words.

    Attributes:
        id: Kind and English word, such as ``food.apple``.
        tags: What can be done with it, and where; kind and id are tags, too.
        takes: Tags of what it goes with: objects of a verb, places of a deed, the workplace of a job.
        held_out: Whether training text never shows it.
        code: A number that stays the same from run to run, for the choice of held-out combinations.
        forms: Its forms by language and name; a name that ends in ``^`` begins a sentence.
    """

    id: str
    kind: str
    tags: frozenset[str]
    takes: frozenset[str]
    held_out: bool
    code: int
    forms: Mapping[Lang, Forms]

    def __repr__(self) -> str:
        return f"<{self.id}>"

    def __deepcopy__(self, memo: object) -> Entry:
        return self

    def __reduce__(self) -> tuple[Callable[[str], Entry], tuple[str]]:
        return _by_id, (self.id,)  # entries are compared by identity: a pickled one comes back as itself

    def word(self, language: Lang) -> str:
        return self.forms[language][""]


@functools.cache
def lexicon() -> Mapping[str, Entry]:
    return {entry.id: entry for entry in _all()}


@functools.cache
def domain(name: str) -> tuple[Entry, ...]:
    """The entries of a domain: tags joined by ``&`` (all of them) or ``+`` (any of them), in the order of the lexicon.

    Raises:
        KeyError: No entry has such tags.
    """
    if "+" in name:
        wanted = {entry for part in name.split("+") for entry in domain(part)}
    else:
        tags = set(name.split("&"))
        wanted = {entry for entry in lexicon().values() if tags <= entry.tags}
    if not wanted:
        raise KeyError(name)
    return tuple(entry for entry in lexicon().values() if entry in wanted)


@functools.cache
def taken_by(entry: Entry, name: str) -> tuple[Entry, ...]:
    """What of a domain an entry goes with."""
    return tuple(other for other in domain(name) if entry.takes & other.tags)


def is_held_out_pair(a: Entry, b: Entry) -> bool:
    """Whether training text never joins these two in one statement: so it is for one pair in ten, in either order."""
    return a.code * b.code % 1_000_003 % 10 == 0


def _by_id(id: str) -> Entry:
    return lexicon()[id]


def sections(file: str) -> Iterator[tuple[str, list[str]]]:
    """Heads of a file of tables, without ``##``, each with the lines under it; what stands before the first is for readers."""
    text = (resources.files(__package__) / f"{file}.txt").read_text("utf-8")
    for section in text.split("\n## ")[1:]:
        head, *lines = section.splitlines()
        yield head, [line.strip() for line in lines if line.strip()]


def _all() -> Iterator[Entry]:
    for head, lines in sections("lexicon"):
        kind, _, gender = head.partition(" ")
        for line in lines:
            forms, tags, takes = _BUILD.get(kind, _adjective)(
                [*line.lstrip("*").split("|"), "", ""], gender or kind
            )
            yield _entry(kind, forms["en"][""], forms, tags, takes, held_out=line.startswith("*"))
    for n in range(3, 61):
        kinds = [tag for tag, a, b in (("price", 3, 40), ("age", 20, 60), ("hour", 6, 11)) if a <= n <= b]
        number: Mapping[Lang, Forms] = {"zh": {"": chinese_number(n)}, "en": {"": english_number(n)}}
        yield _entry("number", english_number(n), number, kinds, [], held_out=False)


_VOWELS = "aeiou"
_SILENT = ("hour", "honest")
_SOUNDED = ("uni", "use", "one")
_DOUBLED = {"cut", "swim", "run", "chat", "wrap", "put", "sit", "get", "hit", "let", "dig"}
"""Verbs whose last consonant is doubled before -ing."""


def with_article(phrase: str) -> str:
    """A phrase behind its indefinite article, chosen by sound: *an hour*, *a useful thing*."""
    sounds_vowel = phrase.startswith(_SILENT) or (
        phrase[:1].lower() in _VOWELS and not phrase.startswith(_SOUNDED)
    )
    return f"{'an' if sounds_vowel else 'a'} {phrase}"


def plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def third_person(verb: str) -> str:
    """*goes* of *go*; only the first word of a phrase changes."""
    head, blank, rest = verb.partition(" ")
    if head == "have":
        return "has" + blank + rest
    return ("goes" if head == "go" else plural(head)) + blank + rest


def ing(verb: str) -> str:
    """*going* of *go*; only the first word of a phrase changes."""
    head, blank, rest = verb.partition(" ")
    if head in _DOUBLED:
        head += head[-1]
    elif head.endswith("e") and not head.endswith(("ee", "ye")):
        head = head[:-1]
    return head + "ing" + blank + rest


_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def english_number(n: int) -> str:
    """A whole number from 1 to 99 in words."""
    if n < 20:
        return _SMALL[n]
    return _TENS[n // 10 - 2] + (f"-{_SMALL[n % 10]}" if n % 10 else "")


def chinese_number(n: int) -> str:
    """A whole number from 1 to 99 in characters."""
    tens, ones = divmod(n, 10)
    digits = "〇一二三四五六七八九"
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones else "")


_Built = tuple[Mapping[Lang, Forms], list[str], list[str]]


def _entry(
    kind: str, name: str, forms: Mapping[Lang, Forms], tags: list[str], takes: list[str], held_out: bool
) -> Entry:
    key = f"{kind}.{name}"
    if kind == "verb":  # *play* is one word in English and four in Chinese
        key += "." + forms["zh"][""]
    zh, en = forms["zh"], forms["en"]
    zh["other"], en["other"] = en[""], zh[""]
    for lang in ("zh", "en"):
        forms[lang].update({f"{form}^": word[:1].upper() + word[1:] for form, word in forms[lang].items()})
    code = zlib.crc32(key.encode()) % 1_000_003 or 1
    return Entry(key, kind, frozenset([kind, key, *tags]), frozenset(takes), held_out, code, forms)


def _person(cells: list[str], gender: str) -> _Built:
    zh = "她" if gender == "f" else "他"
    he, him, his = ("she", "her", "her") if gender == "f" else ("he", "him", "his")
    forms: Mapping[Lang, Forms] = {
        "zh": {"": cells[0], "he": zh, "him": zh, "his": f"{zh}的"},
        "en": {"": cells[1], "he": he, "him": him, "his": his, "self": f"{him}self"},
    }
    return forms, [gender], []


def _count(zh: str, measure: str, en: str, many: str = "") -> Mapping[Lang, Forms]:
    head = {"": en, "a": with_article(en), "the": f"the {en}", "pl": many or plural(en)}
    return {"zh": _chinese_noun(zh, measure), "en": head | _agreement(is_plural=False)}


CLASSES = {
    "fruit": ("水果", "fruit"),
    "vegetable": ("蔬菜", "vegetable"),
    "animal": ("动物", "animal"),
    "instrument": ("乐器", "instrument"),
    "furniture": ("家具", "piece of furniture"),
    "tool": ("工具", "tool"),
    "toy": ("玩具", "toy"),
}
"""What a thing is called by kind."""


def _noun(cells: list[str], kind: str) -> _Built:
    """A noun that is counted one by one, by the bowl, or always plural, such as scissors."""
    zh, measure, en, tags = cells[:4]
    found = tags.split()
    if "soup" not in found:  # what one drinks in Chinese is no answer to what one likes to eat
        found.append("eaten")
    if not en.startswith(("~", "=")):
        en, _, many = en.partition("/")
        forms = _count(zh, measure, en, many)
        forms["en"]["obj"] = f"the {en}" if "instrument" in found else with_article(en)
        for tag, (class_zh, class_en) in CLASSES.items():
            if tag in (*found, kind):
                forms["zh"]["class"] = class_zh
                forms["en"] |= {"class": class_en, "class_a": with_article(class_en)}
        return forms, [*found, "count"], []
    unit, _, head = en[1:].rpartition(":")
    head = head.removesuffix("=")
    is_plural = en.startswith("=") or en.endswith("=")
    one = f"a {unit or 'pair'} of {head}"
    in_english = {"": head, "a": one, "the": f"the {head}", "pl": head, "obj": one}
    return {"zh": _chinese_noun(zh, measure), "en": in_english | _agreement(is_plural)}, found, []


def _agreement(is_plural: bool) -> Forms:
    """Words of a sentence that agree with a noun."""
    many = {"is": "are", "was": "were", "it": "them", "look": "look", "do": "do"}
    one = {"is": "is", "was": "was", "it": "it", "look": "looks", "do": "does"}
    return many if is_plural else one


def _chinese_noun(zh: str, measure: str) -> Forms:
    return {"": zh, "one": f"一{measure}{zh}", "that": f"那{measure}{zh}", "measure": measure}


def _job(cells: list[str], _kind: str) -> _Built:
    zh, en, workplace, did_zh, did_en = cells[:5]
    forms = _count(zh, "名", en)
    forms["zh"]["did"], forms["en"]["did"] = did_zh, did_en
    return forms, [], ["place." + workplace]


def _adjective(cells: list[str], _kind: str) -> _Built:
    zh, en, tags, takes = cells[:4]
    return {"zh": {"": zh}, "en": {"": en, "a": with_article(en)}}, tags.split(), takes.split()


def _place(cells: list[str], _kind: str) -> _Built:
    zh, inside, en, preposition, tags = cells[:5]
    forms = {"": en, "the": f"the {en}", "in": f"{preposition} the {en}", "a": with_article(en)}
    return {"zh": {"": zh, "in": inside}, "en": forms}, tags.split(), []


def _verb(cells: list[str], _kind: str) -> _Built:
    zh, en, takes, tags = cells[:4]
    base, _, past = en.partition("/")
    forms = {"": base, "past": past or base, "s": third_person(base), "ing": ing(base)}
    return {"zh": {"": zh}, "en": forms}, tags.split(), takes.split()


def _deed(cells: list[str], kind: str) -> _Built:
    zh, done, *others = cells
    forms, tags, places = _verb([zh, *others], kind)
    forms["zh"]["done"] = done
    return forms, tags, places


_BUILD: dict[str, Callable[[list[str], str], _Built]] = {
    "person": _person,
    "job": _job,
    **dict.fromkeys(("animal", "food", "drink", "thing"), _noun),
    "place": _place,
    "verb": _verb,
    "deed": _deed,
}
"""What makes the forms, tags and tags taken of an entry from its cells and its kind (a person's gender), but for adjectives and the like."""

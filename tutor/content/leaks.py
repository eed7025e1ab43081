"""What a quiz gives away to one who has learned nothing but how quizzes are written.

A *strategy* answers every question by its form alone. Whatever scores more than chance by 10 points, or by two standard deviations of
chance if that is more, is a leak (the flaws are those of Haladyna, Downing and Rodriguez, 2002). Fewer than eight questions prove nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rich.cells import cell_len

from tutor.content.questions import (
    ClozeQuestion,
    MultipleQuestion,
    Option,
    Question,
    SingleQuestion,
    TrueFalseQuestion,
)
from tutor.content.variants import draw, variant
from tutor.text import LANGS, Lang, Text

FEWEST = 8
"""Questions of a kind below which there is no verdict."""
_MARGIN = 0.10
_DEVIATIONS = 2.0

_ABSOLUTE = {
    "zh": re.compile(
        "总是|一定|必定|必然|只要|只有|只能|只会|完全|所有|全部|任何|从不|绝不|绝对|都会|永远|唯一|毫无|根本"
    ),
    "en": re.compile(
        r"\b(?:always|never|only|all|every|any|none|must|entirely|completely|exactly|cannot|no)\b",
        re.IGNORECASE,
    ),
}
_HEDGES = {
    "zh": re.compile("通常|一般|往往|可能|大多|多半|有时|常常|大约|大致|也许|未必|不一定|相对|某些|比较"),
    "en": re.compile(
        r"\b(?:usually|often|may|might|can|could|mostly|sometimes|generally|tends?|likely|roughly|about|some|perhaps|rather)\b",
        re.IGNORECASE,
    ),
}
_NEGATED = {
    "zh": re.compile(
        r"(?:哪[一个些项种]*|以下|下面|下列)[^。？]{0,12}(?:不(?:正确|对|成立|属于|是|会|能|该)|错误|没有)"
    ),
    "en": re.compile(
        r"\bwhich\b[^.?]*\b(?:not|never|false|wrong|incorrect|except|isn't|doesn't|aren't)\b", re.IGNORECASE
    ),
}
_TWO_CLAIMS = {
    "zh": re.compile(r"；|，(?:而且|并且|同时|但|但是|可是|所以|因此)"),
    "en": re.compile(r";|, (?:and|but|so|while|whereas) (?!\w+ing\b)", re.IGNORECASE),
}
_ALL_OF_THEM = {
    "zh": re.compile("以上(?:都|皆|全)|上述(?:都|皆|全)|都(?:对|正确|是)$|以上都不"),
    "en": re.compile(r"\b(?:all|none|both) of (?:the above|these|them)\b", re.IGNORECASE),
}
_NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
_INTERVAL = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|％)?\s*(?:-|–|—|~|～|到|至|to)\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Leak:
    """A strategy that works too well.

    Attributes:
        name: What it does.
        score: Mean score that it reaches.
        chance: What one who guesses reaches.
        count: Questions that it was tried on.
    """

    name: Text
    score: float
    chance: float
    count: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with one question.

    Attributes:
        code: Of the problem.
        question: Its index in the quiz.
        found: What gives it away.
    """

    code: str
    question: int
    lang: Lang
    found: str = ""


Picks = Sequence[float]
"""How much a strategy likes each option: it chooses evenly among the highest."""


def _most(values: Picks) -> frozenset[int]:
    return frozenset(i for i, value in enumerate(values) if value == max(values))


def _words(text: str, lang: Lang) -> Counter[str]:
    """Return what texts can have in common: words of English, pairs of characters of Chinese."""
    if lang == "en":
        return Counter(word for word in re.findall(r"[a-z0-9]+", text.lower()) if len(word) > 3)
    han = re.sub(r"[^\u3400-\u9fff0-9A-Za-z]+", " ", text)
    return Counter(part[i : i + 2] for part in han.split() for i in range(len(part) - 1))


def _shared(one: str, other: str, lang: Lang) -> float:
    """Return the share of the words of `one` that `other` has, too."""
    words, known = _words(one, lang), _words(other, lang)
    return sum((words & known).values()) / max(1, sum(words.values()))


def _overlap(options: Sequence[str], lang: Lang) -> list[float]:
    """Return how many words an option has in common with the others: who writes distractors varies the right one."""
    words = [_words(option, lang) for option in options]
    return [
        sum(sum((mine & theirs).values()) for j, theirs in enumerate(words) if j != i)
        for i, mine in enumerate(words)
    ]


def _oddness(options: Sequence[str], lang: Lang) -> list[float]:
    """Return how many traits of form an option has that all others lack, or the reverse."""
    traits = [
        (
            bool(_NUMBER.search(option)),
            bool(re.search(r"[（(]", option)),
            bool(re.search(r"[，,；;：:]", option)),
            "`" in option,
            option.rstrip()[-1:] in "。.",
            bool(re.match(r"不|没|[Nn]o\b|[Nn]ot\b|[Nn]one\b|[Nn]either\b", option)),
        )
        for option in options
    ]
    common = [sum(column) for column in zip(*traits, strict=True)]
    alone = (1, len(options) - 1)
    return [
        sum(count in alone and has == (count == 1) for has, count in zip(row, common, strict=True))
        for row in traits
    ]


def _middle(options: Sequence[str]) -> list[float]:
    """Return how near the middle of all numbers an option's first one is; nothing where not every option has one."""
    found = [_NUMBER.search(option) for option in options]
    if not all(found) or len(options) < 3:
        return [0.0] * len(options)
    numbers = [float(one[0].replace(",", "")) for one in found if one]
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    middle = (len(order) - 1) / 2
    return [-abs(order.index(i) - middle) for i in range(len(order))]


Strategy = Callable[[str, Sequence[str], Lang], Picks]
"""From stem and options to how much each is liked."""

STRATEGIES: tuple[tuple[Text, Strategy], ...] = (
    (Text("选最长的", "choose the longest option"), lambda _, o, __: [cell_len(x) for x in o]),
    (Text("选最短的", "choose the shortest option"), lambda _, o, __: [-cell_len(x) for x in o]),
    (Text("选含糊词最多的", "choose the one with most hedges"), lambda _, o, lang: [len(_HEDGES[lang].findall(x)) for x in o]),
    (Text("选含糊词最少的", "choose the one with fewest hedges"), lambda _, o, lang: [-len(_HEDGES[lang].findall(x)) for x in o]),
    (Text("选绝对词最多的", "choose the one with most sweeping words"), lambda _, o, lang: [len(_ABSOLUTE[lang].findall(x)) for x in o]),
    (Text("避开绝对词", "avoid sweeping words"), lambda _, o, lang: [-len(_ABSOLUTE[lang].findall(x)) for x in o]),
    (Text("选与题干重合最多的", "choose what repeats the stem most"), lambda s, o, lang: [_shared(x, s, lang) for x in o]),
    (Text("选与题干重合最少的", "choose what repeats the stem least"), lambda s, o, lang: [-_shared(x, s, lang) for x in o]),
    (Text("选与其他选项最像的", "choose what is most like the others"), lambda _, o, lang: _overlap(o, lang)),
    (Text("选与其他选项最不像的", "choose what is least like the others"), lambda _, o, lang: [-x for x in _overlap(o, lang)]),
    (Text("选形式上与众不同的", "choose the odd one out by form"), lambda _, o, lang: _oddness(o, lang)),
    (Text("选中间的数", "choose the number in the middle"), lambda _, o, __: _middle(o)),
)  # fmt: skip


def leaks(questions: Sequence[Question], lang: Lang) -> Iterator[Leak]:
    """Yield the strategies that work too well on the questions of a quiz, in one of its languages."""
    plain = [variant(question, draw(question, 0)) for question in questions]
    kinds = (SingleQuestion, ClozeQuestion)
    singles = [(q.prompt[lang], options) for q in plain if isinstance(q, kinds) for options in _choices(q)]
    for name, strategy in STRATEGIES:
        yield from _tried(
            name, [_single(options, strategy(stem, _texts(options, lang), lang)) for stem, options in singles]
        )
    yield from (leak for _, leak in places([(_right(options), len(options)) for _, options in singles]))
    yield from _of_multiple([q for q in plain if isinstance(q, MultipleQuestion)], lang)
    yield from _of_statements([q for q in plain if isinstance(q, TrueFalseQuestion)], lang)


def places(rights: Collection[tuple[int, int]]) -> Iterator[tuple[int, Leak]]:
    """Yield the places at which the right option stands too often, given its place and the number of options in each case."""
    for place in range(max((n for _, n in rights), default=0)):
        name = Text(f"选文件里的第 {place + 1} 项", f"choose option {place + 1} of the file")
        tries = [_Try(float(right == place), 1 / n, (1 - 1 / n) / n) for right, n in rights if place < n]
        yield from ((place, leak) for leak in _tried(name, tries))


@dataclass(frozen=True, slots=True)
class _Try:
    """What a strategy scores on a question, what chance does, and the variance of that."""

    score: float
    chance: float
    variance: float


def _tried(name: Text, tries: Sequence[_Try]) -> Iterator[Leak]:
    count = len(tries)
    if count < FEWEST:
        return
    score, chance = (sum(getattr(one, key) for one in tries) / count for key in ("score", "chance"))
    deviation = math.sqrt(sum(one.variance for one in tries)) / count
    if score > chance + max(_MARGIN, _DEVIATIONS * deviation) + 1e-9:
        yield Leak(name, score, chance, count)


def _choices(question: Question) -> list[tuple[Option, ...]]:
    """Return the options that are chosen from: of the question, or of each gap that isn't typed."""
    if isinstance(question, ClozeQuestion):
        return [blank.options for blank in question.blanks if blank.options]
    return [question.options] if isinstance(question, SingleQuestion | MultipleQuestion) else []


def _texts(options: Sequence[Option], lang: Lang) -> list[str]:
    return [option.text[lang] for option in options]


def _single(options: Sequence[Option], liked: Picks) -> _Try:
    picked = _most(liked)
    chance = 1 / len(options)
    return _Try((_right(options) in picked) / len(picked), chance, chance * (1 - chance))


def _right(options: Sequence[Option]) -> int:
    return next(i for i, option in enumerate(options) if option.correct)


def _of_multiple(questions: Sequence[MultipleQuestion], lang: Lang) -> Iterator[Leak]:
    avoided = [
        frozenset(i for i, x in enumerate(_texts(q.options, lang)) if not _ABSOLUTE[lang].search(x))
        for q in questions
    ]
    everything = [frozenset(range(len(q.options))) for q in questions]
    yield from _tried(Text("全选", "choose all"), list(map(_several, questions, everything)))
    yield from _tried(Text("避开绝对词", "avoid sweeping words"), list(map(_several, questions, avoided)))
    by_size: dict[int, Counter[int]] = {}
    for q in questions:
        by_size.setdefault(len(q.options), Counter())[sum(bool(option.correct) for option in q.options)] += 1
    tries = []
    for q in questions:
        usual = by_size[len(q.options)]
        # The number right could be from one to all but one.
        chance = 1 / (len(q.options) - 1)
        guess = usual.most_common(1)[0][1] / usual.total()
        tries.append(_Try(guess, max(chance, 1 / usual.total()), chance * (1 - chance)))
    yield from _tried(
        Text("由选项数猜出有几个正确", "tell the number right from the number of options"), tries
    )


def _several(question: MultipleQuestion, chosen: frozenset[int]) -> _Try:
    """Return the score of a choice, and that of choosing any subset but none at random."""
    n = len(question.options)
    right = frozenset(i for i, option in enumerate(question.options) if option.correct)

    def score(picked: frozenset[int]) -> float:
        return max(0, len(picked & right) - len(picked - right)) / len(right)

    scores = [score(frozenset(subset)) for size in range(1, n + 1) for subset in combinations(range(n), size)]
    mean = sum(scores) / len(scores)
    return _Try(score(chosen), mean, sum((s - mean) ** 2 for s in scores) / len(scores))


def _of_statements(questions: Sequence[TrueFalseQuestion], lang: Lang) -> Iterator[Leak]:
    lengths = sorted(cell_len(q.prompt[lang]) for q in questions)
    median = lengths[len(lengths) // 2] if lengths else 0
    strategies: tuple[tuple[Text, Callable[[str], bool]], ...] = (
        (Text("一律答对", "always say true"), lambda _: True),
        (Text("一律答错", "always say false"), lambda _: False),
        (Text("长的答对", "call the long ones true"), lambda x: cell_len(x) >= median),
        (Text("长的答错", "call the long ones false"), lambda x: cell_len(x) < median),
        (Text("有绝对词的答错", "call sweeping ones false"), lambda x: not _ABSOLUTE[lang].search(x)),
        (Text("有含糊词的答对", "call hedged ones true"), lambda x: bool(_HEDGES[lang].search(x))),
    )
    for name, says in strategies:
        yield from _tried(name, [_Try(float(says(q.prompt[lang]) == q.answer), 0.5, 0.25) for q in questions])


def flaws(questions: Sequence[Question]) -> Iterator[Flaw]:
    """Yield what is wrong with single questions, in either language."""
    for index, question in enumerate(questions):
        for lang in LANGS:
            stem = question.prompt[lang]
            if found := _NEGATED[lang].search(stem):
                yield Flaw("leak.negated", index, lang, found[0])
            if isinstance(question, TrueFalseQuestion) and (found := _TWO_CLAIMS[lang].search(stem)):
                yield Flaw("leak.two_claims", index, lang, found[0])
            for options in _choices(question):
                yield from _of_options(index, _texts(options, lang), lang)
        for options in _choices(question):
            yield from _of_languages(index, options)


def _of_options(index: int, options: Sequence[str], lang: Lang) -> Iterator[Flaw]:
    plain = [re.sub(r"\W+", "", option).casefold() for option in options]
    for option, key in zip(options, plain, strict=True):
        if plain.count(key) > 1:
            yield Flaw("leak.same_options", index, lang, option)
            break
    for option in options:
        if found := _ALL_OF_THEM[lang].search(option):
            yield Flaw("leak.all_of_them", index, lang, found[0])
    intervals = [(float(f[1]), float(f[2]), o) for o in options if (f := _INTERVAL.search(o))]
    for (low, high, _), (other_low, other_high, other) in combinations(intervals, 2):
        if low < high and other_low < other_high and max(low, other_low) < min(high, other_high):
            yield Flaw("leak.overlap", index, lang, other)
            break


def _of_languages(index: int, options: Sequence[Option]) -> Iterator[Flaw]:
    """Numbers that stand in an option of one language only; 万 and 亿 shift them, so only their digits count."""
    for option in options:
        digits = [sorted(_significant(n) for n in _NUMBER.findall(option.text[lang])) for lang in LANGS]
        if digits[0] != digits[1]:
            yield Flaw("leak.numbers_differ", index, "en", option.text.en)


def _significant(number: str) -> str:
    return number.replace(",", "").replace(".", "").strip("0") or "0"

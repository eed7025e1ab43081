"""A made-up text of 77 words in two languages: nouns in pairs that differ alike, and one noun in two senses; pure Python."""

from __future__ import annotations

import random
from itertools import permutations

from tutor.text import Text

# First what is said of the first nouns of all pairs, and of the second; then each pair, and what is said of both.
_PEOPLE = """他/he 胡子/beard 领带/tie
她/she 裙子/dress 口红/lipstick
国王/king 王后/queen 王冠/crown 宝座/throne
男人/man 女人/woman 上班/job 开车/car
男孩/boy 女孩/girl 玩具/toys 学校/school
爷爷/grandpa 奶奶/grandma 拐杖/cane 退休/pension
和尚/monk 尼姑/nun 念经/prayer 寺庙/cloister
新郎/groom 新娘/bride 婚礼/wedding 戒指/ring"""
_PLACES = """国旗/flag 边境/border 护照/passport
地铁/metro 市长/mayor 街道/street
中国/China 北京/Beijing 熊猫/panda 茶/tea
法国/France 巴黎/Paris 红酒/wine 香水/perfume
日本/Japan 东京/Tokyo 寿司/sushi 樱花/blossom
埃及/Egypt 开罗/Cairo 骆驼/camel 金字塔/pyramid
意大利/Italy 罗马/Rome 披萨/pizza 歌剧/opera
希腊/Greece 雅典/Athens 橄榄/olives 神话/myths"""
_FRUIT = "梨/pear 香蕉/banana 葡萄/grape 桃子/peach", "甜/sweet 果汁/juice 果园/orchard 削皮/peel"
_FIRMS = (
    "微软/Microsoft 索尼/Sony 三星/Samsung 诺基亚/Nokia",
    "股价/shares 手机/phone 芯片/chip 发布会/launch",
)
_BOTH = "苹果/apple", f"{_FRUIT[1]} {_FIRMS[1]}"


def _words(line: str) -> list[Text]:
    return [Text(*word.split("/")) for word in line.split()]


def _nouns() -> dict[str, dict[Text, list[Text]]]:
    found = {}
    for group, lines in (("people", _PEOPLE), ("places", _PLACES)):
        first, second, *pairs = map(_words, lines.splitlines())
        # what sets the two of a pair apart is said of them more often than what they share
        found[group] = {
            noun: 2 * own + both for a, b, *both in pairs for noun, own in ((a, first), (b, second))
        }
    for group, (names, said) in (("fruit", _FRUIT), ("firms", _FIRMS), ("both", _BOTH)):
        found[group] = {noun: _words(said) for noun in _words(names)}
    return found


NOUNS = _nouns()
"""The groups of nouns, and what is said of each; of people and places, every two are a pair."""
WORDS = tuple(
    dict.fromkeys(
        [
            *(n for g in NOUNS.values() for n in g),
            *(w for g in NOUNS.values() for ws in g.values() for w in ws),
        ]
    )
)
"""All of them, nouns first."""
GROUPS = {group: [WORDS.index(noun) for noun in nouns] for group, nouns in NOUNS.items()}
"""The groups again, as places in `WORDS`."""


def analogies() -> list[tuple[int, int, int, int]]:
    """Return all of ``a : b = c : d`` that the pairs make, both ways round."""
    ways = [
        (GROUPS[group][i::2], GROUPS[group][1 - i :: 2]) for group in ("people", "places") for i in (0, 1)
    ]
    return [(*one, *other) for way in ways for one, other in permutations(zip(*way, strict=True), 2)]


def write(sentences: int, fruit_share: float, seed: int) -> list[list[int]]:
    """Write sentences of four words, as places in `WORDS`: a noun, and what is said of it; "apple" in one of its senses each time."""
    writer, places = random.Random(seed), {word: place for place, word in enumerate(WORDS)}
    said = [(places[n], [places[w] for w in ws]) for group in NOUNS.values() for n, ws in group.items()]
    text = []
    for _ in range(sentences):
        noun, ws = writer.choice(said)
        if noun in GROUPS["both"]:
            ws = ws[:4] if writer.random() < fruit_share else ws[4:]
        text.append([noun, *writer.choices(ws, k=3)])
    return text

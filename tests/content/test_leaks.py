"""Each way in which a quiz gives itself away is planted into one that is fair, and named."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import TypeAdapter

from tutor.content.leaks import FEWEST, flaws, leaks
from tutor.content.questions import Question
from tutor.text import LANGS, Lang

WORDS = {
    "en": [
        "lake",
        "stone",
        "paper",
        "river",
        "cloud",
        "green",
        "seven",
        "table",
        "music",
        "north",
        "small",
        "bread",
        "glass",
        "field",
        "light",
    ],
    "zh": [
        "湖水",
        "石头",
        "纸张",
        "河流",
        "云彩",
        "绿色",
        "桌子",
        "音乐",
        "北方",
        "面包",
        "玻璃",
        "田野",
        "灯光",
        "山谷",
        "木船",
    ],
}
_QUESTIONS: TypeAdapter[Question] = TypeAdapter(Question)


def both(text: str, chinese: str | None = None) -> dict[str, str]:
    return {"zh": chinese or text, "en": text}


def made(index: int, n: int, rng: random.Random) -> list[dict[str, Any]]:
    """Options of one form and about one length, with no word in common."""
    places = rng.sample(range(15), n)
    return [
        {
            "text": both(f"the {WORDS['en'][p]} of case {'abcdefgh'[i]}", f"这里的{WORDS['zh'][p]}"),
            "reason": both("because"), "misconception": both("a mistake"),
        }
        for i, p in enumerate(places)
    ]  # fmt: skip


def question(index: int, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"q{index}", "kind": kind, "concepts": ["c"], "difficulty": 1, "step": "s",
        "prompt": both(f"Question {index}: what now?", f"第 {index} 题：怎么办？"), **more,
    }  # fmt: skip


def fair(count: int = 12) -> list[dict[str, Any]]:
    """A quiz of singles, multiples and statements that form alone can't answer."""
    rng = random.Random(1)
    found = []
    for i in range(count):
        options = made(i, 4, rng)
        options[i % 4]["correct"] = "true"
        found.append(question(i, "single", options=options))
    for i in range(count):
        options = made(i, 4, rng)
        for j in rng.sample(range(4), 1 + i % 3):
            options[j]["correct"] = "true"
        found.append(question(100 + i, "multiple", options=options))
    for i in range(count):
        said = both(f"The {WORDS['en'][i]} is there", f"那里有{WORDS['zh'][i]}")
        found.append(
            question(
                200 + i, "true_false", answer=str(i % 4 < 2).lower(), reason_true=both("r"), reason_false=both("r"), misconception=both("m")
            ) | {"prompt": said}
        )  # fmt: skip
    return found


Quiz = list[dict[str, Any]]


def right(q: dict[str, Any]) -> dict[str, Any]:
    return next(o for o in q["options"] if "correct" in o)


def add(option: dict[str, Any], zh: str, en: str) -> None:
    option["text"] = {"zh": option["text"]["zh"] + zh, "en": option["text"]["en"] + en}


def singles(quiz: Quiz) -> Quiz:
    return [q for q in quiz if q["kind"] == "single"]


def multiples(quiz: Quiz) -> Quiz:
    return [q for q in quiz if q["kind"] == "multiple"]


def statements(quiz: Quiz) -> Quiz:
    return [q for q in quiz if q["kind"] == "true_false"]


def longest(quiz: Quiz) -> None:
    for q in singles(quiz):
        add(right(q), "以及它旁边的那一个", " and the one beside it")


def shortest(quiz: Quiz) -> None:
    for q in singles(quiz):
        for o in q["options"]:
            if o is not right(q):
                add(o, "以及它旁边的那一个", " and the one beside it")


def first(quiz: Quiz) -> None:
    for q in singles(quiz):
        q["options"].sort(key=lambda o: "correct" not in o)


def hedged(quiz: Quiz) -> None:
    for q in singles(quiz):
        for o in q["options"]:
            add(o, "通常" if o is right(q) else "这样", " usually" if o is right(q) else " already")


def sweeping(quiz: Quiz) -> None:
    for q in singles(quiz):
        for o in q["options"]:
            add(o, "如此" if o is right(q) else "总是", " thus so" if o is right(q) else " always")


def like_the_stem(quiz: Quiz) -> None:
    for q in singles(quiz):
        q["prompt"] = right(q)["text"]


def like_the_others(quiz: Quiz) -> None:
    for q in singles(quiz):
        for o in q["options"]:
            if o is not right(q):
                add(right(q), o["text"]["zh"], f" or {o['text']['en']}")


def odd(quiz: Quiz) -> None:
    for q in singles(quiz):
        add(right(q), "（1）", " (1)")


def middle(quiz: Quiz) -> None:
    for i, q in enumerate(singles(quiz)):
        others = [o for o in q["options"] if o is not right(q)][:2]
        q["options"] = [right(q), *others]
        for o, number in zip(q["options"], (30, 10, 50), strict=True):
            o["text"] = both(f"{number + i}")


def all_of_several(quiz: Quiz) -> None:
    for q in multiples(quiz):
        for o in q["options"][:3]:
            o["correct"] = "true"


def usual_number(quiz: Quiz) -> None:
    for q in multiples(quiz):
        for i, o in enumerate(q["options"]):
            o.pop("correct", None)
            if i < 2:
                o["correct"] = "true"


def sweeping_in_several(quiz: Quiz) -> None:
    for q in multiples(quiz):
        for o in q["options"]:
            if "correct" not in o:
                add(o, "总是", " always")


def mostly_true(quiz: Quiz) -> None:
    for q in statements(quiz)[:11]:
        q["answer"] = "true"


def long_and_true(quiz: Quiz) -> None:
    for q in statements(quiz):
        if q["answer"] == "true":
            q["prompt"] = {lang: text * 2 for lang, text in q["prompt"].items()}


PLANTED: list[tuple[Callable[[Quiz], None], str]] = [
    (longest, "choose the longest option"), (shortest, "choose the shortest option"), (first, "choose option 1 of the file"),
    (hedged, "choose the one with most hedges"), (sweeping, "avoid sweeping words"), (like_the_stem, "choose what repeats the stem most"),
    (like_the_others, "choose what is most like the others"), (odd, "choose the odd one out by form"), (middle, "choose the number in the middle"),
    (all_of_several, "choose all"), (usual_number, "tell the number right from the number of options"), (sweeping_in_several, "avoid sweeping words"),
    (mostly_true, "always say true"), (long_and_true, "call the long ones true"),
]  # fmt: skip


def in_gaps(quiz: Quiz) -> Quiz:
    """The same quiz with the options of its singles in the gaps of texts."""
    for q in singles(quiz):
        q["prompt"] = {lang: f"{text} [[1]]" for lang, text in q["prompt"].items()}
        q |= {"kind": "cloze", "blanks": [{"options": q.pop("options")}]}
    return quiz


def parsed(quiz: Quiz) -> list[Question]:
    return [_QUESTIONS.validate_python(q) for q in quiz]


@pytest.mark.parametrize("lang", LANGS)
def test_a_fair_quiz_has_no_leak(lang: Lang) -> None:
    quiz = parsed(fair())
    assert [leak.name.en for leak in leaks(quiz, lang)] == []
    assert list(flaws(quiz)) == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("plant", "name"), PLANTED, ids=lambda p: p.__name__ if callable(p) else "")
def test_a_planted_leak_is_named(plant: Callable[[Quiz], None], name: str, lang: Lang) -> None:
    quiz = fair()
    plant(quiz)
    found = {leak.name.en: leak for leak in leaks(parsed(quiz), lang)}
    assert name in found, found.keys()
    assert found[name].score > found[name].chance
    assert found[name].count >= FEWEST


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("plant", [longest, first, hedged, odd], ids=lambda plant: plant.__name__)
def test_what_is_chosen_in_a_gap_is_a_choice(plant: Callable[[Quiz], None], lang: Lang) -> None:
    assert not list(leaks(parsed(in_gaps(fair())), lang))
    quiz = fair()
    plant(quiz)
    names = [leak.name for leak in leaks(parsed(quiz), lang)]
    assert [leak.name for leak in leaks(parsed(in_gaps(quiz)), lang)] == names


def test_a_flaw_in_a_gap_is_named() -> None:
    quiz = fair()
    quiz[0]["options"][0]["text"] = quiz[0]["options"][1]["text"]
    assert {(flaw.code, flaw.question) for flaw in flaws(parsed(in_gaps(quiz)))} == {("leak.same_options", 0)}


def test_few_questions_prove_nothing() -> None:
    quiz = fair(FEWEST - 1)
    longest(quiz)
    mostly_true(quiz)
    assert not list(leaks(parsed(quiz), "en"))


FLAWED: list[tuple[str, int, Callable[[dict[str, Any]], object]]] = [
    ("leak.negated", 0, lambda q: q.update(prompt=both("Which of these is not true?", "下面哪个说法不正确？"))),
    ("leak.two_claims", 24, lambda q: q.update(prompt=both("It is small, but it is fast", "它很小，但是很快"))),
    ("leak.same_options", 0, lambda q: q["options"][0].update(text=q["options"][1]["text"])),
    ("leak.all_of_them", 0, lambda q: q["options"][3].update(text=both("all of the above", "以上都对"))),
    ("leak.overlap", 0, lambda q: [o.update(text=both(f"{10 * i}-{10 * i + 15} MB")) for i, o in enumerate(q["options"])]),
    ("leak.numbers_differ", 0, lambda q: q["options"][0].update(text=both("12 of the 40 pages", "40 页里的 13 页"))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "index", "plant"), FLAWED, ids=lambda p: p if isinstance(p, str) else "")
def test_a_flaw_of_one_question_is_named(
    code: str, index: int, plant: Callable[[dict[str, Any]], object]
) -> None:
    quiz = fair()
    plant(quiz[index])
    assert {(flaw.code, flaw.question) for flaw in flaws(parsed(quiz))} == {(code, index)}

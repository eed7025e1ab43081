"""Hard-wrapped text: what the rules on lines see of it, and what must not be taken for it."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.data.cleaning.base import Document
from tutor.data.cleaning.measures import unwrapped
from tutor.data.cleaning.rules import make_rules

PARAGRAPHS = [
    "The ferry left late that morning, because the man who worked it had gone to look for his dog, and the people who were waiting on the quay had to sit on their "
    "boxes and talk about the price of salt until he came back without it.",
    "None of them was in a hurry, or so they said. The widow from the mill had brought bread enough for all, and when the fog had gone one could see the other side "
    "of the river, where somebody was waving a white cloth; but nobody could tell who it was.",
    "In the end they rowed over by themselves, and the dog, as it turned out, had been sleeping under the last bench of the boat the whole time.",
]
PROSE = "\n\n".join(PARAGRAPHS)


def wrap(text: str, width: int, indent: str = "") -> str:
    parts = [
        textwrap.fill(part, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        for part in text.split("\n\n")
    ]
    return "\n\n".join(parts)


@pytest.mark.parametrize("rule", ["c4_lines", "fineweb", "gopher_quality", "gopher_repetition"])
@pytest.mark.parametrize("width", [50, 64, 72, 80])
@pytest.mark.parametrize(
    "text", [PROSE, f"{PROSE}\n\n{PROSE}", PROSE.replace(".", "...")], ids=["prose", "twice", "torn off"]
)
def test_rules_on_lines_say_the_same_of_wrapped_text(rule: str, width: int, text: str) -> None:
    as_it_was, as_wrapped = (
        make_rules([rule])[0].apply(Document(t, "", "en")) for t in (text, wrap(text, width))
    )
    assert as_wrapped.reasons == as_it_was.reasons
    assert (as_wrapped.text or "").split() == (as_it_was.text or "").split()


def test_what_is_kept_stays_wrapped() -> None:
    text = wrap(PROSE, 60)
    assert make_rules(["c4_lines"])[0].apply(Document(text, "", "en")).text is text


@given(st.permutations(PROSE.split() * 2), st.integers(45, 100), st.sampled_from(["", "    "]))
def test_lines_come_together_whatever_the_margin(words: list[str], width: int, indent: str) -> None:
    text = "\n\n".join(" ".join(words[i::3]) for i in range(3))
    lines = unwrapped(wrap(text, width, indent))
    together = [line.replace("\n" + indent, " ") for line in lines if line]
    assert together == [indent + part for part in text.split("\n\n")]


LIST = [f"- take {n} of the {what} and put {where}" for n, what, where in (
    ("two", "eggs", "them into the bowl"), ("one", "small onions", "it away"), ("five", "leaves of mint", "them on top"),
    ("half", "salt", "it to the rest with a spoon of water"), ("three", "lemons", "them where the sun is"), ("all", "bread", "it out"),
)]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "From fairest creatures we desire increase,\nThat thereby beauty's rose might never die,\nBut as the riper should by time decease,\n"
        "His tender heir might bear his memory:\nBut thou contracted to thine own bright eyes,\nFeed'st thy light's flame with self-substantial fuel,\n"
        "Making a famine where abundance lies,\nThy self thy foe, to thy sweet self too cruel:",
        "so much of what we said that night is gone\nthe river took it and the river keeps\nwhat it is given\nyou were right to leave\n"
        "before the boats came in with all their lamps\nand someone sang\nand someone would not stop\nuntil the rain had put the last one out",
        "FIRST CITIZEN:\nBefore we proceed any further, hear me speak.\n\nALL:\nSpeak, speak.\n\nFIRST CITIZEN:\nYou are all resolved rather to die than to famish?\n\n"
        "ALL:\nResolved. resolved.\n\nFIRST CITIZEN:\nFirst, you know Caius Marcius is chief enemy to the people.\n\nALL:\nWe know't, we know't.",
        "\n".join(LIST),
        "\n".join(line[2:] for line in LIST),
        "def mean(values):\n    total = 0.0\n    for value in values:\n        total += value\n    if not values:\n        raise ValueError('there is nothing to take it of')\n"
        "    return total / len(values)\n\nprint(mean([1, 2, 3]))\nprint(mean([4, 5]))",
        "\n".join(
            f"{name:<12}{number:>10}{other:>20}"
            for name, number, other in zip("abcdefgh", range(8), range(90, 98), strict=True)
        ),
        "\n".join(f"https://example.org/archive/of/many/things/number-{i}.html" for i in range(12)),
        "\n".join(["apple", "pear", "quince", "medlar", "plum", "cherry", "sloe", "fig"]),
        "\n".join(
            ["山里的路不好走，我们走了三个小时，才到了村口，天已经黑了，只有一户人家还亮着灯，我们就去敲门"]
            * 8
        ),
        "\n".join(
            ["他们 昨天 没有 来 ，今天 也 没有 来 ，我们 就 不 等 了 ，自己 先 走 了 一 段 路 再 说"] * 8
        ),
        "Home page and more of it\nnews of the day\nwhere to find us\nprivacy\nlog in with your address\nhelp",
    ],
    ids=[
        "verse",
        "free verse",
        "play",
        "list",
        "list without marks",
        "code",
        "columns",
        "links",
        "words",
        "Chinese",
        "Chinese with blanks",
        "menu",
    ],
)
def test_lines_that_end_where_they_want_to_stay_apart(text: str) -> None:
    assert unwrapped(text) == text.split("\n")


def test_a_list_in_wrapped_text_keeps_its_lines() -> None:
    items = ["- bread and salt,", "- a lamp with oil,", "- a rope."]
    lines = unwrapped("\n".join([wrap(PROSE, 66), "", *items]))
    assert [line for line in lines if line][3:] == items
    assert lines.count("") == 3

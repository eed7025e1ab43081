"""The course's prose as plain text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.data import corpora
from tutor.data.corpora import clean, course_prose, load_corpus, plain
from tutor.paths import course_root
from tutor.text import LANGS, InputError

LESSON = """
id: s1
title: {zh: 题目, en: A title}
steps:
- id: s1.a
  kind: read
  title: {zh: 标题, en: Heading}
  body:
    zh: |
      第一段，说的是**预训练**，
      换行不空格。

      ```flow
      甲 -> 乙
      ```

      | 表 | 格 |
      | --- | --- |
      | 一 | 二 |

      ### 小标题

      > **算一算**：答案是 12 %。
    en: English text.
- id: s1.b
  kind: check
  body: {zh: 不是课文, en: no prose}
- id: s1.c
  kind: read
  body: {zh: 第二步。, en: Step two.}
"""


def write(root: Path, name: str, text: str) -> None:
    (root / "lessons" / "u").mkdir(parents=True, exist_ok=True)
    (root / "lessons" / "u" / name).write_text(text, encoding="utf-8")


def test_bodies_of_read_steps_without_markup(tmp_path: Path) -> None:
    write(tmp_path, "s1.yaml", LESSON)
    assert course_prose(tmp_path, "zh") == (
        "第一段，说的是预训练，换行不空格。\n\n小标题\n\n算一算：答案是 12 %。\n\n第二步。"
    )
    assert course_prose(tmp_path, "en") == "English text.\n\nStep two."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1\n- 2",
        "steps: 3",
        "steps: [1, {kind: read}, {kind: read, body: 4}]",
        "steps: [",
        "\x00",
        "a: &a [*a, *a]",
    ],
)
def test_a_file_that_is_no_lesson_is_passed_over(tmp_path: Path, text: str) -> None:
    write(tmp_path, "bad.yaml", text)
    write(tmp_path, "s1.yaml", LESSON)
    (tmp_path / "lessons" / "u" / "bytes.yaml").write_bytes(b"\xff\xfe\xff")
    assert course_prose(tmp_path, "en") == "English text.\n\nStep two."


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("**粗** *斜* `代码` [链接](http://x)", "粗 斜 代码 链接"),
        ("- 一\n- 二", "一二"),
        ("1. one\n2. two", "one\ntwo"),
        ("val_loss stays, _so_ it is", "val_loss stays, so it is"),
        ("a\n\n\n\nb", "a\n\nb"),
    ],
)
def test_markup_is_taken_off(markdown: str, expected: str) -> None:
    assert plain(markdown) == expected


@given(st.text(max_size=200))
def test_any_markdown_becomes_text(text: str) -> None:
    assert "\n\n\n" not in plain(text)
    assert "**" not in plain(text)


def test_the_corpus_is_chinese_prose() -> None:
    corpus = load_corpus("course_zh")
    text = corpus.train_text() + corpus.validation
    assert len(text) > 5_000
    assert clean(corpus.train_text()) == corpus.train_text()
    assert not re.search(r"```|\*\*|^\s*\||^#", text, re.MULTILINE)
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    assert chinese > 0.6 * len("".join(text.split()))
    whole = clean(course_prose(course_root(), "zh"))
    assert corpus.train[0][:60] in whole


def test_a_course_without_prose_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "course_root", lambda: tmp_path)
    with pytest.raises(InputError) as caught:
        corpora._course("course_zh")
    for lang in LANGS:
        assert str(tmp_path) in caught.value.text[lang]
        assert "5,000" in caught.value.text[lang]

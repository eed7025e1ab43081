"""The course's texts in two languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.data.parallel_text import load_parallel
from tutor.text import InputError


def course(root: Path, count: int, extra: str = "") -> Path:
    folder = root / "lessons" / "unit1"
    folder.mkdir(parents=True)
    items = "\n".join(f"- {{zh: 第 {i} 句, en: sentence {i}}}" for i in range(count))
    (folder / "s1.yaml").write_text(f"texts:\n{items}\n{extra}", encoding="utf-8")
    return root


def test_the_course_says_everything_twice() -> None:
    train, held_out = load_parallel(0)
    assert len(train) > 4 * len(held_out) > 200
    assert not set(train) & set(held_out)
    both = (*train, *held_out)
    assert all(said.zh and said.en for said in both)
    zh, en = (sum(len(getattr(said, lang).encode()) for said in both) for lang in ("zh", "en"))
    assert 0.7 < zh / en < 1.4, "about as many bytes, as the lab says"


def test_the_seed_decides_what_is_held_out() -> None:
    assert load_parallel(1) == load_parallel(1)
    assert set(load_parallel(1)[1]) != set(load_parallel(2)[1])


def test_only_prose_is_read(tmp_path: Path) -> None:
    extra = 'more:\n  zh: "| 表 | 格 |\\n课文 {a.b:.2f}\\n真的课文"\n  en: "| a | table |\\n{a.b:.2f} to fill in\\nreal text"\n'
    train, held_out = load_parallel(0, course(tmp_path, 150, extra))
    [said] = [said for said in (*train, *held_out) if "real" in said.en]
    assert (said.zh, said.en) == ("真的课文", "real text")


@pytest.mark.parametrize(("count", "extra"), [(3, ""), (150, "a: [1\n"), (0, "")])
def test_a_course_that_will_not_do_is_told_in_words(tmp_path: Path, count: int, extra: str) -> None:
    with pytest.raises(InputError) as error:
        load_parallel(0, course(tmp_path, count, extra))
    assert error.value.text.zh != error.value.text.en

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tutor.data.own_files.find import unreadable
from tutor.files import in_words, saying


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.ELOOP, errno.EROFS, errno.EEXIST])
def test_what_the_system_says_is_told_in_both_languages(number: int) -> None:
    told = in_words(saying(OSError(number, os.strerror(number))))
    assert told.en == os.strerror(number)
    assert any("\u4e00" <= char <= "\u9fff" for char in told.zh)


def test_what_is_not_known_is_told_as_it_is() -> None:
    told = in_words(saying(ValueError("embedded null byte")))
    assert told.zh == told.en == "embedded null byte"
    assert saying(OSError("odd")) == "odd"


def test_a_path_that_can_not_be_read_keeps_the_system_s_words_for_the_report() -> None:
    skipped = unreadable(Path("a"), PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    assert skipped.detail == os.strerror(errno.EACCES)
    assert "没有权限" in skipped.why.zh
    assert skipped.detail in skipped.why.en

"""What the system says when it refuses, in the learner's language too: it knows one only."""

from __future__ import annotations

import errno
import os

from tutor.text import Text

_CHINESE = {
    errno.EACCES: "没有权限",
    errno.EPERM: "系统不允许这样做",
    errno.ENOENT: "路径不存在",
    errno.EEXIST: "已有同名的文件",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.ELOOP: "符号链接绕成了圈",
    errno.ENAMETOOLONG: "名字太长",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过了允许的大小",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
    errno.EMFILE: "同时打开的文件太多",
    errno.ENFILE: "同时打开的文件太多",
    errno.EBUSY: "正被占用",
}

_BY_SAYING = {os.strerror(number): chinese for number, chinese in _CHINESE.items()}


def saying(error: OSError | ValueError) -> str:
    """What the system said; a `ValueError` is raised for a name that no file can have."""
    return getattr(error, "strerror", None) or str(error)


def in_words(said: str) -> Text:
    """What the system said, in both languages where it is known, else as it is."""
    return Text(_BY_SAYING.get(said, said), said)

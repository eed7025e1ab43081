"""Reads the learner's own files and folders as documents, in bounded memory, and keeps account of what it read and what not.

Read as documents: running text (``.txt``, ``.md``, ``.html``; any extension, when the file itself is named) and JSON lines with a field
``text`` (``.jsonl``). Tables (``.csv``) are not: a row is a record, not running text.
"""

from tutor.data.own_files.find import Skipped, find
from tutor.data.own_files.read import FileDocument, FileRead, Reader, ReadReport

__all__ = ["FileDocument", "FileRead", "ReadReport", "Reader", "Skipped", "find"]

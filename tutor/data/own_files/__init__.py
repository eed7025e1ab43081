"""Reads the learner's own files and folders as documents, in bounded memory, and keeps account of what it read and what not.

``clean``, ``lab --text`` and the dialog for a text of one's own all read through here. Read as documents: running text and web pages
(in folders by `find.TEXT_SUFFIXES`; any suffix, when the file itself is named), JSON lines with a field ``text`` (known by their first
line, whatever the file is called), in ``.json`` also a list of such records or a single one; all of these also packed by gzip.

In ``clean``, the rule ``html`` says by what is in a text whether it has markup to take out; a lab takes it out of pages and records
only. Tables (``.csv``) are not read: a row is no running text.
"""

from tutor.data.own_files.find import Skipped, find
from tutor.data.own_files.read import FileDocument, FileRead, Reader, ReadReport

__all__ = ["FileDocument", "FileRead", "ReadReport", "Reader", "Skipped", "find"]

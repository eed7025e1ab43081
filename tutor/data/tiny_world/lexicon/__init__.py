"""The words of the tiny world: tables of text, one word a line, in both languages.

A line starting with ``*`` is a word that training text never shows.
"""

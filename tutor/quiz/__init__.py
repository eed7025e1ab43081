"""Marking, shuffling, numbers as people type them: pure functions."""

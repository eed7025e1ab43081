"""Marking and shuffling: pure functions."""

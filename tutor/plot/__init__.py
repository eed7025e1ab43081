"""Frames and prose to rows of cells: pure functions that know no screen."""

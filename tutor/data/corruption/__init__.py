"""Dirt: puts into clean text what the web does to it, and remembers exactly what went where."""

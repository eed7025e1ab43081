"""The sentences of all problems, a file for each part of the checks."""

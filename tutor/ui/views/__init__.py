"""One view for each kind of frame."""

"""The Textual app; the only package that imports textual."""

import os

# Before textual is imported: its 60 Hz pacing, not the training beside it, makes the slow tail of key-to-paint.
os.environ.setdefault("TEXTUAL_FPS", "120")

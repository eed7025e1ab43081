"""The Textual app; the only package that imports textual."""

import os

# Before textual is imported: a key that comes just after a frame was painted waits for the next tick of its pacing. At its 60 Hz, and also at
# 120, that wait and not the training beside it is the slow tail of key-to-paint.
os.environ.setdefault("TEXTUAL_FPS", "500")

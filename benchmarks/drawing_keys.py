"""Key to paint while a curve is drawn before the run: from a key into a real pseudo-terminal to the paint that answers it.

``python -m benchmarks drawing_keys`` prints the quantiles at two sizes of the window; the limit is 16 ms at p99.
"""

from __future__ import annotations

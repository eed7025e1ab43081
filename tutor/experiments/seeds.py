"""Seeds for the parts of an experiment, so that one part's draws never shift another's."""

from __future__ import annotations

from hashlib import blake2b


def sub_seed(seed: int, purpose: str) -> int:
    """Return a seed for one purpose ("weights", "batches"), independent of those for all others; 0 <= it < 2**63."""
    return int.from_bytes(blake2b(f"{seed} {purpose}".encode(), digest_size=8).digest()) >> 1

"""Removing what a corpus holds more than once: a copy costs training time, and a text that is read often is learned by heart.

`exact` finds equal texts; `shingles`, `minhash`, `buckets` and `near` find texts that are nearly equal, in the order in which to read them.
"""

"""Lever ``collection``: Python's garbage collector rests while a document is made.

*Speeds up:* a document makes hundreds of thousands of objects that live until its end; the collector looks through
them again and again and finds nothing (7 % of a report, a quarter of a certificate).
*Safe:* it changes no value. What a document leaves in circles is collected when it is done, the caches' own now and
then.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

# The youngest generation holds all that was made while collection rested. Older ones only grow by what is cached.
FULL_EVERY = 64

_documents = count(1)


@contextmanager
def resting() -> Iterator[None]:
    """No collection inside the block, one after it; then everything is as it was before."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect(2 if next(_documents) % FULL_EVERY == 0 else 0)

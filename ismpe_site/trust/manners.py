"""pyHanko's ways, mended: it is asynchronous though nothing of ours waits, and says on the terminal what it meets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def result(work: Coroutine[object, object, Result]) -> Result:
    """What ``work`` gives, also where a loop is running already: it gets a thread, and so a loop, of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def be_quiet() -> None:
    """Let warnings go nowhere unless somebody listens: they are of hostile files, and hold words of these."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())

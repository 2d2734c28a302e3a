"""pyHanko's functions are asynchronous, though nothing of ours waits for anything."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def result(work: Coroutine[object, object, Result]) -> Result:
    """What ``work`` gives, also where a loop is running already: it gets a thread, and so a loop, of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()

"""A press whose worker meets with trouble at the documents of some organisations."""

import os
import signal
import time

from ismpe_site.artefact import PrintDocument
from ismpe_site.printing.press import press as real_press
from ismpe_site.theme import Theme
from tests.executor_work import eat


def press(document: PrintDocument, theme: Theme, *, accelerate: bool = True) -> bytes:
    """The real press for everybody else."""
    if "Crash Trust" in document.html:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "Hang Trust" in document.html and "report" in document.style:
        time.sleep(3600)
    if "Eater Trust" in document.html:
        eat(1 << 20)
    if "Error Trust" in document.html:
        raise ValueError("this cannot be printed")
    return real_press(document, theme, accelerate=accelerate)

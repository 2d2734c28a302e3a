"""What can be said of a seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

SealState = Literal["whole", "broken", "absent", "stranger"]


@dataclass(frozen=True)
class SealJudgement:
    """What the seal of one file says.

    ``whole``: sealed by a key under one of the roots, not one byte changed since. ``broken``: such a seal is there, or
    one that pretends to be, but the file is not what was sealed. ``absent``: no seal. ``stranger``: signed by somebody
    else. ``words`` is a sentence for a person; ``sealed`` the day the seal gives, where it is whole.
    """

    state: SealState
    words: str
    sealed: date | None = None

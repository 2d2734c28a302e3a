"""Whether anything at all has changed since the last build, told from how its files look: none of them is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ismpe_site.build.inputs import files_below, look
from ismpe_site.build.store import STAMP, Record, Store

# Later than any file: what a build has just written is no less sure for being new.
NEVER_UNSURE = 1 << 63


@dataclass(frozen=True)
class Stamp:
    """A finished build: what it was made from, and how the ``public`` folder looked when it was done.

    ``key`` stands for all that is in no file: program, settings, day. ``inputs`` is the mark of every file it was made
    from, taken before any of them was read; empty where that proves nothing, and then nothing is kept.
    """

    store: Store
    public: Path
    key: str
    inputs: str

    def recall(self) -> dict[str, Any] | None:
        """What was kept of the last build, where it made the same of the same and nobody has touched it since."""
        record = self.store.record(STAMP) if self.inputs else None
        if record is None or (record.key, record.seen) != (self.key, self.inputs):
            return None
        said: dict[str, Any] = record.about["said"]
        return said if record.about["outputs"] == self._outputs() else None

    def keep(self, said: dict[str, Any]) -> None:
        """Remember this build; ``said`` is plain data."""
        if self.inputs:
            about = {"outputs": self._outputs(), "said": said}
            self.store.remember(STAMP, Record(self.key, self.inputs, "", "", (), about))

    def _outputs(self) -> str:
        """The public tree with the place it leads to."""
        return look(files_below(self.public, self.public.resolve()), NEVER_UNSURE)

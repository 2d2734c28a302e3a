"""What a build makes late: the documents to be printed and the pictures to be painted, and the work that makes one."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ismpe_site.artefact import Artefact, Picture, PrintDocument, made_late
from ismpe_site.build.executors import Executor, Lost
from ismpe_site.build.shared_objects import SharedObjects
from ismpe_site.build.store import File
from ismpe_site.build.unit import Workplace, recipe
from ismpe_site.fingerprint import Fingerprints
from ismpe_site.leaks import Guard
from ismpe_site.proof.scan import Leak
from ismpe_site.theme import Theme
from ismpe_site.workshop import ORGANISATIONS, OrganisationWork

COMMONS = "commons"
# An object of the store: digest, size in bytes, time in nanoseconds.
Stored = tuple[str, int, int]


@dataclass(frozen=True)
class Workers:
    """Who makes the pages of organisations, and who what is made late.

    Pages are made from the files of this machine, so their workers are here too; the late ones may be elsewhere and put
    what they make into ``shared``.
    """

    pages: Executor
    late: Executor
    shared: SharedObjects | None = None


def still_to_make(file: File) -> bool:
    """Whether ``file`` is known and made late, but not made yet."""
    return not file.made and made_late(file.path)


class LateFiles:
    """What is made late of ``pending`` units (name → how many files are not made yet).

    They are planned again unit by unit as the workers ask for them, so that only a few are ever held.
    """

    def __init__(
        self,
        place: Workplace,
        commons: tuple[Artefact, ...],
        work: OrganisationWork,
        pending: Mapping[str, int],
        *,
        accelerate: bool,
    ) -> None:
        self._press = partial(press, accelerate=accelerate)
        self._place, self._commons, self._work, self._pending = place, commons, work, pending
        self._unit_of: dict[str, str] = {}
        self._changed: dict[str, str] = {}
        self.leaked: list[tuple[str, Leak]] = []

    def run(self, workers: Workers, advance: Callable[[str, int, int], None]) -> dict[str, str]:
        """Make them all; a unit is remembered as soon as its last file is there. Path → why it failed.

        What is private in a file is in ``leaked`` then, with the organisation's folder.
        """
        failures: dict[str, str] = {}
        ready: dict[str, dict[str, Stored]] = {}
        total = sum(self._pending.values())
        work = LateWork(self._place, self._press, workers.shared)
        outcomes = workers.late.run(work, self._unmade())
        for done, (late, outcome) in enumerate(outcomes, 1):
            path = late.artefact.path
            advance(path, done, total)
            unit = self._unit_of.pop(path)
            if isinstance(outcome, Leaked):
                self.leaked += ((late.guard.organisation, leak) for leak in outcome.leaks)
                continue
            fetched = outcome.reason if isinstance(outcome, Lost) else self._fetched(path, outcome, workers)
            if isinstance(fetched, str):
                failures[path] = fetched
                continue
            ready.setdefault(unit, {})[path] = fetched
            if len(ready[unit]) == self._pending[unit]:
                self._remember(unit, ready.pop(unit))
        for unit, made in ready.items():
            self._remember(unit, made)
        return failures | self._changed

    def _unmade(self) -> Iterator[Late]:
        """What is still as it was when its unit was recorded; what is not would be made under a false name."""
        for unit in self._pending:
            record = self._place.store.record(unit)
            files = {file.path: file for file in record.files if still_to_make(file)} if record else {}
            own = unit == COMMONS
            name = unit.removeprefix(ORGANISATIONS)
            plan, guard = (self._commons, Guard("")) if own else self._work.plan(name)
            fingerprints = Fingerprints() if own else self._work.fingerprints()
            for artefact in plan:
                file = files.get(artefact.path)
                if file is not None and recipe(artefact, fingerprints) == file.recipe:
                    del files[artefact.path]
                    self._unit_of[artefact.path] = unit
                    yield Late(artefact, guard)
            self._changed |= dict.fromkeys(files, "its content changed while the site was built; build again")

    def _fetched(self, path: str, outcome: Stored | str, workers: Workers) -> Stored | str:
        """The object in the store of this machine, or why it is not to be had."""
        if isinstance(outcome, str) or workers.shared is None:
            return outcome
        try:
            file = self._place.store.put(path, "", workers.shared.get(outcome[0]))
        except KeyError:
            return f"{workers.shared.address} has not what the worker put there: name a --store that all machines share"
        return file.digest, file.size, file.time

    def _remember(self, unit: str, made: Mapping[str, Stored]) -> None:
        record = self._place.store.record(unit)
        if record is not None:
            files = (File(f.path, f.recipe, *made[f.path]) if f.path in made else f for f in record.files)
            self._place.store.remember(unit, replace(record, files=tuple(files)))


@dataclass(frozen=True)
class Late:
    """A file to be made late, and what must not be in it."""

    artefact: Artefact
    guard: Guard


@dataclass(frozen=True)
class Leaked:
    """A file that is not kept, for something private is in it."""

    leaks: tuple[Leak, ...]


@dataclass(frozen=True)
class LateWork:
    """A file that is made late → its object, or why it could not be made, or what is private in it.

    The object is in the store of this machine, or in ``shared`` where the workers are elsewhere.
    """

    place: Workplace
    press: Callable[[PrintDocument, Theme], bytes]
    shared: SharedObjects | None = None

    def __call__(self, late: Late) -> Stored | Leaked | str:
        """One file."""
        artefact = late.artefact
        try:
            data = self._finished(artefact.render(artefact.inputs, self.place.theme))
        except (OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  # whatever fails is reported with its file
            return str(error) or type(error).__name__
        if found := late.guard.leaks(artefact.path, data):
            return Leaked(found)
        if self.shared is not None:
            return self.shared.put(data), len(data), 0
        file = self.place.store.put(artefact.path, "", data)
        return file.digest, file.size, file.time

    def _finished(self, rendered: bytes | PrintDocument | Picture) -> bytes:
        if isinstance(rendered, Picture):
            return paint(rendered)
        return self.press(rendered, self.place.theme) if isinstance(rendered, PrintDocument) else rendered


def paint(picture: Picture) -> bytes:
    """The painter, brought in only where something is painted."""
    from ismpe_site.printing.painter import paint

    return paint(picture)


def press(document: PrintDocument, theme: Theme, *, accelerate: bool = True) -> bytes:
    """The printing room, brought in only where something is printed: its engine takes a second to load."""
    with _no_system_fonts(), warnings.catch_warnings():
        # That there is no system font is what we want.
        warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
        from ismpe_site.printing.press import press

        return press(document, theme, accelerate=accelerate)


@contextmanager
def _no_system_fonts() -> Iterator[None]:
    """Only while something is printed: any other program started from here wants its fonts."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).parent / "printing/no-system-fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before

"""Artefacts → (path, bytes): taken from the store where nothing that matters has changed, rendered where it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ismpe_site.artefact import Artefact
from ismpe_site.build.render import Press, render_all
from ismpe_site.build.store import Recipe, Store
from ismpe_site.fingerprint import Fingerprints
from ismpe_site.theme import Theme


@dataclass(frozen=True)
class Stale:
    """An artefact that must be rendered, and why."""

    artefact: Artefact
    reason: str


class Incremental:
    """One build against the store of the last. ``tool`` is the digest of the program and its libraries."""

    def __init__(self, artefacts: Sequence[Artefact], theme: Theme, store: Store, tool: str) -> None:
        self._theme, self._store = theme, store
        fingerprints = Fingerprints()
        self._recipes = {artefact.path: self._recipe(artefact, fingerprints, tool) for artefact in artefacts}
        self._digests: dict[str, str] = {}
        reasons = [
            (artefact, self._recipes[artefact.path].differs(store.recipe(artefact.path))) for artefact in artefacts
        ]
        self.stale = [Stale(artefact, reason) for artefact, reason in reasons if reason]
        self._fresh = [artefact for artefact, reason in reasons if not reason]

    def files(self, press: Press, jobs: int) -> Iterator[tuple[str, bytes]]:
        """Every file, as it is there; raises RenderError after all others where some could not be made."""
        for artefact in self._fresh:
            data = self._store.get(artefact.path)
            if data is None:
                self.stale.append(Stale(artefact, "its stored copy is damaged or gone"))
            else:
                self._digests[artefact.path] = self._store.kept(artefact.path)
                yield artefact.path, data
        for path, data in render_all([stale.artefact for stale in self.stale], self._theme, press, jobs):
            self._digests[path] = self._store.put(data)
            yield path, data

    def remember(self, left_out: Iterable[str] = ()) -> None:
        """Keep what was made for the next build, and what this build left out; only once all of it is published."""
        made = {path: (self._recipes[path], digest) for path, digest in self._digests.items()}
        # The site is in place already; without a memory of it the next build only takes longer.
        with suppress(OSError):
            self._store.remember(made, left_out)

    def _recipe(self, artefact: Artefact, fingerprints: Fingerprints, tool: str) -> Recipe:
        render = f"{artefact.render.__module__}.{artefact.render.__qualname__}"
        return Recipe(tool, render, fingerprints.of(artefact.inputs).hex(), self._theme.digest)

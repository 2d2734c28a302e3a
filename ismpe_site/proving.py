"""The files that organisations share, and canaries of all of them → what is private in these files.

What was looked at before is remembered: files that are as they were are looked through again only for organisations
whose private texts have changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from ismpe_site.artefact import ASSETS
from ismpe_site.build.store import File, Record, Store
from ismpe_site.leaks import Guard
from ismpe_site.proof.canaries import Finder, joined
from ismpe_site.proof.scan import Leak, found_in
from ismpe_site.proof.secrets import shown_texts

PROOF = "proof"
# Organisations whose canaries are sought in one go: with more of them the finder needs much memory.
BATCH = 1000


@dataclass
class Suspects:
    """Canaries of all organisations, as far as they are held for each.

    ``samples``: name of the organisation's folder → (what stands for all its canaries, some of them, each on a line);
    ``guard``: all canaries of one, less what stands in a text that is public anyway; ``said``: all that is public of
    any organisation in such files.
    """

    samples: Mapping[str, tuple[str, str]]
    guard: Callable[[str, bytes], Guard]
    said: Collection[object]
    _guards: dict[str, Guard] = field(default_factory=dict)

    @cached_property
    def public(self) -> bytes:
        """What organisations say themselves: another one may have written the same for itself alone."""
        return joined(shown_texts(list(self.said)))

    def guard_of(self, name: str) -> Guard:
        """All canaries of an organisation; wanted only where one of its samples was found."""
        if name not in self._guards:
            self._guards[name] = self.guard(name, self.public)
        return self._guards[name]


def shared_leaks(parts: Mapping[str, Iterable[File]], suspects: Suspects, store: Store) -> Iterator[tuple[str, Leak]]:
    """(organisation, leak) for what is private in the files of ``parts`` (units); remembered where there is none."""
    before = store.record(PROOF)
    known: dict[str, dict[str, str]] = before.about if before else {}
    guards = {name: guard for name, (guard, _) in suspects.samples.items()}
    now: dict[str, dict[str, str]] = {"guards": guards}
    clean = True
    for part, members in parts.items():
        # The theme's own files hold nothing of the content.
        files = [file for file in members if not file.path.startswith(ASSETS)]
        now[part] = {"files": hashlib.sha256("\n".join(f"{f.path} {f.digest}" for f in files).encode()).hexdigest()}
        proved = known.get("guards", {}) if known.get(part) == now[part] else {}
        names = [name for name, guard in guards.items() if guard and proved.get(name) != guard]
        for found in _leaks(files, names, suspects, store):
            clean = False
            yield found
    if clean and now != known:
        store.remember(PROOF, Record("", "", "", "", (), now))


def _leaks(files: list[File], names: list[str], suspects: Suspects, store: Store) -> Iterator[tuple[str, Leak]]:
    rest = iter(names)
    while batch := tuple(islice(rest, BATCH)):
        pieces = [(piece, name) for name in batch for piece in suspects.samples[name][1].encode().split()]
        open_to_all = Finder(piece for piece, _ in pieces).among(suspects.public)
        pieces = [pair for number, pair in enumerate(pieces) if number not in open_to_all]
        finder = Finder(piece for piece, _ in pieces)
        for file in files:
            data = store.get(file)
            for name in sorted({pieces[number][1] for number in found_in(file.path, data, finder)}):
                yield from ((name, leak) for leak in suspects.guard_of(name).leaks(file.path, data))

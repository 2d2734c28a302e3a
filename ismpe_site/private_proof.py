"""Non-interference: whatever is private is changed, in every field and in several ways, and no public byte may move.

A canary scan finds a private text. This finds private influence: a mean, an order, a count, a length, a digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from ismpe_site.artefact import Artefact, Bundle, made_late
from ismpe_site.build.unit import recipe
from ismpe_site.content.load import Loaded, load_organisation
from ismpe_site.leaks import shown_on
from ismpe_site.model import Organisation
from ismpe_site.proof.perturbations import Perturbation, in_an_order, perturbations
from ismpe_site.publications import Outline, listed, outlines_of, plan_lists, plan_organisation, scheme_of_all
from ismpe_site.searching import index_of
from ismpe_site.workshop import OrganisationWork

# Path → what stands for its bytes.
Tree = dict[str, str]


@dataclass(frozen=True)
class Moved:
    """A private change that is seen in public: the first path that tells of it."""

    organisation: str
    perturbation: Perturbation
    path: str
    paths: int

    def in_words(self) -> str:
        """For a person."""
        more = f" and {self.paths - 1} more" if self.paths > 1 else ""
        one = self.perturbation
        return f"content/assessments/{one.place} ({one.kind}) moves {self.path}{more}"


@dataclass
class PrivateProof:
    """The public site of some organisations, made again for each change of something private.

    Pages and data are really made; of what is printed or painted late and of the search index the recipe is compared,
    which stands for everything their bytes depend on.
    """

    work: OrganisationWork
    names: tuple[str, ...]
    seed: int = 1
    _trees: dict[str, Tree] = field(default_factory=dict)

    def run(self, count: int) -> Iterator[tuple[Perturbation, Moved | None]]:
        """The first ``count`` perturbations in an order of chance, each with what it moved."""
        for name, perturbation in self._ranked[:count]:
            yield perturbation, self._tried(name, perturbation)

    @property
    def places(self) -> int:
        """How many private places there are."""
        return len({one.place for _, one in self._ranked})

    @cached_property
    def _ranked(self) -> list[tuple[str, Perturbation]]:
        """Every field comes once before any comes twice."""
        owners: dict[str, str] = {}
        everything: list[Perturbation] = []
        for name, loaded in self._loaded.items():
            for organisation in loaded.catalogue.organisations:
                for one in perturbations(organisation, shown_on(organisation, self.work.as_of)):
                    placed = replace(one, place=f"{name}/{one.place}")
                    owners[placed.place] = name
                    everything.append(placed)
        seen: dict[str, int] = {}
        ranked = []
        for one in in_an_order(everything, self.seed):
            seen[one.place] = seen.get(one.place, 0) + 1
            ranked.append((seen[one.place], one))
        ranked.sort(key=lambda pair: pair[0])
        return [(owners[one.place], one) for _, one in ranked]

    @cached_property
    def _loaded(self) -> dict[str, Loaded]:
        return {name: load_organisation(self.work.content, name, self.work.commons) for name in self.names}

    @cached_property
    def _before(self) -> dict[str, tuple[Tree, tuple[Outline, ...]]]:
        return {name: self._unit(loaded, loaded.catalogue.organisations) for name, loaded in self._loaded.items()}

    @cached_property
    def _lists(self) -> Tree:
        return self._shared({name: outlines for name, (_, outlines) in self._before.items()})

    def _tried(self, name: str, perturbation: Perturbation) -> Moved | None:
        loaded = self._loaded[name]
        changed = tuple(one for o in loaded.catalogue.organisations for one in perturbation.change(o))
        tree, outlines = self._unit(loaded, changed)
        lists = self._shared({**{n: found for n, (_, found) in self._before.items()}, name: outlines})
        before, after = {**self._before[name][0], **self._lists}, {**tree, **lists}
        moved = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        if perturbation.readers == "told":
            moved = [path for path in moved if listed(path)]
        return Moved(name, perturbation, moved[0], len(moved)) if moved else None

    def _unit(self, loaded: Loaded, organisations: Iterable[Organisation]) -> tuple[Tree, tuple[Outline, ...]]:
        scheme = self.work.scheme_of(loaded.catalogue.model_copy(update={"organisations": tuple(organisations)}))
        return self._tree(plan_organisation(scheme)), tuple(outlines_of(scheme))

    def _shared(self, outlines: dict[str, tuple[Outline, ...]]) -> Tree:
        """What speaks of all of them."""
        scheme = scheme_of_all(self.work.scheme, (outline for name in sorted(outlines) for outline in outlines[name]))
        return self._tree((*plan_lists(scheme, ()), index_of(scheme, self.work.place.theme)))

    def _tree(self, artefacts: Iterable[Artefact | Bundle]) -> Tree:
        fingerprints, theme = self.work.fingerprints(), self.work.place.theme
        tree = {}
        for one in artefacts:
            if isinstance(one, Bundle):
                tree[one.folder] = recipe(one, fingerprints)
            elif made_late(one.path):
                tree[one.path] = recipe(one, fingerprints)
            else:
                data = one.render(one.inputs, theme)
                tree[one.path] = hashlib.sha256(data).hexdigest()  # type: ignore[arg-type]  # only what is late is no bytes
        return tree

"""The whole content and the whole plan in memory at once, as only tests want them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ismpe_site.artefact import Artefact
from ismpe_site.content.load import load_commons, load_organisation, organisations
from ismpe_site.model import Catalogue
from ismpe_site.problems import Problem
from ismpe_site.publications import Site, plan_commons, plan_lists, plan_organisation, scheme_of
from ismpe_site.scoring.register import register
from ismpe_site.scoring.visibility import without_private
from ismpe_site.theme import Theme


@dataclass(frozen=True)
class Whole:
    """Everything of a content folder; the catalogue is there only where no problem is an error."""

    catalogue: Catalogue | None
    problems: tuple[Problem, ...]


def load(root: Path) -> Whole:
    commons = load_commons(root)
    names, beside = organisations(root)
    loaded = [load_organisation(root, name, commons) for name in names]
    problems = sorted({*commons.problems, *beside, *(problem for one in loaded for problem in one.problems)})
    everyone = tuple(organisation for one in loaded for organisation in one.catalogue.organisations)
    catalogue = commons.catalogue.model_copy(update={"organisations": everyone})
    failed = any(problem.severity == "error" for problem in problems)
    return Whole(None if failed else catalogue, tuple(problems))


def planned(
    catalogue: Catalogue | None, as_of: date, site: Site, theme: Theme, *, bleed: bool = False
) -> dict[str, Artefact]:
    """Every artefact of the site by its path."""
    assert catalogue is not None
    public = without_private(catalogue)
    scheme = scheme_of(public, register(public, as_of), site, bleed=bleed)
    artefacts = (*plan_commons(scheme, theme), *plan_organisation(scheme))
    lists = plan_lists(scheme, [artefact.path for artefact in artefacts])
    return {artefact.path: artefact for artefact in (*artefacts, *lists)}

"""The publications room: Catalogue + Register → Artefacts. One file per thing we publish."""

from ismpe_site.publications.plan import PUBLICATIONS, CollisionError, plan
from ismpe_site.publications.site import Site

__all__ = ["PUBLICATIONS", "CollisionError", "Site", "plan"]

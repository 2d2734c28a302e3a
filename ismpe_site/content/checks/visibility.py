"""Has a report at a secret address its token, and no other report one?"""

from __future__ import annotations

from collections.abc import Iterator

from ismpe_site.content.checks.common import Sources, assessments
from ismpe_site.model import Catalogue
from ismpe_site.problems import Place, Problem

MAKE_ONE = "`ismpe unlisted-token` makes one"


def check_visibility(catalogue: Catalogue, sources: Sources) -> Iterator[Problem]:
    """``unlisted_token`` and ``visibility: unlisted`` go together."""
    for located in assessments(catalogue, sources):
        assessment, source = located.assessment, located.source
        unlisted = assessment.visibility == "unlisted"
        if unlisted and assessment.unlisted_token is None:
            yield Problem(
                source.place("visibility"),
                "R443",
                '"unlisted_token" is missing',
                f"visibility: unlisted needs unlisted_token: and 32 digits that nobody can guess; {MAKE_ONE}",
            )
        elif assessment.unlisted_token is not None and not unlisted:
            yield Problem(
                source.key("unlisted_token"),
                "R444",
                '"unlisted_token" is of no use without visibility: unlisted',
                "set visibility: unlisted, or delete unlisted_token",
            )


def tokens(catalogue: Catalogue, sources: Sources) -> Iterator[tuple[Place, str]]:
    """The tokens of secret addresses, with their places: that none is used twice can be judged of all together only."""
    for located in assessments(catalogue, sources):
        if located.assessment.unlisted_token is not None:
            yield located.source.place("unlisted_token"), located.assessment.unlisted_token

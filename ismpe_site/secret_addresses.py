"""Tokens of secret addresses → a problem for each that two reports use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ismpe_site.problems import Place, Problem


def used_twice(tokens: Iterable[tuple[Place, str]]) -> Iterator[Problem]:
    """The place of a token is told where an earlier file has it already; the token itself is told nowhere."""
    first: dict[str, Place] = {}
    for place, token in sorted(tokens):
        if token in first:
            yield Problem(
                place,
                "R445",
                f"the unlisted_token is that of {first[token].file}",
                "no two reports have one address; `ismpe unlisted-token` makes another",
            )
        else:
            first[token] = place

"""Private texts of organisations and the files made of them → a problem for each private text that got into one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from ismpe_site.content.yaml_text import read_yaml
from ismpe_site.model import Assessment, Organisation, Visibility
from ismpe_site.problems import Place, Problem
from ismpe_site.proof.canaries import NONE, Canaries, canaries, joined
from ismpe_site.proof.scan import NAME, Leak, leaks
from ismpe_site.proof.secrets import Secret, Shown, texts
from ismpe_site.publications import listed
from ismpe_site.scoring.visibility import begun, visibility
from ismpe_site.theme import Theme

# The last part of a secret address is in that address itself.
TOKEN = ("unlisted_token",)


@dataclass(frozen=True)
class Guard:
    """The canaries of one organisation: for files that may be named, and for those at secret addresses.

    ``organisation`` is its folder.
    """

    organisation: str
    listed: Canaries = NONE
    unlisted: Canaries = NONE

    def leaks(self, path: str, data: bytes) -> tuple[Leak, ...]:
        """What is private in the file at ``path``."""
        return leaks(path, data, self.listed if listed(path) else self.unlisted)

    @property
    def digest(self) -> str:
        """Stands for all canaries."""
        return f"{self.listed.digest}{self.unlisted.digest}"


def guard_of(name: str, organisations: Iterable[Organisation], day: date, public: tuple[bytes, ...]) -> Guard:
    """What must not get into the files of the organisation in the folder ``name`` on ``day``.

    ``public``: what is no secret in any case.
    """
    everything = [
        secret for organisation in organisations for secret in texts(organisation, shown_on(organisation, day))
    ]
    secret = [text for text in everything if text.readers != "all"]
    if not secret:
        return Guard(name)
    shown = {text.text for text in everything if text.readers == "all"}
    listed = canaries(secret, shown, public)
    told = [text for text in secret if text.readers == "told"]
    if not told:
        return Guard(name, listed, listed)
    strict = [text for text in secret if text.readers == "nobody" and text.path != TOKEN]
    return Guard(name, listed, canaries(strict, shown | {text.text for text in told}, public))


def shown_on(organisation: Organisation, day: date) -> Shown:
    """What the public gets of each assessment on ``day``: before its day of a report nothing, as if there were none."""

    def shown(assessment: Assessment) -> Visibility:
        word = visibility(assessment, organisation)
        return word if word == "private" or begun(assessment, day) else "award"

    return shown


@lru_cache(maxsize=4)
def public_words(theme: Theme, language: str) -> bytes:
    """The words of the templates, which stand on every page."""
    catalogue = theme.words.get(language, "")
    return joined((*theme.templates.values(), catalogue))


def problems_of(content: Path, found: Iterable[tuple[str, Leak]]) -> Iterator[Problem]:
    """One for each private text of an organisation that got into files, with its place."""
    files: dict[tuple[str, Secret], list[Leak]] = {}
    for organisation, leak in found:
        files.setdefault((organisation, leak.secret), []).append(leak)
    for (organisation, secret), leaked in files.items():
        field = " → ".join(str(part) for part in secret.path)
        others = len(leaked) - 1
        more = f" and {others} more file{'s' if others > 1 else ''}" if others else ""
        yield Problem(
            place_of(content, organisation, secret),
            "P701",
            f"private text ({field}) would be published in {_where(leaked[0])}{more}",
            "mend the template (or the program) that writes the file; where the same words are public by chance, "
            "put the private text in other words",
        )


def _where(leak: Leak) -> str:
    if leak.packed == NAME:
        return f"the name of the file {leak.path}"
    return f"{leak.path} ({leak.packed})" if leak.packed else leak.path


def place_of(content: Path, organisation: str, secret: Secret) -> Place:
    """Where a private text is written."""
    path = content / "assessments" / organisation / secret.file
    name = f"{content.name}/assessments/{organisation}/{secret.file}"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return Place(name)
    if name.endswith(".yaml"):
        return read_yaml(text, name)[0].place(*secret.path)
    beginning = secret.text.strip().splitlines()[0][:40]
    return Place(name, next((n for n, line in enumerate(text.splitlines(), 1) if beginning in line), 1))

"""The public keys of the issuer, and how to check with them by tools that are not ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ismpe_site.artefact import Artefact
from ismpe_site.issuer import COMPROMISED
from ismpe_site.publications import addresses
from ismpe_site.publications.site import web_page
from ismpe_site.publications.views import Scheme, Trust

# What a key is for, by the beginning of its file's name.
PURPOSES = ("root", "seal", "credential", "minisign")


@dataclass(frozen=True)
class Key:
    """A key to download.

    ``fingerprint``: SHA-256 in pairs: of a certificate's DER form, else of the file. ``trusted``: whether its
    signatures count; they do not where others may have it.
    """

    name: str
    purpose: str
    fingerprint: str
    trusted: bool


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/keys/``; the keys themselves are published with what is issued."""
    yield web_page(
        "keys",
        addresses.KEYS,
        scheme.site,
        keys=keys_of(scheme.trust),
        key_names=key_names(scheme.trust),
        test=scheme.trust.test,
        did=scheme.trust.did,
        did_document=scheme.trust.did_document,
        recorded=bool(scheme.records),
        example=scheme.certificates[0] if scheme.certificates else None,
    )


def key_files(trust: Trust) -> dict[str, bytes]:
    """Every key by the name of its file."""
    return {name: text.encode() for name, text in trust.minisign} | dict(trust.keys)


def keys_of(trust: Trust) -> tuple[Key, ...]:
    """The keys in the order of what they are for, newest name first."""
    fingerprints = dict(trust.fingerprints)
    keys = [
        Key(name, name.partition("-")[0], fingerprints[name], f"{COMPROMISED}." not in name)
        for name in sorted(key_files(trust), reverse=True)
    ]
    return tuple(key for purpose in PURPOSES for key in keys if key.purpose == purpose)


def key_names(trust: Trust) -> dict[str, str]:
    """The newest key of each purpose, for commands; where there is none, a name as it might be."""
    names = {purpose: f"{purpose}.crt" if purpose in ("root", "seal") else f"{purpose}.pub" for purpose in PURPOSES}
    return names | {key.purpose: key.name for key in reversed(keys_of(trust)) if key.trusted}

"""The bill of materials: everything that the locks install, as CycloneDX JSON. ``make sbom`` writes it.

It follows from the locks alone: no clock, no serial number, nothing asked of a registry; the same locks give the same
bytes. What only the tests install is marked "excluded", as CycloneDX calls what is no part of the running program.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE, OTHERS = "requirements/site.txt", ("requirements/test.txt", "requirements/bench.txt")
NPM, DEBIAN = "tests/quality/package-lock.json", "packages-debian.txt"
PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
Component = dict[str, object]


def pinned(text: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """(name, version, the packages that ask for it) of each line of a lock; ours is named ``ismpe-site``."""
    for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
        if found := PINNED.match(entry):
            _, _, via = entry.partition("# via")
            asked = re.findall(r"^\s*(?:#\s+)?([A-Za-z0-9._-]+)", via, re.MULTILINE)
            yield _normal(found["name"]), found["version"], frozenset(map(_normal, asked))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _reference(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def bill(files: Mapping[str, str]) -> dict[str, object]:
    """The bill for the locks, by their paths, and ``pyproject.toml``."""
    project = tomllib.loads(files["pyproject.toml"])["project"]
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    needed = {name: version for name, version, _ in pinned(files[SITE])}
    python = {name: (version, via) for path in (*OTHERS, SITE) for name, version, via in pinned(files[path])}
    components = [_python(name, version, name in needed) for name, (version, _) in sorted(python.items())]
    components += [*_npm(files[NPM]), *_debian(files[DEBIAN])]
    references = {name: _reference(name, version) for name, (version, _) in python.items()}
    depends: dict[str, list[str]] = {own: [], **{reference: [] for reference in references.values()}}
    for name, (_, via) in sorted(python.items()):
        for asker in sorted(via):
            depends.get(own if asker == project["name"] else references.get(asker, ""), []).append(references[name])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": own,
            }
        },
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": on} for reference, on in depends.items()],
    }


def _python(name: str, version: str, needed: bool) -> Component:
    reference = _reference(name, version)
    scope = "required" if needed else "excluded"
    return {
        "type": "library",
        "bom-ref": reference,
        "name": name,
        "version": version,
        "scope": scope,
        "purl": reference,
    }


def _npm(lock: str) -> Iterator[Component]:
    for path, package in sorted(json.loads(lock)["packages"].items()):
        if path:
            name, version = path.rpartition("node_modules/")[2], package["version"]
            reference = f"pkg:npm/{name.replace('@', '%40')}@{version}"
            digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
            yield {
                "type": "library",
                "bom-ref": f"{reference}#{path}",
                "name": name,
                "version": version,
                "scope": "excluded",
                "hashes": [{"alg": "SHA-512", "content": digest}],
                "purl": reference,
            }


def _debian(text: str) -> Iterator[Component]:
    """Without versions: the machine's own are taken."""
    scope = ""
    for line in text.splitlines():
        if line.startswith("["):
            scope = "required" if line.strip() == "[site]" else "excluded"
        elif scope and (name := line.partition("#")[0].strip()):
            reference = f"pkg:deb/debian/{name}"
            yield {"type": "library", "bom-ref": reference, "name": name, "scope": scope, "purl": reference}


def sources() -> dict[str, str]:
    """The files that a bill is made of."""
    return {path: (ROOT / path).read_text(encoding="utf-8") for path in ("pyproject.toml", SITE, *OTHERS, NPM, DEBIAN)}


def main() -> None:
    """Write it to standard output."""
    sys.stdout.write(json.dumps(bill(sources()), indent=1) + "\n")


if __name__ == "__main__":
    main()

"""What is installed is locked, by version and hash, and listed; no lock says where it comes from."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import pairwise

import pytest

from tests.conftest import ROOT
from tests.quality import sbom

LOCKS = ("requirements/site.txt", "requirements/test.txt", "requirements/bench.txt")
NPM = json.loads((ROOT / sbom.NPM).read_text(encoding="utf-8"))


def entries(lock: str) -> list[str]:
    """Each package of a lock, with its hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    starts = [match.start() for match in re.finditer(r"^[A-Za-z0-9]", text, re.MULTILINE)]
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_its_hashes(lock: str) -> None:
    found = entries(lock)
    assert len(found) > (0 if "bench" in lock else 40)
    for entry in found:
        assert re.match(r"[a-z0-9.-]+(\[[a-z,]+\])?==[0-9][^\s]* \\\n", entry), entry.split("\n")[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry.split("\n")[0]


@pytest.mark.parametrize("lock", [*LOCKS, sbom.NPM, "sbom.cdx.json"])
def test_a_lock_names_no_place_to_fetch_from(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|\"resolved\"|git\+|file://|@ http", text)


def test_every_package_of_npm_is_pinned_with_its_digest() -> None:
    packages = {path: package for path, package in NPM["packages"].items() if path}
    assert packages
    for path, package in packages.items():
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package["integrity"]), path
        assert re.fullmatch(r"[0-9]\S*", package["version"]), path
    wanted = json.loads((ROOT / "tests/quality/package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert NPM["packages"][""]["devDependencies"] == wanted
    assert all(re.fullmatch(r"[0-9][0-9A-Za-z.-]*", version) for version in wanted.values())


def test_every_dependency_is_in_the_lock() -> None:
    """Those of ``pyproject.toml`` in the site's, the extras and all others in the tests'."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    site, test = ({name for name, _, _ in sbom.pinned((ROOT / lock).read_text(encoding="utf-8"))} for lock in LOCKS[:2])
    assert {_name(line) for line in project["dependencies"]} <= site
    extras = {_name(line) for lines in project["optional-dependencies"].values() for line in lines}
    inputs = (ROOT / "requirements/test.in").read_text(encoding="utf-8").splitlines()
    asked = {_name(line) for line in inputs if re.match("[A-Za-z0-9]", line)}
    assert extras | asked | site <= test


def _name(line: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", line)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_no_script_of_a_package_runs_while_it_is_installed() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in recipe.splitlines():
        if re.search(r"\bnpm (ci|install|update)\b", line) and "##" not in line and "echo" not in line:
            assert "--ignore-scripts" in line or "--package-lock-only" in line, line
        if "install --quiet --requirement" in line:
            assert "--require-hashes" in line, line


# -- the bill of materials -----------------------------------------------------------------------------------------


def test_the_bill_is_that_of_the_locks() -> None:
    """``make sbom`` writes it anew."""
    assert json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8")) == sbom.bill(sbom.sources())


def test_the_bill_lists_everything_once_with_what_it_needs() -> None:
    bill = json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert not {"serialNumber", "timestamp"} & {*bill, *bill["metadata"]}
    references = [component["bom-ref"] for component in bill["components"]]
    assert len(references) == len(set(references))
    own = bill["metadata"]["component"]["bom-ref"]
    needs = {entry["ref"]: entry["dependsOn"] for entry in bill["dependencies"]}
    assert needs.keys() <= {own, *references}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {name.split("/")[-1].split("@")[0] for name in needs[own]} >= {_name(one) for one in project["dependencies"]}
    assert all(ref in references for refs in needs.values() for ref in refs)
    scopes = {component["name"]: component["scope"] for component in bill["components"]}
    assert (scopes["weasyprint"], scopes["pytest"], scopes["axe-core"]) == ("required", "excluded", "excluded")


def test_a_changed_lock_is_seen() -> None:
    files = sbom.sources()
    before = sbom.bill(files)
    version = next(version for name, version, _ in sbom.pinned(files[sbom.SITE]) if name == "weasyprint")
    changed = {path: text.replace(f"weasyprint=={version}", "weasyprint==1.0") for path, text in files.items()}
    assert sbom.bill(changed) != before


# -- the policy ----------------------------------------------------------------------------------------------------


def test_the_policy_says_what_it_must() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for words in (
        "within 14 days",
        "Supported versions",
        "in private",
        "to be filled in by the publisher",
        "threat-model.md",
    ):
        assert words in text
    # Until the publisher has filled it in there is no address that nobody reads.
    assert not re.search(r"[\w.]+@[\w.]+", text)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "SECURITY.md" in readme
    assert "docs/threat-model.md" in readme

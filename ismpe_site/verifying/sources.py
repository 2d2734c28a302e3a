"""What files are checked by: the project's own record, or a copy of the public site."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ismpe_site.content.issued import load_issued
from ismpe_site.content.load import load_commons
from ismpe_site.model import Ledger
from ismpe_site.project import Project
from ismpe_site.publications import addresses
from ismpe_site.trust.did import did_of
from ismpe_site.trusting import signature_problems, unpinned
from ismpe_site.verifying.judge import MAX_BYTES, Known, Verdict, judge, known_from, known_of


def known_of_project(project: Project) -> Known:
    """What the content folder says was issued; it need not be sound in other things."""
    issued = load_issued(project.content)
    editions = {edition.id: edition for edition in load_commons(project.content).catalogue.editions}
    known = known_of(issued, did_of(project.config.base_url), editions)
    pins = project.config.keys.trusted
    found = (*issued.problems, *signature_problems(issued, pins), *unpinned(issued, pins))
    wrong = tuple(f"{problem.place}: {problem.message}" for problem in found if problem.severity == "error")
    return Known(known.ledger, known.roots, known.credential_keys, known.did, editions, (*known.doubts, *wrong))


def known_of_site(folder: Path) -> Known:
    """What a copy of the public site says was issued. It proves itself by its own keys: compare their fingerprints."""
    try:
        read = {
            name: (folder / name).read_bytes()
            for name in (addresses.LEDGER, addresses.CERTIFICATE_SUMS, f"{addresses.CERTIFICATE_SUMS}.minisig")
        }
        keys = {path.name: path.read_bytes() for path in sorted((folder / addresses.KEYS).iterdir()) if path.is_file()}
        documents = (folder / ".well-known/did.json", folder / "did.json")
        document = next(path for path in documents if path.is_file())
        did = str(json.loads(document.read_bytes())["id"])
    except (OSError, StopIteration, ValueError, KeyError, TypeError) as error:
        return Known(Ledger(), (), {}, "", {}, (f"{folder} is no copy of a site that has issued: {error}",))
    ledger, sums, signature = read.values()
    return known_from(ledger, sums, signature.decode("utf-8", "replace"), keys, did, {})


def verdicts(files: Iterable[Path], known: Known, day: date) -> list[tuple[Path, Verdict]]:
    """The verdict on each file; one that cannot be read is unknown."""
    return [(path, _verdict(path, known, day)) for path in files]


def _verdict(path: Path, known: Known, day: date) -> Verdict:
    try:
        if not path.is_file():
            return Verdict("unknown", words=("there is no such file",))
        with path.open("rb") as file:
            return judge(file.read(MAX_BYTES + 1), known, day)
    except OSError as error:
        return Verdict("unknown", words=(f"it cannot be read: {error.strerror}",))

"""One award as it is issued, made by the real press with the test keys: what outside verifiers are handed.

``python -m tests.issued_sample FOLDER`` makes it in a process of its own and prints the digest of each file.
"""

import base64
import hashlib
import json
import sys
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from ismpe_site.artefact import Attachment, Picture, PrintDocument
from ismpe_site.printing.painter import paint
from ismpe_site.printing.press import press
from ismpe_site.project import Project
from ismpe_site.publications.qr import code
from ismpe_site.publications.views import IssueMark
from ismpe_site.trust import minisign
from ismpe_site.trust.bake import bake_png, bake_svg
from ismpe_site.trust.credential import AwardFacts, LevelFacts, StandardFacts, award_credential, serialise, sign
from ismpe_site.trust.did import did_document, did_of
from ismpe_site.trust.keys import Keys, fingerprint, open_keys
from ismpe_site.trust.seal import seal
from ismpe_site.trust.status_list import status_list
from tests.whole import load, planned

ROOT = Path(__file__).parents[1]
KEYS = ROOT / "tests" / "keys"
ROOT_CERTIFICATE = KEYS / "root-2020.crt"
CREDENTIAL_KEY = KEYS / "credential-2020.pub"
BASE = "https://ismpe.example/"
DID = did_of(BASE)
AWARD = "quillmere-health-partnership/new-managers/2025-03"
ISSUED = date(2026, 1, 1)

FACTS = AwardFacts(
    number="ISMPE-2026-0001-9",
    organisation="Quillmere Health Partnership",
    website="https://quillmere.example/",
    programme="New Managers Mentoring Programme",
    level="gold",
    levels=(
        LevelFacts("bronze", Fraction(80), Fraction(60)),
        LevelFacts("silver", Fraction(87), Fraction(60)),
        LevelFacts("gold", Fraction(95), Fraction(60)),
    ),
    edition="2003",
    edition_title="the International Standards for Mentoring Programmes in Employment (2003)",
    scheme="ISMPE",
    overall=Fraction(958, 1000),
    core_standards=tuple(
        StandardFacts(number, title, Fraction(900 + 11 * number, 1000))
        for number, title in enumerate(("Clarity of purpose", "Stakeholder training", "Selection & matching"), 1)
    ),
    assessed=(date(2025, 11, 10), date(2025, 11, 11)),
    awarded=ISSUED,
    valid_until=date(2028, 12, 31),
    status_index=94_567,
    specimen=True,
)


@dataclass(frozen=True)
class Sample:
    """Where the files are, and the documents that go with them."""

    folder: Path
    keys: Keys
    credential: dict[str, object]
    did: dict[str, object]
    nothing_withdrawn: dict[str, object]
    withdrawn: dict[str, object]

    def file(self, name: str) -> Path:
        return self.folder / name


@cache
def keys_for_tests() -> Keys:
    """The keys of ``tests/keys``, opened."""
    passphrase = (KEYS / "passphrase").read_bytes().strip()
    return open_keys(
        (KEYS / "seal-2020.p12").read_bytes(), (KEYS / "credential-2020.pem").read_bytes(), passphrase, "key-2020"
    )


def documents() -> tuple[PrintDocument, PrintDocument, bytes]:
    """A report and a certificate of the specimens as they are issued, but before the seal; and a badge."""
    project = Project.at(ROOT)
    theme = project.theme()
    artefacts = planned(load(project.content).catalogue, date(2026, 11, 22), project.site(), theme)
    mark = IssueMark(FACTS.number, ISSUED, fingerprint(ROOT_CERTIFICATE.read_bytes()))
    issued = {"issue": mark, "code": code(f"{BASE}certificates/{FACTS.number}/")}

    def printed(name: str) -> PrintDocument:
        artefact = artefacts[f"assessments/{AWARD}/{name}"]
        inputs = replace(artefact.inputs, sealed=True, view={**artefact.inputs.view, **issued})
        made = artefact.render(inputs, theme)
        assert isinstance(made, PrintDocument)
        return made

    badge = artefacts[f"assessments/{AWARD}/badge-light.svg"]
    drawn = badge.render(badge.inputs, theme)
    assert isinstance(drawn, bytes)
    return printed("report.pdf"), printed("certificate.pdf"), drawn


def issue(folder: Path) -> Sample:
    """Everything that is issued for one award, in ``folder``."""
    theme, keys = Project.at(ROOT).theme(), keys_for_tests()
    report, certificate, badge = documents()
    files = {"report.pdf": seal(press(report, theme), keys, ISSUED, "Issued assessment report")}
    digest = base64.b64encode(hashlib.sha256(files["report.pdf"]).digest()).decode()
    facts = replace(FACTS, report_sri=f"sha256-{digest}")
    credential = sign(award_credential(facts, BASE), keys, DID, ISSUED)
    files["credential.json"] = serialise(credential)
    carried = Attachment("credential.json", files["credential.json"], "Open Badges 3.0 credential")
    printed = press(replace(certificate, attachments=(*certificate.attachments, carried)), theme)
    files["certificate.pdf"] = seal(printed, keys, ISSUED, "Issued award certificate")
    files["badge.svg"] = bake_svg(badge, files["credential.json"])
    files["badge.png"] = bake_png(paint(Picture(badge.decode(), 256)), files["credential.json"])
    lists = {
        name: sign(status_list(BASE, revoked, ISSUED), keys, DID, ISSUED)
        for name, revoked in (("empty.json", [5]), ("revoked.json", [5, FACTS.status_index]))
    }
    did = did_document(DID, {keys.key_id: keys.credential_public})
    files |= {name: serialise(document) for name, document in (*lists.items(), ("did.json", did))}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    files["SHA256SUMS.minisig"] = minisign.sign(sums.encode(), keys, "register serial 1, 2026-01-01").encode()
    files["minisign.pub"] = minisign.public_key(keys.credential_public).encode()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return Sample(folder, keys, credential, did, lists["empty.json"], lists["revoked.json"])


if __name__ == "__main__":
    made = issue(Path(sys.argv[1]))
    digests = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(made.folder.iterdir())}
    sys.stdout.write(json.dumps(digests, indent=1) + "\n")

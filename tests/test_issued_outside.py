"""The issued specimens, as published, before judges that this project did not write.

That they are archival and accessible is judged with all other documents, in ``test_quality.py``.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ismpe_site.content.issued import load_issued
from ismpe_site.model import Certificate
from tests.conftest import ROOT, BuiltSite
from tests.issue_specimens import KEYS
from tests.quality import verifiers
from tests.quality.verifiers import Case

CERTIFICATES = load_issued(ROOT / "content").ledger.certificates()
ROOT_KEY, CREDENTIAL_KEY = KEYS / "root-2020.crt", KEYS / "credential-2020.pub"
GOLD, WITHDRAWN, SUPERSEDED = "ISMPE-2025-0001-4", "ISMPE-2024-0001-0", "ISMPE-2022-0001-Q"


def ids(certificate: Certificate) -> str:
    return certificate.number


def published(site: BuiltSite, certificate: Certificate, name: str) -> Path:
    return site.public / "certificates" / certificate.number / name


def document(site: BuiltSite, path: str) -> dict[str, Any]:
    return dict(json.loads(site.read(path)))


def judged(file: Path) -> list[bool]:
    """By pdfsig, mutool, pyHanko's own command, openssl."""
    return [
        verifiers.pdfsig(file, [ROOT_KEY]).accepted,
        verifiers.mutool(file).accepted,
        verifiers.pyhanko(file, [ROOT_KEY]).accepted,
        verifiers.openssl(file, ROOT_KEY).accepted,
    ]


@pytest.mark.parametrize("certificate", CERTIFICATES, ids=ids)
def test_every_seal_is_accepted_by_four_programs(site: BuiltSite, certificate: Certificate) -> None:
    files = [published(site, certificate, "certificate.pdf"), published(site, certificate, "report.pdf")]
    shown = [file for file in files if file.exists()]
    assert len(shown) == (1 if certificate.organisation == "northmarrow-insurance" else 2)
    for file in shown:
        assert judged(file) == [True] * 4, file
        assert verifiers.qpdf(file).accepted, file


def test_a_changed_byte_is_seen_by_each_of_them(site: BuiltSite, tmp_path: Path) -> None:
    data = bytearray(published(site, CERTIFICATES[0], "certificate.pdf").read_bytes())
    data[data.index(b"stream") + 40] ^= 1
    (tmp_path / "changed.pdf").write_bytes(data)
    assert judged(tmp_path / "changed.pdf") == [False] * 4


@pytest.mark.parametrize("certificate", CERTIFICATES, ids=ids)
def test_the_code_on_the_sheet_leads_to_the_page(site: BuiltSite, certificate: Certificate, tmp_path: Path) -> None:
    file = published(site, certificate, "certificate.pdf")
    subprocess.run(["pdftoppm", "-r", "110", "-png", file, tmp_path / "page"], check=True)
    (picture,) = tmp_path.glob("page*.png")
    run = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == f"https://ismpe.example/certificates/{certificate.number}/"


def test_the_digests_are_signed(site: BuiltSite, tmp_path: Path) -> None:
    folder = site.public / "certificates"
    sums, signature, key = folder / "SHA256SUMS", folder / "SHA256SUMS.minisig", site.public / "keys/minisign-2020.pub"
    assert verifiers.minisign(sums, signature, key).accepted
    (tmp_path / "edited").write_bytes(sums.read_bytes().replace(b"0", b"1", 1))
    assert not verifiers.minisign(tmp_path / "edited", signature, key).accepted


def test_credentials_valid_revoked_expired_and_tampered_are_told_apart(site: BuiltSite) -> None:
    did, status = document(site, ".well-known/did.json"), document(site, "status/revocation.json")
    credentials = {c.number: document(site, f"certificates/{c.number}/credential.json") for c in CERTIFICATES}
    cases = [Case(credentials[one.number], did, status, "2025-06-14") for one in CERTIFICATES]
    said = dict(zip(credentials, verifiers.digital_bazaar(cases), strict=True))
    expected = dict.fromkeys(credentials, "VALID") | {WITHDRAWN: "REVOKED", SUPERSEDED: "REVOKED"}
    assert {number: words.split()[0] for number, words in said.items()} == expected
    better = json.loads(json.dumps(credentials[GOLD]).replace("Gold", "Platinum").replace("gold", "platinum"))
    longer = {**credentials[GOLD], "validUntil": "2038-04-02T00:00:00Z"}
    after = Case(credentials[GOLD], did, status, "2028-04-03")
    changed = [Case(one, did, status, "2026-06-01") for one in (better, longer)]
    words = verifiers.digital_bazaar([after, *changed])
    assert [word.split()[0] for word in words] == ["INVALID"] * 3
    assert "validUntil" in words[0]


def test_a_second_verifier_the_official_schema_and_one_of_badges(site: BuiltSite) -> None:
    did, status = document(site, ".well-known/did.json"), document(site, "status/revocation.json")
    files = {"https://ismpe.example/.well-known/did.json": did, "https://ismpe.example/status/revocation.json": status}
    credential = document(site, f"certificates/{GOLD}/credential.json")
    withdrawn = document(site, f"certificates/{WITHDRAWN}/credential.json")
    whole, taken_back = verifiers.dcc([credential, withdrawn], files)
    assert "valid_signature=true" in whole
    assert "revocation_status=true" in whole
    assert "revocation_status=false" in taken_back
    for certificate in CERTIFICATES:
        assert verifiers.schema_faults(document(site, f"certificates/{certificate.number}/credential.json")) == []
    holder = credential["credentialSubject"]["id"]
    for name in ("badge-light.svg", "badge-dark.svg", "badge-mono.svg", "badge.png"):
        said = verifiers.openbadges_verifier(site.public / "certificates" / GOLD / name, holder, CREDENTIAL_KEY)
        assert said.accepted, (name, said.words)
    said = verifiers.openbadges_verifier(
        site.public / "certificates" / GOLD / "badge.png", "https://somebody.example/", CREDENTIAL_KEY
    )
    assert not said.accepted


def test_what_is_carried_comes_out_byte_for_byte(site: BuiltSite, tmp_path: Path) -> None:
    file = site.public / "certificates" / GOLD / "certificate.pdf"
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, file], check=True, capture_output=True)
    assert (tmp_path / "credential.json").read_bytes() == file.with_name("credential.json").read_bytes()
    report = tmp_path / "report"
    report.mkdir()
    subprocess.run(
        ["pdfdetach", "-saveall", "-o", report, file.with_name("report.pdf")], check=True, capture_output=True
    )
    assert {path.name for path in report.iterdir()} == {"assessment.json", "result.json"}


def test_the_award_only_certificate_tells_no_score(site: BuiltSite) -> None:
    number = next(one.number for one in CERTIFICATES if one.organisation == "northmarrow-insurance")
    credential = document(site, f"certificates/{number}/credential.json")
    assert "89.4" not in json.dumps(credential)
    assert {"result", "activityStartDate"}.isdisjoint(credential["credentialSubject"]) or not any(
        "value" in result for result in credential["credentialSubject"].get("result", ())
    )
    assert not (site.public / "certificates" / number / "report.pdf").exists()

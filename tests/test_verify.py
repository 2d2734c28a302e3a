"""``ismpe verify``: one answer for each file, never "genuine" where it is not or where nobody can tell."""

import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from ismpe_site.content.issued import load_issued
from ismpe_site.issuing.desk import change, issue, supersede
from ismpe_site.late import press
from ismpe_site.model import certificate_number
from ismpe_site.project import Project
from ismpe_site.trust.keys import fingerprint, make_keys, open_keys
from ismpe_site.trust.seal import seal
from ismpe_site.verifying.judge import Known, Verdict, judge
from ismpe_site.verifying.sources import known_of_project, known_of_site
from tests.conftest import AS_OF, ROOT, BuiltSite, ismpe
from tests.issue_specimens import KEYS
from tests.issued_site import another, desk, file_of, issuing_project, spoil
from tests.whole import load, planned

GOLD = "ISMPE-2025-0001-4"
FOLDER = ROOT / "content/issued" / GOLD
KINDS = (
    "certificate.pdf",
    "report.pdf",
    "credential.json",
    "badge.png",
    "badge-light.svg",
    "badge-dark.svg",
    "badge-mono.svg",
)


@pytest.fixture(scope="module")
def known() -> Known:
    known = known_of_project(Project.at(ROOT))
    assert known.doubts == ()
    return known


def answer(data: bytes, known: Known, day: date = AS_OF) -> Verdict:
    return judge(data, known, day)


@pytest.mark.parametrize("name", KINDS)
def test_what_was_issued_is_genuine_and_active(known: Known, name: str) -> None:
    verdict = answer((FOLDER / name).read_bytes(), known)
    assert (verdict.answer, verdict.number) == ("active", GOLD)
    words = " ".join(verdict.words)
    assert ("seal is whole" in words) is name.endswith(".pdf")
    assert ("the proof of the credential is that of the issuer" in words) is not name.endswith(".pdf")
    assert ("computed again from its ratings, the score is the same: 95.9 %, gold" in words) is (name == "report.pdf")


def test_every_certificate_of_the_site_is_as_it_should_be(known: Known) -> None:
    answers = {number: answer((ROOT / "content/issued" / number / "certificate.pdf").read_bytes(), known).answer
               for number in known.certificates}  # fmt: skip
    assert sorted(answers.values()) == ["active"] * 3 + ["superseded", "withdrawn"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # Awarded on the 2nd, issued on the 14th.
        (date(2025, 4, 13), "not yet valid"),
        (date(2025, 4, 14), "active"),
        (date(2028, 4, 1), "active"),
        (date(2028, 4, 2), "expired"),
    ],
)
def test_it_stands_as_on_the_day(known: Known, day: date, expected: str) -> None:
    assert answer((FOLDER / "credential.json").read_bytes(), known, day).answer == expected


# -- altered --


def structural_parts(name: str, data: bytes) -> Iterator[int]:
    """Places of every kind of part a file is made of: the first byte of each, and one inside it."""
    marks = {
        "pdf": rb"%PDF|%%EOF|startxref|trailer|xref|\bobj\b|endobj|stream|endstream|/Type|/ByteRange|/Contents|/Sig|/ID"
        rb"|/Root|xmpmeta|0000>",
        "png": rb"\x89PNG|IHDR|IDAT|IEND|iTXt|openbadgecredential",
        "svg": rb"<svg|<title|<desc|<path|CDATA|openbadges|proofValue|</svg>",
        "json": rb'"[A-Za-z@]+":|[{}\[\],]',
    }[name.rpartition(".")[2]]
    found: dict[bytes, list[int]] = {}
    for match in re.finditer(marks, data):
        found.setdefault(match[0], []).append(match.start())
    for places in found.values():
        for at in {places[0], places[len(places) // 2], places[-1]}:
            yield from (at, min(at + 2, len(data) - 1))
    yield from (0, len(data) // 2, len(data) - 2, len(data) - 1)


@pytest.mark.parametrize("name", KINDS)
def test_a_changed_bit_anywhere_is_caught(known: Known, name: str) -> None:
    """200 random places and every structural part of each file."""
    data = (FOLDER / name).read_bytes()
    drawn = random.Random(name)
    places = [*structural_parts(name, data), *(drawn.randrange(len(data)) for _ in range(200))]
    assert len(places) >= 210
    for at in places:
        changed = bytearray(data)
        changed[at] ^= 1 << drawn.randrange(8)
        verdict = answer(bytes(changed), known)
        assert not verdict.genuine, f"{name}: byte {at}"
        assert verdict.answer in ("altered", "not ours"), f"{name}: byte {at}"


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("how", ["a byte more", "a byte less", "in the padding of the seal", "saved again"])
def test_what_a_program_might_do_is_caught(known: Known, name: str, how: str, tmp_path: Path) -> None:
    data = (FOLDER / name).read_bytes()
    if how == "a byte more":
        changed = data + b"\n"
    elif how == "a byte less":
        changed = data[:-1]
    elif not name.endswith(".pdf"):
        return
    elif how == "in the padding of the seal":
        at = data.rindex(b"0000>")
        changed = data[:at] + b"1" + data[at + 1 :]
    else:
        with pikepdf.open(FOLDER / name) as pdf:
            pdf.save(tmp_path / "again.pdf")
        changed = (tmp_path / "again.pdf").read_bytes()
    verdict = answer(changed, known)
    if name == "credential.json":
        assert verdict.answer == "active", "with or without the line end it says the same"
        assert "written otherwise" in verdict.words[0]
    else:
        assert (verdict.answer, verdict.number) == ("altered", GOLD)


def another_end(proof: str) -> str:
    return proof[:-1] + ("2" if proof.endswith("1") else "1")


def test_a_credential_written_otherwise_is_genuine(known: Known) -> None:
    document = json.loads((FOLDER / "credential.json").read_bytes())
    for again in (json.dumps(document), json.dumps(dict(reversed(document.items())), indent=4, ensure_ascii=False)):
        verdict = answer(again.encode(), known)
        assert verdict.answer == "active"
        assert "written otherwise" in verdict.words[0]


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: d["credentialSubject"]["achievement"].update(name="ISMPE Platinum award"),
        lambda d: d.update(validUntil="2038-04-02T00:00:00Z"),
        lambda d: d.pop("credentialStatus"),
        lambda d: d["proof"].update(proofValue=another_end(d["proof"]["proofValue"])),
        lambda d: d.update(more="not a term"),
    ],
    ids=["its name", "its end", "no status", "its proof", "a member more"],
)
def test_a_credential_that_says_something_else_is_altered(known: Known, edit: object) -> None:
    document = json.loads((FOLDER / "credential.json").read_bytes())
    edit(document)  # type: ignore[operator]
    verdict = answer(json.dumps(document).encode(), known)
    assert (verdict.answer, verdict.number) == ("altered", GOLD)


def test_a_name_given_twice_is_no_credential(known: Known) -> None:
    text = (FOLDER / "credential.json").read_text()
    twice = text.replace('"validUntil"', '"validUntil": "2038-01-01T00:00:00Z", "validUntil"', 1)
    assert answer(twice.encode(), known).answer == "altered"


def test_a_genuine_credential_in_another_picture(known: Known) -> None:
    other = (ROOT / "content/issued/ISMPE-2025-0002-2/badge-light.svg").read_text()
    mine = (FOLDER / "badge-light.svg").read_text()
    credential = re.search(r"<!\[CDATA\[.*?\]\]>", mine, re.DOTALL)
    assert credential is not None
    forged = re.sub(r"<!\[CDATA\[.*?\]\]>", lambda _: credential[0], other, flags=re.DOTALL)
    verdict = answer(forged.encode(), known)
    assert verdict.answer == "altered"
    assert "the credential in it is one that was issued, the picture around it is not" in verdict.words


# -- not ours --


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"{}", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n", b"x", b"\0" * 99]
)
def test_what_is_none_of_ours(known: Known, data: bytes) -> None:
    verdict = answer(data, known)
    assert verdict.answer == "not ours"
    softly = "no number of ours can be read in its bytes; a copy that a program saved again may look so"
    assert softly in verdict.words


def test_a_number_of_ours_that_was_never_issued(known: Known) -> None:
    verdict = answer(f"Certificate {certificate_number(2025, 999)}".encode(), known)
    assert verdict.answer == "not ours"
    assert f"it names {certificate_number(2025, 999)}, which was never issued" in verdict.words


def test_a_document_that_somebody_else_sealed(known: Known, tmp_path: Path) -> None:
    """Their seal is whole, under a root of their own: that makes it no document of ours."""
    root = issuing_project(tmp_path / "site")
    theirs = make_keys("Somebody Else", 2024, b"x", test=True)
    keys = open_keys(theirs.private["seal-2024.p12"], theirs.private["credential-2024.pem"], b"x", "key-2024")
    project = Project.at(root)
    theme = project.theme()
    artefact = planned(load(project.content).catalogue, date(2024, 7, 1), project.site(), theme)[
        "assessments/brook-trust/starters/2024-05/report.pdf"
    ]
    document = replace(artefact.render(artefact.inputs, theme), seal_tooltip="Seal")  # type: ignore[type-var]
    sealed = seal(press(document, theme), keys, date(2024, 7, 1), "Issued")  # type: ignore[arg-type]
    verdict = answer(sealed, known)
    assert verdict.answer == "not ours"


# -- cannot tell --


def test_an_empty_and_an_endless_file(known: Known) -> None:
    assert answer(b"", known).answer == "unknown"
    assert answer(b"\0" * 50_000_001, known).answer == "unknown"


def test_without_a_whole_record_nothing_is_said(tmp_path: Path) -> None:
    root = issuing_project(tmp_path / "site")
    (number,) = issue(desk(root), [file_of(root)])
    file = root / "content/issued" / number / "certificate.pdf"
    day = date(2024, 7, 1)
    assert answer(file.read_bytes(), known_of_project(Project.at(root)), day).answer == "active"
    spoil(root / "content/issued/ledger.jsonl", "Brook Trust", "Crook Trust")
    verdict = answer(file.read_bytes(), known_of_project(Project.at(root)), day)
    assert verdict.answer == "unknown"
    assert "the ledger is not the one whose digest was signed" in " ".join(verdict.words)


def test_where_nothing_was_issued(tmp_path: Path) -> None:
    root = issuing_project(tmp_path / "site")
    verdict = answer((FOLDER / "certificate.pdf").read_bytes(), known_of_project(Project.at(root)))
    assert verdict.answer == "unknown"


# -- every state, through the command --


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four certificates: one stands, one is suspended, one withdrawn, one superseded by a fifth."""
    root = issuing_project(tmp_path_factory.mktemp("states") / "site")
    files = [file_of(root), *(another(root, f"org-{n}") for n in range(3))]
    _, suspended, withdrawn, superseded = issue(desk(root), files)
    day = date(2024, 7, 1)
    change(desk(root, day), suspended, "suspended", "A complaint.")
    change(desk(root, day), withdrawn, "withdrawn", "It changed.")
    supersede(desk(root, day), superseded, "A slip in the report.")
    return root


def test_each_state_is_told_apart(states: Path) -> None:
    issued = states / "content/issued"
    files = sorted(issued.glob("ISMPE-*/certificate.pdf"))
    run = ismpe("verify", *map(str, files), "--root", str(states), "--as-of", "2024-08-01", "--json")
    assert run.returncode == 1
    said = json.loads(run.stdout)
    assert [one["answer"] for one in said] == ["active", "suspended", "withdrawn", "superseded", "active"]
    assert all(one["genuine"] for one in said)
    run = ismpe("verify", str(files[0]), "--root", str(states), "--as-of", "2024-08-01")
    assert run.returncode == 0
    assert "genuine and active" in run.stdout
    run = ismpe("verify", str(files[3]), "--root", str(states), "--as-of", "2024-08-01")
    assert f"(see {certificate_number(2024, 5)})" in run.stdout
    run = ismpe("verify", str(files[0]), "--root", str(states), "--as-of", "2028-01-01")
    assert (run.returncode, "genuine, but expired" in run.stdout) == (1, True)


def test_files_that_are_not_there_or_cannot_be_read(states: Path, tmp_path: Path) -> None:
    run = ismpe("verify", str(tmp_path), str(tmp_path / "nothing.pdf"), "--root", str(states))
    assert run.returncode == 1
    assert run.stdout.count("cannot tell") == 2
    assert "Traceback" not in run.stderr


def test_by_a_copy_of_the_public_site_alone(site: BuiltSite, tmp_path: Path) -> None:
    """Nothing of the project is needed: what the site serves proves what it serves."""
    copy = tmp_path / "copy"
    for path in (
        "register/ledger.jsonl",
        "certificates/SHA256SUMS",
        "certificates/SHA256SUMS.minisig",
        ".well-known/did.json",
    ):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(site.public / path, copy / path)
    shutil.copytree(site.public / "keys", copy / "keys")
    names = [str(FOLDER / name) for name in KINDS]
    run = subprocess.run(
        [sys.executable, "-m", "ismpe_site", "verify", *names, "--site", str(copy), "--as-of", AS_OF.isoformat()],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("genuine and active") == len(KINDS)
    assert "this is as good as the copy of the site" in run.stderr
    assert "TEST keys: whatever they say proves nothing" in run.stderr
    assert f"SHA-256 {fingerprint((KEYS / 'root-2020.crt').read_bytes())}" in run.stderr
    (copy / "certificates/SHA256SUMS.minisig").write_text("nothing\n")
    assert answer((FOLDER / "badge.png").read_bytes(), known_of_site(copy)).answer == "unknown"


def test_a_ledger_cut_short_is_not_the_signed_one(site: BuiltSite, tmp_path: Path) -> None:
    """Whoever leaves out the last entry, a withdrawal, has a whole chain, but not the one that was signed."""
    copy = tmp_path / "copy"
    shutil.copytree(
        site.public, copy, ignore=shutil.ignore_patterns("assets", "standard", "pagefind", "assessments", "*.png")
    )
    ledger = copy / "register/ledger.jsonl"
    *lines, last = ledger.read_text().splitlines(keepends=True)
    assert '"withdrawn"' in last
    ledger.write_text("".join(lines))
    known = known_of_site(copy)
    assert known.doubts == ("the ledger is not the one whose digest was signed",)


def test_the_score_of_a_report_is_computed_again_by_the_rules(known: Known) -> None:
    """The report's own numbers are not believed: a ledger that calls the award gold does not make it so."""
    data = (FOLDER / "report.pdf").read_bytes()
    edition = known.editions["2003"]
    strict = edition.model_copy(
        update={"awards": tuple(a.model_copy(update={"overall": a.overall + 4}) for a in edition.awards)}
    )
    verdict = answer(data, replace(known, editions={"2003": strict}))
    assert "computed again from its ratings, the score is ANOTHER: 95.9 %, silver" in " ".join(verdict.words)
    assert verdict.answer == "unknown"
    assert load_issued(ROOT / "content").problems == ()

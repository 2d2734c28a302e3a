"""What is issued never changes: each byte of it, the assessment behind it, the edition it was earned by."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ismpe_site.content.issued import load_issued
from ismpe_site.issuing.desk import change, issue, supersede
from ismpe_site.issuing.signed import signed_files
from ismpe_site.ledger import line_of, read_ledger, text_of
from ismpe_site.model import certificate_number
from ismpe_site.problems import ContentError, Problem
from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.keys import Keys, make_keys, open_keys
from tests.conftest import ROOT, BuiltSite, ismpe
from tests.issued_site import FIRST, KEY, ON, another, desk, file_of, pages_of, spoil
from tests.whole import load


@pytest.fixture
def root(issued: Path) -> Path:
    return issued


def errors(root: Path) -> list[Problem]:
    return [problem for problem in load(root / "content").problems if problem.severity == "error"]


def test_an_issued_project_has_no_problem(root: Path) -> None:
    assert errors(root) == []


# -- the files --


@pytest.mark.parametrize(
    "name", ["certificate.pdf", "report.pdf", "credential.json", "badge.png", "badge-mono.svg", "record.json"]
)
def test_a_changed_byte_stops_the_build(root: Path, name: str) -> None:
    file = root / "content/issued" / FIRST / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    (problem,) = errors(root)
    assert (problem.code, problem.place.file) == ("I603", f"content/issued/{FIRST}/{name}")


def test_a_build_says_so_and_keeps_the_old_site(root: Path, tmp_path: Path) -> None:
    arguments = pages_of(root, tmp_path / "out", "2024-07-01")
    assert ismpe(*arguments).returncode == 0
    before = (tmp_path / "out/public/manifest.json").read_bytes()
    file = root / "content/issued" / FIRST / "certificate.pdf"
    file.write_bytes(file.read_bytes() + b"\n")
    for command in (arguments, ("check", "--root", str(root), "--output", str(tmp_path / "out"))):
        run = ismpe(*command)
        assert run.returncode == 5
        assert f"content/issued/{FIRST}/certificate.pdf" in run.stderr
        assert "this file is not as it was issued" in run.stderr
    assert (tmp_path / "out/public/manifest.json").read_bytes() == before


def spare_file(root: Path) -> None:
    (root / "content/issued" / FIRST / "more.pdf").write_bytes(b"x")


def gone_file(root: Path) -> None:
    (root / "content/issued" / FIRST / "badge.png").unlink()


def gone_folder(root: Path) -> None:
    (root / "content/issued" / FIRST).rename(root / "elsewhere")


def gone_ledger(root: Path) -> None:
    (root / "content/issued/ledger.jsonl").unlink()


def cut_ledger(root: Path) -> None:
    file = root / "content/issued/ledger.jsonl"
    file.write_text(file.read_text().splitlines(keepends=True)[0])


def edited_ledger(root: Path) -> None:
    spoil(root / "content/issued/ledger.jsonl", '"level":"', '"level":"x')


def edited_name(root: Path) -> None:
    """In the last line, whose digest no other line holds."""
    spoil(root / "content/issued/ledger.jsonl", "Brook Trust", "Crook Trust")


def old_status(root: Path) -> None:
    """Another list of what is revoked, such as one from before a withdrawal."""
    spoil(root / "content/issued/signed/2/revocation.json", '"encodedList": "u', '"encodedList": "v')


def other_document(root: Path) -> None:
    spoil(root / "content/issued/signed/2/did.json", "publicKeyMultibase", "publicKeyMultiBase")


def other_root(root: Path) -> None:
    (root / "content/issued/keys/root-2020.crt").write_bytes(
        make_keys("X", 2020, b"x", test=True).public["root-2020.crt"]
    )


def gone_key(root: Path) -> None:
    (root / "content/issued/keys/seal-2020.crt").unlink()


def gone_signature(root: Path) -> None:
    (root / "content/issued/signed/2/SHA256SUMS.minisig").unlink()


def gone_organisation(root: Path) -> None:
    (root / "content/assessments/brook-trust").rename(root / "elsewhere")


def gone_assessment(root: Path) -> None:
    file_of(root).rename(root / "elsewhere")


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (spare_file, "I602", f"content/issued/{FIRST}/more.pdf"),
        (gone_file, "I602", f"content/issued/{FIRST}/badge.png"),
        (gone_folder, "I602", f"content/issued/{FIRST}"),
        (cut_ledger, "I601", "content/issued/signed"),
        (edited_ledger, "I601", "content/issued/signed/2/SHA256SUMS"),
        (edited_name, "I601", "content/issued/signed/2/SHA256SUMS"),
        (old_status, "I601", "content/issued/signed/2/SHA256SUMS"),
        (other_document, "I601", "content/issued/signed/2/SHA256SUMS"),
        (other_root, "I601", "content/issued/signed/2/SHA256SUMS"),
        (gone_key, "I601", "content/issued/signed/2/SHA256SUMS"),
        (gone_ledger, "I601", "content/issued/ledger.jsonl"),
        (gone_signature, "I601", "content/issued/signed"),
        (gone_assessment, "I604", f"content/assessments/{KEY}.yaml"),
    ],
)
def test_what_is_missing_or_too_much_is_found(
    root: Path, change: Callable[[Path], None], code: str, place: str
) -> None:
    change(root)
    assert (code, place) in [(problem.code, problem.place.file) for problem in errors(root)]


def test_digests_that_somebody_else_wrote_are_not_taken(root: Path, tmp_path: Path) -> None:
    """Whoever edits the ledger and its digest still has no key to sign them with."""
    edited_name(root)
    text = (root / "content/issued/ledger.jsonl").read_bytes()
    sums = root / "content/issued/signed/2/SHA256SUMS"
    line = f"{hashlib.sha256(text).hexdigest()}  ../register/ledger.jsonl"
    sums.write_text(re.sub(r"[0-9a-f]{64}  ../register/ledger.jsonl", line, sums.read_text()))
    assert errors(root) == []
    run = ismpe("check", "--root", str(root), "--output", str(tmp_path / "out"))
    assert run.returncode == 5
    assert "the digests are not signed by a key in content/issued/keys" in run.stderr


def test_without_the_ledger_nothing_is_removed_and_no_number_given_again(root: Path) -> None:
    gone_ledger(root)
    files = sorted((root / "content/issued").rglob("*"))
    another(root, "other-trust")
    with pytest.raises(ContentError, match="problems"):
        issue(desk(root), [file_of(root, "other-trust/starters/2024-05")])
    assert sorted((root / "content/issued").rglob("*")) == files


def test_what_was_published_is_not_forgotten(root: Path, tmp_path: Path) -> None:
    """Whoever puts back the state before a withdrawal, or deletes it all, is found by the site that stands."""
    subprocess.run(["cp", "-a", root / "content/issued", tmp_path / "before"], check=True)
    change(desk(root, date(2024, 7, 1)), FIRST, "withdrawn", "It changed.")
    options = ("--root", str(root), "--output", str(root / "output"))
    assert ismpe("build", *options, "--only", "html", "--as-of", "2024-07-02").returncode == 0
    shutil.rmtree(root / "content/issued")
    for _ in range(2):
        for command in ("check", "build"):
            run = ismpe(command, *options)
            assert run.returncode == 5
            assert "entries that were published are missing or changed" in run.stderr
        subprocess.run(["cp", "-a", tmp_path / "before", root / "content/issued"], check=False)


# -- keys --


def forged(root: Path, keys: Keys) -> None:
    """History without its last entry, signed by ``keys``."""
    folder = root / "content/issued"
    ledger = load_issued(root / "content").ledger
    shorter = read_ledger("".join(f"{line_of(entry)}\n" for entry in ledger.entries[:-1]))
    public = load_issued(root / "content").keys
    shutil.rmtree(folder / "signed")
    (folder / "signed" / str(len(shorter.entries))).mkdir(parents=True)
    for name, data in signed_files(shorter, public, keys, "https://ismpe.example/", date(2024, 7, 2)).items():
        (folder / "signed" / str(len(shorter.entries)) / name).write_bytes(data)
    (folder / "ledger.jsonl").write_text(text_of(shorter))


def test_a_key_that_the_settings_do_not_trust_counts_for_nothing(root: Path, tmp_path: Path) -> None:
    change(desk(root, date(2024, 7, 1)), FIRST, "withdrawn", "It changed.")
    known = [hashlib.sha256(data).hexdigest() for _, data in load_issued(root / "content").keys]
    with (root / "site.toml").open("a") as file:
        file.write(f"[keys]\ntrusted = {json.dumps(known)}\n")
    check = ("check", "--root", str(root), "--output", str(tmp_path / "out"))
    assert ismpe(*check).returncode == 0
    theirs = make_keys("Somebody", 2024, b"x", test=True)
    for name, data in theirs.public.items():
        (root / "content/issued/keys" / name).write_bytes(data)
    forged(root, open_keys(theirs.private["seal-2024.p12"], theirs.private["credential-2024.pem"], b"x", "key-2024"))
    run = ismpe(*check)
    assert run.returncode == 5
    assert "credential-2024.pub is not among the keys that site.toml trusts" in run.stderr
    assert "the digests are not signed by a key" in run.stderr
    said = ismpe("verify", str(root / "content/issued" / FIRST / "badge.png"), "--root", str(root))
    assert "cannot tell" in said.stdout


def test_a_key_that_others_may_have_counts_for_nothing(root: Path, tmp_path: Path) -> None:
    keys = root / "content/issued/keys"
    (keys / "credential-2020.pub").rename(keys / "credential-2020.compromised.pub")
    run = ismpe("check", "--root", str(root), "--output", str(tmp_path / "out"))
    assert run.returncode == 5
    with pytest.raises((ContentError, TrustError)):
        change(desk(root, date(2024, 7, 1)), FIRST, "withdrawn", "It changed.")
    said = ismpe("verify", str(root / "content/issued" / FIRST / "badge.png"), "--root", str(root))
    assert "cannot tell" in said.stdout


def test_the_way_out_of_a_stolen_key(root: Path, tmp_path: Path) -> None:
    """As docs/issuing.md has it: new keys, the old one marked, all of it signed anew, the certificate issued anew."""
    options = ("--root", str(root), "--keys", str(tmp_path / "keys"), "--passphrase", "env:PW")
    assert ismpe("keygen", "--test", *options, PW="another one").returncode == 0
    keys = root / "content/issued/keys"
    (keys / "credential-2020.pub").rename(keys / "credential-2020.compromised.pub")
    check = ("check", "--root", str(root), "--output", str(tmp_path / "out"))
    assert ismpe(*check).returncode == 5
    refused = ismpe("supersede", FIRST, "--reason", "Its key was stolen.", *options, PW="another one")
    assert refused.returncode == 5
    run = ismpe("sign-anew", "--reason", "The key was stolen.", *options, PW="another one")
    assert run.returncode == 0, run.stderr
    assert ismpe(*check).returncode == 0
    badge = ("verify", str(root / "content/issued" / FIRST / "badge.png"), "--root", str(root))
    assert "cannot tell" in ismpe(*badge).stdout, "the proof in it counts for nothing"
    options = (*options, "--on", ON.isoformat())
    run = ismpe("supersede", FIRST, "--reason", "Its key was stolen.", *options, PW="another one")
    assert run.returncode == 1
    assert "history is not written afterwards" in run.stderr


@pytest.mark.parametrize("name", ["root-2020.crt", "credential-2020.pub", "root-2021.crt"])
def test_a_key_that_is_none_is_named(root: Path, tmp_path: Path, name: str) -> None:
    (root / "content/issued/keys" / name).write_text("nothing\n")
    run = ismpe("check", "--root", str(root), "--output", str(tmp_path / "out"))
    assert run.returncode == 5
    assert f"content/issued/keys/{name}" in run.stderr


def test_a_new_name_beside_a_certificate_is_said(root: Path) -> None:
    spoil(root / "content/assessments/brook-trust/organisation.yaml", "name: Brook Trust", "name: River Trust")
    (problem,) = [p for p in load(root / "content").problems if p.code == "I614"]
    assert (problem.severity, "Brook Trust, which is now River Trust" in problem.message) == ("warning", True)


def test_nobody_s_forgery_is_signed_by_the_next_act(root: Path) -> None:
    """A ledger whose digest was written by hand is refused before anything new is signed."""
    edited_name(root)
    text = (root / "content/issued/ledger.jsonl").read_bytes()
    sums = root / "content/issued/signed/2/SHA256SUMS"
    line = f"{hashlib.sha256(text).hexdigest()}  ../register/ledger.jsonl"
    sums.write_text(re.sub(r"[0-9a-f]{64}  ../register/ledger.jsonl", line, sums.read_text()))
    before = text
    with pytest.raises(ContentError, match="problems"):
        change(desk(root, date(2024, 7, 1)), FIRST, "suspended", "A complaint.")
    assert (root / "content/issued/ledger.jsonl").read_bytes() == before


def test_another_address_than_that_of_what_is_issued(root: Path, tmp_path: Path) -> None:
    spoil(root / "site.toml", "https://ismpe.example/", "https://another.example/")
    run = ismpe("check", "--root", str(root), "--output", str(tmp_path / "out"))
    assert run.returncode != 0
    assert "what is issued is issued by did:web:ismpe.example" in run.stderr


# -- its organisation --


def test_an_organisation_that_holds_a_certificate_is_not_forgotten(root: Path, tmp_path: Path) -> None:
    gone_organisation(root)
    run = ismpe("check", "--root", str(root), "--output", str(tmp_path / "out"))
    assert run.returncode == 5
    assert f"the organisation is gone, but {FIRST} was issued to it" in run.stderr


# -- the assessment behind it --


@pytest.mark.parametrize(
    ("old", "new", "line_of", "message"),
    [
        ("1.2: {rating: 2", "1.2: {rating: 3", "1.2: {rating", "ratings 1.2 rating was changed"),
        ("finding: Most could.", "finding: Few could.", "1.2: {rating", "ratings 1.2 finding was changed"),
        ("recommendation: Brief all mentees.", "finding: Well.", "2.2: {rating", "2.2 recommendation was taken out"),
        ("reported: 2024-06-03", "reported: 2024-06-04", "  reported:", "dates reported was changed"),
        ("summary: A sound beginning.", "summary: A good beginning.", "summary: A", "summary was changed"),
        ("title: Leaflet", "title: Poster", "  E1:", "evidence E1 title was changed"),
        ("mentors: 2", "mentors: 3", "interviews:", "interviews was changed"),
        ("supervisory_assessor: sam-sample", "supervisory_assessor: ada-sample", "supervisory", "supervisory_assessor"),
        ("1.3: {not_applicable: The purpose is new.}", "1.3: 4", "  1.3:", "ratings 1.3 not_applicable was taken out"),
    ],
)  # fmt: skip
def test_an_edited_assessment_is_named_with_its_line(
    root: Path, old: str, new: str, line_of: str, message: str
) -> None:
    spoil(file_of(root), old, new)
    lines = file_of(root).read_text().splitlines()
    expected = next(number for number, line in enumerate(lines, 1) if line_of in line)
    found = [problem for problem in errors(root) if problem.code == "I605"]
    assert any(message in problem.message and problem.place.line == expected for problem in found), found
    assert all(FIRST in problem.message and "supersede" in problem.help for problem in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2.1: 4", "2.1: {rating: 4, private_note: For us alone.}"),
        ("status: reviewed", "status: reviewed\nvisibility: award"),
        ("# yaml-language-server", "# a comment\n# yaml-language-server"),
    ],
    ids=["a note of the assessors", "the report taken back", "a comment"],
)
def test_what_the_certificate_does_not_rest_on_may_be_edited(root: Path, old: str, new: str) -> None:
    if old.startswith("#") and old not in file_of(root).read_text():
        file_of(root).write_text("# a comment\n" + file_of(root).read_text())
    else:
        spoil(file_of(root), old, new)
    assert errors(root) == []


def test_a_withdrawal_belongs_into_the_ledger(root: Path) -> None:
    text = file_of(root).read_text().replace("status: reviewed", "status: withdrawn", 1)
    file_of(root).write_text(f"{text}withdrawal: {{on: 2024-09-01, reason: It changed.}}\n")
    found = [problem for problem in errors(root) if problem.code == "I606"]
    assert [problem.place.line for problem in found] == [len(file_of(root).read_text().splitlines())]
    assert f"ismpe withdraw {FIRST}" in found[0].help


def test_once_withdrawn_the_assessment_is_free(root: Path) -> None:
    change(desk(root, date(2024, 9, 1)), FIRST, "withdrawn", "It changed.")
    spoil(file_of(root), "1.2: {rating: 2", "1.2: {rating: 4")
    assert errors(root) == []
    run = ismpe("check", "--root", str(root))
    assert run.returncode == 0, run.stderr


def test_the_register_follows_the_ledger(root: Path, tmp_path: Path) -> None:
    change(desk(root, date(2024, 9, 1)), FIRST, "suspended", "A complaint is heard.")
    change(desk(root, date(2024, 9, 20)), FIRST, "reinstated", "It was unfounded.")
    for day, state in (("2024-08-31", "active"), ("2024-09-01", "suspended"), ("2024-09-20", "active")):
        output = str(tmp_path / day)
        run = ismpe("build", "--root", str(root), "--output", output, "--only", "html", "--as-of", day)
        assert run.returncode == 0, run.stderr
        assert f'"state": "{state}"' in (tmp_path / day / "public/register/register.json").read_text()


# -- the edition --


@pytest.mark.parametrize(
    ("file", "old", "new", "clause", "line_of"),
    [
        ("1-purpose.yaml", "text: ", "text: Truly ", "1.1", "text:"),
        ("edition.yaml", "validity_years: 3", "validity_years: 4", "rule process", "days_on_site:"),
    ],
)
def test_a_published_edition_does_not_change(
    root: Path, file: str, old: str, new: str, clause: str, line_of: str
) -> None:
    path = root / "content/standards/2020" / file
    spoil(path, old, new)
    expected = next(n for n, line in enumerate(path.read_text().splitlines(), 1) if line_of in line)
    found = [problem for problem in errors(root) if problem.code == "I607"]
    assert [problem.message.split(" of edition")[0] for problem in found] == [clause]
    assert (found[0].place.file, found[0].place.line) == (f"content/standards/2020/{file}", expected)


def test_a_slip_of_transcription_is_mended_by_an_erratum(root: Path) -> None:
    """Only by one that was recorded since: an older one speaks of the text as it was published."""
    shutil.rmtree(root / "content/standards/2024-draft")
    path = root / "content/standards/2020/1-purpose.yaml"
    spoil(path, "text: ", "text: Truly ")
    errata = root / "content/standards/2020/errata.yaml"
    before = errata.read_text().rstrip()
    entry = {
        "id": "truly",
        "clause": '"1.1"',
        "kind": "transcription",
        "published": "Truly",
        "note": "It was left out.",
    }
    text = "\n- " + "\n  ".join(f"{name}: {value}" for name, value in entry.items()) + "\n  recorded: "
    errata.write_text(f"{before}{text}{ON}\n")
    (problem,) = errors(root)
    wording = re.search(r"with wording: ([0-9a-f]{12})", problem.help)
    assert wording is not None, "the check says which wording is to be written"
    errata.write_text(f"{before}{text}{ON}\n  wording: {wording[1]}\n")
    assert errors(root) == []
    errata.write_text(f"{before}{text}2024-06-01\n  wording: {wording[1]}\n")
    assert [problem.code for problem in errors(root)] == ["I607"]
    errata.write_text(f"{before}{text}{ON}\n  wording: {wording[1]}\n")
    spoil(path, "Truly ", "Truly not ")
    assert [problem.code for problem in errors(root)] == ["I607"]


def test_guidance_and_notes_may_be_mended(root: Path) -> None:
    path = root / "content/standards/2020/edition.yaml"
    path.write_text(path.read_text() + "note: An editor's note.\n")
    assert [problem for problem in errors(root) if problem.code == "I607"] == []


# -- what is published of it --


def test_the_published_files_are_the_issued_ones(site: BuiltSite) -> None:
    issued = load_issued(ROOT / "content")
    certificates = issued.ledger.certificates()
    assert len(certificates) == 5
    published = {path.relative_to(site.public).as_posix() for path in site.public.rglob("*") if path.is_file()}
    for certificate in certificates:
        for name, digest in certificate.issued.files.items():
            path = f"certificates/{certificate.number}/{name}"
            shown = name not in ("record.json", "report.pdf") or (
                name == "report.pdf" and certificate.organisation != "northmarrow-insurance"
            )
            assert (path in published) is shown, path
            if shown:
                assert hashlib.sha256((site.public / path).read_bytes()).hexdigest() == digest


def test_the_old_addresses_hold_the_issued_bytes(site: BuiltSite) -> None:
    for certificate in load_issued(ROOT / "content").ledger.certificates():
        folder = site.public / "assessments" / certificate.issued.assessment
        active = certificate.state(date(2026, 11, 22)) == "active"
        for name in ("certificate.pdf", "badge-light.svg", "badge-dark.svg", "badge-mono.svg"):
            assert (folder / name).is_file() is active, (certificate.number, name)
            if active:
                assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == certificate.issued.files[name]


def test_the_signed_digests_are_of_what_is_published(site: BuiltSite) -> None:
    folder = site.public / "certificates"
    run = subprocess.run(
        ["sha256sum", "--check", "--ignore-missing", "--strict", "SHA256SUMS"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("OK") == 5 * 7 - 1 + 3 + 3


def test_on_a_day_before_the_issue_nothing_of_it_is_shown(root: Path, tmp_path: Path) -> None:
    """The award is there from the day of its report, the certificate from the day of its issue."""
    arguments = pages_of(root, tmp_path / "out", "2024-06-09")
    assert ismpe(*arguments).returncode == 0
    assert not (tmp_path / f"out/public/certificates/{FIRST}").exists()
    assert "brook-trust" in (tmp_path / "out/public/register/register.json").read_text()


def test_an_edit_of_another_organisation_makes_no_page_of_this_one(root: Path, tmp_path: Path) -> None:
    """The ledger is read by all, and each depends on its own part of it."""
    another(root, "other-trust")
    output = ("--root", str(root), "--output", str(tmp_path / "out"), "--only", "html", "--as-of", "2024-07-01")
    assert ismpe("build", *output).returncode == 0
    issue(desk(root, date(2024, 6, 20)), [file_of(root, "other-trust/starters/2024-05")])
    run = ismpe("plan", *output)
    assert "assessments/other-trust/starters/2024-05/index.html" in run.stdout
    assert "assessments/brook-trust" not in run.stdout
    assert f"certificates/{FIRST}" not in run.stdout


def test_after_each_act_the_incremental_build_is_the_clean_one(root: Path, tmp_path: Path) -> None:
    """Issued, suspended, reinstated, superseded, withdrawn, and a page edited in between."""
    another(root, "other-trust")
    output = tmp_path / "out"

    def built(day: date, folder: Path) -> dict[str, bytes]:
        run = ismpe(
            "build",
            "--root",
            str(root),
            "--output",
            str(folder),
            "--only",
            "html",
            "--as-of",
            day.isoformat(),
            "-j",
            "1",
        )
        assert run.returncode == 0, run.stderr
        public = folder / "public"
        return {p.relative_to(public).as_posix(): p.read_bytes() for p in public.rglob("*") if p.is_file()}

    built(date(2024, 6, 15), output)
    acts: tuple[Callable[[date], object], ...] = (
        lambda day: issue(desk(root, day), [file_of(root, "other-trust/starters/2024-05")]),
        lambda day: change(desk(root, day), FIRST, "suspended", "A complaint."),
        lambda day: change(desk(root, day), FIRST, "reinstated", "Unfounded."),
        lambda day: supersede(desk(root, day), FIRST, "A slip."),
        lambda day: change(desk(root, day), certificate_number(2024, 3), "withdrawn", "It changed."),
    )
    for number, act in enumerate(acts):
        day = date(2024, 6, 20 + number)
        act(day)
        assert built(day, output) == built(day, tmp_path / f"clean-{number}"), f"after act {number}"

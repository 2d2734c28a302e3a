"""Issue, supersede, withdraw, suspend, reinstate: wholly done or not at all, the same bytes every time."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from ismpe_site.content.issued import load_issued
from ismpe_site.issuing.desk import issue, supersede
from ismpe_site.issuing.folder import add, claimed, sweep
from ismpe_site.ledger import continued
from ismpe_site.model import Ledger, certificate_number
from ismpe_site.problems import ContentError
from ismpe_site.trust.bake import bake_svg
from tests.conftest import ismpe
from tests.issue_specimens import KEYS
from tests.issued_site import FIRST, ON, PASSPHRASE, another, desk, file_of, issued_files, issuing_project, spoil
from tests.status_bits import revoked_in
from tests.test_ledger import issued as issued_entry

FILES = {
    "badge-dark.svg", "badge-light.svg", "badge-mono.svg", "badge.png", "certificate.pdf", "credential.json",
    "record.json", "report.pdf",
}  # fmt: skip
KEY_OPTIONS = ("--keys", str(KEYS), "--passphrase", PASSPHRASE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return issuing_project(tmp_path / "site")


def state(root: Path, number: str, day: date) -> str:
    return next(c for c in load_issued(root / "content").ledger.certificates() if c.number == number).state(day)


def today() -> date:
    return datetime.now().astimezone().date()


def revoked(root: Path, index: int) -> bool:
    import json

    issued = load_issued(root / "content")
    return revoked_in(json.loads(dict(issued.signed)["revocation.json"]), index)


# -- issue --


def test_what_is_issued_is_whole(issued_once: Path) -> None:
    issued = load_issued(issued_once / "content")
    assert issued.problems == ()
    (certificate,) = issued.of("brook-trust")
    assert certificate.number == FIRST
    assert set(certificate.issued.files) == FILES
    for name, digest in certificate.issued.files.items():
        data = (issued_once / "content/issued" / FIRST / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
    assert [entry.event for entry in issued.ledger.entries] == ["edition published", "issued"]


def test_the_same_assessment_gives_the_same_bytes_in_another_process(issued_once: Path, tmp_path: Path) -> None:
    """Another program, path, time zone, language, hash seed and umask."""
    root = issuing_project(tmp_path / "a path of its own")
    before = os.umask(0o077)
    try:
        run = ismpe(
            "issue", str(file_of(root)), "--root", str(root), *KEY_OPTIONS, "--on", ON.isoformat(),
            PYTHONHASHSEED="7", TZ="Pacific/Kiritimati", LC_ALL="C", HOME=str(tmp_path),
        )  # fmt: skip
    finally:
        os.umask(before)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [FIRST]
    assert issued_files(root) == issued_files(issued_once)


def test_many_are_issued_together_by_workers(root: Path) -> None:
    """More than are made here: the workers' bytes are those of one alone, and the numbers in the order asked for."""
    files = [another(root, f"org-{number}") for number in range(5)]
    run = ismpe("issue", *map(str, files), "--root", str(root), *KEY_OPTIONS, "--on", ON.isoformat())
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [certificate_number(2024, n) for n in range(1, 6)]
    assert "issued 5 certificates" in run.stderr
    together = issued_files(root)
    alone = {p: d for p, d in together.items() if p.startswith(certificate_number(2024, 5))}
    ledger = load_issued(root / "content").ledger
    assert [c.issued.assessment.split("/")[0] for c in ledger.certificates()] == [f"org-{n}" for n in range(5)]
    for path, data in alone.items():
        assert hashlib.sha256(data).hexdigest() == ledger.certificates()[4].issued.files[path.split("/")[1]]


def test_everything_wrong_is_said_at_once_and_nothing_is_issued(root: Path) -> None:
    draft = another(root, "drafters")
    spoil(draft, "status: reviewed", "status: draft")
    broken = another(root, "breakers")
    spoil(broken, "1.1: {rating: 4", "1.1: {rating: 9")
    before = issued_files(root)
    run = ismpe(
        "issue", str(file_of(root)), str(draft), str(broken), "--root", str(root), *KEY_OPTIONS, "--on", ON.isoformat()
    )
    assert run.returncode == 1
    assert "drafters/starters/2024-05.yaml" in run.stderr
    assert "breakers/starters/2024-05.yaml" in run.stderr
    assert "Traceback" not in run.stderr
    assert "nothing was issued or changed" in run.stderr
    assert issued_files(root) == before


@pytest.mark.parametrize(
    ("old", "new", "on", "says"),
    [
        ("reported: 2024-06-03", "reported: 2024-06-03", date(2024, 6, 2), "not dated, or dated after 2024-06-02"),
        ("reported: 2024-06-03", "reported: 2024-06-03", date(2029, 6, 2), "the award is expired"),
        ("status: reviewed", "status: assessed", ON, "is assessed, not reviewed"),
        ("2.1: 4", "2.1: 0", ON, "no award follows"),
        ("status: reviewed", "status: reviewed\nvisibility: private", ON, "private"),
    ],
    ids=["before its report", "when it has expired", "not reviewed", "no award", "private"],
)
def test_what_cannot_be_issued(root: Path, old: str, new: str, on: date, says: str) -> None:
    spoil(file_of(root), old, new)
    if "2.1: 0" in new:
        spoil(file_of(root), "1.1: {rating: 4", "1.1: {rating: 0")
    with pytest.raises(ContentError) as refused:
        issue(desk(root, on), [file_of(root)])
    assert says in " ".join(problem.message for problem in refused.value.problems)


def test_an_award_is_issued_once(issued: Path) -> None:
    with pytest.raises(ContentError) as refused:
        issue(desk(issued), [file_of(issued)])
    assert f"ismpe supersede {FIRST}" in refused.value.problems[0].message


@pytest.mark.parametrize("name", ["nowhere.yaml", "content/people/ada-sample.yaml", "site.toml"])
def test_only_an_assessment_is_issued(root: Path, name: str) -> None:
    with pytest.raises(ContentError, match="1 problems"):
        issue(desk(root), [root / name])


def test_an_issue_is_not_dated_back(issued: Path) -> None:
    file = another(issued, "late-trust")
    with pytest.raises(ContentError) as refused:
        issue(desk(issued, date(2024, 6, 9)), [file])
    assert "history is not written afterwards" in refused.value.problems[0].message


# -- keys --


def test_keys_for_trying_are_refused_for_an_address_of_the_world(root: Path) -> None:
    spoil(root / "site.toml", "https://ismpe.example/", "https://ismpe.org/")
    run = ismpe("issue", str(file_of(root)), "--root", str(root), *KEY_OPTIONS)
    assert run.returncode == 2
    assert "TEST keys" in run.stderr
    built = ismpe("build", "--root", str(root), "--output", str(root.parent / "out"), "--only", "html")
    assert built.returncode != 0
    assert "TEST keys" in built.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--keys", "nowhere"), "ismpe keygen"),
        (("--keys", str(KEYS), "--passphrase", "secret"), "neither env:NAME nor file:PATH"),
        (("--keys", str(KEYS), "--passphrase", "env:ISMPE_TEST_NOTHING"), "ISMPE_TEST_NOTHING"),
        (("--keys", str(KEYS), "--passphrase", "file:nowhere"), "nowhere cannot be read"),
        (("--keys", str(KEYS), "--passphrase", "env:ISMPE_TEST_WRONG"), "passphrase is wrong"),
    ],
    ids=["no keys", "a value", "not in the environment", "no file", "wrong"],
)
def test_keys_that_cannot_be_opened(root: Path, options: tuple[str, ...], says: str) -> None:
    before = issued_files(root)
    run = ismpe("issue", str(file_of(root)), "--root", str(root), *options, ISMPE_TEST_WRONG="wrong")
    assert run.returncode == 2
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert issued_files(root) == before


def test_keys_whose_public_half_is_not_published_are_refused(root: Path) -> None:
    (root / "content/issued/keys/credential-2020.pub").unlink()
    run = ismpe("issue", str(file_of(root)), "--root", str(root), *KEY_OPTIONS)
    assert run.returncode == 2
    assert "the public half of these keys is not in content/issued/keys" in run.stderr


def test_with_keys_and_nothing_issued_the_site_is_built(root: Path) -> None:
    """The fingerprint is there to be printed before the first certificate is."""
    run = ismpe("build", "--root", str(root), "--output", str(root.parent / "out"), "--only", "html")
    assert run.returncode == 0, run.stderr
    assert "1A:1F:75:82" in (root.parent / "out/public/keys/index.html").read_text().replace("<wbr>", "")


def test_new_keys_are_for_their_owner_alone_and_never_overwritten(root: Path, tmp_path: Path) -> None:
    year, folder = today().year, tmp_path / "keys"
    arguments = ("keygen", "--test", "--root", str(root), "--keys", str(folder), "--passphrase", "env:PW")
    made: dict[str, bytes] = {}
    for label in (f"{year}", f"{year}b"):
        run = ismpe(*arguments, PW="a long one", SOURCE_DATE_EPOCH="1800000000")
        assert run.returncode == 0, run.stderr
        new = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir() if path.name not in made}
        assert new == dict.fromkeys([f"credential-{label}.pem", f"root-{label}.p12", f"seal-{label}.p12"], 0o600)
        public = {path.name for path in (root / "content/issued/keys").iterdir()}
        assert {f"credential-{label}.pub", f"root-{label}.crt", f"seal-{label}.crt"} < public
        assert all((folder / name).read_bytes() == data for name, data in made.items())
        made = {path.name: path.read_bytes() for path in folder.iterdir()}
    options = (*arguments[4:], "--on", ON.isoformat())
    issued = ismpe("issue", str(file_of(root)), "--root", str(root), *options, PW="a long one")
    assert issued.returncode == 0, issued.stderr
    credential = (root / "content/issued" / FIRST / "credential.json").read_text()
    assert f"#key-{year}b" in credential


def test_the_day_of_an_act_is_no_day_to_come_and_no_variable_s(issued: Path) -> None:
    options = ("--root", str(issued), *KEY_OPTIONS, "--reason", "It changed.")
    run = ismpe("withdraw", FIRST, *options, "--on", "2099-01-01")
    assert run.returncode == 2
    assert "is still to come" in run.stderr
    assert ismpe("withdraw", FIRST, *options, "--on", "2025-13-01").stderr.count("--on 2025-13-01") == 1
    assert ismpe("withdraw", FIRST, *options, SOURCE_DATE_EPOCH="1735689600").returncode == 0
    assert load_issued(issued / "content").ledger.entries[-1].on == today()


@pytest.mark.parametrize("reason", ["", " ", "x" * 1001, "\u202eevil"])
def test_a_reason_is_one_line_that_can_be_read(issued: Path, reason: str) -> None:
    run = ismpe("withdraw", FIRST, "--root", str(issued), *KEY_OPTIONS, "--reason", reason)
    assert run.returncode == 2
    assert "published for good" in run.stderr


def test_the_same_file_twice_is_one_certificate(root: Path) -> None:
    assert issue(desk(root), [file_of(root), file_of(root).parent / ".." / "starters" / "2024-05.yaml"]) == (FIRST,)


@pytest.mark.parametrize("word", ["public", "award", "unlisted"])
def test_every_visibility_but_private_can_be_issued_and_hidden_scores_stay_so(root: Path, word: str) -> None:
    more = "\nunlisted_token: 0123456789abcdef0123456789abcdef" if word == "unlisted" else ""
    spoil(file_of(root), "status: reviewed", f"status: reviewed\nvisibility: {word}{more}")
    assert issue(desk(root), [file_of(root)]) == (FIRST,)
    credential = (root / "content/issued" / FIRST / "credential.json").read_text()
    assert ('"value":' in credential) is (word == "public")
    assert "0123456789abcdef" not in credential
    run = ismpe("check", "--root", str(root))
    assert run.returncode == 0, run.stderr
    assert "I613" not in run.stderr


def test_scores_that_a_credential_tells_are_said_when_the_report_is_hidden(issued: Path) -> None:
    spoil(file_of(issued), "status: reviewed", "status: reviewed\nvisibility: award")
    run = ismpe("check", "--root", str(issued))
    assert run.returncode == 0
    assert f"the credential of {FIRST} tells its scores" in run.stderr
    spoil(file_of(issued), "visibility: award", "visibility: private")
    run = ismpe("check", "--root", str(issued))
    assert run.returncode == 5
    assert "so the assessment cannot be private" in run.stderr


def test_a_real_organisation_is_issued_without_any_mark(root: Path) -> None:
    """Nothing says specimen, and nothing says that it is not issued."""
    spoil(root / "content/assessments/brook-trust/organisation.yaml", "specimen: true", "specimen: false")
    for person in (root / "content/people").iterdir():
        person.write_text(person.read_text().replace("specimen: true", "specimen: false"))
    assert issue(desk(root), [file_of(root)]) == (FIRST,)
    folder = root / "content/issued" / FIRST
    words = subprocess.run(["pdftotext", folder / "certificate.pdf", "-"], capture_output=True, text=True, check=True)
    said = words.stdout + (folder / "badge-light.svg").read_text() + (folder / "credential.json").read_text()
    assert FIRST in said
    assert "pecimen" not in said
    assert "SPECIMEN" not in said
    assert "ot issued" not in said
    run = ismpe("build", "--root", str(root), "--output", str(root.parent / "out"), "--as-of", "2024-07-01")
    assert run.returncode == 0, run.stderr


def test_a_specimen_is_not_issued_where_none_are_published(root: Path) -> None:
    spoil(root / "site.toml", "publish_specimens = true", "publish_specimens = false")
    with pytest.raises(ContentError) as refused:
        issue(desk(root), [file_of(root)])
    assert "is a specimen" in refused.value.problems[0].message


def test_a_private_later_assessment_has_no_say(root: Path) -> None:
    later = another(root, "brook-trust", "2025-05")
    text = later.read_text().replace("2024-05-", "2025-05-").replace("2024-06-03", "2025-06-03")
    later.write_text(text.replace("status: reviewed", "status: reviewed\nvisibility: private"))
    assert issue(desk(root, date(2025, 9, 1)), [file_of(root)]) == (certificate_number(2025, 1),)


def test_a_note_of_the_assessors_is_not_sealed_into_anything(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that prints it is found before anything is issued: what is sealed cannot be mended."""
    note = "The coordinator told us in confidence that two of the pairs had to be parted after a complaint."
    spoil(file_of(root), "2.1: 4", f"2.1: {{rating: 4, private_note: '{note}'}}")
    printed = f"<!-- {note} -->".encode()
    monkeypatch.setattr("ismpe_site.issuing.work.bake_svg", lambda svg, data: bake_svg(svg, data) + printed)
    before = issued_files(root)
    with pytest.raises(ContentError) as refused:
        issue(desk(root), [file_of(root)])
    assert [problem.code for problem in refused.value.problems] == ["P701"]
    assert "2.1" in refused.value.problems[0].message
    assert issued_files(root) == before


# -- what becomes of a certificate --


def test_withdrawn_and_suspended_and_reinstated(issued: Path) -> None:
    number = ("--root", str(issued), *KEY_OPTIONS)
    for command, on, becomes, bit in (
        ("suspend", "2024-07-01", "suspended", True),
        ("reinstate", "2024-07-09", "active", False),
        ("withdraw", "2024-08-01", "withdrawn", True),
    ):
        run = ismpe(command, FIRST, *number, "--on", on, "--reason", f"The reason to {command} it.")
        assert run.returncode == 0, run.stderr
        assert state(issued, FIRST, date.fromisoformat(on)) == becomes
        assert revoked(issued, 0) is bit
    assert state(issued, FIRST, date(2024, 7, 5)) == "suspended"
    again = ismpe("withdraw", FIRST, *number, "--on", "2024-08-02", "--reason", "Again.")
    assert again.returncode == 1
    assert "is withdrawn, so it cannot be withdrawn" in again.stderr


def test_a_number_that_was_never_issued(issued: Path) -> None:
    run = ismpe("withdraw", certificate_number(2024, 2), "--reason", "It changed.", "--root", str(issued), *KEY_OPTIONS)
    assert run.returncode == 1
    assert f'did you mean "{FIRST}"?' in run.stderr


def test_superseded_after_a_correction(issued: Path) -> None:
    spoil(file_of(issued), "It is in the leaflet.", "It is in the leaflet of 2024.")
    assert ismpe("check", "--root", str(issued)).returncode == 5
    second = supersede(desk(issued, date(2024, 7, 1)), FIRST, "A finding was incomplete.")
    assert second == certificate_number(2024, 2)
    day = date(2024, 7, 1)
    assert (state(issued, FIRST, day), state(issued, second, day)) == ("superseded", "active")
    assert (revoked(issued, 0), revoked(issued, 1)) == (True, False)
    run = ismpe("check", "--root", str(issued))
    assert run.returncode == 0, run.stderr
    with pytest.raises(ContentError) as refused:
        supersede(desk(issued, day), FIRST, "Once more.")
    assert f"the one that stands is {second}" in refused.value.problems[0].help
    first = load_issued(issued / "content").ledger.certificates()[0]
    assert (first.changes[0].by, first.changes[0].reason) == (second, "A finding was incomplete.")


def test_a_later_award_of_the_programme_supersedes_the_earlier(issued: Path) -> None:
    later = another(issued, "brook-trust", "2025-05")
    text = later.read_text().replace("2024-05-", "2025-05-").replace("2024-06-03", "2025-06-03")
    later.write_text(text)
    (second,) = issue(desk(issued, date(2025, 6, 10)), [later])
    assert second == certificate_number(2025, 1)
    assert state(issued, FIRST, date(2025, 6, 10)) == "superseded"
    assert ismpe("check", "--root", str(issued)).returncode == 0


# -- killed --

CERTIFICATES = {FIRST: {"a.txt": b"one", "b.txt": b"two"}}
SIGNED = {"SHA256SUMS": b"x", "SHA256SUMS.minisig": b"y", "did.json": b"z", "revocation.json": b"r"}
OPERATIONS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir"}


def small_ledger() -> Ledger:
    edition = {"event": "edition published", "edition": "2020", "clauses": {}}
    return continued(Ledger(), ON, edition, issued_entry(FIRST, 0, files={"a.txt": "0" * 64}))


def added(folder: Path, strike: int | None) -> tuple[int, int]:
    """Add in a child that is killed before the ``strike``-th file operation: (how it ended, operations done)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        done = 0

        def audit(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal done
            writes = event == "open" and int(arguments[2]) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)  # type: ignore[call-overload]
            if event in OPERATIONS or writes:
                if done == strike:
                    os.kill(os.getpid(), signal.SIGKILL)
                done += 1
                os.write(writing, b".")

        sys.addaudithook(audit)
        try:
            with claimed(folder):
                sweep(folder, load_ledger(folder))
                add(folder, small_ledger(), CERTIFICATES, SIGNED)
        finally:
            os._exit(0)
    os.close(writing)
    operations = b""
    while part := os.read(reading, 1000):
        operations += part
    os.close(reading)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), len(operations)


def load_ledger(folder: Path) -> Ledger:
    from ismpe_site.ledger import read_ledger

    path = folder / "ledger.jsonl"
    return read_ledger(path.read_text()) if path.exists() else Ledger()


def test_killed_at_any_file_operation_it_is_issued_wholly_or_not_at_all(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    code, operations = added(whole, None)
    assert code == 0
    assert operations > 15
    everything = files_below(whole)
    for strike in range(operations):
        folder = tmp_path / str(strike)
        code, _ = added(folder, strike)
        assert code == -signal.SIGKILL
        ledger = load_ledger(folder)
        if ledger.entries:
            assert {p: d for p, d in files_below(folder).items() if not p.startswith(".new")} == everything, strike
        number = ledger.next_number(2024)
        assert number == (certificate_number(2024, 2) if ledger.entries else FIRST), "a number was lost"
        # Whoever comes next makes it whole, under the same number.
        if not ledger.entries:
            assert added(folder, None)[0] == 0
        with claimed(folder):
            sweep(folder, load_ledger(folder))
        assert files_below(folder) == everything, strike


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


@pytest.fixture
def children() -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for child in started:
        child.kill()
        child.wait()


def test_the_real_command_killed_at_any_time(
    tmp_path: Path, issued_once: Path, children: list[subprocess.Popen[bytes]]
) -> None:
    """Whatever the moment: the content is sound, and the next issue gives the very bytes of one never interrupted."""
    root = issuing_project(tmp_path / "site")
    options = ("--root", str(root), *KEY_OPTIONS, "--on", ON.isoformat())
    command = [sys.executable, "-m", "ismpe_site", "issue", str(file_of(root)), *options]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    outcomes = set()
    for share in (0.3, 0.6, 0.8, 0.9, 0.95, 1.0):
        child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        children.append(child)
        time.sleep(share * 2.5)
        child.kill()
        child.wait()
        issued = load_issued(root / "content")
        assert [p for p in issued.problems if p.severity == "error"] == []
        outcomes.add(bool(issued.ledger.entries))
        if issued.ledger.entries:
            break
    if not load_issued(root / "content").ledger.entries:
        assert issue(desk(root), [file_of(root)]) == (FIRST,)
    with claimed(root / "content/issued"):
        sweep(root / "content/issued", load_issued(root / "content").ledger)
    assert issued_files(root) == issued_files(issued_once)


def test_a_second_writer_is_told_who_is_at_work(root: Path) -> None:
    with claimed(root / "content/issued"):
        run = ismpe("issue", str(file_of(root)), "--root", str(root), *KEY_OPTIONS)
    assert run.returncode == 4
    assert "another" in run.stderr


def test_one_that_cannot_be_made_leaves_nothing_of_the_others(root: Path) -> None:
    """A name no certificate has room for."""
    too_long = another(root, "endless-trust")
    spoil(too_long.parents[1] / "organisation.yaml", "name: Endless Trust", f"name: {'Endless ' * 200}")
    before = issued_files(root)
    run = ismpe("issue", str(file_of(root)), str(too_long), "--root", str(root), *KEY_OPTIONS, "--on", ON.isoformat())
    assert run.returncode == 3
    assert "endless-trust" in run.stderr
    assert issued_files(root) == before

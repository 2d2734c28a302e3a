"""``content/issued/`` → the ledger, the certificates, the issuer's public keys; a problem for every wrong byte."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ismpe_site.content.files import Reading, is_folder
from ismpe_site.issuer import RECORD, unlisted
from ismpe_site.ledger import LedgerError, read_ledger
from ismpe_site.model import Assessment, Organisation, StateChange, Suspension
from ismpe_site.model.certificates import NUMBER, Certificate, Ledger
from ismpe_site.problems import Place, Problem

ISSUED, LEDGER, KEYS, SIGNED = "issued", "ledger.jsonl", "keys", "signed"
# Where an issue writes before anything is in its place.
NEW = ".new"
SIGNED_FILES = ("SHA256SUMS", "SHA256SUMS.minisig", "did.json", "revocation.json")
KEY_ENDS = (".crt", ".pub")
# More than any file that is issued, or a ledger of a hundred thousand certificates.
MAX_BYTES = 200_000_000

UNDO = "what is issued never changes: put back what version control has (git checkout -- content/issued)"


@dataclass(frozen=True)
class Issued:
    """Everything that was ever issued. ``keys`` and ``signed``: (file name, bytes), sorted."""

    ledger: Ledger = field(default_factory=Ledger)
    keys: tuple[tuple[str, bytes], ...] = ()
    signed: tuple[tuple[str, bytes], ...] = ()
    text: bytes = b""
    problems: tuple[Problem, ...] = ()

    def of(self, organisation: str) -> tuple[Certificate, ...]:
        """The certificates of one organisation, in the order of issue."""
        return self.by_holder.get(organisation, ())

    @cached_property
    def by_holder(self) -> Mapping[str, tuple[Certificate, ...]]:
        """Id of an organisation → its certificates, in the order of issue."""
        holders: dict[str, list[Certificate]] = {}
        for certificate in self.ledger.certificates():
            holders.setdefault(certificate.organisation, []).append(certificate)
        return {name: tuple(held) for name, held in sorted(holders.items())}


def load_issued(root: Path) -> Issued:
    """What stands in ``content/issued/``; nothing, and no problem, where there is no such folder."""
    folder, reading = root / ISSUED, Reading(root)
    if not folder.exists() and not folder.is_symlink():
        return Issued()
    if not is_folder(folder) or folder.is_symlink():
        reading.problem(folder, "I601", "this is no folder", UNDO)
        return Issued(problems=tuple(reading.problems))
    entries = {path.name: path for path in reading.entries(folder)}
    text = _bytes(reading, entries[LEDGER]) if LEDGER in entries else b""
    ledger = _ledger(reading, folder / LEDGER, text)
    numbers = {certificate.number for certificate in ledger.certificates()}
    begun = begun_issue(folder)
    _forgotten(reading, folder, ledger, begun)
    beside = [path for name, path in entries.items() if name not in (LEDGER, KEYS, SIGNED) and name not in numbers]
    _strangers(reading, beside, begun)
    keys = _folder(reading, entries.get(KEYS))
    names = [name for name, _ in keys if not name.endswith(KEY_ENDS)]
    reading.unexpected((folder / KEYS / name for name in names), "public keys, named *.crt and *.pub")
    signed: tuple[tuple[str, bytes], ...] = ()
    if ledger.entries:
        current = folder / SIGNED / str(len(ledger.entries))
        signed = _folder(reading, current if is_folder(current) else None)
        if tuple(name for name, _ in signed) != SIGNED_FILES:
            message = f"{current.name}/ does not hold exactly {', '.join(SIGNED_FILES)}"
            reading.problem(folder / SIGNED, "I601", message, UNDO)
        elif fault := _unlisted(dict(signed), ledger, text or b"", keys):
            reading.problem(current / SIGNED_FILES[0], "I601", fault, UNDO)
    return Issued(ledger, keys, signed, text or b"", tuple(reading.problems))


def _unlisted(signed: Mapping[str, bytes], ledger: Ledger, text: bytes, keys: tuple[tuple[str, bytes], ...]) -> str:
    return unlisted(signed["SHA256SUMS"], ledger, text, signed["revocation.json"], signed["did.json"], keys)


def begun_issue(folder: Path) -> frozenset[str]:
    """The numbers that an issue meant to give which was interrupted; empty where none was."""
    try:
        ledger = read_ledger((folder / NEW / LEDGER).read_text(encoding="utf-8"))
    except (OSError, ValueError, LedgerError):
        return frozenset()
    return frozenset(certificate.number for certificate in ledger.certificates())


def _forgotten(reading: Reading, folder: Path, ledger: Ledger, begun: frozenset[str]) -> None:
    """A problem where the ledger is gone, but not what it spoke of."""
    left = reading.entries(folder / SIGNED) if is_folder(folder / SIGNED) else []
    if left and not ledger.entries and not begun:
        reading.problem(folder / LEDGER, "I601", "the ledger is missing, but there was one", UNDO)


def _strangers(reading: Reading, beside: list[Path], begun: frozenset[str]) -> None:
    """What lies beside the certificates that the ledger knows."""
    for path in beside:
        if path.name in begun:
            message = f"{path.name} is not in the ledger, so it is not issued"
            todo = "an issue was interrupted here; the next `ismpe issue` removes it"
            reading.problems.append(Problem(Place(reading.name(path)), "I609", message, todo, "warning"))
        elif NUMBER.fullmatch(path.name):
            message = f"{path.name} is not in the ledger, and no issue was interrupted"
            reading.problem(path, "I601", message, f"{UNDO}; or delete the folder, if it never belonged here")
        else:
            reading.unexpected([path], f"{LEDGER}, {KEYS}, {SIGNED} and one folder for each certificate")


def _ledger(reading: Reading, path: Path, text: bytes | None) -> Ledger:
    try:
        return read_ledger((text or b"").decode())
    except UnicodeDecodeError:
        reading.problem(path, "I601", "the ledger is not UTF-8 text", UNDO)
    except LedgerError as error:
        reading.problems.append(Problem(Place(reading.name(path), error.line), "I601", f"the ledger: {error}", UNDO))
    return Ledger()


def _bytes(reading: Reading, path: Path) -> bytes | None:
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            reading.problem(path, "I601", "this is no file that was issued", UNDO)
            return None
        return path.read_bytes()
    except OSError as error:
        reading.problem(path, "I601", f"cannot be read: {error.strerror}", "see that you may read it")
        return None


def _folder(reading: Reading, folder: Path | None) -> tuple[tuple[str, bytes], ...]:
    """The files of a folder; nothing where there is none."""
    if folder is None or not is_folder(folder):
        return ()
    read = ((path.name, _bytes(reading, path)) for path in reading.entries(folder))
    return tuple((name, data) for name, data in read if data is not None)


def with_files(reading: Reading, certificate: Certificate) -> Certificate:
    """The certificate with its files, each of which is what the ledger says; else a problem of the file."""
    folder = reading.root / ISSUED / certificate.number
    if not is_folder(folder) or folder.is_symlink():
        reading.problem(folder, "I602", f"the files of {certificate.number} are missing", UNDO)
        return certificate
    there = {path.name: path for path in reading.entries(folder)}
    files = certificate.issued.files
    for name in sorted(files.keys() - there.keys()):
        reading.problem(folder / name, "I602", "this file of an issued certificate is missing", UNDO)
    for name in sorted(there.keys() - files.keys()):
        reading.problem(there[name], "I602", f"this file was not issued with {certificate.number}", UNDO)
    frozen = []
    for name in sorted(files.keys() & there.keys()):
        data = _bytes(reading, there[name])
        if data is not None and hashlib.sha256(data).hexdigest() != files[name]:
            reading.problem(there[name], "I603", "this file is not as it was issued", UNDO)
        elif data is not None:
            frozen.append((name, data))
    return certificate.model_copy(update={"frozen": tuple(frozen)})


@dataclass(frozen=True)
class Record:
    """What a certificate was issued upon: place in the assessment's file → digest of what stood there.

    ``salt`` goes into each digest, so that nobody guesses a short answer from the digests that are public.
    """

    salt: str
    assessed: Mapping[tuple[str, ...], str]

    def as_bytes(self) -> bytes:
        """As its file."""
        data = {"salt": self.salt, "assessed": {"/".join(path): digest for path, digest in self.assessed.items()}}
        return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def record_of(certificate: Certificate) -> Record | None:
    """What the certificate was issued upon; nothing where its record is not at hand."""
    data = dict(certificate.frozen).get(RECORD)
    if data is None:
        return None
    read = json.loads(data)
    return Record(read["salt"], {tuple(path.split("/")): digest for path, digest in read["assessed"].items()})


def with_changes(organisation: Organisation, certificates: tuple[Certificate, ...]) -> Organisation:
    """The organisation, each of its assessments withdrawn or suspended as the ledger says of its certificate."""
    latest = {certificate.issued.assessment: certificate for certificate in certificates}
    programmes = []
    for programme in organisation.programmes:
        keys = {a.id: f"{organisation.id}/{programme.id}/{a.id}" for a in programme.assessments}
        assessments = tuple(
            changed(a, latest[keys[a.id]]) if keys[a.id] in latest else a for a in programme.assessments
        )
        programmes.append(programme.model_copy(update={"assessments": assessments}))
    return organisation.model_copy(update={"programmes": tuple(programmes)})


def changed(assessment: Assessment, certificate: Certificate) -> Assessment:
    """The assessment, withdrawn or suspended as the ledger says of its certificate."""
    if not assessment.signed_off:
        return assessment
    update: dict[str, object] = {}
    for change in certificate.changes:
        if change.event == "withdrawn":
            update |= {"status": "withdrawn", "withdrawal": StateChange(on=change.on, reason=change.reason)}
        elif change.event == "suspended":
            update |= {"status": "suspended", "suspension": Suspension(on=change.on, reason=change.reason)}
        elif change.event == "reinstated" and isinstance(before := update.get("suspension"), Suspension):
            update |= {"status": "reviewed", "suspension": before.model_copy(update={"until": change.on})}
    return assessment.model_copy(update=update) if update else assessment


def holders_gone(issued: Issued, names: frozenset[str], root: str) -> Iterator[Problem]:
    """A problem for each organisation that holds a certificate and is no longer there."""
    for name in issued.by_holder:
        if name not in names:
            held = ", ".join(certificate.number for certificate in issued.of(name))
            message = f"the organisation is gone, but {held} was issued to it"
            todo = "put its folder back; withdraw the certificate if it is to end"
            yield Problem(Place(f"{root}/assessments/{name}"), "I604", message, todo)

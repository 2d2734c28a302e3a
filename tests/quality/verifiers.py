"""What programs that this project did not write say of what it issued: each takes files or values, and gives words.

A verdict is ``Said``: whether the program accepts, and all it said. Where a program ends with 0 for a changed file too,
its words count. Raises RuntimeError where a program is missing.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jsonschema

HERE = Path(__file__).parent
SCHEMA = HERE / "open-badges" / "ob_v3p0_achievementcredential_schema.json"
SCHEMA_URL = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
RANGE = re.compile(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+)")

Document = Mapping[str, object]


@dataclass(frozen=True)
class Said:
    """Whether a program accepts a file, and everything it printed."""

    accepted: bool
    words: str


def pdfsig(file: Path, roots: Sequence[Path]) -> Said:
    """Poppler's. It ends with 0 for a changed file too; accepted is what it calls valid, trusted and whole."""
    run = _run("pdfsig", "-nssdir", f"sql:{_nss(tuple(roots))}", str(file))
    wanted = (
        "Signature Type: ETSI.CAdES.detached",
        "Total document signed",
        "Signature is Valid.",
        "Certificate is Trusted.",
    )
    return Said(run.accepted and all(words in run.words for words in wanted), run.words)


def mutool(file: Path) -> Said:
    """MuPDF's. Judges what was changed since, and knows no root of ours."""
    run = _run("mutool", "sign", "-v", str(file))
    return Said("unchanged since signing" in run.words, run.words)


def pyhanko(file: Path, roots: Sequence[Path]) -> Said:
    """PyHanko's own command, which trusts the roots and no other."""
    trusted = [argument for root in roots for argument in ("--trust", str(root))]
    run = _run(_beside("pyhanko"), "sign", "validate", *trusted, "--trust-replace", str(file))
    return Said(run.accepted and "INTACT:TRUSTED" in run.words and "UNTOUCHED" in run.words, run.words)


def openssl(file: Path, root: Path) -> Said:
    """OpenSSL's, of the signature alone: it reads no PDF, so the signed bytes are cut out here."""
    data = file.read_bytes()
    ranges = [tuple(map(int, found.groups())) for found in RANGE.finditer(data)]
    if len(ranges) != 1:
        return Said(False, f"{len(ranges)} signatures")
    ((start, length, resume, rest),) = ranges
    if start or resume + rest != len(data):
        return Said(False, "the signature does not cover the whole file")
    raw = bytes.fromhex(data[length + 1 : resume - 1].decode("ascii"))
    with tempfile.TemporaryDirectory() as folder:
        signature, covered = Path(folder, "signature.der"), Path(folder, "covered")
        signature.write_bytes(raw[: 4 + int.from_bytes(raw[2:4], "big")])
        covered.write_bytes(data[:length] + data[resume:])
        command = ("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(signature))
        return _run(*command, "-content", str(covered), "-CAfile", str(root), "-purpose", "any", "-out", "/dev/null")


def qpdf(file: Path) -> Said:
    """Qpdf's opinion of the syntax."""
    return _run("qpdf", "--check", str(file))


def minisign(file: Path, signature: Path, public_key: Path) -> Said:
    """Minisign's."""
    return _run("minisign", "-V", "-m", str(file), "-x", str(signature), "-p", str(public_key))


def sha256sum(sums: Path) -> Said:
    """The files beside a list of digests, judged by the command every Linux has."""
    return _run("sha256sum", "--check", "--quiet", "--strict", sums.name, folder=sums.parent)


def openbadges_verifier(badge: Path, holder: str, public_key: Path) -> Said:
    """The command of openbadgeslib, of a baked badge. ``holder`` is the id of the credential's subject."""
    command = (
        _beside("openbadges-verifier"),
        "-i",
        str(badge),
        "-r",
        holder,
        "-V",
        "3",
        "-k",
        str(public_key),
        "--json",
    )
    run = _run(*command)
    return Said(run.accepted and '"valid": true' in run.words, run.words)


@dataclass(frozen=True)
class Case:
    """A credential, with the documents a verifier would fetch, on a day (``2026-06-01``)."""

    credential: Document
    did: Document
    status: Document
    now: str


def digital_bazaar(cases: Iterable[Case]) -> list[str]:
    """Digital Bazaar's verifier: ``VALID``, ``REVOKED`` or ``INVALID`` and why, for each case."""
    return _node("digital_bazaar.mjs", [vars(case) for case in cases])


def dcc(credentials: Sequence[Document], files: Mapping[str, Document]) -> list[str]:
    """The Digital Credentials Consortium's: signature, status, expiry by today's clock, and the official schema.

    ``files``: what it would fetch, by URL; the schema is added.
    """
    known = {url: json.dumps(document) for url, document in files.items()}
    known[SCHEMA_URL] = SCHEMA.read_text(encoding="utf-8")
    return _node("dcc_verifier.mjs", {"files": known, "credentials": list(credentials)})


def schema_faults(credential: Document) -> list[str]:
    """What is wrong with a credential by 1EdTech's own JSON Schema."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return [
        f"{error.json_path}: {error.message[:200]}"
        for error in jsonschema.Draft201909Validator(schema).iter_errors(credential)
    ]


@cache
def _nss(roots: tuple[Path, ...]) -> Path:
    """A certificate store that trusts ``roots``; it lives as long as the process."""
    folder = tempfile.TemporaryDirectory(prefix="nss-")
    _stores.append(folder)
    store = Path(folder.name)
    steps = [_run("certutil", "-N", "-d", f"sql:{store}", "--empty-password")]
    steps += [
        _run("certutil", "-A", "-d", f"sql:{store}", "-n", root.stem, "-t", ",C,", "-i", str(root)) for root in roots
    ]
    if not all(step.accepted for step in steps):
        raise RuntimeError(f"certutil: {[step.words for step in steps]}")
    return store


_stores: list[tempfile.TemporaryDirectory[str]] = []


def _beside(command: str) -> str:
    """A command that pip installed."""
    return str(Path(sys.executable).with_name(command))


def _node(script: str, cases: object) -> list[str]:
    command = [_found("node"), str(HERE / script)]
    run = subprocess.run(
        command, input=json.dumps(cases), capture_output=True, encoding="utf-8", timeout=120, check=False, cwd=HERE
    )
    if run.returncode:
        raise RuntimeError(f"{script}: {run.stderr[-2000:]}")
    return run.stdout.splitlines()


def _run(command: str, *arguments: str, folder: Path | None = None) -> Said:
    run = subprocess.run(
        [_found(command), *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
        cwd=folder,
    )
    return Said(run.returncode == 0, run.stdout + run.stderr)


def _found(command: str) -> str:
    found = shutil.which(command)
    if found is None:
        raise RuntimeError(f"{command} is missing: `make test` installs it")
    return found

"""Sealed documents, judged by programs of others and by our own: genuine ones, and every way of changing one."""

import asyncio
import io
import json
import os
import random
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm

from ismpe_site.artefact import Attachment
from ismpe_site.printing.press import press
from ismpe_site.project import Project
from ismpe_site.trust import seal_writer
from ismpe_site.trust.errors import TrustError
from ismpe_site.trust.keys import make_keys, open_keys
from ismpe_site.trust.seal import LARGEST_PDF, attachments, judge_seal, seal
from tests.issued_sample import ISSUED, ROOT, ROOT_CERTIFICATE, Sample, documents, issue, keys_for_tests
from tests.quality import verifiers
from tests.quality.pdf_validators import own_checks, page_validation, verapdf

ROOTS = [ROOT_CERTIFICATE.read_bytes()]
SEALED = ("certificate.pdf", "report.pdf")
# Where the signature stands in a sealed file: the gap of its /ByteRange.
RANGE = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return issue(tmp_path_factory.mktemp("issued"))


@pytest.fixture(scope="module")
def pdf(sample: Sample) -> bytes:
    return sample.file("certificate.pdf").read_bytes()


def gap(pdf: bytes) -> tuple[int, int]:
    """From the ``<`` of the signature to behind its ``>``."""
    found = RANGE.search(pdf)
    assert found
    return int(found[1]), int(found[2])


def flipped(pdf: bytes, place: int, bit: int = 1) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ bit]) + pdf[place + 1 :]


# -- the ways of changing a sealed file ---------------------------------------------------------------


def a_byte_flipped(pdf: bytes) -> bytes:
    return flipped(pdf, pdf.index(b"stream") + 40)


def updated(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/PageMode"] = generic.NameObject("/UseOutlines")
    writer.update_root()
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def bytes_appended(pdf: bytes) -> bytes:
    return pdf + b"\n% something\n"


def padding_changed(pdf: bytes) -> bytes:
    end = gap(pdf)[1]
    return pdf[: end - 2] + b"1" + pdf[end - 1 :]


def seal_cut_off(pdf: bytes) -> bytes:
    return pdf[: pdf.index(b"%%EOF") + 6]


def rewritten(pdf: bytes) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(written)
    return written.getvalue()


# What each program says: pdfsig, mutool, pyHanko, openssl. True: it accepts. The padding of the signature is covered by
# no signature, so only pdfsig notices (and we, who know how it is spelled).
TAMPERED: dict[Callable[[bytes], bytes], tuple[bool, bool, bool, bool]] = {
    a_byte_flipped: (False, False, False, False),
    updated: (False, False, False, False),
    bytes_appended: (False, False, False, False),
    padding_changed: (False, True, True, True),
    seal_cut_off: (False, False, False, False),
    rewritten: (False, False, False, False),
}


def asked(file: Path) -> tuple[bool, bool, bool, bool]:
    return (
        verifiers.pdfsig(file, [ROOT_CERTIFICATE]).accepted,
        verifiers.mutool(file).accepted,
        verifiers.pyhanko(file, [ROOT_CERTIFICATE]).accepted,
        verifiers.openssl(file, ROOT_CERTIFICATE).accepted,
    )


@pytest.mark.parametrize("name", SEALED)
def test_everybody_accepts_a_sealed_document(sample: Sample, name: str) -> None:
    file = sample.file(name)
    assert asked(file) == (True, True, True, True)
    said = verifiers.qpdf(file)
    assert said.accepted, said.words
    judgement = judge_seal(file.read_bytes(), ROOTS)
    assert (judgement.state, judgement.sealed) == ("whole", ISSUED)


@pytest.mark.parametrize("change", TAMPERED, ids=lambda change: change.__name__)
def test_a_changed_document_is_refused(pdf: bytes, tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    file = tmp_path / "changed.pdf"
    file.write_bytes(change(pdf))
    assert asked(file) == TAMPERED[change]
    expected = "absent" if change is seal_cut_off else "broken"
    assert judge_seal(file.read_bytes(), ROOTS).state == expected


@pytest.mark.java
@pytest.mark.slow
def test_a_sealed_document_is_archival_and_accessible(sample: Sample) -> None:
    files = [sample.file(name) for name in SEALED]
    verdicts = [*verapdf(files, ["3a", "ua1"]), *page_validation(files, ["3a", "ua1"])]
    assert len(verdicts) == 8
    for verdict in verdicts:
        assert verdict["compliant"], verdict
    assert [own_checks(file) for file in files] == [[], []]


def test_without_its_tag_the_field_would_not_be_accessible(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The engines would see it if the recipe were left."""
    monkeypatch.setattr("ismpe_site.printing.seal_field._tag", lambda *_: None)
    file = tmp_path / "untagged.pdf"
    printed = press(documents()[1], Project.at(ROOT).theme())
    file.write_bytes(seal(printed, keys_for_tests(), ISSUED, "Test"))
    (verdict,) = page_validation([file], ["ua1"])
    assert not verdict["compliant"]


def test_the_field_is_there_where_it_is_asked_for_with_its_words_and_the_same_either_way() -> None:
    theme, (_, certificate, _) = Project.at(ROOT).theme(), documents()
    with_field = press(certificate, theme)
    assert with_field == press(certificate, theme, accelerate=False)
    with pikepdf.open(io.BytesIO(with_field)) as opened:
        (field,) = opened.Root.AcroForm.Fields
        assert ("IssuerSeal", certificate.seal_tooltip, "/Sig") == (field.T, field.TU, field.FT)
        assert field.F == 132
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
        assert opened.Root.StructTreeRoot.K[0].K[-1].S == "/Form"
    with pikepdf.open(io.BytesIO(press(replace(certificate, seal_tooltip=""), theme))) as opened:
        assert "/AcroForm" not in opened.Root


def test_the_credential_comes_out_of_the_certificate_byte_for_byte(sample: Sample, tmp_path: Path) -> None:
    carried = attachments(sample.file("certificate.pdf").read_bytes())
    assert carried["credential.json"] == sample.file("credential.json").read_bytes()
    assert json.loads(carried["award.json"])["level"] == "gold"
    taken = tmp_path / "taken.json"
    with taken.open("wb") as output:
        command = ["qpdf", "--show-attachment=credential.json", str(sample.file("certificate.pdf"))]
        subprocess.run(command, stdout=output, timeout=60, check=True)
    assert taken.read_bytes() == carried["credential.json"]


def test_the_same_bytes_in_another_process_zone_language_and_hash_order(sample: Sample, tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.issued_sample", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    names = sorted(json.loads(said.stdout))
    assert len(names) == 11
    different = [name for name in names if (tmp_path / name).read_bytes() != sample.file(name).read_bytes()]
    assert different == []


def test_a_document_is_sealed_once_in_its_field_and_within_the_years_of_the_certificate(pdf: bytes) -> None:
    keys, theme = keys_for_tests(), Project.at(ROOT).theme()
    for day in (date(1999, 12, 31), date(2040, 1, 1)):
        with pytest.raises(TrustError, match=f"2000-01-01 to 2039-12-31, and {day} is outside"):
            seal(pdf, keys, day, "Test")
    with pytest.raises(TrustError, match="cannot be sealed"):
        seal(pdf, keys, ISSUED, "Test")
    with pytest.raises(TrustError, match="cannot be sealed"):
        seal(press(replace(documents()[1], seal_tooltip=""), theme), keys, ISSUED, "Test")
    with pytest.raises(TrustError, match="cannot be sealed"):
        seal(b"%PDF-1.7 no", keys, ISSUED, "Test")


def test_a_seal_by_others_is_a_strangers_and_one_in_our_name_is_no_seal() -> None:
    printed = press(documents()[1], Project.at(ROOT).theme())
    for name, state in (("Some Other Body", "stranger"), ("ISMPE", "broken")):
        made = make_keys(name, 2020, b"x", test=True)
        theirs = open_keys(made.private["seal-2020.p12"], made.private["credential-2020.pem"], b"x", "key-2020")
        sealed = seal(printed, theirs, ISSUED, "Test")
        assert judge_seal(sealed, ROOTS).state == state
        assert judge_seal(sealed, [*ROOTS, made.public["root-2020.crt"]]).state == "whole"


def test_a_seal_that_allows_changes_is_no_seal_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = press(documents()[1], Project.at(ROOT).theme())
    monkeypatch.setattr("ismpe_site.trust.seal_writer.MDPPerm", SimpleNamespace(NO_CHANGES=MDPPerm.FILL_FORMS))
    assert judge_seal(seal(printed, keys_for_tests(), ISSUED, "Test"), ROOTS).state == "broken"


def test_a_seal_outlives_its_certificate() -> None:
    """Judged as of its day; that a key is not to be trusted any more is said by leaving its root out."""
    short = date(2001, 6, 30)
    made = make_keys("ISMPE", 2026, b"x", test=True, seal_until=short, root_until=short)
    keys = open_keys(made.private["seal-2026.p12"], made.private["credential-2026.pem"], b"x", "key-2026")
    sealed = seal(press(documents()[1], Project.at(ROOT).theme()), keys, short, "Test")
    judgement = judge_seal(sealed, [made.public["root-2026.crt"]])
    assert (judgement.state, judgement.sealed) == ("whole", short)


def test_a_seal_dated_outside_its_certificate_is_no_seal() -> None:
    """Ours is never made so; somebody who has the key could."""
    printed = press(documents()[1], Project.at(ROOT).theme())
    backdated = seal_writer.sealed(printed, keys_for_tests(), datetime(1999, 12, 31, 12, tzinfo=UTC), "Test")
    assert judge_seal(backdated, ROOTS).state == "broken"


def test_no_parser_sees_a_file_before_its_signature_is_proved(pdf: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def reader(stream: io.BytesIO) -> PdfFileReader:
        seen.append(len(stream.getvalue()))
        return PdfFileReader(stream)

    monkeypatch.setattr("ismpe_site.trust.seal_reader.PdfFileReader", reader)
    for change in TAMPERED:
        judge_seal(change(pdf), ROOTS)
    assert seen == []
    assert judge_seal(pdf, ROOTS).state == "whole"
    assert seen == [len(pdf)]


def test_a_running_loop_is_no_hindrance() -> None:
    printed = press(documents()[1], Project.at(ROOT).theme())

    async def inside() -> str:
        return judge_seal(seal(printed, keys_for_tests(), ISSUED, "Test"), ROOTS).state

    assert asyncio.run(inside()) == "whole"


def test_the_word_of_a_seal_in_a_text_is_no_seal() -> None:
    """An organisation may be named as it likes; the title stands in the file's metadata as written."""
    certificate = documents()[1]
    odd = certificate.html.replace("<title>", "<title>/ByteRange [0 10 20 30] /ByteRange [0 1 2 3] ", 1)
    printed = press(replace(certificate, html=odd), Project.at(ROOT).theme())
    assert b"/ByteRange [0 10 20 30]" in printed
    assert judge_seal(printed, ROOTS).state == "broken"
    assert judge_seal(seal(printed, keys_for_tests(), ISSUED, "Test"), ROOTS).state == "whole"


def test_no_flipped_bit_of_the_signature_itself_goes_unseen(pdf: bytes) -> None:
    """In the file the digits of the signature are covered by none: its wrapping, its certificates, its padding."""
    begin, end = gap(pdf)
    digits = bytes.fromhex(pdf[begin + 1 : end - 1].decode())
    filled = len(digits.rstrip(b"\0"))
    chosen = random.Random(5)
    wrapping = [*range(60), *range(filled - 900, filled - 700)]
    places = [*wrapping, *(chosen.randrange(filled) for _ in range(120)), *range(filled + 1, len(digits), 97)]
    for place in places:
        changed = flipped(digits, place, 1 << chosen.randrange(8)).hex().upper().encode()
        assert judge_seal(pdf[: begin + 1] + changed + pdf[end - 1 :], ROOTS).state in ("broken", "stranger"), place
    for place in (begin, begin + 5, end - 1):
        assert judge_seal(flipped(pdf, place, 0x20), ROOTS).state == "broken"


def test_no_flipped_bit_anywhere_goes_unseen(sample: Sample) -> None:
    chosen = random.Random(6)
    for name in SEALED:
        data = sample.file(name).read_bytes()
        for _ in range(100):
            place = chosen.randrange(len(data))
            assert judge_seal(flipped(data, place, 1 << chosen.randrange(8)), ROOTS).state != "whole", place


def hostile(pdf: bytes) -> dict[str, bytes]:
    """Files made to do harm: to end in an error, to take for ever, to fill the memory."""
    begin, end = gap(pdf)
    deep = b"\x30\x80" * 40_000
    return {
        "nothing": b"",
        "no file at all": b"\0" * 1000,
        "only the word": b"/ByteRange [0 1 2 3]",
        "huge numbers": b"/ByteRange [0 999999999 999999999 999999999]",
        "the word a million times": b"/ByteRange [0 9 19 9] " * 50_000,
        "white space without end": b"/ByteRange" + b" " * 1_000_000 + b"[0 1 2 3]",
        "no digits in the gap": pdf[: begin + 1] + b"z" * (end - begin - 2) + pdf[end - 1 :],
        "nested without end": b"/ByteRange [0 24 %d 0]" % (26 + 2 * len(deep)) + b"  <" + deep.hex().encode() + b">",
        "cut in the middle": pdf[: len(pdf) // 2],
        "the end alone": pdf[end:],
        "twice": pdf + pdf,
    }


@pytest.mark.parametrize("kind", hostile(b"/ByteRange [0 24 30 0]  <0000> "))
def test_a_hostile_file_is_judged_without_an_error(pdf: bytes, kind: str) -> None:
    data = hostile(pdf)[kind]
    assert judge_seal(data, ROOTS).state in ("absent", "broken", "stranger")
    assert isinstance(attachments(data), dict)


def test_what_is_too_large_is_not_read() -> None:
    data = bytes(LARGEST_PDF + 1)
    assert judge_seal(data, ROOTS).state == "absent"
    assert attachments(data) == {}


def test_a_root_that_is_no_certificate_is_the_callers_fault(pdf: bytes) -> None:
    with pytest.raises(TrustError, match="root certificate"):
        judge_seal(pdf, [b"nonsense"])


def with_attachment(data: bytes, filters: pikepdf.Array | pikepdf.Name, name: str = "a.json", times: int = 1) -> bytes:
    written = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        stream = made.make_stream(b"")
        stream.write(data, filter=filters)
        specification = made.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Filespec, UF=name, EF=pikepdf.Dictionary(F=stream))
        )
        names = pikepdf.Array([part for _ in range(times) for part in (pikepdf.String(name), specification)])
        made.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=names))
        made.save(written)
    return written.getvalue()


def test_attachments_do_not_swell() -> None:
    deflate = pikepdf.Name.FlateDecode
    small = zlib.compress(b"{}")
    assert attachments(with_attachment(small, deflate)) == {"a.json": b"{}"}
    assert attachments(with_attachment(small, deflate, times=2)) == {}
    bomb = zlib.compress(bytes(20_000_000), 9)
    assert attachments(with_attachment(bomb, deflate)) == {}
    assert attachments(with_attachment(zlib.compress(bomb, 9), pikepdf.Array([deflate, deflate]))) == {}


def test_attachments_below_branches_are_found() -> None:
    written = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        for number in range(300):
            made.attachments[f"{number:03}.json"] = str(number).encode()
        made.save(written)
    assert attachments(written.getvalue()) == {}
    with pikepdf.open(written) as opened:
        for number in range(50, 300):
            del opened.attachments[f"{number:03}.json"]
        assert "/Kids" in opened.Root.Names.EmbeddedFiles
        fewer = io.BytesIO()
        opened.save(fewer)
    assert attachments(fewer.getvalue()) == {f"{number:03}.json": str(number).encode() for number in range(50)}


def test_a_tree_of_names_that_leads_to_itself_ends() -> None:
    written = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        tree = made.make_indirect(pikepdf.Dictionary())
        tree.Kids = pikepdf.Array([tree, tree])
        made.Root.Names = pikepdf.Dictionary(EmbeddedFiles=tree)
        made.save(written)
    assert attachments(written.getvalue()) == {}


def test_changed_files_are_read_without_an_error(pdf: bytes) -> None:
    chosen = random.Random(7)
    for _ in range(200):
        data = bytearray(pdf)
        for _ in range(chosen.randrange(1, 40)):
            place = chosen.randrange(len(data))
            data[place : place + chosen.randrange(4)] = chosen.randbytes(chosen.randrange(4))
        assert judge_seal(bytes(data), ROOTS).state != "whole"
        assert isinstance(attachments(bytes(data)), dict)


def test_nothing_of_a_damaged_file_is_said_on_the_terminal(pdf: bytes, tmp_path: Path) -> None:
    file = tmp_path / "damaged.pdf"
    file.write_bytes(re.sub(rb"\n(\d+) 0 obj", rb"\n\1  0 obj", pdf))
    code = (
        "import sys; from pathlib import Path; from ismpe_site.trust.seal import attachments, judge_seal\n"
        "pdf, root = (Path(path).read_bytes() for path in sys.argv[1:])\n"
        "attachments(pdf); print(judge_seal(pdf, [root]).state)"
    )
    command = [sys.executable, "-c", code, str(file), str(ROOT_CERTIFICATE)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert (said.stdout.strip(), said.stderr) == ("broken", "")


def test_attachments_of_one_document_are_in_the_order_of_their_names() -> None:
    certificate = documents()[1]
    names = ("z.json", "b.json", "award.json")
    carried = tuple(Attachment(name, name.encode(), name) for name in names)
    printed = press(replace(certificate, attachments=carried), Project.at(ROOT).theme())
    assert list(attachments(printed)) == sorted(names)

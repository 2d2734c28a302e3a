"""The press: one test per correction of the engine, the same bytes every time, nothing fetched, nothing passed over."""

import io
import os
import re
import subprocess
import sys
import zlib
from datetime import date
from pathlib import Path

import page
import pikepdf
import pytest

from ismpe_site import late
from ismpe_site.artefact import Attachment, PrintDocument
from ismpe_site.printing.press import PrintError, press
from ismpe_site.project import Project
from ismpe_site.theme import Theme
from ismpe_site.theme_folder import load_theme
from tests.conftest import AS_OF, ROOT
from tests.whole import load, planned

DAY = date(2025, 4, 2)
KEY = "quillmere-health-partnership/new-managers/2025-03"


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme(ROOT / "themes/ismpe")


def document(body: str, *attachments: Attachment, head: str = "", style: str = "document.css") -> PrintDocument:
    html = f'<!doctype html><html lang="en"><head><title>T</title>{head}</head><body><h1>One</h1>{body}</body></html>'
    return PrintDocument(html, style, DAY, attachments)


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def elements(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    return [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == f"/{kind}"]


def test_correction_1_one_file_claims_both_standards(theme: Theme) -> None:
    pdf = opened(press(document("<p>x</p>"), theme))
    xmp = pdf.Root.Metadata.read_bytes()
    assert b"<pdfaid:part>3</pdfaid:part>" in xmp or b'pdfaid:part="3"' in xmp
    assert b"<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert b"pdfaExtension:schemas" in xmp


def test_correction_2_the_metadata_can_be_read_without_a_pdf_library(theme: Theme) -> None:
    assert b"<pdfuaid:part>1</pdfuaid:part>" in press(document("<p>x</p>"), theme)


def test_correction_3_languages_of_parts_reach_the_tags(theme: Theme) -> None:
    pdf = opened(press(document('<p lang="fr">Bonjour</p>'), theme))
    assert "fr" in [str(item.Lang) for item in elements(pdf, "P") if "/Lang" in item]


def test_correction_4_an_attachment_is_listed_once(theme: Theme) -> None:
    pdf = opened(press(document("<p>x</p>", Attachment("a.json", b"{}", "Data")), theme))
    assert len(pdf.Root.AF) == 1
    assert pdf.attachments["a.json"].get_file().read_bytes() == b"{}"


def test_correction_5_header_cells_say_what_they_head(theme: Theme) -> None:
    table = '<table><tr><th scope="col">a</th></tr><tr><th scope="row">b</th></tr></table>'
    pdf = opened(press(document(table), theme))
    assert sorted(str(item.A.Scope) for item in elements(pdf, "TH")) == ["/Column", "/Row"]


def test_correction_6_running_heads_are_no_content(theme: Theme) -> None:
    pdf = opened(press(document("<p>x</p>"), theme))
    content = pdf.pages[0].Contents.read_bytes()
    assert re.search(rb"/Artifact\s<</Type /Pagination>>\sBDC", content)


def test_correction_7_every_stream_is_as_long_as_it_says(theme: Theme) -> None:
    """A strict reader does not find a stream short whose last byte, as compressed, is a carriage return."""
    texts = ("a" * length for length in range(1, 300))
    unlucky = next(text for text in texts if zlib.compress(text.encode(), 9).endswith(b"\r"))
    pdf = press(document("<p>x</p>", Attachment("a.json", unlucky.encode(), "Data")), theme)
    assert b"\r\r\nendstream" in pdf
    assert page.validate_pdf_bytes(pdf, profile="3a").is_compliant


def test_a_stream_that_ends_in_a_carriage_return_is_closed_by_both_characters() -> None:
    import pydyf

    from ismpe_site.printing.conformance import apply_corrections

    apply_corrections()
    assert pydyf.Stream([b"text\r"]).data.endswith(b"stream\ntext\r\r\nendstream")
    assert pydyf.Stream([b"text"]).data.endswith(b"stream\ntext\nendstream")


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ('<img src="file:///etc/hostname" alt="x">', ""),
        ('<img src="https://elsewhere.invalid/x.png" alt="x">', ""),
        ('<img src="../../../etc/hostname" alt="x">', ""),
        ('<p style="background: url(file:///etc/hostname)">x</p>', ""),
        ("<p>x</p>", '<link rel="stylesheet" href="https://elsewhere.invalid/x.css">'),
        ("<p>x</p>", "<style>@import url(file:///etc/hostname);</style>"),
        ('<svg role="img"><title>x</title><image href="file:///etc/hostname"/></svg>', ""),
    ],
)
def test_nothing_but_the_theme_is_fetched(theme: Theme, body: str, head: str) -> None:
    with pytest.raises(PrintError):
        press(document(body, head=head), theme)


def test_a_document_cannot_attach_a_file_of_its_own_accord(theme: Theme) -> None:
    pdf = opened(press(document("<p>x</p>", head='<link rel="attachment" href="file:///etc/hostname">'), theme))
    assert list(pdf.attachments) == []


def test_any_complaint_of_the_engine_fails_the_document(theme: Theme) -> None:
    with pytest.raises(PrintError, match="no-such-property"):
        press(document('<p style="no-such-property: 1">x</p>'), theme)


def test_a_style_that_is_not_there(theme: Theme) -> None:
    with pytest.raises(PrintError, match=r"theme ismpe has no print/other\.css"):
        press(document("<p>x</p>", style="other.css"), theme)


PRINT_ONE = """
import hashlib, sys
from datetime import date
from pathlib import Path
from ismpe_site.printing.press import press
from ismpe_site.project import Project
from tests.whole import load, planned
project = Project.at(Path(sys.argv[1]))
theme = project.theme()
artefacts = planned(load(project.content).catalogue, date(2026, 11, 22), project.site(), theme)
for path in sys.argv[2:]:
    document = artefacts[path].render(artefacts[path].inputs, theme)
    print(path, hashlib.sha256(press(document, theme)).hexdigest())
"""


def test_the_same_bytes_in_another_process_zone_hash_order_and_without_system_fonts(tmp_path: Path) -> None:
    empty = tmp_path / "fonts.conf"
    cache = tmp_path / "cache"
    empty.write_text(f"<?xml version='1.0'?><fontconfig><cachedir>{cache}</cachedir></fontconfig>", encoding="utf-8")
    paths = [f"assessments/{KEY}/certificate.pdf", "process/process.pdf"]
    outcomes = set()
    for environment in (
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LANG": "C.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LANG": "C", "FONTCONFIG_FILE": str(empty)},
    ):
        run = subprocess.run(
            [sys.executable, "-c", PRINT_ONE, str(ROOT), *paths],
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert len(run.stdout.splitlines()) == 2
        outcomes.add(run.stdout)
    assert len(outcomes) == 1


def test_the_print_shop_certificate_has_a_trimmed_page_of_a4_and_room_around_it(theme: Theme) -> None:
    project = Project.at(ROOT)
    artefacts = planned(load(project.content).catalogue, AS_OF, project.site(), theme, bleed=True)
    artefact = artefacts[f"assessments/{KEY}/certificate-bleed.pdf"]
    printed = artefact.render(artefact.inputs, theme)
    assert isinstance(printed, PrintDocument)
    pdf = opened(press(printed, theme))
    first = pdf.pages[0]
    trim = [float(n) for n in first.TrimBox]
    media = [float(n) for n in first.MediaBox]
    assert (round(trim[2] - trim[0]), round(trim[3] - trim[1])) == (842, 595)
    assert trim[0] - media[0] == pytest.approx(22.68, abs=0.1)
    assert len(pdf.pages) == 1


def test_printing_leaves_the_environment_as_it_was(theme: Theme) -> None:
    """Programs started later, a browser above all, must find the machine's fonts."""
    before = dict(os.environ)
    assert late.press(document("<p>x</p>"), theme).startswith(b"%PDF")
    assert dict(os.environ) == before

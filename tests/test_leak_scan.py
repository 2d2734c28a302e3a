"""The canary scan: a private text is found in any disguise, nothing else is, and a leak stops the build."""

from __future__ import annotations

import base64
import gzip
import io
import random
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin
from weasyprint import HTML
from weasyprint import Attachment as Carried
from weasyprint.text.fonts import FontConfiguration

from ismpe_site import proving
from ismpe_site.artefact import Attachment, PrintDocument
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.store import Store
from ismpe_site.late import Workers
from ismpe_site.leaks import guard_of
from ismpe_site.making import Options
from ismpe_site.model import Catalogue
from ismpe_site.pipeline import build, differences
from ismpe_site.problems import ContentError
from ismpe_site.project import Project
from ismpe_site.proof.canaries import SAMPLE, Canaries, Finder, canaries, joined
from ismpe_site.proof.scan import Found, leaks
from ismpe_site.proof.secrets import Secret
from ismpe_site.publications import scheme, site
from ismpe_site.publications.site import PrintInputs, WebInputs, render_web_page
from ismpe_site.publications.views import Report
from ismpe_site.results import Scored
from ismpe_site.terminal import explained
from ismpe_site.theme import Theme
from tests.conftest import AS_OF, ROOT
from tests.forge import DAY
from tests.public_tree import tree
from tests.test_publication import small_site, spoil

WORD = "zq7privat4kx"
SENTENCE = "The sponsor will leave the programme in the spring, and nobody has been told."


def guarding(text: str, *public: str, name: bool = False) -> Canaries:
    return canaries([Secret("x.yaml", ("private_note",), text, name)], set(public), ())


def found(path: str, data: bytes | str, text: str = WORD) -> bool:
    return bool(leaks(path, data.encode() if isinstance(data, str) else data, guarding(text)))


# -- 27 disguises ----------------------------------------------------------------------------------


def printed(body: str, **options: object) -> bytes:
    """A PDF in letters of the theme."""
    font = (ROOT / "themes/ismpe/print/fonts/SourceSans3_400Regular.ttf").as_uri()
    style = f"<style>@font-face {{ font-family: own; src: url({font}) }} * {{ font-family: own }}</style>"
    data = HTML(string=style + body, base_url="https://x.invalid/").write_pdf(
        font_config=FontConfiguration(), **options
    )
    assert isinstance(data, bytes)
    return data


def zipped(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", text * 9)
    return buffer.getvalue()


def png(text: str) -> bytes:
    info, buffer = PngImagePlugin.PngInfo(), io.BytesIO()
    info.add_text("Comment", text, zip=True)
    Image.new("L", (4, 4)).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def jpeg(text: str) -> bytes:
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x010E] = text
    Image.new("L", (4, 4)).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def entities(text: str) -> str:
    return "".join(f"&#{ord(letter)};" for letter in text)


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


DISGUISES: dict[str, Callable[[str], bytes | str]] = {
    "plain.html": lambda t: f"<p>{t}</p>",
    "upper.html": lambda t: t.upper(),
    "comment.html": lambda t: f"<!-- {t} -->",
    "entity.html": entities,
    "split.html": lambda t: f"<b>{t[:5]}</b><i>{t[5:]}</i>",
    "attribute.html": lambda t: f'<img alt="{t}">',
    "percent.html": lambda t: "".join(f"%{ord(letter):02x}" for letter in t),
    "escape.json": lambda t: "".join(f"\\u{ord(letter):04x}" for letter in t),
    "escape.css": lambda t: 'a::after{content:"' + "".join(f"\\{ord(letter):x} " for letter in t) + '"}',
    "utf16.txt": lambda t: t.encode("utf-16"),
    "zerowidth.txt": "\u200b".join,
    "softhyphen.html": "&shy;".join,
    "fullwidth.txt": wide,
    "base64.txt": lambda t: base64.b64encode(b"abc" + t.encode() + b"xyz"),
    "page.html.gz": lambda t: gzip.compress(t.encode()),
    "pack.zip": zipped,
    "text.png": png,
    "exif.jpg": jpeg,
    "text.pdf": lambda t: printed(f"<p>{t}"),
    "narrow.pdf": lambda t: printed(f'<p style="width:1.5cm;overflow-wrap:anywhere">{t}'),
    "title.pdf": lambda t: printed(f"<title>{t}</title>x"),
    "alt.pdf": lambda t: printed(
        f'<html lang=en><title>t</title><svg role=img aria-label="{t}" width=9 height=9><title>{t}</title>'
        "<rect width=9 height=9 /></svg>",
        pdf_variant="pdf/ua-1",
    ),
    "link.pdf": lambda t: printed(f'<a href="https://x.invalid/{t}">x</a>'),
    "outline.pdf": lambda t: printed(f"<h1 style=\"bookmark-label:'{t}'\">x</h1>"),
    "attached.pdf": lambda t: printed("x", attachments=[Carried(string=t * 3, name="a.yaml")]),
    "hidden.pdf": lambda t: printed(f'<p style="color:white;font-size:1px">{t}'),
}
MORE: dict[str, Callable[[str], bytes | str]] = {
    "hexadecimal.txt": lambda t: t.encode().hex(),
    "twice.gz": lambda t: gzip.compress(gzip.compress(t.encode())),
    "zlib.bin": lambda t: zlib.compress(t.encode()),
    "base64url-of-gzip.txt": lambda t: b"x " + base64.urlsafe_b64encode(gzip.compress(t.encode())),
    "utf16-be.bin": lambda t: b"\0" + t.encode("utf-16-be"),
    "ligatures.txt": lambda t: t.replace("fi", "\ufb01"),
    "decomposed.txt": "\u0301".join,
    "attached-zip.pdf": lambda t: printed("x", attachments=[Carried(string=zipped(t), name="a.zip")]),
    "author.pdf": lambda t: printed(f'<meta name="author" content="{t}">x'),
    "broken.pdf": lambda t: printed(f"<title>{t}</title>x").rpartition(b"endobj")[0],
}


def test_there_are_27_disguises() -> None:
    """The file's name is the 27th."""
    assert len(DISGUISES) + 1 == 27


@pytest.mark.parametrize("name", [*DISGUISES, *MORE])
@pytest.mark.parametrize("text", [WORD, SENTENCE], ids=["word", "sentence"])
def test_a_private_text_is_found_in_each_disguise(name: str, text: str) -> None:
    disguise = {**DISGUISES, **MORE}[name]
    assert found(name, disguise(text), text)
    # And nothing where nothing is: the same file without it.
    assert not found(name, disguise("another text, of which nobody makes a secret"), text)


def test_a_private_text_is_found_in_the_name_of_a_file() -> None:
    assert found(f"dir/{WORD}/x.txt", "x")
    assert not found("dir/other/x.txt", "x")


def test_plain_reading_finds_a_fifth_of_them() -> None:
    """What the scan is for."""
    made = [disguise(WORD) for disguise in DISGUISES.values()]
    plain = sum(WORD.encode() in (data.encode() if isinstance(data, str) else data) for data in made)
    assert plain < len(DISGUISES) / 3


def test_tar_members_and_their_names_are_read() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(gzip.compress(WORD.encode()))
        archive.addfile(member, io.BytesIO(gzip.compress(WORD.encode())))
    assert found("a.tar", buffer.getvalue())


@pytest.mark.parametrize(
    "head", [b"%PDF-1.7", b"\x1f\x8b", b"PK\3\4", b"\x89PNG\r\n\x1a\n\0\0\0\x09zTXtx\x9c", b"x\x9c"]
)
def test_what_cannot_be_unpacked_is_read_as_it_is(head: bytes) -> None:
    for tail in (b"", b"\0" * 40, bytes(range(256)) * 3):
        assert found("a.bin", head + tail + WORD.encode())
        assert not found("a.bin", head + tail)


# -- what is a canary ------------------------------------------------------------------------------


def test_any_five_words_in_a_row_are_enough_and_four_are_not() -> None:
    assert found("a.html", "<p>It seems they leave the programme in the spring</p>", SENTENCE)
    assert not found("a.html", "<p>The sponsor will leave it. The programme in the autumn, and nobody</p>", SENTENCE)


def test_what_is_public_too_is_no_secret() -> None:
    public = "We heard that the sponsor will leave the programme in the spring, and nobody has been told."
    assert not guarding(SENTENCE, SENTENCE)
    assert not guarding(SENTENCE, public)
    assert not canaries([Secret("x", ("a",), SENTENCE)], set(), (joined([public]),))
    partly = guarding(SENTENCE, "The sponsor will leave the programme")
    assert not leaks("a.html", b"The sponsor will leave the programme.", partly)
    assert leaks("a.html", b"the programme in the spring, and", partly)


def test_a_piece_that_ends_in_the_middle_of_a_public_word_is_chance() -> None:
    """``… the college in turn`` and ``… the college`` before ``Introduction``: only one piece of the text is there."""
    known = guarding("It speaks to mentors, scheme staff and the college in turn.")
    assert not leaks("a.html", b"<p>staff and the college</p><p>Introduction</p>", known)
    assert leaks("a.html", b"<p>staff and the college in turn</p>", known)
    assert leaks("a.html", b"<p>scheme staff and the college in</p>", known)


def damaged_members(text: str) -> bytes:
    """An archive of which the first member is damaged, the second locked and the third whole."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in (("a.txt", "nothing " * 99), ("b.txt", "nothing"), ("c.txt", text)):
            archive.writestr(name, words)
    data = bytearray(buffer.getvalue())
    data[data.index(b"a.txt") + 12] ^= 0xFF
    locked = data.rindex(b"b.txt") - 46
    data[locked + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    "pack",
    [
        damaged_members,
        lambda text: gzip.compress(text.encode())[:-6],
        lambda text: gzip.compress(text.encode())[:-8] + b"12345678",
        lambda text: gzip.compress(b"nothing") + gzip.compress(text.encode()),
        lambda text: gzip.compress(random.Random(1).randbytes(40_000) + text.encode()),
        lambda text: gzip.compress(text.encode() + random.Random(1).randbytes(40_000))[:30_000] + b"x" * 99,
    ],
    ids=["a damaged member", "cut off", "a wrong sum", "one after another", "a long one", "damaged far behind"],
)
def test_what_is_damaged_hides_nothing_that_others_can_still_read(pack: Callable[[str], bytes]) -> None:
    secret = "Log of early endings"
    assert leaks("a.bin", pack(secret), guarding(secret))
    assert not leaks("a.bin", pack("Of nobody at all"), guarding(secret))


def test_five_words_of_a_long_text_may_be_chance_and_six_are_not() -> None:
    known = guarding("The programme has 4 mentors and 5 mentees since September 2021, which is what we were told.")
    assert not leaks("a.html", b"<p>4 mentors and 5 mentees</p>", known)
    assert leaks("a.html", b"<p>has 4 mentors and 5 mentees</p>", known)
    short = guarding("Log of early endings")
    assert leaks("a.html", b"<td>Log of early endings</td>", short), "a whole text is no chance"


def test_an_address_of_the_site_is_no_secret() -> None:
    known = guarding(
        "It says so in [the code of conduct](/organisations/brook-trust/starters/code-of-conduct/) already."
    )
    assert not leaks("a.html", b"https://ismpe.example/organisations/brook-trust/starters/code-of-conduct/", known)
    assert leaks("a.html", b"so in the code of conduct already", known)


def test_a_short_name_counts_where_it_stands_alone() -> None:
    name = guarding("Ida Lee", name=True)
    for text in ("<td>Ida</td><td>Lee</td>", "by Ida Lee.", "IDA&nbsp;LEE", "ida-lee"):
        assert leaks("a.html", text.encode(), name), text
    for text in ("Florida leek soup", "Frida Lee", "Ida Leek"):
        assert not leaks("a.html", text.encode(), name), text


def test_the_sample_of_an_organisation_is_small_and_has_all_names() -> None:
    secrets = [
        Secret("x", ("ratings", f"1.{n}"), f"Finding number {n} says nothing but the truth of it") for n in range(500)
    ]
    known = canaries([*secrets, Secret("x", ("contact", "email"), "ida@brook.example", True)], set(), ())
    sample = known.sample()
    assert len(sample) <= SAMPLE * 1.3
    assert b"idabrookexample" in sample.split()


# -- in a build ------------------------------------------------------------------------------------

HERE = Workers(InProcess(), InProcess())
HTML_ONLY, ALL = Options(DAY, html_only=True), Options(DAY)
REPORT = "content/assessments/brook-trust/starters/2024-05.yaml"
PAGE = "assessments/brook-trust/starters/2024-05/index.html"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site with a private note."""
    root = small_site(tmp_path / "site", "Ash Trust")
    with (root / REPORT).open("a", encoding="utf-8") as file:
        file.write(f"private_note: {SENTENCE}\n")
    return root


def refused(root: Path, output: Path, options: Options = HTML_ONLY) -> ContentError:
    with pytest.raises(ContentError) as raised:
        build(Project.at(root), output, options, HERE)
    return raised.value


def appending(words: str, wanted: Callable[[str], bool]) -> Callable[[WebInputs, Theme], bytes]:
    """A render function with a fault: into some pages it writes what it should not know."""

    def render(inputs: WebInputs, theme: Theme) -> bytes:
        data = render_web_page(inputs, theme)
        return data.replace(b"</main>", f"<p>{words}</p></main>".encode()) if wanted(inputs.here) else data

    return render


def test_a_leak_in_a_page_stops_the_build_and_is_told_with_its_place(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    build(Project.at(root), output, HTML_ONLY, HERE)
    before = tree(output / "public")
    monkeypatch.setattr(site, "render_web_page", appending(SENTENCE, lambda here: "brook-trust" in here))
    spoil(root / REPORT, "summary: A sound beginning.", "summary: A good beginning.")
    error = refused(root, output)
    (problem,) = error.problems
    assert (problem.code, problem.place.file, problem.place.line) == ("P701", REPORT, 23)
    assert problem.message.startswith("private text (private_note) would be published in organisations/brook-trust/")
    assert tree(output / "public") == before
    words, code = explained(error, root)
    assert code == 1
    assert f"  23 | private_note: {SENTENCE}" in words
    # What leaked is not remembered as made: it stops the next build too, and mended it is made anew.
    refused(root, output)
    monkeypatch.undo()
    build(Project.at(root), output, HTML_ONLY, HERE)
    assert differences(Project.at(root), output, HTML_ONLY, HERE) == []


def test_a_view_that_learns_a_secret_does_not_make_it_public(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the public may know is told apart from the views: a field too many in one of these is found."""
    honest = scheme._report

    def leaky(scored: Scored, *others: Any) -> Report:
        report = honest(scored, *others)
        return replace(report, summary=scored.assessment.private_note or report.summary)

    monkeypatch.setattr(scheme, "_report", leaky)
    assert "private_note" in refused(root, tmp_path / "output").problems[0].message


@pytest.mark.parametrize("path", ["index.html", "register/index.html", "about/index.html"])
def test_a_leak_in_what_all_share_stops_the_build(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(site, "render_web_page", appending(SENTENCE, lambda here: f"{here}index.html" == path))
    (problem,) = refused(root, tmp_path / "output").problems
    assert path in problem.message
    assert (problem.place.file, problem.place.line) == (REPORT, 23)


def test_a_leak_in_a_document_stops_the_build(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = site.render_print

    def leaky(inputs: PrintInputs, theme: Theme) -> PrintDocument:
        document = honest(inputs, theme)
        return replace(document, attachments=(Attachment("x.txt", SENTENCE.encode(), "Notes"),))

    monkeypatch.setattr(site, "render_print", leaky)
    for path in sorted((root / "content/assessments/brook-trust/starters").glob("*/*.md")):
        path.unlink()
    error = refused(root, tmp_path / "output", ALL)
    assert [problem.code for problem in error.problems] == ["P701"]
    assert "starters/2024-05/report.pdf (stream)" in error.problems[0].message


def test_files_that_are_kept_are_looked_through_again_where_the_secrets_changed(root: Path, tmp_path: Path) -> None:
    """The page shows words that nobody kept secret when it was made."""
    output = tmp_path / "output"
    (root / "content/pages/about/2022-01-01.md").write_text(
        "---\ntitle: About\nsummary: What this is.\n---\nA site.\n", encoding="utf-8"
    )
    build(Project.at(root), output, HTML_ONLY, HERE)
    held = Store(output / ".store")
    record = held.record("organisations/brook-trust")
    assert record is not None
    # As if a former version of the program had let it through.
    page = next(file for file in record.files if file.path == PAGE)
    leaked = held.get(page).replace(b"</main>", b"<p>The trust owes eleven thousand to its bank.</p></main>")
    files = tuple(held.put(file.path, file.recipe, leaked) if file is page else file for file in record.files)
    held.remember("organisations/brook-trust", replace(record, files=files))
    spoil(root / REPORT, SENTENCE, "They owe eleven thousand to its bank.")
    assert PAGE in refused(root, output).problems[0].message


def test_shared_files_are_looked_through_again_for_changed_secrets_only(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, sought = tmp_path / "output", []
    honest = proving.found_in

    def counting(path: str, data: bytes, finder: Finder) -> dict[int, Found]:
        sought.append(path)
        return honest(path, data, finder)

    monkeypatch.setattr(proving, "found_in", counting)
    build(Project.at(root), output, HTML_ONLY, HERE)
    assert "index.html" in sought
    assert not [path for path in sought if path.startswith("assets/")]
    sought.clear()
    spoil(root / REPORT, "summary: A sound beginning.", "summary: A good beginning.")
    build(Project.at(root), output, HTML_ONLY, HERE)
    assert sought == []
    spoil(root / REPORT, SENTENCE, "Somebody else will leave the programme in the autumn.")
    build(Project.at(root), output, HTML_ONLY, HERE)
    assert "index.html" in sought


def test_an_unlisted_report_may_be_in_its_own_files_and_its_notes_may_not(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(root / REPORT, "status: reviewed", f"status: reviewed\nvisibility: unlisted\nunlisted_token: {'0f' * 16}")
    build(Project.at(root), tmp_path / "output", HTML_ONLY, HERE)
    for words in ("It is in the leaflet and on the wall", "0f" * 16, SENTENCE):
        spoil(root / REPORT, "finding: It is in the leaflet.", "finding: It is in the leaflet and on the wall.") if (
            "wall" in words
        ) else None
        leaky = appending(words, lambda here: here == "organisations/brook-trust/")
        with monkeypatch.context() as patched:
            patched.setattr(site, "render_web_page", leaky)
            assert "organisations/brook-trust/index.html" in refused(root, tmp_path / "output").problems[0].message
    with monkeypatch.context() as patched:
        patched.setattr(site, "render_web_page", appending(SENTENCE, lambda here: here.startswith("unlisted/")))
        assert "private_note" in refused(root, tmp_path / "output").problems[0].message


def test_the_examples_own_site_has_no_leak_and_canaries(catalogue: Catalogue) -> None:
    """Nothing is shown by a scan that looks for nothing."""
    guards = [guard_of(one.id, [one], AS_OF, ()) for one in catalogue.organisations]
    assert sum(bool(guard.listed) for guard in guards) == len(guards)
    assert sum(len(guard.listed.pieces) for guard in guards) > 1000

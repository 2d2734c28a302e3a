"""Posters: any text on one sheet with nothing lost or overlapped, and a code that a phone reads."""

import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from lxml import html
from PIL import Image

from ismpe_site import late
from ismpe_site.artefact import PrintDocument
from ismpe_site.publications import qr
from ismpe_site.publications.markup import blocks
from ismpe_site.publications.poster_layout import SMALLEST, fits, poster_layout
from tests.conftest import BuiltSite
from tests.posters import ADDRESS, Wording, poster, site_posters, theme, wordings
from tests.published_text import MM, letters, pdf_attachments, pdf_lines, pdf_text
from tests.quality.pdf_validators import own_checks, page_validation

PAPERS = {"a4": (210, 297), "a3": (297, 420)}
SENTENCE = "A mentor listens first, asks before advising, and leaves every decision to the mentee. "
CODE = "\n\n".join(f"## Part {number}\n\n{SENTENCE * 3}" for number in range(1, 8))
ARABIC = "المرشد يستمع دائما ويسأل قبل أن ينصح ويترك القرار للمتدرب. "
HARD = {
    "short": Wording("Be kind."),
    "usual": Wording(CODE),
    "very long": Wording(CODE * 40),
    "one long paragraph": Wording(SENTENCE * 200),
    "many headings": Wording("\n\n".join(f"## {SENTENCE}\n\nx" for _ in range(90))),
    "no words": Wording("---"),
    "lists in lists": Wording(
        "## Part\n\n1. one\n\n- " + f"{SENTENCE}\n  - {SENTENCE * 2}\n    1. {SENTENCE * 3}\n\n" * 5
    ),
    "tables": Wording("| a | b | c |\n|---|---|---|\n" + f"| {SENTENCE} | x | {SENTENCE * 2} |\n" * 7),
    "long names": Wording(
        CODE,
        title="The code of conduct of everybody who takes part, in whatever role, " * 9,
        summary=SENTENCE * 30,
        organisation="The Association of Associations of Very Long Names in Mentoring and Employment " * 9,
        programme="A programme for everybody who has begun to lead others " * 9,
    ),
    "no word breaks": Wording(
        "W" * 3000, title="W" * 300, summary="x" * 900, organisation="W" * 300, programme="W" * 300
    ),
    "Arabic": Wording(
        "\n\n".join(f"## السرية {number}\n\n{ARABIC * 4}" for number in range(1, 6)),
        title="قواعد السلوك",
        summary=ARABIC,
        organisation="شركة ABC (السعودية)",
        programme="برنامج الإرشاد",
        language="ar",
    ),
    "long Arabic": Wording(ARABIC * 300, title=ARABIC * 5, summary=ARABIC * 20, organisation=ARABIC * 5, language="ar"),
}


def file_of(document: PrintDocument, folder: Path) -> Path:
    file = folder / "poster.pdf"
    file.write_bytes(late.press(document, theme()))
    return file


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("sample", HARD)
def test_everything_is_on_one_sheet_and_nothing_over_anything(sample: str, paper: str, tmp_path: Path) -> None:
    wording = Wording(**{**vars(HARD[sample]), "paper": paper})
    lines = pdf_lines(file_of(poster(wording), tmp_path))
    width, height = PAPERS[paper]
    for box, words in lines:
        assert box[0] >= 0.075 * width, words
        assert box[1] >= 0.045 * height, words
        assert box[2] <= 0.925 * width, words
        assert box[3] <= 0.96 * height, words
    for at, (one, words) in enumerate(lines):
        for other, more in lines[at + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            # Boxes of letters reach above and below what is drawn.
            overlap = min(one[3], other[3]) - max(one[1], other[1])
            assert apart or overlap < 0.4 * min(one[3] - one[1], other[3] - other[1]), (words, more)
    text = letters(" ".join(words for _, words in lines))
    for wanted in ("In force from 1 September 2018", f"https://ismpe.example/{ADDRESS}", "ISMPE"):
        assert letters(wanted) in text


@settings(max_examples=40, derandomize=True, deadline=None, database=None)
@given(wordings())
def test_any_text_fits_and_is_whole_or_says_where_the_whole_is(
    tmp_path_factory: pytest.TempPathFactory, wording: Wording
) -> None:
    document = poster(wording)
    assert document.pages == 1
    # The press refuses a second page.
    pdf = late.press(document, theme())
    tree = html.fromstring(document.html)
    brief = tree.xpath("//body/@class") == ["brief"]
    scan = tree.xpath('//p[@class="scan"]/text()')
    assert scan == ["Read the whole text" if brief else "Read it on your phone"]
    if not brief and wording.language == "en":
        file = tmp_path_factory.mktemp("poster") / "poster.pdf"
        file.write_bytes(pdf)
        shown = letters(pdf_text(file))
        for block in blocks(wording.body):
            assert [words for words in block.cells or (block.words,) if letters(words) not in shown] == []


def test_a_text_is_whole_while_its_letters_can_be_read_on_a_wall() -> None:
    """The more words the smaller, down to a bound that is lower on the larger paper; then there is a summary."""
    sizes: dict[str, list[float]] = {paper: [] for paper in PAPERS}
    for paper, found in sizes.items():
        for parts in range(1, 14):
            body = "\n\n".join(f"## Part\n\n{SENTENCE * 3}" for _ in range(parts))
            layout = poster_layout("A", "B", "Values", "In short.", body, paper, theme().lettering)
            assert layout.whole == bool(layout.size)
            assert layout.whole or [point.text for point in layout.points][:1] == ["Part"]
            found.append(layout.size)
    for paper, found in sizes.items():
        assert found == sorted(found, reverse=True)
        assert found[0] > 2
        assert found[-1] == 0
        assert min(size for size in found if size) >= SMALLEST[paper]
    assert sum(map(bool, sizes["a3"])) > sum(map(bool, sizes["a4"])) > 3


def test_what_is_measured_is_not_much_more_than_what_is_set(tmp_path: Path) -> None:
    """The measure must not fall short; here, that it is no waste either: most of the room of a full poster is used."""
    body = next(
        body for count in range(60, 10, -1) if fits(body := SENTENCE * count, theme().lettering, SMALLEST["a4"], 2, 45)
    )
    lines = pdf_lines(file_of(poster(Wording(body, title="Values", summary="In short.")), tmp_path))
    lowest = max(box[3] for box, words in lines if words.startswith(("A mentor", "advising", "decision", "mentee")))
    assert lowest > 190


# -- the code -----------------------------------------------------------------------------------------------


def picture(file: Path, resolution: int = 100) -> Path:
    target = file.with_suffix("")
    command = ["pdftoppm", "-r", str(resolution), "-png", "-singlefile", str(file), str(target)]
    subprocess.run(command, timeout=60, check=True)
    return target.with_suffix(".png")


def read_by_a_phone(image: Path) -> list[str]:
    run = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", str(image)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return run.stdout.split()


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", ["whole", "in brief"])
@pytest.mark.parametrize("names", ["usual", "longest"])
def test_the_code_leads_to_the_page(kind: str, paper: str, names: str, tmp_path: Path) -> None:
    address = ADDRESS if names == "usual" else f"organisations/{'a-' * 40}/{'b-' * 40}/code-of-conduct/"
    body = "Be kind." if kind == "whole" else CODE * 40
    image = picture(file_of(poster(Wording(body, paper=paper), address=address), tmp_path))
    assert read_by_a_phone(image) == [f"https://ismpe.example/{address}"]


def test_the_code_is_read_though_a_part_of_it_is_covered_and_turned(tmp_path: Path) -> None:
    image = picture(file_of(poster(Wording(CODE * 40)), tmp_path))
    with Image.open(image) as whole:
        marked = whole.convert("L")
        width, height = marked.size
        # A drawing pin, 6 mm wide, in the middle of the code.
        left, top = int(width * 0.79), int(height * 0.82)
        marked.paste(128, (left, top, left + 24, top + 24))
        marked.rotate(17, expand=True, fillcolor=255).save(tmp_path / "marked.png")
    assert read_by_a_phone(tmp_path / "marked.png") == [f"https://ismpe.example/{ADDRESS}"]


def test_the_code_is_one_path_with_words_for_those_who_do_not_see_it() -> None:
    tree = html.fromstring(poster(Wording(CODE)).html)
    (svg,) = tree.xpath("//svg")
    assert [child.tag for child in svg] == ["title", "path"]
    assert svg.xpath("./title/text()") == [f"QR code that leads to https://ismpe.example/{ADDRESS}"]
    size = int(svg.get("viewbox").split()[2])
    made = qr.code(f"https://ismpe.example/{ADDRESS}")
    assert (made.size, made.path) == (size, svg.xpath("./path/@d")[0])
    # Nothing dark in the four modules at the edges.
    corners = [tuple(map(int, found)) for found in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", made.path)]
    assert len(corners) == made.path.count("M")
    assert min(x for x, _, _ in corners) == min(y for _, y, _ in corners) == 4
    assert max(x + width for x, _, width in corners) == size - 4


def test_an_address_no_code_can_hold_is_named() -> None:
    with pytest.raises(qr.AddressError, match=r"^https://x\.example/aaa.*… is too long for a QR code"):
        qr.code("https://x.example/" + "a" * 3000)


# -- those of the site --------------------------------------------------------------------------------------


def test_every_document_in_force_has_both_and_its_page_leads_to_them(site: BuiltSite) -> None:
    pages = sorted(site.public.glob("organisations/*/*/*/index.html"))
    assert len(pages) == 21
    for page in pages:
        links = re.findall(r'href="([^"/]*-poster-a[34]\.pdf)"', page.read_text(encoding="utf-8"))
        assert [link[-6:-4] for link in links] == ["a4", "a3"]
        assert all((page.parent / link).is_file() for link in links)
    assert len(site_posters()) == 42
    earlier = [path.read_text(encoding="utf-8") for path in site.public.glob("organisations/*/*/*/*/index.html")]
    assert len(earlier) > 3
    assert not [text for text in earlier if "-poster-" in text]


def test_every_poster_passes_the_validator_and_our_own_checks(site: BuiltSite) -> None:
    files = [site.public / path for path in site_posters()]
    assert [verdict for verdict in page_validation(files, ("3a", "ua1")) if verdict["compliant"] is not True] == []
    assert {file.name: own_checks(file) for file in files if own_checks(file)} == {}


# The colour of the mark, #eef2f6, as a fill.
MARK = re.compile(rb"0?\.93\d* 0?\.94\d* 0?\.96\d* (rg|scn?)\b")


def drawn(file: Path) -> bytes:
    """What is drawn on the one page, in forms as well."""
    with pikepdf.open(file) as pdf:
        (page,) = pdf.pages
        forms = [item.read_bytes() for item in pdf.objects if isinstance(item, pikepdf.Stream) and "/BBox" in item]
        return page.Contents.read_bytes() + b"".join(forms)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_poster_of_a_specimen_says_so_in_words_and_with_a_mark(site: BuiltSite, paper: str) -> None:
    file = site.public / next(path for path in sorted(site_posters()) if path.endswith(f"{paper}.pdf"))
    assert "Specimen: the organisation is invented" in pdf_text(file)
    assert MARK.search(drawn(file))
    with pikepdf.open(file) as pdf:
        assert tuple(round(float(side) / MM) for side in pdf.pages[0].mediabox)[2:] == PAPERS[paper]


def test_a_poster_of_a_real_organisation_has_no_mark(tmp_path: Path) -> None:
    document = poster(Wording(CODE, specimen=False))
    assert "specimen" not in document.html.lower()
    assert MARK.search(drawn(file_of(document, tmp_path))) is None


def test_a_poster_carries_its_text_and_changes_with_nothing_else(site: BuiltSite) -> None:
    path = min(site_posters())
    assert list(pdf_attachments(site.public / path)) == ["document.json"]
    view = site_posters()[path].inputs.view
    assert set(view) == {"document", "owner", "paper", "address"}

"""The words of published files, whatever they are wrapped in: markup, escapes, line breaks, PDF, attachments."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path

import pikepdf
from lxml import html as lxml_html

# Points in a millimetre.
MM = 72 / 25.4


def letters(text: str) -> str:
    """Only letters and digits: lines may break anywhere, hyphens and marks come and go."""
    return "".join(character for character in text.casefold() if character.isalnum())


def pdf_text(file: Path) -> str:
    """The document's text in reading order, as another program extracts it, white space folded."""
    run = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, timeout=60, check=True)
    return " ".join(run.stdout.split())


def pdf_attachments(file: Path) -> dict[str, bytes]:
    """Name → the file attached under it."""
    with pikepdf.open(file) as document:
        return {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}


def published_letters(file: Path) -> str:
    """The letters of all that a published file says: shown, in attributes, escaped, in metadata and attached."""
    if file.suffix == ".pdf":
        with pikepdf.open(file) as document:
            information = " ".join(str(value) for value in document.docinfo.values())
        attached = [_unwrapped(data.decode("utf-8")) for data in pdf_attachments(file).values()]
        return " ".join([letters(pdf_text(file)), letters(information), *attached])
    return _unwrapped(file.read_text(encoding="utf-8"))


def _unwrapped(text: str) -> str:
    """As it stands and without tags; the escapes of JSON and of HTML resolved in both."""
    text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text.replace("\\n", " "))
    return f"{letters(html.unescape(re.sub(r'<[^>]*>', '', text)))} {letters(html.unescape(text))}"


def pdf_lines(file: Path) -> list[tuple[list[float], str]]:
    """Each line of a PDF of one page with its box in millimetres: left, top, right, bottom."""
    run = subprocess.run(
        ["pdftotext", "-bbox-layout", str(file), "-"], capture_output=True, text=True, timeout=60, check=True
    )
    tree = lxml_html.fromstring(run.stdout)
    assert len(tree.xpath("//page")) == 1
    lines = []
    for line in tree.xpath("//line"):
        box = [float(line.get(side)) / MM for side in ("xmin", "ymin", "xmax", "ymax")]
        lines.append((box, " ".join(word.text for word in line.xpath("./word"))))
    return lines

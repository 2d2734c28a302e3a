"""Files that do harm: pictures, drawings, odd files among the content; and what a build opens, starts and calls."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import pytest

from ismpe_site.artefact import Picture
from ismpe_site.config.files import LARGEST, MAX_DRAWING, drawing_problems
from ismpe_site.config.load import load_config
from ismpe_site.printing.painter import PaintError, paint
from ismpe_site.problems import ContentError
from tests.conftest import ROOT
from tests.minimal_site import loaded, minimal_site

SVG = 'xmlns="http://www.w3.org/2000/svg"'


def png(width: int, height: int) -> bytes:
    """A small file of a picture as large as one likes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width // 8 + 2) * min(height, 4000)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PICTURES = {
    "huge.png": png(12_000, 12_000),
    "photo.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "animation.webp": b"RIFF\0\0\0\0WEBPVP8 ",
    "print.tiff": b"II*\0",
    "postscript.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (r) file\n",
    "drawing.svg": f"<svg {SVG}><script>alert(1)</script></svg>".encode(),
    "page.html": b"<script>alert(1)</script>",
    "program.py": b"import os",
    "archive.zip": b"PK\x03\x04",
    "organisation.yaml.exe": b"MZ",
}
PLACES = ("assessments/brook-trust", "assessments/brook-trust/starters", "people", "pages", "standards/2020",
          "assessments/brook-trust/starters/purpose", "assessments")  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_picture_is_taken_from_the_content(place: str, tmp_path: Path) -> None:
    """Each is told where it lies, and what belongs there; none is opened."""
    content = minimal_site(tmp_path / "site")
    for name, data in PICTURES.items():
        (content / place / name).write_bytes(data)
    outcome, words = loaded(content)
    assert outcome.catalogue is None
    for name in PICTURES:
        assert f'content/{place}/{name}:1:1: error C102: "{name}" has no place here' in words


def test_a_picture_in_place_of_a_text_is_no_text(tmp_path: Path) -> None:
    content = minimal_site(tmp_path / "site")
    (content / "people/ada-sample.yaml").write_bytes(PICTURES["huge.png"])
    (content / "pages/about/2022-01-01.md").write_bytes(PICTURES["photo.jpg"])
    _, words = loaded(content)
    assert words.count("error C101: not UTF-8 text") == 2


@pytest.mark.parametrize("kind", ["fifo", "device"])
def test_what_is_no_ordinary_file_is_not_waited_for(kind: str, tmp_path: Path) -> None:
    content = minimal_site(tmp_path / "site")
    file = content / "people/ada-sample.yaml"
    file.unlink()
    if kind == "fifo":
        os.mkfifo(file)
        expected = "error C101: this is no ordinary file"
    else:
        file.symlink_to("/dev/zero")
        expected = "error C103: symbolic links are not followed"
    assert expected in loaded(content)[1]


# -- logo and icon -------------------------------------------------------------------------------------------------

GOOD = f'<svg {SVG} viewBox="0 0 9 9"><path fill="#123456" d="M0 0h9v9z"/></svg>'
BAD = {
    "a picture by another name": PICTURES["huge.png"],
    "PostScript": PICTURES["postscript.eps"],
    "a page": b"<html><script>alert(1)</script></html>",
    "a script": GOOD.replace("<path", "<script>alert(1)</script><path").encode(),
    "a script of another prefix": (
        GOOD.replace("<path", '<s:script xmlns:s="http://www.w3.org/2000/svg">x</s:script><path').encode()
    ),
    "a handler": GOOD.replace("<path", '<path onload="alert(1)"').encode(),
    "a handler in capitals": GOOD.replace("<path", '<path ONCLICK="alert(1)"').encode(),
    "a link": GOOD.replace("<path", '<a href="javascript:alert(1)"/><path').encode(),
    "a link of old": (
        GOOD.replace("<path", '<g xmlns:x="http://www.w3.org/1999/xlink" x:href="javascript:alert(1)"/><path').encode()
    ),
    "an animation": GOOD.replace("<path", '<set attributeName="href" to="javascript:alert(1)"/><path').encode(),
    "a page in it": GOOD.replace("<path", "<foreignObject><p>x</p></foreignObject><path").encode(),
    "a picture in it": GOOD.replace("<path", '<image href="data:image/png;base64,AA=="/><path').encode(),
    "itself again and again": GOOD.replace("<path", '<g id="a"><use href="#a"/></g><path').encode(),
    "entities": (
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + GOOD.replace("M0", "&b;")
    ).encode(),
    "a file of this machine": ('<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + GOOD).encode(),
    "a style sheet": ('<?xml-stylesheet href="https://evil.example/x.css"?>' + GOOD).encode(),
    "a style from elsewhere": GOOD.replace("<path", "<style>@import 'https://evil.example/x'</style><path").encode(),
    "an address in a style": GOOD.replace("<path", '<path style="fill: url(https://evil.example/x)"').encode(),
    "an address that is spelt": GOOD.replace("<path", '<path style="fill: u\\72l(//evil.example/x)"').encode(),
    "a number without end": GOOD.replace("h9", "h199999999999999999999").encode(),
    "a number by its power": GOOD.replace("h9", "h1e300").encode(),
    "a number in a style": GOOD.replace("<path", "<style>*{stroke-width:9999999}</style><path").encode(),
    "nothing": b"",
    "deep nesting": (GOOD[: GOOD.index("<path")] + "<g>" * 60 + "</g>" * 60 + "</svg>").encode(),
    "too much": GOOD.replace("M0 0", "M0 0" + "h1" * MAX_DRAWING).encode(),
    "half of a letter": GOOD.encode() + b"\xff",
    "an end too early": GOOD.encode()[:-8],
}


def judged(folder: Path, data: bytes) -> list[str]:
    (folder / "logo.svg").write_bytes(data)
    return [
        problem.message for problem in drawing_problems(folder / "site.toml", 'logo = "logo.svg"', "logo", "logo.svg")
    ]


@pytest.mark.parametrize("name", BAD)
def test_a_harmful_logo_is_refused(name: str, tmp_path: Path) -> None:
    (message,) = judged(tmp_path, BAD[name])
    assert message.startswith("logo.svg ")


def test_a_harmless_logo_is_taken(tmp_path: Path) -> None:
    assert judged(tmp_path, GOOD.encode()) == []
    assert judged(tmp_path, GOOD.replace("<path", f'<path id="Layer_99999999" stroke-width="{LARGEST}"').encode()) == []


@pytest.mark.parametrize(
    "name", ["logo.png", "../logo.svg", "/etc/logo.svg", "a/../logo.svg", "logo.svg.html", "https://a/x.svg"]
)
def test_a_logo_is_an_svg_beside_the_settings(name: str, tmp_path: Path) -> None:
    settings = (ROOT / "site.toml").read_text("utf-8").replace("[publisher]", f'logo = "{name}"\n\n[publisher]')
    (tmp_path / "site.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        load_config(tmp_path / "site.toml")
    assert any("the path of an SVG file beside site.toml" in problem.message for problem in raised.value.problems)


def test_a_drawing_on_which_the_painter_gives_up_is_said() -> None:
    """Its panic is no Exception; a worker that it ends altogether is replaced (``test_executors``)."""
    program = """
import sys
from ismpe_site.artefact import Picture
from ismpe_site.config.load import load_config
from ismpe_site.printing.painter import PaintError, paint
try:
    paint(Picture(sys.argv[1], 64))
except PaintError as error:
    print("said:", error)
"""
    path = "M22 5.5a11 11 0 0 1 0 17a11 11 0 0 199999999999999999999 0-17z"
    drawing = f'<svg {SVG} viewBox="0 0 44 28" width="44" height="28"><path d="{path}"/></svg>'
    run = subprocess.run(
        [sys.executable, "-c", program, drawing], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert "said: a picture cannot be painted" in run.stdout or run.returncode == -6
    with pytest.raises(PaintError, match="may not fetch"):
        paint(Picture(GOOD.replace("<path", '<image href="file:///etc/hostname"/><path'), 64))


# -- what a build does ---------------------------------------------------------------------------------------------

WATCHED_BUILD = """
import json, os, sys
seen = {"open": set(), "started": [], "called": []}
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        seen["open"].add(os.path.realpath(os.fsdecode(arguments[0])))
    elif event == "subprocess.Popen":
        seen["started"].append([os.fsdecode(part) for part in arguments[1]])
    elif event in ("os.system", "os.exec", "os.posix_spawn", "os.spawn"):
        seen["started"].append([event])
    elif event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request"):
        seen["called"].append(event)
sys.addaudithook(watch)
from datetime import date
from pathlib import Path
from ismpe_site import pipeline
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.late import Workers
from ismpe_site.making import Options
from ismpe_site.project import Project
root = Path(sys.argv[1])
pipeline.build(Project.at(root), root / "output", Options(date(2025, 12, 1)), Workers(InProcess(), InProcess()))
print(json.dumps({**seen, "open": sorted(seen["open"])}))
"""


# With which the engine's library for C finds those of the system, by names that it holds itself, once a process.
LOADER = {"ldconfig", "gcc", "cc", "ld", "objdump"}


def test_a_build_reads_its_own_folders_starts_one_program_and_calls_nobody(tmp_path: Path) -> None:
    """With all its documents and pictures, in one process, watched from its first import on."""
    root = tmp_path / "site"
    minimal_site(root)
    shutil.copytree(ROOT / "themes", root / "themes")
    shutil.copy(ROOT / "site.toml", root / "site.toml")
    run = subprocess.run(
        [sys.executable, "-c", WATCHED_BUILD, str(root)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout.splitlines()[-1])
    assert seen["called"] == []
    started = [command for command in seen["started"] if Path(command[0]).name not in LOADER]
    assert [command[1:] for command in started] == [["--service"]]
    assert Path(started[0][0]).is_relative_to(sys.prefix)
    ours = (root, ROOT / "ismpe_site", Path(sys.prefix), Path(sys.base_prefix), Path("/usr/lib"), Path("/usr/share"))
    allowed = [folder.resolve() for folder in ours]
    strange = [
        name
        for name in seen["open"]
        if not any(Path(name).is_relative_to(folder) for folder in allowed)
        and not name.startswith(
            (tempfile.gettempdir(), "/dev/null", "/proc/self/", "/etc/mime.types", "/etc/localtime")
        )
    ]
    assert strange == []
    assert any(name.endswith("organisation.yaml") for name in seen["open"])

"""The real content, the real site built once for all tests that look at it, and a browser to look with."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ismpe_site.issuing.desk import issue
from ismpe_site.model import Catalogue
from tests.issued_site import FIRST, desk, file_of, issuing_project
from tests.quality.browser import chromium, serve
from tests.whole import load

ROOT = Path(__file__).parents[1]

# Where the tests are started in the background, Ctrl-C is ignored, also in all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
AS_OF = date(2026, 11, 22)


@dataclass(frozen=True)
class BuiltSite:
    """The folder a web host would serve, and what the command said."""

    public: Path
    words: str
    seconds: float

    def read(self, path: str) -> str:
        return (self.public / path).read_text(encoding="utf-8")

    def pages(self) -> list[Path]:
        return sorted(self.public.rglob("*.html"))

    def pdfs(self) -> list[Path]:
        return sorted(self.public.rglob("*.pdf"))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The project's own content, built by the command as a user would run it."""
    output = tmp_path_factory.mktemp("site") / "output"
    begun = time.monotonic()
    run = ismpe("build", "--output", str(output), "--as-of", AS_OF.isoformat())
    assert run.returncode == 0, run.stderr
    return BuiltSite(output / "public", run.stderr, time.monotonic() - begun)


@pytest.fixture(scope="module")
def address(site: BuiltSite) -> Iterator[str]:
    """Where the project's own site is served, under the headers it ships."""
    with serve(site.public) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def issued_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project that has issued one certificate, ``FIRST``; not to be changed."""
    root = issuing_project(tmp_path_factory.mktemp("issued") / "site")
    assert issue(desk(root), [file_of(root)]) == (FIRST,)
    return root


@pytest.fixture
def issued(issued_once: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-a", issued_once, copy], check=True)
    return copy


@pytest.fixture(scope="session")
def made_up_certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages of certificates in every state, and their files."""
    from tests.specimen_certificates import scheme, write_site

    folder = tmp_path_factory.mktemp("certificates")
    list(write_site(folder, scheme()))
    return folder


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The project's own content."""
    found = load(ROOT / "content").catalogue
    assert found is not None
    return found


def ismpe(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a program of its own."""
    import os

    return subprocess.run(
        [sys.executable, "-m", "ismpe_site", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

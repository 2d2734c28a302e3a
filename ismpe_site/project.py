"""A folder with ``site.toml``, ``content/`` and ``themes/``, and the program that builds it."""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
import zlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from ismpe_site.build.executors import Limits
from ismpe_site.config import Config, load_config
from ismpe_site.look import Look
from ismpe_site.publications import Contact, Site
from ismpe_site.theme import Theme
from ismpe_site.theme_folder import load_theme

# Whatever has a hand in the bytes of a file, with all that it needs itself.
RENDERING_LIBRARIES = (
    "babel",
    "brotli",
    "cffi",
    "cssselect2",
    "fonttools",
    "jinja2",
    "markdown-it-py",
    "markupsafe",
    "mdurl",
    "pagefind",
    "pagefind-bin",
    "pillow",
    "pycparser",
    "pydyf",
    "pyphen",
    "python-bidi",
    "resvg-py",
    "segno",
    "tinycss2",
    "tinyhtml5",
    "uharfbuzz",
    "weasyprint",
    "webencodings",
    "zopfli",
)

# Whatever decides what is read.
READING_LIBRARIES = ("pydantic", "pydantic-core", "pyyaml")


@dataclass(frozen=True)
class Project:
    """A folder that holds ``site.toml``, ``content/`` and ``themes/``."""

    root: Path
    config: Config

    @classmethod
    def at(cls, root: Path) -> Project:
        """Raises ContentError where ``site.toml`` is missing or wrong."""
        return cls(root, load_config(root / "site.toml"))

    @property
    def content(self) -> Path:
        """The folder of the standards, people, assessments and pages."""
        return self.root / "content"

    @property
    def theme_folder(self) -> Path:
        """The folder of the theme."""
        return self.root / "themes" / self.config.theme

    def theme(self) -> Theme:
        """The theme in the site's look. Raises ThemeError where there is none, or where the look does not suit it."""
        drawings = (None if name is None else (self.root / name).read_bytes() for name in self._drawings())
        return load_theme(self.theme_folder, Look(self.config.colours.root, *drawings))

    def _drawings(self) -> tuple[str | None, ...]:
        """The site's own files, in the order of ``Look``."""
        return (self.config.logo, self.config.logo_dark, self.config.icon)

    def own_files(self) -> tuple[Path, ...]:
        """Everything a build is made from."""
        drawings = (self.root / name for name in self._drawings() if name)
        return (self.root / "site.toml", self.content, self.theme_folder, *drawings)

    def limits(self) -> Limits:
        """What one printed document may take."""
        printing = self.config.printing
        return Limits(printing.seconds_per_document, printing.megabytes_per_document)

    def site(self) -> Site:
        """The frame of the pages."""
        config = self.config
        return Site(
            title=config.title,
            short_title=config.short_title,
            tagline=config.tagline,
            base_url=config.base_url,
            language=config.language,
            publisher=config.publisher.name,
            contact=Contact(config.contact.email or "", config.contact.telephone or "", config.contact.address),
            specimens=config.publish_specimens,
        )


@lru_cache(maxsize=1)
def tool_digest() -> str:
    """The program, and all that has a hand in what it reads and makes: another version of any may give other bytes."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update(f"python {sys.version}\0zlib {zlib.ZLIB_RUNTIME_VERSION}\0".encode())
    for library in (*RENDERING_LIBRARIES, *READING_LIBRARIES):
        digest.update(f"{library} {version(library)}\0".encode())
    for name, function in (("libpango-1.0.so.0", "pango_version"), ("libharfbuzz.so.0", "hb_version_string")):
        digest.update(f"{name} {_shared_library_version(name, function)}\0".encode())
    return digest.hexdigest()


def _shared_library_version(name: str, function: str) -> str:
    """The version a shared library gives of itself; empty where it is not there."""
    try:
        call = getattr(ctypes.CDLL(name), function)
    except (OSError, AttributeError):
        return ""
    if function.endswith("_string"):
        call.restype = ctypes.c_char_p
    return str(call())


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

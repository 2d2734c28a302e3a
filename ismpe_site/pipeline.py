"""load → score → plan → render → publish: the only file that knows the order."""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from ismpe_site.artefact import Artefact, PrintDocument
from ismpe_site.build.incremental import Incremental, Stale
from ismpe_site.build.output import publish
from ismpe_site.build.store import Store
from ismpe_site.config import Config, load_config
from ismpe_site.content.load import Loaded, load, load_assessment
from ismpe_site.model import Assessment
from ismpe_site.problems import ContentError, Problem, did_you_mean
from ismpe_site.publications import Site, plan
from ismpe_site.results import Score
from ismpe_site.scoring.register import register
from ismpe_site.scoring.score import score
from ismpe_site.theme import Theme, load_theme

Progress = Callable[[str, int, int], None]

RENDERING_LIBRARIES = (
    "babel",
    "fonttools",
    "jinja2",
    "markdown-it-py",
    "markupsafe",
    "pydyf",
    "tinycss2",
    "uharfbuzz",
    "weasyprint",
)


@dataclass(frozen=True)
class Project:
    """A folder that holds ``site.toml``, ``content/`` and ``themes/``."""

    root: Path
    config: Config

    @classmethod
    def at(cls, root: Path) -> Project:
        """Raises ContentError where ``site.toml`` is missing or wrong."""
        return cls(root, load_config(root / "site.toml"))

    def load(self) -> Loaded:
        """The content and its problems."""
        return load(self.root / "content")

    def theme(self) -> Theme:
        """Raises ThemeError where there is none."""
        return load_theme(self.root / "themes" / self.config.theme)

    def site(self, as_of: date, *, bleed: bool = False) -> Site:
        """The frame of the pages, as on a day."""
        config = self.config
        return Site(
            title=config.title,
            short_title=config.short_title,
            tagline=config.tagline,
            base_url=config.base_url,
            language=config.language,
            publisher=config.publisher.name,
            as_of=as_of,
            specimens=config.publish_specimens,
            bleed=bleed,
        )


@dataclass(frozen=True)
class Built:
    """What a build did."""

    files: int
    documents: int
    rendered: tuple[Stale, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class Planned:
    """What a build would make, and every problem found on the way; nothing is planned where one is an error."""

    artefacts: tuple[Artefact, ...]
    problems: tuple[Problem, ...]


def planned(project: Project, theme: Theme, as_of: date, *, bleed: bool = False) -> Planned:
    """Load, score and plan; raises CollisionError."""
    loaded = project.load()
    if loaded.catalogue is None:
        return Planned((), loaded.problems)
    artefacts = plan(loaded.catalogue, register(loaded.catalogue, as_of), project.site(as_of, bleed=bleed), theme)
    # Without the specimens their pages are gone, and their texts are not built.
    dead = _dead_links(loaded, artefacts) if project.config.publish_specimens else ()
    problems = sorted([*loaded.problems, *dead])
    return Planned(artefacts, tuple(problems))


def _dead_links(loaded: Loaded, artefacts: tuple[Artefact, ...]) -> Iterator[Problem]:
    """Links of the content that lead to no page of the site (places on a page are checked on the built pages)."""
    known = {"/" + artefact.path.removesuffix("index.html") for artefact in artefacts}
    for place, link in loaded.links:
        target = link.partition("#")[0].partition("?")[0]
        if target.removesuffix("index.html") not in known:
            near = did_you_mean(target, known) or did_you_mean(f"{target}/", known)
            yield Problem(place, "L501", f"the link to {link} leads nowhere", f"{near}write it from the site's root")


def build(
    project: Project,
    output: Path,
    as_of: date,
    *,
    jobs: int = 1,
    html_only: bool = False,
    strict: bool = False,
    bleed: bool = False,
    progress: Progress | None = None,
) -> Built:
    """Build the whole public site into ``output/public``.

    Raises ContentError, ThemeError, RenderError, LinkError or OutputError; the old site stays in each case.
    """
    theme = project.theme()
    outcome = planned(project, theme, as_of, bleed=bleed)
    if any(problem.severity == "error" or strict for problem in outcome.problems):
        raise ContentError(outcome.problems)
    artefacts = outcome.artefacts
    wanted = tuple(artefact for artefact in artefacts if not (html_only and artefact.printed))
    left_out = frozenset(artefact.path for artefact in artefacts if html_only and artefact.printed)
    incremental = Incremental(wanted, theme, Store(output / ".store"), tool_digest())
    made = publish(
        _counted(incremental.files(_press, jobs), len(wanted), progress),
        output,
        left_out,
        urlsplit(project.config.base_url).path,
        lambda: incremental.remember(left_out),
    )
    documents = sum(artefact.printed for artefact in wanted)
    return Built(made, documents, tuple(incremental.stale), outcome.problems)


def differences(
    project: Project, output: Path, as_of: date, *, jobs: int = 1, html_only: bool = False, bleed: bool = False
) -> list[str]:
    """Build once more beside, from nothing; the paths of ``output/public`` that a clean build gives otherwise."""
    with tempfile.TemporaryDirectory(prefix="ismpe-verify-") as folder:
        clean = Path(folder) / "output"
        build(project, clean, as_of, jobs=jobs, html_only=html_only, bleed=bleed)
        ours, theirs = _digests(output / "public"), _digests(clean / "public")
    return sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path))


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _counted(files: Iterator[tuple[str, bytes]], total: int, progress: Progress | None) -> Iterator[tuple[str, bytes]]:
    for done, (path, data) in enumerate(files, 1):
        if progress:
            progress(path, done, total)
        yield path, data


def tool_digest() -> str:
    """The program and everything it renders with: another version of any of it may give other bytes."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    for library in RENDERING_LIBRARIES:
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


def _press(document: PrintDocument, theme: Theme) -> bytes:
    """The printing room, brought in only where something is printed: its engine takes a second to load."""
    with _no_system_fonts(), warnings.catch_warnings():
        # That there is no system font is what we want.
        warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
        from ismpe_site.printing.press import press

        return press(document, theme)


@contextmanager
def _no_system_fonts() -> Iterator[None]:
    """Only while something is printed: any other program started from here wants its fonts."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).parent / "printing/no-system-fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@dataclass(frozen=True)
class FileScore:
    """One assessment file with its score."""

    key: str
    assessment: Assessment
    score: Score


def score_files(project: Project, files: list[Path], edition: str | None = None) -> list[FileScore]:
    """Score assessment files, by the rules of ``edition`` where given. Raises ContentError with all their problems."""
    scores, problems = [], []
    for file in files:
        try:
            key, assessment, rules = load_assessment(project.root / "content", file, edition)
            scores.append(FileScore(key, assessment, score(rules, assessment)))
        except ContentError as error:
            problems += error.problems
    if problems:
        raise ContentError(problems)
    return scores


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

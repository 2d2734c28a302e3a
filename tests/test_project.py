"""What the program's digest covers: another version of anything that renders makes every file again."""

from importlib.metadata import requires

from packaging.requirements import Requirement

from ismpe_site.project import RENDERING_LIBRARIES, tool_digest

RENDERS = (
    "babel",
    "jinja2",
    "markdown-it-py",
    "pagefind",
    "pagefind-bin",
    "python-bidi",
    "resvg-py",
    "segno",
    "uharfbuzz",
    "weasyprint",
)


def needed_by(*names: str) -> set[str]:
    """Libraries and all they need, with the extras they ask for."""
    found: set[str] = set()
    waiting = [(name, "") for name in names]
    while waiting:
        name, extra = waiting.pop()
        found.add(name.lower())
        for line in requires(name) or []:
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                waiting += [(wanted.name, wish) for wish in ("", *wanted.extras) if wanted.name.lower() not in found]
    return found


def test_every_library_that_renders_is_part_of_the_digest() -> None:
    assert needed_by(*RENDERS) - {"setuptools"} == set(RENDERING_LIBRARIES)


def test_the_digest_is_one_of_this_program() -> None:
    assert len(tool_digest()) == 64

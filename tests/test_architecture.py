"""The rule of docs/architecture.md, kept from the syntax tree.

A room imports the ground and its own files, never another room; only the roof imports rooms; each outside library
has one home; below the roof there is no clock, environment, randomness or working directory.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ismpe_site"
FILES = sorted(PACKAGE.rglob("*.py"))
GROUND = {
    "language",
    "model",
    "results",
    "problems",
    "fingerprint",
    "exact_json",
    "artefact",
    "findable",
    "ledger",
    "issuer",
    "theme",
    "theme_folder",
    "look",
    "anchors",
}
ROOMS = {"config", "scoring", "content", "publications", "printing", "search", "trust", "proof", "build"}
ROOF = {
    "pipeline",
    "making",
    "dead_links",
    "like_names",
    "leaks",
    "proving",
    "private_proof",
    "private_commands",
    "handing",
    "secret_addresses",
    "workshop",
    "late",
    "searching",
    "trusting",
    "issuing",
    "issue_commands",
    "verifying",
    "project",
    "serve",
    "terminal",
    "working",
    "cli",
    "__main__",
    "__init__",
}

# Where each outside library may be imported. pydantic is the language the model is written in.
HOMES = {
    "resvg_py": {"printing/painter.py"},
    "jinja2": {"theme.py"},
    "babel": {"language.py"},
    "yaml": {"content/yaml_text.py", "content/yaml_tree.py", "content/yaml_words.py"},
    "confusable_homoglyphs": {"content/likeness.py"},
    "markdown_it": {"publications/markup.py"},
    "uharfbuzz": {"publications/lettering.py", "theme.py"},
    "bidi": {"publications/lettering.py"},
    "segno": {"publications/qr.py"},
    "weasyprint": {"printing/press.py", "printing/conformance.py", "printing/accelerator/*"},
    "pydyf": {"printing/conformance.py", "printing/seal_field.py", "printing/accelerator/*"},
    "cssselect2": {"printing/accelerator/*"},
    "pagefind_bin": {"search/indexer.py"},
    "ahocorasick_rs": {"proof/canaries.py"},
    "pikepdf": {"proof/pdf.py"},
    "pypdfium2": {"proof/pdf.py"},
    "livereload": {"serve.py"},
    "tornado": {"serve.py"},
    "pebble": {"build/executors/processes.py"},
    "distributed": {"build/executors/dask_cluster.py"},
    "fsspec": {"build/shared_objects.py"},
    "cryptography": {"trust/keys.py", "trust/key_making.py"},
    "pyhanko": {"trust/seal_writer.py", "trust/seal_reader.py", "trust/carried_files.py"},
    "pyhanko_certvalidator": {"trust/seal_writer.py", "trust/seal_reader.py"},
    "asn1crypto": {"trust/seal_writer.py", "trust/seal_reader.py"},
    "openbadgeslib": {"trust/credential.py"},
    "typer": {"cli.py", "issue_commands.py", "terminal.py", "private_commands.py"},
    "rich": {"terminal.py"},
    "markupsafe": {"theme.py", "publications/markup.py"},
    "pydantic": {
        "config/load.py",
        "config/settings.py",
        "fingerprint.py",
        "proof/*",
        "content/schema.py",
        "publications/site.py",
        "publications/outline.py",
        "ledger.py",
        "model/*",
    },
    "pydantic_core": {"config/load.py", "content/schema.py", "model/*"},
}

# What gives another answer tomorrow, elsewhere or to somebody else.
IMPURE = {
    "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today",
    "time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.localtime",
    "os.environ", "os.getenv", "os.getcwd", "os.urandom", "os.getlogin", "os.cpu_count",
    "pathlib.Path.cwd", "pathlib.Path.home",
}  # fmt: skip
IMPURE_MODULES = {"random", "secrets", "uuid", "locale", "getpass", "socket", "platform"}

# Longer than the rest, each for a reason.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS = {
    "scoring/score.py:_shortest_way": "one greedy search; its small helpers share all their state",
}


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def part(path: Path) -> str:
    """The top-level part of the house a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)} has a relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_parts(path: Path) -> set[str]:
    return {module.split(".")[1] for module in imports(path) if module.startswith("ismpe_site.")} - {"__version__"}


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_every_part_of_the_house_is_ground_room_or_roof() -> None:
    assert {part(path) for path in FILES} == GROUND | ROOMS | ROOF


@pytest.mark.parametrize("path", FILES, ids=name)
def test_ground_and_rooms_import_only_what_they_may(path: Path) -> None:
    me = part(path)
    if me in ROOF:
        return
    allowed = GROUND | ({me} if me in ROOMS else set())
    assert own_parts(path) <= allowed, f"{name(path)} imports {own_parts(path) - allowed}"


def test_each_outside_library_has_its_home() -> None:
    """Whatever is not Python's own or ours is in the list, and imported only where the list says."""
    strangers = []
    for path in FILES:
        outside = {module.split(".")[0] for module in imports(path)} - set(sys.stdlib_module_names) - {"ismpe_site"}
        for module in sorted(outside):
            homes = HOMES.get(module, set())
            if name(path) not in homes and f"{name(path.parent)}/*" not in homes:
                strangers.append(f"{name(path)} imports {module}")
    assert strangers == []


def test_every_home_is_lived_in() -> None:
    for module, homes in HOMES.items():
        for home in homes:
            files = [path for path in FILES if name(path) == home or home == f"{name(path.parent)}/*"]
            assert any(module in {i.split(".")[0] for i in imports(path)} for path in files), f"{home}: no {module}"


def impure(tree: ast.Module) -> list[str]:
    """Uses of anything impure, under whatever name it was imported."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {(alias.asname or alias.name): alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {(alias.asname or alias.name): f"{node.module}.{alias.name}" for alias in node.names}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            first, _, rest = dotted(node).partition(".")
            full = f"{names.get(first, first)}.{rest}".rstrip(".")
            if full in IMPURE or any(full.startswith(f"{module}.") for module in IMPURE_MODULES):
                found.append(full)
    return found


@pytest.mark.parametrize("path", [path for path in FILES if part(path) not in ROOF], ids=name)
def test_no_clock_environment_or_randomness_below_the_roof(path: Path) -> None:
    assert impure(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "from time import time\ntime()",
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime as d\nd.now()",
        "from datetime import date\ndate.today()",
        "from os import environ\nenviron['x']",
        "import os\nos.urandom(3)",
        "import os as system\nsystem.getcwd()",
        "from random import choice\nchoice([1])",
        "from pathlib import Path\nPath.home()",
    ],
)
def test_what_is_impure_is_seen_under_any_name(code: str) -> None:
    assert impure(ast.parse(code))


def test_no_float_in_scoring() -> None:
    for path in [PACKAGE / "results.py", *(PACKAGE / "scoring").glob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        floats = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
        floats += [n for n in ast.walk(tree) if isinstance(n, ast.Call) and dotted(n.func) in ("float", "round")]
        assert floats == [], f"{name(path)} computes with floats"


def test_no_import_circle() -> None:
    graph = {name(path): imported_files(path) for path in FILES}
    done: set[str] = set()

    def visit(file: str, trail: tuple[str, ...]) -> None:
        assert file not in trail, f"import circle: {' → '.join((*trail, file))}"
        if file not in done:
            for other in graph[file]:
                visit(other, (*trail, file))
            done.add(file)

    for file in graph:
        visit(file, ())


def imported_files(path: Path) -> set[str]:
    """Our own modules that ``path`` imports, as files (a package's __init__ where it is imported itself)."""
    found = set()
    for module in imports(path):
        if not module.startswith("ismpe_site"):
            continue
        base = PACKAGE.joinpath(*module.split(".")[1:])
        for candidate in (base.with_suffix(".py"), base / "__init__.py"):
            if candidate.is_file() and candidate != path:
                found.add(name(candidate))
    # A package's own files import its siblings, not the package.
    return found - ({f"{part(path)}/__init__.py"} if path.parent != PACKAGE else set()) - {"__init__.py"}


def test_files_are_short() -> None:
    long = {name(path) for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > 300}
    assert long == set(LONG_FILES)


def test_functions_are_short() -> None:
    long = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 50:
                long.add(f"{name(path)}:{node.name}")
    assert long == set(LONG_FUNCTIONS)


def test_the_reading_room_of_public_pages_never_sees_a_private_field() -> None:
    """Templates name only fields of the public views; the private fields' names stand in none of them."""
    templates = sorted((PACKAGE.parent / "themes").rglob("templates/**/*.*"))
    assert templates
    for template in templates:
        text = template.read_text(encoding="utf-8")
        assert "private_note" not in text, template.name
        # The site's own is public.
        assert ".contact" not in text.replace("site.contact", ""), template.name


def test_no_address_of_a_registry_or_of_a_machine() -> None:
    root = PACKAGE.parent
    forbidden = (
        "pypi." + "org",
        "pythonhosted." + "org",
        "npmjs." + "org",
        "npmjs." + "com",
        "/wo" + "rk/",
        "/ro" + "ot/",
    )
    checked = 0
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if (
            not path.is_file()
            or parts[0] in (".git", ".venv", "output")
            or "node_modules" in parts
            or "__pycache__" in parts
        ):
            continue
        if path.suffix in (".ttf", ".woff2", ".png") or (
            parts[0].startswith(".") and parts[0] not in (".ci", ".gitignore")
        ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        checked += 1
        assert not [word for word in forbidden if word in text], path.relative_to(root)
    assert checked > 100

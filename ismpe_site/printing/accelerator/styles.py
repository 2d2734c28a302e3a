"""Lever ``styles``: documents of one set of style sheets share one tree of computed styles.

*Speeds up:* 50,000 values of a report are computed; the engine shares styles between equivalent elements of a
document, but neither those of pseudo-elements (three for each element, from its own style sheet), nor those of pages,
nor anything between documents. The best lever of all.
*Safe:* a style follows from its parent's style, the declarations that match, and the element's own ``style``,
``lang``, ``id`` and the like; that is the path through the tree. It does not follow from them alone in four cases,
and each of these is refused, which leaves the document to the engine's own styles:

- lengths relative to the page (``vw``): found when the first is read, so the document is begun again (``Refused``);
- ``overflow`` on html or body, which the engine moves to the page by changing their styles;
- notes (``position: note()``), whose calls get names written into their styles;
- a pseudo-element with an anchor, which the engine collects for each element.

The engine's other changes to styles do the same to each document: table cells lose margins, page counters are
completed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf
from types import SimpleNamespace
from typing import Any

from weasyprint import css
from weasyprint.css import computed_values
from weasyprint.layout import page

from ismpe_site.printing.accelerator.caches import Bounded
from ismpe_site.printing.accelerator.patches import Patch, patch

TREES_BOUND = 16
STYLES_BOUND = 5_000
COLOURS_BOUND = 4_096

# Attributes that find_style_attributes turns into declarations, besides ``id``.
ATTRIBUTES = ("style", "lang", "name", "width", "height")


class Refused(Exception):  # noqa: N818  # no error: the document is begun again
    """This document's style sheets need the engine's own styles; from now on they get them."""


@dataclass
class Node:
    """The styles of equivalent elements; below it, those of their children."""

    style: Any
    pseudo: dict[str, Any] = field(default_factory=dict)
    children: dict[Any, Node] = field(default_factory=dict)
    pages: dict[tuple[int, ...], dict[Any, Any]] = field(default_factory=dict)


class PageSizes(dict[str, Any]):
    """Where lengths relative to the page are read from: whoever asks is refused."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(box=None, area=None)
        self._tree = tree

    def __getitem__(self, name: str) -> Any:
        self._tree.refused = True
        raise Refused


class Tree:
    """All styles under one set of style sheets, which it keeps, so that their ids stay theirs."""

    def __init__(self, sheets: list[Any], font_config: Any) -> None:
        self.sheets, self.font_config = sheets, font_config
        self.initial = css.InitialStyle(font_config)
        self.sizes = PageSizes(self)
        self.roots: dict[Any, Node] = {}
        self.count = 0
        self.refused = False


_trees: Bounded[tuple[Any, ...], Tree] = Bounded(TREES_BOUND)


def patches() -> Iterator[Patch]:
    """For ``css.StyleFor``, the styles of pages, and the parsing of colours."""
    yield patch(css.StyleFor, "__init__", _init(css.StyleFor.__init__))
    yield patch(css.StyleFor, "__call__", _call(css.StyleFor.__call__))
    yield patch(page, "set_page_type_computed_styles", _pages(page.set_page_type_computed_styles))
    yield patch(computed_values, "parse_color", _parse_color(computed_values.parse_color))


def _init(plain: Callable[..., None]) -> Callable[..., None]:
    def init(
        self: Any, html: Any, sheets: Any, presentational_hints: bool, font_config: Any, target_collector: Any
    ) -> None:
        tree = _tree(html, sheets, font_config)
        if not presentational_hints and not tree.refused:
            shared = Sharing(tree, html, sheets)
            if shared.suitable():
                self._cascaded_styles, self._computed_styles = {}, shared.computed()
                self.initial_page_sizes, self._sheets, self.font_config = tree.sizes, sheets, font_config
                self.page_node = shared.root
                for style in shared.anchored:
                    target_collector.collect_anchor(style["anchor"])
                return
            tree.refused = True
        plain(self, html, sheets, presentational_hints, font_config, target_collector)

    return init


def _tree(html: Any, sheets: Iterable[Any], font_config: Any) -> Tree:
    objects = [sheet for sheet, _, _ in sheets]
    key = (*map(id, objects), font_config, html.base_url)
    tree = _trees.get(key)
    if tree is None or tree.count > STYLES_BOUND:
        refused = tree is not None and tree.refused
        tree = _trees[key] = Tree(objects, font_config)
        tree.refused = refused
    return tree


class Sharing:
    """The nodes of one document's elements in the tree; new ones are made on the way."""

    def __init__(self, tree: Tree, html: Any, sheets: list[Any]) -> None:
        self.tree, self.sheets, self.base_url = tree, sheets, html.base_url
        self.nodes: dict[Any, Node] = {}
        self.elements: list[tuple[Any, Any]] = []  # in the document's order: an element and its style
        self.anchored: list[Any] = []
        self.root: Any = None
        self._bodies: list[Any] = []
        for wrapper in html.wrapper_element.iter_subtree():
            self._place(wrapper)

    def suitable(self) -> bool:
        """False in three of the cases that the module's docstring names; the fourth shows later."""
        return (
            all(style["overflow"] == "visible" for style in (self.root.style, *self._bodies))
            and not any(style["position"][0] == "note()" for _, style in self.elements)
            and not any(style["anchor"] for node in self.nodes.values() for style in node.pseudo.values())
        )

    def computed(self) -> dict[Any, Any]:
        """(element, pseudo-element) → style, in the engine's order."""
        computed: dict[Any, Any] = {(element, None): style for element, style in self.elements}
        for element, node in self.nodes.items():
            for pseudo, style in node.pseudo.items():
                computed[element, pseudo] = style
        return computed

    def _place(self, wrapper: Any) -> None:
        element = wrapper.etree_element
        parent = self.nodes[wrapper.parent.etree_element] if wrapper.parent else None
        matches = [
            (sheet, origin, sheet_specificity or specificity, pseudo, declarations, layer)
            for sheet, origin, sheet_specificity in self.sheets
            for specificity, _, pseudo, (declarations, layer) in sheet.matcher.match(wrapper)
        ]
        own = tuple(map(element.get, ATTRIBUTES)) if element.attrib else ()
        path = (tuple((id(m[4]), m[2]) for m in matches), (element.tag, own) if any(own) else None)
        siblings = self.tree.roots if parent is None else parent.children
        node = siblings.get(path)
        if node is None:
            node = siblings[path] = self._made(element, matches, parent, anchor=False)
        self.nodes[element] = node
        if parent is None:
            self.root = node
        style = node.style
        if anchor := element.get("id"):
            # Children of an element with an id share with those of one without it; the element itself does not.
            named = siblings.get((path, anchor))
            if named is None:
                named = siblings[path, anchor] = self._made(element, matches, parent, anchor=True)
            style = named.style
        self.elements.append((element, style))
        if style["anchor"]:
            self.anchored.append(style)
        if element.tag == "body":
            self._bodies.append(style)

    def _made(self, element: Any, matches: list[Any], parent: Node | None, *, anchor: bool) -> Node:
        self.tree.count += 1
        cascaded = self._cascaded(element, matches, anchor=anchor)
        root = self.tree.initial if parent is None else self.root.style
        common = self.base_url, self.tree.font_config, self.tree.sizes
        inherited = parent.style if parent else None
        style = css.ComputedStyle(inherited, cascaded.pop(None), None, root, *common)
        node = Node(style)
        for pseudo, declared in cascaded.items():
            node.pseudo[pseudo] = css.ComputedStyle(style, declared, pseudo, style if parent is None else root, *common)
        return node

    def _cascaded(self, element: Any, matches: list[Any], *, anchor: bool) -> dict[Any, dict[str, Any]]:
        """Pseudo-element → the declaration that wins for each property, as in ``StyleFor.__init__``."""
        cascaded: dict[Any, dict[str, Any]] = {None: {}}
        alone = SimpleNamespace(iter=lambda: (element,))
        for specificity, _, declarations, base in css.find_style_attributes(alone, False, self.base_url):
            for name, values, importance in css.preprocess_declarations(base, declarations):
                if anchor or name != "anchor":
                    weight = (css.declaration_precedence("author", importance), inf, specificity)
                    _declare(cascaded[None], name, values, weight)
        for sheet, origin, specificity, pseudo, declarations, layer in matches:
            order = inf if layer is None else sheet.layers.index(layer)
            declared = cascaded.setdefault(pseudo, {})
            for name, values, importance in declarations:
                _declare(declared, name, values, (css.declaration_precedence(origin, importance), order, specificity))
        return cascaded


def _declare(declared: dict[str, Any], name: str, values: Any, weight: tuple[Any, ...]) -> None:
    old = declared.get(name)
    if old is None or old[1] <= weight:
        declared[name] = values, weight


def _call(plain: Callable[..., Any]) -> Callable[..., Any]:
    """What the engine changes in styles of tables when it hands them out, once for each style."""

    def call(self: Any, element: Any, pseudo_type: Any = None) -> Any:
        style = self._computed_styles.get((element, pseudo_type))
        if style and "_handed_out" in style.__dict__:
            return style
        style = plain(self, element, pseudo_type)
        if style:
            style._handed_out = True
        return style

    return call


def _pages(plain: Callable[..., None]) -> Callable[..., None]:
    """Pages that the same rules apply to have the same styles."""

    def set_page_type_computed_styles(page_type: Any, html: Any, style_for: Any) -> None:
        node = getattr(style_for, "page_node", None)
        if node is None:
            plain(page_type, html, style_for)
            return
        rules = tuple(
            id(declarations)
            for sheet, _, _ in style_for._sheets
            for _, selectors, declarations in sheet.page_rules
            for selector in selectors
            if style_for._page_type_match(selector[2], page_type)
        )
        computed = style_for._computed_styles
        if rules not in node.pages:
            plain(page_type, html, style_for)
            node.pages[rules] = {pseudo: style for (page, pseudo), style in computed.items() if page == page_type}
        for pseudo, style in node.pages[rules].items():
            computed[page_type, pseudo] = style

    return set_page_type_computed_styles


def _parse_color(plain: Callable[..., Any]) -> Callable[..., Any]:
    """The same token of a style sheet is parsed once. The engine changes no colour that a style holds."""
    known = lru_cache(COLOURS_BOUND)(plain)

    def parse_color(value: Any, schemes: Any = None) -> Any:
        try:
            return known(value, schemes)
        except TypeError:  # a list of tokens
            return plain(value, schemes)

    return parse_color

"""Lever ``shortcuts``: ways round work that has no effect.

*Speeds up:* every line of text asks which floats it collides with, though there are none on the page; finding
``<style>`` and ``<link>`` wraps the whole document; ``contextlib`` generators around every drawing step cost more
than the step.
*Safe:* each says below what the engine's function comes to in that case; all other cases go to the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import cssselect2
import pydyf
from weasyprint.layout import float as floats
from weasyprint.pdf import stream as pdf_stream

from ismpe_site.printing.accelerator.patches import Patch, everywhere, patch


def patches() -> Iterator[Patch]:
    """For ``avoid_collisions``, ``ElementWrapper.query_all`` and the three ways to mark a piece of a stream."""
    yield from everywhere(floats.avoid_collisions, _avoid_collisions(floats.avoid_collisions))
    wrapper = cssselect2.ElementWrapper
    yield patch(wrapper, "query_all", _query_all(wrapper.query_all))
    stream = pdf_stream.Stream
    yield patch(stream, "stacked", _stacked)
    yield patch(stream, "artifact", _artifact)
    yield patch(stream, "marked", _marked(stream.marked))


def _avoid_collisions(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Without floats on the page, what is no float itself and reads from the left stays where it is."""

    def avoid_collisions(context: Any, box: Any, containing_block: Any, outer: bool = True) -> Any:
        if context.excluded_shapes or box.style["float"] != "none" or containing_block.style["direction"] != "ltr":
            return plain(context, box, containing_block, outer)
        left = containing_block.content_box_x()
        right = left + containing_block.width
        if outer:
            return left, box.position_y, right - left
        left += box.margin_left
        right -= box.margin_right
        return left - box.margin_left, box.border_box_y() - box.margin_top, right - left

    return avoid_collisions


def _query_all(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Elements by lower-case names: the bare tree says how many there are, and the walk ends at the last one."""

    def query_all(self: Any, *selectors: Any) -> Any:
        if not all(isinstance(s, str) and s.isascii() and s.isalpha() and s.islower() for s in selectors):
            return plain(self, *selectors)
        return named(self, set(selectors))

    def named(wrapper: Any, names: set[str]) -> Iterator[Any]:
        def wanted(element: Any) -> bool:
            return isinstance(element.tag, str) and element.tag.rpartition("}")[2] in names

        left = sum(map(wanted, wrapper.etree_element.iter()))
        if left:
            for candidate in wrapper.iter_subtree():
                if wanted(candidate.etree_element):
                    yield candidate
                    left -= 1
                    if not left:
                        return

    return query_all


class Block(Protocol):
    """A ``with`` block that may be left by an exception."""

    def __enter__(self) -> None: ...
    def __exit__(self, *exception: object) -> None: ...


class Stacked:
    """``Stream.stacked``: state saved, then restored."""

    __slots__ = ("stream",)

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __enter__(self) -> None:
        self.stream.push_state()

    def __exit__(self, *exception: object) -> None:
        self.stream.pop_state()


class Artifact:
    """``Stream.artifact``: what is drawn inside is no content."""

    __slots__ = ("stream",)

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __enter__(self) -> None:
        if self.stream._tags is not None:
            self.stream.begin_marked_content("Artifact")

    def __exit__(self, *exception: object) -> None:
        if self.stream._tags is not None:
            self.stream.end_marked_content()


class Marked:
    """``Stream.marked``: what is drawn inside belongs to a box."""

    __slots__ = ("box", "stream", "tag")

    def __init__(self, stream: Any, box: Any, tag: str) -> None:
        self.stream, self.box, self.tag = stream, box, tag

    def __enter__(self) -> None:
        tags = self.stream._tags
        if tags is not None:
            number = len(tags)
            assert self.box not in tags  # noqa: S101  # as the engine does
            tags[self.box] = {"tag": self.tag, "mcid": number}
            self.stream.begin_marked_content(self.tag, pydyf.Dictionary({"MCID": number}))

    def __exit__(self, *exception: object) -> None:
        if self.stream._tags is not None:
            self.stream.end_marked_content()


def _stacked(self: Any) -> Block:
    return Stacked(self)


def _artifact(self: Any) -> Block:
    return Artifact(self)


def _marked(corrected: Callable[..., Block]) -> Callable[..., Block]:
    """In the margins, ``conformance`` has its own way (correction 6)."""

    def marked(self: Any, box: Any, tag: str) -> Block:
        if getattr(self, "in_margin", False):
            return corrected(self, box, tag)
        return Marked(self, box, tag)

    return marked

"""Seven corrections to the PDFs of WeasyPrint 70.0, each because a validator or a reader found the fault.

1. One file claims PDF/A-3a **and** PDF/UA-1 (the engine writes one only), with the extension schema PDF/A asks for.
2. The XMP packet is stored uncompressed, so that archives can read it without a PDF library.
3. ``lang`` attributes below ``<html>`` reach the tag tree (WCAG 3.1.2, language of parts).
4. Every attachment is listed once under ``/AF``.
5. ``<th>`` cells carry ``/Scope``.
6. Running headers and footers are pagination artifacts, not content.
7. A stream that happens to end in a carriage return is closed by CR LF: with LF alone a strict reader takes its last
   byte for half of the line end and finds the stream one byte short.

The engine's version is pinned; ``tests/test_printing.py`` has one test per correction, which shows after an upgrade
which of them may go.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import pydyf
from weasyprint import draw
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import metadata, stream, tags

ACCESSIBLE_CLAIM = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about="" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about="" \
xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates which part of ISO 14289 is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


def claim_accessible(document_metadata: Any) -> None:
    """Let this document's metadata claim PDF/UA-1 as well."""
    document_metadata.also_accessible = True


def finish(document: Any, pdf: Any) -> None:  # noqa: ARG001  # the engine's signature
    """The engine's last call before writing: correction 4."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


@lru_cache(maxsize=1)
def apply_corrections() -> None:
    """Put the corrections in place, once per process."""
    _correct_metadata()
    _correct_streams()
    _correct_tags()
    _correct_margins()


def _correct_metadata() -> None:
    original = metadata.DocumentMetadata.generate_rdf_metadata
    include = metadata.DocumentMetadata.include_in_pdf

    def generate(self: Any, variant: Any, version: Any, conformance: Any) -> bytes:
        rdf: bytes = original(self, variant, version, conformance)
        return rdf.replace(b"</rdf:RDF>", ACCESSIBLE_CLAIM) if getattr(self, "also_accessible", False) else rdf

    def uncompressed(self: Any, pdf: Any, variant: Any, version: Any, conformance: Any, compress: bool) -> Any:  # noqa: ARG001
        return include(self, pdf, variant, version, conformance, compress=False)

    metadata.DocumentMetadata.generate_rdf_metadata = generate
    metadata.DocumentMetadata.include_in_pdf = uncompressed


def _correct_streams() -> None:
    written = pydyf.Stream.data.fget

    def data(self: Any) -> bytes:
        stream_bytes: bytes = written(self)
        if stream_bytes.endswith(b"\r\nendstream"):
            return stream_bytes.removesuffix(b"\nendstream") + b"\r\nendstream"
        return stream_bytes

    pydyf.Stream.data = property(data)


def _correct_tags() -> None:
    build = tags._build_box_tree

    def build_box_tree(box: Any, parent: Any, *arguments: Any) -> Iterator[Any]:
        if isinstance(box, boxes.MarginBox):
            return
        for element in build(box, parent, *arguments):
            if box.element is not None and box.element_tag not in ("html", "body"):
                if language := box.element.attrib.get("lang"):
                    element["Lang"] = pydyf.String(language)
                if element["S"] == "/TH":
                    scope = box.element.attrib.get("scope", "col")
                    element["A"]["Scope"] = "/Row" if scope.startswith("row") else "/Column"
            yield element

    tags._build_box_tree = build_box_tree


def _correct_margins() -> None:
    draw_context = draw.draw_stacking_context
    mark = stream.Stream.marked

    def draw_stacking_context(target: Any, context: Any, *arguments: Any) -> Any:
        margin = isinstance(context.box, boxes.MarginBox)
        if margin:
            target.in_margin = True
        try:
            return draw_context(target, context, *arguments)
        finally:
            if margin:
                target.in_margin = False

    @contextmanager
    def marked(self: Any, box: Any, tag: Any) -> Iterator[None]:
        if self._tags is None or not getattr(self, "in_margin", False):
            with mark(self, box, tag):
                yield
        else:
            self.begin_marked_content("Artifact", pydyf.Dictionary({"Type": "/Pagination"}))
            yield
            self.end_marked_content()

    draw.draw_stacking_context = draw_stacking_context
    stream.Stream.marked = marked

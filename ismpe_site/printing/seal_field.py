"""An empty, invisible signature field: what the trust room seals.

It is made while the document is printed, because a field added later could not be tagged. Untagged, no invisible field
is PDF/A-3 and PDF/UA-1 at once; without an appearance PDF/A asks for one as soon as it has a size.
"""

from __future__ import annotations

from typing import Any

import pydyf

from ismpe_site.artefact import SEAL_FIELD

PRINT, LOCKED = 4, 128


def put_seal_field(pdf: Any, tooltip: str) -> None:
    """Put the field on the last page of ``pdf``, last in the order of reading, with ``tooltip`` as its words.

    Must come after the engine's PDF variant, which sets the flags of every annotation.
    """
    page_reference = pdf.page_references[-1]
    widget = _widget(pdf, page_reference, tooltip)
    page = _object(pdf, page_reference)
    page.setdefault("Annots", pydyf.Array()).append(widget.reference)
    form = pydyf.Dictionary({"Fields": pydyf.Array([widget.reference]), "SigFlags": 3})
    pdf.add_object(form)
    pdf.catalog["AcroForm"] = form.reference
    _tag(pdf, widget, page_reference, tooltip)


def _widget(pdf: Any, page_reference: bytes, tooltip: str) -> pydyf.Dictionary:
    nothing = pydyf.Array([0, 0, 0, 0])
    blank = pydyf.Stream([], pydyf.Dictionary({"Type": "/XObject", "Subtype": "/Form", "BBox": nothing}))
    pdf.add_object(blank)
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "F": PRINT | LOCKED,
            "T": pydyf.String(SEAL_FIELD),
            "TU": pydyf.String(tooltip),
            "Rect": nothing,
            "P": page_reference,
            "AP": pydyf.Dictionary({"N": blank.reference}),
        }
    )
    pdf.add_object(widget)
    return widget


def _tag(pdf: Any, widget: pydyf.Dictionary, page_reference: bytes, tooltip: str) -> None:
    """A /Form element at the end of the document's, and the widget's way back to it."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    (document_reference,) = root["K"]
    link = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page_reference})
    pdf.add_object(link)
    element = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": document_reference,
            "Pg": page_reference,
            "Alt": pydyf.String(tooltip),
            "K": pydyf.Array([link.reference]),
        }
    )
    pdf.add_object(element)
    _object(pdf, document_reference)["K"].append(element.reference)
    parents = _object(pdf, root["ParentTree"])["Nums"]
    widget["StructParent"] = max(parents[0::2]) + 1
    parents.extend([widget["StructParent"], element.reference])


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]

"""The ISMPE site: content in, scores, website and print-ready documents out."""

__version__ = "0.1.0"

"""What the trust room refuses to do."""

from __future__ import annotations


class TrustError(Exception):
    """A key, date or document that cannot be used; the message is for the person who can mend it."""

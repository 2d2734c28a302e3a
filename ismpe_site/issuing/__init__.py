"""Issuing: the only part that writes into the content, and the only one that needs private keys."""

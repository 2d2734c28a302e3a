"""The proof room: private texts → canaries, file bytes → all texts in them; no canary is in a public file."""

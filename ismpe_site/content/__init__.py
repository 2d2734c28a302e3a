"""The content room: files in ``content/`` → a Catalogue, or every problem at once."""

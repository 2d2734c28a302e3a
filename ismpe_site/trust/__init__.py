"""Keys, seals of PDFs, credentials and the lists signed with them: bytes and values in, bytes and values out."""

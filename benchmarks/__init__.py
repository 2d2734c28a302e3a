"""Measuring: content of any size, our builds and those of others, one table of results."""

"""``python -m ismpe_site``."""

from ismpe_site.cli import main

main()

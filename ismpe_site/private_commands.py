"""The commands about what is private: a token for a secret address, and the proof that nothing private is seen."""

from __future__ import annotations

import secrets
from pathlib import Path

import typer

from ismpe_site import pipeline
from ismpe_site.making import Options
from ismpe_site.project import Project
from ismpe_site.terminal import EXIT_CONTENT, progress, say


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""

    @app.command("unlisted-token")
    def unlisted_token() -> None:
        """Print a token for a report at an address that nobody can guess: for unlisted_token: in an assessment."""
        # The only chance in the program.
        typer.echo(secrets.token_hex(16))


def prove(project: Project, output: Path, options: Options, count: int, *, quiet: bool) -> None:
    """Change ``count`` private things one by one, and say what of it is seen in public. Ends with 1 if anything is."""
    with progress(quiet=quiet) as advance:
        moved = pipeline.private_proof(project, output, options, count, advance)
    if moved:
        say("\n".join(one.in_words() for one in moved))
        say("a private change is seen in public: mend the template or the program that makes these files")
        raise typer.Exit(EXIT_CONTENT)
    if not quiet:
        say(f"{count} private changes moved no public byte")

"""The commands about what is private: tokens, what is handed to organisations, the proof that nothing is seen."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ismpe_site import pipeline
from ismpe_site.build.generation import claim
from ismpe_site.making import Options
from ismpe_site.project import Project, cores
from ismpe_site.terminal import EXIT_CONTENT, failures, progress, say

RootOption = Annotated[
    Path, typer.Option("--root", help="Folder that holds site.toml, content/ and themes/.", show_default="this folder")
]
OutputOption = Annotated[Path, typer.Option("--output", help="Folder the public site is built into.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="As on this day (year-month-day); today unless given.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what is wrong.")]


def register(app: typer.Typer, day: Callable[[str | None], date]) -> None:
    """Add the commands to ``app``; ``day`` reads a date, or gives today's."""

    @app.command("unlisted-token")
    def unlisted_token() -> None:
        """Print a token for a report at an address that nobody can guess: for unlisted_token: in an assessment."""
        # The only chance in the program.
        typer.echo(secrets.token_hex(16))

    @app.command()
    def handover(
        organisations: Annotated[
            list[str] | None, typer.Argument(metavar="[ORGANISATION]...", help="Folders of content/assessments; all.")
        ] = None,
        root: RootOption = Path(),
        output: OutputOption = Path("output"),
        to: Annotated[
            Path | None, typer.Option("--to", metavar="FOLDER", help="Where to put it.", show_default="OUTPUT/private")
        ] = None,
        as_of: AsOfOption = None,
        quiet: QuietOption = False,
    ) -> None:
        """Make what is handed to organisations: every report, certificate and badge of each, in a BagIt bag."""
        with failures(root, outcome="what was handed over before was not replaced"):
            from ismpe_site.build.executors.processes import Processes
            from ismpe_site.handing import PRIVATE, handover

            project, options = Project.at(root), Options(day(as_of))
            workers = Processes(cores(), project.limits())
            if to is None:
                claim(output)
            with progress(quiet=quiet) as advance:
                target = to or output / PRIVATE
                made = handover(project, output, target, organisations or [], options, workers, advance)
            if not quiet:
                for one in made:
                    say(f"{one.folder}: {one.files} files for {one.organisation}")
                say("check a bag with sha256sum --check manifest-sha256.txt; it is for its organisation alone")


def prove(project: Project, output: Path, options: Options, count: int | None, *, quiet: bool) -> None:
    """Change private things one by one, and say what of it is seen in public. Ends with 1 if anything is.

    ``count``: how many changes; none: every private place at least once.
    """
    with progress(quiet=quiet) as advance:
        proved = pipeline.private_proof(project, output, options, count, advance)
        moved = proved.moved
    if moved:
        say("\n".join(one.in_words() for one in moved))
        say("a private change is seen in public: mend the template or the program that makes these files")
        raise typer.Exit(EXIT_CONTENT)
    if not quiet:
        some = f"{proved.changed} of " if proved.changed < proved.places else ""
        say(f"{proved.changes} changes of {some}{proved.places} private places moved no public byte")

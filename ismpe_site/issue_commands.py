"""The commands about what is issued: make keys, issue, supersede, withdraw, suspend, reinstate, verify."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ismpe_site.project import Project, cores
from ismpe_site.terminal import EXIT_CONTENT, failures, progress, say

if TYPE_CHECKING:
    from ismpe_site.issuing.desk import Desk

RootOption = Annotated[
    Path, typer.Option("--root", help="Folder that holds site.toml, content/ and themes/.", show_default="this folder")
]
KeysOption = Annotated[
    Path | None,
    typer.Option("--keys", metavar="FOLDER", help="Folder of the private keys.", show_default="that of site.toml"),
]
PassphraseOption = Annotated[
    str, typer.Option("--passphrase", metavar="SOURCE", help="env:NAME or file:PATH; asked for unless given.")
]
OnOption = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="Day of issue (year-month-day); today unless given.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="The public reason.", show_default=False)]
NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="Number of a certificate.", show_default=False)]
Today = Callable[[str | None], date]
Act = Callable[["Desk", str, str], None]
LONGEST_REASON = 1000
UNCHANGED = "nothing was issued or changed"


def register(app: typer.Typer, today: Callable[[], date]) -> None:
    """Add the commands to ``app``. What is entered for good is dated by the clock or by hand, never by a variable."""

    def day(option: str, text: str | None) -> date:
        return _day(option, text) if text is not None else today()

    def past(text: str | None) -> date:
        on = day("--on", text)
        if on > today():
            raise typer.BadParameter(f"--on {on} is still to come: nothing is entered before its day")
        return on

    _add_keygen(app, today)
    _add_issue(app, past)
    _add_acts(app, past)
    _add_verify(app, lambda text: day("--as-of", text))


def _day(option: str, text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{option} {text} is not a date; write it like 2026-11-22") from None


def _reason(text: str) -> str:
    """What will stand in the ledger for good."""
    words = " ".join(text.split())
    if not 3 <= len(words) <= LONGEST_REASON or not words.isprintable():
        raise typer.BadParameter(f"--reason is published for good: one line of 3 to {LONGEST_REASON} letters")
    return words


def _desk(root: Path, keys: Path | None, passphrase: str, on: date) -> Desk:
    from ismpe_site.build.executors.processes import Processes
    from ismpe_site.issuing.desk import Desk
    from ismpe_site.issuing.key_files import key_files

    project = Project.at(root)
    settings = project.config.keys
    files = key_files(keys or root / settings.folder, passphrase or settings.passphrase)
    return Desk(project, on, files, Processes(cores(), project.limits()))


def _add_keygen(app: typer.Typer, today: Callable[[], date]) -> None:
    @app.command()
    def keygen(
        root: RootOption = Path(),
        keys: KeysOption = None,
        passphrase: PassphraseOption = "",
        test: Annotated[bool, typer.Option("--test", help="Keys for trying: they say so, and prove nothing.")] = False,
    ) -> None:
        """Make the issuer's keys: the private ones into a folder of their own, the public ones into content/issued."""
        with failures(root, outcome="no keys were made"):
            from ismpe_site.issuing.keygen import new_keys

            project = Project.at(root)
            folder = keys or root / project.config.keys.folder
            made = new_keys(project, folder, passphrase, today().year, test=test)
            for path in (*made.private, *made.public):
                say(f"made {path}")
            say("Keep the private files and the passphrase apart and safe; root-*.p12 belongs off line.")
            if not test:
                digests = ", ".join(f'"{hashlib.sha256(path.read_bytes()).hexdigest()}"' for path in made.public)
                say("Add this to [keys] in site.toml, so that no other key is ever taken for yours:")
                say(f"trusted = [{digests}]")


def _add_issue(app: typer.Typer, day: Today) -> None:
    @app.command()
    def issue(
        files: Annotated[
            list[Path], typer.Argument(help="Assessment files.", metavar="ASSESSMENT...", show_default=False)
        ],
        root: RootOption = Path(),
        keys: KeysOption = None,
        passphrase: PassphraseOption = "",
        on: OnOption = None,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what is wrong.")] = False,
    ) -> None:
        """Issue certificates upon reviewed assessments: all of them, or none. Prints their numbers."""
        with failures(root, outcome=UNCHANGED):
            from ismpe_site.issuing.desk import issue as issue_all

            # The passphrase is asked for before a bar stands in its place.
            desk = _desk(root, keys, passphrase, day(on))
            begun = time.monotonic()
            with progress(quiet=quiet, doing="issuing") as advance:
                numbers = issue_all(replace(desk, progress=advance), files)
            for number in numbers:
                typer.echo(number)
            if not quiet:
                say(_rate(len(numbers), time.monotonic() - begun))


def _rate(count: int, seconds: float) -> str:
    """How many were issued, and how quickly."""
    certificates = "1 certificate" if count == 1 else f"{count} certificates"
    return f"issued {certificates} in {seconds:.1f} seconds ({count / seconds:.2f} a second)"


def _supersede(desk: Desk, number: str, reason: str) -> None:
    from ismpe_site.issuing.desk import supersede

    typer.echo(supersede(desk, number, reason))


def _enter(event: str) -> Act:
    def act(desk: Desk, number: str, reason: str) -> None:
        from ismpe_site.issuing.desk import change

        change(desk, number, event, reason)
        say(f"{number} is {event}")

    return act


# What becomes of one certificate: the command, what it does, and its words.
ACTS: tuple[tuple[str, Act, str], ...] = (
    (
        "supersede",
        _supersede,
        "Issue anew the assessment behind a certificate, as it reads now. Prints the new number.",
    ),
    ("withdraw", _enter("withdrawn"), "Enter that a certificate is withdrawn, for good."),
    ("suspend", _enter("suspended"), "Enter that a certificate does not hold for the time being."),
    ("reinstate", _enter("reinstated"), "Enter that a suspended certificate holds again."),
)


def _add_acts(app: typer.Typer, day: Today) -> None:
    def add(name: str, act: Act, words: str) -> None:
        def command(
            number: NumberArgument,
            reason: ReasonOption,
            root: RootOption = Path(),
            keys: KeysOption = None,
            passphrase: PassphraseOption = "",
            on: OnOption = None,
        ) -> None:
            with failures(root, outcome=UNCHANGED):
                act(_desk(root, keys, passphrase, day(on)), number, _reason(reason))

        app.command(name, help=words)(command)

    for name, act, words in ACTS:
        add(name, act, words)

    @app.command("sign-anew")
    def sign_anew(
        reason: ReasonOption,
        root: RootOption = Path(),
        keys: KeysOption = None,
        passphrase: PassphraseOption = "",
        on: OnOption = None,
    ) -> None:
        """Sign all that is issued with the newest keys: after a key was lost or stolen, and everything compared."""
        with failures(root, outcome=UNCHANGED):
            from ismpe_site.issuing.desk import sign_anew as sign_all_anew

            sign_all_anew(_desk(root, keys, passphrase, day(on)), _reason(reason))
            say("signed anew")


def _add_verify(app: typer.Typer, day: Today) -> None:
    @app.command()
    def verify(
        files: Annotated[
            list[Path], typer.Argument(help="PDFs, badges or credentials.", metavar="FILE...", show_default=False)
        ],
        root: RootOption = Path(),
        site: Annotated[
            Path | None,
            typer.Option(
                "--site", metavar="FOLDER", help="A copy of the public site to check by, instead of content/."
            ),
        ] = None,
        as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="How it stands on this day.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
    ) -> None:
        """Say whether files are genuine, and how they stand, without any network. 0: all are, and active."""
        with failures(root):
            from ismpe_site.verifying.sources import known_of_project, known_of_site, verdicts
            from ismpe_site.verifying.words import as_data, basis, in_words

            known = known_of_site(site) if site else known_of_project(Project.at(root))
            found = verdicts(files, known, day(as_of))
            if as_json:
                typer.echo(json.dumps([as_data(path, one, known) for path, one in found], ensure_ascii=False, indent=1))
            else:
                typer.echo("\n\n".join(in_words(path, one) for path, one in found))
                say("\n" + basis(known, copy=site is not None))
            if any(one.answer != "active" for _, one in found):
                raise typer.Exit(EXIT_CONTENT)

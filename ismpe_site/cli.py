"""The commands: data on standard output, words on standard error. The only clock."""

from __future__ import annotations

import json
import os
import re
import signal
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ismpe_site import __version__, pipeline, private_commands
from ismpe_site.build.executors import Executor, Limits
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.issue_commands import register
from ismpe_site.late import Workers
from ismpe_site.making import Options
from ismpe_site.problems import summary
from ismpe_site.project import Project, cores
from ismpe_site.results import contract
from ismpe_site.terminal import EXIT_BUG, EndedError, exit_of, failures, progress, report, say
from ismpe_site.working import working

app = typer.Typer(
    name="ismpe",
    help="Build the site of a standard: editions, assessments, awards, and their documents in print.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

RootOption = Annotated[
    Path, typer.Option("--root", help="Folder that holds site.toml, content/ and themes/.", show_default="this folder")
]
OutputOption = Annotated[Path, typer.Option("--output", help="Folder to build into.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what is wrong.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Build the site as on this day (year-month-day); today unless given."),
]

BleedOption = Annotated[bool, typer.Option("--bleed", help="Certificates with crop marks, too.")]
OnlyOption = Annotated[str | None, typer.Option("--only", metavar="html", help="html: leave the PDFs and PNGs out.")]


def main() -> None:
    """Run a command; whatever goes wrong ends in a message and an exit code, never in a traceback."""
    with failures(Path()):
        signal.signal(signal.SIGTERM, _end)
        app(prog_name="ismpe", standalone_mode=True)


def _end(_number: int, _frame: object) -> NoReturn:
    raise EndedError


@app.callback(invoke_without_command=True)
def _options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"ismpe {__version__}")
        raise typer.Exit


@app.command()
def check(
    root: RootOption = Path(),
    output: OutputOption = Path("output"),
    strict: StrictOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    private_proof: Annotated[
        bool, typer.Option("--private-proof", help="Change private things, too, and see that no public byte moves.")
    ] = False,
    perturbations: Annotated[
        int | None,
        typer.Option("--perturbations", min=1, help="How many of them.", show_default="200, or each once if more"),
    ] = None,
) -> None:
    """Read, validate and score the content; list every problem of it at once."""
    with failures(root):
        project = Project.at(root)
        problems = pipeline.check(project, output, Options(_day(None)), _pages(0))
        failed = any(problem.severity == "error" or strict for problem in problems)
        if as_json:
            typer.echo(json.dumps([problem.as_json() for problem in problems], ensure_ascii=False, indent=1))
        else:
            report(problems, root)
            if not quiet or failed:
                say(f"content: {summary(problems)}")
        if failed:
            raise typer.Exit(exit_of(problems))
        if private_proof:
            private_commands.prove(project, output, Options(_day(None)), perturbations, quiet=quiet)


@app.command()
def build(
    root: RootOption = Path(),
    output: OutputOption = Path("output"),
    as_of: AsOfOption = None,
    only: OnlyOption = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, help="Processes that make the files; 0: one per processor.")
    ] = 0,
    executor: Annotated[
        str, typer.Option("--executor", metavar="KIND", help="Who prints: processes of this machine, or dask.")
    ] = "processes",
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Scheduler of the Dask cluster, tcp://...")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store", metavar="ADDRESS", help="Where its workers put what they print, if they do not share OUTPUT."
        ),
    ] = None,
    bleed: BleedOption = False,
    strict: StrictOption = False,
    quiet: QuietOption = False,
    verify: Annotated[bool, typer.Option("--verify", help="Compare with a clean build beside.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say why each file is rendered anew.")] = False,
) -> None:
    """Build the whole site into OUTPUT/public, or nothing where anything is wrong."""
    with failures(root, outcome="the site was not replaced"):
        options = Options(_day(as_of), bleed=bleed, html_only=_html_only(only), strict=strict)
        project = Project.at(root)
        workers = _workers(project.limits(), jobs, executor, scheduler, store)
        with progress(quiet=quiet) as advance:
            built = pipeline.build(project, output, options, workers, advance)
        report(built.warnings, root)
        if verbose:
            for stale in built.rendered:
                say(f"rendered {stale.path}: {stale.reason}")
        if not quiet:
            kinds = f"{built.documents} PDFs, {built.pictures} PNGs"
            counted = f"{built.files} files ({kinds}); {len(built.rendered)} rendered anew"
            same = "" if built.switched else "; the site was right already"
            say(f"built {counted}, as on {options.as_of}: {summary(built.warnings)}{same}")
            say(f"open {output / 'public' / 'index.html'}")
    if verify:
        with failures(root):
            wrong = pipeline.differences(project, output, options, workers)
            say("\n".join(f"differs from a clean build: {path}" for path in wrong) or "equal to a clean build")
            if wrong:
                raise typer.Exit(EXIT_BUG)


@app.command()
def plan(
    root: RootOption = Path(),
    output: OutputOption = Path("output"),
    as_of: AsOfOption = None,
    only: OnlyOption = None,
    bleed: BleedOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say what a build would render, and why, and which awards would change; nothing is written."""
    with failures(root):
        options = Options(_day(as_of), bleed=bleed, html_only=_html_only(only))
        planned = pipeline.plan(Project.at(root), output, options, _pages(0))
        if as_json:
            files = [{"path": one.path, "reason": one.reason} for one in planned.stale]
            typer.echo(json.dumps({"files": files, "awards": planned.awards}, ensure_ascii=False, indent=1))
            return
        for one in planned.stale:
            typer.echo(f"{one.path}: {one.reason}")
        for change in planned.awards:
            typer.echo(f"award of {change}")
        say(f"{len(planned.stale)} files would be rendered")


@app.command()
def serve(
    root: RootOption = Path(),
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help="Port to serve on; the first free one from 8000 unless given."),
    ] = None,
    as_of: AsOfOption = None,
) -> None:
    """Show the site on this machine; rebuild its pages and reload the browser at every change."""
    with failures(root):
        day = _day(as_of)
        project = Project.at(root)
        from ismpe_site.serve import PortTakenError, serve_site

        try:
            serve_site(project, day, port, say)
        except PortTakenError as error:
            raise typer.BadParameter(str(error)) from error


@app.command()
def score(
    files: Annotated[list[Path], typer.Argument(help="Assessment files.", metavar="FILE...", show_default=False)],
    root: RootOption = Path(),
    edition: Annotated[str | None, typer.Option("--edition", help="Score under the rules of another edition.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Score assessment files and show the working."""
    with failures(root):
        project = Project.at(root)
        outcomes = pipeline.score_files(project, files, edition)
        if as_json:
            contracts = [contract(outcome.key, outcome.assessment, outcome.score) for outcome in outcomes]
            data = contracts[0] if len(contracts) == 1 else contracts
            typer.echo(json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1))
        else:
            for outcome in outcomes:
                assessment = outcome.assessment
                typer.echo(working(outcome.key, assessment.edition, assessment.status, outcome.score))


def _pages(jobs: int) -> Executor:
    """Who makes pages: ``jobs`` processes; 0: one per processor."""
    from ismpe_site.build.executors.processes import Processes

    count = jobs or cores()
    return InProcess() if count == 1 else Processes(count)


def _workers(limits: Limits, jobs: int, executor: str, scheduler: str | None, store: str | None) -> Workers:
    """Who makes the files: processes of this machine, or a Dask cluster for what is made late."""
    from ismpe_site.build.executors.processes import Processes

    if executor == "processes":
        if scheduler or store:
            raise typer.BadParameter("--scheduler and --store go with --executor dask")
        return Workers(_pages(jobs), Processes(jobs or cores(), limits))
    if executor != "dask":
        raise typer.BadParameter(f"--executor {executor} is not known; the choices are processes and dask")
    if scheduler is None:
        raise typer.BadParameter("--executor dask needs --scheduler, such as tcp://192.0.2.1:8786")
    from ismpe_site.build.executors.dask_cluster import DaskCluster
    from ismpe_site.build.shared_objects import SharedObjects

    return Workers(
        _pages(jobs),
        DaskCluster(scheduler, limits),
        SharedObjects(store if "://" in store else str(Path(store).resolve())) if store else None,
    )


def _html_only(only: str | None) -> bool:
    if only not in (None, "html"):
        raise typer.BadParameter(f"--only {only} is not known; the only choice is html")
    return only == "html"


def _day(as_of: str | None) -> date:
    """The day the site speaks of: --as-of, else SOURCE_DATE_EPOCH, else today."""
    if as_of is not None:
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", as_of):
                raise ValueError
            return date.fromisoformat(as_of)
        except ValueError:
            raise typer.BadParameter(f"--as-of {as_of} is not a date; write it like 2026-11-22") from None
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is not None:
        try:
            return datetime.fromtimestamp(int(epoch), UTC).date()
        except (ValueError, OverflowError, OSError):
            raise typer.BadParameter(f"SOURCE_DATE_EPOCH={epoch} is not a number of seconds since 1970") from None
    return _today()


def _today() -> date:
    return datetime.now().astimezone().date()


register(app, _today)
private_commands.register(app, _day)

if __name__ == "__main__":
    main()

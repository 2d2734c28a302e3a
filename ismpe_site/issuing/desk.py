"""Issue, supersede, withdraw, suspend, reinstate: the only acts that need keys, each wholly done or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ismpe_site.build.executors import Executor, Lost
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.unit import RenderError
from ismpe_site.content.issued import ISSUED, KEYS, LEDGER, Issued
from ismpe_site.content.load import Loaded, load_commons, load_organisation
from ismpe_site.issuing import folder as issued_folder
from ismpe_site.issuing.signed import signed_files
from ismpe_site.issuing.work import IssueWork, KeyFiles, Task, issued_event, opened
from ismpe_site.ledger import LedgerError, continued
from ismpe_site.model import Certificate, Ledger, certificate_number, sealed_clauses
from ismpe_site.problems import ContentError, Place, Problem, did_you_mean
from ismpe_site.project import Project
from ismpe_site.results import Award, Scored
from ismpe_site.scoring.register import register
from ismpe_site.scoring.visibility import visibility
from ismpe_site.trust.errors import TrustError
from ismpe_site.trusting import for_trying

Progress = Callable[[str, int, int], None]
# So few are made here; more by workers.
FEW = 3


@dataclass(frozen=True)
class Desk:
    """Where things are issued: the project, the day, the keys, and who does the work."""

    project: Project
    on: date
    keys: KeyFiles
    executor: Executor
    progress: Progress | None = None

    @property
    def folder(self) -> Path:
        """``content/issued``."""
        return self.project.content / ISSUED


@dataclass(frozen=True)
class Wanted:
    """An assessment to be issued: where it stands, what scoring says of it, the certificate it is to stand for."""

    place: Place
    loaded: Loaded
    award: Award
    replaces: Certificate | None

    @property
    def key(self) -> str:
        """organisation/programme/assessment."""
        return self.award.scored.key


def issue(desk: Desk, files: Sequence[Path]) -> tuple[str, ...]:
    """Issue a certificate upon each assessment; all of them, or none. Gives their numbers, in the order of ``files``.

    Raises ContentError with every problem of all of them, TrustError, RenderError, LockedError or OSError.
    """
    return _issue(desk, [_key_of(desk.project, file) for file in dict.fromkeys(files)], {})


def supersede(desk: Desk, number: str, reason: str) -> str:
    """Issue anew the assessment behind ``number``, as it reads now; that certificate is superseded by the new one."""
    commons = _commons(desk)
    certificate = _certificate(commons.issued, number)
    return _issue(desk, [certificate.issued.assessment], {certificate.issued.assessment: (certificate, reason)})[0]


def change(desk: Desk, number: str, event: str, reason: str) -> None:
    """Enter that a certificate is withdrawn, suspended or reinstated. Raises ContentError, TrustError, LockedError."""
    with issued_folder.claimed(desk.folder):
        commons = _commons(desk)
        _certificate(commons.issued, number)
        ledger = _continued(desk, commons.issued.ledger, {"event": event, "number": number, "reason": reason})
        issued_folder.sweep(desk.folder, commons.issued.ledger)
        issued_folder.add(desk.folder, ledger, {}, _signed(desk, ledger, commons.issued))


def _issue(desk: Desk, keys: Sequence[str], replaced: Mapping[str, tuple[Certificate, str]]) -> tuple[str, ...]:
    with issued_folder.claimed(desk.folder):
        commons = _commons(desk)
        issued_folder.sweep(desk.folder, commons.issued.ledger)
        wanted = _wanted(desk, commons, keys, replaced)
        ledger = _with_editions(desk, commons, wanted)
        tasks = _tasks(desk, ledger, wanted)
        made = _made(desk, tasks)
        events = list(_events(desk, commons.issued.ledger, wanted, tasks, made, replaced))
        ledger = _continued(desk, ledger, *events)
        issued_folder.add(desk.folder, ledger, made, _signed(desk, ledger, commons.issued))
        return tuple(task.number for task in tasks)


def _commons(desk: Desk) -> Loaded:
    """What all share. Raises ContentError where it has errors, TrustError where the keys do not belong here."""
    commons = load_commons(desk.project.content)
    if commons.failed:
        raise ContentError(commons.problems)
    keys, base_url = opened(desk.keys), desk.project.config.base_url
    if keys.test and not for_trying(base_url):
        raise TrustError(f"these are TEST keys, which may not be used for {base_url}: make keys with `ismpe keygen`")
    if keys.credential_public not in [data for _, data in commons.issued.keys]:
        where = f"content/{ISSUED}/{KEYS}"
        raise TrustError(
            f"the public half of these keys is not in {where}: put there what `ismpe keygen` made with them"
        )
    return commons


def _certificate(issued: Issued, number: str) -> Certificate:
    known = {certificate.number: certificate for certificate in issued.ledger.certificates()}
    if number not in known:
        hint = did_you_mean(number, known)
        place = Place(f"content/{ISSUED}/{LEDGER}")
        raise ContentError([Problem(place, "I621", f"no certificate {number} was issued", f"{hint}see the ledger")])
    return known[number]


def _key_of(project: Project, file: Path) -> str:
    """organisation/programme/assessment of an assessment's file. Raises ContentError where it is none."""
    folder = (project.content / "assessments").resolve()
    path = file.resolve()
    parts = path.relative_to(folder).parts if path.is_relative_to(folder) else ()
    if len(parts) != 3 or path.suffix != ".yaml" or not path.is_file():
        todo = "name a file like content/assessments/acme/graduates/2025-03.yaml"
        raise ContentError([Problem(Place(file.as_posix()), "I622", "this is no assessment of the content", todo)])
    return "/".join((*parts[:2], path.stem))


def _wanted(
    desk: Desk, commons: Loaded, keys: Sequence[str], replaced: Mapping[str, tuple[Certificate, str]]
) -> list[Wanted]:
    loaded = {name: load_organisation(desk.project.content, name, commons) for name in {k.split("/")[0] for k in keys}}
    problems: list[Problem] = []
    wanted = []
    for key in keys:
        one = loaded[key.split("/")[0]]
        place = Place(f"content/assessments/{key}.yaml")
        # A certificate that is to be replaced differs from its assessment: that is why.
        errors = [p for p in one.problems if p.severity == "error" and not (key in replaced and p.code == "I605")]
        known = register(one.catalogue, desk.on)
        award = next((award for award in known.awards if award.scored.key == key), None)
        scored = next((scored for scored in known.assessments if scored.key == key), None)
        standing = _standing(commons.issued, key)
        if errors:
            problems += errors
        elif award is None or (fault := _fault(award, standing if key not in replaced else None, desk.on)):
            problems.append(Problem(place, "I623", fault if award else _no_award(scored, desk.on), ISSUABLE))
        else:
            wanted.append(Wanted(place, one, award, replaced[key][0] if key in replaced else None))
    if problems:
        raise ContentError(problems)
    return wanted


ISSUABLE = "issued is what was reviewed, reported and earned, and is in force; `ismpe score` shows the working"


def _standing(issued: Issued, key: str) -> Certificate | None:
    """The certificate that stands for an assessment."""
    found = [one for one in issued.of(key.split("/", maxsplit=1)[0]) if one.issued.assessment == key]
    return found[-1] if found else None


def _no_award(scored: Scored | None, on: date) -> str:
    if scored is None or scored.score.indicative is None:
        return "no award follows from this assessment"
    if not scored.assessment.signed_off:
        return f"the assessment is {scored.assessment.status}, not reviewed"
    return f"its report is not dated, or dated after {on}"


def _fault(award: Award, standing: Certificate | None, on: date) -> str:
    """Why no certificate can be issued for an award; empty where one can."""
    if standing is not None:
        return f"{standing.number} is issued already; `ismpe supersede {standing.number}` issues it anew"
    if award.state != "active":
        return f"the award is {award.state} on {on}"
    if visibility(award.scored.assessment, award.scored.organisation) == "private":
        return "the assessment is private, and a certificate is there to be checked by everybody"
    return ""


def _with_editions(desk: Desk, commons: Loaded, wanted: Iterable[Wanted]) -> Ledger:
    """The ledger with every edition that a certificate is issued upon: from then on its text does not change."""
    ledger = commons.issued.ledger
    needed = {one.award.scored.edition.id: one.award.scored.edition for one in wanted}
    events: list[dict[str, Any]] = []
    for edition_id in sorted(needed.keys() - ledger.editions().keys()):
        clauses = sealed_clauses(needed[edition_id])
        events.append({"event": "edition published", "edition": edition_id, "clauses": clauses})
    return _continued(desk, ledger, *events)


def _tasks(desk: Desk, ledger: Ledger, wanted: Sequence[Wanted]) -> list[Task]:
    """Numbers in the order asked for."""
    first, index = ledger.next_number(desk.on.year), ledger.next_index()
    serial = int(first.split("-")[2])
    return [
        Task(one.loaded, one.key, certificate_number(desk.on.year, serial + at), index + at)
        for at, one in enumerate(wanted)
    ]


def _made(desk: Desk, tasks: Sequence[Task]) -> dict[str, dict[str, bytes]]:
    """number → files. Raises RenderError where one could not be made."""
    config = desk.project.config
    work = IssueWork(desk.project.site(), desk.project.theme(), desk.on, desk.keys, config.printing.accelerator)
    executor = desk.executor if len(tasks) > FEW else InProcess()
    made, failures = {}, {}
    for done, (task, files) in enumerate(executor.run(work, tasks), 1):
        if desk.progress:
            desk.progress(task.path, done, len(tasks))
        if isinstance(files, Lost | str):
            failures[task.path] = files if isinstance(files, str) else files.reason
        else:
            made[task.number] = files
    if failures:
        raise RenderError(failures)
    return {task.number: made[task.number] for task in tasks}


def _events(
    desk: Desk,
    before: Ledger,
    wanted: Sequence[Wanted],
    tasks: Sequence[Task],
    made: Mapping[str, Mapping[str, bytes]],
    replaced: Mapping[str, tuple[Certificate, str]],
) -> Iterator[dict[str, Any]]:
    """What is entered: each certificate, then what it supersedes."""
    certificates = before.certificates()
    for one, task in zip(wanted, tasks, strict=True):
        yield issued_event(task, made[task.number], one.award, one.replaces.number if one.replaces else None)
        programme = task.key.rsplit("/", 1)[0]
        for certificate in certificates:
            earlier = certificate.issued.assessment
            reason = replaced[earlier][1] if earlier in replaced else "A later assessment of the same programme."
            same = earlier == task.key if task.key in replaced else earlier.rsplit("/", 1)[0] == programme
            if same and certificate.state(desk.on) in ("active", "suspended"):
                number = certificate.number
                yield {"event": "superseded", "number": number, "reason": reason, "by": task.number}


def _continued(desk: Desk, ledger: Ledger, *events: Mapping[str, Any]) -> Ledger:
    """Raises ContentError where an entry cannot follow."""
    try:
        return continued(ledger, desk.on, *events)
    except LedgerError as error:
        place = Place(f"content/{ISSUED}/{LEDGER}", error.line)
        raise ContentError([Problem(place, "I624", str(error), "see what the ledger says of it")]) from error


def _signed(desk: Desk, ledger: Ledger, issued: Issued) -> dict[str, bytes]:
    return signed_files(ledger, issued.keys, opened(desk.keys), desk.project.config.base_url, desk.on)

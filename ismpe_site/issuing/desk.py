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
from ismpe_site.content.load import Loaded, load_commons
from ismpe_site.issuer import COMPROMISED, RECORD, root_certificates, trusted_keys
from ismpe_site.issuing import folder as issued_folder
from ismpe_site.issuing.choice import STANDING, Wanted, choose, standing_for
from ismpe_site.issuing.signed import signed_files
from ismpe_site.issuing.work import IssueWork, KeyFiles, Task, issued_event, opened
from ismpe_site.leaks import guard_of, problems_of, public_words
from ismpe_site.ledger import LedgerError, continued, read_ledger, text_of
from ismpe_site.model import Certificate, Ledger, certificate_number, sealed_clauses
from ismpe_site.model.certificates import SUCCEEDED
from ismpe_site.problems import ContentError, Place, Problem, did_you_mean
from ismpe_site.project import Project
from ismpe_site.publications import addresses
from ismpe_site.publications.issued import REPORT
from ismpe_site.trust.errors import TrustError
from ismpe_site.trusting import for_trying, signature_problems, unpinned

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


def issue(desk: Desk, files: Sequence[Path]) -> tuple[str, ...]:
    """Issue a certificate upon each assessment; all of them, or none. Gives their numbers, in the order of ``files``.

    Raises ContentError with every problem of all of them, TrustError, RenderError, LockedError or OSError.
    """
    keys = [_key_of(desk.project, file) for file in files]
    if strangers := [key for key in keys if isinstance(key, Problem)]:
        raise ContentError(strangers)
    with issued_folder.claimed(desk.folder):
        return _issue(desk, _commons(desk), list(dict.fromkeys(map(str, keys))), {})


def supersede(desk: Desk, number: str, reason: str) -> str:
    """Issue anew the assessment behind ``number``, as it reads now; that certificate is superseded by the new one."""
    with issued_folder.claimed(desk.folder):
        commons = _commons(desk)
        certificate = _certificate(commons.issued, number)
        key, state = certificate.issued.assessment, certificate.state(desk.on)
        if state not in STANDING:
            standing = standing_for(commons.issued, key, desk.on)
            todo = (
                f"the one that stands is {standing.number}" if standing else "no certificate of the assessment stands"
            )
            raise ContentError([_of_ledger("I624", f"{number} is {state}, so it cannot be superseded", todo)])
        return _issue(desk, commons, [key], {key: (certificate, reason)})[0]


def change(desk: Desk, number: str, event: str, reason: str) -> None:
    """Enter that a certificate is withdrawn, suspended or reinstated. Raises ContentError, TrustError, LockedError."""
    with issued_folder.claimed(desk.folder):
        commons = _commons(desk)
        _certificate(commons.issued, number)
        ledger = _continued(desk, commons.issued.ledger, {"event": event, "number": number, "reason": reason})
        issued_folder.sweep(desk.folder, commons.issued.ledger)
        issued_folder.add(desk.folder, ledger, {}, _signed(desk, ledger, commons.issued))


def sign_anew(desk: Desk, reason: str) -> None:
    """Sign all that is issued with the newest keys, whoever signed it before: after a key was lost or stolen.

    Whether nothing was changed since a person must have seen, in the history of ``content/issued``.
    """
    with issued_folder.claimed(desk.folder):
        commons = _commons(desk, signed=False)
        event = {"event": "signed anew", "key": desk.keys.key_id, "reason": reason}
        ledger = _continued(desk, commons.issued.ledger, event)
        issued_folder.sweep(desk.folder, commons.issued.ledger)
        issued_folder.add(desk.folder, ledger, {}, _signed(desk, ledger, commons.issued))


def _issue(
    desk: Desk, commons: Loaded, keys: Sequence[str], replaced: Mapping[str, tuple[Certificate, str]]
) -> tuple[str, ...]:
    issued_folder.sweep(desk.folder, commons.issued.ledger)
    specimens = desk.project.config.publish_specimens
    wanted = choose(desk.project.content, desk.on, commons, keys, replaced, specimens=specimens)
    ledger = _with_editions(desk, commons, wanted)
    tasks = _tasks(desk, ledger, wanted)
    made = _made(desk, tasks)
    _refuse_leaks(desk, wanted, tasks, made)
    events = list(_events(desk, commons.issued.ledger, wanted, tasks, made, replaced))
    ledger = _continued(desk, ledger, *events)
    issued_folder.add(desk.folder, ledger, made, _signed(desk, ledger, commons.issued))
    return tuple(task.number for task in tasks)


def _commons(desk: Desk, *, signed: bool = True) -> Loaded:
    """What all share. Raises ContentError where it has errors, TrustError where the keys do not belong here.

    ``signed``: whether a key that counts must have signed what is issued so far.
    """
    commons = load_commons(desk.project.content)
    if commons.failed:
        raise ContentError(commons.problems)
    keys, base_url = opened(desk.keys), desk.project.config.base_url
    if keys.test and not for_trying(base_url):
        raise TrustError(f"these are TEST keys, which may not be used for {base_url}: make keys with `ismpe keygen`")
    if wrong := [
        *(signature_problems(commons.issued, desk.project.config.keys.trusted) if signed else ()),
        *unpinned(commons.issued, desk.project.config.keys.trusted),
    ]:
        raise ContentError(wrong)
    where = f"content/{ISSUED}/{KEYS}"
    if keys.credential_public in [data for name, data in commons.issued.keys if name.endswith(f"{COMPROMISED}.pub")]:
        raise TrustError(f"these keys are marked as compromised in {where}: make new ones with `ismpe keygen`")
    if not keys.chain or keys.chain[-1] not in [data for _, data in root_certificates(commons.issued.keys)]:
        raise TrustError(f"the seal leads to no root-*.crt in {where}: put the root's certificate there")
    if keys.credential_public not in trusted_keys(commons.issued.keys).values():
        raise TrustError(
            f"the public half of these keys is not in {where}: put there what `ismpe keygen` made with them"
        )
    return commons


def _of_ledger(code: str, message: str, todo: str) -> Problem:
    return Problem(Place(f"content/{ISSUED}/{LEDGER}"), code, message, todo)


def _certificate(issued: Issued, number: str) -> Certificate:
    known = {certificate.number: certificate for certificate in issued.ledger.certificates()}
    if number not in known:
        hint = did_you_mean(number, known)
        raise ContentError([_of_ledger("I621", f"no certificate {number} was issued", f"{hint}see the ledger")])
    return known[number]


def _key_of(project: Project, file: Path) -> str | Problem:
    """organisation/programme/assessment of an assessment's file; a problem where it is none."""
    folder = (project.content / "assessments").resolve()
    path = file.resolve()
    parts = path.relative_to(folder).parts if path.is_relative_to(folder) else ()
    if len(parts) != 3 or path.suffix != ".yaml" or not path.is_file():
        todo = "name a file like content/assessments/acme/graduates/2025-03.yaml"
        return Problem(Place(file.as_posix()), "I622", "this is no assessment of the content", todo)
    return "/".join((*parts[:2], path.stem))


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
            reason = replaced[earlier][1] if earlier in replaced else SUCCEEDED
            same = earlier == task.key if task.key in replaced else earlier.rsplit("/", 1)[0] == programme
            if same and certificate.state(desk.on) in ("active", "suspended"):
                number = certificate.number
                yield {"event": "superseded", "number": number, "reason": reason, "by": task.number}


def _continued(desk: Desk, ledger: Ledger, *events: Mapping[str, Any]) -> Ledger:
    """Raises ContentError where an entry cannot follow."""
    try:
        after = continued(ledger, desk.on, *events)
        # Whatever is written must be what will be read.
        return read_ledger(text_of(after))
    except LedgerError as error:
        raise ContentError([_of_ledger("I624", str(error), "see what the ledger says of it")]) from error


def _refuse_leaks(
    desk: Desk, wanted: Sequence[Wanted], tasks: Sequence[Task], made: Mapping[str, Mapping[str, bytes]]
) -> None:
    """Raises ContentError where what is to be public for good holds a private text: a sealed file cannot be mended."""
    theme, language = desk.project.theme(), desk.project.config.language
    found = []
    for one, task in zip(wanted, tasks, strict=True):
        name = task.key.split("/", maxsplit=1)[0]
        guard = guard_of(name, one.loaded.catalogue.organisations, desk.on, (public_words(theme, language),))
        report = one.award.scored.public and not one.award.scored.unlisted
        for file, data in made[task.number].items():
            if file != RECORD and (report or file != REPORT):
                found += [(name, leak) for leak in guard.leaks(addresses.certificate(task.number) + file, data)]
    if found:
        raise ContentError(problems_of(desk.project.content, found))


def _signed(desk: Desk, ledger: Ledger, issued: Issued) -> dict[str, bytes]:
    return signed_files(ledger, issued.keys, opened(desk.keys), desk.project.config.base_url, desk.on)

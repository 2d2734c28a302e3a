"""Non-interference: no private change moves a public byte; and 18 ways in which a developer could let something out.

Each of these is found by the canary scan, which looks for private texts, by the proof, which looks for private
influence, or by both; the table says by which.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ismpe_site import pipeline, private_proof, searching, workshop
from ismpe_site.artefact import Artefact, Attachment, PrintDocument
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.store import Store
from ismpe_site.findable import Findable
from ismpe_site.late import Late, LateWork, Leaked, Workers, press
from ismpe_site.leaks import shown_on
from ismpe_site.making import Making, Options
from ismpe_site.model import Catalogue, Organisation
from ismpe_site.pipeline import build
from ismpe_site.private_proof import Moved, PrivateProof
from ismpe_site.problems import ContentError
from ismpe_site.project import Project
from ismpe_site.proof.perturbations import perturbations
from ismpe_site.proof.secrets import PUBLIC
from ismpe_site.publications import Scheme, assessments, badges, linked_data, register_page, site
from ismpe_site.publications.site import PrintInputs, WebInputs, data_file, render_print, render_web_page
from ismpe_site.publications.views import PublicAward, PublicOrganisation, Report
from ismpe_site.scoring.score import score
from ismpe_site.theme import Theme
from tests.conftest import AS_OF, ismpe
from tests.forge import DAY
from tests.minimal_site import BASE
from tests.test_publication import small_site, spoil

HTML, HERE = Options(DAY, html_only=True), Workers(InProcess(), InProcess())
TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
NOTE = "The sponsor will leave the programme in the spring, and nobody has been told."
BROOK = "content/assessments/brook-trust"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site in which something of every kind is private."""
    root = small_site(tmp_path / "site")
    shutil.rmtree(root / "content/standards/2024-draft")
    brook, first = root / BROOK, root / BROOK / "starters/2024-05.yaml"
    text = first.read_text(encoding="utf-8")
    write(brook / "organisation.yaml", "contact: {name: Ida Sample-Brook, email: ida.sample@brook.example}\n")
    write(brook / "starters/programme.yaml", "contacts: [{name: Olu Sample-Brook, email: olu.sample@brook.example}]\n")
    write(first, f"private_note: {NOTE}\n")
    spoil(first, "rating: 4, finding", "rating: 4, private_note: They asked us not to say this aloud, finding")
    spoil(first, "title: Two mentors}", "title: Talk with two mentors about the dispute, visibility: private}")
    (brook / "starters/2025-05.yaml").write_text(text.replace("2024-", "2025-"), encoding="utf-8")
    spoil(brook / "starters/2025-05.yaml", "status: reviewed", "status: reviewed\nvisibility: private")
    return root


@pytest.fixture
def more(root: Path) -> Path:
    """The same, with organisations that publish their award alone, nothing, and a report at a secret address."""
    for name, word in (("ash-trust", "award"), ("elm-trust", "private"), ("oak-trust", "public")):
        copy = root / "content/assessments" / name
        shutil.copytree(BASE / "content/assessments/brook-trust", copy)
        spoil(copy / "organisation.yaml", "visibility: public", f"visibility: {word}")
        spoil(copy / "organisation.yaml", "name: Brook Trust", f"name: {name.title()}")
    oak = root / "content/assessments/oak-trust/starters/2024-05.yaml"
    spoil(oak, "status: reviewed", f"status: reviewed\nvisibility: unlisted\nunlisted_token: {TOKEN}")
    write(oak, f"private_note: {NOTE}\n")
    return root


def write(file: Path, more: str) -> None:
    """Add lines to a file."""
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")


def moved(root: Path, output: Path) -> Moved | None:
    """The first of 200 changes that is seen in public."""
    proof = PrivateProof(worked(root, output)[0], ("brook-trust",))
    return next((seen for _, seen in proof.run(200) if seen), None)


# -- nothing moves ---------------------------------------------------------------------------------


def test_no_private_change_moves_a_public_byte(more: Path, tmp_path: Path) -> None:
    """Every private field of every kind, in several ways."""
    tried: list[str] = []
    made = pipeline.private_proof(
        Project.at(more), tmp_path / "output", HTML, 10_000, lambda place, *_: tried.append(place)
    )
    assert made.moved == ()
    assert made.changes == len(tried) > 300
    assert made.changed == made.places == len(set(tried))
    for place in (
        "organisation.yaml contact → name",
        "starters/programme.yaml contacts",
        "starters/2024-05.yaml private_note",
        "starters/2024-05.yaml ratings → 1.1 → private_note",
        "starters/2024-05.yaml evidence → E2 → title",
        "starters/2024-05.yaml evidence → E2 → kind",
        "starters/programme.yaml assessments",
    ):
        assert any(one == f"brook-trust/{place}" for one in tried), place
    assert any(place.startswith("elm-trust/starters/purpose/2021-09-01.md body") for place in tried)
    assert any(place == "oak-trust/starters/2024-05.yaml unlisted_token" for place in tried)
    assert any(place == "ash-trust/starters/2024-05.yaml ratings" for place in tried)


def test_no_change_of_any_private_place_of_the_projects_own_content_moves_anything(tmp_path: Path) -> None:
    run = ismpe("check", "--private-proof", "--output", str(tmp_path / "output"))
    assert run.returncode == 0, run.stderr
    said = re.fullmatch(r"(\d+) changes of (\d+) private places moved no public byte", run.stderr.splitlines()[-1])
    assert said is not None, run.stderr
    assert said[1] == said[2]
    assert int(said[2]) > 600


def test_each_place_is_changed_once_before_any_is_twice(root: Path, tmp_path: Path) -> None:
    tried: list[str] = []
    proved = pipeline.private_proof(
        Project.at(root), tmp_path / "output", HTML, None, lambda place, *_: tried.append(place)
    )
    assert proved.changes > proved.places
    first = tried[: proved.places]
    assert len(set(first)) == len(first) == proved.changed
    fewer = pipeline.private_proof(Project.at(root), tmp_path / "output", HTML, 3)
    assert (fewer.changes, fewer.changed, fewer.places) == (3, 3, proved.places)


def test_documents_keep_their_very_bytes(root: Path, tmp_path: Path) -> None:
    """What the proof compares by recipe, really printed: the report of a public assessment, before and after."""
    before = report_of(root, tmp_path / "before")
    for file in (root / BROOK).rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        for old, new in (
            (NOTE, "Nothing."),
            ("Talk with two mentors about the dispute", "Papers"),
            ("Ida", "Ingeborg"),
        ):
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
    assert report_of(root, tmp_path / "after") == before


def report_of(root: Path, output: Path) -> bytes:
    work, place = worked(root, output)
    (artefact,) = (one for one in work.plan("brook-trust")[0] if one.path.endswith("2024-05/report.pdf"))
    document = artefact.render(artefact.inputs, place.theme)
    assert isinstance(document, PrintDocument)
    return press(document, place.theme)


def worked(root: Path, output: Path) -> tuple[workshop.OrganisationWork, workshop.Workplace]:
    making = Making(Project.at(root), Store(output / ".store"), HTML, 0, only_plan=True)
    making.commons()
    return making.work, making.work.place


def test_every_field_of_an_organisation_is_public_by_name_or_is_changed() -> None:
    """A field that is new to the model is private until ``secrets.PUBLIC`` says otherwise."""
    known = set(PUBLIC[Organisation]) | {"country", "sector", "specimen", "visibility", "language", "programmes"}
    assert set(Organisation.model_fields) - known == {"contact"}


def test_perturbations_are_the_same_for_the_same_content(catalogue: Catalogue) -> None:
    for organisation in catalogue.organisations:
        shown = shown_on(organisation, AS_OF)
        one, two = (
            [(p.place, p.kind, p.change(organisation)) for p in perturbations(organisation, shown)] for _ in range(2)
        )
        assert one == two
        # None of them changes nothing, but where two of a kind are changed round that are alike.
        same = [place for place, kind, changed in one if changed == (organisation,) and "moved" not in kind]
        assert same == []


# -- 18 seeded leaks -------------------------------------------------------------------------------


@dataclass
class Fault:
    """What a fault may do: it has the whole content, as code before the views has."""

    monkeypatch: pytest.MonkeyPatch
    known: dict[str, Organisation]

    def views(self, change: Callable[[Scheme, Organisation], Scheme]) -> None:
        """Spoil the public views of Brook Trust."""
        honest = workshop.with_organisations

        def spoilt(*given: Any) -> Scheme:
            scheme = honest(*given)
            return change(scheme, self.brook) if any(o.id == "brook-trust" for o in scheme.organisations) else scheme

        self.monkeypatch.setattr(workshop, "with_organisations", spoilt)

    def reports(self, change: Callable[[Report], Report]) -> None:
        """Spoil the reports."""
        self.views(lambda scheme, _: replace(scheme, reports=tuple(map(change, scheme.reports))))

    def organisations(self, change: Callable[[PublicOrganisation], PublicOrganisation]) -> None:
        """Spoil the view of the organisation, and of its awards."""

        def award(one: PublicAward) -> PublicAward:
            return replace(one, organisation=change(one.organisation))

        self.views(
            lambda scheme, _: replace(
                scheme,
                organisations=tuple(map(change, scheme.organisations)),
                awards=tuple(map(award, scheme.awards)),
            )
        )

    @property
    def brook(self) -> Organisation:
        return self.known["brook-trust"]

    @property
    def note(self) -> str:
        return self.brook.programmes[0].assessments[0].private_note or ""

    @property
    def email(self) -> str:
        return self.brook.contact.email if self.brook.contact else ""


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Fault:
    known: dict[str, Organisation] = {}
    honest = workshop.without_private

    def remembering(catalogue: Catalogue) -> Catalogue:
        known.update((one.id, one) for one in catalogue.organisations)
        return honest(catalogue)

    monkeypatch.setattr(workshop, "without_private", remembering)
    return Fault(monkeypatch, known)


def note_printed(fault: Fault) -> None:
    fault.reports(lambda report: replace(report, summary=fault.note))


def note_in_a_comment(fault: Fault) -> None:
    def render(inputs: WebInputs, theme: Theme) -> bytes:
        comment = f"<!-- {fault.note} -->" if "brook-trust" in inputs.here else ""
        return render_web_page(inputs, theme) + comment.encode()

    fault.monkeypatch.setattr(site, "render_web_page", render)


def number_of_notes(fault: Fault) -> None:
    def counted(report: Report) -> Report:
        answers = fault.brook.programmes[0].assessments[0].ratings.values()
        return replace(
            report, days_reason=f"{sum(answer.private_note is not None for answer in answers)} notes are kept."
        )

    fault.reports(counted)


def number_of_words(fault: Fault) -> None:
    fault.reports(lambda report: replace(report, interviews=(*report.interviews, ("words", len(fault.note.split())))))


def order_by_a_private_title(fault: Fault) -> None:
    def ordered(report: Report) -> Report:
        titles = fault.brook.programmes[0].assessments[0].evidence
        return replace(report, evidence=tuple(sorted(report.evidence, key=lambda item: len(titles[item.id].title))))

    fault.reports(ordered)


def mean_with_private_reports(fault: Fault) -> None:
    def told(scheme: Scheme, brook: Organisation) -> Scheme:
        scores = [score(scheme.edition(a.edition), a).overall or Fraction(0) for a in brook.programmes[0].assessments]
        mean = f"The mean is {sum(scores, Fraction(0)) / len(scores)}."
        return replace(scheme, organisations=tuple(replace(one, about=mean) for one in scheme.organisations))

    fault.views(told)


def field_in_result_json(fault: Fault) -> None:
    fault.reports(lambda report: replace(report, contract=(*report.contract, ("note", fault.note))))


def contact_in_linked_data(fault: Fault) -> None:
    honest = linked_data.render_organisation

    def render(inputs: linked_data.OrganisationInputs, theme: Theme) -> bytes:
        own = inputs.organisation.id == "brook-trust"
        return honest(inputs, theme).replace(b'"name"', f'"email": "{fault.email}", "name"'.encode(), own)

    fault.monkeypatch.setattr(linked_data, "render_organisation", render)


def note_in_the_search_index(fault: Fault) -> None:
    honest = searching.findables

    def found(*given: Any) -> Iterator[Findable]:
        for one in honest(*given):
            yield replace(one, text=f"{one.text} {fault.note}") if "brook-trust" in one.address else one

    fault.monkeypatch.setattr(searching, "findables", found)


def contact_in_the_feed(fault: Fault) -> None:
    fault.views(lambda scheme, _: replace(scheme, awards=tuple(replace(a, reason=fault.email) for a in scheme.awards)))


def column_in_the_csv(fault: Fault) -> None:
    honest = register_page.award_data

    def data(award: PublicAward) -> dict[str, object]:
        return {**honest(award), "note": fault.note} if award.organisation.id == "brook-trust" else honest(award)

    fault.monkeypatch.setattr(register_page, "award_data", data)


def alternative_text_of_a_badge(fault: Fault) -> None:
    honest = badges.badge_inputs

    def inputs(*given: Any) -> badges.BadgeInputs:
        made = honest(*given)
        return (
            replace(made, programme=f"{made.programme} ({fault.email})") if made.organisation == "Brook Trust" else made
        )

    fault.monkeypatch.setattr(badges, "badge_inputs", inputs)


def file_in_a_pdf(fault: Fault) -> None:
    honest = assessments.printed

    def printed(
        path: str, template: str, frame: Any, day: Any, attached: tuple[Attachment, ...], **view: Any
    ) -> Artefact:
        more = (Attachment("notes.txt", fault.note.encode(), "Notes"),) if "brook-trust" in path else ()
        return honest(path, template, frame, day, (*attached, *more), **view)

    fault.monkeypatch.setattr(assessments, "printed", printed)


def description_of_a_pdf(fault: Fault) -> None:
    def render(inputs: PrintInputs, theme: Theme) -> PrintDocument:
        document = render_print(inputs, theme)
        meta = f'<meta name="description" content="{fault.note}">'
        return replace(
            document,
            html=document.html.replace('<meta name="description" content="', f'{meta}<meta name="x" content="'),
        )

    fault.monkeypatch.setattr(site, "render_print", render)


def name_of_a_file(fault: Fault) -> None:
    honest = workshop.plan_organisation

    def plan(scheme: Scheme) -> tuple[Artefact, ...]:
        own = [one.id for one in scheme.organisations if one.id == "brook-trust"]
        return (*honest(scheme), *(data_file(f"organisations/{one}/{fault.email}.txt", b"") for one in own))

    for module in (workshop, private_proof):
        fault.monkeypatch.setattr(module, "plan_organisation", plan)


def day_of_the_last_change(fault: Fault) -> None:
    def since(scheme: Scheme, brook: Organisation) -> Scheme:
        days = [a.dates.reported for p in brook.programmes for a in p.assessments if a.dates.reported]
        return replace(scheme, awards=tuple(replace(award, since=max(days)) for award in scheme.awards))

    fault.views(since)


def private_award_supersedes(fault: Fault) -> None:
    """The private assessment is there when the register is computed, and left out afterwards."""
    honest = workshop.without_private
    fault.monkeypatch.setattr(workshop, "register", lambda catalogue, day: register_of_all(fault, catalogue, day))
    fault.monkeypatch.setattr(workshop, "without_private", honest)


def register_of_all(fault: Fault, catalogue: Catalogue, day: Any) -> Any:
    from ismpe_site.scoring.register import register

    everyone = tuple(fault.known[one.id] for one in catalogue.organisations)
    known = register(catalogue.model_copy(update={"organisations": everyone}), day)
    shown = {f"{o.id}/{p.id}/{a.id}" for o in catalogue.organisations for p in o.programmes for a in p.assessments}
    return replace(
        known,
        assessments=tuple(one for one in known.assessments if one.key in shown),
        awards=tuple(one for one in known.awards if one.scored.key in shown),
    )


def digest_in_a_link(fault: Fault) -> None:
    def marked(organisation: PublicOrganisation) -> PublicOrganisation:
        return replace(
            organisation, website=f"https://brook.example/?v={hashlib.sha256(fault.email.encode()).hexdigest()[:8]}"
        )

    fault.organisations(marked)


LEAKS: dict[Callable[[Fault], None], str] = {
    note_printed: "scan and proof",
    note_in_a_comment: "scan and proof",
    number_of_notes: "proof",
    number_of_words: "proof",
    order_by_a_private_title: "proof",
    mean_with_private_reports: "proof",
    field_in_result_json: "scan and proof",
    contact_in_linked_data: "scan and proof",
    note_in_the_search_index: "scan and proof",
    contact_in_the_feed: "scan and proof",
    column_in_the_csv: "scan and proof",
    alternative_text_of_a_badge: "scan and proof",
    file_in_a_pdf: "scan and proof",
    # The proof compares the values a document is made from: what is put in after them it does not see.
    description_of_a_pdf: "scan",
    name_of_a_file: "scan and proof",
    day_of_the_last_change: "proof",
    private_award_supersedes: "proof",
    digest_in_a_link: "proof",
}


def test_there_are_18_ways() -> None:
    assert len(LEAKS) == 18


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.__name__)
def test_a_seeded_leak_is_found(root: Path, tmp_path: Path, fault: Fault, leak: Callable[[Fault], None]) -> None:
    leak(fault)
    found = {"scan": scan(root, tmp_path / "output"), "proof": moved(root, tmp_path / "output") is not None}
    assert " and ".join(name for name, whether in found.items() if whether) == LEAKS[leak]


def scan(root: Path, output: Path) -> bool:
    """Whether the canary scan stops a build of the pages, or finds something in the report as it is printed."""
    try:
        build(Project.at(root), output, HTML, HERE)
    except ContentError as error:
        return {problem.code for problem in error.problems} == {"P701"}
    work, place = worked(root, output)
    artefacts, guard = work.plan("brook-trust")
    (report,) = (one for one in artefacts if one.path.endswith("2024-05/report.pdf"))
    return isinstance(LateWork(place, press)(Late(report, guard)), Leaked)


def test_the_command_tells_what_moved(root: Path, tmp_path: Path, fault: Fault) -> None:
    number_of_words(fault)
    seen = moved(root, tmp_path / "output")
    assert seen is not None
    words = seen.in_words()
    assert words.startswith("content/assessments/brook-trust/starters/2024-05.yaml private_note (")
    assert "moves assessments/brook-trust/starters/2024-05/" in words

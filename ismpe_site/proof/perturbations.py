"""An organisation → the same with something private in it changed, in every way that must not move a public byte."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from ismpe_site.model import Assessment, Contact, Evidence, Organisation, Programme, Rating
from ismpe_site.proof.editing import edited, may_be_left_out, value_at, with_value, written_in
from ismpe_site.proof.secrets import NAMES, Readers, Secret, Shown, texts

OTHER = "Something else altogether is written here, and it is said in other words."
LONGER = " And this was found at the same time, in a second talk with the steering group, which took an hour." * 30
SOMEBODY = Contact(name="Somebody Else-Sample", email="somebody.else@sample.example")

# One organisation → what stands in its place: itself changed, or with another beside it, or nothing.
Change = Callable[[Organisation], tuple[Organisation, ...]]


@dataclass(frozen=True)
class Perturbation:
    """A change of something private: where, of what kind, and who may see that it was made."""

    place: str
    kind: str
    change: Change = field(compare=False)
    readers: Readers = "nobody"


def perturbations(organisation: Organisation, shown: Shown) -> Iterator[Perturbation]:
    """Every private field in turn, each in several ways."""
    for secret in texts(organisation, shown):
        if secret.readers != "all":
            yield from _of_text(organisation, secret)
    yield from _of_contacts(organisation)
    for programme in organisation.programmes:
        for assessment in programme.assessments:
            level = shown(assessment)
            readers: Readers = "told" if level == "unlisted" else "nobody"
            yield from _of_notes(programme, assessment)
            if level != "public":
                yield from _of_report(programme, assessment, readers, awarded=level != "private")
            if level == "private":
                yield from _of_existence(programme, assessment)
        yield from _another_assessment(programme)
    if organisation.visibility == "private" and not any(
        shown(a) != "private" for p in organisation.programmes for a in p.assessments
    ):
        yield Perturbation(organisation.id, "removed", lambda _: ())
    yield Perturbation(organisation.id, "another private organisation added", _another_organisation)


def in_an_order(found: list[Perturbation], seed: int) -> list[Perturbation]:
    """The same in an order of chance that is the same for the same ``seed``."""
    return sorted(found, key=lambda one: hashlib.sha256(f"{seed} {one.place} {one.kind}".encode()).digest())


# -- texts -----------------------------------------------------------------------------------------


def _of_text(organisation: Organisation, secret: Secret) -> Iterator[Perturbation]:
    value = value_at(written_in(organisation, secret.file), secret.path)
    # The key of a group is no value, and the name of a folder nothing that is written.
    if value != secret.text or secret.path == ("id",):
        return
    place = f"{secret.file} {' → '.join(map(str, secret.path))}"
    other = f"{hashlib.sha256(place.encode()).hexdigest()[:12]}@sample.example" if secret.path[0] in NAMES else OTHER
    readers = secret.readers
    if secret.path == ("unlisted_token",):
        # Who was told the old address sees that it is another.
        other, readers = hashlib.sha256(place.encode()).hexdigest()[:32], "told"
    kinds: dict[str, object] = {"other text": other, "longer": secret.text + LONGER, "short": "A."}
    if secret.path[0] in NAMES or secret.path[0] == "website":
        kinds = {"other text": other}
    # Without its reason a criterion would be open, and the award another.
    elif secret.path[-1] != "not_applicable" and may_be_left_out(written_in(organisation, secret.file), secret.path):
        kinds["removed"] = None
    for kind, new in kinds.items():
        change = partial(with_value, path=secret.path, new=new)
        yield _change(secret.file, " → ".join(map(str, secret.path)), kind, change, readers)


# -- what is added, and what is no text ------------------------------------------------------------


def _of_contacts(organisation: Organisation) -> Iterator[Perturbation]:
    for kind, contact in (("other", SOMEBODY), ("removed", None)):
        change = partial(with_value, path=("contact",), new=contact)
        yield _change("organisation.yaml", "contact", kind, change)
    for programme in organisation.programmes:
        file = f"{programme.id}/programme.yaml"
        for kind, contacts in (
            ("other", (SOMEBODY, SOMEBODY)),
            ("one more", (*programme.contacts, SOMEBODY)),
            ("removed", ()),
        ):
            change = partial(with_value, path=("contacts",), new=contacts)
            yield _change(file, "contacts", kind, change)


def _of_notes(programme: Programme, assessment: Assessment) -> Iterator[Perturbation]:
    """A note where there was none."""
    file = f"{programme.id}/{assessment.id}.yaml"
    if assessment.private_note is None:
        yield _change(file, "private_note", "added", partial(with_value, path=("private_note",), new=OTHER + LONGER))
    for criterion, rating in assessment.ratings.items():
        if rating.private_note is None:
            path = ("ratings", criterion, "private_note")
            yield _change(
                file, f"ratings → {criterion} → private_note", "added", partial(with_value, path=path, new=OTHER)
            )
    for number, item in assessment.evidence.items():
        if item.visibility == "private":
            kind = "system" if item.kind != "system" else "policy"
            change = partial(with_value, path=("evidence", number, "kind"), new=kind)
            yield _change(file, f"evidence → {number} → kind", "other", change)


def _change(file: str, path: str, kind: str, change: Callable[[Any], Any], readers: Readers = "nobody") -> Perturbation:
    return Perturbation(f"{file} {path}", kind, lambda one: (edited(one, file, change),), readers)


def _of_report(
    programme: Programme, assessment: Assessment, readers: Readers, *, awarded: bool
) -> Iterator[Perturbation]:
    """A report that is not published, in all that does not change the award."""
    file = f"{programme.id}/{assessment.id}.yaml"
    more = {"interviews": {**assessment.interviews, "night watch": 17}, "core_standards": {}, "days_reason": OTHER}
    if assessment.summary is None:
        more["summary"] = OTHER
    for name, new in more.items():
        yield _change(file, name, "other", partial(with_value, path=(name,), new=new), readers)
    evidence = {**assessment.evidence, "E99": Evidence(kind="policy", title=OTHER)}
    yield _change(file, "evidence", "one more", partial(with_value, path=("evidence",), new=evidence), readers)
    yield _change(file, "dates → assessed", "a day earlier", _earlier, readers)
    for criterion, rating in assessment.ratings.items():
        plain = rating.model_copy(update={"finding": OTHER, "recommendation": None, "departure": None, "evidence": ()})
        change = partial(with_value, path=("ratings", criterion), new=plain)
        yield _change(file, f"ratings → {criterion}", "other words", change, readers)
        if not awarded:
            change = partial(with_value, path=("ratings", criterion), new=Rating(rating=0))
            yield _change(file, f"ratings → {criterion}", "other points", change, readers)
    if awarded:
        yield _change(file, "ratings", "points moved from one criterion to another", _exchanged, readers)


def _earlier(assessment: Assessment) -> Assessment:
    days = tuple(day - timedelta(days=1) for day in assessment.dates.assessed)
    dates = assessment.dates.model_copy(update={"assessed": days, "feedback": None})
    return assessment.model_copy(update={"dates": dates})


def _exchanged(assessment: Assessment) -> Assessment:
    """Two unlike ratings of one core standard changed round: the scores, and so the award, stay what they are."""
    ratings = dict(assessment.ratings)
    for one, first in ratings.items():
        for other, second in ratings.items():
            same = one.partition(".")[0] == other.partition(".")[0]
            if same and first.rating is not None and second.rating is not None and first.rating != second.rating:
                ratings[one], ratings[other] = (
                    first.model_copy(update={"rating": second.rating}),
                    second.model_copy(update={"rating": first.rating}),
                )
                return assessment.model_copy(update={"ratings": ratings})
    return assessment


def _of_existence(programme: Programme, assessment: Assessment) -> Iterator[Perturbation]:
    """A private assessment that is gone, or says something else of itself."""
    file = f"{programme.id}/{assessment.id}.yaml"

    def gone(organisation: Organisation) -> tuple[Organisation, ...]:
        left = tuple(a for a in programme.assessments if a.id != assessment.id)
        return (
            edited(
                organisation, f"{programme.id}/programme.yaml", lambda p: p.model_copy(update={"assessments": left})
            ),
        )

    yield Perturbation(file, "removed", gone)
    yield _change(file, "status", "other", partial(with_value, path=("status",), new="draft"))
    for day in (date(2020, 1, 31), None):
        change = partial(with_value, path=("dates", "reported"), new=day)
        yield _change(file, "dates → reported", "other" if day else "removed", change)


def _another_assessment(programme: Programme) -> Iterator[Perturbation]:
    """A private one more: later than all others, and with the best of scores."""
    if not programme.assessments:
        return
    last = programme.assessments[-1]
    best = max((rating.rating or 0 for rating in last.ratings.values()), default=0)
    ratings = {c: r.model_copy(update={"rating": best}) if r.rating is not None else r for c, r in last.ratings.items()}
    reported = (last.dates.reported or date(2020, 1, 1)) + timedelta(days=40)
    dates = last.dates.model_copy(update={"reported": reported})
    fields = {
        "visibility": "private",
        "unlisted_token": None,
        "ratings": ratings,
        "dates": dates,
        "private_note": OTHER,
    }
    new = last.model_copy(
        update={"id": f"{last.id[:4]}-13", "status": "reviewed", "suspension": None, "withdrawal": None} | fields
    )
    file = f"{programme.id}/programme.yaml"

    def added(one: Programme) -> Programme:
        return one.model_copy(update={"assessments": (*one.assessments, new)})

    yield _change(file, "assessments", "a private one added", added)


def _another_organisation(organisation: Organisation) -> tuple[Organisation, ...]:
    def silent(programme: Programme) -> Programme:
        assessments = tuple(
            a.model_copy(update={"visibility": None, "unlisted_token": None}) for a in programme.assessments
        )
        return programme.model_copy(update={"assessments": assessments})

    programmes = tuple(map(silent, organisation.programmes))
    fields = {
        "id": f"{organisation.id}-2",
        "name": "Aardvark Sample",
        "visibility": "private",
        "programmes": programmes,
    }
    return organisation, organisation.model_copy(update=fields)

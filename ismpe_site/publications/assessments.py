"""Assessments: the report where it is public, else the award alone; the report's PDF and its data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ismpe_site.artefact import Artefact, Attachment
from ismpe_site.model import Edition
from ismpe_site.publications import addresses
from ismpe_site.publications.badges import badge_kit
from ismpe_site.publications.comparison import with_earlier
from ismpe_site.publications.scheme import levels_of
from ismpe_site.publications.site import canonical_json, data_file, printed, web_page
from ismpe_site.publications.standing import minima, of_all, of_standards
from ismpe_site.publications.views import Answer, IssueMark, Report, Scheme


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/assessments/<organisation>/<programme>/<id>/``, and ``/unlisted/<token>/``."""
    for report in (*scheme.reports, *scheme.unlisted):
        view = report_view(report, scheme.editions)
        kit = badge_kit(scheme, report.award) if report.award else {}
        view |= {"overdue": _overdue(report, scheme.as_of), "issued_on": issued_on(scheme, report)}
        yield web_page("report", report.address, scheme.site, **view, **kit)
        result = canonical_json(dict(report.contract))
        yield data_file(f"{report.address}result.json", result)
        yield _report_file(scheme, report)
    for award in scheme.awards:
        if not award.report_public:
            yield web_page(
                "award", addresses.assessment(award.key), scheme.site, award=award, **badge_kit(scheme, award)
            )


def issued_on(scheme: Scheme, report: Report) -> date | None:
    """The day on which the certificate of a report was issued."""
    number = report.award.certificate if report.award else ""
    return next((one.issued for one in scheme.certificates if one.number == number), None)


def _report_file(scheme: Scheme, report: Report) -> Artefact:
    """The report in print: the frozen one where it is issued."""
    number = report.award.certificate if report.award else ""
    for frozen, name, data in scheme.frozen:
        if (frozen, name) == (number, "report.pdf"):
            return data_file(f"{report.address}report.pdf", data)
    return report_document(scheme, report)


def report_document(scheme: Scheme, report: Report, issue: IssueMark | None = None, **more: Any) -> Artefact:
    """The report in print with its scores, and what they follow from, as data; ``issue``: where it is being issued.

    ``more``: what its template is handed in addition.
    """
    attached = (
        Attachment("result.json", canonical_json(dict(report.contract)), "The scores of this report as data"),
        Attachment("assessment.json", canonical_json(ratings_data(report)), "The ratings the scores follow from"),
    )
    view = report_view(report, scheme.editions)
    path, sealed = f"{report.address}report.pdf", issue is not None
    return printed(path, "report", scheme.site, report.day, attached, sealed=sealed, issue=issue, **view, **more)


def ratings_data(report: Report) -> dict[str, object]:
    """All that a score needs besides the rules of the edition: points, or null where a criterion does not apply."""
    answers = (answer for _, group in report.answers for answer in group)
    return {
        "assessment": report.key,
        "edition": report.edition.id,
        "status": report.status,
        "ratings": {
            answer.criterion.id: answer.points
            for answer in answers
            if answer.points is not None or answer.not_applicable is not None
        },
    }


def _overdue(report: Report, day: date) -> tuple[str, ...]:
    """What of ``report`` and ``certificate`` should have been there before ``day``."""
    issued = report.award is not None and report.award.certificate != ""
    due = {
        "report": None if report.reported else report.report_due,
        "certificate": None if issued else report.certificate_due,
    }
    return tuple(name for name, by in due.items() if by is not None and by < day)


def report_view(report: Report, editions: Sequence[Edition]) -> dict[str, Any]:
    """What the report's templates show, on the web and in print."""
    edition, earlier, score = report.edition, report.earlier, report.score
    compared = with_earlier(report, editions)
    answers = {answer.criterion.id: answer for _, group in report.answers for answer in group}
    return {
        "report": report,
        "edition": edition,
        "levels": levels_of(edition),
        "labels": {point.value: point.label for point in edition.rating_scale},
        "top": max(point.value for point in edition.rating_scale),
        "steps": _steps(edition),
        "titles": {standard.number: standard.title for standard in edition.core_standards},
        "standings": of_standards(edition, score),
        "overall_standing": of_all(edition, score),
        "minima": minima(edition),
        "tallies": {number: _tally(edition, group) for number, group in report.answers},
        "goal": next((level for level in score.levels if level.level == score.next_level), None),
        "missing": tuple((change, answers[change.criterion]) for change in score.next_changes),
        "comparison": compared,
        "earlier_edition": next((one for one in editions if earlier and one.id == earlier.edition), None),
        "since": {row.criterion: row for row in compared.criteria if row.difference} if compared else {},
        "kinds": {item.id: item.kind for item in report.evidence},
        "bar": bar,
        "points_apart": points_apart,
    }


def bar(share: Fraction, width: int) -> str:
    """The length of a bar in tenths of a unit, exact to what a screen can show: a number for an SVG attribute."""
    tenths = share.numerator * width * 10 // share.denominator
    return f"{tenths // 10}.{tenths % 10}"


def points_apart(difference: Fraction) -> str:
    """How far apart two shares are, in percentage points without a sign, with one decimal.

    Rounded down like every figure shown: a gain never looks larger than it is, a loss never smaller.
    """
    tenths = abs(difference.numerator * 1000 // difference.denominator)
    return f"{tenths // 10}.{tenths % 10}"


def _steps(edition: Edition) -> tuple[tuple[int, str, str], ...]:
    """(points, where it begins, its length) for each step up the rating scale, of 100 units; a gap after each."""
    points = sorted(point.value for point in edition.rating_scale)
    steps = pairwise([0, *(value for value in points if value)])
    return tuple(
        (value, bar(Fraction(before, points[-1]), 100), bar(Fraction(value - before, points[-1]), 97))
        for before, value in steps
    )


def _tally(edition: Edition, answers: Sequence[Answer]) -> tuple[tuple[str, int], ...]:
    """(words of the scale, how many criteria are rated so), the highest rating first."""
    counts = Counter(answer.points for answer in answers)
    points = sorted(edition.rating_scale, key=lambda point: point.value, reverse=True)
    return tuple((point.label, counts[point.value]) for point in points if counts[point.value])

"""Assessments: the report where it is public, else the award alone; the report's PDF and its data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from ismpe_site.artefact import Artefact, Attachment
from ismpe_site.publications import addresses
from ismpe_site.publications.badges import badge_kit
from ismpe_site.publications.scheme import levels_of
from ismpe_site.publications.site import canonical_json, data_file, printed, web_page
from ismpe_site.publications.views import Answer, Report, Scheme


def publish(scheme: Scheme) -> Iterator[Artefact]:
    """``/assessments/<organisation>/<programme>/<id>/``."""
    for report in scheme.reports:
        view = report_view(report)
        kit = badge_kit(scheme, report.award) if report.award else {}
        overdue = _overdue(report, scheme.as_of)
        yield web_page("report", report.address, scheme.site, overdue=overdue, **view, **kit)
        result = canonical_json(dict(report.contract))
        yield data_file(f"{report.address}result.json", result)
        attached = Attachment("result.json", result, "The scores of this report as data")
        yield printed(f"{report.address}report.pdf", "report", scheme.site, report.day, (attached,), **view)
    for award in scheme.awards:
        if not award.report_public:
            yield web_page(
                "award", addresses.assessment(award.key), scheme.site, award=award, **badge_kit(scheme, award)
            )


def _overdue(report: Report, day: date) -> tuple[str, ...]:
    """What of ``report`` and ``certificate`` should have been there before ``day``; no certificate is issued yet."""
    due = {"report": None if report.reported else report.report_due, "certificate": report.certificate_due}
    return tuple(name for name, by in due.items() if by is not None and by < day)


def report_view(report: Report) -> dict[str, Any]:
    """What the report's templates show, on the web and in print."""
    edition = report.edition
    earlier = report.earlier
    return {
        "report": report,
        "edition": edition,
        "levels": levels_of(edition),
        "top": max(point.value for point in edition.rating_scale),
        "titles": {standard.number: standard.title for standard in edition.core_standards},
        "changes": _changes(report) if earlier and earlier.edition == edition.id else (),
        "earlier_shares": {s.number: s.fraction for s in earlier.score.standards} if earlier else {},
        "goal": next((level for level in report.score.levels if level.level == report.score.next_level), None),
        "bar": bar,
    }


def bar(share: Fraction, width: int) -> str:
    """The length of a bar in tenths of a unit, exact to what a screen can show: a number for an SVG attribute."""
    tenths = share.numerator * width * 10 // share.denominator
    return f"{tenths // 10}.{tenths % 10}"


def _changes(report: Report) -> tuple[tuple[Answer, int, int], ...]:
    """(answer, points then, points now) for every criterion rated differently from the earlier assessment."""
    before = dict(report.earlier.ratings) if report.earlier else {}
    found = []
    for _, answers in report.answers:
        for answer in answers:
            then = before.get(answer.criterion.id)
            if then is not None and answer.points is not None and then != answer.points:
                found.append((answer, then, answer.points))
    return tuple(found)

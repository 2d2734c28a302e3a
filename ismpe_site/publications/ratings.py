"""Public reports → the ratings that statistics count: one report for each programme, the latest."""

from __future__ import annotations

from collections.abc import Iterable

from ismpe_site.publications.views import PublicRatings, Report

# Reviewed by the supervisory assessor, whatever became of the award since.
REVIEWED = ("reviewed", "suspended", "withdrawn")
NO_POINTS = "-"


def latest_ratings(reports: Iterable[Report]) -> tuple[PublicRatings, ...]:
    """The ratings of each programme's latest reviewed report. ``reports`` are public: no other is made into a view."""
    latest: dict[str, Report] = {}
    for report in sorted((r for r in reports if r.status in REVIEWED), key=lambda report: (report.day, report.key)):
        latest[f"{report.organisation.id}/{report.programme.id}"] = report
    return tuple(_ratings(programme, report) for programme, report in sorted(latest.items()))


def _ratings(programme: str, report: Report) -> PublicRatings:
    answers = (answer for _, of_standard in report.answers for answer in of_standard)
    points = (NO_POINTS if answer.points is None else str(answer.points) for answer in answers)
    return PublicRatings(programme, report.edition.id, " ".join(points))


def points_of(ratings: PublicRatings) -> tuple[int | None, ...]:
    """The points of each criterion of the edition, in its order; None where it has none."""
    return tuple(None if word == NO_POINTS else int(word) for word in ratings.points.split())

"""What a certificate was issued upon: the parts of an assessment that must stay as they were, each with its digest.

What the public never sees is not among them: a note of the assessors may be mended at any time. Neither is the
visibility of the report, which is the organisation's to change.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ismpe_site.exact_json import digest
from ismpe_site.model.assessments import Assessment

Path = tuple[str, ...]

_WHOLE = ("edition", "assessor", "supervisory_assessor", "days_reason", "summary", "interviews")
_DATES = ("assessed", "feedback", "reviewed", "reported")
_ANSWER = ("rating", "not_applicable", "departure", "finding", "evidence", "recommendation")
_REVIEW = ("summary", "strengths", "improvements")
_EVIDENCE = ("kind", "title", "dated")


def assessed_parts(assessment: Assessment, salt: str) -> dict[Path, str]:
    """Where each part stands in the file → SHA-256 of ``salt`` and what it says; parts left empty are left out."""
    return {path: digest(value, salt) for path, value in _parts(assessment.model_dump(mode="json")) if value}


def _parts(data: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    yield from (((name,), data[name]) for name in _WHOLE)
    yield from ((("dates", name), data["dates"][name]) for name in _DATES)
    for number, item in data["evidence"].items():
        yield ("evidence", number), number
        if item["visibility"] == "public":
            yield from ((("evidence", number, name), item[name]) for name in _EVIDENCE)
    for criterion, answer in data["ratings"].items():
        yield from ((("ratings", criterion, name), _kept(answer[name])) for name in _ANSWER)
    for number, review in data["core_standards"].items():
        yield from ((("core_standards", number, name), review[name]) for name in _REVIEW)


def _kept(value: Any) -> Any:
    """A rating of nought is a part as well."""
    return [value] if isinstance(value, int) else value

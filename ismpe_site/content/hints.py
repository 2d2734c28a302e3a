"""What may stand in a field of an assessment: it depends on the edition it names and on the people there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ismpe_site.content.yaml_text import Path, Tree
from ismpe_site.model import Edition, Person
from ismpe_site.problems import allowed, did_you_mean

# (the file's tree, path of the field, what is written there) → what is allowed; empty where nothing more is known
Hint = Callable[[Tree, Path, object], str]

# What is written for a rating by those who mean that the criterion does not apply.
NOT_APPLICABLE = ("n/a", "na", "n.a.", "none", "not applicable", "not_applicable", "-", "x")


def assessment_hints(editions: Sequence[Edition], people: Sequence[Person]) -> Hint:
    """Points of the scale, names of assessors and of editions, for what cannot even be read as one."""
    scales = {edition.id: [point.value for point in edition.rating_scale] for edition in editions}
    fit = {
        "assessor": [person.id for person in people if person.accreditation],
        "supervisory_assessor": [person.id for person in people if person.supervisory],
        "edition": list(scales),
    }

    def hint(tree: Tree, path: Path, written: object) -> str:
        if len(path) == 1 and (known := fit.get(str(path[0]))):
            return did_you_mean(_as_name(str(written)), known) + allowed(known)
        scale = scales.get(str(tree.get("edition"))) if isinstance(tree, dict) else None
        if scale and path[:1] == ("ratings",) and path[-1] == "rating":
            open_one = "write {not_applicable: and why}, where the criterion is conditional; else "
            return (open_one if str(written).strip().lower() in NOT_APPLICABLE else "") + allowed(scale)
        return ""

    return hint


def _as_name(words: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", words.lower()))

"""A complete project with as many invented organisations as wanted: the same for the same seed.

``python -m benchmarks.generator N FOLDER [--seed S]``. Organisation number i depends on the seed and on i alone.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from benchmarks import words
from benchmarks.assessment import Plan, assessment_text
from benchmarks.yaml_out import block, quoted

REPOSITORY = Path(__file__).parents[1]
COPIED = ("site.toml", "themes", "content/standards/2003", "content/people")
LEFT_OUT = ("content/standards/2026-draft", "content/pages")
# One after the other, so that twenty organisations show every state: how the programme does, and what became of it.
STATES = (
    ("gold", "reviewed"), ("silver", "reviewed"), ("bronze", "reviewed"), ("none", "reviewed"),
    ("silver", "again"), ("bronze", "draft"), ("gold", "old"), ("silver", "withdrawn"),
    ("bronze", "suspended"), ("silver", "assessed"), ("bronze", "self"), ("gold", "reviewed"),
    ("silver", "private"), ("bronze", "reviewed"), ("silver", "reviewed"), ("bronze", "again"),
    ("gold", "private draft"), ("none", "reviewed"), ("silver", "reviewed"), ("bronze", "old"),
)  # fmt: skip
DOCUMENTS = (("purpose", "Purpose", 0.8), ("values", "Values", 0.7), ("code-of-conduct", "Code of conduct", 0.85))


@dataclass(frozen=True)
class Named:
    """An organisation before its files are written."""

    id: str
    name: str
    sector: str
    programme: str
    programme_name: str
    audience: str


def generate(count: int, folder: Path, seed: int = 7, *, small: bool = False) -> Path:
    """Write the project into ``folder``, which must not hold one yet; returns it. ``small``: without the draft
    edition and the pages, where only organisations are of interest."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in COPIED if small else (*COPIED, *LEFT_OUT):
        source, target = REPOSITORY / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
    for name in ("assessments", "pages"):
        (folder / "content" / name).mkdir(exist_ok=True)
    for index in range(count):
        organisation(folder / "content/assessments", index, seed)
    return folder


def organisation(
    folder: Path, index: int, seed: int, kind: tuple[str, str] | None = None, *, documents: bool = True
) -> Path:
    """Write organisation number ``index``; returns its folder. ``kind`` takes the place of its turn in STATES."""
    random = Random(f"{seed}/{index}")
    quality, state = kind or STATES[index % len(STATES)]
    named = _named(random, index)
    home = folder / named.id
    home.mkdir()
    (home / "organisation.yaml").write_text(_organisation_text(random, named, state), encoding="utf-8")
    programme = home / named.programme
    programme.mkdir()
    (programme / "programme.yaml").write_text(_programme_text(random, named), encoding="utf-8")
    if documents:
        _documents(random, programme, named)
    for plan in _plans(random, quality, state):
        (programme / f"{plan.first:%Y-%m}.yaml").write_text(assessment_text(random, plan), encoding="utf-8")
    return home


def _named(random: Random, index: int) -> Named:
    sector = random.choice(tuple(words.SECTORS))
    place, kind = random.choice(words.FIRST) + random.choice(words.LAST), random.choice(words.SECTORS[sector])
    programme, audience = random.choice(words.AUDIENCES)
    slug = f"{place} {kind}".lower().replace("'", "").replace(" ", "-")
    programme_id = programme.lower().replace(" ", "-")
    return Named(f"{slug}-{index + 1:05d}", f"{place} {kind}", sector, programme_id, programme, audience)


def _organisation_text(random: Random, named: Named, state: str) -> str:
    about = f"{named.name} has {random.randint(2, 60) * 100} employees at {random.randint(1, 14)} places."
    return "\n".join(
        (
            f"name: {quoted(named.name)}",
            f"country: {quoted(random.choice(words.COUNTRIES))}",
            f"sector: {named.sector}",
            f"website: https://{named.id}.example",
            "specimen: true",
            f"visibility: {'private' if state.startswith('private') else 'public'}",
            "about: |",
            *block([[about, *words.paragraph(random, 1, 2)], words.paragraph(random, 1, 3)], "  "),
            f"contact: {{name: The programme office, email: mentoring@{named.id}.example}}",
            "",
        )
    )


def _programme_text(random: Random, named: Named) -> str:
    mentors = random.randint(8, 70)
    return "\n".join(
        (
            f"name: {quoted(named.programme_name)}",
            f"audience: {quoted(named.audience)}",
            f"started: {quoted(f'{random.randint(2012, 2021)}-{random.randint(1, 12):02d}')}",
            "about: |",
            *block([words.paragraph(random, 2, 4)], "  "),
            f"numbers: {{mentors: {mentors}, mentees: {mentors + random.randint(0, 12)}}}",
            "",
        )
    )


def _documents(random: Random, programme: Path, named: Named) -> None:
    for kind, title, share in DOCUMENTS:
        if random.random() >= share:
            continue
        (programme / kind).mkdir()
        day = date(random.randint(2019, 2021), random.randint(1, 12), 1)
        first = _document_text(random, f"{title} of {named.programme_name}", changed=False)
        (programme / kind / f"{day}.md").write_text(first, encoding="utf-8")
        if random.random() < 0.25:
            later = day.replace(year=day.year + random.randint(2, 4))
            second = _document_text(random, f"{title} of {named.programme_name}", changed=True)
            (programme / kind / f"{later}.md").write_text(second, encoding="utf-8")


def _document_text(random: Random, title: str, *, changed: bool) -> str:
    lines = ["---", f"title: {quoted(title)}", f"summary: {quoted(words.filled(random, words.SENTENCES))}"]
    lines += [f"changes: {quoted(words.filled(random, words.RECOMMENDATIONS))}"] if changed else []
    lines += ["---", " ".join(words.paragraph(random, 2, 3)), ""]
    for heading in random.sample(words.TITLES, 3):
        lines += [f"## {heading}", "", " ".join(words.paragraph(random, 2, 4)), ""]
        lines += [f"- {words.filled(random, words.POINTS)}" for _ in range(random.choice((0, 0, 3, 4)))] + [""]
    return "\n".join(lines).rstrip() + "\n"


def _plans(random: Random, quality: str, state: str) -> list[Plan]:
    """The assessments of a programme: one, or two where the first is superseded."""
    old = state in ("old", "again")
    first = date(2022, 2, 7) + timedelta(days=7 * random.randint(0, 80))
    if not old:
        first = date(2024, 1, 8) + timedelta(days=7 * random.randint(0, 95))
    status = "reviewed" if state in ("again", "old", "private") else state.removeprefix("private ")
    plans = [Plan(first, status, quality)]
    if state == "again":
        second = first + timedelta(days=7 * random.randint(110, 150))
        better = {"bronze": "silver", "silver": "gold"}[quality]
        plans.append(Plan(second, "reviewed", better))
    if state == "draft":
        plans[0] = Plan(first, "draft", quality, public=True)
    return plans


def main() -> None:
    """Take the arguments of the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generator", description=__doc__)
    parser.add_argument("count", metavar="N", type=int, help="how many organisations")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where to write the project")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    if given.folder.exists() and any(given.folder.iterdir()):
        parser.error(f"{given.folder} is not empty")
    generate(given.count, given.folder, given.seed)
    sys.stdout.write(f"{given.count} organisations in {given.folder}\n")


if __name__ == "__main__":
    main()

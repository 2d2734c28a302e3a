"""One generated assessment: about fifteen kilobytes of YAML, as assessors write it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks import words
from benchmarks.yaml_out import block, quoted

# Criteria in each core standard of the 2003 edition, and those that may be not applicable.
CRITERIA = tuple(
    f"{number}.{index}"
    for number, count in enumerate((9, 17, 8, 9, 5, 9), 1)
    for index in range(1, count + 1)
)  # fmt: skip
CONDITIONAL = ("1.4", "1.8", "6.4", "6.5")
# Of a hundred ratings, how many are 4, 3 and 2; the rest is 1.
MIXES = {"gold": (90, 100, 100), "silver": (66, 97, 100), "bronze": (45, 88, 100), "none": (25, 66, 94)}
ASSESSORS = ("tobias-exemplar", "henrik-prove", "amara-muster")
SUPERVISORS = ("jane-specimen", "lindiwe-mostra")


@dataclass(frozen=True)
class Plan:
    """What is to be written: first day on site (a Monday), status, and how well the programme does."""

    first: date
    status: str
    quality: str
    public: bool = False

    @property
    def complete(self) -> bool:
        """Whether every criterion needs its answer."""
        return self.status not in ("self", "draft")

    @property
    def signed_off(self) -> bool:
        """Whether a supervisory assessor has reviewed it."""
        return self.status in ("reviewed", "suspended", "withdrawn")


def assessment_text(random: Random, plan: Plan) -> str:
    """The file's text."""
    evidence = [f"E{number + 1}" for number in range(random.randint(7, len(words.EVIDENCE)))]
    lines = ['edition: "2003"', f"status: {plan.status}"]
    lines += ["visibility: public"] if plan.public else []
    lines += _procedure(random, plan)
    lines += ["evidence:", *_evidence(random, plan, evidence), "ratings:", *_ratings(random, plan, evidence)]
    if plan.complete and random.random() < 0.85:
        lines += ["core_standards:", *_core_standards(random)]
    if plan.complete:
        lines += ["summary: |", *block([words.paragraph(random, 2, 4) for _ in range(2)], "  ")]
    lines += _change(random, plan)
    return "\n".join(lines) + "\n"


def _procedure(random: Random, plan: Plan) -> Iterator[str]:
    second = plan.first + timedelta(days=1)
    yield f"assessor: {random.choice(ASSESSORS)}"
    if plan.signed_off:
        yield f"supervisory_assessor: {random.choice(SUPERVISORS)}"
    yield "dates:"
    yield f'  assessed: ["{plan.first}", "{second}"]'
    yield f'  feedback: "{second}"'
    if plan.signed_off:
        reviewed = second + timedelta(days=random.randint(10, 25))
        yield f'  reviewed: "{reviewed}"'
        yield f'  reported: "{reviewed + timedelta(days=random.randint(1, 14))}"'
    numbers = (random.randint(3, 8), random.randint(4, 9), random.randint(2, 4), 2, 1)
    yield "interviews: {" + ", ".join(f"{role}: {n}" for role, n in zip(words.ROLES, numbers, strict=True)) + "}"


def _evidence(random: Random, plan: Plan, numbers: list[str]) -> Iterator[str]:
    for number, (kind, title) in zip(numbers, words.EVIDENCE, strict=False):
        dated = f"{plan.first.year - random.randint(0, 2)}-{random.randint(1, 12):02d}"
        hidden = ", visibility: private" if kind in ("policy", "observation") and random.random() < 0.4 else ""
        yield f'  {number}: {{kind: {kind}, title: {quoted(title)}, dated: "{dated}"{hidden}}}'


def _ratings(random: Random, plan: Plan, evidence: list[str]) -> Iterator[str]:
    criteria = CRITERIA if plan.complete else CRITERIA[: random.randint(12, 50)]
    for place, criterion in enumerate(criteria):
        if criterion in CONDITIONAL and random.random() < 0.1:
            yield f'  "{criterion}": {{not_applicable: {quoted(random.choice(words.NOT_APPLICABLE))}}}'
            continue
        chance, mix = random.random() * 100, MIXES[plan.quality]
        rating = 4 - sum(chance >= share for share in mix)
        # The first criteria cite the list in order, so that nothing is listed in vain.
        cited = [evidence[place]] if place < len(evidence) else []
        if rating > 2 and not cited and random.random() < 0.18:
            yield f'  "{criterion}": {rating}'
            continue
        others = [number for number in random.sample(evidence, random.randint(0, 2)) if number not in cited]
        yield f'  "{criterion}":'
        yield f"    rating: {rating}"
        yield from _finding(random)
        if cited or others:
            yield f"    evidence: [{', '.join(cited + others)}]"
        if rating < 3 or random.random() < 0.1:
            yield f"    recommendation: {quoted(words.filled(random, words.RECOMMENDATIONS))}"
        if random.random() < 0.02:
            yield f"    private_note: {quoted(words.filled(random, words.SENTENCES))}"


def _finding(random: Random) -> Iterator[str]:
    sentences, shape = words.paragraph(random, 1, 3), random.random()
    if shape < 0.08:
        yield "    finding: |"
        points = [f"- {words.filled(random, words.POINTS)}" for _ in range(random.randint(2, 4))]
        yield from block([sentences, points], "      ")
    elif shape < 0.14:
        yield "    finding: |"
        yield from block([sentences, words.paragraph(random, 1, 2)], "      ")
    elif len(sentences) == 1:
        yield f"    finding: {quoted(sentences[0])}"
    else:
        yield "    finding: >-"
        yield from (f"      {sentence}" for sentence in sentences)


def _core_standards(random: Random) -> Iterator[str]:
    for number in range(1, 7):
        yield f'  "{number}":'
        yield "    summary: >-"
        yield from (f"      {sentence}" for sentence in words.paragraph(random, 1, 2))
        for field in ("strengths", "improvements"):
            yield f"    {field}:"
            yield from (f"      - {quoted(words.filled(random, words.POINTS))}" for _ in range(random.randint(1, 3)))


def _change(random: Random, plan: Plan) -> Iterator[str]:
    fields = {"withdrawn": "withdrawal", "suspended": "suspension"}
    if plan.status in fields:
        day = plan.first + timedelta(days=random.randint(60, 110))
        yield f"{fields[plan.status]}:"
        yield f'  "on": "{day}"'
        yield f"  reason: {quoted(' '.join(words.paragraph(random, 2, 3)))}"

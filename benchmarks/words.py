"""What generated content is made of: names, and sentences with gaps that stand for one of several words."""

from __future__ import annotations

import re
from random import Random


def _each(text: str) -> tuple[str, ...]:
    """The words of ``text``."""
    return tuple(text.split())


SECTORS = {
    "public sector": ("Council", "County Council", "Port Authority", "Fire and Rescue Service", "Water Board"),
    "private sector": ("Insurance", "Engineering", "Logistics", "Foods", "Software", "Energy", "Rail", "Textiles"),
    "education": ("College", "University", "School of Nursing", "Polytechnic", "Academy"),
    "health": ("Health Partnership", "Hospitals", "Community Care", "Ambulance Service", "Hospice"),
    "charity": ("Housing Trust", "Relief Fund", "Youth Foundation", "Conservation Trust", "Carers' Network"),
}
FIRST = _each(
    "Alder Ash Barrow Beck Birch Black Bram Brack Burn Carr Clay Corrie Cran Dun Elm Fallow Fen Gar Glen Hazel "
    "Hest Holm Kestrel Kirk Lark Lind Marl Mill Moss North Oak Penn Quill Raven Rush Sand Skel Thorn Wal Wester"
)
LAST = _each(
    "beck borough bridge bury by combe dale den field ford garth gate grove ham haven hay hurst ley marrow mere "
    "moor mouth ness over port ridge rigg shaw stead stone thorpe ton vale wick wood worth wyn"
)
COUNTRIES = _each("GB GB GB GB IE ZA AU NZ CA US NL DE FR NO DK SE ES PT IN KE SG BW NA CH")
AUDIENCES = (
    ("Graduate Mentoring", "Graduates in the first two years after joining"),
    ("New Managers", "Employees in the first two years of managing people"),
    ("Women in Operations", "Women who work, or want to work, in operational posts"),
    ("Returners", "People who return to work after two years or more of caring"),
    ("Apprentice Mentoring", "Apprentices from the first to the last day of their training"),
    ("Leadership Bench", "Specialists and managers one or two steps from a senior post"),
    ("Early Careers", "Everybody in the first three years of working life"),
    ("Across Borders", "Colleagues who have moved here from another country"),
)
ROLES = ("mentors", "mentees", "line managers", "programme staff", "sponsor")
EVIDENCE = (
    ("publicity", "Programme leaflet and pages of the staff site"),
    ("document", "Statements of purpose and of values"),
    ("policy", "Code of conduct"),
    ("training", "Workbook of the workshops for mentors and mentees"),
    ("attendance", "Registers of training and of mentors' meetings"),
    ("measurement", "Survey of participants with a summary of themes"),
    ("document", "Handbook for mentors and mentees"),
    ("system", "Register of pairs, seen on site"),
    ("observation", "Notes of one mentors' meeting, without names"),
    ("interview", "Notes of interviews, in person and by video"),
    ("document", "Minutes of the steering group"),
    ("policy", "Concerns and their outcomes, papers without names"),
)
NOT_APPLICABLE = (
    "The programme belongs to no single organisation; its participants come from eleven.",
    "All goals are those of the pair, and the programme sets none for them.",
    "There is no development programme beside this one to which it could be linked.",
)

GAPS: dict[str, tuple[str, ...]] = {
    "few": ("two", "three", "four", "five", "six"),
    "many": ("eleven", "fourteen", "17", "19", "23", "26", "31", "38", "44", "58"),
    "share": ("Most", "All but two", "Nine out of ten", "About half", "Two thirds", "A good third", "Nearly all"),
    "people": ("mentors", "mentees", "line managers", "participants", "pairs", "applicants", "new mentors"),
    "person": ("the coordinator", "the sponsor", "a mentor", "a mentee", "one line manager", "a trainer"),
    "paper": ("the handbook", "the leaflet", "the code", "the workbook", "the agreement", "the annual review"),
    "thing": ("the purpose", "the limits of confidentiality", "their own role", "the goals of the pair", "whom to ask"),
    "moment": ("at six weeks", "before the first meeting", "each spring", "after every intake", "at nine months"),
    "place": ("on the first page", "in plain words", "under its own heading", "beside the dates", "twice"),
    "deed": ("discussed", "followed up", "written down", "compared", "put to the test", "reported without names"),
    "gap": ("night staff", "the smaller sites", "part-time staff", "the second year", "remote pairs", "line managers"),
    "good": ("clear", "honest", "well kept", "up to date", "easy to find", "thorough", "taken seriously"),
    "next": ("Ask again", "Write down the reason", "Brief every line manager", "Name an owner", "Set a date"),
    "when": ("before the next intake", "within six weeks", "once a year", "by the summer", "at the closing meeting"),
}
_SENTENCES = (
    "{share} of the {people} we met could say {thing} without help.",
    "{share} of the {people} knew {thing}; the others had found it in {paper} by the second meeting.",
    "The wording stands {place} in {paper} and was {good}.",
    "It is {deed} {moment}, and the notes of the last {few} rounds bear this out.",
    "According to {person}, it is {deed} {moment}; the register of pairs shows the dates.",
    "Of {many} {people} asked, all but {few} confirmed it.",
    "What is missing is the same care for {gap}.",
    "The records are {good}, although nobody could show how they reach {gap}.",
    "{share} of the {people} had met it {moment}, and {person} could name an example.",
    "Since the last review {paper} deals with it {place}; {person} had asked for the change.",
    "We compared {paper} with the answers of {few} {people} and found one difference, which was being mended.",
    "The figures of the last {few} years are {deed}, and {many} returns were complete.",
    "In the meeting we observed it was {deed} for a quarter of an hour, with cases {people} had brought themselves.",
    "Interviewed apart, members of {few} pairs gave matching accounts of {thing}.",
    "It works for most, but {gap} learn of it late, and {person} said so openly.",
    "Nothing in {paper} says who decides, and {few} {people} gave different answers.",
    "The steering group asked for figures {moment} and got them; {few} of {many} actions are still open.",
    "{share} of the forms call the session on it {good}; half a morning is kept for it in training.",
)
_MARKDOWN = (
    "The statement that it is **{good}** was {deed} {moment}.",
    "{share} of the {people} called it *{good}*, and {person} agreed.",
    "The method is that of a [published guide](https://example.org/guide), named {place} in {paper}.",
    "The form asks for `date` and `owner`; {many} of the last forms give both.",
    "One line of {paper} says it **all**: *{next}*, and {when}.",
    "See also [the summary](https://example.com/summary?year=2024&part=2) for {gap}.",
)
_RECOMMENDATIONS = (
    "{next} {when}, and let {person} report on it.",
    "{next} {when}; begin with {gap}.",
    "{next}, with {few} {people} at the table, {when}.",
)
_POINTS = ("{paper} is {good}", "care for {gap}", "it is {deed} {moment}", "{thing}, known to {people}")
TITLES = ("Why we do this", "Who takes part", "What we promise", "How we work", "What we measure", "When it goes wrong")

Pattern = tuple[str | tuple[str, ...], ...]


def _pattern(sentence: str) -> Pattern:
    """Text and gaps in turn; a gap is the words that may stand there."""
    parts = re.split(r"\{(\w+)\}", sentence)
    return tuple(GAPS[part] if index % 2 else part for index, part in enumerate(parts))


SENTENCES = tuple(map(_pattern, _SENTENCES))
MARKDOWN = tuple(map(_pattern, _MARKDOWN))
RECOMMENDATIONS = tuple(map(_pattern, _RECOMMENDATIONS))
POINTS = tuple(map(_pattern, _POINTS))


def filled(random: Random, patterns: tuple[Pattern, ...]) -> str:
    """One of ``patterns``, each gap filled by chance, with a capital in front."""
    pick = random.random
    pattern = patterns[int(pick() * len(patterns))]
    text = "".join([part if isinstance(part, str) else part[int(pick() * len(part))] for part in pattern])
    return text[0].upper() + text[1:]


def paragraph(random: Random, least: int, most: int) -> list[str]:
    """Sentences; one in seven carries Markdown within the line."""
    count = random.randint(least, most)
    return [filled(random, MARKDOWN if random.random() < 0.15 else SENTENCES) for _ in range(count)]

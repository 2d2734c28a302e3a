"""Posters of any text: made as the site makes them, out of one of its own; and texts of every shape."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from hypothesis import strategies as st

from ismpe_site.artefact import Artefact, PrintDocument
from ismpe_site.project import Project
from ismpe_site.theme import Theme
from ismpe_site.theme_folder import load_theme
from tests.conftest import AS_OF, ROOT
from tests.whole import load, planned

ADDRESS = "organisations/aldermoss-college/early-career-lecturers/values/"
LATIN = ("a", "of", "mentor", "confidence", "Vereinbarungsvorschläge", "W", "iii", "—", "“Whose?”", "and/or", "x" * 90)
ARABIC = ("مرشد", "و", "السرية", "الاجتماعات", "(2024)", "سنة", "م" * 60)


@dataclass(frozen=True)
class Wording:
    """All that a poster says of its own."""

    body: str
    title: str = "Code of conduct"
    summary: str = "What mentors and mentees owe each other."
    organisation: str = "Aldermoss College"
    programme: str = "Early Career Lecturers’ Mentoring Scheme"
    language: str = "en"
    paper: str = "a4"
    specimen: bool = True


@cache
def theme() -> Theme:
    return load_theme(ROOT / "themes/ismpe")


@cache
def site_posters() -> dict[str, Artefact]:
    """Every poster of the site's own content, by its path."""
    project = Project.at(ROOT)
    artefacts = planned(load(project.content).catalogue, AS_OF, project.site(), theme())
    return {path: artefact for path, artefact in artefacts.items() if "-poster-" in path}


def poster(wording: Wording, *, address: str = ADDRESS) -> PrintDocument:
    """A poster with these words, as the site would make it."""
    own = site_posters()[f"{ADDRESS}aldermoss-college-early-career-lecturers-values-poster-{wording.paper}.pdf"]
    view = own.inputs.view
    texts = {name: getattr(wording, name) for name in ("title", "summary", "body", "language")}
    owner = replace(
        view["owner"], organisation=wording.organisation, programme=wording.programme, specimen=wording.specimen
    )
    changed = {**view, "document": view["document"].model_copy(update=texts), "owner": owner, "address": address}
    made = own.render(replace(own.inputs, view=changed), theme())
    assert isinstance(made, PrintDocument)
    return made


def _phrases(words: tuple[str, ...], most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=most).map(" ".join)


def _blocks(words: tuple[str, ...]) -> st.SearchStrategy[str]:
    short, long = _phrases(words, 8), _phrases(words, 70)
    cells = st.lists(_phrases(words, 6), min_size=3, max_size=3)
    return st.one_of(
        long,
        long.map(lambda text: f"**{text}**"),
        st.lists(short, min_size=1, max_size=6).map("  \n".join),
        short.map(lambda text: f"## {text}"),
        short.map(lambda text: f"### {text}"),
        st.lists(short, min_size=1, max_size=7).map(lambda items: "\n".join(f"- {item}" for item in items)),
        st.lists(long, min_size=1, max_size=4).map(lambda items: "\n\n".join(f"1. {item}" for item in items)),
        st.lists(short, min_size=2, max_size=3).map(lambda items: f"- {items[0]}\n  - {items[1]}\n    1. {items[-1]}"),
        st.lists(cells, min_size=1, max_size=5).map(
            lambda rows: "\n".join(["| a | b | c |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)])
        ),
        long.map(lambda text: f"> {text}"),
        short.map(lambda text: f"`{text}`"),
        short.map(lambda text: f"```\n{text}\n{text}\n```"),
        st.sampled_from(["---", "-\n-\n-", "##", "![alt](/a/picture/somewhere.png)"]),
    )


def wordings() -> st.SearchStrategy[Wording]:
    """Texts of every length and shape, in letters that run to the right and to the left."""

    def in_words(words: tuple[str, ...], language: str) -> st.SearchStrategy[Wording]:
        return st.builds(
            Wording,
            body=st.lists(_blocks(words), min_size=1, max_size=28).map("\n\n".join),
            title=st.one_of(_phrases(words, 4), _phrases(words, 40)),
            summary=st.one_of(_phrases(words, 20), _phrases(words, 200)),
            organisation=st.one_of(_phrases(words, 5), _phrases(words, 60)),
            programme=st.one_of(_phrases(words, 5), _phrases(words, 60)),
            language=st.just(language),
            paper=st.sampled_from(["a4", "a3"]),
        )

    return st.one_of(in_words(LATIN, "en"), in_words(ARABIC, "ar"))

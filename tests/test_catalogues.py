"""Catalogues of interface words: whole, up to date, fit for the places their words are put into."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from babel.messages.catalog import Catalog, Message
from pydantic import BaseModel

from ismpe_site import model, results
from tests.conftest import ROOT
from tests.quality.messages import extracted, read, unfinished, updated
from tests.whole import load

THEME = ROOT / "themes/ismpe"
CATALOGUES = sorted((THEME / "locale").glob("*.po"))
NAMES = [path.stem for path in CATALOGUES]


@cache
def words() -> Catalog:
    return extracted(THEME)


def messages(language: str) -> list[Message]:
    """All messages of a catalogue but its head."""
    found = read((THEME / f"locale/{language}.po").read_text(encoding="utf-8"), language)
    return [message for message in found if message.id]


def forms(message: Message) -> list[tuple[str, str]]:
    """(English, translation) of a message, the plural's English beside every form that is not the first."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return [(message.id[min(index, 1)], form) for index, form in enumerate(message.string)]


def test_french_is_there() -> None:
    assert "fr" in NAMES


@pytest.mark.parametrize("path", CATALOGUES, ids=NAMES)
def test_a_catalogue_is_whole_and_up_to_date(path: Path) -> None:
    """``make messages`` would change nothing in it, and nothing waits for a translator."""
    written = path.read_text(encoding="utf-8")
    assert unfinished(read(updated(written, path.stem, words()), path.stem)) == []
    assert updated(written, path.stem, words()) == written
    assert "#~" not in written


def test_what_is_new_or_changed_is_said_and_what_is_gone_is_taken_out() -> None:
    before = 'msgid ""\nmsgstr ""\n\nmsgid "The register of all awards"\nmsgstr "Le registre"\n\n'
    before += 'msgid "Gone"\nmsgstr "Parti"\n'
    now = Catalog()
    for word in ("The register of awards", "Something else entirely", ("%(num)s week", "%(num)s weeks")):
        now.add(word)
    after = updated(before, "fr", now)
    assert "Gone" not in after
    assert unfinished(read(after, "fr")) == ["%(num)s week", "Something else entirely", "The register of awards"]
    assert '#, fuzzy\nmsgid "The register of awards"\nmsgstr "Le registre"' in after
    assert updated(after, "fr", now) == after
    assert "Date" not in after


def named(text: str) -> set[str]:
    """The names of a text's placeholders, scripts' included; an error where a percent sign is none and not doubled."""
    fields = re.findall(r"%(?:\((\w+)\)s|%)", text)
    assert len(fields) == text.count("%") - text.count("%%"), text
    return {field for field in fields if field} | set(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("language", NAMES)
def test_placeholders_and_markup_are_those_of_the_english(language: str) -> None:
    """A translation is put into pages as it is, and into attributes: it brings no mark of its own."""
    for message in messages(language):
        for english, theirs in forms(message):
            assert named(theirs) == named(english), theirs
            tags = [sorted(re.findall(r"<[^>]*>", text)) for text in (english, theirs)]
            assert tags[0] == tags[1], theirs
            bare = re.sub(r"<[^>]*>", "", theirs)
            assert '"' not in bare, theirs
            assert "<" not in bare, theirs
            assert sorted(re.findall(r"&\w*;?", theirs)) == sorted(re.findall(r"&\w*;?", english)), theirs


def test_french_is_set_as_french_is() -> None:
    """No-break spaces before what is two-part and inside quotation marks; apostrophes and quotes that are curved."""
    ordinary = re.compile(r"(?<!^)[^\u202f][;!?]|[^\u00a0]:|[^\u00a0]%%|[^\u00a0]»|«(?!\u00a0)|'|“|”|\.\.\.| {2}")
    for message in messages("fr"):
        for _, theirs in forms(message):
            # What a tool says in English is quoted as it says it.
            own = re.sub(r'(<q lang="en">).*?</q>', r"\1…</q>", theirs)
            bare = re.sub(r"<[^>]*>|&\w+;", "", own)
            assert not ordinary.search(bare), theirs


def test_the_terms_of_the_translated_standard_are_used() -> None:
    """One French word for one English term, in the interface as in the text of the standard."""
    terms = {
        r"core standards?\b": "norme", "criteri": "critère", "outcome": "résultat", "mentee": "mentoré",
        r"awards?\b": "distinction", "assessor": "évaluateur", "supervisory": "superviseur",
        "advisory board": "conseil consultatif", "certificate": "certificat", "evidence": "probant",
        "edition": "édition", "register": "registre", "withdrawn": "retiré", "suspended": "suspendu",
    }  # fmt: skip
    for message in messages("fr"):
        for english, theirs in forms(message):
            for term, word in terms.items():
                plain = re.sub(r"<[^>]*>|%\(\w+\)s", "", english).lower()
                if re.search(rf"\b{term}", plain):
                    assert word in theirs.lower(), (english, theirs)


# -- words of the data -----------------------------------------------------------------------------

# Words of the model that no page shows as they are.
NOT_SHOWN = {
    "self", "assessed", "reviewed",  # a report's status is told in sentences
    "public", "private", "award", "unlisted",
    "criteria", "core-standards",  # pooling is told in sentences
    "organisation",  # the ordinary origin of a text, not mentioned
    "official", "unofficial",  # told in sentences
}  # fmt: skip


def literals(kind: Any) -> Iterator[str]:
    """Every word that a model allows in one of its fields."""
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    for argument in get_args(kind):
        yield from literals(argument)


def test_every_word_of_the_data_can_be_translated() -> None:
    shown = {message.id for message in words() if message.context == "word"}
    models = [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, BaseModel)]
    allowed = {word for kind in models for field in kind.model_fields.values() for word in literals(field.annotation)}
    allowed |= set(get_args(results.State))
    assert len(allowed) > 40
    assert allowed - shown == NOT_SHOWN
    catalogue = load(ROOT / "content").catalogue
    assert catalogue is not None
    levels = {level.level for edition in catalogue.editions for level in edition.awards}
    assert levels <= shown

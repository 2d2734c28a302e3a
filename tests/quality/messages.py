"""Words of templates and code in, catalogues of a theme up to date out: what ``make messages`` runs.

The same words give the same file: no dates, no places of words, all in the order of the alphabet. A new language is an
empty file ``locale/<language>.po``.
"""

import io
import re
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
CODE = ROOT / "ismpe_site/publications"

WIDTH = 120
# From this likeness on, 0 to 1, a new message is an old one with a few letters changed.
ALIKE = 0.85
# As theme.py sets its templates up. A template that cannot be read is an error, not a template without words.
_TEMPLATES: dict[str, Any] = {
    "extensions": "jinja2.ext.i18n",
    "newstyle_gettext": "true",
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
_METHODS = [*((f"**.{suffix}", "jinja2") for suffix in ("html", "svg", "xml", "txt")), ("**.py", "python")]
_OPTIONS = {pattern: _TEMPLATES for pattern, method in _METHODS if method == "jinja2"}
# Lines of a catalogue's head that change for nothing, or say nothing here.
_NOISE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To|Last-Translator|Language-Team|Generated-By): .*"\n',
    re.MULTILINE,
)


def extracted(theme: Path) -> Catalog:
    """Every word of a theme's templates and of the code that writes pages, without translations."""
    words = Catalog()
    for folder in (theme / "templates", CODE):
        for _, _, message, _, context in extract_from_dir(folder, _METHODS, _OPTIONS):
            words.add(message, context=context)
    return words


def read(catalogue: str, language: str) -> Catalog:
    """A catalogue as text (empty for a new language), with the plural forms of its language."""
    return read_po(io.StringIO(catalogue), locale=language.replace("-", "_"), abort_invalid=True)


def updated(catalogue: str, language: str, words: Catalog) -> str:
    """The catalogue with exactly ``words``: new ones untranslated; what only changed a little is marked fuzzy."""
    found = read(catalogue, language)
    found.update(words, no_fuzzy_matching=True, update_creation_date=False)
    _take_over(found)
    found.fuzzy = False
    if not catalogue.strip():
        found.project, found.version = "ismpe", "site"
        found.header_comment = f"# Words of the site in the language {language}. Brought up to date by: make messages"
    text = io.BytesIO()
    write_po(text, found, width=WIDTH, no_location=True, sort_output=True, ignore_obsolete=True)
    return _NOISE.sub("", text.getvalue().decode())


def _take_over(catalogue: Catalog) -> None:
    """Let a new message keep the translation of one that is gone and was nearly the same."""
    gone = {_name(message): message for message in catalogue.obsolete.values() if all(_forms(message))}
    for message in catalogue:
        if not message.id or any(_forms(message)):
            continue
        for name in get_close_matches(_name(message), gone, n=1, cutoff=ALIKE):
            if isinstance(gone[name].id, str) == isinstance(message.id, str):
                message.string = gone[name].string
                message.flags.add("fuzzy")


def translated(message: Message) -> bool:
    """Whether a message has its words, in each of its plural forms, and somebody vouches for them."""
    return all(_forms(message)) and not message.fuzzy


def unfinished(catalogue: Catalog) -> list[str]:
    """What is still to be translated, or to be looked at because its English changed."""
    return [_name(message) for message in catalogue if message.id and not translated(message)]


def _forms(message: Message) -> tuple[str, ...]:
    """The translation of a message in each of its plural forms; empty texts where there is none."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def _name(message: Message) -> str:
    words = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}: {words}" if message.context else words


def main() -> None:
    """Bring all catalogues of all themes up to date, and say what is missing in each."""
    for path in sorted(ROOT.glob("themes/*/locale/*.po")):
        before = path.read_text(encoding="utf-8")
        after = updated(before, path.stem, extracted(path.parents[1]))
        if after != before:
            path.write_text(after, encoding="utf-8")
        missing = unfinished(read(after, path.stem))
        name, count = path.relative_to(ROOT).as_posix(), len(read(after, path.stem))
        sys.stdout.write(f"{name}: {count} messages, {len(missing) or 'none'} to translate\n")
        sys.stdout.writelines(f"    {words}\n" for words in missing)


if __name__ == "__main__":
    main()

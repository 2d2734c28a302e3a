"""Do Hugo's pages say what ours say? The same reports, with every finding in each of them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

REPORT = re.compile(r'<h2 id="record">')


def reports(public: Path) -> dict[str, str]:
    """organisation/programme/month of every report's page → its words."""
    pages = sorted((public / "assessments").glob("*/*/*/index.html"))
    texts = {page.parent.relative_to(public / "assessments").as_posix(): page.read_text("utf-8") for page in pages}
    return {key: words(text) for key, text in texts.items() if REPORT.search(text)}


def words(text: str) -> str:
    """The words of HTML, one space between them, whatever the markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def findings(project: Path, key: str) -> list[str]:
    """The words of every finding and recommendation of an assessment."""
    text = (project / "content/assessments" / f"{key}.yaml").read_text(encoding="utf-8")
    assessment: dict[str, Any] = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506  # makes text only
    answers = [answer for answer in assessment["ratings"].values() if isinstance(answer, dict)]
    render = MarkdownIt("js-default").render
    written = [answer[field] for answer in answers for field in ("finding", "recommendation") if field in answer]
    return [words(render(text)) for text in written]


def differences(project: Path, ours: Path, hugos: Path) -> Iterator[str]:
    """What one of the two lacks."""
    own, theirs = reports(ours), reports(hugos)
    for key in sorted(own.keys() ^ theirs.keys()):
        yield f"{key}: a report only of {'ours' if key in own else 'Hugo'}"
    for key in sorted(own.keys() & theirs.keys()):
        expected = findings(project, key)
        for name, text in (("ours", own[key]), ("Hugo", theirs[key])):
            missing = [finding for finding in expected if finding not in text]
            if missing:
                yield f"{key}: {name} lacks {len(missing)} of {len(expected)} texts, such as {missing[0]!r}"

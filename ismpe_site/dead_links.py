"""Links of the content's texts and the paths of the site → a problem for each link that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ismpe_site.problems import Place, Problem, did_you_mean
from ismpe_site.publications import LIST_FILES, LISTS, listed


def dead_links(links: Iterable[tuple[Place, str]], paths: Iterable[str]) -> Iterator[Problem]:
    """``links`` are written from the site's root; ``paths`` are all files but the lists. Places on a page are checked
    on the made pages. To what is unlisted no text may lead.
    """
    known = {"/" + path.removesuffix("index.html") for path in paths if listed(path)}
    known |= {f"/{address}" for address in (*LISTS, *LIST_FILES)}
    for place, link in links:
        target = link.partition("#")[0].partition("?")[0]
        if target.removesuffix("index.html") not in known:
            near = did_you_mean(target, known) or did_you_mean(f"{target}/", known)
            what = f"the link to {link} leads nowhere"
            yield Problem(place, "L501", what, f"{near}write it from the site's root")

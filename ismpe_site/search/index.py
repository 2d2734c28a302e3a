"""What can be found → the files of the index."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from ismpe_site.findable import Findable
from ismpe_site.search.indexer import indexer

# What the search page loads. Pagefind's own search forms stay out: they have faults of accessibility and are larger
# than all the rest.
WANTED = ("pagefind.js", "pagefind-entry.json", ".pagefind", ".pf_meta", ".pf_index", ".pf_fragment")

# Which results are what, by pagefind's id of each. Its own filters come out in an order of chance.
FACTS = "facts.json"
# What all those are that are not in it. Organisations are the only ones that grow in number.
USUAL = ("organisation", "current")

_SIGNATURE = b"pagefind_dcd"


def index(inputs: tuple[str, Sequence[Findable]]) -> dict[str, bytes]:
    """(language of the site, what can be found) → path → bytes, sorted; the same for the same in the same order.

    One index holds every language: words are looked up by the rules of the site's. Raises SearchError.
    """
    language, findables = inputs
    with indexer() as program:
        number = program.ask("NewIndex", config={"force_language": language.lower()})["index_id"]
        for findable in findables:
            program.ask(
                "AddRecord", index_id=number, url=findable.address, language=language,
                content=findable.text, meta={"title": findable.title},
            )  # fmt: skip
        made = program.ask("GetFiles", index_id=number)["files"]
    files = {file["path"]: base64.b64decode(file["content"]) for file in made if file["path"].endswith(WANTED)}
    files[FACTS] = _facts(files, findables)
    return dict(sorted(files.items()))


def _facts(files: Mapping[str, bytes], findables: Iterable[Findable]) -> bytes:
    """Pagefind's id → the facts of each that is not as usual."""
    unusual = {findable.address: findable.facts for findable in findables if findable.facts != USUAL}
    known = {}
    for path, data in files.items():
        if path.endswith(".pf_fragment"):
            address = json.loads(gzip.decompress(data).removeprefix(_SIGNATURE))["url"]
            if address in unusual:
                known[PurePosixPath(path).stem] = unusual[address]
    lines = (f"{json.dumps(one)}: {json.dumps(facts, ensure_ascii=False)}" for one, facts in sorted(known.items()))
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()

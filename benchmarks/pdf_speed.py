"""How fast PDFs are made: the engine used naively, the press, and the press with its accelerator.

``python -m benchmarks.pdf_speed [--documents N | --few]`` prints a table in Markdown: CPU time of a document and how
many times as fast as the naive way, for certificates and for reports. Naive is ``HTML(string=…).write_pdf()`` with
the style sheet inside, for each document; it gets the same corrections and options, so that its bytes are the same,
and they must be: each document's digests are compared, and the program fails where they differ.

Each way has a process of its own, started afresh and warmed up with two documents. They take turns with the same
documents, and each document is made once, so that a cache finds only what *other* documents have in common. The
documents are the project's own; as there are few, each comes in many editions in which the words that no other
document shares (findings, evidence, names) stand in another order. Read the ratios: times depend on the machine and
on what else it does.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from ismpe_site import late
from ismpe_site.artefact import PrintDocument
from ismpe_site.content.load import load_commons, load_organisation, organisations
from ismpe_site.project import Project
from ismpe_site.publications import plan_organisation, scheme_of
from ismpe_site.scoring.register import register
from ismpe_site.theme import Theme

ROOT = Path(__file__).parents[1]
DAY = date(2026, 11, 22)
WAYS = ("naive", "plain", "accelerated")
KINDS = ("certificate", "report")
WARM_UP = 2
TEXT = re.compile(r">([^<>]+)<")


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 where the bytes differ."""
    parser = argparse.ArgumentParser(description="How fast PDFs are made, as ratios.")
    parser.add_argument("--documents", type=int, default=12, help="of each kind (default: 12)")
    parser.add_argument("--few", action="store_true", help="three of each kind: to see that it works")
    given = parser.parse_args(arguments)
    wanted = 3 if given.few else given.documents
    theme, originals = documents()
    say("| " + " | ".join(("processor time of a document, median; times as fast as naive", *WAYS)) + " |")
    say("|---" * (len(WAYS) + 1) + "|")
    differing = 0
    for kind in KINDS:
        times, different = measured(theme, editions(originals[kind], wanted + WARM_UP))
        differing += different
        ratios = {way: median(a / b for a, b in zip(times["naive"], times[way], strict=True)) for way in WAYS}
        cells = (f"{1000 * median(times[way]):.0f} ms, {ratios[way]:.2f} x" for way in WAYS)
        say(f"| {kind}s ({wanted}) | " + " | ".join(cells) + " |")
    say(f"\nDocuments whose bytes are not those of the naive way: {differing}.")
    return 1 if differing else 0


def say(line: str) -> None:
    """A line of the result."""
    print(line)  # noqa: T201  # a program that prints a table


def documents() -> tuple[Theme, dict[str, list[PrintDocument]]]:
    """The project's own certificates and reports."""
    project = Project.at(ROOT)
    theme, commons = project.theme(), load_commons(project.content)
    loaded = [load_organisation(project.content, name, commons) for name in organisations(project.content)[0]]
    everyone = tuple(organisation for one in loaded for organisation in one.catalogue.organisations)
    catalogue = commons.catalogue.model_copy(update={"organisations": everyone})
    found: dict[str, list[PrintDocument]] = {kind: [] for kind in KINDS}
    for artefact in plan_organisation(scheme_of(catalogue, register(catalogue, DAY), project.site())):
        kind = Path(artefact.path).stem
        if kind in found:
            made = artefact.render(artefact.inputs, theme)
            found[kind] += [made] if isinstance(made, PrintDocument) else []
    return theme, found


def editions(originals: list[PrintDocument], count: int) -> list[PrintDocument]:
    """As many documents as wanted, each with its own order of the words that are its own."""
    shared = Counter(text for document in originals for text in set(TEXT.findall(document.html)))
    return [
        replace(originals[n % len(originals)], html=_reworded(originals[n % len(originals)].html, shared, n))
        for n in range(count)
    ]


def _reworded(html: str, shared: Counter[str], seed: int) -> str:
    chance = random.Random(seed)  # the same documents on each run

    def other(match: re.Match[str]) -> str:
        words = match[1].split()
        if shared[match[1]] > 1 or len(words) < 2:
            return match[0]
        chance.shuffle(words)
        return f">{' '.join(words)}<"

    head, body, rest = html.partition("<body")
    return head + body + TEXT.sub(other, rest)


def measured(theme: Theme, made: list[PrintDocument]) -> tuple[dict[str, list[float]], int]:
    """Way → CPU seconds of each document; and how many documents have other bytes than the naive way gives."""
    context = get_context("spawn")
    pipes: dict[str, Connection] = {}
    for way in WAYS:
        pipes[way], theirs = context.Pipe()
        context.Process(target=work, args=(way, theme, theirs), daemon=True).start()
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    different = 0
    for number, document in enumerate(made):
        digests = set()
        # Who begins changes, so that no way always has the quieter moment.
        for way in WAYS[number % 3 :] + WAYS[: number % 3]:
            pipes[way].send(document)
            seconds, digest = pipes[way].recv()
            digests.add(digest)
            if number >= WARM_UP:
                times[way].append(seconds)
        different += len(digests) > 1
    for pipe in pipes.values():
        pipe.send(None)
    return times, different


def work(way: str, theme: Theme, pipe: Connection) -> None:
    """A process that makes each document it is sent, and answers with CPU seconds and digest."""
    make: Callable[[PrintDocument], bytes]
    if way == "naive":
        make = _naive(theme)
    else:
        make = lambda document: late.press(document, theme, accelerate=way == "accelerated")  # noqa: E731
    gc.collect()
    while (document := pipe.recv()) is not None:
        begun = time.process_time()
        pdf = make(document)
        pipe.send((time.process_time() - begun, hashlib.sha256(pdf).hexdigest()))


def _naive(theme: Theme) -> Callable[[PrintDocument], bytes]:
    """The engine as its manual begins: all in one string, nothing kept. Only the fetcher knows the theme's files."""
    from weasyprint import HTML

    from ismpe_site.printing import press
    from ismpe_site.printing.conformance import apply_corrections

    apply_corrections()

    def make(document: PrintDocument) -> bytes:
        css = theme.print_files[document.style].decode()
        html = document.html.replace("</title>", f"</title><style>{css}</style>", 1)
        with late._no_system_fonts():
            laid_out = HTML(string=html, base_url=press.THEME_URL, url_fetcher=press._ThemeFetcher(theme)).render(
                pdf_tags=True
            )
            return press.written(laid_out, document, theme)

    return make


if __name__ == "__main__":
    sys.exit(main())

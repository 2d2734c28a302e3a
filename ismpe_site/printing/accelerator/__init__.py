"""The same PDFs in a fraction of the time: patches to one exact release of the engine that keep every byte.

Off by one setting (``[printing] accelerator = false``), by another release of any library in ``switch.PROVED``, and
for whatever a lever does not cover: then the plain engine runs. The patches are in place only while
``switch.accelerated`` runs a function, so that the plain engine is untouched in the same process.

Why it pays: native code is a fifth of the engine's time, the rest is interpreted Python that computes again, for each
element of each document, what the last one needed too: styles, shaped lines, box geometry, written numbers. Every
lever remembers such a result under everything it depends on, or leaves early where nothing is to be done.

| module | lever |
|---|---|
| ``collection`` | no garbage collection in the midst of a document: always, as it is Python's own |
| ``trees`` | expat reads well-formed documents in place of the HTML5 parser |
| ``figures`` | numbers written once; single text matrices |
| ``subsets`` | one subset of a font per set of glyphs |
| ``sheets`` | a linked style sheet of the theme is read once |
| ``styles`` | one tree of computed styles for all documents of a set of style sheets |
| ``lines`` | lines of text broken and shaped once (``text_styles`` names the styles that shape alike) |
| ``geometry`` | used lengths without percentages are constants of the style |
| ``shortcuts`` | no search among floats that are not there, and other small things |
| ``drawing`` | boxes that draw nothing are left early; repeated lines |
| ``glyphs`` | the glyphs of a line are written again as they were |
| ``pictures`` | plain drawings are written again as they were |
| ``writing`` | each object of a PDF is turned into bytes once |

Where it comes from: written for this project from profiles of WeasyPrint 70.0; it copies nothing but the order of
operations of the functions it stands in for, each named where it is replaced.

Rules of the house: a cache never changes a byte; every cache is ``caches.Bounded`` (or an ``lru_cache`` with a size);
a document that fails takes all caches with it, so that the next one meets the same complaints; no lever replaces what
another one replaces. ``tests/test_accelerator.py`` prints our documents and foreign CSS both ways and compares
digests.
"""

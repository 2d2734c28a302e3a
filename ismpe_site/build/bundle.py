"""A bundle, and what is remembered of it → its files: kept, all of them, where nothing that matters has changed."""

from __future__ import annotations

from ismpe_site.artefact import Bundle
from ismpe_site.build.store import File, Record
from ismpe_site.build.unit import Made, Stale, Workplace, kept_file, recipe
from ismpe_site.fingerprint import Fingerprints


def make_bundle(unit: str, bundle: Bundle, place: Workplace, *, only_plan: bool = False) -> Made:
    """The files of ``unit``, made where they are stale, and remembered; with ``only_plan`` neither.

    They are stale all together, under the name of their folder: which they will be, nobody knows before.
    """
    before, key = place.store.record(unit), recipe(bundle, Fingerprints())
    reason, files = _kept(before, key, place)
    made = Made(stale=[Stale(bundle.folder, reason)] if reason else [])
    if reason and not only_plan:
        files = _made(bundle, key, place, made.failures)
    made.files += files
    changed = before is None or before.key != key or before.tool != place.tool or before.files != files
    if changed and not (only_plan or made.failures):
        place.store.remember(unit, Record(key, "", place.tool, "", files, {}))
    return made


def _kept(before: Record | None, key: str, place: Workplace) -> tuple[str, tuple[File, ...]]:
    """(why all must be made again, in a few words; what was made before, where nothing says so)"""
    if before is None:
        return "new", ()
    if before.tool != place.tool:
        return "the program changed", ()
    if before.key != key:
        return "its content changed", ()
    kept = [kept_file(file, place.store) for file in before.files]
    files = tuple(file for file in kept if file is not None)
    return ("", files) if len(files) == len(kept) else ("a stored copy is damaged or gone", ())


def _made(bundle: Bundle, key: str, place: Workplace, failures: dict[str, str]) -> tuple[File, ...]:
    try:
        data = bundle.render(bundle.inputs)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  # whatever fails is reported with its folder
        failures[bundle.folder] = str(error) or type(error).__name__
        return ()
    return tuple(place.store.put(bundle.folder + path, key, data[path]) for path in sorted(data))

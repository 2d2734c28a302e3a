"""Issue the specimens anew: ``python -m tests.issue_specimens [ROOT]``.

The days are those of a register that has been kept since 2022. One specimen is left out, so that the site shows what is
not issued; one is withdrawn.
"""

import shutil
import sys
from datetime import date
from pathlib import Path

from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.issuing.desk import Desk, change, issue
from ismpe_site.issuing.folder import add_keys
from ismpe_site.issuing.key_files import key_files
from ismpe_site.project import Project

ROOT = Path(__file__).parents[1]
KEYS = ROOT / "tests/keys"

ISSUED = (
    (date(2022, 6, 24), "aldermoss-college/early-career-lecturers/2022-05"),
    (date(2024, 6, 7), "kestrelwyn-engineering/apprentices/2024-04"),
    (date(2024, 11, 29), "northmarrow-insurance/leadership-bench/2024-10"),
    (date(2025, 4, 14), "quillmere-health-partnership/new-managers/2025-03"),
    (date(2025, 6, 16), "aldermoss-college/early-career-lecturers/2025-06"),
    (date(2025, 10, 30), "larkhaven-rail/women-in-operations/2025-09"),
)
WITHDRAWN = date(2025, 11, 14)
REASON = (
    "Since the intake of August 2025 apprentices have been allocated to mentors by shift roster, and mentors are "
    "named by their departments without being asked. The April and October questions by which the code of conduct "
    "was monitored were last put in October 2024. The company reported these changes itself and confirmed them in "
    "October 2025. The ratings of criteria 3.2, 3.4 and 5.3, on which the award rested, can therefore no longer "
    "stand; without their points the score is below the 80% that bronze requires. The company accepts the "
    "withdrawal and may apply to be assessed again at any time."
)


def desk(root: Path, on: date) -> Desk:
    """Where specimens are issued: with the keys for tests."""
    return Desk(Project.at(root), on, key_files(KEYS, f"file:{KEYS / 'passphrase'}"), InProcess())


def with_test_keys(root: Path) -> None:
    """Put the public halves of the keys for tests into a project that has issued nothing."""
    shutil.rmtree(root / "content/issued", ignore_errors=True)
    public = {path.name: path.read_bytes() for path in KEYS.iterdir() if path.suffix in (".crt", ".pub")}
    add_keys(root / "content/issued", public)


def main(root: Path) -> None:
    """All specimens."""
    with_test_keys(root)
    numbers = {}
    for on, key in ISSUED:
        (numbers[key],) = issue(desk(root, on), [root / f"content/assessments/{key}.yaml"])
    change(desk(root, WITHDRAWN), numbers["kestrelwyn-engineering/apprentices/2024-04"], "withdrawn", REASON)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)

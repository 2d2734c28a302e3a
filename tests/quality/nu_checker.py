"""A folder of a built site in, findings of the Nu HTML checker out: HTML, CSS and SVG."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import NotRequired, TypedDict

VNU_JAR = Path(__file__).parent / "node_modules/vnu-jar/build/dist/vnu.jar"

# Words of CSS that browsers know and the checker does not yet; the place of a credential in a badge.
NEWER = r".*(:target-current|scroll-target-group|vector-effect|“credential” not allowed as child).*"


class Finding(TypedDict):
    """One message of the checker; ``type`` is ``error``, ``info`` (with ``subType`` ``warning``) or its own failure."""

    type: str
    url: str
    message: str
    subType: NotRequired[str]
    firstLine: NotRequired[int]
    lastLine: NotRequired[int]
    firstColumn: NotRequired[int]
    lastColumn: NotRequired[int]
    extract: NotRequired[str]


def nu_errors(folder: Path) -> list[Finding]:
    """List the checker's errors and warnings on every HTML, CSS and SVG file under a folder: empty for a good site.

    Raises RuntimeError where Java or the checker is missing, or it gave no answer.
    """
    java = shutil.which("java")
    if java is None or not VNU_JAR.exists():
        raise RuntimeError("the Nu checker needs Java and vnu.jar: run `make test` once, which installs both")
    # The language a page seems to be in is a guess, and wrong on pages full of names.
    options = ["--format", "json", "--stdout", "--exit-zero-always", "--no-langdetect", "--filterpattern", NEWER]
    kinds = ["--skip-non-html", "--also-check-css", "--also-check-svg"]
    command = [java, "-jar", str(VNU_JAR), *options, *kinds, str(folder)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=600, check=False)
    try:
        findings: list[Finding] = json.loads(run.stdout)["messages"]
    except (ValueError, KeyError):
        raise RuntimeError(f"the Nu checker gave no answer and ended with {run.returncode}:\n{run.stderr}") from None
    return [finding for finding in findings if finding["type"] != "info" or finding.get("subType") == "warning"]

"""The benchmarks in their smallest form: everything is measured once, nothing is judged by its time."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.equivalence import differences, findings, reports
from benchmarks.generator import REPOSITORY, generate
from benchmarks.html_speed import Bench
from benchmarks.measure import measured
from benchmarks.results import Row, Section, at_least, at_most, write
from tests.whole import load

DAY = "2026-11-22"


def bench(folder: Path, *arguments: str) -> list[str]:
    """What `python -m benchmarks` writes, line by line."""
    output = folder / "results.md"
    given = ["--date", "2026-11-24", "--organisations", "20", "--repeat", "1", "--few", "--output", str(output)]
    command = [sys.executable, "-m", "benchmarks", *given, "--work", str(folder), *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return output.read_text(encoding="utf-8").splitlines()


def rows(lines: list[str]) -> dict[str, str]:
    """First cell → the rest, of every row of every table."""
    cells = [line.strip("| ").split(" | ", 1) for line in lines if line.startswith("|")]
    return {row[0]: row[1] for row in cells if len(row) == 2}


@pytest.mark.parametrize("count", [0, 1, 20, 41])
def test_generated_content_has_no_problem(tmp_path: Path, count: int) -> None:
    project = generate(count, tmp_path / "project")
    outcome = load(project / "content")
    assert outcome.problems == ()
    assert outcome.catalogue is not None
    assert len(outcome.catalogue.organisations) == count


def test_twenty_organisations_show_every_status_and_every_state(tmp_path: Path) -> None:
    project = generate(20, tmp_path / "project")
    files = list(project.glob("content/assessments/*/*/20*.yaml"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    for status in ("self", "draft", "assessed", "reviewed", "suspended", "withdrawn"):
        assert any(f"\nstatus: {status}\n" in text for text in texts), status
    finished = [len(text) for text in texts if "\nstatus: reviewed\n" in text]
    assert 12_000 < sum(finished) / len(finished) < 22_000


def test_the_same_seed_gives_the_same_files_however_many(tmp_path: Path) -> None:
    def files(folder: Path) -> dict[str, bytes]:
        home = folder / "content/assessments"
        return {p.relative_to(home).as_posix(): p.read_bytes() for p in home.rglob("*") if p.is_file()}

    three, five, other = (
        files(generate(count, tmp_path / str(number), seed))
        for number, (count, seed) in enumerate([(3, 1), (5, 1), (5, 2)])
    )
    assert three.items() < five.items()
    assert five.keys() != other.keys()


def test_hugo_makes_the_same_reports_with_every_finding(tmp_path: Path) -> None:
    small = Bench(tmp_path, 20, DAY)
    measured(small.ours("ours", 1))
    measured(small.hugos())
    ours, hugos = tmp_path / "ours/public", tmp_path / "hugo-output"
    assert list(differences(small.project, ours, hugos)) == []
    assert len(reports(hugos)) >= 15
    assert sum(len(findings(small.project, key)) for key in reports(hugos)) > 700
    # The comparison sees what is missing.
    page = min(hugos.glob("assessments/*/*/*/index.html"))
    page.write_text(page.read_text(encoding="utf-8").replace("the", "a"), encoding="utf-8")
    assert len(list(differences(small.project, ours, hugos))) == 1
    page.unlink()
    assert "only of ours" in next(differences(small.project, ours, hugos))


def test_every_row_of_starts_and_pages_is_there(tmp_path: Path) -> None:
    lines = bench(tmp_path, "--parts", "start", "pages")
    assert "Measured on 2026-11-24 by `make bench`." in lines
    assert any(line.startswith("- Versions: ismpe-site") and "; Hugo v" in line for line in lines)
    name = "ours, cold, 2 processes"
    assert rows(lines).keys() >= {
        "`ismpe --version`",
        "`ismpe check`, a minimal site",
        f"{name}, against Hugo",
        "ours, nothing changed, 2 processes, against Hugo's full build",
        "ours, one edit, 2 processes, against Hugo's full build",
        f"{name}: peak memory against Hugo",
        f"{name}: growth an organisation",
        "Hugo, full build",
    }
    assert str(tmp_path) not in "\n".join(lines)


@pytest.mark.slow
def test_every_row_of_pdfs_is_there(tmp_path: Path) -> None:
    found = rows(bench(tmp_path, "--parts", "pdfs"))
    assert found.keys() >= {"certificates: two processes against one", "reports: two processes against one"}
    assert found["PDFs rendered again after one edit"].endswith("0 others | met")


def test_files_and_functions_are_short() -> None:
    for path in sorted((REPOSITORY / "benchmarks").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 300, path.name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, f"{path.name}: {node.name}"


def test_a_row_says_met_or_missed() -> None:
    assert at_most("x", 0.8, 0.81, "0.81").line() == "| x | ≤ 0.8 | 0.81 | **missed** |"
    assert at_most("x", 0.8, 0.8, "0.80").line() == "| x | ≤ 0.8 | 0.80 | met |"
    assert at_most("x", 0.8, 2, "2", judged=False).line() == "| x | ≤ 0.8 | 2 | – |"
    assert at_least("x", 1.7, 1.6, "1.6").met is False
    assert Row("x", "", "1", None).line() == "| x | – | 1 | – |"


def test_results_are_written_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "new/results.md"
    write(path, ["# Benchmarks"], [Section("One", (Row("x", "", "1", None),)), Section("Two", (), ("words",))])
    text = path.read_text(encoding="utf-8")
    assert text.endswith("| x | – | 1 | – |\n\n## Two\n\nwords\n")


def test_the_meter_counts_every_process(tmp_path: Path) -> None:
    """A process whose parent does not wait for it is counted too, in time and in memory."""
    busy = "x = bytearray(50_000_000); import time; t = time.process_time()\nwhile time.process_time() - t < 0.3: pass"
    program = tmp_path / "parent.py"
    program.write_text(
        f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {busy!r}])\ntime.sleep(0.4)"
    )
    code = (
        "import sys; from benchmarks.meter import run; import json; print(json.dumps(run(sys.argv[1:], memory=True)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, sys.executable, str(program)], cwd=REPOSITORY, capture_output=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["cpu"] >= 0.3
    assert found["peak"] >= 50_000_000
    assert found["wall"] >= 0.4


def test_a_command_that_fails_is_said_with_its_words() -> None:
    with pytest.raises(RuntimeError, match="no such thing"):
        measured([sys.executable, "-c", "raise SystemExit('no such thing')"])

"""The commands as programs: what they print where, and how they end."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, ismpe

CORRIEVALE = "content/assessments/corrievale-council/graduate-trainees/2026-02.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project's content and settings that a test may spoil."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    (tmp_path / "themes").symlink_to(ROOT / "themes")
    shutil.copy(ROOT / "site.toml", tmp_path / "site.toml")
    return tmp_path


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_check_says_that_all_is_well() -> None:
    run = ismpe("check")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "content: no problems\n")


def test_check_quiet_says_nothing() -> None:
    run = ismpe("check", "--quiet")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_problems_end_with_1_and_nothing_is_built(project: Path) -> None:
    spoil(project / CORRIEVALE, "assessor: tobias-exemplar", "assessor: tobias-exempler")
    run = ismpe("build", "--only", "html", cwd=project)
    assert run.returncode == 1
    assert run.stdout == ""
    assert f'{CORRIEVALE}:3:11: error R422: nobody in content/people is "tobias-exempler"' in run.stderr
    assert 'did you mean "tobias-exemplar"?' in run.stderr
    assert run.stderr.endswith("content: 1 error\nthe site was not replaced\n")
    assert not (project / "output/public").exists()


def test_problems_as_json(project: Path) -> None:
    spoil(project / CORRIEVALE, "assessor: tobias-exemplar", "assessor: nobody")
    run = ismpe("check", "--json", cwd=project)
    assert run.returncode == 1
    (problem,) = json.loads(run.stdout)
    assert problem["code"] == "R422"
    assert problem["place"] == {"file": CORRIEVALE, "line": 3, "column": 11}


def test_a_name_that_is_no_text_leaves_the_json_valid(project: Path) -> None:
    Path(os.fsdecode(bytes(project / "content/people") + b"/\xff.yaml")).write_text("name: X\n", encoding="utf-8")
    run = ismpe("check", "--json", cwd=project, PYTHONIOENCODING="utf-8:strict")
    assert run.returncode == 1
    (problem,) = json.loads(run.stdout)
    assert (problem["code"], problem["place"]["file"]) == ("C107", "content/people/\\xff.yaml")


def test_a_linked_content_folder_is_read_like_any_other(project: Path) -> None:
    (project / "content").rename(project / "real")
    (project / "content").symlink_to("real")
    run = ismpe("check", cwd=project)
    assert (run.returncode, run.stderr) == (0, "content: no problems\n")
    spoil(project / CORRIEVALE, "assessor: tobias-exemplar", "assessor: nobody")
    assert f"{CORRIEVALE}:3:11: error R422" in ismpe("check", cwd=project).stderr


def test_pages_deeper_than_anything_can_follow(project: Path) -> None:
    for start in ("pages", "assessments/corrievale-council"):
        subprocess.run(["mkdir", "-p", project / "content" / start / "/".join("a" * 1300)], check=True)
    run = ismpe("check", cwd=project)
    subprocess.run(["rm", "-rf", project / "content"], check=True)  # Python's own removal follows each by a call
    assert run.returncode == 1
    assert run.stderr.endswith("content: 2 errors\n")


def test_strict_turns_a_warning_into_an_error(project: Path) -> None:
    spoil(project / CORRIEVALE, "reported: 2026-03-13", "reported: 2026-05-13")
    assert ismpe("check", cwd=project).returncode == 0
    run = ismpe("check", "--strict", cwd=project)
    assert run.returncode == 1
    assert "warning R432" in run.stderr


def test_a_failed_build_leaves_the_last_good_site(project: Path) -> None:
    assert ismpe("build", "--only", "html", "--as-of", "2026-11-22", cwd=project).returncode == 0
    before = {path: path.read_bytes() for path in (project / "output/public").rglob("*") if path.is_file()}
    spoil(project / "content/pages/process/2005-01-01.md", "## ", "[nowhere](/nowhere/)\n\n## ")
    run = ismpe("build", "--only", "html", "--as-of", "2026-11-22", cwd=project)
    assert run.returncode == 1
    place = "content/pages/process/2005-01-01.md"
    assert f"{place}:8:11: error L501: the link to /nowhere/ leads nowhere" in run.stderr
    assert {path: path.read_bytes() for path in (project / "output/public").rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in (project / "output").iterdir()) == [
        ".generations",
        ".ismpe-output",
        ".lock",
        ".store",
        "public",
    ]


def test_an_old_page_does_not_survive_a_build(project: Path) -> None:
    assert ismpe("build", "--only", "html", "--as-of", "2026-11-22", cwd=project).returncode == 0
    (project / "output/public/stale.html").write_text("old", encoding="utf-8")
    assert ismpe("build", "--only", "html", "--as-of", "2026-11-22", cwd=project).returncode == 0
    assert not (project / "output/public/stale.html").exists()


def test_a_folder_that_is_not_ours_is_not_touched(project: Path) -> None:
    (project / "mine").mkdir()
    (project / "mine/letter.txt").write_text("keep", encoding="utf-8")
    run = ismpe("build", "--only", "html", "--output", "mine", cwd=project)
    assert run.returncode == 2
    assert "mine is not empty and was not made by ismpe" in run.stderr
    assert [path.name for path in (project / "mine").iterdir()] == ["letter.txt"]


def test_the_same_content_gives_the_same_bytes(project: Path) -> None:
    for output, environment in (
        ("a", {"PYTHONHASHSEED": "1", "TZ": "UTC"}),
        ("b", {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo"}),
    ):
        run = ismpe("build", "--only", "html", "--output", output, "--as-of", "2026-11-22", cwd=project, **environment)
        assert run.returncode == 0, run.stderr
    a, b = (
        {p.relative_to(r): p.read_bytes() for p in r.rglob("*") if p.is_file()}
        for r in (project / "a/public", project / "b/public")
    )
    assert a == b


def test_a_wrong_setting_ends_with_2_and_names_its_line(project: Path) -> None:
    spoil(project / "site.toml", 'theme = "ismpe"', 'themes = "ismpe"\nbase_url2 = ""')
    run = ismpe("check", cwd=project)
    assert run.returncode == 2
    assert 'error S312: unknown setting "themes"' in run.stderr
    assert 'did you mean "theme"?' in run.stderr
    assert 'unknown setting "base_url2"' in run.stderr


def test_no_settings_at_all(tmp_path: Path) -> None:
    run = ismpe("check", cwd=tmp_path)
    assert run.returncode == 2
    assert "site.toml:1:1: error S310: the file is missing" in run.stderr


def test_a_theme_that_is_not_there(project: Path) -> None:
    spoil(project / "site.toml", 'theme = "ismpe"', 'theme = "other"')
    run = ismpe("build", "--only", "html", cwd=project)
    assert run.returncode == 2
    assert run.stderr == (
        'site.toml:20:9: error S315: there is no theme "other"\n'
        '  20 | theme = "other"\n'
        "     |         ^\n"
        "  = allowed: ismpe\n\n"
        "site.toml: 1 error\nthe site was not replaced\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("build", "--as-of", "22.11.2026"), "is not a date; write it like 2026-11-22"),
        (("build", "--as-of", "20261122"), "is not a date; write it like 2026-11-22"),
        (("build", "--only", "pdf"), "the only choice is html"),
        (("bild",), "No such command 'bild'"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], words: str) -> None:
    run = ismpe(*arguments)
    assert run.returncode == 2
    assert words in run.stderr.replace("\n", " ")


def test_the_day_may_come_from_the_environment(project: Path) -> None:
    run = ismpe("build", "--only", "html", cwd=project, SOURCE_DATE_EPOCH="1750000000")
    assert run.returncode == 0
    assert "as on 2025-06-15" in run.stderr


def test_the_register_of_an_earlier_day(project: Path) -> None:
    run = ismpe("build", "--only", "html", "--as-of", "2025-01-01", cwd=project)
    assert run.returncode == 0, run.stderr
    register = json.loads((project / "output/public/register/register.json").read_text(encoding="utf-8"))
    assert {row["assessment"].split("/")[0]: row["state"] for row in register["awards"]} == {
        "aldermoss-college": "active",
        "kestrelwyn-engineering": "active",
        "northmarrow-insurance": "active",
    }


def test_score_shows_the_working() -> None:
    run = ismpe("score", CORRIEVALE)
    assert run.returncode == 0
    assert run.stdout.splitlines() == [
        "corrievale-council/graduate-trainees/2026-02  (edition 2003, reviewed)",
        "  core standard 1     33 of   36 points     91.6 %",
        "  core standard 2     61 of   68 points     89.7 %",
        "  core standard 3     29 of   32 points     90.6 %",
        "  core standard 4     21 of   36 points     58.3 %",
        "  core standard 5     18 of   20 points     90.0 %",
        "  core standard 6     32 of   36 points     88.8 %",
        "  overall            194 of  228 points     85.0 %  exactly 97/114",
        "  gold     asks for 95 %: not met: 23 points short and core standard 4 below 60 %",
        "  silver   asks for 87 %: not met: 5 points short and core standard 4 below 60 %",
        "  bronze   asks for 80 %: not met: core standard 4 below 60 %",
        "  award: none",
        "  a shortest way to bronze: 4.2 from 1 to 2",
    ]


def test_score_under_another_edition() -> None:
    run = ismpe("score", CORRIEVALE, "--edition", "2026-draft", "--json")
    assert run.returncode == 0
    assert json.loads(run.stdout)["edition"] == "2026-draft"


def test_score_of_a_file_elsewhere_and_of_one_that_is_not_there(tmp_path: Path) -> None:
    shutil.copy(ROOT / CORRIEVALE, tmp_path / "mine.yaml")
    run = ismpe("score", str(tmp_path / "mine.yaml"), "--json")
    assert run.returncode == 0
    assert json.loads(run.stdout)["assessment"] == "mine"
    run = ismpe("score", "nothing.yaml")
    assert run.returncode == 1
    assert "nothing.yaml:1:1: error C104: the file is missing" in run.stderr


def test_score_of_a_file_with_problems_is_none(tmp_path: Path) -> None:
    text = (ROOT / CORRIEVALE).read_text(encoding="utf-8").replace("edition: 2003", "edition: 2004")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    run = ismpe("score", str(tmp_path / "mine.yaml"))
    assert run.returncode == 1
    assert 'there is no edition "2004"' in run.stderr
    assert 'did you mean "2003"?' in run.stderr


def test_a_document_that_fails_to_print_ends_with_3_and_names_it(project: Path) -> None:
    (project / "themes").unlink()
    shutil.copytree(ROOT / "themes", project / "themes")
    style = project / "themes/ismpe/print/certificate.css"
    style.write_text(style.read_text(encoding="utf-8") + "\np { no-such-property: 1 }\n", encoding="utf-8")
    run = ismpe("build", "--jobs", "2", "--as-of", "2026-11-22", cwd=project)
    assert run.returncode == 3
    assert re.search(r"certificate\.pdf( and 3 more)?: print/certificate\.css", run.stderr)
    assert "these documents could not be made\nthe site was not replaced" in run.stderr
    assert not (project / "output/public").exists()


def test_version_and_help() -> None:
    assert ismpe("--version").stdout == "ismpe 0.1.0\n"
    text = ismpe("--help").stdout
    for command in ("check", "build", "serve", "score"):
        assert command in text


LARKHAVEN = "content/assessments/larkhaven-rail/women-in-operations/2025-09.yaml"


def test_plan_says_what_a_build_would_render_and_which_awards_would_change(project: Path) -> None:
    day = ("--only", "html", "--as-of", "2026-11-22")
    everything = ismpe("plan", *day, cwd=project)
    assert "register/index.html: new\n" in everything.stdout
    assert not (project / "output").exists()
    assert ismpe("build", *day, cwd=project).returncode == 0
    assert ismpe("plan", *day, cwd=project).stdout == ""
    text = (project / LARKHAVEN).read_text(encoding="utf-8")
    (project / LARKHAVEN).write_text(re.sub(r"rating: [34]", "rating: 0", text, count=6), encoding="utf-8")
    run = ismpe("plan", *day, cwd=project)
    assert "organisations/larkhaven-rail/index.html: its content changed\n" in run.stdout
    assert "award of larkhaven-rail/women-in-operations/2025-09: bronze, active → no award\n" in run.stdout
    assert run.stderr == "12 files would be rendered\n"
    data = json.loads(ismpe("plan", "--json", *day, cwd=project).stdout)
    assert {"path": "register/register.csv", "reason": "its content changed"} in data["files"]
    assert data["awards"] == ["larkhaven-rail/women-in-operations/2025-09: bronze, active → no award"]
    built = ismpe("build", "-v", *day, cwd=project)
    assert sorted(built.stderr.replace("rendered ", "").splitlines()[:12]) == sorted(run.stdout.splitlines()[:12])

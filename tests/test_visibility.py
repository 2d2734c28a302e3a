"""public, award, unlisted, private: what of an assessment is published, and that the rest leaves no trace."""

import json
import re
from pathlib import Path

import pytest

from ismpe_site import pipeline
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.late import Workers
from ismpe_site.making import Options
from ismpe_site.pipeline import build
from ismpe_site.problems import ContentError
from ismpe_site.project import Project
from tests.conftest import ismpe
from tests.forge import DAY
from tests.public_tree import tree
from tests.test_publication import small_site, spoil

HERE, HTML = Workers(InProcess(), InProcess()), Options(DAY, html_only=True)
TOKEN = "00112233445566778899aabbccddeeff"
TRUST = Path("content/assessments/brook-trust")
FIRST, LATER = TRUST / "starters/2024-05.yaml", TRUST / "starters/2025-05.yaml"
WORDS = "A sound beginning"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_site(tmp_path / "site", "Ash Trust")


def say(root: Path, file: Path, visibility: str) -> None:
    """The assessment's own word."""
    token = f"\nunlisted_token: {TOKEN}" if visibility == "unlisted" else ""
    spoil(root / file, "status: reviewed", f"status: reviewed\nvisibility: {visibility}{token}")


def add_later(root: Path, visibility: str) -> None:
    """Another assessment of the same programme, a year later and better."""
    text = (root / FIRST).read_text(encoding="utf-8").replace("2024-", "2025-").replace("rating: 2", "rating: 4")
    (root / LATER).write_text(text, encoding="utf-8")
    say(root, LATER, visibility)


def published(root: Path, output: Path) -> dict[str, bytes]:
    build(Project.at(root), output, HTML, HERE)
    return tree(output / "public")


def naming(found: dict[str, bytes], word: str) -> set[str]:
    """The files that have ``word`` in their name or their bytes."""
    return {path for path, data in found.items() if word in path or word.encode() in data}


@pytest.mark.parametrize("status", ["reviewed", "draft", "suspended"])
def test_a_private_assessment_leaves_no_trace(root: Path, tmp_path: Path, status: str) -> None:
    """The site is byte for byte what it is where the file does not exist: no count, no state, no file tells of it."""
    without = published(root, tmp_path / "without")
    add_later(root, "private")
    if status == "suspended":
        spoil(root / LATER, "status: reviewed", "status: suspended")
        with (root / LATER).open("a", encoding="utf-8") as file:
            file.write("suspension: {on: 2025-09-01, reason: The leaflet was withdrawn.}\n")
    elif status == "draft":
        spoil(root / LATER, "status: reviewed", "status: draft")
    assert published(root, tmp_path / "with") == without


def test_the_same_assessment_supersedes_where_its_award_is_public(root: Path, tmp_path: Path) -> None:
    add_later(root, "award")
    found = published(root, tmp_path / "output")
    states = {a["assessment"]: a["state"] for a in json.loads(found["register/register.json"])["awards"]}
    assert states["brook-trust/starters/2024-05"] == "superseded"
    assert states["brook-trust/starters/2025-05"] == "active"


def test_a_private_organisation_is_nowhere(root: Path, tmp_path: Path) -> None:
    spoil(root / TRUST / "organisation.yaml", "visibility: public", "visibility: private")
    found = published(root, tmp_path / "output")
    assert naming(found, "brook-trust") | naming(found, "Brook Trust") == set()
    assert naming(found, "ash-trust")


def test_a_private_organisation_is_there_with_the_programmes_of_assessments_that_say_otherwise(
    root: Path, tmp_path: Path
) -> None:
    spoil(root / TRUST / "organisation.yaml", "visibility: public", "visibility: private")
    (root / TRUST / "leavers").mkdir()
    programme = (root / TRUST / "starters/programme.yaml").read_text(encoding="utf-8")
    text = re.sub("^name: .*$", "name: Going away", programme, flags=re.MULTILINE)
    (root / TRUST / "leavers/programme.yaml").write_text(text, encoding="utf-8")
    say(root, FIRST, "award")
    found = published(root, tmp_path / "output")
    assert "organisations/brook-trust/index.html" in found
    assert naming(found, "Going away") == set()
    assert naming(found, WORDS) == naming(found, "organisations/ash-trust/") & naming(found, WORDS)


def test_only_the_award_of_an_assessment_is_published(root: Path, tmp_path: Path) -> None:
    say(root, FIRST, "award")
    found = published(root, tmp_path / "output")
    folder = "assessments/brook-trust/starters/2024-05/"
    assert f"{folder}award.jsonld" in found
    assert f"{folder}result.json" not in found
    assert b"chosen not to publish" in found[f"{folder}index.html"]


def test_an_unlisted_report_is_at_its_address_and_named_nowhere(root: Path, tmp_path: Path) -> None:
    say(root, FIRST, "unlisted")
    found = published(root, tmp_path / "output")
    folder = f"unlisted/{TOKEN}"
    assert naming(found, TOKEN) == {folder, f"{folder}/index.html", f"{folder}/result.json"}
    page = found[f"{folder}/index.html"].decode()
    assert WORDS in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page
    assert TOKEN not in page
    assert "/unlisted/*\n  X-Robots-Tag: noindex\n" in found["_headers"].decode()
    assert "unlisted" not in found["robots.txt"].decode()
    # Of the award everything is public.
    awards = json.loads(found["register/register.json"])["awards"]
    assert "brook-trust/starters/2024-05" in {award["assessment"] for award in awards}
    assert b"chosen not to publish" in found["assessments/brook-trust/starters/2024-05/index.html"]


def test_the_rest_of_the_site_is_that_of_a_report_not_published(root: Path, tmp_path: Path) -> None:
    """Statistics, lists, feed, search, manifest: nothing but the folder itself tells an unlisted report."""
    add_later(root, "public")
    say(root, FIRST, "award")
    award = published(root, tmp_path / "award")
    spoil(root / FIRST, "visibility: award", f"visibility: unlisted\nunlisted_token: {TOKEN}")
    unlisted = published(root, tmp_path / "unlisted")
    assert {path for path in unlisted if not path.startswith("unlisted")} == set(award)
    assert {path for path in award if award[path] != unlisted[path]} == set()


def test_an_unlisted_draft_is_nowhere_but_at_its_address(root: Path, tmp_path: Path) -> None:
    spoil(root / TRUST / "organisation.yaml", "visibility: public", "visibility: award")
    without = published(root, tmp_path / "without")
    add_later(root, "unlisted")
    spoil(root / LATER, "status: reviewed", "status: draft")
    found = published(root, tmp_path / "with")
    assert {path: data for path, data in found.items() if not path.startswith("unlisted")} == without
    assert WORDS in found[f"unlisted/{TOKEN}/index.html"].decode()


@pytest.mark.parametrize("organisation", ["ash-trust", "brook-trust"])
def test_a_token_is_used_once(root: Path, tmp_path: Path, organisation: str) -> None:
    if organisation == "brook-trust":
        add_later(root, "unlisted")
        second = LATER
    else:
        say(root, Path("content/assessments/ash-trust/starters/2024-05.yaml"), "unlisted")
        second = FIRST
    say(root, FIRST, "unlisted")
    # What is remembered of an organisation is judged as what is read anew.
    for _ in range(2):
        with pytest.raises(ContentError) as raised:
            published(root, tmp_path / "output")
        (problem,) = raised.value.problems
        assert (problem.code, problem.place.file, problem.place.line) == ("R445", second.as_posix(), 4)
        assert TOKEN not in problem.message + problem.help


def test_no_text_may_lead_to_a_secret_address(root: Path, tmp_path: Path) -> None:
    say(root, FIRST, "unlisted")
    about = f"about: See [the report](/unlisted/{TOKEN}/)."
    spoil(root / TRUST / "organisation.yaml", "about: It looks after a brook.", about)
    with pytest.raises(ContentError) as raised:
        published(root, tmp_path / "output")
    assert [problem.code for problem in raised.value.problems] == ["L501"]


def test_check_and_score_see_what_is_private(root: Path, tmp_path: Path) -> None:
    say(root, FIRST, "private")
    run = ismpe("score", "--root", str(root), str(root / FIRST))
    assert (run.returncode, "brook-trust/starters/2024-05" in run.stdout) == (0, True), run.stderr
    spoil(root / FIRST, "rating: 4", "rating: 9")
    problems = pipeline.check(Project.at(root), tmp_path / "output", HTML, InProcess())
    assert [problem.code for problem in problems] == ["R404"]


def test_the_command_makes_another_token_each_time() -> None:
    tokens = {ismpe("unlisted-token").stdout for _ in range(3)}
    assert len(tokens) == 3
    assert all(re.fullmatch("[0-9a-f]{32}\n", token) for token in tokens)


@pytest.mark.parametrize("name", ["Jane Doe", "J. Doe", "mentor: Jane Doe", "Dr doe", "jane.doe@example.org"])
def test_interviewees_are_roles_never_names(root: Path, tmp_path: Path, name: str) -> None:
    spoil(root / FIRST, "interviews: {mentors: 2, mentees: 3}", f'interviews: {{"{name}": 1, mentees: 3}}')
    problems = pipeline.check(Project.at(root), tmp_path / "output", HTML, InProcess())
    assert [(problem.code, problem.place.file) for problem in problems] == [("S304", FIRST.as_posix())]
    assert "never a name" in problems[0].message


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (FIRST, "private_note: The sponsor is leaving in spring.\n"),
        (TRUST / "starters/programme.yaml", "contacts: [{name: Ida Sample, email: ida@brook.example}]\n"),
        (TRUST / "organisation.yaml", "contact: {name: Ida Sample, email: ida@brook.example}\n"),
    ],
)
def test_private_fields_move_no_byte(root: Path, tmp_path: Path, file: Path, text: str) -> None:
    without = published(root, tmp_path / "without")
    with (root / file).open("a", encoding="utf-8") as stream:
        stream.write(text)
    assert published(root, tmp_path / "with") == without

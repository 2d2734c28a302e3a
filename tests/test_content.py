"""Content: the base and the real content load; every case of bad content gives exactly the problems it names."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ismpe_site.content.links import judged_links
from ismpe_site.content.load import load_assessment
from ismpe_site.problems import ContentError, Place
from ismpe_site.publications.markup import block
from tests.minimal_site import BASE, CASES, Case, loaded, minimal_site, with_files
from tests.whole import load

ROOT = Path(__file__).parents[1]
REAL = ROOT / "content"
CASE_FILES = sorted(path for path in (CASES / "content").glob("*.md") if path.name != "README.md")

ASSESSMENT = "content/assessments/brook-trust/starters/2024-05.yaml"
CROSSWALK = "content/standards/2024-draft/crosswalk.yaml"
CODE = re.compile(r'"([CYSRL][0-9]{3})"')
REPORTED = re.compile(r"^\S.*?: (?:error|warning) ([A-Z][0-9]{3}):", re.MULTILINE)


def test_the_base_has_no_problem() -> None:
    outcome, problems = loaded(BASE / "content")
    assert problems == ""
    assert outcome.catalogue is not None
    assert [edition.id for edition in outcome.catalogue.editions] == ["2020", "2024-draft"]
    assert [person.id for person in outcome.catalogue.people] == ["ada-sample", "bo-sample", "sam-sample"]
    assert [page.id for page in outcome.catalogue.pages] == ["about"]


def test_the_real_content_has_no_problem() -> None:
    outcome, problems = loaded(REAL)
    assert problems == ""
    assert outcome.catalogue is not None


def test_the_readme_alone_teaches_to_write_an_assessment(tmp_path: Path) -> None:
    content = Path(shutil.copytree(REAL, tmp_path / "content"))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lesson = text.partition("## Write an assessment\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```(?:yaml|markdown)\n((?:---\n)?# (\S+)\n.*?)^```", lesson, re.DOTALL | re.MULTILINE)
    for written, name in blocks:
        folder = content / "assessments/your-organisation"
        file = folder / name if name == "organisation.yaml" else folder / "graduates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written, encoding="utf-8")
    assert [name for _, name in blocks] == [
        "organisation.yaml",
        "programme.yaml",
        "purpose/2025-01-01.md",
        "2026-03.yaml",
    ]
    outcome, problems = loaded(content)
    assert problems == ""
    assert outcome.catalogue is not None
    assert "your-organisation" in [organisation.id for organisation in outcome.catalogue.organisations]


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: path.stem)
def test_case(path: Path, tmp_path: Path) -> None:
    case = Case.read(path)
    outcome, found = loaded(minimal_site(tmp_path / "site", case.changes))
    if os.environ.get("UPDATE_CASES"):
        case.expect(found)
        return
    assert found == case.expected
    assert str(tmp_path) not in found
    if ": error " in found:
        assert outcome.catalogue is None


def test_there_are_enough_cases_and_each_has_a_change_and_a_problem() -> None:
    assert len(CASE_FILES) >= 45
    for path in CASE_FILES:
        case = Case.read(path)
        assert case.changes, path.name
        code = path.name[:4]
        assert (code in REPORTED.findall(case.expected)) or path.name.startswith("combined-"), path.name


def test_every_code_of_the_source_has_a_case() -> None:
    source = (ROOT / "ismpe_site" / "content").rglob("*.py")
    codes = {code for path in source for code in CODE.findall(path.read_text(encoding="utf-8"))}
    cases = {code for path in CASE_FILES for code in REPORTED.findall(Case.read(path).expected)}
    assert sorted(codes - cases) == []


def test_every_problem_says_what_to_do() -> None:
    for path in CASE_FILES:
        for problem in Case.read(path).expected.split("\n\n"):
            assert "\n  = " in problem, f"{path.name}: {problem}"


def test_a_warning_alone_does_not_stop_the_build(tmp_path: Path) -> None:
    case = Case.read(CASES / "content" / "R432-late-report.md")
    outcome, problems = loaded(minimal_site(tmp_path / "site", case.changes))
    assert "warning" in problems
    assert outcome.catalogue is not None


# -- what cannot be shown in a case ----------------------------------------------------------------


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    content = with_files(tmp_path / "site", {"content/people/bo-sample.yaml": "# \n" * 400_000})
    _, problems = loaded(content)
    assert (
        problems
        == "content/people/bo-sample.yaml:1:1: error C101: larger than 1024 KiB\n  1 | # \n    | ^\n  = split it"
    )


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    content = minimal_site(tmp_path / "site")
    for path in (path for path in content.rglob("*") if path.is_file()):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    outcome, problems = loaded(content)
    assert problems == ""
    assert outcome.catalogue == load(BASE / "content").catalogue


def test_hidden_and_backup_files_are_passed_over(tmp_path: Path) -> None:
    files = dict.fromkeys(("people/.DS_Store", "people/ada-sample.yaml~", "people/#ada-sample.yaml#", ".gitkeep"), "x")
    content = with_files(tmp_path / "site", {f"content/{name}": text for name, text in files.items()})
    assert loaded(content)[1] == ""


def test_no_folder_at_all(tmp_path: Path) -> None:
    _, problems = loaded(tmp_path / "content")
    assert REPORTED.findall(problems) == ["C104"] * 4


def test_dates_at_the_end_of_the_calendar(tmp_path: Path) -> None:
    text = (BASE / ASSESSMENT).read_text(encoding="utf-8").replace("2024-05-08]", "9999-12-31]")
    edition = (BASE / "content/standards/2020/edition.yaml").read_text(encoding="utf-8")
    weeks = edition.replace("report_due_weeks: 6", "report_due_weeks: 999999999")
    changed = {ASSESSMENT: text, "content/standards/2020/edition.yaml": weeks}
    assert REPORTED.findall(loaded(with_files(tmp_path / "site", changed))[1]) == ["S304", "S304"]


def test_a_long_list_of_entries_is_read_quickly(tmp_path: Path) -> None:
    content = with_files(tmp_path / "site", {CROSSWALK: "- x\n" * 20_000})
    assert REPORTED.findall(loaded(content)[1]) == ["S305"] * 20_000


def test_an_erratum_may_quote_the_marks_of_the_source_file(tmp_path: Path) -> None:
    start = "  kind: transcription\n  note: So it is written.\n  recorded: 2024-01-01\n"
    quotes = {
        "introduction": "- 1. Purpose**",
        "1": "#### 1. PURPOSE",
        "1.1": "1.1 There is a [statement](https://a.example)",
    }
    entries = [f'- id: quote-{n}\n  clause: "{clause}"\n  published: "{words}"\n{start}'
               for n, (clause, words) in enumerate(quotes.items())]  # fmt: skip
    errata = {"content/standards/2020/errata.yaml": "".join(entries)}
    assert loaded(with_files(tmp_path / "site", errata))[1] == ""


@contextmanager
def unprivileged() -> Iterator[Path]:
    """A folder that anybody can reach, and the rights of an ordinary user even where the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="ismpe-test-") as folder:
        Path(folder).chmod(0o755)
        own = os.geteuid()
        yield Path(folder)
        os.seteuid(own)


@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_folder_that_may_not_be_read_hides_nothing_else(mode: int) -> None:
    with unprivileged() as folder:
        files = {"content/people/bo-sample.yaml": "name: [\n", "content/pages/closed/2022-01-01.md": "x"}
        content = with_files(folder / "site", files)
        closed = (content / "pages/closed", content / "standards/2020", content / "assessments/brook-trust/starters")
        for path in closed:
            path.chmod(mode)
        if os.geteuid() == 0:
            os.seteuid(65534)
        try:
            _, problems = loaded(content)
        finally:
            os.seteuid(os.getuid())
            for path in closed:
                path.chmod(0o755)
    found = [line.partition(" error ")[::2] for line in problems.splitlines() if " error " in line]
    assert [(place, code[:4]) for place, code in found] == [
        ("content/assessments/brook-trust/starters:1:1:", "C101"),
        ("content/pages/closed:1:1:", "C101"),
        ("content/people/bo-sample.yaml:1:7:", "Y201"),
        ("content/standards/2020:1:1:", "C101"),
    ]
    assert "the folder cannot be read: Permission denied\n  = see that you may read it" in problems


def test_the_content_may_be_a_link_to_a_folder(tmp_path: Path) -> None:
    content = minimal_site(tmp_path / "site", Case.read(CASES / "content" / "R422-unknown-person.md").changes)
    content.rename(tmp_path / "elsewhere")
    content.symlink_to("../elsewhere")
    assert loaded(content)[1] == Case.read(CASES / "content" / "R422-unknown-person.md").expected
    key, _, _ = load_assessment(content, tmp_path / "elsewhere/assessments/brook-trust/starters/2024-05.yaml")
    assert key == "brook-trust/starters/2024-05"


def test_folders_deeper_than_anything_can_follow(tmp_path: Path) -> None:
    content = minimal_site(tmp_path / "site")
    for start in (content / "pages", content / "assessments/brook-trust"):
        subprocess.run(["mkdir", "-p", start / "/".join("a" * 1300)], check=True)
    try:
        assert REPORTED.findall(loaded(content)[1]) == ["C108", "C108"]
    finally:
        subprocess.run(["rm", "-rf", content], check=True)  # Python's own removal follows each folder by a call


@pytest.mark.parametrize("character", "\u202e\u200b\u2028\u2029\ufeff\ufffe\uffff\ufdd0\u2060\x00\x85")
def test_what_may_not_stand_in_a_file_may_not_be_escaped_either(tmp_path: Path, character: str) -> None:
    file = "content/people/bo-sample.yaml"
    text = (BASE / file).read_text(encoding="utf-8").replace("name: Bo ", f'name: "Bo\\u{ord(character):04x}"\n# ')
    _, problems = loaded(with_files(tmp_path / "site", {file: text}))
    assert f'"name" holds the character U+{ord(character):04X}, which is not allowed' in problems


def test_places_are_named_as_the_site_names_them() -> None:
    headings = [
        "## Fees", "### The *fee* & more ###", "## Fees", "## Grüße", "## 2.1 `code`", "Under\nlined\n-----",
        "> ## Said", "## Versions", "## …", "- # In a list", "## [A link](/about/)",
    ]  # fmt: skip
    text = "\n\n".join(headings)
    ids = re.findall(r'<h[1-6] id="([^"]*)"', block(text, lambda link: link, taken=("main", "versions")))
    places = "\n".join(f"[x](#{place})" for place in ids)
    assert len(ids) == len(headings)
    assert judged_links("a.md", f"{text}\n\n{places}") == ([], [(Place("a.md", 23, 13), "/about/")])


# -- one assessment alone --------------------------------------------------------------------------


def test_an_assessment_in_its_place() -> None:
    key, assessment, edition = load_assessment(BASE / "content", BASE / ASSESSMENT)
    assert (key, assessment.id, edition.id) == ("brook-trust/starters/2024-05", "2024-05", "2020")


def test_an_assessment_that_lies_elsewhere_under_another_edition(tmp_path: Path) -> None:
    file = Path(shutil.copy(BASE / ASSESSMENT, tmp_path / "draft.yaml"))
    key, assessment, edition = load_assessment(BASE / "content", file, "2024-draft")
    assert (key, assessment.edition, edition.id) == ("draft", "2024-draft", "2024-draft")


@pytest.mark.parametrize(
    ("text", "edition", "codes"),
    [
        (None, None, ["C104"]),
        ("", None, ["S305"]),
        ("edition: 2020\nstatus: draft\nratings: {1.9: 4}\n", None, ["R402"]),
        ("edition: 2020\nstatus: draft\nratings: {1.1: 4}\n", "2021", ["R401"]),
        ("edition: 2020\nstatus: draft\nratings: {1.1: [4\n", None, ["Y201"]),
    ],
)
def test_an_assessment_alone_that_is_wrong(
    tmp_path: Path, text: str | None, edition: str | None, codes: list[str]
) -> None:
    file = tmp_path / "draft.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_assessment(BASE / "content", file, edition)
    assert [problem.code for problem in error.value.problems] == codes


def scored_alone(content: Path, edition: str) -> list[str]:
    """Code and file of what stands in the way of scoring the assessment of the base by ``edition``."""
    try:
        load_assessment(content, content.parent / ASSESSMENT, edition)
    except ContentError as error:
        return [f"{problem.code} {problem.place.file}" for problem in error.problems]
    return []


def test_an_assessment_alone_is_not_stopped_by_the_files_of_another_edition(tmp_path: Path) -> None:
    faulty = "content/standards/2024-draft/1-purpose.yaml"
    stray = "content/standards/2024-draft/notes.txt"
    content = with_files(tmp_path / "site", {faulty: "number: one\n", stray: "x"})
    assert scored_alone(content, "2020") == []
    assert set(scored_alone(content, "2024-draft")) == {f"S301 {faulty}", f"S304 {faulty}", f"C102 {stray}"}
    # Where there is no such edition, one of these may be what was meant.
    assert set(scored_alone(content, "2021")) == {
        f"S301 {faulty}",
        f"S304 {faulty}",
        f"C102 {stray}",
        f"R401 {ASSESSMENT}",
    }


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        (r"rating_scale:\n(  - .*\n)+", "rating_scale: []\n", ["R475"]),
        (r"rating_scale:\n(  - .*\n)+", "rating_scale: [{value: 0, label: No, description: No.}]\n", ["R475"]),
        (r"awards:\n(  - .*\n)+", "awards: []\n", ["R477"]),
        (r"short_title: .*", "short_title: Draft 2024", []),
    ],
)
def test_an_assessment_alone_needs_an_edition_that_is_in_order(
    tmp_path: Path, old: str, new: str, codes: list[str]
) -> None:
    name = "content/standards/2020/edition.yaml"
    text = re.sub(old, new, (BASE / name).read_text(encoding="utf-8"))
    assert text != (BASE / name).read_text(encoding="utf-8")
    found = scored_alone(with_files(tmp_path / "site", {name: text}), "2020")
    assert [code for code in found if "R404" not in code] == [f"{code} {name}" for code in codes]


def test_an_unreadable_assessment_alone_is_reported_without_the_editions(tmp_path: Path) -> None:
    faulty = {"content/standards/2024-draft/notes.txt": "x", ASSESSMENT: "edition: 2020\nstatus: [draft\n"}
    assert scored_alone(with_files(tmp_path / "site", faulty), "2020") == [f"Y201 {ASSESSMENT}"]


# -- nothing that is written makes the reading fail ------------------------------------------------

FILES = sorted(path.relative_to(BASE).as_posix() for path in BASE.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return minimal_site(tmp_path_factory.mktemp("scratch") / "site")


@settings(max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(FILES),
    cut=st.integers(0, 900),
    length=st.integers(0, 40),
    put=st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            [
                "\t",
                ": ",
                "\n",
                "- ",
                "[",
                "]",
                "{",
                "}",
                "&a ",
                "*a",
                "!x ",
                "<<: ",
                "'",
                '"',
                "|",
                ">-\n",
                "---\n",
                "\\",
                "#",
            ]
        ),
        st.sampled_from(
            [
                "",
                "0",
                "9",
                "-1",
                "1.10",
                "0.0",
                "[]",
                "{}",
                "~",
                "[key]: 1\n",
                "9999-12-31",
                "0001-01-01",
                "true",
                "null",
                "\ufeff",
            ]
        ),
    ),
)
def test_mutated_files_never_raise(scratch: Path, name: str, cut: int, length: int, put: str) -> None:
    file = scratch.parent / name
    before = file.read_bytes()
    text = before.decode()
    try:
        file.write_bytes((text[:cut] + put + text[cut + length :]).encode("utf-8", "surrogatepass"))
        outcome = load(scratch)
        for problem in outcome.problems:
            assert problem.place.line >= 1
            assert problem.place.column >= 1
        assert (outcome.catalogue is None) == any(problem.severity == "error" for problem in outcome.problems)
    finally:
        file.write_bytes(before)


@settings(max_examples=60, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(FILES), data=st.binary(max_size=60))
def test_arbitrary_bytes_never_raise(scratch: Path, name: str, data: bytes) -> None:
    file = scratch.parent / name
    before = file.read_bytes()
    try:
        file.write_bytes(data)
        assert load(scratch).catalogue is None
    finally:
        file.write_bytes(before)


def _mutated(text: str, chance: random.Random) -> str:
    """``text`` with a line deleted or doubled, a digit changed, or its end cut off."""
    lines = text.splitlines(keepends=True)
    line = chance.randrange(len(lines))
    kind = chance.choice(("delete", "double", "digit", "truncate"))
    digits = [match.start() for match in re.finditer(r"\d", text)]
    if kind == "delete":
        del lines[line]
    elif kind == "double":
        lines.insert(line, lines[line])
    elif kind == "truncate" or not digits:
        return text[: chance.randrange(len(text))]
    else:
        at = chance.choice(digits)
        return text[:at] + str(chance.randrange(10)) + text[at + 1 :]
    return "".join(lines)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(REAL, tmp_path_factory.mktemp("real") / "content"))


@pytest.mark.parametrize("seed", range(30))
def test_small_mistakes_in_the_real_content_never_raise(real: Path, seed: int) -> None:
    chance = random.Random(seed)
    file = chance.choice(sorted(path for path in real.rglob("*") if path.suffix in (".md", ".yaml")))
    before = file.read_bytes()
    try:
        file.write_bytes(_mutated(before.decode(), chance).encode())
        load(real)
    finally:
        file.write_bytes(before)

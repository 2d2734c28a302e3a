"""What is handed to one organisation: all of its reports but the notes, in a bag, apart from what is published."""

import hashlib
import io
import json
import stat
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from playwright.sync_api import Browser

from ismpe_site import handing
from ismpe_site.build.bag import bag
from ismpe_site.build.executors.in_process import InProcess
from ismpe_site.build.generation import OutputError
from ismpe_site.handing import Handed, handover, put
from ismpe_site.making import Options
from ismpe_site.problems import ContentError
from ismpe_site.project import Project
from ismpe_site.publications import Scheme
from tests.conftest import ROOT, ismpe
from tests.forge import DAY
from tests.public_tree import FOLDER, tree
from tests.test_private_proof import NOTE, write
from tests.test_publication import small_site, spoil

BROOK = "content/assessments/brook-trust"
REPORT = f"{BROOK}/starters/2024-05.yaml"
PRIVATE = "Talk with two mentors about the dispute"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One organisation of each kind; private notes, private evidence and a contact everywhere."""
    root = small_site(tmp_path_factory.mktemp("handed") / "site", "Ash Trust", "Elm Trust")
    for name, word in (("brook-trust", "public"), ("ash-trust", "award"), ("elm-trust", "private")):
        folder = root / "content/assessments" / name
        spoil(folder / "organisation.yaml", "visibility: public", f"visibility: {word}")
        write(folder / "organisation.yaml", "contact: {name: Ida Sample-Brook, email: ida.sample@brook.example}\n")
        report = folder / "starters/2024-05.yaml"
        write(report, f"private_note: {NOTE}\n")
        spoil(report, "title: Two mentors}", f"title: {PRIVATE}, visibility: private}}")
    draft = (root / REPORT).read_text(encoding="utf-8").replace("2024-", "2025-").replace("reviewed", "draft", 1)
    (root / BROOK / "starters/2025-05.yaml").write_text(draft, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def handed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """Organisation → the files it is handed, by their paths below data/."""
    output = tmp_path_factory.mktemp("output")
    made = hand(root, output)
    assert [one.organisation for one in made] == ["ash-trust", "brook-trust", "elm-trust"]
    return {one.organisation: payload(one.folder) for one in made}


def hand(root: Path, output: Path, *names: str, target: Path | None = None) -> list[Handed]:
    return handover(Project.at(root), output, target or output / "private", list(names), Options(DAY), InProcess())


def payload(folder: Path) -> dict[str, bytes]:
    files = {path: data for path, data in tree(folder).items() if data != FOLDER}
    return {path.removeprefix("data/"): data for path, data in files.items() if path.startswith("data/")}


def words_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


FOLDER_2024 = "starters/2024-05/"
BADGES = {f"badge-{kind}" for kind in ("light.svg", "dark.svg", "mono.svg", "light-256.png", "light-512.png")}
NAMES = ("report.pdf", "report.html", "result.json", "certificate.pdf", "card.png", *BADGES)
WHOLE = {f"{FOLDER_2024}{name}" for name in NAMES}


def test_each_gets_its_reports_certificates_and_badges(handed: dict[str, dict[str, bytes]]) -> None:
    """Whatever is public of them; what is not signed off is no report yet."""
    assert set(handed["brook-trust"]) == WHOLE | {f"{FOLDER_2024}embed.txt"}
    assert set(handed["ash-trust"]) == WHOLE | {f"{FOLDER_2024}embed.txt"}
    # Where no award is public no page could show the badge.
    assert set(handed["elm-trust"]) == WHOLE


@pytest.mark.parametrize("name", ["brook-trust", "ash-trust", "elm-trust"])
def test_the_report_is_whole_but_for_the_notes(handed: dict[str, dict[str, bytes]], name: str) -> None:
    files = handed[name]
    page = files[f"{FOLDER_2024}report.html"].decode()
    printed = " ".join(words_of(files[f"{FOLDER_2024}report.pdf"]))
    for text in ("It is in the leaflet.", "A sound beginning.", PRIVATE):
        assert text in page, text
        assert text in printed, text
    for path, data in files.items():
        assert NOTE.encode() not in data, path
        assert b"ida.sample" not in data, path
    assert NOTE not in printed


@pytest.mark.parametrize(("name", "marked"), [("brook-trust", False), ("ash-trust", True), ("elm-trust", True)])
def test_what_is_not_public_says_confidential_on_each_page(
    handed: dict[str, dict[str, bytes]], name: str, marked: bool
) -> None:
    title = name.replace("-", " ").title()
    pages = words_of(handed[name][f"{FOLDER_2024}report.pdf"])
    said = f"Confidential: for {title}, 1 December 2025"
    assert [said in page for page in pages] == [marked] * len(pages)
    assert len(pages) > 1
    assert (said in words_of(handed[name][f"{FOLDER_2024}certificate.pdf"])[0]) is marked
    assert ("Confidential. Handed to" in handed[name][f"{FOLDER_2024}report.html"].decode()) is marked


def test_what_is_secret_names_no_public_address(handed: dict[str, dict[str, bytes]]) -> None:
    """No page of it exists; the metadata of every document is without addresses, too."""
    base = Project.at(ROOT).config.base_url
    for name, files in handed.items():
        for path in (f"{FOLDER_2024}report.pdf", f"{FOLDER_2024}certificate.pdf"):
            with pikepdf.open(io.BytesIO(files[path])) as document:
                metadata = document.open_metadata()
                assert base not in str(metadata), path
                assert base not in str(dict(document.docinfo or {})), path
            if name == "elm-trust":
                assert f"{base}assessments/" not in " ".join(words_of(files[path]))
    page = handed["elm-trust"][f"{FOLDER_2024}report.html"].decode()
    assert "assessments/elm-trust" not in page
    assert "organisations/elm-trust" not in page


def test_the_page_is_one_file(handed: dict[str, dict[str, bytes]], tmp_path: Path, browser: Browser) -> None:
    """A browser asks nobody for anything, and shows it in the site's own letters."""
    for name, files in handed.items():
        file = tmp_path / name / "report.html"
        file.parent.mkdir()
        file.write_bytes(files[f"{FOLDER_2024}report.html"])
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(file.as_uri())
        assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
        assert [url for url in asked if url.startswith("file:")] == [file.as_uri()]
        assert page.locator("h1").inner_text() == name.replace("-", " ").title()
        page.evaluate("document.fonts.load('16px \"ISMPE Sans\"')")
        assert page.evaluate("document.fonts.check('16px \"ISMPE Sans\"')")
        assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
        links = page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href'))")
        local = {link for link in links if not link.startswith(("https://", "mailto:", "#"))}
        assert local <= {"report.pdf", "certificate.pdf", "result.json"}
        assert local
        page.close()


def test_the_public_tree_and_the_handed_one_know_nothing_of_each_other(root: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    run = ismpe("build", "--root", str(root), "--output", str(output), "--as-of", str(DAY), "--only", "html")
    assert run.returncode == 0, run.stderr
    before = tree(output / "public")
    run = ismpe("handover", "ash-trust", "--root", str(root), "--output", str(output), "--as-of", str(DAY))
    assert run.returncode == 0, run.stderr
    assert tree(output / "public") == before
    assert sorted(path.name for path in (output / "private").iterdir()) == ["ash-trust"]
    # And the next build neither minds the private folder nor touches it.
    private = tree(output / "private")
    run = ismpe("build", "--root", str(root), "--output", str(output), "--as-of", str(DAY), "--only", "html")
    assert run.returncode == 0, run.stderr
    assert (tree(output / "private"), tree(output / "public")) == (private, before)


# -- the bag ---------------------------------------------------------------------------------------


def test_the_bag_is_one_by_the_standard(root: Path, tmp_path: Path) -> None:
    """RFC 8493; sha256sum checks it."""
    (one,) = hand(root, tmp_path, "elm-trust")
    files = {path: data for path, data in tree(one.folder).items() if data != FOLDER}
    assert files["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    info = dict(line.split(": ", 1) for line in files["bag-info.txt"].decode().splitlines())
    data = {path: data for path, data in files.items() if path.startswith("data/")}
    assert info["Payload-Oxum"] == f"{sum(map(len, data.values()))}.{len(data)}"
    assert info["Bagging-Date"] == str(DAY)
    listed = dict(reversed(line.split("  ", 1)) for line in files["manifest-sha256.txt"].decode().splitlines())
    assert listed == {path: hashlib.sha256(content).hexdigest() for path, content in data.items()}
    tags = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"}
    assert set(files) == set(data) | tags | {"tagmanifest-sha256.txt"}
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        check = ["sha256sum", "--check", "--strict", "--quiet", manifest]
        assert subprocess.run(check, cwd=one.folder, check=False, capture_output=True).returncode == 0
        (one.folder / "data/starters/2024-05/result.json").write_text("{}", encoding="utf-8")
    spoilt = subprocess.run(
        ["sha256sum", "--check", "--quiet", "manifest-sha256.txt"], cwd=one.folder, check=False, capture_output=True
    )
    assert spoilt.returncode == 1


def test_the_same_content_gives_the_same_bag(root: Path, tmp_path: Path, handed: dict[str, dict[str, bytes]]) -> None:
    (one,) = hand(root, tmp_path, "elm-trust")
    assert payload(one.folder) == handed["elm-trust"]


def test_values_of_a_bag_stay_on_their_line() -> None:
    made = bag({"a\nb.txt": b"x"}, "The\nPublisher", "Somebody", DAY)
    assert b"Source-Organization: The Publisher\n" in made["bag-info.txt"]
    assert made["manifest-sha256.txt"].endswith(b"  data/a%0Ab.txt\n")


def test_only_its_owner_may_read_it(root: Path, tmp_path: Path) -> None:
    (one,) = hand(root, tmp_path, "elm-trust", target=tmp_path / "x/private")
    for path in (one.folder.parent, one.folder, *one.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


# -- what goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["public", "public/private", ".generations", ".store/x", "."])
def test_what_is_private_never_lies_in_what_is_published(root: Path, tmp_path: Path, target: str) -> None:
    output = tmp_path / "output"
    (output / ".generations/1").mkdir(parents=True)
    (output / "public").symlink_to(".generations/1")
    run = ismpe("handover", "--root", str(root), "--output", str(output), "--to", str(output / target))
    assert run.returncode == 2
    assert "lie in each other; name another folder with --to" in run.stderr
    assert list((output / ".generations/1").iterdir()) == []


def test_a_folder_in_the_content_is_refused(root: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="which the site is made from"):
        hand(root, tmp_path, target=root / "content/private")


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("Dear all", encoding="utf-8")
    with pytest.raises(OutputError, match="was not made by ismpe handover"):
        put(tmp_path / "mine", {"bagit.txt": b"x"})
    assert tree(tmp_path / "mine") == {"letter.txt": b"Dear all"}


def test_the_old_bag_stays_where_the_new_one_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "brook", {"bagit.txt": b"old", "data/a": b"old"})
    old, honest = tree(tmp_path / "brook"), Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "b":
            raise OSError(28, "No space left on device")
        return honest(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left"):
        put(tmp_path / "brook", {"bagit.txt": b"new", "data/b": b"new"})
    assert tree(tmp_path / "brook") == old
    assert [path.name for path in tmp_path.iterdir()] == ["brook"]
    monkeypatch.undo()
    put(tmp_path / "brook", {"bagit.txt": b"new", "data/b": b"new"})
    assert tree(tmp_path / "brook") == {"bagit.txt": b"new", "data": FOLDER, "data/b": b"new"}
    assert [path.name for path in tmp_path.iterdir()] == ["brook"]


def test_an_unknown_organisation_is_told(root: Path, tmp_path: Path) -> None:
    run = ismpe("handover", "elm-trsut", "--root", str(root), "--output", str(tmp_path / "output"))
    assert run.returncode == 1
    assert "there is no organisation elm-trsut" in run.stderr
    assert 'did you mean "elm-trust"?' in run.stderr
    assert "Traceback" not in run.stderr


def test_a_note_that_gets_into_a_report_is_not_handed_over(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = handing.with_organisations

    def leaky(*given: Any) -> Scheme:
        scheme = honest(*given)
        return replace(scheme, reports=tuple(replace(report, summary=NOTE) for report in scheme.reports))

    monkeypatch.setattr(handing, "with_organisations", leaky)
    with pytest.raises(ContentError) as raised:
        hand(root, tmp_path, "elm-trust")
    assert [problem.code for problem in raised.value.problems] == ["P701"]
    assert not (tmp_path / "private").exists()


# -- what is issued --------------------------------------------------------------------------------


def test_what_is_issued_is_handed_over_byte_for_byte(tmp_path: Path) -> None:
    """The project's own: an organisation whose report is not public."""
    output = tmp_path / "output"
    run = ismpe("handover", "northmarrow-insurance", "--output", str(output), "--as-of", "2026-11-22")
    assert run.returncode == 0, run.stderr
    files = payload(output / "private/northmarrow-insurance")
    ledger = map(json.loads, (ROOT / "content/issued/ledger.jsonl").read_text(encoding="utf-8").splitlines())
    (number,) = (e["number"] for e in ledger if e.get("assessment") == "northmarrow-insurance/leadership-bench/2024-10")
    folder = ROOT / "content/issued" / number
    issued = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "record.json"}
    assert {name: files[f"leadership-bench/2024-10/{name}"] for name in issued} == issued
    assert "leadership-bench/2024-10/record.json" not in files
    page = files["leadership-bench/2024-10/report.html"].decode()
    assert "Confidential. Handed to" in page

"""Names that deceive: of files and folders, of organisations and people, and cells that a spreadsheet would obey."""
# ruff: noqa: E501  # letters of other scripts are counted as wider than they are

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from ismpe_site.build.generation import CollisionError, one_path_each
from ismpe_site.content.files import is_slug
from ismpe_site.content.likeness import invisible, lookalikes, mixed_word, skeleton
from ismpe_site.content.load import organisations
from ismpe_site.model import DECEPTIVE
from ismpe_site.publications.tables import csv_bytes
from tests.conftest import ROOT, BuiltSite, ismpe
from tests.hostile import FORMULAS, PATHS
from tests.minimal_site import loaded, minimal_site, with_files

# -- files and folders ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PATHS)
def test_no_hostile_name_is_fit_for_an_address(name: str) -> None:
    assert not is_slug(name)


@pytest.mark.parametrize("name", [name for name in PATHS if "/" not in name and name not in (".", "..")])
def test_a_folder_with_a_hostile_name_is_told_and_not_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "content/assessments" / name).mkdir(parents=True)
    found, problems = organisations(tmp_path / "content")
    assert found == ()
    hidden = name.startswith((".", "#")) or name.endswith("~")
    assert hidden or [problem.code for problem in problems] == ["C105"]
    assert hidden or all(problem.help for problem in problems)


@pytest.mark.parametrize("name", ["a", "2024-draft", "x" * 80, "context", "comb", "index", "assets", "404"])
def test_an_ordinary_name_is_taken(name: str) -> None:
    assert is_slug(name)


@pytest.mark.parametrize("name", ["con", "nul", "com1"])
def test_a_person_is_not_named_by_a_device(name: str, tmp_path: Path) -> None:
    text = "name: C Sample\ncountry: GB\naccreditation: {from: 2021-01-01}\nspecimen: true\n"
    _, words = loaded(with_files(tmp_path / "site", {f"content/people/{name}.yaml": text}))
    assert "error S304" in words
    assert "Windows" not in words or "take another" in words


def test_a_link_out_of_the_content_is_not_followed(tmp_path: Path) -> None:
    content = minimal_site(tmp_path / "site")
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "organisation.yaml").write_text("name: canary-zq7secret\n", encoding="utf-8")
    (content / "assessments/linked").symlink_to(secret)
    (content / "people/linked.yaml").symlink_to(secret / "organisation.yaml")
    outcome, words = loaded(content)
    assert outcome.catalogue is None
    assert words.count("error C103: symbolic links are not followed") == 2
    assert "canary" not in words


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("organisations/acme/index.html", "organisations/Acme/index.html"),
        ("a/é.html", "a/e\u0301.html"),
        ("a/ﬁ.html", "a/fi.html"),
        ("a/Ａ.html", "a/a.html"),
        ("a/ß.html", "a/ss.html"),
        ("a", "a"),
    ],
)
def test_two_paths_that_are_one_on_some_disk_are_refused(first: str, second: str) -> None:
    with pytest.raises(CollisionError) as raised:
        one_path_each(["other", first, second])
    assert first in str(raised.value)
    assert second in str(raised.value)


def test_every_path_of_the_site_is_plain(site: BuiltSite) -> None:
    paths = [path.relative_to(site.public).as_posix() for path in site.public.rglob("*")]
    assert [path for path in paths if not re.fullmatch(r"[A-Za-z0-9._/-]+", path)] == []
    assert len({path.casefold() for path in paths}) == len(paths)


# -- names of people and organisations -----------------------------------------------------------------------------

REAL = (
    "Nestlé",
    "Łódź Mentoring", "O’Neill & Sons", "Ærlig Åse", "Çağrı Yılmaz", "Tiếng Việt", "Ngā Kaitiaki", "ʻOkina Trust",
    "مؤسسة الإرشاد", "می‌خواهم", "ירושלים", "東京メンター協会", "株式会社ABC", "한국 멘토링", "Ίδρυμα Μέντορες", "Фонд наставников",
    "मेंटरिंग संस्था", "มูลนิธิABC", "Հիմնադրամ", "ქართული ფონდი", "Москва Ltd", "β-test Group", "3M", "H&M", "Zürich 2000",
)  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_a_real_name_passes(name: str) -> None:
    assert mixed_word(name) is None
    assert invisible(name) == ""
    assert not DECEPTIVE.search(name)


@pytest.mark.parametrize(
    "name", ["Аcme", "Acmе Trust", "Μentor", "Ѕample", "Pаypal", "Ꭺcme", "Αθηνa", "漢字кирил", "あ한"]
)
def test_a_word_of_scripts_that_look_alike_is_seen(name: str) -> None:
    assert mixed_word(name)


@pytest.mark.parametrize(
    "character",
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2063"
    "\u2066\u2067\u2068\u2069\u206a\u3164\ufe0f\ufeff\uffa0\ufff9\U000e0041\U000e0101",
)
def test_a_character_that_nobody_sees_is_seen_in_a_name(character: str) -> None:
    assert invisible(f"Ac{character}me") == character


@pytest.mark.parametrize(
    "character",
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\u206f\u2061\u2064\u200b\u2060\ufff9\U000e0041",
)
@pytest.mark.parametrize("escaped", [False, True])
def test_what_turns_or_hides_text_is_refused_in_every_text(character: str, escaped: bool, tmp_path: Path) -> None:
    written = f"\\U{ord(character):08x}" if escaped else character
    text = f'name: "Br{written}ook"\ncountry: GB\nsector: charity\nvisibility: public\nspecimen: true\n'
    _, words = loaded(with_files(tmp_path / "site", {"content/assessments/brook-trust/organisation.yaml": text}))
    assert f"U+{ord(character):04X}" in words
    assert character not in words


ALIKE = (
    ("Acme", "Асmе"), ("Acme", "АСМЕ"), ("acme", "АСМЕ"), ("Paypal", "Рaураl"), ("Foo", "Ｆｏｏ"), ("finance", "ﬁnance"),
    ("Acme", "𝐀cme"), ("Omega", "Οmega"), ("OCEAN", "ΟCEAN"), ("Brook  Trust", "Brооk Trust"), ("Modern é", "Modem é"),
)  # fmt: skip


@pytest.mark.parametrize(("plain", "other"), ALIKE)
def test_names_that_read_alike_are_seen(plain: str, other: str) -> None:
    assert list(lookalikes({"b": plain, "a": other, "c": "Another"})) in ([("b", "a")], [("a", "b")])


@pytest.mark.parametrize(
    ("one", "other"),
    [("Café", "Cafe"), ("Größe", "Grosse"), ("Modern", "Modem"), ("Åse", "Ase"), ("Été", "Eté"), ("a", "a")],
)
def test_names_that_differ_are_two(one: str, other: str) -> None:
    assert list(lookalikes({"a": one, "b": other})) == []


def test_accents_written_in_two_ways_look_alike() -> None:
    assert skeleton("Café") == skeleton("Cafe\u0301")


def test_a_name_that_looks_like_another_organisations_stops_the_build(tmp_path: Path) -> None:
    content = minimal_site(tmp_path / "site")
    for folder, name in (("oak", "Acme"), ("elm", "АСМЕ")):
        (content / "assessments" / folder).mkdir()
        text = f"country: GB\nsector: charity\nvisibility: public\nspecimen: true\nname: {name}\n"
        (content / "assessments" / folder / "organisation.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "site/themes").symlink_to(ROOT / "themes")
    (tmp_path / "site/site.toml").write_bytes((ROOT / "site.toml").read_bytes())
    run = ismpe("check", cwd=tmp_path / "site")
    assert run.returncode == 1
    assert (
        'content/assessments/elm/organisation.yaml:5:7: error R522: the name "АСМЕ" looks like that of oak'
        in run.stderr
    )
    assert run.stderr.count("error") == 2


# -- cells ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_cell_is_never_a_formula(formula: str) -> None:
    """And what was written can be read again, by taking one apostrophe away."""
    data = csv_bytes(("name", "score"), [(formula, -3)])
    assert not data.startswith(b"\xef\xbb\xbf")
    (_, (name, score)) = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert not re.match(r"[=+\-@\t\r\n＝＋－＠]|\s+[=+\-@＝＋－＠]", name)
    assert name in (formula, f"'{formula}")
    assert score == "-3"


def test_no_table_of_the_site_holds_a_formula(site: BuiltSite) -> None:
    tables = sorted(site.public.rglob("*.csv"))
    assert tables
    for table in tables:
        for row in csv.reader(io.StringIO(table.read_text("utf-8"), newline="")):
            assert not any(re.match(r"\s*[=+@＝＋－＠]|\s*-(?![\d.]+$)", cell) for cell in row), row

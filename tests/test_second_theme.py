"""A theme is a folder and nothing else: the project's own content on a site that looks like another one."""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import AS_OF, ROOT, ismpe
from tests.quality.browser import axe_violations, chromium, overflow, serve

FONTS = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf")


@pytest.fixture(scope="module")
def slate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public folder of the whole content in the second theme, PDFs and pictures of one organisation too."""
    root = tmp_path_factory.mktemp("slate")
    shutil.copytree(ROOT / "content", root / "content")
    for folder in (root / "content/assessments").iterdir():
        if folder.name in ("larkhaven-rail", "corrievale-council", "hestwick-housing-trust"):
            shutil.rmtree(folder)
    # Else certificates of those would be missed.
    shutil.rmtree(root / "content/issued")
    shutil.copytree(ROOT / "tests/themes/slate", root / "themes/slate")
    (root / "themes/slate/print/fonts").mkdir()
    for font in FONTS:
        shutil.copy(ROOT / "themes/ismpe/print/fonts" / font, root / "themes/slate/print/fonts")
    settings = (ROOT / "site.toml").read_text(encoding="utf-8")
    (root / "site.toml").write_text(settings.replace('theme = "ismpe"', 'theme = "slate"'), encoding="utf-8")
    run = ismpe("build", "--root", str(root), "--output", str(root / "output"), "--as-of", AS_OF.isoformat())
    assert run.returncode == 0, run.stderr
    return root / "output/public"


def test_nothing_of_the_first_theme_is_left(slate: Path) -> None:
    assert {path.name for path in (slate / "assets").iterdir()} == {"slate.css", "favicon.svg"}
    pages = list(slate.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "assets/slate.css" in text, page
        assert "site.css" not in text, page
    drawn = {path.suffix for path in slate.rglob("*") if path.suffix in (".pdf", ".png", ".svg")}
    assert drawn == {".pdf", ".png", ".svg"}


def test_it_says_the_same(slate: Path) -> None:
    award = (slate / "organisations/quillmere-health-partnership/index.html").read_text(encoding="utf-8")
    assert re.search(r">gold</a> active", award)
    clause = (slate / "standard/2003/index.html").read_text(encoding="utf-8")
    assert "There is a published and readily available statement of programme purpose" in clause


@pytest.mark.browser
def test_it_looks_different_and_can_be_read(slate: Path) -> None:
    with serve(slate) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 640})
        for path in ("", "standard/2003/", "register/"):
            page.goto(address + path)
            assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(29, 35, 41)"
            assert axe_violations(page) == [], path
            assert not overflow(page), path

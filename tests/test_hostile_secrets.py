"""Nothing of the machine reaches a public byte: neither folder, nor user, nor host, nor an environment."""

from __future__ import annotations

import os
import re
import shutil
import socket
from pathlib import Path

import pytest

from ismpe_site.proof.unwrap import unwrap
from tests.conftest import ROOT, ismpe
from tests.minimal_site import minimal_site
from tests.public_tree import tree

FOLDER, USER, SECRET = "canary-zq7dir", "zq7user", "zq7secret-in-the-environment"

TEXTS = (".html", ".xml", ".json", ".csv", ".svg", ".txt", ".css", ".js", "_headers", "SHA256SUMS")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = tmp_path_factory.mktemp("machine") / FOLDER / "site"
    root.parent.mkdir()
    minimal_site(root)
    shutil.copytree(ROOT / "themes", root / "themes")
    shutil.copy(ROOT / "site.toml", root / "site.toml")
    home = root.parent / USER
    home.mkdir()
    environment = {
        "HOME": str(home),
        "USER": USER,
        "LOGNAME": USER,
        "USERNAME": USER,
        "SOME_TOKEN": SECRET,
        "HOSTNAME": "zq7host",
    }
    run = ismpe("build", "--as-of", "2025-12-01", cwd=root, **environment)
    assert run.returncode == 0, run.stderr
    return root, run.stdout + run.stderr


def test_no_public_byte_names_the_machine(built: tuple[Path, str]) -> None:
    """Looked for as the proof of private texts looks: through compression, encodings, metadata and attachments."""
    root, _ = built
    files = {path: data for path, data in tree(root / "output/public").items() if not path.endswith("/")}
    assert sum(path.endswith(".pdf") for path in files) >= 3
    wanted = [word.encode() for word in (FOLDER, USER, SECRET, "zq7host", str(ROOT), os.fspath(root))]
    # A host may have a name so short that it stands in many files by chance, but not as a word of a text.
    host = re.compile(rb"(?<![\w.-])" + re.escape(socket.gethostname().encode()) + rb"(?![\w-])")
    for path, data in files.items():
        for text in (path.encode(), *(inner for _, inner in unwrap(data))):
            assert not [word for word in wanted if word in text], path
        assert not path.endswith(TEXTS) or not host.search(data), path


def test_what_the_command_says_names_no_folder_above_the_site(built: tuple[Path, str]) -> None:
    root, words = built
    assert str(root.parent.parent) not in words
    assert SECRET not in words


def test_words_about_a_fault_show_no_more_than_they_must(built: tuple[Path, str], tmp_path: Path) -> None:
    """A traceback is never shown; a problem shows the one line that is wrong."""
    root = tmp_path / FOLDER
    shutil.copytree(built[0], root, ignore=shutil.ignore_patterns("output"))
    file = root / "content/assessments/brook-trust/organisation.yaml"
    file.write_text(file.read_text("utf-8") + "contact: {name: zq7private person, email: nobody}\nworse: 1\n", "utf-8")
    run = ismpe("build", cwd=root)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert str(tmp_path) not in run.stderr

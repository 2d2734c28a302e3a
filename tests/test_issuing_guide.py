"""``docs/issuing.md`` followed to the letter: from no keys to a verified certificate in five commands."""

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

from ismpe_site.cli import app
from tests.conftest import ROOT, ismpe
from tests.issued_site import spoil

GUIDE = (ROOT / "docs/issuing.md").read_text(encoding="utf-8")


def test_five_commands_lead_from_no_keys_to_a_verified_certificate(tmp_path: Path) -> None:
    """The first, ``make site``, has made the program that runs here. The passphrase is asked for, and typed."""
    commands = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)[0].splitlines()
    assert len(commands) == 5
    assert commands.pop(0) == "make site"
    shutil.copytree(ROOT / "content", tmp_path / "content")
    shutil.copy(ROOT / "site.toml", tmp_path)
    (tmp_path / "themes").symlink_to(ROOT / "themes")
    # Only pages, which is what a reader waits for; what is issued is there all the same.
    commands = [command.replace("ismpe build", "ismpe build --only html") for command in commands]
    script = "set -e\n" + "\n".join(
        command if "verify" not in command else f"{command} || true" for command in commands
    )
    code, said = typed(script, tmp_path)
    assert code == 0, said
    assert re.search(r"certificates/(ISMPE-20\d\d-0001-\w)/certificate.pdf: genuine and active", said), said
    assert "a passphrase" not in "".join(
        path.read_text(errors="ignore") for path in (tmp_path / "content").rglob("*") if path.is_file()
    )


def typed(script: str, folder: Path) -> tuple[int, str]:
    """Run a script at a terminal where a passphrase is typed whenever one is asked for: (exit code, what it showed)."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    master, slave = pty.openpty()
    program = subprocess.Popen(
        ["setsid", "--ctty", "bash", "-c", script],
        cwd=folder, stdin=slave, stdout=slave, stderr=slave,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "TERM": "dumb"},
    )  # fmt: skip
    os.close(slave)
    said, asked = b"", re.compile(rb"(Passphrase of the keys in \S+|The same again): $")
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:
            break
        if not part:
            break
        said += part
        if asked.search(said):
            os.write(master, b"a passphrase\n")
    os.close(master)
    return program.wait(60), said.decode()


def test_what_the_guide_names_is_there() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    named = set(re.findall(r"`?ismpe ([a-z-]+)", GUIDE))
    assert named <= commands
    assert {"keygen", "issue", "supersede", "withdraw", "suspend", "reinstate", "verify"} <= named


def test_an_address_of_the_world_wants_real_keys(tmp_path: Path) -> None:
    """The step to a register of one's own: without the specimens and their keys it builds at a real address."""
    shutil.copytree(ROOT / "content", tmp_path / "content", ignore=shutil.ignore_patterns("issued"))
    shutil.copy(ROOT / "site.toml", tmp_path)
    spoil(tmp_path / "site.toml", "https://ismpe.example/", "https://ismpe.org/")
    (tmp_path / "themes").symlink_to(ROOT / "themes")
    check = ismpe("check", "--root", str(tmp_path), "--output", str(tmp_path / "out"))
    assert check.returncode == 0, check.stderr
    made = ismpe("keygen", "--root", str(tmp_path), "--passphrase", "env:PW", cwd=tmp_path, PW="long enough by far")
    assert made.returncode == 0, made.stderr
    file = tmp_path / "content/assessments/larkhaven-rail/women-in-operations/2025-09.yaml"
    issued = ismpe(
        "issue", str(file), "--root", str(tmp_path), "--passphrase", "env:PW", cwd=tmp_path, PW="long enough by far"
    )
    assert issued.returncode == 0, issued.stderr
    assert ismpe("check", "--root", str(tmp_path), "--output", str(tmp_path / "out")).returncode == 0

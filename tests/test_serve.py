"""The preview: closed to everybody else, and always showing the last save or what is wrong with it."""

import http.client
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from ismpe_site import serve
from ismpe_site.project import Project
from ismpe_site.serve import own_hosts
from tests.conftest import ROOT, ismpe


class Preview:
    """A running `ismpe serve` on a copy of the project."""

    def __init__(self, root: Path, process: subprocess.Popen[str], port: int) -> None:
        self.root, self.process, self.port = root, process, port

    def get(self, path: str = "/", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        response = connection.getresponse()
        body = response.read().decode("utf-8", errors="replace")
        connection.close()
        return response.status, body

    def wait_for(self, words: str, *, there: bool = True) -> bool:
        """Whether the home page comes to (not) say ``words`` within half a minute."""
        for _ in range(150):
            if (words in self.get()[1]) == there:
                return True
            time.sleep(0.2)
        return False


def project(root: Path) -> Path:
    """A copy of the project."""
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copytree(ROOT / "themes", root / "themes")
    shutil.copy(ROOT / "site.toml", root / "site.toml")
    return root


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    with running(project(tmp_path_factory.mktemp("project"))) as preview:
        yield preview


@contextmanager
def running(root: Path) -> Iterator[Preview]:
    """A preview of the project at ``root`` for as long as it is needed; nothing but our own words may be logged."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "ismpe_site",
        "serve",
        "--root",
        str(root),
        "--port",
        str(port),
        "--as-of",
        "2026-11-22",
    ]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("serving"):
                break
        started = Preview(root, process, port)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield started
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert "[I" not in said
    assert "Traceback" not in said


def test_it_shows_the_site(preview: Preview) -> None:
    status, page = preview.get()
    assert status == 200
    assert "Read the standard" in page


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example:80"}, 421),
        ({"Host": "localhost"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}, 403),
    ],
)
def test_it_answers_nobody_else(preview: Preview, headers: dict[str, str], status: int) -> None:
    assert preview.get("/", **headers)[0] == status


def test_names_of_hosts_know_no_capitals(preview: Preview) -> None:
    assert preview.get("/", Host=f"LocalHost:{preview.port}")[0] == 200
    origin = f"http://LOCALHOST:{preview.port}"
    assert preview.get("/", Host=f"LOCALHOST:{preview.port}", Origin=origin)[0] == 200


def test_the_port_of_the_web_is_left_out_by_browsers() -> None:
    assert own_hosts(80) >= {"localhost", "127.0.0.1", "[::1]", "localhost:80"}
    assert "localhost" not in own_hosts(8000)


def test_an_address_that_no_file_can_have_is_not_found(preview: Preview) -> None:
    assert preview.get("/%00")[0] == 404
    assert preview.get(f"/{'a' * 400}")[0] == 404


def test_it_serves_nothing_outside_the_site(preview: Preview) -> None:
    assert preview.get("/..%2f..%2f..%2fetc/passwd")[0] in (403, 404)


def test_a_save_shows_a_mistake_appears_over_the_page_and_goes_when_mended(preview: Preview) -> None:
    settings = preview.root / "site.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r'tagline = ".*"', 'tagline = "Changed by a test."', text), encoding="utf-8")
    assert preview.wait_for("Changed by a test.")
    page = preview.root / "content/people/jane-specimen.yaml"
    good = page.read_text(encoding="utf-8")
    page.write_text(good.replace("country: GB", "country: gb"), encoding="utf-8")
    assert preview.wait_for("jane-specimen.yaml:")
    shown = preview.get()[1]
    assert "Not built" in shown
    assert "Changed by a test." in shown  # the last good page is still below
    page.write_text(good, encoding="utf-8")
    assert preview.wait_for("Not built", there=False)


def test_what_is_wrong_from_the_start_is_shown_until_it_is_mended(tmp_path: Path) -> None:
    root = project(tmp_path)
    page = root / "content/people/jane-specimen.yaml"
    good = page.read_text(encoding="utf-8")
    page.write_text(good.replace("country: GB", "country: gb"), encoding="utf-8")
    with running(root) as preview:
        assert "jane-specimen.yaml:" in preview.get()[1]
        page.write_text(good.replace("country: GB", "country: uk"), encoding="utf-8")
        assert preview.wait_for("uk")
        page.write_text(good, encoding="utf-8")
        assert preview.wait_for("Read the standard")
        assert "Not built" not in preview.get()[1]


def test_a_fault_of_ours_is_said_and_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    preview = serve.Preview(Project.at(ROOT), tmp_path, date(2026, 11, 22), said.append)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("<nothing>")

    with monkeypatch.context() as patch:
        patch.setattr(serve, "build", fail)
        preview.rebuild()
    assert "a fault of ismpe" in said[0]
    assert "ZeroDivisionError: &lt;nothing&gt;" in (preview.public / "index.html").read_text(encoding="utf-8")
    preview.rebuild()
    assert "Not built" not in (preview.public / "index.html").read_text(encoding="utf-8")


def test_a_port_in_use_is_said(preview: Preview) -> None:
    run = ismpe("serve", "--port", str(preview.port))
    assert run.returncode == 2
    assert f"port {preview.port} is in use; choose another with --port" in " ".join(run.stderr.split())

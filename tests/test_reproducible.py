"""The same content gives the same bytes: with any number of workers, anywhere, for anybody, PDFs included."""

import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, ismpe
from tests.public_tree import complaint, tree
from tests.test_executors import Cluster, end_group
from tests.test_publication import small_site

DAY = "2025-12-01"
NAMES = ("One Trust", "Two Trust", "Three Trust")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_site(tmp_path_factory.mktemp("reproducible") / "site", *NAMES)


@pytest.fixture(scope="module")
def expected(root: Path) -> dict[str, bytes]:
    """What one worker makes."""
    found = built(root, root.parent / "one", "--jobs", "1")
    assert complaint(found) == ""
    assert sum(path.endswith(".pdf") for path in found) > 15
    return found


def built(root: Path, output: Path, *arguments: str, **environment: str) -> dict[str, bytes]:
    run = ismpe("build", "--as-of", DAY, "--output", str(output), *arguments, cwd=root, **environment)
    assert run.returncode == 0, run.stderr
    return tree(output / "public")


@pytest.mark.parametrize("jobs", ["2", "8"])
def test_the_number_of_workers_is_seen_in_no_byte(
    jobs: str, root: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    assert built(root, tmp_path / "output", "--jobs", jobs) == expected


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    running = Cluster(tmp_path / "cluster")
    yield running
    running.stop()


@pytest.mark.parametrize("store", [False, True], ids=["shared output", "store"])
def test_a_cluster_that_loses_a_worker_half_way_makes_the_same_bytes(
    store: bool, root: Path, expected: dict[str, bytes], tmp_path: Path, cluster: Cluster
) -> None:
    output, objects = tmp_path / "output", tmp_path / "objects"
    where = ["--store", str(objects)] if store else []
    command = [sys.executable, "-m", "ismpe_site", "build", "--as-of", DAY, "--output", str(output), *where]
    built(root, output, "--only", "html")
    watched = objects if store else output / ".store/objects"
    before = count(watched)
    program = subprocess.Popen(
        [*command, "--executor", "dask", "--scheduler", cluster.start(2)],
        cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    end, pdfs = time.monotonic() + 120, sum(path.endswith(".pdf") for path in expected)
    while count(watched) < before + pdfs // 3:
        assert time.monotonic() < end, "nothing is printed"
        assert program.poll() is None, program.communicate()[1]
        time.sleep(0.02)
    assert program.poll() is None, "too late to lose a worker"
    end_group(cluster.programs[1].pid)
    _, said = program.communicate(timeout=300)
    assert program.returncode == 0, said
    assert tree(output / "public") == expected


def count(folder: Path) -> int:
    return sum(path.name[0] != "." for path in folder.glob("*/*"))


def test_nothing_of_who_builds_where_and_when_is_seen_in_any_byte(
    root: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    """Another path, home, user name, time zone, locale, umask, hash seed, and the day given in another way."""
    elsewhere = tmp_path / "an other place/with ünïcödë"
    shutil.copytree(root, elsewhere, copy_function=shutil.copyfile, symlinks=True)
    (elsewhere / "themes").unlink()
    shutil.copytree(ROOT / "themes", elsewhere / "themes", copy_function=shutil.copyfile)
    (tmp_path / "home").mkdir()
    environment = {
        "HOME": str(tmp_path / "home"),
        "USER": "somebody",
        "LOGNAME": "somebody",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANG": "ar_EG.UTF-8",
        "LANGUAGE": "ar",
        "PYTHONHASHSEED": "4711",
        "SOURCE_DATE_EPOCH": "1764590000",
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
    }
    output = elsewhere / "out"
    command = [sys.executable, "-m", "ismpe_site", "build", "--jobs", "2", "--output", "out"]
    run = subprocess.run(
        ["/bin/sh", "-c", 'umask 077; exec "$@"', "sh", *command],
        cwd=elsewhere, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert tree(output / "public") == expected
    # A site is for everybody to read, whatever the umask of who builds it.
    public = (output / "public").resolve()
    for path in (output, public.parent, public, *public.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path

"""The script `./townhall` on a machine that has Python and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[5] / "townhall"
TOOLS = ("cat", "chmod", "cmp", "dirname", "flock", "head", "mv", "readlink", "rm", "sh")

# Makes environments in a moment, with a pip that only looks for a bad name.
QUICK = """
case "$*" in
"-m venv --clear "*)
    shift 3
    "{python}" -m venv --without-pip --clear "$1" || exit
    for packages in "$1"/lib/python3*/site-packages; do
        echo 'import sys; sys.exit("no-such" in open(sys.argv[-1]).read())' >"$packages/pip.py"
    done ;;
*) exec "{python}" "$@" ;;
esac
"""

pytestmark = pytest.mark.skipif(
    not SCRIPT.is_file(), reason="the script is in a checkout, not in an installed package"
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose lists are empty, so that making its environment needs no network."""
    folder = tmp_path / "a check out"
    (folder / "requirements").mkdir(parents=True)
    (folder / "requirements" / "run.txt").write_text("# run\n")
    (folder / "requirements" / "dev.txt").write_text("# run and more\n")
    package = folder / "src" / "townhall"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text("import sys; print('ran', *sys.argv[1:])")
    shutil.copy(SCRIPT, folder / "townhall")
    return folder


@pytest.fixture
def quick(tmp_path: Path) -> str:
    """A PATH for the tests that make many environments; a real one takes seconds."""
    python = Path(sys.base_prefix) / "bin" / "python3"
    return path_with_python(tmp_path / "quick", QUICK.format(python=python))


def path_with_python(folder: Path, body: str) -> str:
    """A PATH whose only `python3` is the shell script `body`, and which has no uv."""
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (folder / tool).symlink_to(found)
    (folder / "python3").write_text(f"#!/bin/sh\n{body}\n")
    (folder / "python3").chmod(0o755)
    return str(folder)


def run(checkout: Path, path: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call the script as somebody in another folder would."""
    return subprocess.run(
        [checkout / "townhall", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": path, "HOME": os.environ.get("HOME", "/")},
    )


def made_anew(done: subprocess.CompletedProcess[str]) -> bool:
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ran ")
    return "making the environment" in done.stderr


def test_a_real_environment_is_made_with_pip_alone(checkout: Path) -> None:
    path = f"{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin"
    done = run(checkout, path, "up", "--port", "8123", "two words")
    assert made_anew(done)
    assert done.stdout == "ran up --port 8123 two words\n"


def test_it_is_made_once_and_again_when_the_list_changes(checkout: Path, quick: str) -> None:
    assert made_anew(run(checkout, quick, "up"))
    assert not made_anew(run(checkout, quick, "up"))
    (checkout / "requirements" / "run.txt").write_text("# another list\n")
    assert made_anew(run(checkout, quick, "up"))
    assert not made_anew(run(checkout, quick, "up"))


def test_testing_uses_the_longer_list_and_running_is_content_with_it(
    checkout: Path, quick: str
) -> None:
    assert made_anew(run(checkout, quick, "up"))
    assert made_anew(run(checkout, quick, "test", "-q"))
    assert not made_anew(run(checkout, quick, "up"))
    done = run(checkout, quick, "test", "-q")
    assert not made_anew(done)
    assert done.stdout == "ran test -q\n"


def test_a_half_made_environment_is_never_used(checkout: Path, quick: str) -> None:
    assert made_anew(run(checkout, quick, "up"))
    (checkout / ".venv" / "made-from").unlink()
    assert made_anew(run(checkout, quick, "up"))
    (checkout / "requirements" / "run.txt").write_text("no-such-package==0\n")
    for _ in range(2):
        broken = run(checkout, quick, "up")
        assert broken.returncode != 0
        assert "could not be installed" in broken.stderr
        assert broken.stdout == ""
    (checkout / "requirements" / "run.txt").write_text("# mended\n")
    assert made_anew(run(checkout, quick, "up"))


def test_a_checkout_that_moved_makes_its_own(checkout: Path, quick: str) -> None:
    assert made_anew(run(checkout, quick, "up"))
    moved = checkout.rename(checkout.with_name("elsewhere"))
    assert made_anew(run(moved, quick, "up"))


def test_an_old_python_is_named_with_what_to_do(checkout: Path, tmp_path: Path) -> None:
    path = path_with_python(
        tmp_path / "old", 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac'
    )
    said = run(checkout, path, "up")
    assert said.returncode != 0
    assert "Python 3.11 or newer is needed" in said.stderr
    assert "Python 3.9.2" in said.stderr
    assert "apt install python3" in said.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_without_venv_is_told_which_package_brings_it(
    checkout: Path, tmp_path: Path
) -> None:
    """As Debian ships it: Python is there, `python3-venv` is not."""
    path = path_with_python(
        tmp_path / "bare", 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac'
    )
    said = run(checkout, path, "up")
    assert said.returncode != 0
    assert "apt install python3-venv" in said.stderr

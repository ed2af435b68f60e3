"""The command line, as somebody types it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from townhall import cli


def townhall(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TOWNHALL_") and name != "DATABASE_URL"
    }
    return subprocess.run(
        [sys.executable, "-m", "townhall", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=clean | environ,
    )


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    said = townhall("--help")
    assert said.returncode == 0
    for command in ("up", "doctor", "backup", "restore", "test", "catalogue"):
        assert f"\n    {command}" in said.stdout
    script = (
        "import sys\nfrom townhall.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'django', 'psycopg', 'granian'} & set(sys.modules)), file=sys.stderr)\n"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert loaded.stderr.strip() == "[]"


@pytest.mark.parametrize("command", ["web", "live", "worker", "prepare", "ping"])
def test_a_part_alone_asks_for_its_database(command: str) -> None:
    said = townhall(command)
    assert said.returncode == 1
    assert "DATABASE_URL" in said.stderr
    assert "townhall up" in said.stderr


def test_a_port_in_use_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        said = townhall("up", "--data", str(tmp_path / "data"), "--port", port)
    assert said.returncode == 1
    assert f"Port {port}" in said.stderr
    assert "--port" in said.stderr
    assert not (tmp_path / "data" / "database").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_what_is_no_port_is_said_to_be_none(port: str) -> None:
    said = townhall("up", f"--port={port}")
    assert said.returncode == 2
    assert "not a port" in said.stderr


@pytest.mark.parametrize(
    ("options", "words"), [("size=4k", "is full"), ("size=1m,ro", "read-only disk")]
)
def test_a_disk_that_cannot_be_written_is_said_with_what_to_do(
    tmp_path: Path, options: str, words: str
) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", options, "none", tmp_path]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    try:
        if words == "is full":
            (tmp_path / "ballast").write_bytes(b"x" * 4096)
        for data in (tmp_path, tmp_path / "data"):
            said = townhall("up", "--data", str(data))
            assert said.returncode == 1
            assert words in said.stderr
            assert "Traceback" not in said.stderr
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_demo_sign_ins_are_refused_in_production(tmp_path: Path) -> None:
    said = townhall("up", "--demo", "--data", str(tmp_path), TOWNHALL_PROFILE="production")
    assert said.returncode == 1
    assert "everybody sign in as anybody" in said.stderr


def test_without_the_demo_it_wants_what_production_needs(tmp_path: Path) -> None:
    said = townhall("up", "--no-demo", "--data", str(tmp_path))
    assert said.returncode == 1
    assert "TOWNHALL_SECRET_KEY" in said.stderr


def test_a_backup_of_nothing_says_so(tmp_path: Path) -> None:
    said = townhall("backup", str(tmp_path / "x"), "--data", str(tmp_path / "data"))
    assert said.returncode == 1
    assert "There is no database" in said.stderr
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "localhost"),
        ("0.0.0.0", socket.gethostname()),
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "[2001:db8::7]"),
    ],
)
def test_the_address_that_is_shown_is_one_that_answers(host: str, shown: str) -> None:
    environ: dict[str, str] = {}
    cli._choose(environ, host, 8080, None)
    assert environ["TOWNHALL_BASE_URL"] == f"http://{shown}:8080"
    assert shown in environ["TOWNHALL_HOSTS"].split(",")


def test_what_an_operator_has_set_is_not_overruled() -> None:
    set_before = {"TOWNHALL_BASE_URL": "https://town.example", "TOWNHALL_HOSTS": "town.example"}
    environ = dict(set_before)
    cli._choose(environ, "0.0.0.0", 8080, None)
    assert environ == set_before

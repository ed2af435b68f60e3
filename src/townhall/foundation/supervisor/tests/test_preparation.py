"""What is prepared once, and when it is prepared again."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from townhall.foundation.database import roles
from townhall.foundation.database.cluster import Cluster, temporary_folder
from townhall.foundation.supervisor import preparation


@pytest.fixture(scope="module")
def owner_url() -> Iterator[str]:
    with temporary_folder("th-") as folder, Cluster(folder / "database", durable=False) as cluster:
        yield cluster.dsn(roles.OWNER)


@pytest.fixture
def owner(owner_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS launcher CASCADE")
        yield connection


def step(name: str, fingerprint: str, done: list[str]) -> preparation.Step:
    def run() -> dict[str, str]:
        done.append(name)
        return {"did": name}

    return preparation.Step(name, f"doing {name}", fingerprint, run)


def test_a_step_is_done_once_until_its_fingerprint_changes(owner: psycopg.Connection) -> None:
    done: list[str] = []
    said: list[str] = []
    steps = [step("tables", "1", done), step("demo", "1", done)]
    assert preparation.pending(owner, steps) == steps
    preparation.prepare(owner, steps, said.append)
    assert (done, said) == (["tables", "demo"], ["doing tables", "doing demo"])
    assert preparation.pending(owner, steps) == []
    assert preparation.result(owner, "demo") == {"did": "demo"}
    preparation.prepare(owner, [*steps[:1], step("demo", "2", done)], said.append)
    assert done == ["tables", "demo", "demo"]


def test_a_step_that_fails_is_not_remembered_and_those_before_it_are(
    owner: psycopg.Connection,
) -> None:
    done: list[str] = []

    def fail() -> None:
        raise ValueError("no")

    bad = preparation.Step("services", "publishing", "1", fail)
    steps = [step("tables", "1", done), bad]
    with pytest.raises(ValueError, match="no"):
        preparation.prepare(owner, steps, lambda _: None)
    assert preparation.pending(owner, steps) == [bad]


def test_two_starts_at_once_prepare_one_after_the_other(owner: psycopg.Connection) -> None:
    done: list[str] = []
    inside = threading.Event()
    go_on = threading.Event()

    def slow() -> None:
        done.append("slow")
        inside.set()
        assert go_on.wait(10)

    url = owner.info.dsn
    steps = [preparation.Step("tables", "bringing up", "1", slow)]

    def prepare() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            preparation.prepare(connection, steps, lambda _: None)

    threads = [threading.Thread(target=prepare) for _ in range(2)]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert done == ["slow"], "the second found it done"


def test_the_fingerprint_follows_what_matters_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "room" / "tests").mkdir(parents=True)
    code = tmp_path / "room" / "models.py"
    code.write_text("one")
    first = preparation.code_fingerprint(tmp_path, "demo")
    (tmp_path / "room" / "tests" / "test_room.py").write_text("")
    (tmp_path / "room" / "__pycache__").mkdir()
    assert preparation.code_fingerprint(tmp_path, "demo") == first
    assert preparation.code_fingerprint(tmp_path, "production") != first
    code.write_text("two")
    os.utime(code, ns=(1, 1))
    assert preparation.code_fingerprint(tmp_path, "demo") != first


def test_migrating_twice_looks_and_does_nothing(owner_url: str) -> None:
    """As the real command does it, on the real migrations."""
    script = (
        "import os, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'townhall.django_settings'\n"
        "django.setup()\n"
        "from townhall.foundation.supervisor import preparation\n"
        "from django.db import connections\n"
        "preparation.migrate()\n"
        "with connections['owner'].cursor() as cursor:\n"
        "    cursor.execute('SELECT count(*), max(applied) FROM django_migrations')\n"
        "    print(cursor.fetchone())\n"
    )
    environment = os.environ | {"DATABASE_URL": owner_url, "TOWNHALL_OWNER_DATABASE_URL": owner_url}
    said = [
        subprocess.run(
            [sys.executable, "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    assert said[0] == said[1]
    assert not said[0].startswith("(0,")

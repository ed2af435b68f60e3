"""A key ceremony: keys are made where there is neither database nor network."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import psycopg

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger.models import log as logs
from townhall.ledger.operator import preparing
from townhall.ledger.operator.folder import begin


def test_a_ceremony_needs_no_database(tmp_path, owner):
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TOWNHALL_", "DATABASE_", "DJANGO_"))
    }
    environ["TOWNHALL_DATA"] = str(tmp_path / "nowhere")

    def ledger(*words):
        return subprocess.run(
            [sys.executable, "-m", "townhall", "ledger", *words],
            env=environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    place = str(tmp_path / "stick")
    made = ledger("init", "town.example/ledger", place)
    assert made.returncode == 0, made.stderr
    lines = [line for line in made.stdout.splitlines() if line.startswith("log ")]
    assert len(lines) == 14
    assert ledger("public-keys", place).stdout.splitlines() == lines
    assert (tmp_path / "stick" / "keys" / "access").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "nowhere").exists()
    again = ledger("init", "town.example/ledger", place)
    assert again.returncode == 2 and "holds a ledger already" in again.stderr
    assert ledger("init", "two words", str(tmp_path / "other")).returncode == 2
    assert "Traceback" not in again.stderr


def test_the_keys_of_a_ceremony_are_those_of_the_town_hall(town, tmp_path, server):
    with psycopg.connect(server.owner_dsn, autocommit=True) as connection:
        tables = ("entry", "opening", "log", "checkpoint", "policy", "alarm")
        connection.execute(f"TRUNCATE {', '.join(f'ledger_{each}' for each in tables)}")
    made = begin(tmp_path / "data" / "ledger", "other.example/ledger")
    preparing.prepare(replace(town.settings, data_dir=tmp_path / "data", profile="production"))
    with scope(SYSTEM):
        assert logs.get("keys").verifier_keys.split() == [
            str(key) for key in made.verifier_keys()["keys"]
        ]

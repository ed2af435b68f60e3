"""What the doctor says of a healthy town hall, and of each illness."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from townhall.foundation.database import roles
from townhall.foundation.database.cluster import Cluster, temporary_folder
from townhall.foundation.supervisor import doctor
from townhall.foundation.supervisor.starting import free_port

QUEUE = """
CREATE TABLE IF NOT EXISTS foundation_job (state text, run_at timestamptz);
TRUNCATE foundation_job;
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with temporary_folder("th-") as folder:
        with Cluster(folder / "data" / "database", durable=False) as running:
            yield running


def findings(
    data: Path, behind: list[str] | None = None, wrong: Sequence[str] = (), **environ: str
) -> dict[bool, list[doctor.Finding]]:
    found = doctor.examine(
        {"TOWNHALL_DATA": str(data), "TOWNHALL_PROFILE": "test", **environ},
        host="127.0.0.1",
        port=free_port("127.0.0.1"),
        server_user=None,
        tables_behind=lambda _: behind or [],
        rooms=lambda _connection, _data: list(wrong),
    )
    sorted_out: dict[bool, list[doctor.Finding]] = {True: [], False: []}
    for finding in found:
        sorted_out[finding.good].append(finding)
    return sorted_out


def test_a_healthy_town_hall_has_nothing_to_mend(cluster: Cluster) -> None:
    with psycopg.connect(cluster.dsn(roles.OWNER)) as owner:
        owner.execute(QUEUE)
    found = findings(cluster.folder.path.parent)
    assert found[False] == []
    words = "\n".join(map(str, found[True]))
    for sign in ("Python 3", "PostgreSQL) 18", "GB free", "answers", "migrations", "up to date"):
        assert sign in words


def test_what_is_wrong_in_a_room_is_told_with_its_cure(cluster: Cluster) -> None:
    with psycopg.connect(cluster.dsn(roles.OWNER)) as owner:
        owner.execute(QUEUE)
    found = findings(cluster.folder.path.parent, wrong=["the ledger stands still: start it"])
    assert [(each.what, each.cure) for each in found[False]] == [
        ("The ledger stands still.", "Start it.")
    ]


def test_before_the_first_start_there_is_nothing_to_mend_either(tmp_path: Path) -> None:
    with temporary_folder("th-") as folder:
        found = findings(folder / "data")
    assert found[False] == []
    assert "no database yet" in str(found[True][-1])


@pytest.mark.parametrize(
    ("sick", "words"),
    [
        ("INSERT INTO foundation_job VALUES ('dead', now())", "Jobs given up after many tries: 1"),
        (
            "INSERT INTO foundation_job VALUES ('ready', now() - interval '1 hour')",
            "has waited 36",
        ),
    ],
)
def test_sick_background_work_is_said(cluster: Cluster, sick: str, words: str) -> None:
    with psycopg.connect(cluster.dsn(roles.OWNER)) as owner:
        owner.execute(QUEUE + sick)
    found = findings(cluster.folder.path.parent)
    assert len(found[False]) == 1
    assert words in found[False][0].what
    assert found[False][0].cure


def test_missing_migrations_are_counted_and_the_first_is_named(cluster: Cluster) -> None:
    found = findings(cluster.folder.path.parent, behind=["cases.0002_x", "cases.0003_y"])
    assert [f.what for f in found[False]] == [
        "2 migrations are not applied, the first is cases.0002_x."
    ]


def test_a_role_that_looks_past_policies_is_found(cluster: Cluster) -> None:
    with psycopg.connect(cluster.dsn(roles.OWNER), autocommit=True) as owner:
        owner.execute(QUEUE)
        owner.execute("ALTER ROLE townhall_app BYPASSRLS")
        try:
            found = findings(cluster.folder.path.parent)
        finally:
            owner.execute("ALTER ROLE townhall_app NOBYPASSRLS")
    assert len(found[False]) == 1
    assert "NOBYPASSRLS" in found[False][0].cure


def test_a_setting_that_cannot_be_used_is_named_with_what_is_allowed(tmp_path: Path) -> None:
    found = findings(tmp_path, TOWNHALL_POOL="many")
    assert "TOWNHALL_POOL" in found[False][0].what
    assert "whole number" in found[False][0].what


def test_a_server_that_is_away_is_said_with_the_reason(tmp_path: Path) -> None:
    port = free_port("127.0.0.1")
    found = findings(tmp_path, DATABASE_URL=f"postgresql://someone@127.0.0.1:{port}/town")
    assert len(found[False]) == 1
    assert "DATABASE_URL" in found[False][0].cure


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, temporary_folder("th-") as folder:
        found = [
            finding
            for finding in doctor.examine(
                {"TOWNHALL_DATA": str(folder / "data"), "TOWNHALL_PROFILE": "test"},
                host="127.0.0.1",
                port=server.getsockname()[1],
                server_user=None,
                tables_behind=lambda _: [],
            )
            if not finding.good
        ]
    assert len(found) == 1
    assert "in use" in found[0].what
    assert "--port" in found[0].cure


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")
def test_a_folder_that_the_server_could_not_enter_is_said(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "data").mkdir()
    found = findings(closed / "data")
    assert len(found[False]) == 1
    assert "may not enter" in found[False][0].what

"""Fixtures of every room: a real PostgreSQL, started once, with both roles.

The server is Townhall's own launcher with fast, non-durable settings. Tests run
as the application role, so row-level security and append-only tables bind them
exactly as they bind the pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from townhall.portal.tests.browser import chromium, served, site, visit
from townhall.tests.environment import SCRATCH

__all__ = ["chromium", "served", "site", "visit"]  # one browser for the tests of every room

SHARED_DATA = Path(__file__).resolve().parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of oracles and test data that lies beside a developer's checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the oracles of ../shared/data are not on this machine")
    return SHARED_DATA


@dataclass(frozen=True)
class Server:
    """Connection strings of the test database."""

    dsn: str
    owner_dsn: str


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A running PostgreSQL for the whole test run, empty of tables until `django_db_setup`."""
    from townhall.foundation.database.cluster import Cluster

    with Cluster(SCRATCH / "pg", durable=False) as cluster:
        cluster.ensure_database("townhall")
        yield Server(dsn=cluster.dsn("townhall_app"), owner_dsn=cluster.dsn("townhall"))


@pytest.fixture(scope="session")
def django_db_setup(server: Server, django_db_blocker: object) -> Iterator[None]:
    """Migrate as the owner; point every connection of this process at the test server."""
    from django.core.management import call_command
    from django.db import connections

    from townhall import django_settings
    from townhall.foundation import settings as configuration

    os.environ["DATABASE_URL"] = server.dsn
    os.environ["TOWNHALL_OWNER_DATABASE_URL"] = server.owner_dsn
    configuration.current.cache_clear()
    for alias, url in (("default", server.dsn), ("owner", server.owner_dsn)):
        described = django_settings._database(url, as_application=alias == "default")
        connections[alias].settings_dict.update(described)
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        connections["owner"].close()
        yield
        connections.close_all()


@pytest.fixture
def owner(server: Server, django_db_setup: None) -> Iterator[psycopg.Connection]:
    """A connection of the owner, for what the application must not be able to do."""
    with psycopg.connect(server.owner_dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def committed_db(
    server: Server, django_db_setup: None, django_db_blocker: object
) -> Iterator[Server]:
    """The database with real commits, for tests of concurrency and of sudden death.

    Afterwards the owner empties every table except Django's own.
    """
    from django.db import connections

    with django_db_blocker.unblock():
        connections.close_all()  # an earlier test may have cut them off at the server
        yield server
        connections.close_all()
    with psycopg.connect(server.owner_dsn, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
        ).fetchall()
        names = ", ".join(name for (name,) in tables)
        connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")

"""The two roles on a server of somebody else, where the owner is no superuser."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from townhall.foundation.database import roles
from townhall.foundation.database.cluster import Cluster, temporary_folder


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with temporary_folder("th-") as folder, Cluster(folder / "database", durable=False) as cluster:
        yield cluster


@pytest.fixture
def admin(server: Cluster) -> Iterator[psycopg.Connection]:
    """The hoster's administrator; what the test made is gone afterwards."""
    with psycopg.connect(server.dsn(roles.OWNER, "postgres"), autocommit=True) as connection:
        with psycopg.connect(server.dsn(roles.OWNER), autocommit=True) as inside:
            inside.execute("DROP OWNED BY townhall_app")
        connection.execute("DROP OWNED BY townhall_app")
        connection.execute("DROP ROLE townhall_app")
        yield connection
        for name in ("hosted", "another"):
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
        for role in ("hosted", "townhall_app"):
            connection.execute(f"DROP ROLE IF EXISTS {role}")
        roles.make_roles(connection)


def hosted(server: Cluster, admin: psycopg.Connection, rights: str) -> psycopg.Connection:
    """Make the owner that a hoster gives, and connect as it (by way of the administrator)."""
    admin.execute(sql.SQL("CREATE ROLE hosted NOLOGIN {}").format(sql.SQL(rights)))
    admin.execute("CREATE DATABASE hosted OWNER hosted")
    connection = psycopg.connect(server.dsn(roles.OWNER, "hosted"), autocommit=True)
    connection.execute("SET SESSION AUTHORIZATION hosted")
    return connection


def test_an_owner_who_may_make_roles_makes_it_and_can_take_it(
    server: Cluster, admin: psycopg.Connection
) -> None:
    with hosted(server, admin, "CREATEROLE") as owner:
        roles.make_roles(owner)
        roles.make_roles(owner)
        roles.grant(owner)
        owner.execute("CREATE TABLE thing (word text)")
        owner.execute("SET ROLE townhall_app")
        owner.execute("INSERT INTO thing VALUES ('a')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("ALTER TABLE thing ADD more text")
    limits = admin.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication "
        "FROM pg_roles WHERE rolname = 'townhall_app'"
    ).fetchone()
    assert limits == (False, False, False, False, False)


def test_an_owner_who_may_not_works_with_what_the_administrator_made(
    server: Cluster, admin: psycopg.Connection
) -> None:
    admin.execute("CREATE ROLE townhall_app LOGIN")
    with hosted(server, admin, "") as owner:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            roles.make_roles(owner)
        admin.execute("GRANT townhall_app TO hosted")
        roles.make_roles(owner)
        roles.grant(owner)


def test_an_application_role_that_could_look_past_policies_is_limited_or_refused(
    server: Cluster, admin: psycopg.Connection
) -> None:
    admin.execute("CREATE ROLE townhall_app LOGIN BYPASSRLS")
    with hosted(server, admin, "CREATEROLE") as owner:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            roles.make_roles(owner)
    roles.make_roles(admin)
    row = admin.execute(
        "SELECT rolbypassrls FROM pg_roles WHERE rolname = 'townhall_app'"
    ).fetchone()
    assert row == (False,)


def test_a_database_lets_in_the_two_roles_and_nobody_else(
    server: Cluster, admin: psycopg.Connection
) -> None:
    roles.make_roles(admin)
    roles.make_database(admin, "another")
    admin.execute("CREATE ROLE hosted NOLOGIN")
    row = admin.execute(
        "SELECT has_database_privilege('townhall_app', 'another', 'CONNECT'), "
        "has_database_privilege('hosted', 'another', 'CONNECT')"
    ).fetchone()
    assert row == (True, False)

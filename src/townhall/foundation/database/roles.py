"""The two roles from day one: one that migrates, one under which everything runs.

Row-level security does not bind superusers or owners, so pages and jobs
connect as the application role, which owns nothing and cannot look past a
policy.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

OWNER = "townhall"
APPLICATION = "townhall_app"


def make_roles(connection: psycopg.Connection) -> None:
    """Make the application role if it is missing, without any right beyond logging in.

    One that exists and may do more is limited. An owner that is no superuser
    becomes a member, so that with one address for both the application can
    take its role. Where everything is as it should be nothing is changed, so
    an owner who may not make roles can work with one that an administrator made.

    Parameters
    ----------
    connection
        Autocommit connection of the owner.

    Raises
    ------
    psycopg.errors.InsufficientPrivilege
        When something has to be changed that the owner may not change.
    """
    from psycopg import errors, sql

    role = sql.Identifier(APPLICATION)
    limits = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
    row = connection.execute(
        "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
        " FROM pg_roles WHERE rolname = %s",
        [APPLICATION],
    ).fetchone()
    if row is None:
        # Another start may have made it in this moment.
        with contextlib.suppress(errors.DuplicateObject):
            connection.execute(sql.SQL("CREATE ROLE {} {}").format(role, limits))
    elif row[0]:
        connection.execute(sql.SQL("ALTER ROLE {} {}").format(role, limits))
    # From PostgreSQL 16 on, membership alone does not let a role be taken.
    kind = "SET" if connection.info.server_version >= 160_000 else "MEMBER"
    may = connection.execute(
        "SELECT pg_has_role(current_user, %s, %s)", [APPLICATION, kind]
    ).fetchone()
    if may is not None and not may[0]:
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))


def make_database(connection: psycopg.Connection, name: str) -> None:
    """Make database `name` if it is missing; only the two roles may connect to it."""
    from psycopg import errors, sql

    database = sql.Identifier(name)
    # Made by an earlier start: the grants below are repeated, not assumed.
    with contextlib.suppress(errors.DuplicateDatabase):
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(database, sql.Identifier(OWNER))
        )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
            database, sql.Identifier(APPLICATION)
        )
    )


def grant(connection: psycopg.Connection, application: str = APPLICATION) -> None:
    """Give the application role its rights on what the connected owner makes in this database.

    Holds for tables made later too. What is append-only or behind a gate
    takes rights away again in its own migration.

    Parameters
    ----------
    connection
        Autocommit connection of the owner to the database in question.
    application
        Role under which pages and jobs connect.
    """
    from psycopg import sql

    role = sql.Identifier(application)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
    ):
        connection.execute(sql.SQL(statement).format(role))
    # Functions that bypass policies (gates) are executable only where a migration says so.
    connection.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")

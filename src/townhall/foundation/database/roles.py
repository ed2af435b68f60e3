"""Two roles from the first day: an owner that migrates, an application that is bound.

Row-level security does not bind superusers or owners, and an owner can undo a
REVOKE. So pages, jobs and programs connect as the application role, which owns
nothing, is no superuser and cannot bypass row-level security.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from townhall.foundation.database.role_names import APPLICATION_ROLE, OWNER_ALIAS

_PREPARE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
        CREATE ROLE {APPLICATION_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO {APPLICATION_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
"""


def prepare_before_migration(*, using: str, **_: Any) -> None:
    """Create the application role and its default rights before the first table exists.

    Runs on Django's ``pre_migrate`` signal of the foundation, the first app; the
    statements are idempotent. Migrations that make a table append-only revoke from here.
    """
    if using != OWNER_ALIAS:
        return
    with connections[using].cursor() as cursor:
        cursor.execute(_PREPARE)

"""Row-level security and append-only tables, as migration operations.

The policies read the facts that `scope` sets. Each `current_setting` stands in
a scalar sub-select so that PostgreSQL evaluates it once a statement; called per
row, a whole-table query over a million rows took 30 s instead of 13 ms.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

from townhall.foundation.database.roles import APPLICATION

_SYSTEM = "(SELECT current_setting('app.system', true)) = 'on'"
_PERSON = "person_id = (SELECT nullif(current_setting('app.person', true), '')::uuid)"
_SERVICE = (
    "service_no = ANY ((SELECT coalesce(nullif(current_setting('app.services', true), ''), '{}')"
    "::int[])::int[])"
)

_AGENCY = "agency = (SELECT nullif(current_setting('app.agency', true), ''))"


def citizen_owned(table: str, *, has_service: bool, insert_by_anyone: bool = False) -> RunSQL:
    """Return the operation that puts `table` under row-level security.

    Parameters
    ----------
    table : has a column `person_id uuid`, and `service_no int` if `has_service`.
    has_service : officers of the service may see the row too.
    insert_by_anyone : rows may be added that the actor may not read back
        (events and journal lines about somebody else).
    """
    clauses = [_SYSTEM, _PERSON] + ([_SERVICE] if has_service else [])
    visible = "\n    OR ".join(clauses)
    return _policies(table, visible, "true" if insert_by_anyone else visible)


def agency_owned(table: str) -> RunSQL:
    """Return the operation that shows rows to the officers of one agency only.

    Parameters
    ----------
    table : has a column `agency`; it holds nothing about a person.
    """
    visible = f"{_SYSTEM}\n    OR {_AGENCY}"
    return _policies(table, visible, visible)


def _policies(table: str, visible: str, check: str) -> RunSQL:
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY {table}_read ON {table} FOR SELECT USING ({visible});
        CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK ({check});
        CREATE POLICY {table}_change ON {table} FOR UPDATE USING ({visible}) WITH CHECK ({visible});
        CREATE POLICY {table}_remove ON {table} FOR DELETE USING ({visible});
        """,
        f"""
        DROP POLICY {table}_read ON {table};
        DROP POLICY {table}_add ON {table};
        DROP POLICY {table}_change ON {table};
        DROP POLICY {table}_remove ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def append_only(table: str) -> RunSQL:
    """Return the operation after which the application can add to `table`, and nothing else."""
    return RunSQL(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION};",
        f"GRANT UPDATE, DELETE ON {table} TO {APPLICATION};",
    )

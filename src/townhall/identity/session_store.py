"""Sessions in Django's own table, read with one fixed statement.

Every page that somebody sees signed in begins with this read; through the
query builder it costs more than the page's own data.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection

# Not now(): inside a transaction that is the time of its beginning.
_READ = (
    "SELECT session_data FROM django_session"
    " WHERE session_key = %s AND expire_date > clock_timestamp()"
)


class SessionStore(DatabaseStore):
    """Django's database sessions; only reading is ours."""

    def load(self) -> dict[str, Any]:
        """Return the session's values; a key that is unknown or has expired is forgotten."""
        with connection.cursor() as cursor:
            cursor.execute(_READ, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

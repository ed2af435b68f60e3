"""Reading and adding rows with statements that are written once.

The pages of a form and of a case read the same few rows again and again. Composing
these statements anew with the ORM cost more than running them, so each is a constant
here; what comes back are ordinary model instances.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


class Query(Generic[Row]):
    """A fixed SELECT of whole rows of one table.

    Parameters
    ----------
    where : condition with ``%s`` for each parameter of the call.
    then : what follows it, such as an order.
    """

    def __init__(self, model: type[Row], where: str, then: str = "") -> None:
        fields = model._meta.concrete_fields
        self._model = model
        self._names = [field.attname for field in fields]
        self._json = [
            place for place, field in enumerate(fields) if isinstance(field, models.JSONField)
        ]
        self._sql = (
            f"SELECT {', '.join(self._names)} FROM {model._meta.db_table}"  # noqa: S608 - constants
            f" WHERE {where} {then}"
        )

    def all(self, *parameters: Any) -> list[Row]:
        """Return the rows."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            return [self._made(row) for row in cursor.fetchall()]

    def first(self, *parameters: Any, lock: bool = False) -> Row | None:
        """Return the first row, locked until the end of the transaction if asked."""
        with connection.cursor() as cursor:
            cursor.execute(f"{self._sql} FOR UPDATE" if lock else self._sql, parameters)
            row = cursor.fetchone()
        return self._made(row) if row else None

    def _made(self, row: tuple[Any, ...]) -> Row:
        values = list(row)
        for place in self._json:
            if values[place] is not None:
                values[place] = json.loads(values[place])
        return self._model.from_db(connection.alias, self._names, values)


def found(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return what a fixed statement finds that is not whole rows of one table."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def add(row: models.Model) -> None:
    """Insert a new row; it travels as one JSON value (so it has no binary column)."""
    with connection.cursor() as cursor:
        cursor.execute(insertion(type(row), columns(type(row))), [as_json(row)])
    row._state.adding = False


@cache
def columns(model: type[models.Model]) -> tuple[str, ...]:
    """Return the columns of a table that the application writes."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, models.GeneratedField)
    )


@cache
def insertion(model: type[models.Model], names: tuple[str, ...]) -> str:
    """Return the INSERT of a row that is handed over as JSON."""
    table, listed = model._meta.db_table, ", ".join(names)
    return (
        f"INSERT INTO {table} ({listed}) SELECT {listed}"  # noqa: S608 - constants
        f" FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    )


def as_json(row: models.Model) -> str:
    """Return the columns of a row as JSON, as PostgreSQL reads them."""
    return json.dumps({name: getattr(row, name) for name in columns(type(row))}, default=str)

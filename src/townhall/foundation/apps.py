"""Wire the foundation into Django."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import pre_migrate
from django.utils.module_loading import autodiscover_modules

OWNER_ALIAS = "owner"


class FoundationConfig(AppConfig):
    name = "townhall.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The foundation is the first app: this runs before the first table is made.
        pre_migrate.connect(_prepare_roles, sender=self)
        # Handlers and subscriptions of every room: who enqueues must know them, too.
        autodiscover_modules("jobs")
        import_module("townhall.foundation.files.background")
        from townhall.foundation.supervisor import ping  # noqa: F401 - registers its handler


def _prepare_roles(*, using: str, **_: Any) -> None:
    """Give the application role its rights before the first table exists, on any server.

    Migrations that make a table append-only, or put it behind a gate, take
    rights away again.
    """
    from townhall.foundation.database import roles

    if using != OWNER_ALIAS:
        return
    connections[using].ensure_connection()
    connection = connections[using].connection
    roles.make_roles(connection)
    roles.grant(connection)

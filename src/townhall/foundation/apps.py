"""Wire the foundation into Django."""

from django.apps import AppConfig
from django.db.models.signals import pre_migrate


class FoundationConfig(AppConfig):
    name = "townhall.foundation"
    label = "foundation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from townhall.foundation.database import roles

        pre_migrate.connect(roles.prepare_before_migration, sender=self)

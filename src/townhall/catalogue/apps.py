"""Wire the room into Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "townhall.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from townhall.catalogue import jobs  # noqa: F401  (registers subscribers)

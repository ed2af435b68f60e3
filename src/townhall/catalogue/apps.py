"""Wire the room into Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "townhall.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

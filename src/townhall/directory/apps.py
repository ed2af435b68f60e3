"""Wire the room into Django."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "townhall.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

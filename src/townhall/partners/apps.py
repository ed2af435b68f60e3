"""Wire the partners room into Django."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "townhall.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"

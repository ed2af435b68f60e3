"""Wire the room into Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "townhall.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

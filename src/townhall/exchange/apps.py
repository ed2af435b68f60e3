"""Wire the room into Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "townhall.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from townhall.exchange import jobs  # noqa: F401  (registers periodic work)

"""Wire the room into Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "townhall.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from townhall.ledger import jobs, probing  # noqa: F401  (both register something)

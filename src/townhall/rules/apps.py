"""Wire the room into Django."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "townhall.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from townhall.rules.population import jobs  # noqa: F401  (registers the handlers)

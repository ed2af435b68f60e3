"""Wire the room into Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "townhall.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from townhall.cases import jobs  # noqa: F401  (registers handlers and subscribers)

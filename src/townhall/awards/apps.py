"""Wire the room into Django."""

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "townhall.awards"
    label = "awards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from townhall.awards import jobs  # noqa: F401  (registers handlers and subscribers)

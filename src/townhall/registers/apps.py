"""Wire the room into Django."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "townhall.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from townhall.registers import jobs  # noqa: F401  (registers periodic work)

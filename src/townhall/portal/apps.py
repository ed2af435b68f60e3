"""Wire the portal into Django."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "townhall.portal"
    label = "portal"

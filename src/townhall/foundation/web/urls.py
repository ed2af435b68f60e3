"""Addresses for machines: alive, ready, figures."""

from django.urls import path

from townhall.foundation.web import probes

urlpatterns = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
]

"""The addresses of the service workshop, below /owner/."""

from __future__ import annotations

from django.urls import path

from townhall.portal.pages.owner import population, workshop

urlpatterns = [
    path("", workshop.services, name="workshop"),
    path("new", workshop.change, name="workshop_new"),
    path("population", population.index, name="population"),
    path("population/new", population.new, name="population_new"),
    path("population/<uuid:run_id>", population.run, name="population_run"),
    path("population/<uuid:run_id>/delete", population.delete, name="population_delete"),
    path(
        "population/<uuid:run_id>/results.<str:ending>",
        population.download,
        name="population_download",
    ),
    path("<slug:key>", workshop.service, name="workshop_service"),
    path("<slug:key>/change", workshop.change, name="workshop_change"),
    path("<slug:key>/source/<slug:digest>", workshop.source, name="workshop_source"),
    path(
        "<slug:key>/difference/<slug:old>/<slug:new>",
        workshop.difference,
        name="workshop_difference",
    ),
]

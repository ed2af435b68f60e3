"""Runs of reforms on populations: the only writer of this table."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from townhall.foundation.database.identifiers import uuid7

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
STATES = (WAITING, RUNNING, DONE, FAILED)


class PopulationRun(models.Model):
    """One reform tried on one population; it holds sums over groups, nothing about a person.

    Attributes
    ----------
    agency : whose officers see it.
    file_id : the uploaded population; None once it is deleted, or if there is none.
    households, seed : of an invented population.
    request : rates, mapping and whether usual values are agreed to, as they were sent.
    phase, share : what is being done, and how much of it in percent.
    problems, more : why it failed: `{row, column, code, given}` each, and how many besides.
    beat_at : when it last moved.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.CharField(max_length=100)
    made_by = models.CharField(max_length=64)
    made_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    name = models.CharField(max_length=120)
    day = models.DateField()
    file_id = models.UUIDField(null=True)
    file_name = models.CharField(max_length=200, blank=True)
    households = models.IntegerField(default=0)
    seed = models.IntegerField(default=1)
    request = models.JSONField()
    state = models.CharField(max_length=8, default=WAITING)
    phase = models.CharField(max_length=12, blank=True)
    share = models.IntegerField(default=0)
    problems = models.JSONField(default=list)
    more = models.IntegerField(default=0)
    results = models.JSONField(null=True)
    beat_at = models.DateTimeField()

    class Meta:
        db_table = "rules_population_run"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="rules_population_run_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=DONE) | models.Q(results__isnull=False),
                name="rules_population_run_results",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=(WAITING, RUNNING)) | models.Q(file_id__isnull=True),
                name="rules_population_run_keeps_no_file",
            ),
            models.CheckConstraint(
                condition=~models.Q(agency=""), name="rules_population_run_of_agency"
            ),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="rules_population_run_list")]


def add_run(**fields: Any) -> PopulationRun:
    """Add a run that waits to be done."""
    return PopulationRun.objects.create(state=WAITING, **fields)


def runs_of(agency: str, most: int) -> list[PopulationRun]:
    """Return the runs of an agency, newest first, without their results."""
    found = PopulationRun.objects.filter(agency=agency).defer("results", "request")
    return list(found.order_by("-id")[:most])


def count_open(agency: str) -> int:
    """Return how many runs of an agency are waiting or running."""
    return PopulationRun.objects.filter(agency=agency, state__in=(WAITING, RUNNING)).count()


def find_run(run_id: UUID, *, lock: bool = False) -> PopulationRun | None:
    """Return a run that the open scope may see."""
    found = PopulationRun.objects.filter(pk=run_id)
    return (found.select_for_update() if lock else found).first()


def moved(run_id: UUID, *, phase: str, share: int, at: datetime) -> bool:
    """Note how far a run is; say whether it is still wanted."""
    return bool(
        PopulationRun.objects.filter(pk=run_id, state__in=(WAITING, RUNNING)).update(
            state=RUNNING, phase=phase, share=share, beat_at=at
        )
    )


def ended(
    run_id: UUID,
    *,
    at: datetime,
    results: dict[str, Any] | None = None,
    problems: list[dict[str, Any]] | None = None,
    more: int = 0,
) -> None:
    """End a run, with results or with what was wrong; its file is no longer named."""
    PopulationRun.objects.filter(pk=run_id).update(
        state=FAILED if results is None else DONE,
        results=results,
        problems=problems or [],
        more=more,
        phase="",
        share=100,
        file_id=None,
        beat_at=at,
    )


def remove_run(run_id: UUID) -> bool:
    """Delete a run; say whether there was one."""
    return bool(PopulationRun.objects.filter(pk=run_id).delete()[0])

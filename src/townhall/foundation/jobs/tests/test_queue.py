"""Promising work: with the business transaction, once for each key, by the database's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from townhall.foundation import jobs
from townhall.foundation.jobs import NewJob, queue

ran: list[object] = []


@pytest.fixture(autouse=True)
def _forget() -> None:
    ran.clear()


@jobs.handler("test.note")
def note(*, what: object) -> None:
    ran.append(what)


@jobs.handler("test.break", max_attempts=2)
def break_() -> None:
    raise ValueError("no \x00 luck")


def open_jobs() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, state, failures, key FROM foundation_job ORDER BY id")
        return cursor.fetchall()


@pytest.mark.django_db
def test_a_promised_job_runs_once() -> None:
    jobs.enqueue("test.note", args={"what": 1})
    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    assert ran == [1]
    assert open_jobs() == []


@pytest.mark.django_db
def test_roll_back_of_the_change_leaves_no_job() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.enqueue("test.note", args={"what": 1})
        raise RuntimeError
    assert open_jobs() == []


@pytest.mark.django_db
def test_one_open_job_for_each_key() -> None:
    jobs.enqueue("test.note", args={"what": "first"}, key="k")
    jobs.enqueue("test.note", args={"what": "second"}, key="k")
    jobs.enqueue_many([NewJob("test.note", {"what": "third"}, "k")] * 2)
    jobs.enqueue("test.note", args={"what": "other"}, key="l")
    assert len(open_jobs()) == 2
    assert jobs.run_due() == 2
    assert ran == ["third", "other"]


@pytest.mark.django_db
def test_a_job_for_later_waits_for_its_time() -> None:
    jobs.enqueue("test.note", args={"what": 1}, run_at=timedelta(hours=1))
    jobs.enqueue("test.note", args={"what": 2}, run_at=datetime(2100, 1, 1, tzinfo=UTC))
    assert jobs.run_due() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_job SET run_at = now() WHERE args->>'what' = '1'")
    assert jobs.run_due() == 1
    assert ran == [1]


@pytest.mark.django_db
def test_asking_for_a_waiting_job_now_makes_it_due_now() -> None:
    jobs.enqueue("test.note", args={"what": 1}, key="k", run_at=timedelta(hours=1))
    jobs.enqueue("test.note", args={"what": 2}, key="k")
    assert jobs.run_due() == 1
    assert ran == [2]


@pytest.mark.django_db
def test_urgent_jobs_first() -> None:
    jobs.enqueue("test.note", args={"what": "slow"}, priority=200)
    jobs.enqueue("test.note", args={"what": "urgent"}, priority=1)
    jobs.enqueue("test.note", args={"what": "normal"})
    jobs.run_due()
    assert ran == ["urgent", "normal", "slow"]


@pytest.mark.django_db
def test_a_job_nobody_can_run_is_refused_at_the_promise() -> None:
    with pytest.raises(jobs.UnknownJob, match=r"jobs\.py"):
        jobs.enqueue("test.nobody")
    with pytest.raises(ValueError, match="time zone"):
        jobs.enqueue("test.note", run_at=datetime(2026, 1, 1))


@pytest.mark.django_db
def test_a_failed_job_is_told_and_tried_again_later() -> None:
    jobs.enqueue("test.break")
    jobs.enqueue("test.note", args={"what": 1})
    with pytest.raises(jobs.JobFailed, match="ValueError: no ␀ luck"):
        jobs.run_due()
    assert ran == [1], "a failing job must not keep others from running"
    assert open_jobs() == [("test.break", "waiting", 1, None)]


@pytest.mark.django_db
def test_the_bell_rings_once_a_transaction_and_only_after_the_commit(
    django_capture_on_commit_callbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        with transaction.atomic():
            jobs.enqueue("test.note", args={"what": 1})
            jobs.enqueue("test.note", args={"what": 2})
        with transaction.atomic():
            jobs.enqueue("test.note", args={"what": 3})
    assert callbacks == [queue._bell]

"""Leases: who has a job, who had it, and who may finish it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from townhall.foundation import events, jobs
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import NewJob, claims, operations, registry, running, schedule
from townhall.foundation.jobs.tests import handlers


@jobs.periodic("work.often", timedelta(seconds=60))
def often() -> None:
    handlers.effect("often")


def state_of(owner: psycopg.Connection) -> list[tuple[object, ...]]:
    return owner.execute(
        "SELECT name, state, attempts, failures, alone FROM foundation_job ORDER BY id"
    ).fetchall()


def expire(owner: psycopg.Connection) -> None:
    owner.execute(
        "UPDATE foundation_job SET lease_until = now() - interval '1 second' WHERE state = 'leased'"
    )


def test_a_claimed_job_is_nobody_elses(effects, owner) -> None:
    jobs.enqueue("work.effect", args={"n": 1})
    (mine,) = claims.claim("default")
    assert claims.claim("default") == []
    claims.tidy()
    assert claims.claim("default", alone=True) == [], "its lease has not ended"
    claims.finish(mine)
    assert state_of(owner) == []


def test_claims_skip_what_another_transaction_is_claiming(effects, server) -> None:
    jobs.enqueue_many(NewJob("work.effect", {"n": n}) for n in range(3))
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
    with psycopg.connect(server.dsn) as other:
        other.execute("SELECT id FROM foundation_job ORDER BY run_at LIMIT 1 FOR UPDATE")
        assert [each.args["n"] for each in claims.claim("default")] == [1, 2]


def test_who_lost_the_lease_changes_nothing(effects: Callable, owner) -> None:
    jobs.enqueue("work.effect", args={"n": 1})
    (first,) = claims.claim("default")
    expire(owner)
    claims.tidy()
    (second,) = claims.claim("default", alone=True)
    assert second.attempts == first.attempts + 1

    assert running.run(first).outcome == "lost"
    assert effects() == [], "the effect of the run that came too late is rolled back"
    assert claims.fail(first, RuntimeError("late")) is None
    claims.renew([first])
    claims.hand_back([first])
    assert state_of(owner) == [("work.effect", "leased", 2, 1, True)]

    assert running.run(second).outcome == "done"
    assert effects() == ["work 1"]


def test_a_late_finish_counts_while_nobody_else_has_the_job(effects, owner) -> None:
    jobs.enqueue("work.further", args={"n": 1})
    (mine,) = claims.claim("default")
    expire(owner)
    assert running.run(mine).outcome == "done"
    assert effects() == ["further 1"]


def test_many_are_finished_with_one_statement_and_lost_ones_told(effects, owner) -> None:
    jobs.enqueue_many(NewJob("work.outside", {"n": n}) for n in range(5))
    mine = claims.claim("default")
    owner.execute("UPDATE foundation_job SET attempts = 9 WHERE args->>'n' = '3'")
    assert [each.args["n"] for each in claims.finish_all(mine)] == [3]
    assert len(state_of(owner)) == 1


def test_asked_for_again_while_it_ran_it_runs_once_more(effects: Callable, owner) -> None:
    jobs.enqueue("work.further", args={"n": 1}, key="k")
    (mine,) = claims.claim("default")
    jobs.enqueue("work.further", args={"n": 2}, key="k")
    assert len(state_of(owner)) == 1
    assert running.run(mine).outcome == "done"
    assert jobs.run_due() == 1
    assert effects() == ["further 1", "further 2"]
    assert state_of(owner) == []


def test_asked_for_again_in_a_transaction_that_is_still_open(effects, owner, server) -> None:
    """The job must not be run on what was there before the change that asks for it."""
    jobs.enqueue("work.further", args={"n": 1}, key="k")
    sql, parameters, _ = jobs.queue.insertion([NewJob("work.further", {"n": 2}, "k")])
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
    with psycopg.connect(server.dsn) as change:
        change.execute(sql, parameters)
        assert claims.claim("default") == []
    assert [each.args for each in claims.claim("default")] == [{"n": 2}]


def test_failures_end_with_the_operator(effects, owner) -> None:
    identifier = jobs.enqueue("work.poison")
    for failure in (1, 2, 3):
        with pytest.raises(jobs.JobFailed, match="poison"):
            jobs.run_due()
        (state,) = state_of(owner)
        assert state[1:4] == ("dead" if failure == 3 else "waiting", failure, failure)
        waits = owner.execute("SELECT run_at - now() FROM foundation_job").fetchone()[0]
        if failure < 3:
            expected = timedelta(seconds=10 * 3 ** (failure - 1))
            assert 0.7 * expected < waits < 1.3 * expected
        owner.execute("UPDATE foundation_job SET run_at = now()")
    assert jobs.run_due() == 0
    (dead,) = operations.dead()
    assert (dead.id, dead.name, dead.failures) == (identifier, "work.poison", 3)
    assert dead.last_error.startswith("RuntimeError: poison (")


def test_a_hopeless_job_is_not_tried_again(effects, owner) -> None:
    jobs.enqueue("work.hopeless")
    with pytest.raises(jobs.JobFailed, match="address is not known"):
        jobs.run_due()
    assert state_of(owner) == [("work.hopeless", "dead", 1, 1, False)]


@pytest.mark.parametrize("how", ["raise", "exit", "sql"])
def test_whatever_a_handler_does_it_is_a_recorded_failure(how: str, effects, owner) -> None:
    jobs.enqueue("work.poison", args={"how": how})
    jobs.enqueue("work.further", args={"n": 1})
    assert jobs.run_due(strict=False) == 1
    assert state_of(owner) == [("work.poison", "waiting", 1, 1, False)]
    assert effects() == ["further 1"]


def test_a_job_of_a_newer_release_waits_for_a_worker_that_knows_it(effects, owner) -> None:
    jobs.enqueue("work.tomorrow", queue="default")
    jobs.run_due(strict=False)
    assert state_of(owner) == [("work.tomorrow", "waiting", 1, 1, False)]


def test_a_job_that_kills_its_worker_runs_alone_and_ends_with_the_operator(effects, owner) -> None:
    jobs.enqueue("work.further", args={"n": 1})
    jobs.enqueue("work.poison", args={"how": "die"})
    for _ in range(3):
        batch = claims.claim("default") + claims.claim("default", 1, alone=True)
        assert any(each.name == "work.poison" for each in batch)
        expire(owner)  # the worker died before it could settle anything
        claims.tidy()
        for each in claims.claim("default", 1, alone=True):
            if each.name == "work.further":
                running.run(each)
            else:
                claims.hand_back([each])
    assert effects() == ["further 1"], "the innocent one of the batch was done"
    (dead,) = operations.dead()
    assert dead.name == "work.poison"
    assert "worker stopped" in dead.last_error


def test_errors_keep_the_values_of_the_database_to_themselves(effects) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO foundation_periodic (name, every) VALUES ('a', '1h')")
            cursor.execute("INSERT INTO foundation_periodic (name, every) VALUES ('a', '1h')")
    except Exception as error:
        assert "(a)" in str(error)
        assert "(a)" not in claims.described(error)
        assert "UniqueViolation" in claims.described(error) or "IntegrityError" in (
            claims.described(error)
        )
    assert "\x00" not in claims.described(ValueError("a\x00b \ud800"))


def test_the_operator_retries(effects: Callable, owner) -> None:
    jobs.enqueue("work.further", args={"n": 1}, key="k")
    owner.execute("UPDATE foundation_job SET state = 'dead', failures = 8, attempts = 8")
    jobs.enqueue("work.further", args={"n": 2}, key="other")
    (dead,) = operations.dead()
    officer = Acting(actor="officer:x")
    assert operations.retry(ids=[dead.id], acting=officer) == 1
    assert operations.dead() == []
    assert jobs.run_due() == 2
    assert sorted(effects()) == ["further 1", "further 2"]
    with scope(SYSTEM):
        (told,) = events.history(subject=dead.id, person_id=None)
    assert (told.kind, told.actor) == ("job.retried", "officer:x")


def test_a_retried_job_makes_way_for_a_newer_one_with_its_key(effects: Callable, owner) -> None:
    jobs.enqueue("work.further", args={"n": 1}, key="k")
    owner.execute("UPDATE foundation_job SET state = 'dead'")
    jobs.enqueue("work.further", args={"n": 2}, key="k")
    owner.execute("UPDATE foundation_job SET state = 'dead'")
    jobs.enqueue("work.further", args={"n": 3}, key="k")
    ids = [each.id for each in operations.dead()]
    assert operations.retry(ids=ids[:1], acting=SYSTEM) == 1
    assert jobs.run_due() == 1
    assert effects() == ["further 3"]
    jobs.enqueue("work.further", args={"n": 4}, key="k")
    owner.execute("UPDATE foundation_job SET state = 'dead'")
    ids = [each.id for each in operations.dead()]
    assert operations.retry(ids=ids, acting=SYSTEM) == 2, "only the newest of two is revived"
    jobs.run_due()
    assert effects() == ["further 3", "further 4"]


def test_the_operator_drops_with_a_reason(effects, owner) -> None:
    jobs.enqueue("work.hopeless")
    jobs.run_due(strict=False)
    (dead,) = operations.dead()
    with pytest.raises(ValueError, match="Say why"):
        operations.drop(ids=[dead.id], reason=" ", acting=SYSTEM)
    assert operations.drop(ids=[dead.id, uuid4()], reason="sent by hand", acting=SYSTEM) == 1
    assert operations.dead() == []
    with scope(SYSTEM):
        (told,) = events.history(subject=dead.id, person_id=None)
    assert told.payload["reason"] == "sent by hand"


def test_dead_jobs_are_paged_through(effects, owner) -> None:
    jobs.enqueue_many(NewJob("work.hopeless") for _ in range(5))
    owner.execute("UPDATE foundation_job SET state = 'dead'")
    first = operations.dead(limit=3)
    rest = operations.dead(limit=3, after=first[-1].id)
    assert len({each.id for each in first + rest}) == 5


def test_how_the_queues_stand(effects, owner) -> None:
    jobs.enqueue("work.further", args={"n": 1})
    jobs.enqueue("work.further", args={"n": 2}, run_at=timedelta(hours=1))
    jobs.enqueue("work.further", args={"n": 3}, queue="other")
    owner.execute(
        "UPDATE foundation_job SET run_at = now() - interval '5 minutes' WHERE args->>'n' = '1'"
    )
    default, other = operations.queues()
    assert (default.queue, default.ready, default.waiting) == ("default", 1, 1)
    assert 299 < default.oldest_seconds < 400
    assert other.ready == 1
    assert 299 < operations.oldest_due_seconds() < 400


def test_with_100_000_jobs_due_a_claim_still_reads_only_its_batch(effects, owner) -> None:
    owner.execute(
        "INSERT INTO foundation_job (id, name, args, run_at)"
        " SELECT gen_random_uuid(), 'work.further', jsonb_build_object('n', n),"
        " now() - interval '1 hour' FROM generate_series(1, 100000) AS n"
    )
    owner.execute("ANALYZE foundation_job")
    jobs.enqueue("work.further", args={"n": 0}, priority=1)
    (plan,) = owner.execute(
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)"
        " SELECT id FROM foundation_job WHERE state = 'ready' AND queue = 'default'"
        " AND alone = false ORDER BY priority, run_at, id LIMIT 50 FOR UPDATE SKIP LOCKED"
    ).fetchone()
    assert plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"] < 400
    assert "Sort" not in str(plan)
    batch = claims.claim("default")
    assert len(batch) == claims.BATCH
    assert batch[0].args == {"n": 0}, "the urgent one overtakes 100,000"
    claims.hand_back(batch)
    assert jobs.run_due(limit=200) == 200
    assert len(set(effects())) == 200


def test_periodic_work_is_promised_once_in_each_period(effects: Callable, owner) -> None:
    assert "work.often" in schedule.promise_due(), "at first at once"
    assert "work.often" not in schedule.promise_due()
    jobs.run_due()
    assert effects() == ["often"]
    owner.execute(
        "UPDATE foundation_periodic SET next_at = now() - interval '10 minutes 20 seconds'"
    )
    schedule.promise_due()
    schedule.promise_due()
    jobs.run_due()
    assert effects() == ["often", "often"], "ten missed runs are made up for by one"
    (wait,) = owner.execute(
        "SELECT next_at - now() FROM foundation_periodic WHERE name = 'work.often'"
    ).fetchone()
    assert timedelta(seconds=38) < wait <= timedelta(seconds=40), "the rhythm is kept"


def test_only_one_worker_promises_periodic_work(effects, server) -> None:
    with psycopg.connect(server.dsn) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [schedule._LOCK])
        assert schedule.promise_due() == []


def test_a_wrong_clock_does_no_harm(effects: Callable, owner, monkeypatch) -> None:
    """Ten minutes ahead or behind: due is what the database calls due."""
    import time

    true = time.time
    for wrong in (600, -600):
        monkeypatch.setattr(time, "time", lambda wrong=wrong: true() + wrong)
        jobs.enqueue("work.further", args={"n": wrong})
        jobs.enqueue("work.further", args={"n": 1}, run_at=timedelta(minutes=5))
        assert jobs.run_due() == 1
        (mine,) = claims.claim("default") or [None]
        assert mine is None
    assert effects() == ["further 600", "further -600"]
    left = owner.execute("SELECT run_at - now() FROM foundation_job").fetchall()
    assert all(timedelta(minutes=4) < wait < timedelta(minutes=6) for (wait,) in left)


def test_two_handlers_cannot_have_one_name() -> None:
    with pytest.raises(ValueError, match="Two handlers"):
        jobs.handler("work.further")(lambda: None)
    assert registry.find("work.further").queue == "default"

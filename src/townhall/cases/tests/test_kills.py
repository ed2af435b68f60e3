"""Sudden death: nothing half-done, nothing doubled, nothing lost that was confirmed.

TOWNHALL_KILL_ROUNDS sets how many processes die at a random moment (default 10).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from typing import Any

import psycopg
import pytest
from django.db import connections

from townhall.cases.operations import retries
from townhall.foundation.jobs import run_due

ROUNDS = int(os.environ.get("TOWNHALL_KILL_ROUNDS", "10"))


def lives(server: Any, *arguments: str) -> list[list[str]]:
    """Run `dying` against the test server; return what each life confirmed."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "townhall.django_settings",
        "TOWNHALL_PROFILE": "test",
        "DATABASE_URL": server.dsn,
        "TOWNHALL_OWNER_DATABASE_URL": server.owner_dsn,
    }
    done = subprocess.run(
        [sys.executable, "-m", "townhall.cases.tests.dying", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def rows(owner: psycopg.Connection, sql: str) -> list[Any]:
    with owner.transaction():
        return owner.execute(sql).fetchall()


def assert_whole(owner: psycopg.Connection, confirmed: list[str]) -> int:
    """Check that every case is whole and every confirmed one is there; return how many."""
    numbers = [number for (number,) in rows(owner, "SELECT number FROM cases_case")]
    assert len(numbers) == len(set(numbers))
    filed = {str(case_id) for (case_id,) in rows(owner, "SELECT id FROM cases_case")}
    assert set(confirmed) <= filed, "a confirmed case is lost"
    halves = rows(
        owner,
        """
        SELECT c.id,
            (SELECT count(*) FROM cases_application a WHERE a.case_id = c.id),
            (SELECT count(*) FROM cases_decision d WHERE d.case_id = c.id),
            (SELECT count(*) FROM cases_draft f
              WHERE f.case_id = c.id AND f.answers = '{}' AND f.facts = '{}'),
            (SELECT count(*) FROM foundation_event e
              WHERE e.subject = c.id AND e.kind = 'case.submitted'),
            (SELECT count(*) FROM foundation_event e
              WHERE e.subject = c.id AND e.kind = 'case.decided')
        FROM cases_case c
        """,
    )
    assert all(counts == (1, 1, 1, 1, 1) for _, *each in halves for counts in [tuple(each)])
    orphans = rows(
        owner,
        "SELECT id FROM cases_draft f WHERE case_id IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM cases_case c WHERE c.id = f.case_id)",
    )
    assert not orphans
    return len(filed)


def assert_letters(owner: psycopg.Connection, filed: int) -> None:
    """Check that after the jobs have run every case has each letter exactly once."""
    letters = rows(owner, "SELECT case_id, kind, count(*) FROM cases_letter GROUP BY 1, 2")
    assert len(letters) == 3 * filed
    assert all(count == 1 for _, _, count in letters)
    issued = rows(owner, "SELECT count(*) FROM foundation_event WHERE kind = 'letter.issued'")
    assert issued == [(3 * filed,)]
    assert not rows(owner, "SELECT id FROM foundation_job WHERE name LIKE 'cases.%'")


def finish_jobs(owner: psycopg.Connection) -> None:
    """Do what the dead left: their leases are over at once, as if the time had passed."""
    connections.close_all()
    owner.execute(
        "UPDATE foundation_job SET lease_until = now() - interval '1 second' WHERE state = 'leased'"
    )
    owner.execute(
        "UPDATE foundation_job SET run_at = now(), state = 'ready' WHERE state = 'waiting'"
        " AND name <> %s",
        (retries.JOB,),
    )
    run_due(limit=100_000)


def test_death_before_any_statement_leaves_all_or_nothing(
    lasting: Any, owner: psycopg.Connection
) -> None:
    told = lives(lasting, "statements")
    assert len(told) > 4, "the submission was confirmed before it had done anything"
    assert [bool(each) for each in told] == [False] * (len(told) - 1) + [True]
    filed = assert_whole(owner, told[-1])
    # Dying in the bell after the commit leaves a case that only the resident's retry confirms.
    assert filed in (1, 2)
    finish_jobs(owner)
    assert_letters(owner, filed)


@pytest.mark.slow
def test_death_at_any_moment_loses_and_doubles_nothing(
    lasting: Any, owner: psycopg.Connection
) -> None:
    seed = random.randrange(10**6)
    told = lives(lasting, "moments", str(ROUNDS), str(seed))
    assert len(told) == ROUNDS
    confirmed = [case_id for each in told for case_id in each]
    assert confirmed, f"nothing was submitted (seed {seed})"
    assert len(confirmed) == len(set(confirmed))
    filed = assert_whole(owner, confirmed)
    assert filed - len(confirmed) <= ROUNDS
    finish_jobs(owner)
    assert_letters(owner, filed)

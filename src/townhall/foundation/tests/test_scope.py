"""Row-level security binds the application itself, and a scope cannot be widened from inside."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, transaction

from townhall.foundation.acting import ANONYMOUS, SYSTEM, Acting
from townhall.foundation.database import policies
from townhall.foundation.database.scope import current, scope

MINE, THEIRS = uuid.UUID(int=1), uuid.UUID(int=2)
ME = Acting(actor=f"person:{MINE}", person_id=MINE)
OFFICER = Acting(actor="officer:1", services=(7, 9))


@pytest.fixture
def letters(owner: psycopg.Connection) -> Iterator[str]:
    owner.execute("CREATE TABLE trial_letter (person_id uuid, service_no int, words text)")
    owner.execute(policies.citizen_owned("trial_letter", has_service=True).sql)
    owner.execute(policies.append_only("trial_letter").sql)
    for person, service, words in [(MINE, 7, "mine"), (THEIRS, 8, "theirs"), (THEIRS, 9, "nine")]:
        owner.execute("INSERT INTO trial_letter VALUES (%s, %s, %s)", (person, service, words))
    yield "trial_letter"
    owner.execute("DROP TABLE trial_letter")


def _visible() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM trial_letter")
        return {words for (words,) in cursor.fetchall()}


@pytest.mark.parametrize(
    ("acting", "expected"),
    [
        (ME, {"mine"}),
        (OFFICER, {"mine", "nine"}),
        (SYSTEM, {"mine", "theirs", "nine"}),
        (ANONYMOUS, set()),
    ],
)
def test_who_sees_what(committed_db: object, letters: str, acting: Acting, expected: set) -> None:
    with scope(acting):
        assert _visible() == expected
    assert _visible() == set(), "rights must end with the transaction"


def test_calling_deeper_never_widens_what_may_be_seen(committed_db: object, letters: str) -> None:
    with scope(ME):
        with scope(SYSTEM) as holds:
            assert holds is ME
            assert current() is ME
            assert _visible() == {"mine"}
    assert current() is None


def test_a_scope_inside_a_test_transaction_takes_its_rights_back(
    committed_db: object, letters: str
) -> None:
    with transaction.atomic():
        with scope(SYSTEM):
            assert len(_visible()) == 3
        assert _visible() == set()


def test_a_failure_deep_inside_undoes_the_whole_act(committed_db: object, letters: str) -> None:
    def fail_inside() -> None:
        with scope(ME), connection.cursor() as cursor:
            cursor.execute("INSERT INTO trial_letter VALUES (%s, 7, 'half')", (MINE,))
            raise LookupError

    with pytest.raises(transaction.TransactionManagementError):
        with scope(ME):
            with pytest.raises(LookupError):
                fail_inside()
            _visible()
    with scope(ME):
        assert _visible() == {"mine"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trial_letter SET words = ''",
        "DELETE FROM trial_letter",
        "TRUNCATE trial_letter",
        "ALTER TABLE trial_letter DISABLE ROW LEVEL SECURITY",
    ],
)
def test_the_application_cannot_rewrite_what_is_append_only(
    committed_db: object, letters: str, statement: str
) -> None:
    with psycopg.connect(committed_db.dsn) as direct:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            direct.execute(statement)


def test_nobody_writes_a_row_for_somebody_else(committed_db: object, letters: str) -> None:
    with pytest.raises(Exception, match="row-level security"):
        with scope(ME), connection.cursor() as cursor:
            cursor.execute("INSERT INTO trial_letter VALUES (%s, 8, 'forged')", (THEIRS,))

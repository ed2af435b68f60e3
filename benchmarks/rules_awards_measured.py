"""The measuring process of `benchmarks.rules_awards`; prints one JSON line a figure."""

from __future__ import annotations

import itertools
import json
import uuid
from datetime import UTC, date, datetime
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from benchmarks import measuring  # noqa: E402
from townhall.awards import operations as awards  # noqa: E402
from townhall.awards.operations import moment  # noqa: E402
from townhall.cases import operations as cases  # noqa: E402
from townhall.cases.operations import moment as cases_moment  # noqa: E402
from townhall.catalogue import operations as catalogue  # noqa: E402
from townhall.foundation import jobs  # noqa: E402
from townhall.foundation.acting import SYSTEM, Acting  # noqa: E402
from townhall.foundation.database.scope import scope  # noqa: E402
from townhall.foundation.supervisor import serving  # noqa: E402
from townhall.registers import operations as registers  # noqa: E402

FAMILIES, LIMIT_MS = 60, 20.0
GRANTED, CHANGED, NOW = (
    datetime(2026, 6, 3, 12, tzinfo=UTC),
    date(2026, 7, 3),
    datetime(2026, 7, 21, 12, tzinfo=UTC),
)


def child(name: str, born: str) -> dict[str, Any]:
    return {"person": str(uuid.uuid4()), "name": name, "date_of_birth": born, "lives_with": True}


def families() -> list[tuple[Acting, list[dict[str, Any]]]]:
    """Return parents with an award of seven weeks, and their children."""
    made = []
    for _ in range(FAMILIES):
        person = uuid.uuid4()
        me = Acting(actor=f"person:{person}", person_id=person, assurance="substantial")
        children = [child("Rowan", "2020-05-09")]
        facts = {
            ("population", "date_of_birth"): "1990-01-01",
            ("population", "children"): children,
            ("income", "adjusted_net_income"): "30000.00",
            ("accounts", "paid_into"): {"sort_code": "089999", "number": "66374958"},
        }
        registers.record_many(
            SYSTEM,
            facts=[
                registers.NewFact(register, str(person), person, kind, value, date(1990, 1, 1))
                for (register, kind), value in facts.items()
            ],
        )
        answers = {"same_children": "yes"}
        draft = cases.start_draft(me, service_key="child-benefit", answers=answers)
        cases.submit(me, draft_id=draft.id, seen_version=draft.version)
        made.append((me, children))
    return made


def main() -> None:
    """Measure, and print."""
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections["owner"].close()
    catalogue.load_packs()
    for clock in (moment, cases_moment):
        clock.now = lambda: GRANTED  # type: ignore[attr-defined]
    parents = families()
    while jobs.run_due(limit=50):
        pass
    for clock in (moment, cases_moment):
        clock.now = lambda: NOW  # type: ignore[attr-defined]
    paid = awards.pay_due()
    assert paid == 7 * FAMILIES, f"{paid} periods were paid"
    serving.settle()
    turn = itertools.count()

    def change(number: int) -> None:
        """Register a birth three payments ago, or take it back."""
        me, children = parents[next(turn) % FAMILIES]
        assert me.person_id is not None
        born = children if len(children) == 2 else [*children, child("Tilly", "2026-07-03")]
        told = born if born is not children else children[:1]
        children[:] = told
        registers.record(
            SYSTEM,
            register="population",
            key=None,
            person_id=me.person_id,
            kind="children",
            value=told,
            valid_from=CHANGED,
        )
        with scope(SYSTEM):
            done = awards.react(
                about=me.person_id,
                register="population",
                kind="children",
                since=CHANGED,
                event_id=uuid.uuid4(),
            )
        assert done == 1, "the award was not assessed anew"

    own, database = measuring.cpu_ms(change, FAMILIES)
    value = own + database
    print(
        json.dumps(
            {
                "name": "fact_change_cpu_ms",
                "value": round(value, 2),
                "unit": "ms of CPU",
                "peer": LIMIT_MS,
                "ratio": round(value / LIMIT_MS, 3),
                "how": "a birth recorded three payments late: register, three periods assessed, "
                f"differences booked, notice queued; {own:.1f} own, {database:.1f} database",
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main()

"""What a decided case rests on, for rooms that go on from its decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from townhall.cases import models
from townhall.cases.engine import snapshot
from townhall.cases.models import applications
from townhall.cases.models import case as cases
from townhall.cases.operations import pinned, reading
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.situation import Situation
from townhall.foundation.acting import Acting

Facts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Basis:
    """The evidence of a case in force, under the definition that decided it.

    Attributes
    ----------
    facts
        What registers said, by datum, as JSON.
    """

    person_id: UUID
    case_id: UUID
    service_no: int
    number: str
    language: str
    definition: Definition
    facts: Facts
    situation: Situation
    received_on: date
    outcome: str

    def on(self, day: date, facts: Facts) -> Situation:
        """Return the situation on another day, with the facts that then hold.

        A question that only arises then, because somebody turned 16, was asked of
        nobody: it counts as left empty.
        """
        empty = {
            name: None for name, datum in self.definition.data.items() if datum.kind == "asked"
        }
        return replace(
            self.situation,
            today=day,
            facts=snapshot.facts_from_json(facts),
            answers={**empty, **self.situation.answers},
        )

    @property
    def pack_hash(self) -> str:
        """The hash of the rates and rules in force in this town hall."""
        return pinned.pack_hash(self.definition.pack)


def basis_of(*, person_id: UUID, case_id: UUID) -> Basis | None:
    """Return what a case rests on, in the open scope; None if it is gone."""
    case = cases.get(person_id, case_id)
    return None if case is None else _basis(case)


def _basis(case: models.Case) -> Basis:
    application = applications.get(case.person_id, case.id, case.evidence_revision)
    definition = catalogue.by_hash(case.definition_hash)
    return Basis(
        person_id=case.person_id,
        case_id=case.id,
        service_no=case.service_no,
        number=case.number,
        language=case.language,
        definition=definition,
        facts=application.facts,
        situation=Situation(
            today=application.today,
            answers=application.answers,
            facts=snapshot.facts_from_json(application.facts),
            channel=application.channel,
            person=application.person,
            language=application.language,
            case={"number": case.number, "submitted": case.received_on},
        ),
        received_on=case.received_on,
        outcome=case.outcome or "",
    )


def keep(*, person_id: UUID, case_id: UUID) -> None:
    """Keep a case for as long as something rests on it, whatever its retention says."""
    case = cases.get(person_id, case_id, lock=True)
    if case is not None and case.erase_on is not None:
        cases.update(case, erase_on=None)


def release(*, person_id: UUID, case_id: UUID, on: date) -> None:
    """Let the retention of a case begin on a day, because nothing rests on it any more."""
    case = cases.get(person_id, case_id, lock=True)
    if case is not None and not case.open and case.erase_on is None:
        definition = catalogue.by_hash(case.definition_hash)
        cases.update(case, erase_on=pinned.erase_on(definition, case.outcome or "", on))


def read_again(
    acting: Acting,
    basis: Basis,
    *,
    facts: Facts,
    data: Iterable[str],
    on: date,
    now: datetime,
    purpose: str,
) -> Facts:
    """Read some facts of a case again, as they hold on a day; return all facts.

    Parameters
    ----------
    facts
        What is known of that day so far.
    data
        The data to be read again.
    purpose
        Why, as the person reads it in their journal.
    """
    again = set(data)
    kept = {name: dict(fact) for name, fact in facts.items() if name not in again}
    _, found = reading.read_due(
        acting,
        definition=basis.definition,
        situation=basis.on(on, kept),
        stored=kept,
        person_id=basis.person_id,
        subject_id=basis.case_id,
        service_no=basis.service_no,
        now=now,
        purpose=purpose,
    )
    return found

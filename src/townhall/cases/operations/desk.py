"""One act on one locked case, and everything that it needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from townhall.cases import models
from townhall.cases.models import applications
from townhall.cases.operations import evidence, moment
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import assessment as assessing
from townhall.catalogue.engine.assessment import Assessment
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.situation import Situation
from townhall.foundation.acting import Acting


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts on which locked case, under which definition, and when."""

    acting: Acting
    case: models.Case
    definition: Definition
    now: datetime

    @property
    def today(self) -> date:
        return moment.day_of(self.now)


@dataclass(frozen=True, slots=True)
class Desk(Act):
    """An act that needs the evidence: the revision in force, and what follows from it."""

    application: models.Application
    situation: Situation
    verdict: Assessment


def act(acting: Acting, case: models.Case, now: datetime) -> Act:
    """Return an act on a locked case."""
    return Act(acting, case, catalogue.by_hash(case.definition_hash), now)


def desk(acting: Acting, case: models.Case, now: datetime, *, trace: bool = True) -> Desk:
    """Return an act on a locked case with the evidence in force, judged."""
    definition = catalogue.by_hash(case.definition_hash)
    application = applications.get(case.person_id, case.id, case.evidence_revision)
    situation = evidence.situation_of(definition, application, case=case)
    return Desk(
        acting=acting,
        case=case,
        definition=definition,
        now=now,
        application=application,
        situation=situation,
        verdict=assessing.assess(definition, situation, trace=trace),
    )

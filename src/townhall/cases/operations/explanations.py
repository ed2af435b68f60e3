"""From an assessment to the reasons and results that are stored and shown, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from townhall.cases.models.decisions import Decision
from townhall.cases.operations import pinned
from townhall.cases.views import DecisionView, Fee, ReasonView, ResultView
from townhall.catalogue.engine import letters
from townhall.catalogue.engine.assessment import Assessment
from townhall.catalogue.engine.datatypes import display_value
from townhall.catalogue.engine.definition import Definition, Law, Text
from townhall.foundation.text import pick
from townhall.rules.engine import Step
from townhall.rules.engine.trace_data import decode_value, encode_value


def to_json(definition: Definition, assessment: Assessment) -> dict[str, Any]:
    """Return what a decision keeps: reasons, results and fee, each with its trace.

    Texts are kept with their blanks filled, in every language of the definition:
    a decision must read the same after the definition has changed.
    """
    return {
        "eligibility": assessment.eligibility,
        "reasons": [
            {
                "text": _filled(reason.text, definition, assessment),
                "law": _law(reason.law),
                "holds": reason.holds,
                "trace": _trace(reason.step),
            }
            for reason in assessment.reasons
        ],
        "results": {
            name: {
                "value": encode_value(result.value),
                "because": _filled(result.because, definition, assessment),
                "title": dict(definition.results[name].title),
                "law": _law(result.law),
                "trace": _trace(result.step),
            }
            for name, result in assessment.results.items()
        },
        "fee": None
        if assessment.fee is None
        else {
            "value": encode_value(assessment.fee),
            "pay": definition.fee.pay if definition.fee else "none",
            "trace": _trace(assessment.fee_step),
        },
    }


def reasons(stored: Mapping[str, Any], language: str) -> tuple[ReasonView, ...]:
    """Return the stored reasons, those that do not hold first: they decided."""
    found = [
        ReasonView(
            text=each["text"],
            law=pick(each["law"], language),
            holds=each["holds"],
            trace=_step(each["trace"]),
        )
        for each in stored["reasons"]
    ]
    return tuple(sorted(found, key=lambda reason: reason.holds is True))


def results(
    stored: Mapping[str, Any], language: str, order: Iterable[str] = ()
) -> tuple[ResultView, ...]:
    """Return the stored results, worded for the reader.

    Parameters
    ----------
    order : names of the results as the definition has them; the database forgets it.
    """
    found = []
    kept = stored["results"]
    named = [name for name in order if name in kept]
    for name in [*named, *(name for name in kept if name not in named)]:
        each = kept[name]
        value = decode_value(each["value"])
        found.append(
            ResultView(
                name=name,
                title=each["title"],
                value=value,
                shown=display_value(value, language),
                because=each["because"],
                law=pick(each["law"], language),
                trace=_step(each["trace"]),
            )
        )
    return tuple(found)


def fee(stored: Mapping[str, Any]) -> Fee | None:
    """Return the stored fee."""
    if stored["fee"] is None:
        return None
    value = decode_value(stored["fee"]["value"])
    return Fee(value.amount, value.currency, stored["fee"]["pay"])


def decision_view(
    definition: Definition, decision: Decision, language: str, *, for_officer: bool
) -> DecisionView:
    """Return a decision as it was made; to residents the agency answers for its officers."""
    agency = definition.pack.agencies.get(definition.agency)
    office = pick(agency.title, language) if agency else definition.agency
    first = decision.decided_name if for_officer or decision.automatic else office
    second = decision.second_name if for_officer or not decision.second_by else office
    return DecisionView(
        id=decision.id,
        outcome=decision.outcome,
        state=decision.state,
        state_title=pinned.state_of(definition, decision.state).title,
        action=decision.action,
        reason=decision.reason,
        reasons=reasons(decision.explanation, language),
        results=results(decision.explanation, language, definition.results),
        fee=fee(decision.explanation),
        decided_at=decision.decided_at,
        decided_by=first,
        second_by=second,
        automatic=decision.automatic,
        evidence_revision=decision.evidence_revision,
        definition_hash=decision.definition_hash,
        pack_hash=decision.pack_hash,
    )


def _filled(text: Text, definition: Definition, assessment: Assessment) -> dict[str, str]:
    return {
        language: letters.fill(text, assessment.values, language, definition)
        for language in (text or {})
    }


def _law(law: Law | None) -> dict[str, str]:
    return dict(law.title) if law else {}


def _trace(step: Step | None) -> dict[str, Any] | None:
    return step.to_data() if step is not None else None


def _step(stored: Mapping[str, Any] | None) -> Step | None:
    return Step.from_data(stored) if stored is not None else None

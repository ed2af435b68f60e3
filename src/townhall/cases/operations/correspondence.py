"""The words of letters: the receipt of every case, and those that its definition declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from townhall.cases import models
from townhall.cases.engine import letter as letters
from townhall.cases.operations import explanations, moment, pinned, showing
from townhall.cases.operations.evidence import situation_of
from townhall.cases.views import ReasonView
from townhall.catalogue.engine import assessment
from townhall.catalogue.engine import letters as wording
from townhall.catalogue.engine.definition import Definition
from townhall.foundation.text import direction, formats, gettext, pick
from townhall.rules.engine.calendar import shift

RECEIPT = "receipt"


def labels(language: str) -> dict[str, str]:
    """Return the house's own words on a letter."""
    return {
        "page": gettext("Page", language),
        "number": gettext("Case", language),
        "rows": gettext("Details", language),
        "what": gettext("What", language),
        "value": gettext("Value", language),
        "reasons": gettext("Why", language),
        "verify": gettext("Anybody can check here that this letter is genuine:", language),
        "code": gettext("Code", language),
        "qr": gettext("QR code that opens the page where this letter can be checked", language),
    }


def receipt(
    definition: Definition, case: models.Case, application: models.Application
) -> letters.Contents:
    """Return the letter that says what was received, and what happens next."""
    language = case.language
    service = pick(definition.title, language)
    paragraphs = [
        gettext("We received your application for “%(service)s” on %(day)s.", language)
        % {"service": service, "day": formats.instant(case.received_at, language)},
        gettext("Please name the case number %(number)s whenever you write to us.", language)
        % {"number": case.number},
    ]
    if case.fee_amount is not None:
        paragraphs.append(
            gettext("The fee is %(fee)s.", language)
            % {"fee": formats.money(case.fee_amount, case.fee_currency, language)}
        )
    return letters.Contents(
        **_head(definition, case, application, case.received_at),
        title=gettext("We have received your application", language),
        paragraphs=tuple(paragraphs),
        rows=tuple(_rows(definition, application, language)),
        sections=tuple(_next(definition, case)),
    )


def declared(
    definition: Definition,
    case: models.Case,
    application: models.Application,
    kind: str,
    *,
    decision: models.Decision | None,
    now: datetime,
) -> letters.Contents:
    """Return a letter or certificate that the definition declares.

    Parameters
    ----------
    decision : the decision it tells of, None for a letter on the way.
    """
    language = case.language
    stored = decision.explanation if decision else None
    results = explanations.results(stored, language, definition.results) if stored else ()
    reasons = _telling(decision, language) if decision else ()
    row = definition.letters[kind]
    situation = situation_of(definition, application, case=case, decision=decision)
    values = assessment.assess(definition, situation, trace=False).values
    rendered = wording.render(row, values, language, definition)
    issued = decision.decided_at if decision else now
    certificate = row.kind == "certificate"
    valid_until = ""
    if row.valid_for is not None:
        day = shift(moment.day_of(issued), row.valid_for, definition.pack.calendar)
        valid_until = gettext("Valid until %(day)s.", language) % {
            "day": formats.date(day, language)
        }
    return letters.Contents(
        **_head(definition, case, application, issued),
        title=rendered.title,
        paragraphs=rendered.paragraphs,
        certificate=certificate,
        valid_until=valid_until,
        rows=()
        if certificate
        else tuple((pick(each.title, language), each.shown) for each in results if each.title),
        reasons=()
        if certificate
        else tuple(
            letters.Reason(pick(each.text, language), each.law)
            for each in reasons
            if pick(each.text, language)
        ),
        sections=() if certificate else tuple(_appeal(definition, case, issued)),
    )


def notice(
    definition: Definition,
    case: models.Case,
    application: models.Application,
    words: letters.Notice,
    *,
    now: datetime,
) -> letters.Contents:
    """Return the letter of what another room has to say about a case."""
    return letters.Contents(
        **_head(definition, case, application, now),
        title=words.title,
        paragraphs=words.paragraphs,
        rows=words.rows,
        reasons=words.reasons,
        sections=words.sections,
    )


def _telling(decision: models.Decision, language: str) -> tuple[ReasonView, ...]:
    """Return the reasons that the letter gives: those that speak for what was decided.

    A grant is explained by its results; for anything else, the lines that do not
    hold are the reasons. An officer who decided otherwise gave their own reason.
    """
    if not decision.automatic:
        return ()
    return tuple(
        each for each in explanations.reasons(decision.explanation, language) if each.holds is False
    )


def _head(
    definition: Definition, case: models.Case, application: models.Application, at: datetime
) -> dict[str, Any]:
    language = case.language
    agency = definition.pack.agencies.get(definition.agency)
    lines = (*agency.address, agency.email, agency.phone) if agency else ()
    name = (application.person or {}).get("name", "")
    return {
        "language": language,
        "direction": direction(language),
        "sender": letters.Sender(
            pick(agency.title, language) if agency else definition.agency,
            tuple(line for line in lines if line),
        ),
        "number": case.number,
        "day": formats.date(at, language),
        "recipient": (name, *_address(application.facts)) if name else (),
        "greeting": gettext("Dear %(name)s,", language) % {"name": name} if name else "",
    }


def _address(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the lines of the first address among the facts."""
    for fact in facts.values():
        value = fact.get("value")
        if isinstance(value, Mapping) and value.get("line1") and value.get("postcode"):
            parts = (value.get(part) for part in ("line1", "line2", "town", "postcode"))
            return tuple(str(part) for part in parts if part)
    return ()


def _rows(
    definition: Definition, application: models.Application, language: str
) -> Iterator[tuple[str, str]]:
    values = situation_of(definition, application).values(definition)
    for each in showing.answers(definition, application, values, language=language):
        shown = each.shown if isinstance(each.shown, str) else "; ".join(each.shown)
        if shown:
            yield pick(each.title, language), shown


def _next(definition: Definition, case: models.Case) -> Iterator[letters.Section]:
    language = case.language
    paragraphs = []
    state = pinned.state_of(definition, case.state)
    if not case.open:
        paragraphs.append(
            gettext("Your application has been decided. The decision is in a letter of its own.",
                    language)
        )  # fmt: skip
    else:
        if state.next:
            paragraphs.append(pick(state.next, language))
        if case.due is not None:
            paragraphs.append(
                gettext("You have our decision by %(day)s at the latest.", language)
                % {"day": formats.date(case.due, language)}
            )
    if paragraphs:
        yield letters.Section(gettext("What happens next", language), tuple(paragraphs))


def _appeal(
    definition: Definition, case: models.Case, decided_at: datetime
) -> Iterator[letters.Section]:
    appeal = pinned.state_of(definition, case.state).appeal
    if appeal is None:
        return
    language = case.language
    until = shift(moment.day_of(decided_at), appeal.within, definition.pack.calendar)
    yield letters.Section(
        gettext("If you do not agree", language),
        (
            gettext(
                "You can contest this decision until %(day)s. Open the case %(number)s on our"
                " website, or write to us.",
                language,
            )
            % {"day": formats.date(until, language), "number": case.number},
        ),
    )

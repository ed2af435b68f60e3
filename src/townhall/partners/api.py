"""The HTTP API, version 1: the catalogue for everybody, cases for partners with a token."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Path, Query, Status
from ninja.security import HttpBearer

from townhall import __version__
from townhall.cases import operations as cases
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import schema as format_schema
from townhall.foundation import text
from townhall.partners import limits, operations, problems, schemas

_limiter = limits.Limiter()
KEY = Path(pattern=r"^[a-z][a-z0-9-]{0,79}$")


class PartnerToken(HttpBearer):
    """`Authorization: Bearer th_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> operations.Caller:
        return operations.caller(secret=token)


def _with_words(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        return problems.not_allowed(request, response.get("Allow", ""))

    return answer


class DescribedApi(NinjaAPI):
    """An API whose description says what is true of every answer.

    The library describes each answer as `application/json`; ours to errors are
    `application/problem+json`. And it answers a method that an address does not take
    with an empty page; here it is a problem like any other.
    """

    @property
    def urls(self) -> tuple[list[Any], str, str]:
        patterns, application, namespace = super().urls
        for pattern in patterns:
            pattern.callback = _with_words(pattern.callback)
        return patterns, application, namespace

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        for path in schema["paths"].values():
            for operation in path.values():
                for code, answer in operation["responses"].items():
                    content = answer.get("content", {})
                    if int(code) >= 400 and "application/json" in content:
                        content["application/problem+json"] = content.pop("application/json")
        return schema


api = DescribedApi(
    title="Townhall",
    version="1",
    description=(
        "One API over the same operations as the pages. Look services up without a token; "
        "apply and follow your cases with one. Errors are problem+json (RFC 9457)."
    ),
    docs_url=None,
    openapi_extra={"info": {"x-townhall-version": __version__}},
    urls_namespace="api-1",
)
problems.install(api)

_NOT_FOUND = {404: problems.Problem, 422: problems.Problem, 400: problems.Problem}
_SIGNED = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), problems.Problem)


@api.get("/services", response={200: schemas.ServiceListOut, **_NOT_FOUND}, tags=["Catalogue"])
def list_services(
    request: HttpRequest, q: str = Query("", max_length=200)
) -> dict[str, list[schemas.ServiceOut]]:
    """List the services on offer, or those that fit the words in `q`."""
    language = text.current_language()
    found = catalogue.search(q, language) if q.strip() else catalogue.services(language)
    return {"items": [_card(card) for card in found]}


@api.get(
    "/services/{key}", response={200: schemas.ServiceDetailOut, **_NOT_FOUND}, tags=["Catalogue"]
)
def get_service(request: HttpRequest, key: str = KEY) -> dict[str, Any]:
    """Describe one service: its version in force, and the schema of its answers."""
    definition = catalogue.live(key)
    card = next(c for c in catalogue.services(text.current_language()) if c.key == key)
    return {
        **_card(card).dict(),
        "version": str(definition.version),
        "definition": definition.hash,
        "answers_schema": format_schema.answers_schema(definition),
    }


@api.post(
    "/services/{key}/applications",
    response={201: schemas.CaseOut, **_SIGNED},
    auth=PartnerToken(),
    tags=["Cases"],
)
def submit_application(
    request: HttpRequest,
    body: schemas.ApplicationIn,
    key: str = KEY,
    idempotency_key: str = Header(alias="Idempotency-Key", min_length=8, max_length=200),
) -> HttpResponse | Status[schemas.CaseOut]:
    """Apply. Exactly one case comes of one `Idempotency-Key`, however often it is sent."""
    caller: operations.Caller = request.auth  # type: ignore[attr-defined]
    if refused := _limited(caller):
        return refused
    scope = "apply-for-person" if body.person else "apply"
    if not caller.may(scope, key):
        return problems.response(
            403, "scope", f"This token does not have the scope {scope!r} for {key!r}."
        )
    case = cases.submit_application(
        acting=caller.acting(person_id=body.person, language=text.current_language()),
        service_key=key,
        answers=body.answers,
        idempotency_key=idempotency_key,
        person_id=body.person,
    )
    return Status(201, _case(case))


@api.get(
    "/cases", response={200: schemas.CaseListOut, **_SIGNED}, auth=PartnerToken(), tags=["Cases"]
)
def list_cases(
    request: HttpRequest,
    after: UUID | None = None,
    limit: int = Query(50, ge=1, le=200),
) -> HttpResponse | dict[str, Any]:
    """List the cases that this partner submitted, newest first."""
    caller: operations.Caller = request.auth  # type: ignore[attr-defined]
    if refused := _limited(caller):
        return refused
    rows = cases.submitted_by_program(
        acting=caller.acting(person_id=None, language=text.current_language()),
        after=after,
        limit=limit + 1,
    )
    more = len(rows) > limit
    return {
        "items": [_case(row) for row in rows[:limit]],
        "after": str(rows[limit - 1].id) if more else None,
    }


@api.get(
    "/cases/{case_id}",
    response={200: schemas.CaseOut, **_SIGNED},
    auth=PartnerToken(),
    tags=["Cases"],
)
def get_case(request: HttpRequest, case_id: UUID) -> HttpResponse | schemas.CaseOut:
    """Tell where a case stands, when it is due, and whether its clock is paused."""
    caller: operations.Caller = request.auth  # type: ignore[attr-defined]
    return _limited(caller) or _case(_own(caller, case_id))


@api.get(
    "/cases/{case_id}/decision",
    response={200: schemas.DecisionOut, **_SIGNED},
    auth=PartnerToken(),
    tags=["Cases"],
)
def get_decision(request: HttpRequest, case_id: UUID) -> HttpResponse | dict[str, Any]:
    """Return the decision with its reasons; 404 while there is none."""
    caller: operations.Caller = request.auth  # type: ignore[attr-defined]
    if refused := _limited(caller):
        return refused
    decision = _own(caller, case_id).decision
    if decision is None:
        return problems.response(404, "no-decision", "This case has not been decided yet.")
    return _decision(decision)


def _own(caller: operations.Caller, case_id: UUID) -> Any:
    acting = caller.acting(person_id=None, language=text.current_language())
    return cases.case_of_program(acting=acting, case_id=case_id)


def _limited(caller: operations.Caller) -> HttpResponse | None:
    seconds = _limiter.wait(caller.partner)
    if not seconds:
        return None
    return problems.response(
        429,
        "too-many-requests",
        "Too many requests from this partner. Wait, then go on.",
        headers={"Retry-After": str(math.ceil(seconds))},
    )


def _card(card: Any) -> schemas.ServiceOut:
    language = text.current_language()
    return schemas.ServiceOut(
        key=card.key,
        title=text.pick(card.title, language),
        summary=text.pick(card.summary, language),
        agency=card.agency,
        life_events=list(card.events),
        guidance=card.guidance,
        sign_in=card.login,
    )


def _case(case: Any) -> schemas.CaseOut:
    fee = case.fee
    return schemas.CaseOut(
        id=case.id,
        number=case.number,
        service=case.service_key,
        definition=case.definition.hash,
        state=case.state,
        state_title=text.pick(case.state_title, text.current_language()),
        open=case.open,
        outcome=case.outcome,
        received_at=case.received_at,
        closed_at=case.closed_at,
        due=schemas.DueOut(
            on=case.due.on, overdue=case.due.overdue, paused_since=case.due.paused_since
        ),
        fee=schemas.FeeOut(amount=str(fee.amount), currency=fee.currency, pay=fee.pay)
        if fee
        else None,
    )


def _decision(decision: Any) -> dict[str, Any]:
    language = text.current_language()
    return {
        "id": decision.id,
        "outcome": decision.outcome,
        "action": decision.action,
        "reason": decision.reason,
        "reasons": [
            {"text": text.pick(r.text, language), "law": r.law, "holds": r.holds}
            for r in decision.reasons
        ],
        "results": [
            {
                "name": r.name,
                "title": text.pick(r.title, language),
                "value": r.shown,
                "because": text.pick(r.because, language),
                "law": r.law,
            }
            for r in decision.results
        ],
        "decided_at": decision.decided_at,
        "automatic": decision.automatic,
        "definition": decision.definition_hash,
        "rules": decision.pack_hash,
    }

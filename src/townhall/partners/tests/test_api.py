"""What a partner's program can do, and what it is told when it cannot."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from townhall.foundation.acting import SYSTEM
from townhall.partners import api, limits, models, operations

REPORT = {
    "category": "pothole",
    "danger": False,
    "spot": {"words": "Outside 14 Weaver Street"},
    "description": "Deep enough for a wheel.",
}
PATH = "/api/v1/services/street-problem/applications"


def send(
    client: Client, answers: Any = None, *, key: str = "report-0001", path: str = PATH, **more: Any
) -> Any:
    body = {"answers": REPORT if answers is None else answers, **more}
    return client.post(path, json.dumps(body), "application/json", headers={"Idempotency-Key": key})


def test_anybody_reads_the_catalogue(client: Client, services: None) -> None:
    listed = client.get("/api/v1/services").json()["items"]
    assert {"street-problem", "child-benefit"} <= {each["key"] for each in listed}
    one = client.get("/api/v1/services/street-problem").json()
    assert one["title"] == "Report a street problem"
    assert one["sign_in"] == "none"
    assert "category" in one["answers_schema"]["properties"]
    welsh = client.get("/api/v1/services/street-problem", headers={"Accept-Language": "cy"}).json()
    assert welsh["title"] != one["title"]


def test_search_in_a_residents_own_words(client: Client, services: None) -> None:
    found = client.get("/api/v1/services", {"q": "hole in the road"}).json()["items"]
    assert found[0]["key"] == "street-problem"


def test_a_report_becomes_a_case_that_its_partner_can_follow(partner: Client) -> None:
    answer = send(partner)
    assert answer.status_code == 201, answer.content
    case = answer.json()
    assert case["open"] is True
    assert case["number"]
    assert case["due"]["on"] > case["received_at"][:10]
    again = partner.get(f"/api/v1/cases/{case['id']}").json()
    assert again == case
    assert [each["id"] for each in partner.get("/api/v1/cases").json()["items"]] == [case["id"]]
    undecided = partner.get(f"/api/v1/cases/{case['id']}/decision")
    assert undecided.status_code == 404
    assert undecided.json()["type"].endswith("no-decision")


def test_a_retry_gives_the_first_answer_again(partner: Client) -> None:
    first, second = send(partner).json(), send(partner)
    assert second.status_code == 201
    assert second.json()["id"] == first["id"]
    other = send(partner, {**REPORT, "category": "graffiti"})
    assert other.status_code == 409
    assert other["Content-Type"] == "application/problem+json"
    assert len(partner.get("/api/v1/cases").json()["items"]) == 1


def test_another_partner_sees_nothing_of_it(partner: Client, token: str) -> None:
    case = send(partner).json()
    issued = operations.issue_token(acting=SYSTEM, partner="curious", name="Curious")
    partner.defaults["HTTP_AUTHORIZATION"] = f"Bearer {issued.secret}"
    assert partner.get(f"/api/v1/cases/{case['id']}").status_code == 404
    assert partner.get(f"/api/v1/cases/{case['id']}/decision").status_code == 404
    assert partner.get("/api/v1/cases").json()["items"] == []


def test_the_list_is_paged_by_key(partner: Client) -> None:
    made = [send(partner, key=f"report-{n:04}").json()["id"] for n in range(5)]
    seen, after = [], None
    while True:
        query = {"limit": 2} | ({"after": after} if after else {})
        page = partner.get("/api/v1/cases", query).json()
        seen += [each["id"] for each in page["items"]]
        after = page["after"]
        if after is None:
            break
    assert seen == made[::-1]


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ({}, "/answers/category"),
        ({**REPORT, "category": "dragon"}, "/answers/category"),
        ({**REPORT, "spot": "somewhere"}, "/answers/spot"),
        ({**REPORT, "danger": "perhaps"}, "/answers/danger"),
        ({**REPORT, "colour": "red"}, "/answers/colour"),
        ({**REPORT, "description": "x" * 1001}, "/answers/description"),
    ],
)
def test_every_wrong_answer_is_named(partner: Client, answers: Any, pointer: str) -> None:
    answer = send(partner, answers)
    assert answer.status_code == 422, answer.content
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert all(each["detail"] for each in answer.json()["errors"])
    assert partner.get("/api/v1/cases").json()["items"] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Choose one of the answers given."), ("cy", "Dewiswch un o'r atebion a roddir.")],
)
def test_what_is_wrong_is_said_in_the_callers_language(
    partner: Client, language: str, said: str
) -> None:
    partner.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    errors = send(partner, {**REPORT, "category": "dragon"}).json()["errors"]
    assert errors == [{"pointer": "/answers/category", "detail": said}]


def test_an_address_that_is_not_there_is_a_problem_too(client: Client, services: None) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800"])
def test_text_that_no_database_takes_is_refused(partner: Client, bad: str) -> None:
    answer = send(partner, {**REPORT, "description": bad})
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer th_guess", "Basic dGg6dGg="])
def test_without_a_good_token_nothing_is_said(client: Client, services: None, header: str) -> None:
    client.defaults["HTTP_AUTHORIZATION"] = header
    for answer in (
        send(client),
        client.get("/api/v1/cases"),
        client.get(f"/api/v1/cases/{uuid.uuid4()}"),
    ):
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"


def test_an_expired_or_revoked_token_is_like_an_unknown_one(partner: Client) -> None:
    token = models.Token.objects.get()
    models.Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    expired = partner.get("/api/v1/cases")
    models.Token.objects.update(expires_at=timezone.now() + timedelta(days=1))
    operations.revoke_token(token_id=token.id)
    revoked = partner.get("/api/v1/cases")
    assert expired.status_code == revoked.status_code == 401
    assert expired.json() == revoked.json()


def test_a_token_goes_no_further_than_its_services_and_scopes(
    client: Client, services: None
) -> None:
    issued = operations.issue_token(
        acting=SYSTEM, partner="streets-app", name="Streets app", services=("street-problem",)
    )
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {issued.secret}"
    assert send(client).status_code == 201
    elsewhere = send(client, {}, path="/api/v1/services/resident-permit/applications")
    assert elsewhere.status_code == 403
    for_somebody = send(client, key="report-0002", person=str(uuid.uuid4()))
    assert for_somebody.status_code == 403
    assert for_somebody.json()["type"].endswith("scope")


def test_a_service_that_must_know_the_person_says_so(partner: Client) -> None:
    answer = send(partner, {}, path="/api/v1/services/child-benefit/applications")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("needs-person")


def test_guidance_and_unknown_services_take_no_applications(partner: Client) -> None:
    assert send(partner, {}, path="/api/v1/services/nothing/applications").status_code == 404
    guidance = send(partner, {}, path="/api/v1/services/towing-rules/applications")
    assert guidance.status_code in (403, 404)


def test_a_method_that_an_address_does_not_take_is_a_problem_that_names_the_others(
    partner: Client,
) -> None:
    answer = partner.delete("/api/v1/cases")
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "Use GET."


def test_too_many_requests_are_told_when_to_come_back(
    partner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "_limiter", limits.Limiter(rate=0.1, burst=2))
    codes = [partner.get("/api/v1/cases").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert 0 < int(partner.get("/api/v1/cases")["Retry-After"]) <= 20


def test_only_the_hash_of_a_token_is_kept(token: str) -> None:
    kept = models.Token.objects.values().get()
    assert token not in repr(kept)
    assert token.removeprefix("th_") not in repr(kept)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"partner": "Wrenford Housing"}, "small letters"),
        ({"scopes": ("everything",)}, "no scope 'everything'"),
        ({"services": ("nothing",)}, "no service 'nothing'"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(services: None, wrong: Any, said: str) -> None:
    with pytest.raises(operations.PartnerError, match=said):
        operations.issue_token(**{"acting": SYSTEM, "partner": "wrenford", "name": "W", **wrong})
    assert models.Token.objects.count() == 0

"""Ids, headers, languages and probes of every answer."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from uuid import uuid4

import pytest
import structlog
from django.test import Client, RequestFactory

from townhall.foundation import jobs, settings
from townhall.foundation.acting import Acting
from townhall.foundation.web import access, headers, probes


def test_every_answer_has_an_id(site: Client) -> None:
    one, two = site.get("/echo"), site.get("/echo")
    assert one["X-Request-ID"] != two["X-Request-ID"]
    assert site.get("/echo", headers={"X-Request-ID": "from-proxy-1"})["X-Request-ID"] == (
        "from-proxy-1"
    )
    for forged in ("x", "a b c d e f g h", "x" * 65, 'x";drop=1', "line\\nline"):
        assert site.get("/echo", headers={"X-Request-ID": forged})["X-Request-ID"] != forged
    assert "X-Request-ID" in site.get("/nowhere")
    assert "X-Request-ID" in site.get("/fail")


def test_the_policy_allows_only_what_this_answer_named(site: Client) -> None:
    one, two = (site.get("/echo")["Content-Security-Policy"] for _ in range(2))
    nonces = [re.findall(r"'nonce-([^']+)'", policy) for policy in (one, two)]
    assert len(set(nonces[0])) == 1
    assert nonces[0] != nonces[1]
    assert "unsafe" not in one
    assert "default-src 'none'" in one
    assert "frame-ancestors 'none'" in one
    assert "form-action 'self'" in one
    for name in (
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Permissions-Policy",
        "X-Frame-Options",
        "Cross-Origin-Opener-Policy",
    ):
        assert name in site.get("/nowhere"), name


def test_pages_may_connect_to_the_live_channel(site: Client, monkeypatch) -> None:
    assert "connect-src 'self';" in site.get("/echo")["Content-Security-Policy"]
    monkeypatch.setenv("TOWNHALL_LIVE_PORT", "8001")
    for host, origin in (
        ("localhost:8000", "http://localhost:8001"),
        ("[::1]:8000", "http://[::1]:8001"),
        ("evil; script-src *", "http://127.0.0.1:8001"),
    ):
        request = RequestFactory().get("/", headers={"Host": host})
        assert f"connect-src 'self' {origin};" in headers.policy(request, "n")
    own = replace(settings.current(), live_url="https://live.town.example")
    monkeypatch.setattr(settings, "current", lambda: own)
    assert "connect-src 'self' https://live.town.example;" in headers.policy(request, "n")


@pytest.mark.django_db
def test_what_is_private_is_not_stored(site: Client) -> None:
    assert site.get("/echo")["Cache-Control"] == "no-cache"
    assert site.get("/own")["Cache-Control"] == "public, max-age=60"
    assert site.get("/own")["Content-Security-Policy"] == "sandbox"
    assert site.get("/echo", headers={"Authorization": "Bearer x"})["Cache-Control"] == "no-store"
    assert site.get("/in")["Cache-Control"] == "no-store"
    for address in ("/echo", "/own", "/nowhere", "/fail", "/healthz"):
        answer = site.get(address)
        assert answer["Cache-Control"] == "no-store", address
        assert "Cookie" in answer["Vary"]
    assert site.get("/static/x.css")["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("cookie", "header", "spoken"),
    [
        (None, None, "en"),
        (None, "cy", "cy"),
        (None, "cy-GB,en;q=0.8", "cy"),
        (None, "fr-FR, de;q=0.9, cy;q=0.2", "cy"),
        (None, "fr", "en"),
        (None, "*", "en"),
        (None, "x" * 5_000, "en"),
        (None, "cy;q=nonsense", "en"),
        ("cy", "en", "cy"),
        ("en", "cy", "en"),
        ("fr", "cy", "cy"),
        ("../../etc", None, "en"),
    ],
)
def test_what_is_spoken(site: Client, cookie: str | None, header: str | None, spoken: str) -> None:
    if cookie:
        site.cookies["django_language"] = cookie
    answer = site.get("/speak", headers={"Accept-Language": header} if header else {})
    assert answer.content.decode() == spoken
    assert answer["Content-Language"] == spoken
    assert "Accept-Language" in answer["Vary"]


def test_the_language_of_the_account() -> None:
    from townhall.foundation.web.language import LanguageMiddleware

    spoken = []

    def page(request):
        from django.http import HttpResponse

        spoken.append(request.LANGUAGE_CODE)
        return HttpResponse()

    class User:
        language = "cy"

    middleware = LanguageMiddleware(page)
    for cookies, user in (({"sessionid": "x"}, User()), ({}, User()), ({"sessionid": "x"}, None)):
        request = RequestFactory().get("/")
        request.COOKIES.update(cookies)
        if user:
            request.user = user
        middleware(request)
    assert spoken == ["cy", "en", "en"]


def test_the_log_tells_what_happened_but_not_what_people_wrote(site: Client) -> None:
    thing = uuid4()
    with structlog.testing.capture_logs() as lines:
        site.get(f"/thing/{thing}?q=my+secret+illness")
        site.get("/echo/my-secret-illness")
        site.get("/my-secret-illness")
        site.get("/healthz")
    assert "illness" not in str(lines)
    found = [(line["route"], line["status"]) for line in lines if line["event"] == "request"]
    assert found == [("/thing/<uuid:thing>", 200), ("/echo/<path:word>", 200), (None, 404)]
    assert lines[0]["thing"] == str(thing)


def test_a_person_appears_in_the_log_by_pseudonym() -> None:
    from django.http import HttpResponse

    who = uuid4()
    request = RequestFactory().get("/")
    request.acting = Acting(actor=f"person:{who}", person_id=who, name="Ann Other")
    facts = access._facts(request, HttpResponse(), 0.01)
    assert str(who) not in json.dumps(facts)
    assert "Ann" not in json.dumps(facts)
    assert facts["person"] == access.pseudonym(who)
    assert facts["actor"] == "person"


def test_the_log_does_not_ask_who_it_was() -> None:
    from django.http import HttpResponse
    from django.utils.functional import SimpleLazyObject

    request = RequestFactory().get("/")
    request.acting = SimpleLazyObject(lambda: pytest.fail("asked the database for a log line"))
    assert "actor" not in access._facts(request, HttpResponse(), 0.01)


def test_alive_without_a_database(site: Client) -> None:
    assert site.get("/healthz").content == b"ok\n"
    assert site.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_ready(site: Client) -> None:
    answer = site.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database": "ok", "migrations": "ok", "queue": "ok"},
    }


@pytest.mark.django_db
def test_not_ready_when_background_work_is_not_done(site: Client) -> None:
    from django.db import connection

    jobs.enqueue("foundation.ping", args={"mark": "x"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_job SET run_at = now() - interval '6 minutes'")
    answer = site.get("/readyz")
    assert answer.status_code == 503
    assert "does a worker run?" in answer.json()["checks"]["queue"]


@pytest.mark.django_db
def test_not_ready_when_tables_do_not_fit(site: Client, monkeypatch) -> None:
    from django.db import connection

    monkeypatch.setattr(probes, "_migrated", False)
    from django.db.migrations.recorder import MigrationRecorder

    applied = MigrationRecorder.applied_migrations

    def without_one(self):
        found = dict(applied(self))
        found.pop(("foundation", "0001_foundation"))
        return found

    assert connection.vendor == "postgresql"
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", without_one)
    answer = site.get("/readyz")
    assert answer.status_code == 503
    assert "townhall prepare" in answer.json()["checks"]["migrations"]


@pytest.mark.django_db
def test_not_ready_when_the_database_does_not_answer(site: Client, monkeypatch) -> None:
    from django.db import OperationalError

    def broken() -> str:
        raise OperationalError("secret details of the connection")

    monkeypatch.setattr(probes, "_database", broken)
    answer = site.get("/readyz")
    assert answer.status_code == 503
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_figures_for_this_machine_only(site: Client) -> None:
    jobs.enqueue("foundation.ping", args={"mark": "x"})
    text = site.get("/metrics").content.decode()
    assert 'townhall_jobs{queue="default",state="ready"} 1.0' in text
    assert 'townhall_jobs_oldest_seconds{queue="default"}' in text
    assert "townhall_database_bytes" in text
    for elsewhere in (
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
    ):
        assert site.get("/metrics", **elsewhere).status_code == 403

"""The measuring process of `benchmarks.cases`; prints one JSON line a figure."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import re
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from benchmarks import measuring  # noqa: E402
from townhall.cases import operations as cases  # noqa: E402
from townhall.cases.views import WorklistFilters  # noqa: E402
from townhall.catalogue import operations as catalogue  # noqa: E402
from townhall.foundation import jobs  # noqa: E402
from townhall.foundation.acting import SYSTEM, Acting  # noqa: E402
from townhall.foundation.supervisor import serving  # noqa: E402
from townhall.registers import operations as registers  # noqa: E402
from townhall.wsgi import application  # noqa: E402

TODAY = date.today
PERSONS = 400
MILLION = int(os.environ.get("TOWNHALL_BENCHMARK_CASES", "1000000"))
TYPES = 170
LOOKS = 300

Figure = dict[str, Any]


def say(figure: Figure) -> None:
    """Hand a figure to the caller."""
    print(json.dumps(figure), flush=True)


def figure(name: str, value: float, unit: str, peer: float, how: str) -> Figure:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "peer": peer,
        "ratio": round(value / peer, 4),
        "how": how,
    }


def prepare() -> list[uuid.UUID]:
    """Make the house, its services, and persons whom the registers know."""
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections["owner"].close()
    catalogue.load_packs()
    persons = [uuid.uuid4() for _ in range(PERSONS)]
    facts = []
    for number, person in enumerate(persons):
        address = {
            "line1": f"{number} Weaver Street", "line2": "", "town": "Wrenford",
            "postcode": "WX1 2AB", "zone": "A", "uprn": str(number), "lat": "50.5", "lon": "-2.9",
        }  # fmt: skip
        child = {
            "person": str(uuid.uuid4()), "name": "Lowri", "date_of_birth": "2020-05-01",
            "lives_with": True,
        }  # fmt: skip
        known = {
            "address": address,
            "name": f"Person {number}",
            "date_of_birth": "1990-01-01",
            "children": [child],
        }
        for kind, value in known.items():
            facts.append(
                registers.NewFact("population", str(person), person, kind, value, date(2020, 1, 1))
            )
        facts.append(
            registers.NewFact(
                "income", str(person), person, "adjusted_net_income", "30000.00", date(2020, 1, 1)
            )
        )
    for begin in range(0, len(facts), 500):
        registers.record_many(SYSTEM, facts=facts[begin : begin + 500])
    return persons


class Browser:
    """A client that calls the WSGI application directly: what it costs is the server's work."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}
        self.sent = 0

    def follow(
        self, method: str, path: str, form: dict[str, Any] | None = None
    ) -> tuple[str, bytes]:
        """Send a form (or fetch a page) and follow where it leads; return address and page."""
        body, kind = b"", ""
        if form is not None:
            page = form.pop("csrf")
            token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            asked = re.findall(rb'name="_asked" value="([^"]+)"', page)
            version = re.search(rb'name="seen_version" value="([0-9]+)"', page)
            fields = [*form.items(), *(("_asked", name.decode()) for name in asked)]
            if token:
                fields.append(("csrfmiddlewaretoken", token[1].decode()))
            if version:
                fields.append(("seen_version", version[1].decode()))
            body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        status, content, headers = self.request(method, path, body, kind)
        while status in (301, 302, 303):
            path = headers["location"]
            status, content, headers = self.request("GET", path)
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status} {content[:1500]!r}")
        return path, content

    def request(
        self, method: str, path: str, body: bytes = b"", kind: str = "", **headers: str
    ) -> tuple[int, bytes, dict[str, str]]:
        self.sent += 1
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": kind,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        answered: dict[str, Any] = {}

        def start(status: str, found: list[tuple[str, str]], _: Any = None) -> None:
            answered["status"], answered["headers"] = int(status[:3]), found

        result = application(environ, start)
        content = b"".join(result)
        close = getattr(result, "close", None)
        if close:
            close()
        for name, value in answered["headers"]:
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
        return answered["status"], content, {n.lower(): v for n, v in answered["headers"]}


def api(persons: list[uuid.UUID]) -> Iterable[Figure]:
    """Yield what a case costs that a program files."""
    from townhall.partners import limits
    from townhall.partners import operations as partners

    limits.RATE = limits.BURST = 1e9
    import townhall.partners.api as api_module

    api_module._limiter = limits.Limiter(1e9, 1e9)
    issued = partners.issue_token(
        acting=SYSTEM, partner="bench", name="Bench", scopes=("apply", "apply-for-person")
    )
    browser = Browser()
    body = json.dumps(
        {"answers": {"same_children": "yes", "sort_code": "089999", "account": "66374958"}}
    )

    def one(number: int) -> None:
        person = persons[number % len(persons)]
        sent = json.dumps({**json.loads(body), "person": str(person)}).encode()
        status, content, _ = browser.request(
            "POST",
            "/api/v1/services/child-benefit/applications",
            sent,
            "application/json",
            authorization=f"Bearer {issued.secret}",
            idempotency_key=str(uuid.uuid4()),
        )
        if status != 201:
            raise RuntimeError(f"{status} {content[:500]!r}")

    for number in range(40):
        one(number)
    with measuring.statements() as sql:
        one(1)
    own, database = measuring.cpu_ms(one, 100)
    yield figure(
        "case_create_cpu_ms", own + database, "ms", 80.0,
        f"POST of a Child Benefit claim decided by rule: token, two registers read with journal, "
        f"validation, case, application, decision, deadline, events, jobs; web {own:.2f} + "
        f"PostgreSQL {database:.2f}, median of 5 runs of 100; peer: Open Zaak 1.30 POST case, "
        "80 to 110 ms",
    )  # fmt: skip
    work = [each for each in sql if each.split(" ")[0] not in ("BEGIN", "COMMIT")]
    yield figure(
        "case_create_sql", len(sql), "statements", 31.0,
        f"the same request, BEGIN and COMMIT included ({len(work)} without); peer: Open Zaak, "
        "31 without transaction statements",
    )  # fmt: skip
    for each in sql if os.environ.get("TOWNHALL_BENCHMARK_SQL") else ():
        print("#", " ".join(each.split())[:150], file=sys.stderr)


def million() -> int:
    """Fill the table of cases as the owner, over 170 services; return how many."""
    digest = catalogue.live("resident-permit").hash
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no relations to check
        cursor.execute(
            """
            INSERT INTO cases_case (id, person_id, service_no, number, definition_hash, state,
                state_seq, return_state, open, due, task_due, extended, claimed_by, claimed_name,
                waits_for_second, auto_tries, channel, language, fee_currency, evidence_revision,
                actor, received_at, received_on, state_at, state_on, topic)
            SELECT gen_random_uuid(), gen_random_uuid(), 1 + n %% %s,
                'BENC-2026-' || lpad(n::text, 7, '0'), %s,
                CASE n %% 5 WHEN 0 THEN 'waiting_citizen' ELSE 'review' END, 2, '', true,
                current_date + (random() * 90 - 20)::int, current_date + (random() * 60 - 20)::int,
                0, CASE WHEN n %% 9 = 0 THEN 'officer:' || n %% 500 ELSE '' END, '', false, 0,
                'web', 'en', '', 1, 'person:x', now(), current_date, now(), current_date, ''
            FROM generate_series(1, %s) AS n
            """,
            [TYPES, digest, MILLION],
        )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE cases_case")
    return MILLION


def worklist() -> Iterable[Figure]:
    """Yield how long an officer with 170 services waits for a page of the worklist."""
    rows = million()
    clerk = Acting(
        actor="officer:7", roles=frozenset({"permits.officer"}), agency="transport",
        services=tuple(range(1, TYPES + 1)),
    )  # fmt: skip
    chance = random.Random(7)
    filters = [
        WorklistFilters(),
        WorklistFilters(overdue=True),
        WorklistFilters(claim="mine"),
        WorklistFilters(claim="unclaimed"),
        WorklistFilters(state="waiting_citizen"),
        WorklistFilters(number="BENC-2026-01234"),
    ]
    waits: dict[int, list[float]] = {number: [] for number in range(len(filters))}
    after: str | None = None
    for _ in range(20):
        cases.worklist(clerk)
    with measuring.statements() as sql:
        after = cases.worklist(clerk).after
    for _ in range(LOOKS):
        chosen = chance.randrange(len(filters))
        begun = time.perf_counter()
        cases.worklist(
            clerk, filters=filters[chosen], after=after if chance.random() < 0.3 else None
        )
        waits[chosen].append((time.perf_counter() - begun) * 1_000)
    everything = sorted(wait for each in waits.values() for wait in each)
    own, database = measuring.cpu_ms(lambda _: cases.worklist(clerk), 20)
    medians = ", ".join(f"{statistics.median(each):.1f}" for each in waits.values())
    yield figure(
        "worklist_p95_ms", everything[int(len(everything) * 0.95)], "ms", 2_000.0,
        f"{LOOKS} pages of 25 for an officer with {TYPES} services over {rows} open cases, "
        f"row-level security on, six kinds of filter, a third of them later pages; medians by "
        f"filter (none, overdue, mine, unclaimed, state, number): {medians} ms; CPU of the first "
        f"page {own:.1f} + {database:.1f} ms; peer: Open Zaak, 2 to 9 s at 62,000 cases",
    )  # fmt: skip
    work = [each for each in sql if each.split(" ")[0] not in ("BEGIN", "COMMIT")]
    yield figure(
        "worklist_sql", len(work), "statements", 1_400.0,
        f"one page; with BEGIN and COMMIT {len(sql)}; peer: Open Zaak, 1,400 at 170 types",
    )  # fmt: skip


def sign_in(person: uuid.UUID) -> Browser:
    """Return the browser of a person with an account and a running session."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from townhall.identity.backends import PATH
    from townhall.identity.models import Account

    account = Account.objects.open(
        email=f"{person}@bench.example", display_name="Bench", person_id=person, proofing="high"
    )
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = PATH
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "password"}]
    session.save()
    browser = Browser()
    browser.cookies["sessionid"] = session.session_key
    return browser


def submission(browser: Browser) -> None:
    """Apply through the pages as a browser does: each form is fetched, filled and sent."""
    answers = (
        {"subject": "A lamp", "kind": "one"},
        {"since.day": "2", "since.month": "1", "since.year": "2026", "more": "It is dark."},
        {},
    )
    _, page = browser.follow("GET", "/services/two-pages")
    where, page = browser.follow("POST", "/services/two-pages/start", {"csrf": page})
    for filled in answers:
        action = where if filled else where.removesuffix("/check") + "/submit"
        where, page = browser.follow("POST", action, {"csrf": page, **filled})
    if b"BORO-" not in page:
        raise RuntimeError(f"nothing was submitted: {where} {page[:2000]!r}")


def pages(persons: list[uuid.UUID]) -> Iterable[Figure]:
    """Yield what the pages cost: a whole submission with its receipt, and one long form."""
    for path in sorted((Path(__file__).parent / "services").glob("*.yaml")):
        catalogue.publish(text=path.read_text("utf-8"), filename=path.name, acting=SYSTEM)
    browsers = [sign_in(person) for person in persons[:20]]

    def whole(number: int) -> None:
        submission(browsers[number % len(browsers)])
        if not jobs.run_due(strict=True):
            raise RuntimeError("a submission promises its receipt, and no job was due")

    while jobs.run_due(strict=True):
        pass  # what other measurements left
    for number in range(10):
        whole(number)
    browsers[0].sent = 0
    with measuring.statements() as sql:
        submission(browsers[0])
    requests = browsers[0].sent
    own, database = measuring.cpu_ms(whole, 20)
    own_pages, _ = measuring.cpu_ms(lambda n: submission(browsers[n % 20]), 20)
    work = [each for each in sql if each.split(" ")[0] not in ("BEGIN", "COMMIT")]
    yield figure(
        "submission_cpu_ms", own + database, "ms", 840.0,
        f"two pages with four fields and two register facts, from the service page to the page "
        f"that confirms: {requests} requests, {len(work)} statements ({len(sql)} with BEGIN and "
        f"COMMIT), then the worker's receipt as PDF/A-2a; pages {own_pages:.1f} + worker "
        f"{own - own_pages:.1f} + PostgreSQL {database:.1f}, median of 5 runs of 20; peer: Open "
        "Forms, 840 to 1,050 ms, 10 calls, 240 SELECT",
    )  # fmt: skip
    browser = browsers[0]
    where, _ = browser.follow("GET", "/services/twenty-fields")
    _, start = browser.follow("GET", where)
    where, page = browser.follow("POST", "/services/twenty-fields/start", {"csrf": start})
    for _ in range(10):
        browser.request("GET", where)
    own, database = measuring.cpu_ms(lambda _: browser.request("GET", where), 60)
    yield figure(
        "form_page_cpu_ms", own + database, "ms", 48.0,
        f"GET of a page of 20 fields, ten types, signed in, its draft read under row-level "
        f"security, no JavaScript needed; web {own:.2f} + PostgreSQL {database:.2f}, median of 5 "
        "runs of 60; peer: Open Forms, 14 + 34 ms for the shell and the form as JSON",
    )  # fmt: skip
    packed = gzip.compress(page, 6)
    yield figure(
        "form_page_kb", len(packed) / 1_000, "kB", 30.0,
        f"the same page as transferred (gzip), style sheet cached; {len(page) / 1_000:.1f} kB "
        "unpacked; peer: the limit of notes, 30 kB",
    )  # fmt: skip


MEASURES: dict[str, Callable[[list[uuid.UUID]], Iterable[Figure]]] = {
    "api": api,
    "pages": pages,
    "worklist": lambda _: worklist(),
}


def main(wanted: list[str]) -> None:
    persons = prepare()
    serving.settle()  # as the web process and the worker do
    for name, measure in MEASURES.items():
        if not wanted or name in wanted:
            for each in measure(persons):
                say(each)


if __name__ == "__main__":
    main(sys.argv[1:])

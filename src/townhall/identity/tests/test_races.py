"""Two or more at once: of what may happen once, one wins."""

from __future__ import annotations

import threading
import uuid

import psycopg
from allauth.mfa.models import Authenticator
from django.db import connections
from django.test import Client

PASSWORD = "otter lantern gravel nine"


def test_of_two_sign_ups_at_once_with_one_address_one_wins(
    committed_db: object, owner: psycopg.Connection
) -> None:
    statuses: list[int] = []
    start = threading.Barrier(6)

    def sign_up() -> None:
        client = Client()
        start.wait()
        answer = client.post(
            "/account/signup/",
            {"name": "Mair", "email": "mair@example.org", "password1": PASSWORD},
            REMOTE_ADDR=f"10.1.1.{uuid.uuid4().int % 250}",
        )
        statuses.append(answer.status_code)
        connections.close_all()

    people = [threading.Thread(target=sign_up) for _ in range(6)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(statuses) == [302, 422, 422, 422, 422, 422]
    assert owner.execute("SELECT count(*) FROM identity_account").fetchone() == (1,)


def test_one_recovery_code_used_by_many_at_once_lets_one_in(
    committed_db: object, owner: psycopg.Connection
) -> None:
    client = Client()
    client.post(
        "/account/signup/",
        {"name": "Mair", "email": "mair@example.org", "password1": PASSWORD},
    )
    code = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()[0]
    statuses: list[int] = []
    start = threading.Barrier(4)

    def use() -> None:
        client = Client()
        start.wait()
        answer = client.post("/account/recover/", {"email": "mair@example.org", "code": code})
        statuses.append(answer.status_code)
        connections.close_all()

    people = [threading.Thread(target=use) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(statuses) == [302, 422, 422, 422]

"""Accounts and roles from the command line."""

from __future__ import annotations

import pytest
from django.test import Client

from townhall.cli import main
from townhall.identity import operations as identity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_test_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("townhall.cli._set_up", lambda stack: None)


def test_an_account_is_opened_and_its_owner_comes_in_with_a_code(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["identity", "open", "Mair@Example.org", "--name", "Mair Pugh"]) == 0
    codes = [line.strip() for line in capsys.readouterr().out.splitlines() if line[:2] == "  "]
    assert len(set(codes)) == 10
    answer = client.post("/account/recover/", {"email": "mair@example.org", "code": codes[0]})
    assert answer.status_code == 302
    assert b"Choose how you sign in from now on" in client.get("/account/").content
    assert main(["identity", "open", "mair@example.org", "--name", "Eve"]) == 1
    assert "There is an account" in capsys.readouterr().out


def test_roles_are_given_and_taken(capsys: pytest.CaptureFixture[str]) -> None:
    main(["identity", "open", "isla@example.org", "--name", "Isla", "--proofing", "high"])
    assert identity.account_for_email("isla@example.org").proofing == "high"
    assert main(["identity", "grant", "isla@example.org", "permits.officer"]) == 0
    assert "permits.officer (transport)" in capsys.readouterr().out
    assert main(["identity", "grant", "isla@example.org", "permits.king"]) == 1
    assert "no role 'permits.king'" in capsys.readouterr().out
    assert main(["identity", "revoke", "isla@example.org", "permits.officer"]) == 0
    assert main(["identity", "revoke", "isla@example.org", "permits.officer"]) == 1
    assert main(["identity", "grant", "nobody@example.org", "permits.officer"]) == 1
    assert "There is no account" in capsys.readouterr().out


def test_new_codes_make_the_old_ones_void(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["identity", "open", "mair@example.org", "--name", "Mair"])
    old = capsys.readouterr().out.split()[-1]
    assert main(["identity", "codes", "mair@example.org"]) == 0
    new = capsys.readouterr().out.split()[-1]
    for code, status in ((old, 422), (new, 302)):
        answer = client.post("/account/recover/", {"email": "mair@example.org", "code": code})
        assert answer.status_code == status


def test_a_closed_account_is_out_and_stays_out(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["identity", "open", "mair@example.org", "--name", "Mair"])
    code = capsys.readouterr().out.split()[-1]
    account = identity.account_for_email("mair@example.org")
    client.force_login(account)
    assert client.get("/account/").status_code == 200
    assert main(["identity", "close", "mair@example.org"]) == 0
    assert client.get("/account/").status_code == 302
    answer = client.post("/account/recover/", {"email": "mair@example.org", "code": code})
    assert answer.status_code == 422

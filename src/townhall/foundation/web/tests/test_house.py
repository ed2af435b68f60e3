"""The whole house behind the whole middleware: what its front door does with bad input."""

from __future__ import annotations

import pytest
from django.test import Client

NUL = r'"abcdefghij\000b"'
NUL_COOKIE = f"sessionid={NUL}; csrftoken={NUL}; django_language={NUL}"


@pytest.fixture
def house() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "more"),
    [
        ("get", "/?q=%00", {}),
        ("get", "/search?q=%00", {}),
        ("get", "/services/%00", {}),
        ("get", "/", {"headers": {"Cookie": NUL_COOKIE}}),
        ("get", "/me", {"headers": {"Cookie": NUL_COOKIE}}),
        ("get", "/", {"headers": {"Cookie": r'sessionid="abcdefghij\000b"'}}),
        ("post", "/account/login/", {"data": {"login": "a\x00b", "password": "x\x00"}}),
        ("post", "/account/login/", {"data": {"login": "x" * 200_000}}),
        (
            "post",
            "/api/v1/applications",
            {"data": '{"service": "\\u0000"}', "content_type": "application/json"},
        ),
    ],
)
def test_what_cannot_be_stored_is_refused_before_anybody_reads_it(
    house: Client, method: str, address: str, more: dict[str, object]
) -> None:
    answer = getattr(house, method)(address, **more)
    assert answer.status_code == 400
    assert answer["X-Request-ID"]
    assert "Content-Security-Policy" in answer


@pytest.mark.django_db
def test_half_a_character_in_an_address_is_no_failure(house: Client) -> None:
    for address in ("/search?q=%ED%A0%80", "/services/%ED%A0%80", "/%FF%FE", "/search?q=%FF"):
        assert house.get(address).status_code < 500

"""What nobody can store is refused at the door, with a reason; what people write is let in."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from townhall.foundation.web import inputs
from townhall.foundation.web.errors import InputRefused

DEEP = "[" * 50 + "]" * 50


@pytest.mark.parametrize(
    "address",
    [
        "/echo?q=a%00b",
        "/echo?a%00=b",
        "/echo/a%00b",
        "/echo?q=" + "a" * 9_000,
        "/echo/" + "a" * 9_000,
    ],
)
def test_addresses_that_are_refused(site: Client, address: str) -> None:
    answer = site.get(address)
    assert answer.status_code in (400, 414)
    assert b"send again" in answer.content


@pytest.mark.parametrize(
    "form",
    [
        {"a": "x\x00y"},
        {"a\x00": "x"},
        {"a": "x" * 100_001},
        {"a" * 501: "x"},
        {"a": ["fine", "x\x00"]},
    ],
)
def test_forms_that_are_refused(site: Client, form: dict[str, object]) -> None:
    for more in ({}, {"content_type": "application/x-www-form-urlencoded"}):
        from urllib.parse import urlencode

        data = urlencode(form, doseq=True) if more else form
        answer = site.post("/echo", data, **more)
        assert answer.status_code == 400
        assert b"send again" in answer.content


def test_a_form_of_ten_megabytes_is_too_much(site: Client) -> None:
    answer = site.post("/echo", {"a": "x" * 10_000_000})
    assert answer.status_code == 413
    assert b"larger than what can be taken" in answer.content
    answer = site.post("/echo", {f"f{n}": "x" for n in range(2_500)})
    assert answer.status_code == 413


def test_names_of_files_are_looked_at(site: Client) -> None:
    for name in ("x" * 600 + ".pdf",):
        answer = site.post("/echo", {"file": SimpleUploadedFile(name, b"x")})
        # Django itself cuts names; whatever comes through is short and clean.
        assert answer.status_code in (200, 400)
    assert site.post("/echo", {"file": SimpleUploadedFile("a.pdf", b"\x00\x01")}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"a": "x\\u0000y"}', 400),
        ('{"a\\u0000": 1}', 400),
        ('{"a": ["\\ud800"]}', 400),
        ('{"a": "\\udc00\\ud800"}', 400),
        ('{"a": "\x00"}', 400),
        (json.dumps({"a": "x" * 100_001}), 400),
        (DEEP, 400),
        ("[" * 200_000, 400),
        (b'{"a": "\xff"}', 400),
        (b'{"a": "\xed\xa0\x80"}', 400),
        ('{"a": "' + "x" * 10_000_000 + '"}', 413),
        ('{"a": "\\ud83d\\ude00 \\u00e9"}', 200),
        ('{"a": "ŵ 😀 العربية"}', 200),
        ("no json at all", 200),
        ("", 200),
    ],
)
def test_json(site: Client, body: str | bytes, status: int) -> None:
    answer = site.post("/api/echo", body, content_type="application/json")
    assert answer.status_code == status
    if status != 200:
        assert answer["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == status
        assert problem["detail"]
        assert problem["instance"] == answer["X-Request-ID"]


@pytest.mark.parametrize("type_", ["text/plain", "application/octet-stream", "image/png", "x"])
def test_a_body_is_looked_at_whatever_its_type_says(site: Client, type_: str) -> None:
    for body in (b'{"a": "\\u0000"}', '{"a": "b"}'.encode("utf-16"), b'{"a": "\\ud800"}'):
        assert site.post("/api/echo", body, content_type=type_).status_code == 400
    assert site.post("/api/echo", b'{"a": "b"}', content_type=type_).status_code == 200


def test_cookies_are_looked_at(site: Client) -> None:
    # Within quotes, \\000 is the octal escape of a NUL.
    site.cookies.load({"sessionid": "x"})
    answer = site.get("/echo", headers={"Cookie": r'sessionid="a\000b"'})
    assert answer.status_code == 400


def test_the_reason_is_given_in_the_language_of_the_browser(site: Client, monkeypatch) -> None:
    from townhall.foundation.text import translations

    asked = []
    original = translations.catalogue

    def noted(language: str):
        asked.append(language)
        return original(language)

    monkeypatch.setattr(translations, "catalogue", noted)
    site.get("/echo?q=%00", headers={"Accept-Language": "fr, cy;q=0.5"})
    assert asked == ["cy"]


def test_what_people_write_comes_through(site: Client) -> None:
    words = "Ŵyl 😀 العربية 'quoted' <b> %00 \\u0000 \t\r\n"
    answer = site.post("/echo?q=" + "ŵ", {"a": words})
    assert answer.json()["post"]["a"] == words
    assert answer.json()["get"]["q"] == "ŵ"


CHARACTERS = some.text(some.characters())  # lone surrogates and NUL among them


@given(some.recursive(CHARACTERS | some.integers(), lambda x: some.lists(x, max_size=3)))
def test_looking_into_json_agrees_with_looking_at_its_texts(value: object) -> None:
    """The shortcut for short bodies hides nothing."""

    def texts(each: object) -> list[str]:
        if isinstance(each, list):
            return [text for one in each for text in texts(one)]
        return [each] if isinstance(each, str) else []

    body = json.dumps(value)
    found = "".join(f"{text} " for text in texts(json.loads(body)))
    if "\x00" in found or _has_half(found):
        with pytest.raises(InputRefused):
            inputs._json(body.encode())
    else:
        inputs._json(body.encode())
        inputs._json(json.dumps(json.loads(body), ensure_ascii=False).encode())


def _has_half(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False

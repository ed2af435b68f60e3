"""The pages on which officers try reforms: the form keeps what was typed, results are told."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from townhall.catalogue import operations as catalogue
from townhall.foundation import jobs
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.files import blobs
from townhall.identity import backends
from townhall.identity import operations as identity
from townhall.identity.models import Account

pytestmark = pytest.mark.django_db

LIST = "/owner/population"
NEW = "/owner/population/new"
TYPED = {
    "day.day": "1",
    "day.month": "6",
    "day.year": "2026",
    "name": "More for the eldest",
    "source": "invented",
    "households": "1000",
    "seed": "1",
}
CHANGED = {**TYPED, "rate": ["child_benefit.eldest"], "new:child_benefit.eldest": "40"}
PEOPLE = (
    b"person_id,family_id,household_id,adult,date_of_birth,employment_income,"
    b"local_housing_allowance,remark\n"
    b"1,1,1,yes,1990-01-01,30000,0,x\n2,1,1,no,2018-05-05,0,0,x\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(blobs, "root", lambda: tmp_path / "files")
    return tmp_path / "files"


def signed_in(role: str, name: str = "Helen Voss", agency: str = "borough") -> Client:
    client = Client()
    with scope(SYSTEM):
        account = Account.objects.open(email=f"{name[:3]}@wrenford.example", display_name=name)
        identity.grant_role(SYSTEM, account_id=account.id, role=role, agency=agency)
    client.force_login(account, backend=backends.PATH)
    return client


@pytest.fixture
def helen() -> Client:
    return signed_in("catalogue.owner")


@pytest.fixture
def work(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[[], None]:
    def run() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            jobs.run_due()

    return run


def html(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_search_offers_rates_with_their_present_value_and_keeps_the_form(helen: Client) -> None:
    page = html(helen.post(NEW, {**CHANGED, "find": "child benefit eld", "act": "find"}))
    assert "No rate fits" in page, "what was chosen is not offered again"
    page = html(helen.post(NEW, {**CHANGED, "find": "basic rate", "act": "find"}))
    assert 'value="income_tax.basic_rate"' in page
    assert "Now: 20%" in page
    assert 'value="40"' in page and 'value="More for the eldest"' in page
    page = html(helen.post(NEW, {**CHANGED, "find": "x", "add": "income_tax.basic_rate"}))
    assert 'name="new:income_tax.basic_rate"' in page
    page = html(helen.post(NEW, {**CHANGED, "remove": "child_benefit.eldest"}))
    assert "new:child_benefit.eldest" not in page


def test_a_reform_runs_in_the_background_and_tells_its_results(
    helen: Client, work: Callable[[], None]
) -> None:
    begun = helen.post(NEW, {**CHANGED, "act": "run"})
    assert begun.status_code == 302
    waiting = html(helen.get(begun.url))
    assert "It is being worked out" in waiting and "Waiting for its turn" in waiting
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting
    work()
    page = html(helen.get(begun.url))
    for words in (
        "These people are invented",
        "More for the eldest",
        "£27.05 a week",
        "£40 a week",
        "The public purse:",
        "It pays £",
        'of which: </span><a href="/rules/high_income_child_benefit_charge">',
        "10 (most)",
        "Couple with children",
        "facts are taken at their usual values",
        "modified OECD scale",
        "% of the median of all people",
    ):
        assert words in page, words
    assert "noscript" not in page
    assert "More for the eldest" in html(helen.get(LIST))
    assert 'value="40"' in html(helen.get(f"{NEW}?from={begun.url.rsplit('/', 1)[1]}"))


def test_results_are_handed_out_as_json_and_csv(helen: Client, work: Callable[[], None]) -> None:
    begun = helen.post(NEW, {**CHANGED, "act": "run"})
    assert helen.get(f"{begun.url}/results.json").status_code == 404
    work()
    answer = helen.get(f"{begun.url}/results.json")
    assert 'filename="reform-2026-06-01.json"' in answer["Content-Disposition"]
    assert json.loads(answer.content)["reform"]["rates"][0]["after"] == "40"
    table = helen.get(f"{begun.url}/results.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    assert rows[0]["after"] == "40"
    assert helen.get(f"{begun.url}/results.xlsx").status_code == 404


def test_an_uploaded_file_is_run_and_what_was_not_used_is_said(
    helen: Client, work: Callable[[], None], folder: Path
) -> None:
    upload = SimpleUploadedFile("people.csv", PEOPLE)
    begun = helen.post(
        NEW, {**CHANGED, "source": "file", "file": upload, "usual": "yes", "act": "run"}
    )
    assert begun.status_code == 302
    work()
    page = html(helen.get(begun.url))
    assert "1 households with 2 people" in page
    assert 'not used: <span class="th-mono th-break">remark</span>' in page
    assert "These people are invented" not in page
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_errors_of_a_file_are_told_by_row_and_column(
    helen: Client, work: Callable[[], None]
) -> None:
    upload = SimpleUploadedFile("people.csv", PEOPLE.replace(b"30000", b"much"))
    begun = helen.post(
        NEW, {**CHANGED, "source": "file", "file": upload, "usual": "yes", "act": "run"}
    )
    work()
    page = html(helen.get(begun.url))
    assert "It could not be worked out" in page
    assert '<td data-end>2</td><td class="th-mono">employment_income</td><td>“much” cannot' in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"rate": []}, "Choose a rate to change"),
        ({"new:child_benefit.eldest": "forty"}, "as a number, such as 12.50"),
        ({"new:child_benefit.eldest": ""}, "Write the new value of"),
        ({"new:child_benefit.eldest": "-1"}, "cannot be below 0"),
        ({"day.month": "13"}, "Write a day"),
        ({"day.year": "1990"}, "The law is known from 6 April 2024 to"),
        ({"households": "5"}, "Choose how many households"),
        ({"seed": "x"}, "Write a whole number"),
        ({"source": "file"}, "Choose a file with a population"),
    ],
)
def test_what_cannot_be_run_is_said_where_it_is(
    helen: Client, typed: dict[str, Any], words: str
) -> None:
    answer = helen.post(NEW, {**CHANGED, **typed, "act": "run"})
    assert answer.status_code == 422
    assert words in html(answer)


@pytest.mark.parametrize(
    ("content", "columns", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "", "Choose one of these: CSV, PARQUET"),
        (b"", "", "The file is empty"),
        (PEOPLE, "columns: {nobody: x}", "which is no fact of the law"),
    ],
)
def test_files_and_mappings_that_cannot_be_read_are_refused(
    helen: Client, content: bytes, columns: str, words: str
) -> None:
    upload = SimpleUploadedFile("people.csv", content)
    typed = {**CHANGED, "source": "file", "file": upload, "columns": columns, "act": "run"}
    answer = helen.post(NEW, typed)
    assert answer.status_code == 422
    assert words in html(answer)


def test_a_run_can_be_deleted(helen: Client) -> None:
    begun = helen.post(NEW, {**CHANGED, "act": "run"})
    gone = helen.post(f"{begun.url}/delete", follow=True)
    assert "Deleted, with everything" in html(gone)
    assert helen.get(begun.url).status_code == 404


def test_others_do_not_see_it(helen: Client) -> None:
    begun = helen.post(NEW, {**CHANGED, "act": "run"})
    assert Client().get(begun.url).status_code == 302, "to the sign-in"
    officer = signed_in("platform.operator", "Aidan Moor")
    for path in (LIST, NEW, begun.url):
        assert officer.get(path).status_code == 403
    agencies = list(catalogue.pack().agencies)
    elsewhere = next(each for each in agencies if each != "borough")
    other = signed_in("catalogue.owner", "Olu Ade", elsewhere)
    assert other.get(begun.url).status_code == 404
    assert other.post(f"{begun.url}/delete").status_code == 404
    assert "More for the eldest" not in html(other.get(LIST))


def test_it_speaks_welsh(helen: Client, work: Callable[[], None]) -> None:
    begun = helen.post(NEW, {**CHANGED, "act": "run"})
    work()
    helen.cookies[settings.LANGUAGE_COOKIE_NAME] = "cy"
    page = html(helen.get(begun.url))
    assert "colli, yn ôl incwm" in page
    assert "Cwpl gyda phlant" in page

"""The public record without a browser: what is not there, odd questions, and files for programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.test import Client

from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.text import pick
from townhall.ledger import operations as ledger
from townhall.ledger import receipts, showing
from townhall.ledger.engine import checking, compact
from townhall.ledger.engine.histories import History
from townhall.ledger.engine.policy import Policy
from townhall.ledger.models import alarm as alarms
from townhall.ledger.tests.conftest import submit
from townhall.ledger.tests.conftest import town as prepared  # noqa: F401 - a fixture
from townhall.ledger.tests.town import Town

HOLDS = checking.Verdict.HOLDS


@pytest.fixture
def town(prepared: Town) -> Iterator[Town]:  # noqa: F811
    """A town hall with three final decisions."""
    prepared.start_witnesses(("auditor", "court", "university"))
    prepared.open()
    for number in range(3):
        submit(f"case:{number}")
    assert prepared.operator is not None
    prepared.operator.step()
    prepared.line("decisions").finality.advance()
    return prepared


def test_a_town_hall_without_witnesses_says_so(client: Client, db: None) -> None:
    page = client.get("/ledger")
    assert page.status_code == 200
    assert "No witness signs this record yet" in page.content.decode()
    assert client.get("/ledger/decisions").status_code == 404


def test_files_are_served_as_the_specification_wants(client: Client, town: Town) -> None:
    checkpoint = client.get("/ledger/decisions/checkpoint")
    assert checkpoint["Content-Type"] == "text/plain; charset=utf-8"
    assert checkpoint["Cache-Control"] == "public, max-age=1"
    assert checkpoint.content.splitlines()[1] == b"3"
    tile = client.get("/ledger/decisions/tile/0/000.p/3")
    assert len(tile.content) == 3 * 32 and "immutable" in tile["Cache-Control"]
    assert client.head("/ledger/decisions/checkpoint").status_code == 200


def test_all_policies_are_handed_out_as_one_file(client: Client, town: Town) -> None:
    assert client.get("/ledger/policies.json").status_code == 404, "not final yet"
    town.line("keys").finality.advance()
    answer = client.get("/ledger/policies.json")
    assert 'filename="policies.json"' in answer["Content-Disposition"]
    policy = receipts.receipt(SYSTEM, log="decisions", ref="case:1")
    assert policy is not None
    (era,) = History.parse(answer.content).check([policy.policy])
    page = client.get("/ledger/check").content.decode()
    assert 'href="/ledger/policies.json"' in page
    assert sha256(era.policy.text).hexdigest() in page


@pytest.mark.parametrize(
    "path",
    [
        "/ledger/decisions/tile/0/000.p/4",
        "/ledger/decisions/tile/0/000.p/0",
        "/ledger/decisions/tile/64/000",
        "/ledger/decisions/checkpoint.signed",
        "/ledger/decisions/..%2f..%2f..%2fkeys%2fdecisions",
        "/ledger/decisions/%2fetc%2fpasswd",
        "/ledger/decisions/receipt/3.json",
        "/ledger/decisions/receipt/3.svg",
        "/ledger/decisions/receipt/3",
        "/ledger/nothing/receipt/0",
        "/ledger/nothing/receipt/0.svg",
        "/ledger/decisions/proof/99999999999999999999999",
        "/ledger/nothing/checkpoint",
    ],
)
def test_what_is_not_there_is_not_there(client: Client, town: Town, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("before", "shown"),
    [("", "012"), ("0", ""), ("2", "01"), ("x", "012"), ("-1", "012"), ("9" * 40, "012"),
     ("1e3", "012"), ("99", "012")],
)  # fmt: skip
def test_earlier_entries_are_shown_and_odd_questions_get_the_newest(
    client: Client, town: Town, before: str, shown: str
) -> None:
    page = client.get("/ledger/decisions", {"before": before})
    assert page.status_code == 200
    found = re.findall(r"/ledger/decisions/receipt/(\d+)", page.content.decode())
    assert "".join(sorted(found)) == shown


def test_anybody_gets_the_place_of_an_entry_and_a_receipt_that_opens_nothing(
    client: Client, town: Town
) -> None:
    proof = client.get("/ledger/decisions/proof/1")
    assert proof.content.startswith(b"c2sp.org/tlog-proof@v1\nindex 1\n")
    receipt = client.get("/ledger/decisions/receipt/1.json")
    assert receipt.status_code == 200
    assert receipt.json()["openings"] == []


def test_every_entry_has_a_page_with_its_code_and_its_file(client: Client, town: Town) -> None:
    page = client.get("/ledger/decisions/receipt/1")
    assert page.status_code == 200
    html = page.content.decode()
    assert '<img src="/ledger/decisions/receipt/1.svg"' in html
    assert 'href="/ledger/decisions/receipt/1.json"' in html
    drawn = client.get("/ledger/decisions/receipt/1.svg")
    assert drawn["Content-Type"] == "image/svg+xml" and drawn.content.startswith(b"<svg ")


def test_the_root_of_a_register_has_a_code(client: Client, town: Town) -> None:
    ledger.submit(
        SYSTEM,
        log="registers",
        kind="root",
        ref="register:population/1",
        public={"register": "population", "count": 2_000, "root": "ab" * 32, "sequence": 0},
    )
    assert town.operator is not None
    town.operator.step()
    town.line("registers").finality.advance()
    html = client.get("/ledger/registers/receipt/0").content.decode()
    title = pick(catalogue.pack().registers["population"].title)
    assert "Seal of a register" in html and title in html and title != "population"
    assert '<img src="/ledger/registers/receipt/0.svg"' in html
    made = receipts.public_receipt("registers", 0)
    assert made is not None
    again = compact.expand(compact.of(made), [made.policy])
    assert checking.verdict(checking.verify(again, trusted=[Policy.load(made.policy)])) is HOLDS


def test_the_policy_is_handed_out_word_for_word(client: Client, town: Town) -> None:
    vouching = showing.witnesses()
    assert vouching is not None
    answer = client.get("/ledger/policy")
    assert sha256(answer.content).hexdigest() == vouching.fingerprint
    assert Policy.load(answer.content).faults == vouching.faults
    assert b'href="/ledger/policy"' in client.get("/ledger").content


def test_only_reading_is_possible(client: Client, town: Town) -> None:
    for path in ("/ledger", "/ledger/decisions", "/ledger/decisions/checkpoint"):
        assert client.post(path).status_code == 405
        assert client.head(path).status_code == 200


def test_a_code_of_no_letter_has_no_receipt(client: Client, db: None) -> None:
    assert client.get("/verify/AAAAA-AAAAA-AAAAA-AAAAA/receipt.json").status_code == 404


ADDRESS = "http://10.0.0.7:9101"


@pytest.mark.parametrize(
    ("key", "witness", "english", "welsh"),
    [
        ("decisions:final", "", "New entries are waiting.", "cofnodiadau newydd yn aros"),
        ("decisions:a", "a.example", "not signing: a.example.", "yn llofnodi: a.example."),
        ("audit:mirror decisions", "a.example", "the copy of this witness", "chopi&#39;r tyst"),
        ("audit:log decisions", "", "The daily check found a fault.", "Canfu&#39;r gwiriad"),
        ("audit:unfinished", "", "could not be finished.", "Nid oedd modd gorffen"),
        ("ledger:run", "", "Nothing is being recorded.", "Nid oes dim yn cael ei gofnodi"),
        ("anchor", "", "Seals could not be left", "Nid oedd modd gadael seliau"),
        ("decisions:old keys", "", "a key that we gave up", "allwedd yr ydym wedi"),
    ],
)
def test_what_is_wrong_is_told_to_anybody_without_addresses(
    client: Client, town: Town, key: str, witness: str, english: str, welsh: str
) -> None:
    words = f"a.example ({ADDRESS}) refused: it said so"
    log = "decisions" if "decisions" in key else ""
    with scope(SYSTEM):
        alarms.sound(key=key, log=log, witness=witness, words=words, now=datetime.now(UTC))
    (told,) = [each for each in showing.open_alarms() if each.words == words]
    assert ADDRESS in told.words, "the operator still sees where"
    page = client.get("/ledger").content.decode()
    assert english in page and ADDRESS not in page and "it said so" not in page
    safe = "What is recorded stays safe." in page
    assert safe is (key in {"decisions:final", "decisions:a", "ledger:run"}), key
    client.post("/preferences", {"language": "cy", "next": "/"})
    page = client.get("/ledger").content.decode()
    assert welsh in page and ADDRESS not in page


def test_a_log_says_whether_it_is_empty_or_waits(client: Client, town: Town) -> None:
    empty = client.get("/ledger/credentials").content.decode()
    assert "Nothing is recorded here yet" in empty and "within a minute" not in empty
    earlier = client.get("/ledger/decisions", {"before": "0"}).content.decode()
    assert "There are no earlier entries." in earlier


def test_people_count_from_one(client: Client, town: Town) -> None:
    log = client.get("/ledger/decisions").content.decode()
    for number in ("No. 1<", "No. 2<", "No. 3<"):
        assert number in log
    assert "No. 0" not in log
    assert "No. 3" in client.get("/ledger/decisions/receipt/2").content.decode()
    saved = client.get("/ledger/decisions/receipt/2.json")["Content-Disposition"]
    assert saved == 'attachment; filename="decisions-3-receipt.json"'


def test_a_receipt_that_is_not_there_is_explained(client: Client, town: Town) -> None:
    answer = client.get("/ledger/decisions/receipt/3.json")
    assert answer.status_code == 404
    assert "There is no such receipt" in answer.content.decode()

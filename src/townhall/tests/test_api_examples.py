"""The examples of the page about the API, run against the API."""

from __future__ import annotations

import argparse
import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from townhall.catalogue import operations as catalogue
from townhall.cli import main
from townhall.demo import loading
from townhall.foundation.acting import SYSTEM
from townhall.foundation.jobs import run_due
from townhall.packs.uk import borough
from townhall.partners import api, limits
from townhall.registers import operations as registers
from townhall.tests.test_tutorials import blocks, steps

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "use-the-api.md"
BASE = "/api/v1"

if not PAGE.is_file():
    pytest.skip("the docs are in a checkout of the sources", allow_module_level=True)


def curl() -> argparse.ArgumentParser:
    """The options of curl that the page uses."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-X", dest="method", default="GET")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-d", dest="body", default="")
    parser.add_argument("url")
    return parser


def send(client: Client, words: list[str]) -> Any:
    asked = curl().parse_args(words)
    headers = dict(line.split(": ", 1) for line in asked.headers)
    kind = headers.pop("Content-Type", "application/octet-stream")
    return client.generic(asked.method, asked.url, asked.body, kind, headers=headers).json()


def fits(shown: Any, found: Any) -> bool:
    """Whether an answer is what the page shows of it: fewer fields, and `…` for anything."""
    if shown == "…":
        return bool(found)
    if isinstance(shown, dict):
        return isinstance(found, dict) and all(
            key in found and fits(value, found[key]) for key, value in shown.items()
        )
    if isinstance(shown, list):
        return len(shown) == len(found) and all(map(fits, shown, found))
    return bool(shown == found)


@pytest.fixture
def borough_of_megan(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue.forget()
    catalogue.load_packs()
    megan = next(each.person for each in borough.RESIDENTS if each.key == "megan")
    for register, make in borough.REGISTERS.items():
        own = [entry for entry in make() if entry.person is megan]
        registers.import_entries(
            SYSTEM, facts=loading.facts_of(register, iter(own)), source_ref="tour"
        )
    monkeypatch.setattr("townhall.cli._set_up", lambda stack: None)
    monkeypatch.setattr(api, "_limiter", limits.Limiter())


def test_every_example_answers_what_the_page_shows(
    client: Client, borough_of_megan: None, capsys: pytest.CaptureFixture[str]
) -> None:
    known, last, compared = {"TOWNHALL": BASE}, {}, 0
    for _, block in blocks(PAGE):
        for command, said in steps(block):
            typed = command
            for name, value in known.items():
                typed = typed.replace(f"${name}", value)
            words = shlex.split(typed)
            if words[0].startswith("CASE="):
                known["CASE"] = last["id"]
                while run_due():
                    pass
            elif words[0] == "./townhall":
                assert main(words[1:]) == 0
                known["TOKEN"] = capsys.readouterr().out.split()[0]
            elif words[0] == "curl":
                last = send(client, words[1:])
                assert fits(json.loads(said), last), f"{command}\n{last}"
                compared += 1
    assert compared >= 9
    assert limits.RATE == 50
    assert limits.BURST == 200

"""What an officer reads about a case: every value with where it really comes from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import jinja2
import pytest

from townhall import packs
from townhall.cases import views
from townhall.catalogue.engine.compiler import compile_file
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.pack import load_pack
from townhall.foundation.text.jinja import environment
from townhall.portal import casework

UK = Path(packs.__file__).parent / "uk"
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def permit() -> Definition:
    compiled = compile_file(UK / "services" / "resident-permit.yaml", load_pack(UK))
    assert compiled.definition is not None
    return compiled.definition


def answer(definition: Definition, name: str, **more: Any) -> views.Answer:
    given = {"value": None, "shown": "", "source": "resident"} | more
    return views.Answer(datum=name, title=definition.data[name].label, **given)


def test_a_fact_is_named_after_its_register_whatever_was_imported_when(permit: Definition) -> None:
    vehicle = {"plate": "QW16VAN", "make": "Ford", "keeper": "someone", "emissions": "high"}
    found = answer(
        permit,
        "vehicle",
        value=vehicle,
        shown=["QW16VAN", "Ford", "high"],
        source="register",
        register="vehicles",
        source_name="import",
        as_of=AT,
    )
    (row,) = casework.evidence_rows(permit, (found,))
    assert "vehicle register" in row["note"]
    assert "import" not in row["note"]
    assert "Make: Ford" in row["value"]
    assert "someone" not in row["value"]


def test_a_register_that_was_down_is_not_said_to_have_answered(permit: Definition) -> None:
    down = answer(
        permit, "vehicle", source="register", register="vehicles", outcome="unavailable", as_of=AT
    )
    (row,) = casework.evidence_rows(permit, (down,))
    assert row["note"] == "The register gave no answer."
    assert row["value"] == "Not given"


def test_what_was_worked_out_is_not_said_to_be_the_residents_word(permit: Definition) -> None:
    said = answer(permit, "months", shown="12 months")
    computed = answer(permit, "emissions_class", shown="high", source="computed")
    rows = casework.evidence_rows(permit, (said, computed))
    assert [row["note"] for row in rows] == ["Said by the resident", "Worked out from the answers"]


def test_an_uploaded_file_is_drawn_with_what_the_scanner_said(permit: Definition) -> None:
    lease = views.FileView(uuid4(), "lease.pdf", "application/pdf", 9000, "not scanned")
    virus = views.FileView(uuid4(), "odd.pdf", "application/pdf", 9000, "infected")
    found = answer(permit, "lease", shown=["lease.pdf", "odd.pdf"], files=(lease, virus))
    rows = casework.evidence_rows(permit, (found,))
    assert [each["href"] for each in rows[0]["uploads"]] == [f"files/{lease.id}", ""]
    assert "not checked" in rows[0]["uploads"][0]["scan"]
    folder = Path(casework.__file__).parent / "templates"
    built = environment(loader=jinja2.FileSystemLoader(folder), autoescape=True)
    drawn = str(built.get_template("portal/components/parts.html").module.summary(rows))
    assert "<li>lease.pdf</li>" in drawn
    assert "Said by the resident" in drawn

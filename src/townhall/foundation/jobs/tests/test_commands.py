"""What an operator does at the command line with work that was given up."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from townhall.cli import main
from townhall.foundation import jobs
from townhall.foundation.jobs import operations

pytestmark = pytest.mark.django_db
_broken = True


@jobs.handler("test.commands.mended", max_attempts=1)
def mended() -> None:
    if _broken:
        raise ConnectionError("the printer is out of paper")


@pytest.fixture(autouse=True)
def on_the_test_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("townhall.cli._set_up", lambda stack: None)


@pytest.fixture
def given_up() -> str:
    """A job that failed for good."""
    jobs.enqueue("test.commands.mended")
    with pytest.raises(jobs.JobFailed):
        jobs.run_due()
    (job,) = operations.dead()
    return str(job.id)


def test_it_is_listed_with_the_reason_and_tried_again_when_mended(
    given_up: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["jobs", "list"]) == 0
    said = capsys.readouterr().out
    assert "1 given up" in said
    assert re.search(f"{given_up}  test.commands.mended  1 tries, given up", said)
    assert "out of paper" in said
    monkeypatch.setattr(__name__ + "._broken", False)
    assert main(["jobs", "retry", given_up]) == 0
    assert "1 job tried again" in capsys.readouterr().out
    assert jobs.run_due() == 1
    assert operations.dead() == []


def test_it_is_dropped_for_a_reason_that_is_remembered(
    given_up: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["jobs", "drop", given_up, "--reason", " "]) == 1
    assert "Say why" in capsys.readouterr().out
    assert main(["jobs", "drop", given_up, "--reason", "sent by hand"]) == 0
    assert operations.dead() == []
    assert main(["jobs", "retry", given_up, str(uuid4())]) == 1
    assert "None of these jobs has been given up" in capsys.readouterr().out

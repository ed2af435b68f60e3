"""Seals are left elsewhere, compared with the logs, and their place is missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from townhall.foundation import settings as configuration
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import auditing, jobs
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.models import alarm as alarms
from townhall.ledger.operator import anchoring
from townhall.ledger.operator.folder import open_folder
from townhall.ledger.operator.preparing import folder_of
from townhall.ledger.tests.conftest import submit


@pytest.fixture
def folder(town):
    return open_folder(folder_of(town.settings))


def test_seals_are_left_once_a_day_and_a_log_that_contradicts_them_is_found(town, folder, tmp_path):
    town.start_witnesses(("auditor", "court", "university"))
    town.open()
    submit("case:1")
    town.operator.step()
    town.line("decisions").finality.advance()
    anchor = anchoring.anchor_of(f"file:{tmp_path}/anchor")
    (tmp_path / "anchor").mkdir()
    now = datetime(2026, 11, 26, 8, tzinfo=UTC)
    page = anchoring.seals(folder, now)
    assert anchor.leave(now, page)
    later = now + timedelta(hours=6)
    assert not anchor.leave(later, anchoring.seals(folder, later))  # nothing has changed
    submit("case:2")
    town.operator.step()
    town.line("decisions").finality.advance()
    assert anchor.leave(later, anchoring.seals(folder, later))
    assert [each for each, _ in anchor.left()] == ["2026-11-26T080000Z", "2026-11-26T140000Z"]
    assert dict(anchor.left())["2026-11-26T080000Z"] == page
    assert anchoring.contradictions(folder, anchor) == []
    forged = page.replace(b"decisions\n1\n", b"decisions\n1\n" + b"A" * 43 + b"=\nx", 1)
    (tmp_path / "anchor" / "2026-11-25.txt").write_bytes(forged)
    [wrong] = anchoring.contradictions(folder, anchor)
    assert "decisions contradicts its seal of 2026-11-25" in wrong


def test_an_anchor_that_is_not_there_is_told_and_not_made(folder, tmp_path, monkeypatch):
    """A disk that is not mounted: pages below its mount point would be lost with the machine."""
    monkeypatch.setenv("TOWNHALL_LEDGER_ANCHOR", f"file:{tmp_path}/anchor")
    configuration.current.cache_clear()
    with pytest.raises(anchoring.AnchorUnusable, match="is not there"):
        jobs.leave_seals()
    assert not (tmp_path / "anchor").exists()
    with scope(SYSTEM):
        assert [each.key for each in alarms.open_alarms()] == ["anchor"]
    found = {each.about: each for each in auditing.audit()}
    assert not found["seals that were left"].holds
    (tmp_path / "anchor").mkdir()
    assert jobs.leave_seals()
    with scope(SYSTEM):
        assert alarms.open_alarms() == []


def test_a_spoilt_page_is_told_of_and_hides_no_other(folder, tmp_path):
    anchor = anchoring.anchor_of(f"file:{tmp_path}/anchor")
    (tmp_path / "anchor").mkdir()
    when = datetime(2026, 11, 25, tzinfo=UTC)
    anchor.leave(when, anchoring.seals(folder, when))
    forged = Checkpoint(folder.origin("keys"), 1, bytes(32)).text
    lines = "— town.example/x AAAAAAAA\n"
    for name, content in (
        ("2026-11-24", "no seal at all"),
        ("2026-11-26", forged + "\n" + lines),
        ("2026-99-99", ""),
    ):
        page = anchoring._LINE + content
        (tmp_path / "anchor" / f"{name}.txt").write_text(page, "utf-8")
    wrong = anchoring.contradictions(folder, anchor)
    assert [words for words in wrong if "keys contradicts its seal of 2026-11-26" in words]
    unread = [words for words in wrong if "cannot be read" in words]
    assert [words.split()[3] for words in unread] == ["2026-11-24", "2026-99-99"]


def test_an_anchor_of_no_kind_is_refused():
    with pytest.raises(anchoring.AnchorUnusable, match="file:FOLDER"):
        anchoring.anchor_of("moon:base")
    assert anchoring.anchor_of("") is None

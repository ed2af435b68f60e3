"""Logs that machines can read and that keep people's data to themselves."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest
import structlog

from townhall.foundation import log


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a process that logs as JSON writes."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    level, settings = root.level, structlog.get_config()
    log.configure({"format": "json"})
    out = io.StringIO()
    root.handlers[0].setStream(out)  # type: ignore[attr-defined]
    yield out
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**settings)


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_our_lines_and_those_of_libraries_have_one_form(written: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request="r1"):
        structlog.get_logger("townhall.test").info("case opened", case="c1")
        logging.getLogger("some.library").warning("careful: %s", "hot")
    ours, theirs = lines(written)
    assert ours["event"] == "case opened"
    assert ours["case"] == "c1"
    assert theirs["event"] == "careful: hot"
    for line in (ours, theirs):
        assert line["request"] == "r1"
        assert line["level"] in ("info", "warning")
        assert str(line["timestamp"]).endswith("Z")


def test_secrets_and_contact_details_are_masked(written: io.StringIO) -> None:
    structlog.get_logger().info("sign-in", email="ann@example.org", password="x", token="t")
    assert "ann@" not in written.getvalue()
    assert lines(written)[0]["password"] == "…"


def test_a_traceback_shows_no_values(written: io.StringIO) -> None:
    def fail(born: str) -> None:
        raise RuntimeError("broken")

    try:
        fail("-".join(("1970", "01", "01")))
    except RuntimeError:
        structlog.get_logger().exception("failed")
    (line,) = lines(written)
    assert "RuntimeError: broken" in str(line["exception"])
    assert "1970-01" not in written.getvalue()


def test_a_line_break_in_a_value_does_not_forge_a_line(written: io.StringIO) -> None:
    structlog.get_logger().info("x", route='a\n{"event": "forged"}')
    assert len(lines(written)) == 1


def test_a_pseudonym_is_the_same_always_and_not_the_person() -> None:
    one, other = uuid4(), uuid4()
    assert log.pseudonym(one) == log.pseudonym(one)
    assert log.pseudonym(one) != log.pseudonym(other)
    assert log.pseudonym(one) not in str(one)

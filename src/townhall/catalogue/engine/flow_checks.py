"""Published ways through a guidance flow, walked with our definition of it.

A pack that claims to agree with somebody's published guidance lists the rows in
`flow-checks.yaml`, with the names that differ:

```yaml
towing-rules:                          # key of the service
  rows: data/.../paths.csv             # file of the pack
  questions: {their question: our datum}
  answers: {our datum: {their answer: our answer}}
  outcomes: {their outcome: our outcome}
```

A row has `case_id, check, path, question, answer, expected, as_of`. `path` reads
`question=answer > question=answer`; ticked boxes are joined by commas; `as_of`
is the day that the rules take for today. `check` is

- `reaches`: after the path one is at `expected` (a question or an outcome);
- `next`: answering `question` with `answer` then leads to `expected`;
- `answer_refused`: that answer is not accepted, and one stays at `expected`.

Each question of the path must be the one asked at that moment, and each answer
goes through the same door as a page of the form.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from townhall.catalogue.engine import guidance, interview, source
from townhall.catalogue.engine.definition import NOTHING, Definition
from townhall.catalogue.engine.problems import Findings, render
from townhall.catalogue.engine.situation import Situation

FILE: Final = "flow-checks.yaml"
CHECKS: Final = ("reaches", "next", "answer_refused")
_PARTS: Final = ("rows", "questions", "answers", "outcomes")


class FlowChecksUnreadable(ValueError):
    """`flow-checks.yaml`, or a table it names, cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Row:
    """One assertion of the published flow, in its own words."""

    case: str
    check: str
    path: tuple[tuple[str, str], ...]
    question: str
    answer: str
    expected: str
    as_of: date


@dataclass(frozen=True, slots=True)
class FlowCheck:
    """The rows for one service and how their names translate into ours."""

    service: str
    rows: tuple[Row, ...]
    questions: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, str]] = NOTHING
    outcomes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row; `problem` is empty if it agrees."""

    row: Row
    problem: str = ""

    @property
    def agrees(self) -> bool:
        """Say whether our flow does what the row says."""
        return not self.problem


def load(folder: Path) -> tuple[FlowCheck, ...]:
    """Read the flow checks of a pack; none if it has no `flow-checks.yaml`.

    Raises
    ------
    FlowChecksUnreadable
        If the file or a table is not as described above.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    findings = Findings(FILE)
    tree = source.load(path.read_text(encoding="utf-8"), findings)
    if tree is None or not tree.is_map or findings.has_errors:
        raise FlowChecksUnreadable(render(findings.ordered()) or f"{FILE} must name services.")
    return tuple(_flow_check(folder, service, node) for service, node in tree.value.items())


def run(check: FlowCheck, definition: Definition) -> tuple[RowResult, ...]:
    """Walk every row with the definition."""
    return tuple(RowResult(row, _walk(check, definition, row)) for row in check.rows)


def _flow_check(folder: Path, service: str, entry: source.Node) -> FlowCheck:
    plain = entry.plain()
    if not isinstance(plain, dict) or not set(plain) <= set(_PARTS) or "rows" not in plain:
        raise FlowChecksUnreadable(
            f"{FILE}:{entry.line} {service} must have rows:, and may have {', '.join(_PARTS[1:])}."
        )
    return FlowCheck(
        service=service,
        rows=tuple(_rows(folder / plain["rows"])),
        questions=plain.get("questions", {}),
        answers=plain.get("answers", {}),
        outcomes=plain.get("outcomes", {}),
    )


def _rows(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as table:
            for cells in csv.DictReader(table, strict=True):
                if cells["check"] not in CHECKS:
                    raise ValueError(f"unknown check {cells['check']!r}")
                yield Row(
                    case=cells["case_id"],
                    check=cells["check"],
                    path=tuple(
                        (question, answer)
                        for question, _, answer in (
                            step.partition("=") for step in cells["path"].split(" > ") if step
                        )
                    ),
                    question=cells["question"],
                    answer=cells["answer"],
                    expected=cells["expected"],
                    as_of=date.fromisoformat(cells["as_of"]),
                )
    except (OSError, csv.Error, KeyError, ValueError) as error:
        raise FlowChecksUnreadable(f"{path.name}: {error}") from error


def _walk(check: FlowCheck, definition: Definition, row: Row) -> str:
    """Return what differs, or nothing."""
    situation = Situation(today=row.as_of)
    for question, answer in row.path:
        situation, problem = _answer(check, definition, situation, question, answer)
        if problem:
            return problem
    if row.check == "next":
        situation, problem = _answer(check, definition, situation, row.question, row.answer)
        if problem:
            return problem
    if row.check == "answer_refused":
        _, problem = _answer(check, definition, situation, row.question, row.answer)
        if not problem.startswith(_REFUSED):
            return problem or f"{row.question} accepted {row.answer!r}"
    wanted = check.questions.get(row.expected) or check.outcomes.get(row.expected, row.expected)
    here = _position(definition, situation)
    return "" if here == wanted else f"one is at {here}, not at {wanted} ({row.expected})"


_REFUSED: Final = "answer refused"


def _answer(
    check: FlowCheck, definition: Definition, situation: Situation, question: str, answer: str
) -> tuple[Situation, str]:
    """Answer one question as a page of the form would; return what went wrong, if anything."""
    name = check.questions.get(question, question)
    here = _position(definition, situation)
    if here != name:
        return situation, f"{question} is {name} here, but one is at {here}"
    page = definition.page_of(name)
    if page is None:
        return situation, f"no page asks {name}"
    ours = check.answers.get(name, NOTHING)
    ticked = answer.split(",") if definition.data[name].several else [answer]
    raw = {name: [ours.get(each, each) for each in ticked], interview.ASKED_FIELD: [name]}
    accepted = interview.accept(definition, page.key, raw, situation)
    if accepted.errors:
        return situation, f"{_REFUSED}: {name} = {answer}"
    return situation.with_answers(accepted.answers), ""


def _position(definition: Definition, situation: Situation) -> str:
    """Return the question that is asked now, else the outcome."""
    for page in interview.page_list(definition, situation):
        if page.open:
            return page.open[0].name
    found = guidance.outcome(definition, situation)
    return found.key if found else "no outcome"

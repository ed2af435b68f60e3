"""What came of the tests of one definition."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that was not as expected, with the steps that led to it."""

    what: str
    expected: str
    got: str
    trace: tuple[str, ...] = ()

    def render(self) -> str:
        """Return the failure as indented lines."""
        lines = [f"    {self.what}: expected {self.expected}, got {self.got}"]
        return "\n".join([*lines, *(f"      {line}" for line in self.trace)])


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test: passed if nothing failed."""

    __test__ = False

    name: str
    line: int
    failures: tuple[Failure, ...] = ()

    @property
    def passed(self) -> bool:
        """Say whether everything was as expected."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class TestReport:
    """All tests of one definition."""

    __test__ = False

    service: str
    results: tuple[TestResult, ...]

    @property
    def passed(self) -> bool:
        """Say whether every test passed."""
        return all(result.passed for result in self.results)

    @property
    def failed(self) -> tuple[TestResult, ...]:
        """Return the tests that did not pass."""
        return tuple(result for result in self.results if not result.passed)

    def render(self) -> str:
        """Return the report for a terminal: failures in full, the rest counted."""
        good = len(self.results) - len(self.failed)
        lines = [f"{self.service}: {good} of {len(self.results)} tests pass"]
        for result in self.failed:
            lines.append(f"  FAILED line {result.line}: {result.name}")
            lines += [failure.render() for failure in result.failures]
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """Return the report for programs and for the page of the service owner."""
        return {
            "service": self.service,
            "passed": self.passed,
            "tests": [
                {
                    "name": result.name,
                    "line": result.line,
                    "passed": result.passed,
                    "failures": [
                        {
                            "what": each.what,
                            "expected": each.expected,
                            "got": each.got,
                            "trace": list(each.trace),
                        }
                        for each in result.failures
                    ],
                }
                for result in self.results
            ],
        }

"""The `tests:` of a definition, run without a web server or database.

Each test is played through the same interview, assessment and flow as a real
application: register reads, page by page, submitting, then what officers do.
It is played twice, as a person fills in the form and as a program sends it,
and both must come to the same answers.
"""

from __future__ import annotations

from townhall.catalogue.engine.testing.report import Failure, TestReport, TestResult
from townhall.catalogue.engine.testing.runner import run_tests

__all__ = ["Failure", "TestReport", "TestResult", "run_tests"]

"""The description of the API is true: schemathesis tries what no person would send."""

from __future__ import annotations

import os
from typing import Any

import pytest

EXAMPLES = int(os.environ.get("TOWNHALL_FUZZ_EXAMPLES", "25"))

schemathesis = pytest.importorskip("schemathesis")


def test_every_operation_keeps_to_its_description(committed_db: Any) -> None:
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    from townhall.catalogue import operations as catalogue
    from townhall.foundation.acting import SYSTEM
    from townhall.partners import operations
    from townhall.wsgi import application

    catalogue.forget()
    catalogue.load_packs()
    secret = operations.issue_token(acting=SYSTEM, partner="fuzz", name="Fuzz").secret
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def attempt(case: Any) -> None:
            nonlocal tried
            tried += 1
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {secret}"}
            # What `answers` may hold is described by each service's own schema
            # (`/services/{key}`), so a body that is well-formed here may still be refused.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        attempt()
    assert tried >= 6 * min(EXAMPLES, 5)

"""The environment of every page: what it gives, and what it refuses."""

from __future__ import annotations

from decimal import Decimal

import jinja2
import pytest
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory, override_settings

from townhall.foundation.acting import Acting
from townhall.foundation.text import override


@pytest.fixture
def engine() -> Jinja2:
    return Jinja2(
        {
            "NAME": "jinja2",
            "DIRS": [],
            "APP_DIRS": False,
            "OPTIONS": {
                "environment": "townhall.foundation.text.jinja.environment",
                "context_processors": ["townhall.foundation.text.jinja.context"],
            },
        }
    )


def render(engine: Jinja2, source: str, request: object = None, **values: object) -> str:
    return engine.from_string(source).render(values, request)


def test_values_are_escaped(engine: Jinja2) -> None:
    assert render(engine, "{{ x }}", x="<script>") == "&lt;script&gt;"
    assert render(engine, "{{ _('Hello %(x)s', x=x) }}", x="<b>") == "Hello &lt;b&gt;"


def test_a_name_that_does_not_exist_is_an_error(engine: Jinja2) -> None:
    for source in ("{{ nonsense }}", "{% if nonsense %}{% endif %}", "{{ x.nonsense.more }}"):
        with pytest.raises(jinja2.UndefinedError):
            render(engine, source, x={})
    assert render(engine, "{{ nonsense | default('-') }}") == "-"


def test_texts_and_values_of_the_language(engine: Jinja2) -> None:
    source = "{{ date('2026-07-26') }} {{ money(x, 'GBP') }} {{ pick(t) }} {{ number(1234) }}"
    with override("cy"):
        out = render(engine, source, x=Decimal("3.5"), t={"en": "a", "cy": "b"})
    assert out == "26 Gorffennaf 2026 £3.50 b 1,234"
    plural = "{% trans n=n %}{{ n }} file{% pluralize %}{{ n }} files{% endtrans %}"
    assert [render(engine, plural, n=n) for n in (1, 2)] == ["1 file", "2 files"]


@override_settings(ROOT_URLCONF="townhall.foundation.web.tests.pages", STATIC_URL="/static/")
def test_what_a_request_brings(engine: Jinja2) -> None:
    request = RequestFactory().get("/")
    request.csp_nonce = "n0nce"
    request.acting = Acting(actor="officer:x", name="Ann")
    source = (
        "{{ lang }} {{ dir }} {{ csp_nonce }} {{ acting.name }} {{ request.path }}"
        " {{ url('readyz') }} {{ static('portal/x.css') }}"
    )
    assert render(engine, source, request) == "en ltr n0nce Ann / /readyz /static/portal/x.css"
    assert 'name="csrfmiddlewaretoken"' in render(engine, "{{ csrf_input }}", request)
    plain = RequestFactory().get("/")
    assert render(engine, "{{ acting.actor }} {{ csp_nonce }}", plain) == "anonymous "

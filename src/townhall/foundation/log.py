"""What the processes say: JSON lines for machines, coloured lines for a person at a console.

Every line of a request carries its `request`, every line of a job its `job`.
Personal data does not belong into logs: a person appears as a pseudonym that
nobody can turn back without the secret key, and values under names that hold
secrets or contact details are masked, whoever logs them.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import sys
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog

from townhall.foundation import settings

_SECRETS = {"password", "secret", "token", "ticket", "authorization", "cookie", "session"}
_PERSONAL = {"email", "phone", "address", "name", "answers", "date_of_birth"}
MASKED = frozenset(_SECRETS | _PERSONAL)
_QUIET = ("django.request", "django.security.csrf", "psycopg.pool")


def configure(options: Mapping[str, Any] | None = None) -> None:
    """Set up structlog and the standard library's logging alike.

    Django calls it at start (`LOGGING_CONFIG`); the live channel calls it itself.

    Parameters
    ----------
    options : `format` is "json" or "console" (that of the settings unless given),
        `level` the least level that is shown ("INFO" unless given).
    """
    chosen = dict(options or {})
    as_json = (chosen.get("format") or settings.current().log_format) == "json"
    level = logging.getLevelName(chosen.get("level", "INFO"))
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[structlog.typing.Processor]
    if as_json:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        last = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Django's own handlers would say everything twice.
    for name in ("django", "django.server"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    # The access log says it, with the request's id and without the address line.
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


@lru_cache(maxsize=4096)
def pseudonym(person: UUID | str) -> str:
    """Return the name under which a person appears in logs: the same always, and no way back."""
    key = hashlib.sha256(
        b"townhall log pseudonym" + settings.current().secret_key.encode()
    ).digest()
    return hmac.new(key, str(person).encode(), hashlib.sha256).hexdigest()[:12]


def _mask(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in MASKED.intersection(event):
        event[key] = "…"
    return event

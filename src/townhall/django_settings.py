"""Django's settings, all derived from `foundation.settings`: nobody edits this to deploy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import conninfo

from townhall.foundation import settings as configuration
from townhall.foundation.database.roles import APPLICATION
from townhall.identity import configuration as identity

_settings = configuration.current()
_HOUSE = Path(__file__).parent

SECRET_KEY = _settings.secret_key
DEBUG = False
ALLOWED_HOSTS = list(_settings.allowed_hosts)
ROOT_URLCONF = "townhall.urls"
WSGI_APPLICATION = "townhall.wsgi.application"
USE_TZ = True
TIME_ZONE = _settings.time_zone  # what day it is; instants are kept in UTC
USE_I18N = True
LANGUAGE_CODE = _settings.languages[0]
LANGUAGES = [(code, configuration.LANGUAGES[code]) for code in _settings.languages]

INSTALLED_APPS = [
    "townhall.foundation.apps.FoundationConfig",  # first: it prepares the roles of the database
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *identity.APPS,
    "townhall.catalogue.apps.CatalogueConfig",
    "townhall.rules.apps.RulesConfig",
    "townhall.registers.apps.RegistersConfig",
    "townhall.exchange.apps.ExchangeConfig",
    "townhall.ledger.apps.LedgerConfig",
    "townhall.directory.apps.DirectoryConfig",
    "townhall.cases.apps.CasesConfig",
    "townhall.awards.apps.AwardsConfig",
    "townhall.partners.apps.PartnersConfig",
    "townhall.portal.apps.PortalConfig",
]

MIDDLEWARE = [
    "townhall.foundation.web.access.AccessMiddleware",  # an id and a log line for every request
    "townhall.foundation.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # static files go no further
    "townhall.foundation.web.inputs.InputsMiddleware",  # before anybody reads a cookie or a form
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "townhall.foundation.web.language.LanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    *identity.MIDDLEWARE,
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [str(path) for path in sorted(_HOUSE.glob("*/templates"))],
        "OPTIONS": {
            "environment": "townhall.foundation.text.jinja.environment",
            "context_processors": [
                "townhall.foundation.text.jinja.context",
                "townhall.portal.context.shell",
            ],
        },
    },
    {
        # Third parties bring Django templates; ours come first and replace what people see.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]


def _database(url: str, *, as_application: bool) -> dict[str, Any]:
    """Return Django's description of one connection.

    If only one address is known, the application takes its role with a start-up
    option: the same server, but bound by row-level security.
    """
    parts = conninfo.conninfo_to_dict(url) if url else {}
    options: dict[str, Any] = {}
    if as_application and parts.get("user") != APPLICATION:
        options["options"] = f"-c role={APPLICATION}"
    if as_application and _settings.profile != "test":
        options["pool"] = {"min_size": 0, "max_size": _settings.pool_size, "timeout": 10}
    for key in ("sslmode", "sslrootcert", "connect_timeout", "target_session_attrs"):
        if key in parts:
            options[key] = parts[key]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "townhall"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 0,
        # A database that was restarted leaves dead connections in the pool; nobody shall get one.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        "TEST": {"MIRROR": None},
    }


DATABASES = {
    "default": _database(_settings.database_url, as_application=True),
    "owner": _database(_settings.owner_database_url, as_application=False),
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files: foundation.files
    "staticfiles": {"BACKEND": "townhall.portal.assets.BuiltFiles"},
}
WHITENOISE_USE_FINDERS = True  # no collecting step before a start
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = "townhall.portal.assets.is_immutable"
CSRF_FAILURE_VIEW = "townhall.portal.pages.errors.csrf_failure"

globals().update(identity.settings(secure=_settings.secure))

SESSION_ENGINE = "townhall.identity.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _settings.secure
CSRF_COOKIE_SECURE = _settings.secure
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [_settings.base_url]
SECURE_SSL_REDIRECT = _settings.secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _settings.secure else None
SECURE_HSTS_SECONDS = 31_536_000 if _settings.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _settings.secure
SECURE_HSTS_PRELOAD = _settings.secure
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

LOGGING_CONFIG = "townhall.foundation.log.configure"
LOGGING = {"format": _settings.log_format, "level": "INFO"}

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(_settings.mail_dir)
DEFAULT_FROM_EMAIL = "townhall@localhost"

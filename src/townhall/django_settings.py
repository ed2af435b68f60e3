"""Django's settings, all derived from `foundation.settings`: nobody edits this to deploy."""

from __future__ import annotations

from typing import Any

from psycopg import conninfo

from townhall.foundation import settings as configuration
from townhall.foundation.database.roles import APPLICATION

_settings = configuration.current()

SECRET_KEY = _settings.secret_key
DEBUG = False
ALLOWED_HOSTS = list(_settings.allowed_hosts)
ROOT_URLCONF = "townhall.urls"
WSGI_APPLICATION = "townhall.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = _settings.languages[0]
LANGUAGES = [(code, configuration.LANGUAGES[code]) for code in _settings.languages]

INSTALLED_APPS = [
    "townhall.foundation.apps.FoundationConfig",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    # rooms, ground floor first
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
        "OPTIONS": options,
        "TEST": {"MIRROR": None},
    }


DATABASES = {
    "default": _database(_settings.database_url, as_application=True),
    "owner": _database(_settings.owner_database_url, as_application=False),
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
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

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(_settings.mail_dir)
DEFAULT_FROM_EMAIL = "townhall@localhost"

"""Configuration: environment variables, read once, typed, refused with a reason.

Every variable starts with ``TOWNHALL_`` except ``DATABASE_URL``, which hosts
set by that name. `docs/reference/settings.md` lists them.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PROFILES = ("demo", "production", "test")
LANGUAGES = {"en": "English", "cy": "Cymraeg", "ar": "العربية"}


class SettingError(Exception):
    """A variable of the environment cannot be used; says which, what it holds, what is allowed."""

    def __init__(self, variable: str, value: str, allowed: str) -> None:
        super().__init__(f"{variable}={value!r} cannot be used. Allowed: {allowed}.")
        self.variable = variable


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of one town hall.

    Attributes
    ----------
    profile : "demo" shows one-click sign-ins and invented residents; "production"
        refuses both and insists on a secret key and host names; "test" is for the test run.
    data_dir : folder of the embedded database, uploaded files and secrets.
    database_url, owner_database_url : connections of the application and of the
        owner that migrates; empty while the embedded database has not been started.
    base_url : public address, used in letters and links.
    languages : languages offered, the first is the default.
    pack : the jurisdiction, a package below `townhall.packs`.
    scan_address : "host:port" of a clamd virus scanner; empty means "not scanned".
    mail_dir : folder that takes outgoing mail while no mail server is configured.
    worker_threads : how many jobs one worker runs at the same time.
    time_zone : where the people live (IANA name): decides what day it is.
    live_url : public address of the live channel; empty means the port that
        `townhall up` gives it, on the host of the page.
    ledger_anchor : where the ledger's seals are left once a day, "file:FOLDER"; empty
        means nowhere.
    """

    profile: str
    data_dir: Path
    database_url: str
    owner_database_url: str
    secret_key: str
    base_url: str
    allowed_hosts: tuple[str, ...]
    languages: tuple[str, ...]
    pack: str
    scan_address: str
    log_format: str
    pool_size: int
    worker_threads: int
    time_zone: str
    live_url: str
    ledger_anchor: str

    @property
    def demo(self) -> bool:
        return self.profile == "demo"

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def mail_dir(self) -> Path:
        return self.data_dir / "mail"

    @property
    def secure(self) -> bool:
        """True if people reach this town hall over TLS."""
        return self.base_url.startswith("https://")


def default_data_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for data below the user's data directory (XDG base directories).

    For root it is `/var/lib/townhall` (FHS 3.0 §5.8): the database drops to an
    unprivileged user, who may not pass through root's home.
    """
    if os.geteuid() == 0 and "XDG_DATA_HOME" not in environ:
        return Path("/var/lib/townhall")
    base = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "townhall"


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`.

    Raises
    ------
    SettingError
        naming the first variable that cannot be used.
    """
    profile = _choice(environ, "TOWNHALL_PROFILE", PROFILES, "demo")
    data_dir = Path(environ.get("TOWNHALL_DATA") or default_data_dir(environ)).absolute()
    base_url = environ.get("TOWNHALL_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        raise SettingError("TOWNHALL_BASE_URL", base_url, "an address with http:// or https://")
    hosts = _words(environ.get("TOWNHALL_HOSTS", ""))
    if profile == "production":
        _insist_on_production(environ, base_url, hosts)
    database_url = environ.get("DATABASE_URL", "")
    return Settings(
        profile=profile,
        data_dir=data_dir,
        database_url=database_url,
        owner_database_url=environ.get("TOWNHALL_OWNER_DATABASE_URL", "") or database_url,
        secret_key=environ.get("TOWNHALL_SECRET_KEY") or _secret_key(data_dir),
        base_url=base_url,
        allowed_hosts=hosts or ("127.0.0.1", "localhost", "[::1]", "testserver"),
        languages=_languages(environ),
        pack=environ.get("TOWNHALL_PACK", "uk"),
        scan_address=environ.get("TOWNHALL_SCAN", ""),
        log_format=_choice(environ, "TOWNHALL_LOG", ("console", "json"), "console"),
        pool_size=_number(environ, "TOWNHALL_POOL", 1, 200, 4),
        worker_threads=_number(environ, "TOWNHALL_WORKER_THREADS", 1, 64, 2),
        time_zone=_time_zone(environ),
        live_url=_live_url(environ),
        ledger_anchor=_anchor(environ),
    )


@lru_cache(maxsize=1)
def current() -> Settings:
    """Return the settings of this process, read at the first call."""
    return read(os.environ)


def _insist_on_production(
    environ: Mapping[str, str], base_url: str, hosts: tuple[str, ...]
) -> None:
    if len(environ.get("TOWNHALL_SECRET_KEY", "")) < 50:
        raise SettingError("TOWNHALL_SECRET_KEY", "…", "at least 50 random characters")
    if not base_url.startswith("https://"):
        raise SettingError("TOWNHALL_BASE_URL", base_url, "an https:// address in production")
    if not hosts:
        raise SettingError("TOWNHALL_HOSTS", "", "the host names of this town hall, with commas")


def _secret_key(data_dir: Path) -> str:
    """Return the key kept beside the data, made at the first start with mode 0600."""
    path = data_dir / "secret-key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    # Root's database runs as another user, who has to pass through (not to read).
    data_dir.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    candidate = path.with_name(f"secret-key.{os.getpid()}")
    descriptor = os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(candidate, path)  # the first process wins; the others read what it wrote
    except FileExistsError:
        pass
    finally:
        candidate.unlink()
    return path.read_text(encoding="ascii").strip()


def _languages(environ: Mapping[str, str]) -> tuple[str, ...]:
    chosen = _words(environ.get("TOWNHALL_LANGUAGES", "en,cy"))
    for code in chosen:
        if code not in LANGUAGES:
            raise SettingError("TOWNHALL_LANGUAGES", code, ", ".join(LANGUAGES))
    return chosen or ("en",)


def _time_zone(environ: Mapping[str, str]) -> str:
    name = environ.get("TOWNHALL_TIME_ZONE", "Europe/London")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingError("TOWNHALL_TIME_ZONE", name, "a name such as Europe/London") from None
    return name


def _live_url(environ: Mapping[str, str]) -> str:
    address = environ.get("TOWNHALL_LIVE_URL", "").rstrip("/")
    if not re.fullmatch(r"(https?://[A-Za-z0-9.\[\]:-]+)?", address):
        raise SettingError("TOWNHALL_LIVE_URL", address, "an address with http:// or https://")
    return address


def _anchor(environ: Mapping[str, str]) -> str:
    place = environ.get("TOWNHALL_LEDGER_ANCHOR", "")
    if not re.fullmatch(r"(file:/.+)?", place):
        raise SettingError("TOWNHALL_LEDGER_ANCHOR", place, "file: and the whole path of a folder")
    return place


def _choice(
    environ: Mapping[str, str], variable: str, allowed: tuple[str, ...], default: str
) -> str:
    value = environ.get(variable, default)
    if value not in allowed:
        raise SettingError(variable, value, ", ".join(allowed))
    return value


def _number(environ: Mapping[str, str], variable: str, least: int, most: int, default: int) -> int:
    text = environ.get(variable, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SettingError(variable, text, f"a whole number from {least} to {most}")
    return int(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())

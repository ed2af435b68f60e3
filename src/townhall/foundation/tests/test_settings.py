"""What an operator may set, and what is refused with a reason."""

import stat
from pathlib import Path

import pytest

from townhall.foundation import settings

SAFE = {
    "TOWNHALL_PROFILE": "production",
    "TOWNHALL_SECRET_KEY": "k" * 64,
    "TOWNHALL_BASE_URL": "https://townhall.example/",
    "TOWNHALL_HOSTS": "townhall.example, www.townhall.example",
}


def test_production_needs_key_hosts_and_tls(tmp_path: Path) -> None:
    good = settings.read({**SAFE, "TOWNHALL_DATA": str(tmp_path)})
    assert not good.demo
    assert good.base_url == "https://townhall.example"
    assert good.allowed_hosts == ("townhall.example", "www.townhall.example")
    for variable, bad in [
        ("TOWNHALL_SECRET_KEY", "short"),
        ("TOWNHALL_BASE_URL", "http://townhall.example"),
        ("TOWNHALL_HOSTS", " , "),
    ]:
        with pytest.raises(settings.SettingError, match=variable):
            settings.read({**SAFE, variable: bad})


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("TOWNHALL_PROFILE", "Demo", "demo, production, test"),
        ("TOWNHALL_LANGUAGES", "xx", "en, cy"),
        ("TOWNHALL_POOL", "0", "from 1 to 200"),
        ("TOWNHALL_POOL", "four", "whole number"),
        ("TOWNHALL_BASE_URL", "townhall.example", "http://"),
        ("TOWNHALL_LOG", "xml", "console, json"),
        ("TOWNHALL_WORKER_THREADS", "0", "from 1 to 64"),
        ("TOWNHALL_TIME_ZONE", "Europe/Nowhere", "Europe/London"),
        ("TOWNHALL_TIME_ZONE", "../../etc/passwd", "Europe/London"),
        ("TOWNHALL_LIVE_URL", "https://x.example; script-src *", "https://"),
    ],
)
def test_a_bad_value_names_itself_and_what_is_allowed(
    tmp_path: Path, variable: str, value: str, allowed: str
) -> None:
    with pytest.raises(settings.SettingError) as caught:
        settings.read({"TOWNHALL_DATA": str(tmp_path), variable: value})
    assert variable in str(caught.value)
    assert value in str(caught.value)
    assert allowed in str(caught.value)


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = settings.read({"TOWNHALL_DATA": str(tmp_path / "new")})
    second = settings.read({"TOWNHALL_DATA": str(tmp_path / "new")})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 50
    path = tmp_path / "new" / "secret-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secret-key"]


def test_one_address_serves_both_roles_when_the_operator_gives_one(tmp_path: Path) -> None:
    read = settings.read({"TOWNHALL_DATA": str(tmp_path), "DATABASE_URL": "postgresql://u@h/d"})
    assert read.owner_database_url == read.database_url == "postgresql://u@h/d"

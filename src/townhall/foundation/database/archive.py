"""One file that holds a whole town hall: a manifest, a dump, contents and the secret.

An uncompressed tar (the dump is compressed in itself, most contents are too),
so that any tar opens it. The manifest comes first and names every other member
with its size and SHA-256; nothing that it does not name is accepted.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from townhall.foundation.database.errors import ClusterError

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
SECRET = "secret-key"  # noqa: S105 - the name of a file
CONTENTS = "files/"
_FOLDER = "townhall-backup/"
_ALLOWED = re.compile(rf"{re.escape(DUMP)}|{re.escape(SECRET)}|{CONTENTS}[0-9a-f]{{64}}")
_CHUNK = 1 << 20
_MANIFEST_BYTES = 500_000_000


class BackupFailed(ClusterError):
    """No backup could be written; nothing half done is left under its name."""


class ArchiveUnusable(ClusterError):
    """The file is no backup, is damaged, or is of a newer Townhall; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds and what wrote it.

    Attributes
    ----------
    format
        Version of this layout.
    townhall, postgresql
        The versions that wrote it.
    made_at
        The instant of the database's snapshot, ISO 8601, UTC.
    migrations
        Per room, the migrations that were applied.
    members
        Everything else in the archive.
    """

    format: int
    townhall: str
    postgresql: str
    made_at: str
    migrations: Mapping[str, Sequence[str]]
    members: Sequence[Member]


def describe(path: Path, name: str) -> Member:
    """Read a file and say what the manifest will say of it."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Member(name, stream.tell(), digest)


def pack(target: Path, manifest: Manifest, sources: Mapping[str, Path]) -> None:
    """Write the archive under a temporary name, flush it to the disk, then give it its name.

    Parameters
    ----------
    target
        Where it will be; an older archive of that name is replaced at the last moment.
    manifest
        Names every member.
    sources
        Where each member's bytes are.
    """
    making = target.with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
                text = json.dumps(asdict(manifest), indent=1).encode()
                tar.addfile(_header(MANIFEST, len(text)), io.BytesIO(text))
                for member in manifest.members:
                    with sources[member.name].open("rb") as source:
                        tar.addfile(_header(member.name, member.size), source)
            stream.flush()
            os.fsync(stream.fileno())
        making.rename(target)
        flush_folder(target.parent)
    finally:
        making.unlink(missing_ok=True)


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(_FOLDER + name)
    header.size, header.mode = size, 0o600
    return header


def flush_folder(folder: Path) -> None:
    """Flush names in `folder` to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unpack(source: Path, into: Path) -> Manifest:
    """Write every member below `into`, having checked it against the manifest.

    Contents come to lie as the store of files keeps them. `into` is a folder
    of the caller's that is thrown away when this raises.

    Raises
    ------
    ArchiveUnusable
        At the first thing that is not as the manifest says.
    """
    with _opened(source) as tar:
        members = iter(tar)
        manifest = _manifest(source, tar, next(members, None))
        expected = {member.name: member for member in manifest.members}
        for entry in members:
            name = entry.name.removeprefix(_FOLDER)
            member = expected.pop(name, None)
            if member is None or not entry.isfile() or entry.size != member.size:
                raise _damaged(source, f"{name} is not what its manifest says")
            if name.startswith(CONTENTS) and name != CONTENTS + member.sha256:
                raise _damaged(source, f"{name} is named after another content")
            content = tar.extractfile(entry)
            assert content is not None
            if _copy(content, into / _place(name)) != member.sha256:
                raise _damaged(source, f"{name} has other bytes than it should")
        if expected:
            raise _damaged(source, f"{len(expected)} members are missing, first {min(expected)}")
    return manifest


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, mode="r:") as tar:
            yield tar
    except FileNotFoundError as error:
        raise ArchiveUnusable(f"There is no file {source}.", "Name a backup.") from error
    except (tarfile.TarError, EOFError) as error:
        raise _damaged(source, f"it cannot be read as a tar ({error})") from error


def _manifest(source: Path, tar: tarfile.TarFile, first: tarfile.TarInfo | None) -> Manifest:
    if first is None or first.name != _FOLDER + MANIFEST or first.size > _MANIFEST_BYTES:
        raise ArchiveUnusable(
            f"{source} is not a backup of Townhall.", "Name a file that `townhall backup` wrote."
        )
    stream = tar.extractfile(first)
    assert stream is not None
    try:
        raw = json.loads(stream.read())
        if raw["format"] != FORMAT:
            raise ArchiveUnusable(
                f"{source} was written by a newer Townhall ({raw['townhall']}).",
                "Restore it with that version or a newer one.",
            )
        members = [Member(**member) for member in raw.pop("members")]
        manifest = Manifest(**raw, members=members)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(source, f"its manifest cannot be read ({error})") from error
    for member in manifest.members:
        if not _ALLOWED.fullmatch(member.name):
            raise _damaged(source, f"its manifest names {member.name!r}")
    return manifest


def _place(name: str) -> Path:
    """Where a member lies below the data folder."""
    if not name.startswith(CONTENTS):
        return Path(name)
    digest = name.removeprefix(CONTENTS)
    return Path(CONTENTS, digest[:2], digest[2:4], digest)


def _copy(content: IO[bytes], target: Path) -> str:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _damaged(source: Path, what: str) -> ArchiveUnusable:
    return ArchiveUnusable(
        f"{source} is damaged: {what}.", "Nothing was changed. Use another backup."
    )

"""The database of a town hall for a command that needs it, whether it stands or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from townhall.foundation.database import roles
from townhall.foundation.database.cluster import Cluster
from townhall.foundation.database.errors import AlreadyRunning, ClusterError
from townhall.foundation.settings import Settings


class NothingThere(ClusterError):
    """There is no database yet."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """How to reach the database, by role.

    Attributes
    ----------
    application, owner
        `postgresql://` addresses.
    embedded
        Whether it is ours.
    """

    application: str
    owner: str
    embedded: bool


def cluster_of(settings: Settings, *, server_user: str | None = None) -> Cluster:
    """Return the embedded database of these settings, not started."""
    return Cluster(settings.data_dir / "database", server_user=server_user)


@contextmanager
def attached(settings: Settings, *, server_user: str | None = None) -> Iterator[Addresses]:
    """Give the addresses of the database while the block runs.

    An outside database is used as it is; an embedded one that `townhall up`
    runs is joined; one that is stopped is started for the block.

    Raises
    ------
    NothingThere
        When there is neither.
    ClusterError
        When it cannot be started.
    """
    if settings.database_url:
        yield Addresses(settings.database_url, settings.owner_database_url, embedded=False)
        return
    cluster = cluster_of(settings, server_user=server_user)
    if not cluster.folder.made():
        raise NothingThere(
            f"There is no database in {cluster.folder.path}.",
            "Start the town hall once (`townhall up`), or name its folder with --data.",
        )
    addresses = Addresses(cluster.dsn(), cluster.dsn(roles.OWNER), embedded=True)
    try:
        cluster.start()
    except AlreadyRunning:
        yield addresses
        return
    try:
        yield addresses
    finally:
        cluster.stop()

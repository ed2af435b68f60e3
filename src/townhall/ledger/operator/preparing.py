"""What is made before the first entry: keys, logs, and the policy as entry 0 of `keys`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.settings import Settings
from townhall.ledger.log.log import Log
from townhall.ledger.models import checkpoint as checkpoints
from townhall.ledger.models import log as logs
from townhall.ledger.operator import demonstration, policies
from townhall.ledger.operator.folder import LOGS, Folder, FolderUnusable, make_folder, open_folder

PLACE = "ledger"


def folder_of(settings: Settings) -> Path:
    """Return where the operator's folder lies."""
    return settings.data_dir / PLACE


def prepare(settings: Settings, say: Callable[[str], None] = lambda _words: None) -> None:
    """Make what is missing; what is there stays as it is. Safe to repeat.

    Raises
    ------
    FolderUnusable
        If the database knows logs whose keys or names are others than the folder's.
    """
    host = urlsplit(settings.base_url).hostname or "localhost"
    folder = own_folder(settings, f"{host}/ledger")
    policies.settle(folder)
    for name in LOGS:
        _prepare_log(folder, name)
    if settings.demo and folder.policy() is None:
        folder.set_policy(demonstration.policy(folder, settings.data_dir))
        say("making keys for four witnesses of the demonstration")
    record_policy(folder)


def own_folder(settings: Settings, name: str = "") -> Folder:
    """Return the operator's folder; made again if it was lost and the database has a ledger.

    The database knows the name and the policies, and every entry. It does not know the keys,
    and no log is signed without them.

    Parameters
    ----------
    name
        What the origins of all logs begin with, if this is a new ledger; empty: it is none.

    Raises
    ------
    FolderUnusable
        If there is no ledger.
    """
    path = folder_of(settings)
    if not (path / "name").exists():
        with scope(SYSTEM):
            known = logs.all_logs()
        name = known[0].origin.rpartition("/")[0] if known else name
        if name:
            return make_folder(path, name)
    return open_folder(path)


def record_policy(folder: Folder) -> bool:
    """Put the first policy in force and on the log; return whether that was done now.

    A later one needs the signatures of a quorum: see `policies`.

    Raises
    ------
    FolderUnusable
        If the log would not take it.
    """
    policy = folder.policy()
    with scope(SYSTEM):
        if policy is None or checkpoints.policy_now() is not None:
            return False
        try:
            policies.put_in_force(folder, policy.text, "")
        except policies.PolicyRefused as error:
            raise FolderUnusable(
                f"The policy in {folder.path} cannot be put in force: {error}"
            ) from error
    return True


def make_log(folder: Folder, name: str) -> None:
    """Make the files of a log if there are none: new, or lost.

    What was lost comes back from the database or from a witness's copy. Where neither has
    all that was signed, `Sequencer.catch_up` refuses to go on.
    """
    if not (folder.log(name) / "log").exists():
        Log.create(folder.log(name), folder.origin(name)).close()


def _prepare_log(folder: Folder, name: str) -> None:
    with scope(SYSTEM):
        known = logs.get(name)
    if known is None and not folder.has_keys(name):
        folder.make_keys(name)
    make_log(folder, name)
    insist_on_own_keys(folder, name)


def insist_on_own_keys(folder: Folder, name: str) -> None:
    """Let the database know a log, or see that it knows it by this name and these keys.

    Raises
    ------
    FolderUnusable
        If it does not, or the keys are not there.
    """
    verifier_keys = " ".join(str(each.key) for each in folder.signers(name))
    try:
        with scope(SYSTEM):
            logs.make(name, folder.origin(name), verifier_keys)
    except ValueError:
        raise FolderUnusable(
            f"The database knows the log {name} by another name or by other keys than "
            f"{folder.path}. Put back the folder that belongs to this database."
        ) from None

"""What can go wrong with the embedded database; each message says what to do."""

from __future__ import annotations


class ClusterError(RuntimeError):
    """The embedded database cannot do what was asked.

    Parameters
    ----------
    wrong
        What is wrong, in one sentence, naming the file or process.
    cure
        What the operator does about it, in one or two sentences.
    """

    def __init__(self, wrong: str, cure: str) -> None:
        super().__init__(f"{wrong} {cure}")
        self.wrong = wrong
        self.cure = cure


class BinariesMissing(ClusterError):
    """No PostgreSQL programs for this machine."""


class AlreadyRunning(ClusterError):
    """Another process works on the same data."""


class FolderUnusable(ClusterError):
    """The data folder cannot be written, belongs to somebody else or holds other things."""


class PathTooLong(ClusterError):
    """The socket's path would not fit into the kernel's limit."""


class FolderUnreachable(ClusterError):
    """The server's user cannot enter a folder above the data."""


class OtherVersion(ClusterError):
    """The data was written by another major version of PostgreSQL."""


class UserUnknown(ClusterError):
    """The operating system has no name for a user that peer authentication needs."""


class WrongThread(ClusterError):
    """Started from a thread whose end would stop the database."""


class DiskFull(ClusterError):
    """No space left where the data lies."""


class StartFailed(ClusterError):
    """PostgreSQL did not come up; its own last words are in the message."""

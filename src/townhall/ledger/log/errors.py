"""What can go wrong with the files of a log, in words that say what to do."""

from __future__ import annotations


class LogError(Exception):
    """A log cannot do what it was asked for; the text says why and what helps."""


class LogInUse(LogError):
    """Another process writes this log."""


class LogDamaged(LogError):
    """Bytes on the disk are not what was written, and nothing here can restore them."""


class LogRolledBack(LogError):
    """The files are older than what this log has signed: a backup was put back."""


class DiskFull(LogError):
    """There is no room. Nothing was changed: the same call works once there is."""


class LogStopped(LogError):
    """A write or sync failed in a way that leaves open what is on the disk.

    The instance refuses to write from then on; opening the log again reads what
    is really there.
    """


class NotInLog(LogError):
    """The log has no such entry, or not as many entries."""


class CheckpointRefused(LogError):
    """A checkpoint contradicts the entries, or what was signed or published before."""

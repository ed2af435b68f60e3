"""Why a witness does not start, or stops signing, in words that say what to do."""

from __future__ import annotations


class WitnessError(Exception):
    """A witness cannot do what it was asked for."""


class SettingsInvalid(WitnessError):
    """The settings are wrong; the text says which line and why."""


class WitnessRetired(WitnessError):
    """The witness lost its state, or got an older one back: its keys must not sign again.

    A witness that signs with an old state vouches for a fork that it should have
    refused. So it is replaced by a new one with new keys, never restored.
    """


class WitnessStopped(WitnessError):
    """The state could not be stored: nothing is signed until the witness is started anew."""

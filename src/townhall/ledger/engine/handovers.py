"""Hand-over: the file by which the quorum gives a town hall's logs to other keys.

Every policy names the keys of the logs. A policy that names others, signed by a quorum
of the one before it, is therefore all that a witness needs in order to follow: whoever
brings it, and whether or not the old operator agrees. It serves to rotate the keys of a
log, after a theft of them, and to give the logs to another operator when the present
one withholds entries.

No size needs to be agreed on. A witness takes from the new keys, too, only what
continues all that it has vouched for; any two quorums share an honest witness; so
nothing that was final can be missing in what becomes final under the new keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from townhall.ledger.engine import canonical
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.engine.policy import LARGEST_POLICY, Policy
from townhall.ledger.engine.registers import keys

FORMAT: Final = "townhall/hand-over/v1"
LARGEST: Final = 2 * LARGEST_POLICY
KEYS: Final = "/keys"
"""How the origin of the log ends that holds the policies of its neighbours."""

_FIELDS: Final = {"format": str, "origin": str, "policy": str, "sequence": int, "signatures": str}


class HandOverInvalid(Refused):
    """Bytes that are no hand-over, or one that must not be followed."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """A policy with the signatures of the quorum before it.

    Attributes
    ----------
    origin
        Of the log `keys`, whose next entry it is or will be.
    sequence, policy, signatures
        As in that entry.
    """

    origin: str
    sequence: int
    policy: str
    signatures: str

    def render(self) -> bytes:
        """Return the file."""
        return canonical.encode(
            {
                "format": FORMAT,
                "origin": self.origin,
                "policy": self.policy,
                "sequence": self.sequence,
                "signatures": self.signatures,
            }
        )

    @classmethod
    def parse(cls, content: bytes) -> HandOver:
        """Read a file. Nothing is verified by that; see `check`.

        Raises
        ------
        Refused
            If it is no hand-over.
        """
        if len(content) > LARGEST:
            raise HandOverInvalid(f"a hand-over has at most {LARGEST} bytes")
        value: Any = canonical.decode(content)
        if type(value) is not dict or {each: type(value[each]) for each in value} != _FIELDS:
            raise HandOverInvalid("a hand-over has the fields " + ", ".join(_FIELDS))
        if value.pop("format") != FORMAT:
            raise HandOverInvalid(f"this is no file of the format {FORMAT}")
        if len(value["policy"]) > LARGEST_POLICY or len(value["signatures"]) > LARGEST_POLICY:
            raise HandOverInvalid(f"policy and signatures have at most {LARGEST_POLICY} characters")
        return cls(**value)

    def check(self, last: tuple[int, str] | None) -> Policy:
        """Return its policy, if it may take the place of the last one.

        Parameters
        ----------
        last
            Number and text of the policy in force, as the reader knows it.

        Raises
        ------
        Refused
            If there is none, or its quorum has not signed.
        """
        if last is None:
            raise HandOverInvalid("no policy is known here that could be followed by another")
        return keys.succeed(self.origin, last, self.sequence, self.policy, self.signatures)


def keys_of(policy: Policy, origin: str) -> tuple[VerifierKey, ...]:
    """Return the keys that a policy names for a log."""
    return tuple(log.key for log in policy.logs if log.key.name == origin)


def governing(origin: str) -> str:
    """Return the origin of the log `keys` whose policies speak of a log: its neighbour."""
    return origin.rpartition("/")[0] + KEYS

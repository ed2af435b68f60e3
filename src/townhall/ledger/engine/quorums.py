"""Quorums: who must have signed, and how many would have to be dishonest.

A quorum is a tree: its leaves are parties, its inner nodes ask for k of their n
members. Because a member belongs to one group only (C2SP tlog-policy), the two
figures that matter have closed forms, and no set needs to be tried out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """A part of a quorum: one party, or a group of parts.

    Attributes
    ----------
    name
        As the policy calls it.
    parties
        Who holds the keys below it, by the names of the keys.
    threshold, members
        How many of the members must have signed; a witness has no members.
    """

    name: str
    parties: frozenset[str]
    threshold: int = 0
    members: tuple[Member, ...] = ()

    @property
    def is_one_party(self) -> bool:
        """Whether one party alone holds all keys below, perhaps of several kinds."""
        return len(self.parties) == 1

    def satisfied_by(self, names: Collection[str]) -> bool:
        """Whether these witnesses are enough."""
        if not self.members:
            return self.name in names
        return sum(each.satisfied_by(names) for each in self.members) >= self.threshold

    def smallest_intersection(self) -> int:
        """Return how many parties any two satisfying sets share at least.

        So many must be dishonest before two different histories can both be final.
        Of two sets that each satisfy k of n members at least 2k - n members are
        common, and an adversary chooses those that cost least.
        """
        if self.is_one_party:
            return 1
        common = max(0, 2 * self.threshold - len(self.members))
        return sum(sorted(each.smallest_intersection() for each in self.members)[:common])

    def fewest_to_stop(self) -> int:
        """Return how many parties must be down before nothing becomes final any more."""
        if not self.members:
            return 1
        missing = len(self.members) - self.threshold + 1
        cost = sum(sorted(each.fewest_to_stop() for each in self.members)[:missing])
        return 1 if self.is_one_party else cost

    def fewest_to_satisfy(self) -> int:
        """Return how many parties the smallest satisfying set has."""
        if not self.members or self.is_one_party:
            return 1
        return sum(sorted(each.fewest_to_satisfy() for each in self.members)[: self.threshold])

    def fewest_to_know(self) -> int:
        """Return how many parties must be asked so that every satisfying set has one of them.

        Any so many: with N parties, and at least q in a satisfying set, N - q + 1.
        """
        return len(self.parties) - self.fewest_to_satisfy() + 1

    def divided_party(self) -> str | None:
        """Return a party whose keys stand at several places of the quorum, if any.

        It would count more than once; keys of one party belong into one group that
        asks for any of them.
        """
        if self.is_one_party:
            return None
        seen: set[str] = set()
        for each in self.members:
            both = seen & each.parties
            if both:
                return min(both)
            seen |= each.parties
        return next(filter(None, (each.divided_party() for each in self.members)), None)

"""The history of a town hall's policies: one file that leads from any of them to the newest.

A receipt brings the policy of its day. Who trusts another policy of the same town hall,
one printed years ago or the one of today, needs to know that the two belong together:
the log `keys` says so. The history is all entries of that log with its checkpoint.

It is worth as much as the policy that the reader trusts, and leads both ways:

- to later ones, because each is signed by a quorum of the one before it;
- to earlier ones, because the quorum of the newest has cosigned the whole log.

Each policy then counts for its own time only (`dated`): signatures made later than a day
after another took its place count no more, and neither do those of a key that a later
policy cuts off. Otherwise whoever gathers the keys of a quorum that was dismissed long
ago, one by one, could sign receipts of its time for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from townhall.ledger.engine import canonical, entries
from townhall.ledger.engine import registers as rules
from townhall.ledger.engine.encoding import to_utf8
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.handovers import KEYS
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.tree import Frontier

FORMAT: Final = "townhall/policies/v1"
LARGEST: Final = 8 * 1024 * 1024
MOST: Final = 1_024
"""Entries; a town hall that changes its policy every month gets there in 85 years."""
GRACE: Final = 86_400
"""Seconds for which signatures still count after another policy has taken the place."""

_FIELDS: Final = {"checkpoint": str, "entries": list, "format": str}
_LOG: Final = KEYS.removeprefix("/")


class HistoryInvalid(Refused):
    """Bytes that are no history of policies, or one that cannot be relied on."""


@dataclass(frozen=True, slots=True)
class Era:
    """A policy, and when it came into force.

    Attributes
    ----------
    policy
        As its file says.
    since
        POSIX seconds.
    """

    policy: Policy
    since: int


@dataclass(frozen=True, slots=True)
class History:
    """The log of policies, whole. Nothing is verified by reading it; see `check`.

    Attributes
    ----------
    entries
        Bytes of every entry, from the first.
    checkpoint
        Of exactly these entries, with signatures.
    """

    entries: tuple[bytes, ...]
    checkpoint: SignedNote

    def render(self) -> bytes:
        """Return the file.

        Raises
        ------
        Refused
            If it could not be read again.
        """
        content = canonical.encode(
            {
                "checkpoint": self.checkpoint.render().decode(),
                "entries": [each.decode() for each in self.entries],
                "format": FORMAT,
            }
        )
        if History.parse(content) != self:
            raise HistoryInvalid("this history could not be read again")
        return content

    @classmethod
    def parse(cls, content: bytes) -> History:
        """Read a file.

        Raises
        ------
        Refused
            If it is no history, or larger than 8 MiB.
        """
        if len(content) > LARGEST:
            raise HistoryInvalid(f"a history of policies has at most {LARGEST} bytes")
        value: Any = canonical.decode(content)
        if type(value) is not dict or {each: type(value[each]) for each in value} != _FIELDS:
            raise HistoryInvalid("a history has the fields " + ", ".join(_FIELDS))
        if value["format"] != FORMAT:
            raise HistoryInvalid(f"this is no file of the format {FORMAT}")
        texts = value["entries"]
        if not 1 <= len(texts) <= MOST or not all(type(each) is str for each in texts):
            raise HistoryInvalid(f"a history has 1 to {MOST} entries, and each is a text")
        note = SignedNote.parse(to_utf8(value["checkpoint"]))
        return cls(tuple(map(to_utf8, texts)), note)

    def check(self, trusted: Collection[bytes]) -> list[Era]:
        """Return every policy that there was, oldest first, if the file can be relied on.

        Parameters
        ----------
        trusted
            Texts of policies that the reader trusts, at least one: it must have all of them.

        Raises
        ------
        Refused
            If an entry breaks the rules of the log, the quorum of the newest policy has not
            signed exactly these entries, or a policy that is trusted is missing.
        """
        eras = self._replayed()
        newest = eras[-1].policy
        final = newest.verify(self.checkpoint)
        if final.checkpoint.origin != entries.decode(self.entries[0]).origin:
            raise HistoryInvalid("the checkpoint is that of another log")
        tree = Frontier()
        tree.extend(map(leaf_hash, self.entries))
        if (final.checkpoint.size, final.checkpoint.root) != (tree.size, tree.root()):
            raise HistoryInvalid("the checkpoint is over other entries")
        known = {era.policy.text for era in eras}
        if not trusted or not known.issuperset(trusted):
            # Without those that came later it would make keys count again that they dismissed.
            raise HistoryInvalid("it does not have every policy that is trusted here")
        return eras

    def _replayed(self) -> list[Era]:
        state = rules.start(_LOG, entries.decode(self.entries[0]).origin)
        eras = []
        for index, content in enumerate(self.entries):
            state = rules.apply(state, index, content)
            entry = entries.decode(content)
            eras.append(Era(Policy.load(to_utf8(entry.body["policy"])), entry.at))
        return eras


def dated(eras: Sequence[Era]) -> list[Policy]:
    """Return the policies of a history, each so that it counts for its own time only.

    Parameters
    ----------
    eras
        Oldest first.

    Returns
    -------
    list of Policy
        The same number in the same order, with the texts as they were; the last one is as
        it was altogether.
    """
    found = []
    for place, era in enumerate(eras):
        later = eras[place + 1 :]
        policy = era.policy
        if later:
            policy = replace(policy, valid_until=min(policy.valid_until, later[0].since + GRACE))
        for each in later:
            policy = _cut(policy, each.policy)
        found.append(policy)
    return found


def _cut(policy: Policy, later: Policy) -> Policy:
    """Return a policy with the cut-offs that a later one has for the same keys."""
    cutoffs = {each.key: each.cutoffs for each in later.witnesses if each.cutoffs is not None}
    witnesses = tuple(
        replace(each, cutoffs=_lower(each.cutoffs, cutoffs[each.key]))
        if each.key in cutoffs
        else each
        for each in policy.witnesses
    )
    return replace(policy, witnesses=witnesses)


def _lower(one: Mapping[str, int] | None, other: Mapping[str, int]) -> Mapping[str, int]:
    """Return the lower of two cut-offs for each log; a log that one does not name has none."""
    if one is None:
        return other
    return {origin: min(size, other[origin]) for origin, size in one.items() if origin in other}

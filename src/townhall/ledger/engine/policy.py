"""Policies: which logs are meant, and whose signatures make an entry final.

The file is that of C2SP tlog-policy. What it has no words for stands in comments
that other software skips:

- `# townhall: faults 1`: how many dishonest parties the quorum withstands;
- `# townhall: valid 1700000000 -`: cosignatures of [from, until) count, POSIX
  seconds, `-` for no bound;
- `# townhall: cutoff <witness> <origin> <size>`: a key that was compromised; its
  signatures count for checkpoints of this log of at most this size, and for those of a
  log that no such line of the witness names not at all.

Each may also be written without `# townhall:`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from townhall.ledger.engine import checkpoints, cosignatures
from townhall.ledger.engine.checkpoints import Checkpoint, CheckpointInvalid
from townhall.ledger.engine.encoding import LARGEST_FIGURE, from_decimal
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import COSIGNERS, VerifierKey
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.quorums import Member

LARGEST_POLICY: Final = 256 * 1024
NONE: Final = "none"
OURS: Final = "# townhall:"
MOST_DEFINED: Final = 1_024  # logs, witnesses and groups; 32 of each must be possible
DEEPEST: Final = 32  # groups within groups
_OUR_WORDS: Final = (["faults"], ["valid"], ["cutoff"])


class PolicyInvalid(Refused):
    """A file that is no policy; the text names the line."""


class PolicyUnsafe(Refused):
    """A policy under which fewer dishonest parties than declared could cheat."""


class NotFinal(Refused):
    """A checkpoint that the quorum has not signed."""


@dataclass(frozen=True, slots=True)
class Log:
    """A log that is meant, by one of its keys; the key's name is the log's origin."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """A key whose signature counts.

    Attributes
    ----------
    name
        What this policy calls it.
    key, url
        A key for cosignatures, and where checkpoints are submitted.
    cutoffs
        Origin of a log to the size of its largest checkpoint for which the key counts;
        None: it was not compromised, and counts for every one.
    """

    name: str
    key: VerifierKey
    url: str = ""
    cutoffs: Mapping[str, int] | None = None

    def counts_for(self, checkpoint: Checkpoint) -> bool:
        """Whether a signature of this key under a checkpoint counts."""
        return self.cutoffs is None or checkpoint.size <= self.cutoffs.get(checkpoint.origin, -1)


@dataclass(frozen=True, slots=True)
class Finality:
    """A checkpoint that became final.

    Attributes
    ----------
    checkpoint, note
        What is final, and with whose signatures.
    cosigned
        Name of a witness to the POSIX time of its signature; those that count.
    """

    checkpoint: Checkpoint
    note: SignedNote
    cosigned: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses and the quorum. `load` gives one that is safe.

    Attributes
    ----------
    logs, witnesses
        In the order of the file.
    quorum
        The root of the quorum; None: no signatures are asked for.
    faults
        Dishonest parties to withstand; None: not declared.
    valid_from, valid_until
        POSIX seconds, [from, until): when a cosignature was made that counts.
    text
        The file as it was read: what a receipt carries.
    """

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...]
    quorum: Member | None
    faults: int | None = None
    valid_from: int = 0
    valid_until: int = LARGEST_FIGURE
    text: bytes = field(default=b"", repr=False, compare=False)

    @classmethod
    def parse(cls, text: bytes) -> Policy:
        """Read a policy file, safe or not.

        Raises
        ------
        PolicyInvalid
            If it is malformed.
        """
        return _Reader().read(text)

    @classmethod
    def load(cls, text: bytes) -> Policy:
        """Read a policy file and refuse it if it is not safe.

        Raises
        ------
        PolicyInvalid, PolicyUnsafe
            If it is malformed, or does not withstand the faults that it declares.
        """
        policy = cls.parse(text)
        policy.check_safe()
        return policy

    def check_safe(self) -> None:
        """Refuse a quorum of which too few dishonest parties could make two.

        For q of N equal parties the condition is 2q > N + f; for groups, the
        smallest intersection of two satisfying sets must exceed f.

        Raises
        ------
        PolicyUnsafe
            With the figures.
        """
        if self.faults is None:
            raise PolicyUnsafe("the policy does not declare how many faults it withstands")
        if self.quorum is None:
            raise PolicyUnsafe("without a quorum the log alone could show two histories")
        divided = self.quorum.divided_party()
        if divided is not None:
            raise PolicyUnsafe(
                f"{divided} holds keys at several places of the quorum and would count twice"
            )
        own = {log.key.name for log in self.logs} & self.quorum.parties
        if own:
            raise PolicyUnsafe(f"{min(own)} is a log and cannot be its own witness")
        shared = self.smallest_intersection()
        if shared <= self.faults:
            raise PolicyUnsafe(
                f"two quorums may have only {shared} in common, so {shared} dishonest "
                f"could show two histories; the policy declares to withstand {self.faults}"
            )

    def asks_for(self, keys: Iterable[VerifierKey]) -> bool:
        """Whether one of these keys belongs to a party of the quorum."""
        return self.quorum is not None and any(key.name in self.quorum.parties for key in keys)

    def satisfied_by(self, names: Collection[str]) -> bool:
        """Whether signatures of these witnesses make a checkpoint final."""
        return self.quorum is None or self.quorum.satisfied_by(names)

    def smallest_intersection(self) -> int:
        """Return how many parties any two quorums share at least."""
        return 0 if self.quorum is None else self.quorum.smallest_intersection()

    def fewest_to_stop(self) -> int | None:
        """Return how many parties must be down before nothing becomes final; None: never."""
        return None if self.quorum is None else self.quorum.fewest_to_stop()

    def fewest_to_know(self) -> int:
        """Return how many parties of the quorum must answer to know all that became final.

        One of any so many had signed it. If as many as `faults` of those who answer may
        lie, as many more must answer.
        """
        return 0 if self.quorum is None else self.quorum.fewest_to_know()

    def cosigned(self, note: SignedNote) -> dict[str, int]:
        """Return the witnesses whose signature on a checkpoint counts, and its time.

        Raises
        ------
        CheckpointInvalid, SignatureInvalid
            If it is no checkpoint, or one of the signatures is false.
        """
        checkpoint = Checkpoint.parse(note.text)
        times = cosignatures.cosigners_of(note, [each.key for each in self.witnesses])
        return {
            each.name: times[each.key]
            for each in self.witnesses
            if each.key in times
            and self.valid_from <= times[each.key] < self.valid_until
            and each.counts_for(checkpoint)
        }

    def verify(self, note: bytes | SignedNote) -> Finality:
        """Return a checkpoint that its log and the quorum have signed.

        Raises
        ------
        NoteInvalid, CheckpointInvalid, SignatureInvalid
            If it is no checkpoint of one of the logs, truly signed.
        NotFinal
            If those who signed are no quorum, or signed outside the policy's time.
        """
        parsed = note if isinstance(note, SignedNote) else SignedNote.parse(note)
        origin = Checkpoint.parse(parsed.text).origin
        keys = [log.key for log in self.logs if log.key.name == origin]
        if not keys:
            raise CheckpointInvalid("this is a checkpoint of a log that the policy does not name")
        opened = checkpoints.open_checkpoint(parsed, origin, keys)
        cosigned = self.cosigned(parsed)
        if not self.satisfied_by(cosigned):
            raise NotFinal(
                f"{len(cosigned)} of {len(self.witnesses)} witnesses signed this checkpoint "
                "within the policy's time, and they are no quorum"
            )
        return Finality(opened.checkpoint, parsed, cosigned)


class _Reader:
    """Reads one policy file, line by line; groups name what stands above them."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: dict[str, Witness] = {}
        self.cutoffs: dict[str, dict[str, int]] = {}
        self.members: dict[str, Member] = {}
        self.depth: dict[str, int] = {}
        self.grouped: set[str] = set()
        self.public: set[bytes] = set()
        self.quorum: Member | None = None
        self.quorums = 0
        self.faults: int | None = None
        self.valid: tuple[int, int] | None = None

    def read(self, text: bytes) -> Policy:
        if len(text) > LARGEST_POLICY:
            raise PolicyInvalid(f"a policy has at most {LARGEST_POLICY} bytes")
        if any((each < 0x20 and each not in b"\t\n") or each == 0x7F for each in set(text)):
            raise PolicyInvalid("a policy has no control characters but tab and newline")
        # Names are opaque bytes; surrogates carry those that are no UTF-8.
        *lines, rest = text.decode("utf-8", "surrogateescape").split("\n")
        if rest:
            raise PolicyInvalid("the last line of a policy does not end in a newline")
        for number, line in enumerate(lines, 1):
            try:
                self._line(line.strip(" \t"))
            except Refused as error:
                raise PolicyInvalid(f"line {number}: {error}") from None
        if self.quorums != 1:
            raise PolicyInvalid(f"a policy has one line `quorum`, not {self.quorums}")
        valid_from, valid_until = self.valid or (0, LARGEST_FIGURE)
        return Policy(
            logs=tuple(self.logs),
            witnesses=tuple(
                replace(each, cutoffs=self.cutoffs.get(each.name))
                for each in self.witnesses.values()
            ),
            quorum=self.quorum,
            faults=self.faults,
            valid_from=valid_from,
            valid_until=valid_until,
            text=text,
        )

    def _line(self, line: str) -> None:
        ours = line.startswith(OURS)
        words = [word for word in line.removeprefix(OURS).replace("\t", " ").split(" ") if word]
        if not ours and (not words or words[0].startswith("#")):
            return
        if ours and words[:1] not in _OUR_WORDS:
            # Nothing that other software understands may hide in a comment.
            raise PolicyInvalid("after `# townhall:` stands faults, valid or cutoff")
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                key = VerifierKey.parse(vkey)
                self._new_key(key)
                self.logs.append(Log(key, "".join(url)))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witness(Witness(name, VerifierKey.parse(vkey), "".join(url)))
            case ["group", name, threshold, first, *others]:
                self._group(name, threshold, [first, *others])
            case ["quorum", name]:
                self.quorums += 1
                self.quorum = None if name == NONE else self._member(name)
            case ["faults", figure] if self.faults is None:
                self.faults = from_decimal(figure)
            case ["valid", start, end] if self.valid is None:
                self.valid = (
                    0 if start == "-" else from_decimal(start),
                    LARGEST_FIGURE if end == "-" else from_decimal(end),
                )
                if self.valid[0] >= self.valid[1]:
                    raise PolicyInvalid("the policy is valid at no time")
            case ["cutoff", name, origin, size] if name in self.witnesses:
                self._cutoff(name, origin, from_decimal(size))
            case _:
                raise PolicyInvalid("this is no line of a policy")

    def _witness(self, witness: Witness) -> None:
        if witness.key.kind not in COSIGNERS:
            raise PolicyInvalid("the key of a witness is one for cosignatures")
        self._new_key(witness.key)
        self._define(Member(witness.name, frozenset({witness.key.name})), 0)
        self.witnesses[witness.name] = witness

    def _cutoff(self, name: str, origin: str, size: int) -> None:
        cutoffs = self.cutoffs.setdefault(name, {})
        if origin in cutoffs:
            raise PolicyInvalid("a witness has one cut-off for each log")
        if len(cutoffs) >= MOST_DEFINED:
            raise PolicyInvalid(f"a witness has at most {MOST_DEFINED} cut-offs")
        cutoffs[origin] = size

    def _group(self, name: str, threshold: str, names: list[str]) -> None:
        if not self.grouped.isdisjoint(names) or len(set(names)) != len(names):
            raise PolicyInvalid("a name is a member of at most one group, and once")
        members = tuple(self._member(each) for each in names)
        match threshold:
            case "all":
                least = len(members)
            case "any":
                least = 1
            case _:
                least = from_decimal(threshold)
        if not 1 <= least <= len(members):
            raise PolicyInvalid("a group asks for at least one and at most all of its members")
        depth = 1 + max(self.depth[each] for each in names)
        if depth > DEEPEST:
            raise PolicyInvalid(f"groups are at most {DEEPEST} deep")
        parties = frozenset().union(*(each.parties for each in members))
        self._define(Member(name, parties, least, members), depth)
        self.grouped.update(names)

    def _define(self, member: Member, depth: int) -> None:
        if member.name == NONE or member.name in self.members:
            raise PolicyInvalid("this name is taken")
        if len(self.members) >= MOST_DEFINED:
            raise PolicyInvalid(f"a policy defines at most {MOST_DEFINED} names")
        self.members[member.name] = member
        self.depth[member.name] = depth

    def _member(self, name: str) -> Member:
        if name not in self.members:
            raise PolicyInvalid("this name is not defined above")
        return self.members[name]

    def _new_key(self, key: VerifierKey) -> None:
        if key.public in self.public:
            raise PolicyInvalid("this key stands in the policy already, perhaps by another name")
        if len(self.public) >= MOST_DEFINED:
            raise PolicyInvalid(f"a policy has at most {MOST_DEFINED} keys")
        self.public.add(key.public)

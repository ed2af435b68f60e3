"""A witness apart from HTTP: it decides, stores, and only then signs.

One decision at a time for each log. An alarm never stops a witness: it goes on
vouching for what is consistent, and refuses what is not.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from townhall.ledger.engine import mirroring, witnessing
from townhall.ledger.engine.checkpoints import Checkpoint, open_checkpoint, signatures_by
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.handovers import HandOver
from townhall.ledger.engine.keys import COSIGNERS, Signer
from townhall.ledger.engine.mirroring import Header, Mirrored, Read
from townhall.ledger.engine.notes import Signature, SignedNote
from townhall.ledger.engine.witnessing import Answer, Request, Seen
from townhall.ledger.log.errors import LogError, LogStopped
from townhall.ledger.log.files import Disk, make_folder
from townhall.ledger.witness import clocks, observing
from townhall.ledger.witness import keyring as keyrings
from townhall.ledger.witness.alarms import MOST_OPEN, Alarm
from townhall.ledger.witness.copies import SOFTWARE, Copy
from townhall.ledger.witness.errors import WitnessError
from townhall.ledger.witness.generation import GenerationFile
from townhall.ledger.witness.gossiping import Gossip
from townhall.ledger.witness.listing import MOST_SHOWN, Listed
from townhall.ledger.witness.overdue import Promises
from townhall.ledger.witness.rehashing import Rehashing
from townhall.ledger.witness.settings import Settings
from townhall.ledger.witness.state import State
from townhall.ledger.witness.telling import Teller
from townhall.ledger.witness.trusting import Trust

SEEN: Final = "seen"
MIRRORED: Final = "mirrored"


class Witness:
    """One witness, with the only right to use its folder.

    Parameters
    ----------
    settings
        What it is told.
    clock
        Gives the time, POSIX seconds.

    Raises
    ------
    WitnessRetired
        If its state was lost or restored: its keys must not sign again.
    WitnessError
        If the folder is in use, or keys are not as they should be.
    """

    def __init__(self, settings: Settings, clock: Callable[[], int]) -> None:
        self.settings = settings
        self._clock = clock
        make_folder(settings.folder)
        settings.folder.chmod(0o700)
        self._lock = _take_lock(settings.folder)
        try:
            self._state, self.keys = _state_and_keys(settings)
        except BaseException:
            os.close(self._lock)
            raise
        self._disk = Disk(writers=1)
        self._teller = Teller(settings, self._state, self._disk, clock)
        self._copies = {watched.origin: self._copy(watched.origin) for watched in settings.logs}
        self._trust = Trust(self._copies)
        self._promises = Promises(self._copies, self._trust, self._state, self._teller.alarm, clock)
        self._rehashing = Rehashing(
            self._copies, self._vouched, self._teller, settings.audit_seconds
        )
        told = settings.gossip_seconds
        self._gossip = Gossip(settings.peers, self._copies, self._hear, told)
        self._by_hash = {sha256(origin.encode()).hexdigest(): origin for origin in self._copies}
        for copy in self._copies.values():
            self._explain(copy)

    def close(self) -> None:
        """Stop; what was stored stays."""
        self._gossip.close()
        self._promises.close()
        self._rehashing.close()
        for copy in self._copies.values():
            copy.close()
        self._state.close()
        self._disk.close()
        os.close(self._lock)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer `add-checkpoint` (C2SP tlog-witness).

        Raises
        ------
        WitnessStopped
            If the state cannot be stored.
        """
        try:
            request = witnessing.parse_request(body)
        except Refused as error:
            return witnessing.malformed(error)
        origin = request.checkpoint.origin
        watched = self.settings.by_origin.get(origin)
        with self._state.transaction() as stored:
            seen = stored.read(origin, SEEN)
            keys = self._trust.keys(stored, watched) if watched else None
            answer = witnessing.decide(seen, request, keys)
            if answer.seen is not None:
                stored.store(origin, SEEN, answer.seen)
                now = self._clock()  # in the order of what is stored
                key = observing.key_of("unproved", request.checkpoint)
                stored.alarms.end(key, "the proof arrived: the log only grew", now)
        if answer.seen is None:
            if watched is not None and answer.status != HTTPStatus.FORBIDDEN:
                self._observe(request, seen, answer)
            return answer
        return Answer(HTTPStatus.OK, self._cosign(answer.seen, SEEN, now), reason=answer.reason)

    def add_entries(self, read: Read) -> Answer:
        """Answer `add-entries` (C2SP tlog-mirror).

        Parameters
        ----------
        read
            Gives the body.

        Raises
        ------
        WitnessStopped, CopyUnusable, LogError
            If nothing can be stored now.
        """
        try:
            header = mirroring.read_header(read)
        except Refused as error:
            return witnessing.malformed(error)
        copy = self._copies.get(header.origin)
        if copy is None:
            refusal = mirroring.decide_header(header, None, (), b"")
            assert refusal is not None  # a log that is not known
            return refusal
        with copy.lock:
            try:
                return self._receive(copy, header, read)
            except LogStopped as stopped:
                copy.trouble = str(stopped)
                self._teller.trouble(copy)
                raise

    def hand_over(self, body: bytes) -> Answer:
        """Follow a policy that a quorum of the one before has signed, whoever brings it.

        From then on a log is heard only under the keys that this policy names.

        Raises
        ------
        WitnessStopped
            If the state cannot be stored.
        """
        try:
            given = HandOver.parse(body)
        except Refused as error:
            return witnessing.malformed(error)
        return self._trust.take(self._state, given)

    def overdue(self, body: bytes) -> Answer:
        """Judge a promise that somebody holds against its log; see `overdue.Promises`."""
        return self._promises.judge(body)

    def broken_promises(self, origin_hash: str) -> bytes | None:
        """Return the broken promises of a log, a file a line, for whoever succeeds its operator."""
        origin = self._by_hash.get(origin_hash)
        return None if origin is None else self._promises.broken(origin)

    def checkpoint(self, origin_hash: str) -> bytes | None:
        """Return the latest checkpoint that this witness cosigned as consistent."""
        origin = self._by_hash.get(origin_hash)
        if origin is None:
            return None
        with self._state.transaction() as stored:
            return stored.cosigned(origin, SEEN)

    def copy_folder(self, origin_hash: str) -> Path | None:
        """Return the folder that serves the copy of a log; None if there is none."""
        origin = self._by_hash.get(origin_hash)
        return None if origin is None else self._copies[origin].folder / "public"

    def replayed(self, origin_hash: str) -> bytes | None:
        """Return what the rules of a log lead to after the entries that were replayed (JSON)."""
        origin = self._by_hash.get(origin_hash)
        if origin is None:
            return None
        copy = self._copies[origin]
        told = {
            "software": SOFTWARE,
            "state": copy.state.encode().decode(),
            "violation": "" if copy.violation is None else str(copy.violation),
        }
        return json.dumps(told).encode()

    def policies(self) -> list[str]:
        """Return the text of the policy in force, of every log `keys` that is watched here."""
        with self._state.transaction() as stored:
            return self._trust.policies(stored)

    def alarms(self) -> Listed:
        """Return what people must know, and what has ended."""
        with self._state.transaction() as stored:
            return Listed(
                stored.alarms.newest(MOST_SHOWN),
                stored.alarms.count_open(),
                stored.alarms.newest(MOST_SHOWN, ended=True),
                stored.alarms.count_ended(),
            )

    def health(self) -> dict[str, Any]:
        """Return how the witness and its copies are, for programs."""
        logs = {}
        stopped = self._state.stopped
        for origin, copy in self._copies.items():
            logs[origin] = {
                "next_entry": copy.next_entry,
                "rules_hold_up_to": copy.progress,
                "state_root": copy.state_root,
                "violation": None if copy.violation is None else str(copy.violation),
                "trouble": copy.trouble or None,
            }
            if stopped is None:
                with self._state.transaction() as stored:
                    for kind in (SEEN, MIRRORED):
                        known = stored.read(origin, kind)
                        logs[origin][kind] = 0 if known is None else known.size
        open_alarms = 0 if stopped else self.alarms().open_count
        return {
            "name": self.settings.name,
            "signs": stopped is None,
            "stopped": stopped,
            "open_alarms": open_alarms,
            "logs": logs,
        }

    def _copy(self, origin: str) -> Copy:
        with self._state.transaction() as stored:
            replayed = stored.replayed(origin, SOFTWARE)
        folder = self.settings.folder / "copies" / sha256(origin.encode()).hexdigest()
        copy = Copy(self.settings.by_origin[origin], folder, replayed)
        if copy.trouble:
            self._teller.trouble(copy)
        else:
            self._teller.whole(copy)
        return copy

    def _vouched(self, origin: str) -> Seen | None:
        """Return the largest checkpoint of which this witness said that it keeps all entries."""
        with self._state.transaction() as stored:
            return stored.read(origin, MIRRORED)

    def _receive(self, copy: Copy, header: Header, read: Read) -> Answer:
        copy.check_usable()
        upload = self._upload(copy, header)
        mirrored = upload.mirrored(copy.next_entry)
        refusal = mirroring.decide_header(header, mirrored, upload.known, upload.ticket)
        if refusal is not None:
            return refusal
        target = upload.known[header.end]
        packages, failed = copy.store(header, read, target.root)
        mirrored = upload.mirrored(copy.next_entry)
        answer = mirroring.decide_end(header, mirrored, packages, upload.ticket, failed)
        if copy.violation is not None:
            self._teller.violation(copy, copy.violation)
        if answer.status != HTTPStatus.OK:
            return answer
        answer = self._complete(copy, target)
        self._explain(copy)
        return answer

    def _upload(self, copy: Copy, header: Header) -> _Upload:
        """Read which checkpoints an upload may lead to, also from its ticket."""
        origin = header.origin
        with self._state.transaction() as stored:
            pending, mirrored = stored.read(origin, SEEN), stored.read(origin, MIRRORED)
        known = {each.size: each for each in (pending, mirrored) if each is not None}
        note = mirroring.open_ticket(self.keys.ticket_secret, header.ticket)
        if note is not None:
            earlier = Checkpoint.parse(note.text)
            if earlier.origin == origin:
                known.setdefault(earlier.size, Seen(earlier.size, earlier.root, note))
        vouched = known.get(header.end) or pending
        secret = self.keys.ticket_secret
        ticket = b"" if vouched is None else mirroring.seal_ticket(secret, vouched.note)
        return _Upload(pending, 0 if mirrored is None else mirrored.size, known, ticket)

    def _complete(self, copy: Copy, target: Seen) -> Answer:
        """Move the mirror checkpoint and sign it, if the rules hold up to it."""
        origin = copy.watched.origin
        copy.complete(target.size)
        if copy.violation is not None and copy.violation.index < target.size:
            text = f"{copy.violation}\n"
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, text.encode(), reason=text.strip())
        if copy.root_at(target.size) != target.root:  # every entry was authenticated: disk or bug
            raise LogError(f"the copy of {origin} does not lead to the checkpoint: check the disk")
        with self._state.transaction() as stored:
            stored.store(origin, MIRRORED, target)
            now = self._clock()
            stored.store_replayed(origin, SOFTWARE, copy.replayed)
        body = self._cosign(target, MIRRORED, now)
        with self._state.transaction() as stored:
            note = stored.cosigned(origin, MIRRORED)
        if note is not None:
            copy.log.publish(note)
        self._promises.look_again(copy)
        return Answer(HTTPStatus.OK, body, reason="complete")

    def _cosign(self, seen: Seen, kind: str, now: int) -> bytes:
        """Sign what is stored already; keep it for monitors; return the lines."""
        signers: tuple[Signer, ...] = self.keys.growth if kind == SEEN else self.keys.rules
        made: tuple[Signature, ...] = witnessing.cosign(seen, signers, now)
        origin = Checkpoint.parse(seen.note.text).origin
        log_time = self._log_time(origin, seen.note)
        with self._state.transaction() as stored:
            change = clocks.compare(stored.clock.read(), clocks.read(now), log_time)
            stored.clock.store(change.reading)
            note = SignedNote(seen.note.text, seen.note.signatures).with_signatures(*made)
            stored.store_cosigned(origin, kind, note, seen.size)
        if change.step:
            self._teller.clock(origin, change.step, now)
        if change.ended is not None:
            self._teller.clock_is_right(change.ended, now)
        return witnessing.render_signatures(made)

    def _log_time(self, origin: str, note: SignedNote) -> int | None:
        """Return when a log says that it signed, if that matters; None if it says no time."""
        with self._state.transaction() as stored:
            last = stored.clock.read()
            keys = self._trust.keys(stored, self.settings.by_origin[origin])
        if last is None or not last.moved:
            return None
        timed = [each for each in keys if each.kind in COSIGNERS]
        times = signatures_by(Checkpoint.parse(note.text), note, timed).values()
        return max(times, default=None)

    def _hear(self, origin: str, note: bytes) -> None:
        """Hold a checkpoint that another witness cosigned against what was seen here."""
        with self._state.transaction() as stored:
            seen = stored.read(origin, SEEN)
            keys = self._trust.keys(stored, self.settings.by_origin[origin])
        try:
            opened = open_checkpoint(note, origin, keys)
        except Refused:
            return  # the log has not signed it, so it says nothing about the log
        request = Request(0, (), opened.note, opened.checkpoint)
        self._observe(request, seen, Answer(HTTPStatus.CONFLICT, b""))

    def _observe(self, request: Request, seen: Seen | None, answer: Answer) -> None:
        """Raise an alarm, with evidence, if the log contradicts itself."""
        checkpoint = request.checkpoint
        copy = self._copies[checkpoint.origin]
        found = observing.observe(request, seen, answer, copy.root_at)
        if found is None:
            return
        proof: list[bytes] = []
        if seen is not None and 0 < checkpoint.size < seen.size:
            proof = copy.consistency(checkpoint.size, seen.size)
        evidence = observing.evidence(request, seen, proof, found.text)
        key = observing.key_of(found.kind, checkpoint)
        alarm = Alarm(key, self._clock(), checkpoint.origin, found.kind, found.text)
        self._teller.alarm(alarm, evidence, most=observing.MOST.get(found.kind, MOST_OPEN))

    def _explain(self, copy: Copy) -> None:
        """End the suspicions that the copy explains; accuse the log of those that it proves."""
        origin = copy.watched.origin
        with self._state.transaction() as stored:
            seen = stored.read(origin, SEEN)
            suspicions = stored.alarms.open_about(origin, observing.SUSPICIONS)
        for each in suspicions:
            size, root = observing.suspected(each.key)
            found = copy.root_at(size)
            if found is None:
                continue
            words = "the copy begins with that very list: nothing was changed"
            if found != root:
                kept = self._teller.evidence(each)
                if kept is None:
                    continue
                note = SignedNote.parse(str(kept["sent"]).encode())
                request = Request(0, (), note, Checkpoint.parse(note.text))
                self._observe(request, seen, Answer(HTTPStatus.CONFLICT))
                words = "it was proved that there are two histories, and another alarm says so"
            with self._state.transaction() as stored:
                stored.alarms.end(each.key, words, self._clock())


@dataclass(frozen=True, slots=True)
class _Upload:
    """What is known of a log when an upload begins.

    `known` are the checkpoints that it may lead to, by their size.
    """

    pending: Seen | None
    size: int
    known: dict[int, Seen]
    ticket: bytes

    def mirrored(self, next_entry: int) -> Mirrored:
        """Return the state of the mirror, as the engine's decisions take it."""
        pending = None if self.pending is None else Checkpoint.parse(self.pending.note.text)
        return Mirrored(pending, self.size, next_entry)


def _take_lock(folder: Path) -> int:
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise WitnessError(f"another process is the witness in {folder}: stop it first") from None
    return lock


def _state_and_keys(settings: Settings) -> tuple[State, keyrings.Keyring]:
    """Open state and keys, which belong together; make both on the first start.

    Keys come last: while there are none, nothing can have been signed.
    """
    folder, path = settings.folder, settings.state_path
    generation = GenerationFile(settings.generation_path)
    if not keyrings.exists(folder):
        content = keyrings.make()
        State.create(path, generation, keyrings.digest(content, settings.name))
        keyrings.write(folder, content)
    keys = keyrings.read(folder, settings.name)
    return State.open(path, generation, keys.digest), keys

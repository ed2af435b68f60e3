"""A town with a log, and witnesses that run as processes of their own."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from townhall.ledger.engine import checkpoints, tree
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.keys import COSIGNER_MLDSA44, ED25519, Signer, VerifierKey
from townhall.ledger.engine.mirroring import Header
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.witnessing import Request
from townhall.ledger.log.heads import Head
from townhall.ledger.log.log import Log
from townhall.ledger.witness.client import Peer

ORIGIN = "town.example/decisions"
START = 1_750_000_000
PATIENCE = 20  # seconds for what takes much less


def seed(words: str) -> bytes:
    """A private key that everybody knows."""
    return sha256(words.encode()).digest()


SIGNERS = (
    Signer(ORIGIN, ED25519, seed("town")),
    Signer(ORIGIN, COSIGNER_MLDSA44, seed("town, too")),
)
STRANGER = Signer(ORIGIN, ED25519, seed("somebody else"))


def entry(index: int, *, words: str = "") -> bytes:
    """The decision that stands at an index, about nobody."""
    return Entry(
        origin=ORIGIN,
        kind="decision",
        at=START + index,
        body={
            "handle": sha256(b"handle %d" % index).hexdigest()[:32],
            "document": sha256(f"letter {index} {words}".encode()).hexdigest(),
        },
    ).encode()


def entries(start: int, end: int) -> list[bytes]:
    """The decisions that stand there."""
    return [entry(index) for index in range(start, end)]


def sign(size: int, root: bytes, *signers: Signer, origin: str = ORIGIN) -> SignedNote:
    """A checkpoint, signed by the town or by whom it says."""
    return checkpoints.sign(Checkpoint(origin, size, root), *(signers or SIGNERS), time=START)


class History:
    """A list of entries in memory, as honest or dishonest as the test wants it."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.entries = list(leaves)
        self.nodes = tree.MemoryNodes(map(leaf_hash, leaves))

    def root(self, size: int) -> bytes:
        """The root at a size."""
        return tree.root(self.nodes, size)

    def request(self, old: int, size: int, *signers: Signer) -> bytes:
        """The body of an honest `add-checkpoint` of this history."""
        proof = tree.consistency_proof(self.nodes, old, size) if old else []
        note = sign(size, self.root(size), *signers)
        return Request(old, tuple(proof), note, Checkpoint.parse(note.text)).render()

    def upload(
        self, start: int, end: int, *, packages: int | None = None, ticket: bytes = b""
    ) -> bytes:
        """The body of an honest `add-entries` of this history, or a prefix of it."""
        header = Header(ORIGIN, start, end, ticket)
        parts = [header.render()]
        for place in islice(header.packages(), packages):
            some = self.entries[place.start : place.end]
            parts.append(place.render(some, place.prove(self.nodes)))
        return b"".join(parts)


def honest(size: int) -> History:
    """The history that everybody is to agree about."""
    return History(entries(0, size))


def rewritten(size: int, index: int) -> History:
    """The same, but for one entry, and with the tree built anew over it."""
    leaves = entries(0, size)
    leaves[index] = entry(index, words="decided otherwise")
    return History(leaves)


@dataclass
class Reply:
    """What a witness answered over HTTP."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass
class Running:
    """A witness process."""

    name: str
    folder: Path
    process: subprocess.Popen[str]
    url: str
    keys: tuple[VerifierKey, ...] = field(default=())

    @property
    def peer(self) -> Peer:
        """As the town's own client knows it."""
        return Peer(self.name, self.url, self.keys)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Reply:
        """Send one request."""
        url = urlsplit(self.url)
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Reply(
                answer.status, answer.read(), {k.lower(): v for k, v in answer.getheaders()}
            )
        finally:
            connection.close()

    def add_checkpoint(self, body: bytes) -> Reply:
        """Submit a checkpoint."""
        return self.ask("POST", "/add-checkpoint", body)

    def add_entries(self, body: bytes, **headers: str) -> Reply:
        """Submit entries."""
        return self.ask("POST", "/add-entries", body, headers)

    def alarms(self) -> str:
        """What people read."""
        return self.ask("GET", "/alarms").text

    def health(self) -> dict[str, object]:
        """What programs read."""
        return json.loads(self.ask("GET", "/health").body)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End the process."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def settings(folder: Path, name: str, *, rules: str = "decisions", **more: object) -> Path:
    """Write the settings of a witness of the town's log."""
    path = folder.with_suffix(".json")
    told = {
        "name": name,
        "folder": str(folder),
        "listen": "127.0.0.1:0",
        "generation_file": str(folder.with_suffix(".generation")),
        "logs": [{"origin": ORIGIN, "keys": [str(each.key) for each in SIGNERS], "rules": rules}],
    }
    path.write_text(json.dumps({**told, **more}))
    return path


def command(*arguments: str) -> subprocess.Popen[str]:
    """Start `python -m townhall.ledger.witness`."""
    return subprocess.Popen(
        [sys.executable, "-m", "townhall.ledger.witness", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )


def start(folder: Path, name: str = "court.example/w1", **more: object) -> Running:
    """Start a witness, and wait until it takes requests."""
    process = command("--settings", str(settings(folder, name, **more)))
    assert process.stdout is not None
    assert process.stderr is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    url = process.stdout.readline().strip() if ready else ""
    if not url:
        process.kill()
        raise AssertionError(f"the witness did not start: {process.stderr.read()}")
    running = Running(name, folder, process, url)
    # Somebody must read what it says, or the pipe fills up; a file does.
    keys = running.ask("GET", "/keys").text.splitlines()
    running.keys = tuple(map(VerifierKey.parse, keys))
    return running


@contextmanager
def witnesses(folder: Path, count: int) -> Iterator[list[Running]]:
    """Several witnesses at once; each is ended by its own process id."""
    running: list[Running] = []
    try:
        for number in range(1, count + 1):
            running.append(start(folder / f"w{number}", f"party{number}.example/w"))
        yield running
    finally:
        for each in running:
            each.stop()


def start_refused(folder: Path, name: str = "court.example/w1") -> str:
    """Start a witness that must not start; return what it tells its operator."""
    process = command("--settings", str(settings(folder, name)))
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3, told
    return told


def town_log(folder: Path, size: int) -> Log:
    """The town's own log with so many decisions, integrated."""
    log = Log.create(folder, ORIGIN)
    log.append(entries(0, size))
    log.integrate()
    return log


def sign_log(log: Log) -> SignedNote:
    """Sign the log as its sequencer does."""

    def make(text: str) -> bytes:
        return checkpoints.sign(Checkpoint.parse(text), *SIGNERS, time=int(time.time())).render()

    return SignedNote.parse(log.sign(make))


def head(history: History, size: int) -> Head:
    """Size and root of a history."""
    return Head(size, history.root(size))

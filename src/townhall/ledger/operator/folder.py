"""The operator's folder: seeds of the keys, the logs, the policy; made once.

    ledger/
      name            what the origins of all logs begin with
      keys/<log>      seeds of the log's two keys; mode 0600, never in a backup
      keys/<log>.next those that wait for a policy that names them
      logs/<log>/     the files of the log; its public/ may be served by any web server
      policy          who cosigns, and how many must (C2SP tlog-policy)

The keys are not part of a backup on purpose: a key that exists twice can sign two
histories. `docs/how-to/run-the-ledger.md` says how they are kept.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import (
    COSIGNER_ED25519,
    COSIGNER_MLDSA44,
    ED25519,
    SEED_SIZE,
    Signer,
    VerifierKey,
)
from townhall.ledger.engine.notes import check_name
from townhall.ledger.engine.policy import Policy
from townhall.ledger.log.files import sync_folder

LOGS: Final = (
    "access",
    "algorithms",
    "credentials",
    "decisions",
    "definitions",
    "keys",
    "registers",
)
"""The logs of a town hall, by name."""
KINDS: Final = (ED25519, COSIGNER_MLDSA44)
"""A log signs with both: every verifier knows the first, no quantum computer breaks the second."""

RULES: Final = "/rules"
"""How the name of a key ends that vouches for the copy and the rules of a register."""


class FolderUnusable(Exception):
    """The operator's folder cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the operator keeps what belongs to the ledger.

    Attributes
    ----------
    path
        The folder.
    name
        What the origins of its logs begin with, such as `townhall.bramley.example/ledger`.
    """

    path: Path
    name: str

    def origin(self, log: str) -> str:
        """Return the name of a log in the world."""
        return f"{self.name}/{log}"

    def log(self, log: str) -> Path:
        """Return the folder of a log's files."""
        return self.path / "logs" / log

    def signers(self, log: str) -> tuple[Signer, ...]:
        """Return what signs the checkpoints of a log.

        Raises
        ------
        FolderUnusable
            If the seeds are not there: they are never made anew for a log that exists.
        """
        return self._read(log, self._seeds(log))

    def next_signers(self, log: str) -> tuple[Signer, ...]:
        """Return what will sign once the policy that names it is in force; made if missing."""
        path = self._next_seeds(log)
        if not path.exists():
            self._write_seeds(path)
        return self._read(log, path)

    def signers_named(self, log: str, named: Collection[VerifierKey]) -> tuple[Signer, ...]:
        """Return what signs with all of these keys, now or next; nothing if nobody here can."""
        found = [self.signers(log)]
        if self._next_seeds(log).exists():
            found.append(self.next_signers(log))
        return next(
            (signers for signers in found if set(named) <= {each.key for each in signers}), ()
        )

    def turn_to(self, log: str, signers: Collection[Signer]) -> None:
        """Let these sign from now on, if they are the next ones of a log.

        The seeds of the keys before are gone with that: nobody needs them, and whoever
        found them could still sign.
        """
        path = self._next_seeds(log)
        if path.exists() and {each.key for each in self.next_signers(log)} == {
            each.key for each in signers
        }:
            path.replace(self._seeds(log))
            sync_folder(path.parent)

    def _read(self, log: str, path: Path) -> tuple[Signer, ...]:
        try:
            seeds = [bytes.fromhex(line) for line in path.read_text("ascii").split()]
        except FileNotFoundError:
            raise FolderUnusable(
                f"The keys of the log {log} are not in {path}. Put them back from where they "
                "are kept offline; a log never goes on under new keys without a hand-over."
            ) from None
        except ValueError:
            raise FolderUnusable(f"{path} does not hold the seeds of two keys.") from None
        if len(seeds) != len(KINDS):
            raise FolderUnusable(f"{path} does not hold the seeds of two keys.")
        origin = self.origin(log)
        return tuple(Signer(origin, kind, seed) for kind, seed in zip(KINDS, seeds, strict=True))

    def verifier_keys(self) -> Mapping[str, tuple[VerifierKey, ...]]:
        """Return the public keys of every log."""
        return {log: tuple(each.key for each in self.signers(log)) for log in LOGS}

    def policy(self) -> Policy | None:
        """Return the policy of the operator; None if nobody is asked to cosign.

        Raises
        ------
        FolderUnusable
            If it is none that could be relied on: with the line, or the figures.
        """
        try:
            text = (self.path / "policy").read_bytes()
        except FileNotFoundError:
            return None
        try:
            return Policy.load(text)
        except Refused as error:
            raise FolderUnusable(
                f"The policy in {self.path} cannot be relied on: {error}"
            ) from error

    def set_policy(self, text: bytes) -> None:
        """Put a policy into the folder, after it was found safe.

        Raises
        ------
        PolicyInvalid, PolicyUnsafe
        """
        Policy.load(text)
        write_durably(self.path / "policy", text, mode=0o644)

    def make_keys(self, log: str) -> None:
        """Make the seeds of a log's keys."""
        self._write_seeds(self._seeds(log))

    def has_keys(self, log: str) -> bool:
        """Whether the seeds of a log's keys are there."""
        return self._seeds(log).exists()

    def _seeds(self, log: str) -> Path:
        return self.path / "keys" / log

    def _next_seeds(self, log: str) -> Path:
        return self.path / "keys" / f"{log}.next"

    def _write_seeds(self, path: Path) -> None:
        seeds = "".join(f"{secrets.token_hex(SEED_SIZE)}\n" for _ in KINDS)
        write_durably(path, seeds.encode("ascii"), mode=0o600)


def open_folder(path: Path) -> Folder:
    """Return the operator's folder.

    Raises
    ------
    FolderUnusable
        If it was never made.
    """
    try:
        name = (path / "name").read_text("utf-8").strip()
    except FileNotFoundError:
        raise FolderUnusable(
            f"There is no ledger in {path}. `townhall up` makes a new one at its first start, and "
            "`townhall prepare` on a server. One that was lost, or that a restored database knows, "
            "is made again by `townhall ledger recover`."
        ) from None
    return Folder(path, name)


def make_folder(path: Path, name: str) -> Folder:
    """Return the operator's folder, made with its name if there is none."""
    if not (path / "name").exists():
        for below in ("keys", "logs"):
            (path / below).mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(path / "name", f"{name}\n".encode(), mode=0o644)
    return open_folder(path)


def begin(path: Path, name: str) -> Folder:
    """Make name and keys of a new ledger: a key ceremony, without database and network.

    Raises
    ------
    FolderUnusable
        If there is one already.
    NoteInvalid
        If no log could have such a name.
    """
    check_name(name)
    if (path / "name").exists():
        raise FolderUnusable(f"{path} holds a ledger already: choose another folder.")
    folder = make_folder(path, name)
    for log in LOGS:
        folder.make_keys(log)
    return folder


def write_durably(path: Path, content: bytes, *, mode: int) -> None:
    """Write a file so that after a power cut it is there whole, or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    candidate = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    candidate.replace(path)
    sync_folder(path.parent)


def policy_text(
    folder: Folder, witnesses: Mapping[str, Sequence[VerifierKey]], *, quorum: int, faults: int
) -> bytes:
    """Return a policy of equal witnesses for the logs of a folder.

    Parameters
    ----------
    witnesses
        What each is called here, and all its keys. Those for "the register's rules hold"
        count, one of them is enough; the others are named so that they can be checked.
    quorum, faults
        How many must cosign, and how many of them may be dishonest.
    """
    lines = [f"# Logs of {folder.name}"]
    for each in folder.verifier_keys().values():
        lines += [f"log {key}" for key in each]
    for name, its_keys in witnesses.items():
        counting = [key for key in its_keys if key.name.endswith(RULES)]
        named = {f"{name}-{key.kind:02x}": key for key in counting}
        rest = [key for key in its_keys if key.kind == COSIGNER_ED25519 and key not in counting]
        others = {f"{name}-grew": key for key in rest}
        lines += [f"witness {one} {key}" for one, key in {**named, **others}.items()]
        lines += [f"group {name} any {' '.join(named)}"]
    lines += [f"group q {quorum} {' '.join(witnesses)}", "quorum q"]
    lines += [f"# townhall: faults {faults}"]
    return "".join(f"{line}\n" for line in lines).encode()

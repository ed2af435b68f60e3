"""A town hall with witnesses in processes of their own, for tests: keys, logs, addresses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from townhall.foundation.settings import Settings
from townhall.ledger.operator import demonstration, preparing
from townhall.ledger.operator.running import Line, Operator

PATIENCE_S = 20.0
PROGRAM = ("-m", "townhall", "witness")


@dataclass
class Town:
    """The operator and the witnesses of one test."""

    settings: Settings
    operator: Operator | None = None
    witnesses: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.settings.data_dir

    def prepare(self) -> None:
        preparing.prepare(self.settings)

    def start_witness(self, name: str, *, program: Sequence[str] = PROGRAM) -> None:
        """Start a witness, and wait until it listens.

        Parameters
        ----------
        program
            What runs it: another one runs other rules.
        """
        self.start_witnesses([name], program=program)

    def start_witnesses(self, names: Iterable[str], *, program: Sequence[str] = PROGRAM) -> None:
        """Start several at once, and wait until all of them listen."""
        addresses = {}
        for name in names:
            path = demonstration.settings_files(self.data)[name]
            addresses[name] = address = path.parent / "address"
            address.unlink(missing_ok=True)
            command = [sys.executable, *program, "--settings", str(path)]
            self.witnesses[name] = subprocess.Popen(
                [*command, "--address-file", str(address)],
                stdout=subprocess.DEVNULL,
                stderr=(path.parent / "said").open("ab"),
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        for name, address in addresses.items():
            wait_for(address.exists, f"the witness {name}")

    def stop_witness(self, name: str, number: int = signal.SIGKILL) -> None:
        """End a witness, without a word unless told otherwise."""
        process = self.witnesses.pop(name)
        process.send_signal(number)
        process.wait(PATIENCE_S)

    def open(self) -> Operator:
        """Open the logs as the operator's process does."""
        self.operator = Operator(self.settings)
        self.operator.open()
        self.operator.remember()
        return self.operator

    def close(self) -> None:
        if self.operator is not None:
            self.operator.close()
            self.operator = None

    def line(self, log: str) -> Line:
        assert self.operator is not None
        return self.operator.lines[log]

    def end(self) -> None:
        self.close()
        for name in list(self.witnesses):
            self.stop_witness(name)


def wait_for(done: Callable[[], object], what: str, patience: float = PATIENCE_S) -> None:
    """Wait until something is so; fail with what was waited for."""
    until = time.monotonic() + patience
    while not done():
        if time.monotonic() > until:
            raise AssertionError(f"{what} did not come about in {patience:.0f} s")
        time.sleep(0.05)

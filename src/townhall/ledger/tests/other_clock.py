"""Run a witness on a machine whose clock is off by so many seconds: `other_clock.py SECONDS …`."""

from __future__ import annotations

import functools
import sys
import time

from townhall.ledger.witness import __main__ as program
from townhall.ledger.witness.server import serve


def main() -> int:
    """Run it with the remaining arguments."""
    off = int(sys.argv.pop(1))
    program.serve = functools.partial(serve, clock=lambda: int(time.time()) + off)
    return program.main()


if __name__ == "__main__":
    sys.exit(main())

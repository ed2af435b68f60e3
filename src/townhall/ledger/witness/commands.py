"""`townhall witness`: run a witness, anywhere; it needs no database and no town hall."""

from __future__ import annotations

import argparse

from townhall.ledger.witness.__main__ import add_options, run


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall witness`."""
    words = "check the logs of others, keep copies of them, and cosign what holds"
    parser = subparsers.add_parser("witness", help=words, description=words)
    add_options(parser)
    parser.set_defaults(run=run)

"""Run a witness: `python -m townhall.ledger.witness --settings witness.json`.

Without a file of settings, the same is said in options::

    python -m townhall.ledger.witness --name court.example/w1 --folder w1 \\
        --listen 127.0.0.1:7420 --log town.example/decisions VKEY decisions

`--log` is given once for each log; a log with several keys is given once for each
key. Prints the URL once it takes requests. Exits with 2 if the settings are wrong,
with 3 if the witness cannot start or must not sign any more.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path

from townhall.ledger.engine.errors import Refused
from townhall.ledger.witness import agreeing, keyring
from townhall.ledger.witness import settings as told
from townhall.ledger.witness.errors import (
    SettingsInvalid,
    WitnessError,
    WitnessRetired,
    WitnessStopped,
)
from townhall.ledger.witness.generation import GenerationFile
from townhall.ledger.witness.server import serve
from townhall.ledger.witness.settings import Settings
from townhall.ledger.witness.state import State


def main(arguments: list[str] | None = None) -> int:
    """Run a witness; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m townhall.ledger.witness",
        description="Watch logs, keep copies of them, and cosign what is consistent.",
    )
    add_options(parser)
    return run(parser.parse_args(arguments))


def run(given: argparse.Namespace) -> int:
    """Run the witness that the options say; return the exit code."""
    level = logging.WARNING if given.quiet else logging.INFO
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(message)s")
    if given.agree is not None:
        return _agree(given)
    if given.address_file is not None:
        given.address_file.unlink(missing_ok=True)  # nobody listens there any more
    try:
        serve(settings_of(given), ready=lambda url: _say(url, given.address_file))
    except SettingsInvalid as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except WitnessError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    except OSError as error:  # a port that is taken, a folder that cannot be written
        sys.stderr.write(f"the witness cannot start: {error}\n")
        return 3
    return 0


def settings_of(given: argparse.Namespace) -> Settings:
    """Return the settings that a file or the options say."""
    if given.settings is not None:
        return told.read_settings(given.settings)
    if given.name is None or given.folder is None:
        raise SettingsInvalid("give --settings, or --name and --folder")
    keys: dict[tuple[str, str], list[str]] = {}
    for origin, key, rules in given.log:
        keys.setdefault((origin, rules), []).append(key)
    host, port = told.parse_address(given.listen)
    return Settings(
        name=given.name,
        folder=given.folder,
        logs=tuple(told.watched_log(origin, each, rules) for (origin, rules), each in keys.items()),
        host=host,
        port=port,
        generation_file=given.generation_file,
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what a witness can be told on the command line."""
    parser.add_argument("--settings", type=Path, help="a JSON file with everything below")
    parser.add_argument("--name", help="of the witness, such as court.example/w1")
    parser.add_argument("--folder", type=Path, help="for keys, state and copies")
    parser.add_argument("--listen", default="127.0.0.1:0", help="host:port; port 0: a free one")
    parser.add_argument("--generation-file", type=Path, help="best on another disk")
    parser.add_argument(
        "--agree", type=Path, metavar="FILE", help="sign a statement about a policy, and end"
    )
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help="with --agree: the policy, to be shown in words, if the statement is about it",
    )
    parser.add_argument(
        "--instead",
        action="store_true",
        help="agree although another policy of this number was agreed to: only if all who "
        "agreed to that one have given it up",
    )
    parser.add_argument("--quiet", action="store_true", help="tell only of what is wrong")
    parser.add_argument("--address-file", type=Path, help="takes the URL once it listens")
    parser.add_argument(
        "--log", nargs=3, action="append", default=[], metavar=("ORIGIN", "VKEY", "RULES")
    )


def _agree(given: argparse.Namespace) -> int:
    """Sign that the policy is agreed to, as the witness's operator; nothing else is signed."""
    try:
        settings = settings_of(given)
        statement = given.agree.read_text("utf-8")
        if not keyring.exists(settings.folder):
            raise WitnessError(f"{settings.folder} holds no witness: start it once first")
        keys = keyring.read(settings.folder, settings.name)
        if given.policy is not None:
            words = agreeing.describe(statement, given.policy.read_bytes(), keys.public)
            sys.stderr.write(words)
        lines = agreeing.agree(statement, keys.rules, int(time.time()))
        state = State.open(
            settings.state_path, GenerationFile(settings.generation_path), keys.digest
        )
        try:
            agreeing.remember(state, statement, instead=given.instead)
        finally:
            state.close()
        sys.stdout.write(lines)
    except (WitnessRetired, WitnessStopped) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    except (WitnessError, Refused, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _say(url: str, path: Path | None) -> None:
    if path is not None:
        draft = path.with_name(f".{path.name}.new")
        draft.write_text(f"{url}\n", encoding="ascii")
        draft.replace(path)
    sys.stdout.write(url + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

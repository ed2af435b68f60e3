"""Receipts under other policies, for the check in the browser."""

from __future__ import annotations

import random
from collections.abc import Iterator

from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.tests import cast
from townhall.portal.tests.receipt_cases import HONEST, Case, altered


def under_other_policies(chance: random.Random) -> Iterator[Case]:
    """Policies changed line by line, and quorums of groups within groups."""
    text = cast.POLICY_TEXT.decode()
    for old, new in {
        "group agencies 3": "group agencies 2",
        "agencies 3 ": "agencies all ",
        "agencies 3 agency0": "agencies any agency0",
        "agencies 3 agency1": "agencies 03 agency1",
        "agencies 3 a": "agencies constructor a",
        "agency0 agency1 agency2 agency3": "agency0 agency1 agency1 agency3",
        "quorum agencies": "quorum none",
        "quorum agencies\n": "quorum agency0\n",
        "quorum agencies\n#": "quorum agencies\nquorum agencies\n#",
        "quorum": "toString",
        "faults 1": "faults 0",
        "townhall: faults 1": "townhall: faults 2",
        "# townhall: faults 1": "faults 1",
        "# townhall: faults": "#townhall: faults",
        "townhall: faults 1\n": "townhall: faults 1\nfaults 1\n",
        "faults": "quorum",
        "faults 1\n": "faults 1",
        "log ": "log\t",
        "witness ": " \twitness  ",
        "\nquorum": "\r\nquorum",
        "\nquorum ": "\n# 🏛\n\nquorum ",
        "\nquorum a": "\n\u00a0\nquorum a",
    }.items():
        yield Case(altered(policy=text.replace(old, new)), trusted=None)
    for line in (
        "valid 1700000000 -",
        "valid 1700000001 -",
        "valid - 1700000000",
        "valid - 1700000001",
        "valid - -",
        "valid 5 5",
        "# townhall: valid 1699999999 1700000002",
        f"cutoff agency0 {cast.ORIGIN} 9",
        f"cutoff agency0 {cast.ORIGIN} 8",
        f"cutoff agency0 {cast.ORIGIN} 0",
        "cutoff agency0 elsewhere.example/log 9",
        f"cutoff agency0 elsewhere.example/log 9\ncutoff agency0 {cast.ORIGIN} 9",
        f"cutoff agency3 {cast.ORIGIN} 0",
        f"cutoff agency9 {cast.ORIGIN} 8",
        f"cutoff agency0 {cast.ORIGIN} 9\ncutoff agency0 {cast.ORIGIN} 9",
        f"cutoff agency0 {cast.ORIGIN} 09",
        "cutoff agency0 9",
        f"log {cast.LOG_PQ.key} https://town.example/",
        f"log {cast.LOG.key}",
        f"witness log {cast.LOG_PQ.key}",
        f"witness again {cast.WITNESSES[0].key}",
        f"witness agency0 {cast.signer('b', 4).key}",
        f"witness b {cast.signer('b', 1).key}",
        f"witness b {cast.signer('b', 4).key} u v",
        "group a any agency0",
        "group none any agencies",
        "group a 1 agencies",
    ):
        changed = f"{text}{line}\n"
        yield Case(altered(policy=changed), trusted=None)
        try:
            yield Case(HONEST, trusted=Policy.parse(changed.encode()))
        except ValueError:
            continue
    for _ in range(150):
        lines = text.splitlines()
        for _ in range(chance.randint(1, 2)):
            line = lines.pop(chance.randrange(len(lines)))
            if chance.random() < 0.5:
                lines.insert(chance.randrange(len(lines) + 1), line)
                lines.insert(chance.choice([0, len(lines)]), line)
        yield Case(altered(policy="\n".join([*lines, ""])), trusted=None)
    for _ in range(200):
        yield Case(altered(policy=_grouped(chance)), trusted=None)
    own = f"log {cast.LOG.key}\nwitness own {cast.LOG_PQ.key}\nquorum own\nfaults 0\n"
    yield Case(altered(policy=own), trusted=None)
    yield Case(altered(policy=own.replace(str(cast.LOG_PQ.key), str(cast.WITNESSES[0].key))), None)
    deep = [f"group g{n} 1 {f'g{n - 1}' if n else 'agency0'}" for n in range(33)]
    for depth in (31, 32, 33):
        policy = [*text.splitlines()[:5], *deep[:depth], f"quorum g{depth - 1}", "faults 0", ""]
        yield Case(altered(policy="\n".join(policy)), trusted=None)


def _grouped(chance: random.Random) -> str:
    """A quorum of groups drawn at random over six witnesses, some of one party."""
    keys = [*cast.WITNESSES, cast.signer("agency0.example/rules", 6), cast.signer("f.example", 4)]
    lines = [f"log {cast.LOG.key}", *(f"witness w{n} {each.key}" for n, each in enumerate(keys))]
    free = [f"w{number}" for number in range(len(keys))]
    chance.shuffle(free)
    for number in range(chance.randint(1, 4)):
        members = [free.pop() for _ in range(min(len(free), chance.randint(1, 4)))]
        lines.append(f"group g{number} {chance.randint(1, len(members))} {' '.join(members)}")
        free.append(f"g{number}")
    root = f"g{number}" if chance.random() < 0.9 else free[0]
    return "\n".join([*lines, f"quorum {root}", f"faults {chance.randint(0, 2)}", ""])

"""`townhall demo`: things that happen in the lives of the demo borough, so that awards follow."""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta

MISUSED = 2


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall demo birth|income`."""
    parser = subparsers.add_parser("demo", help="let things happen in the demo borough")
    actions = parser.add_subparsers(dest="action", required=True)
    birth = actions.add_parser("birth", help="register a birth, as the register office would")
    birth.add_argument("parent", help="a resident of the tour, for example daniel")
    birth.add_argument("name", help="the child's first name")
    birth.add_argument("--born", type=_day, help="the day of birth (default: three days ago)")
    birth.set_defaults(run=_birth, needs_database=True)
    income = actions.add_parser("income", help="report an income, as the tax office would")
    income.add_argument("resident", help="a resident of the tour, for example amara")
    income.add_argument("amount", help="adjusted net income of the year, in pounds")
    income.add_argument("--since", type=_day, help="from which day (default: today)")
    income.set_defaults(run=_income, needs_database=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-11-22") from None


def _birth(arguments: argparse.Namespace) -> int:
    from townhall.demo import living

    born = arguments.born or living.today() - timedelta(days=3)
    return _told(lambda: living.birth(arguments.parent, name=arguments.name, born=born))


def _income(arguments: argparse.Namespace) -> int:
    from townhall.demo import living

    since = arguments.since or living.today()
    return _told(lambda: living.income(arguments.resident, amount=arguments.amount, since=since))


def _told(happens: object) -> int:
    from townhall.demo import living
    from townhall.identity.operations import DemoDisabled
    from townhall.registers.operations import FactRefused

    assert callable(happens)
    try:
        print(happens())
    except (living.NobodyThere, DemoDisabled, FactRefused) as error:
        print(error, file=sys.stderr)
        return MISUSED
    return 0

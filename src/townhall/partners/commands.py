"""`townhall partners`: tokens for programs."""

from __future__ import annotations

import argparse
from uuid import UUID


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add `townhall partners token|tokens|revoke`."""
    parser = subparsers.add_parser("partners", help="tokens for programs that use the API")
    actions = parser.add_subparsers(dest="action", required=True)
    token = actions.add_parser("token", help="make a token and print it, once")
    token.add_argument("partner", help="key of the partner, for example wrenford-housing")
    token.add_argument("--name", default="", help="name as residents and officers see it")
    token.add_argument("--service", action="append", default=[], help="only this service (repeat)")
    token.add_argument("--for-person", action="store_true", help="may apply for a named person")
    token.set_defaults(run=_token, needs_database=True)
    listing = actions.add_parser("tokens", help="list a partner's tokens")
    listing.add_argument("partner")
    listing.set_defaults(run=_tokens, needs_database=True)
    revoke = actions.add_parser("revoke", help="take a token back, at once")
    revoke.add_argument("token", type=UUID, help="its id, from `townhall partners tokens`")
    revoke.set_defaults(run=_revoke, needs_database=True)


def _token(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.partners import operations

    scopes = ("apply", "apply-for-person") if arguments.for_person else ("apply",)
    try:
        issued = operations.issue_token(
            acting=SYSTEM,
            partner=arguments.partner,
            name=arguments.name or arguments.partner,
            scopes=scopes,
            services=tuple(arguments.service),
        )
    except operations.PartnerError as error:
        print(error)
        return 1
    print(issued.secret)
    print(f"Valid until {issued.expires_at:%Y-%m-%d}. Keep it safe: it is not shown again.")
    return 0


def _tokens(arguments: argparse.Namespace) -> int:
    from townhall.partners import operations

    for token in operations.tokens(partner=arguments.partner):
        state = "revoked" if token.revoked_at else f"valid until {token.expires_at:%Y-%m-%d}"
        services = ", ".join(token.services) or "every service"
        print(f"{token.id}  {state}  {services}  {token.name}")
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    from townhall.partners import operations

    try:
        operations.revoke_token(token_id=arguments.token)
    except operations.PartnerError as error:
        print(error)
        return 1
    print("Revoked.")
    return 0

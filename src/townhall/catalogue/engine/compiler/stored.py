"""Rebuilding a published version from what was stored of it.

A version outlives the pack it was published with. What reached people through
the pack (letters, texts, fallbacks, retention) was stored in its canonical
JSON and comes from there; dated rates, lists and functions come from the
present pack, as they must. What a linter would say today does not matter: the
version was published, and cases run on it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from townhall.catalogue.engine import source
from townhall.catalogue.engine.compiler.service import ServiceReader
from townhall.catalogue.engine.definition import Definition, Keep, NamedText
from townhall.catalogue.engine.jurisdiction import Agency, LifeEvent, Pack, Role
from townhall.catalogue.engine.problems import Findings, render
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import parse_duration


class CannotRebuild(ValueError):
    """A stored version cannot be read with the present pack; the message says why."""


def rebuild(
    text: str, canonical: str, digest: str, pack: Pack, filename: str = "definition.yaml"
) -> Definition:
    """Return the definition of a published version.

    Parameters
    ----------
    text, canonical, digest
        The source, canonical JSON and hash as stored.
    pack
        The present pack.

    Raises
    ------
    CannotRebuild
        If a rate, list, function or register that an expression of the version
        uses has left the pack: put it back.
    """
    findings = Findings(filename)
    root = source.load(text, findings)
    if root is None:
        raise CannotRebuild(render(findings.ordered()))
    tree = json.loads(canonical)
    as_published = _with_the_departed(_overlaid(pack, tree["pack"]), tree["service"])
    reader = ServiceReader(root, as_published, findings, text)
    definition = reader.read()
    broken = [each for each in findings.ordered() if each.severity == "error"]
    if broken:
        raise CannotRebuild(render(broken))
    return replace(definition, hash=digest, canonical=canonical)


def _overlaid(pack: Pack, stored: Mapping[str, Any]) -> Pack:
    """Return the pack with the defaults it had when the version was published."""
    periods = {name: parse_duration(text) for name, text in stored["keep"].items()}
    texts = {
        name: NamedText(tuple(each["body"]), each["title"])
        for name, each in stored["texts"].items()
    }
    letters = {name: _node(each) for name, each in stored["letters"].items()}
    return replace(
        pack,
        languages=tuple(stored["languages"]),
        currency=stored["currency"],
        fallbacks=dict(stored["fallbacks"]),
        keep=Keep({**pack.keep.periods, **periods}, stored["then"]),
        accept=tuple(stored["files"][0]),
        max_bytes=stored["files"][1],
        deadline_starts=stored["starts"],
        channels=tuple(stored["channels"]),
        texts={**pack.texts, **texts},
        letters={**pack.letters, **letters},
    )


def _with_the_departed(pack: Pack, service: Mapping[str, Any]) -> Pack:
    """Add agencies, roles and life events that the version names and the pack lost since."""
    first = pack.languages[0]
    states = service.get("flow") or {}
    roles = {str(each.get("by")) for each in states.values() if isinstance(each, dict)} - {"None"}
    events = service.get("events") or ()
    agency = str(service.get("agency") or "")
    return replace(
        pack,
        roles={**{key: Role(key, {first: key}) for key in roles}, **pack.roles},
        events={
            **{str(key): LifeEvent(str(key), {first: str(key)}) for key in events},
            **pack.events,
        },
        agencies={**({agency: Agency(agency, {first: agency})} if agency else {}), **pack.agencies},
    )


def _node(plain: Any) -> Node:
    if isinstance(plain, dict):
        return Node({key: _node(each) for key, each in plain.items()}, 0, dict.fromkeys(plain, 0))
    if isinstance(plain, list):
        return Node([_node(each) for each in plain], 0)
    return Node(plain, 0)

"""A pack: what a jurisdiction brings, so that service definitions stay short.

Languages, currency, holidays, agencies, roles, life events, registers, dated
rates, functions, default texts and fallbacks, and the facts that tests use.
Parameters are dated and not part of a definition's hash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from townhall.catalogue.engine.definition import (
    NO_TEXT,
    NOTHING,
    Keep,
    Law,
    NamedText,
    Text,
)
from townhall.catalogue.engine.shapes import Shape
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import BUILTINS, Calendar, Function, Parameters, Scope
from townhall.rules.engine.law import Lawbook
from townhall.rules.engine.law.finding import lawbook_of

_SERVICE = re.compile(r"^service: *['\"]?([a-z][a-z0-9-]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Agency:
    """Who is responsible for a service, and signs its letters."""

    key: str
    title: Text
    email: str = ""
    phone: str = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What an officer may be; `holders` = how many people have it at least."""

    key: str
    title: Text
    agency: str = ""
    holders: int = 2


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens to people and needs several services."""

    key: str
    title: Text
    summary: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Register:
    """A register that the pack knows: whose, read by what, and its facts."""

    key: str
    title: Text
    agency: str = ""
    read_by: str = "person"
    facts: Mapping[str, Shape] = NOTHING


@dataclass(frozen=True)
class Pack:
    """Everything that definitions may refer to.

    `lists` are dated lists of texts known to expressions by name. `letters`
    are kept as written, because their conditions and placeholders mean
    something only beside the data of a service. `fixtures` are facts by
    register and name, in canonical JSON. `once_only` names the file that says
    which register facts are facts of the law, outside any service.
    """

    key: str
    title: Text
    languages: tuple[str, ...]
    currency: str
    folder: Path
    channels: tuple[str, ...] = ("web",)
    calendar: Calendar = field(default_factory=Calendar)
    deadline_starts: Literal["day_after", "same_day"] = "day_after"
    deadline_law: Law | None = None
    agencies: Mapping[str, Agency] = NOTHING
    roles: Mapping[str, Role] = NOTHING
    events: Mapping[str, LifeEvent] = NOTHING
    registers: Mapping[str, Register] = NOTHING
    lists: Parameters = field(default_factory=Parameters)
    parameters: Parameters = field(default_factory=Parameters)
    functions: tuple[Function, ...] = ()
    fallbacks: Mapping[str, str] = NOTHING
    keep: Keep = field(default_factory=Keep)
    accept: tuple[str, ...] = ("pdf", "jpg", "png")
    max_bytes: int = 10_000_000
    texts: Mapping[str, NamedText] = NOTHING
    letters: Mapping[str, Node] = NOTHING
    fixtures: Mapping[str, Mapping[str, Mapping[str, Any]]] = NOTHING
    today: date | None = None
    services_folder: Path | None = None
    once_only: str = ""

    @cached_property
    def lawbook(self) -> Lawbook | None:
        """Return the law that the pack brings, None if it brings none; raises `LawError`."""
        return lawbook_of(self.key)

    @property
    def person_register(self) -> str:
        """Return the first register that is read by person, or ''."""
        return next((key for key, each in self.registers.items() if each.read_by == "person"), "")

    @cached_property
    def service_files(self) -> tuple[Path, ...]:
        """Return the definition files of the pack, by name."""
        if self.services_folder is None or not self.services_folder.is_dir():
            return ()
        return tuple(sorted(self.services_folder.glob("*.yaml")))

    @cached_property
    def services(self) -> frozenset[str]:
        """Return the keys of all services of the pack, without compiling them."""
        found = set()
        for path in self.service_files:
            match = _SERVICE.search(path.read_text(encoding="utf-8", errors="replace"))
            if match:
                found.add(match[1])
        return frozenset(found)

    def scope(self, names: Mapping[str, Any]) -> Scope:
        """Return the surroundings of an expression that knows these names."""
        return Scope(
            names,
            functions=(*BUILTINS, *self.functions),
            currency=self.currency,
            parameters=self.parameters,
            calendar=self.calendar,
        )

    def read(self, name: str) -> str:
        """Return the text of a file of the pack."""
        return (self.folder / name).read_text(encoding="utf-8")

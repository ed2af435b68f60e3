"""Reading the registers of a pack, the types of their facts, and test facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from townhall.catalogue.engine import shapes
from townhall.catalogue.engine.jurisdiction import Register
from townhall.catalogue.engine.reader import NAME, Reader
from townhall.catalogue.engine.shapes import Shape, WrongShape
from townhall.catalogue.engine.source import Node
from townhall.catalogue.engine.words import NO_TEXT, Text


@dataclass
class RegisterReader:
    """Reads `registers:` and `fixtures:` of a pack."""

    _reader: Reader

    def registers(self, top: Mapping[str, Node]) -> dict[str, Register]:
        """Read every register and the types of its facts."""
        found = {}
        for key, node in self._reader.named(top.get("registers"), "registers").items():
            where = f"registers.{key}"
            parts = self._reader.section(node, where, ("title", "agency", "key", "facts"))
            facts = self._reader.named(parts.get("facts"), f"{where}.facts")
            found[key] = Register(
                key,
                self._reader.text(parts.get("title"), f"{where}.title"),
                self._reader.plain(parts.get("agency"), f"{where}.agency"),
                self._reader.plain(parts.get("key"), f"{where}.key", "person"),
                {name: self._shape(each, f"{where}.facts.{name}") for name, each in facts.items()},
            )
        return found

    def _shape(self, node: Node, where: str) -> Shape:
        if node.is_list:
            if len(node.value) == 1:
                return Shape("list", item=self._shape(node.value[0], where))
            self._reader.error(node.line, f"{where} must name one type in its brackets.")
            return Shape("text")
        if node.is_text:
            return self._scalar(node, where, NO_TEXT)
        title: Text = self._reader.text(node.value.get("title"), f"{where}.title")
        kind = node.value.get("type")
        if kind is None:
            return Shape("record", self._fields(node, where))
        parts = self._reader.section(node, where, ("type", "title", "hidden", "fields", "of"))
        hidden = self._reader.flag(parts.get("hidden"), f"{where}.hidden")
        return replace(self._of_kind(node, where, kind, parts, title), hidden=hidden)

    def _of_kind(
        self, node: Node, where: str, kind: Node, parts: Mapping[str, Node], title: Text
    ) -> Shape:
        if kind.value == "list":
            item = self._shape(parts["of"], f"{where}.of") if "of" in parts else None
            if item is None:
                self._reader.error(node.line, f"{where} is a list; say of what.", "Add  of: text")
            return Shape("list", item=item or Shape("text"), title=title)
        if kind.value == "record":
            fields = parts.get("fields")
            return Shape("record", self._fields(fields, where) if fields else {}, title=title)
        return self._scalar(kind, where, title)

    def _fields(self, node: Node, where: str) -> dict[str, Shape]:
        named = self._reader.named(node, where, NAME)
        return {name: self._shape(each, f"{where}.{name}") for name, each in named.items()}

    def _scalar(self, node: Node, where: str, title: Text) -> Shape:
        kinds = (*sorted(shapes.SCALARS), "address", "record", "list")
        kind = self._reader.one_of(node, f"{where}.type", kinds, "text")
        if kind == "address":
            return Shape("address", shapes.ADDRESS.fields, title=title)
        return Shape(kind, title=title)

    def fixtures(
        self, node: Node, registers: Mapping[str, Register]
    ) -> dict[str, dict[str, dict[str, Any]]]:
        """Read facts for tests: register, name, facts."""
        reader = self._reader
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for register, entries in reader.named(node, "fixtures").items():
            if not reader.known(register, entries.line, "fixtures", "register", registers):
                continue
            found[register] = {}
            for name, entry in reader.named(entries, f"fixtures.{register}").items():
                where = f"fixtures.{register}.{name}"
                try:
                    found[register][name] = entry_of(registers[register], entry.plain(), where)
                except WrongShape as error:
                    reader.error(entry.line, f"{error}.")
        return found


def entry_of(register: Register, given: Any, where: str) -> dict[str, Any]:
    """Bring one entry of a register into canonical JSON, fact by fact.

    Raises
    ------
    WrongShape
        Naming the fact that does not fit.
    """
    shape = Shape("record", register.facts)
    if isinstance(given, Mapping):
        given = {key: each for key, each in given.items() if key != "id" or "id" in shape.fields}
    entry: dict[str, Any] = shapes.canonical(shape, given, where)
    return entry

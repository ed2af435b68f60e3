"""The `data:` section: what the service has to know, and how it becomes known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from townhall.catalogue.engine import datatypes, shapes
from townhall.catalogue.engine.compiler import types
from townhall.catalogue.engine.compiler.expressions import (
    RESERVED,
    Names,
    in_order,
    words_of,
)
from townhall.catalogue.engine.definition import (
    NO_TEXT,
    Datum,
    Fallback,
    NamedText,
    Source,
    Text,
)
from townhall.catalogue.engine.jurisdiction import Pack, Register
from townhall.catalogue.engine.pack import ACTIONS
from townhall.catalogue.engine.problems import did_you_mean
from townhall.catalogue.engine.reader import Reader
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import ANY

FALLBACKS: Final = ("if_none", "if_down", "if_refused")
REGISTER_KEYS: Final = (
    "from",
    "by",
    "title",
    "ask",
    "hint",
    "edit",
    "when",
    "changed_meaning",
    *FALLBACKS,
)
COMPUTED_KEYS: Final = ("value", "title", "when", "changed_meaning")
_SAYS: Final = {"if_none": '"none"', "if_down": '"down"', "if_refused": '"refused"'}
_MEANS: Final = {
    "if_none": "it has no entry",
    "if_down": "it does not answer",
    "if_refused": "it refuses to answer",
}


@dataclass
class DataReader:
    """Reads all data of a service; `data` and `order` are the outcome."""

    pack: Pack
    reader: Reader
    names: Names
    texts: Mapping[str, NamedText]
    fallbacks: Mapping[str, Node]
    data: dict[str, Datum] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    triggers: frozenset[str] = frozenset()

    def read(self, section: Node | None) -> None:
        """Read the section; names of all data are known to later expressions."""
        nodes = self.reader.named(section, "data")
        for name, node in list(nodes.items()):
            if name in RESERVED or name in self.pack.lists:
                self.reader.error(
                    section.key_lines[name] if section else node.line,
                    f'data cannot be named "{name}": the word has a meaning already.',
                    "Choose another name.",
                )
                del nodes[name]
            elif not node.is_map:
                self.reader.section(node, f"data.{name}", types.ASKED_KEYS)
                del nodes[name]
        lines = section.key_lines if section else {}
        computed = {name for name, node in nodes.items() if "value" in node.value}
        for name, node in nodes.items():
            if name not in computed:
                self.data[name] = self._declare(name, node, lines.get(name, node.line))
                self.names.data[name] = datatypes.type_of(self.data[name])
        self._compute({name: nodes[name] for name in nodes if name in computed}, lines)
        for name, node in nodes.items():
            if name in self.data:
                self.data[name] = self._conditions(self.data[name], node)
        self._stand_ins(nodes)
        self.data = {
            **{name: self.data[name] for name in nodes if name in self.data},
            **{name: datum for name, datum in self.data.items() if name not in nodes},
        }
        self._sort()

    # --- declarations

    def _declare(self, name: str, node: Node, line: int) -> Datum:
        where = f"data.{name}"
        if "from" in node.value:
            return self._from_register(name, node, where, line)
        return types.TypeReader(self.pack, self.reader, self.texts).asked(name, node, where, line)

    def _from_register(self, name: str, node: Node, where: str, line: int) -> Datum:
        parts = self.reader.section(node, where, REGISTER_KEYS)
        path = self.reader.plain(parts["from"], f"{where}.from").split(".")
        register = self._register(path, parts["from"].line, where)
        fact = path[2] if len(path) == 3 else ""
        shape = shapes.Shape("text")
        facts: tuple[str, ...] = (fact,) if fact else ()
        if register is not None and fact:
            if self.reader.known(fact, parts["from"].line, f"{where}.from", "fact", register.facts):
                shape = register.facts[fact]
        elif register is not None:
            shape = shapes.Shape("record", register.facts)
            facts = tuple(register.facts)
        by = self.reader.plain(parts.get("by"), f"{where}.by")
        if register is not None and register.read_by != "person" and not by:
            self.reader.error(
                line,
                f'{where} reads the register "{register.key}" by {register.read_by}, '
                "but nothing says which.",
                "Add  by: <the datum that holds it>.",
            )
        source = Source(
            register=path[1] if len(path) > 1 else "",
            fact=fact,
            by=by,
            facts=facts,
            edit=self.reader.one_of(parts.get("edit"), f"{where}.edit", ("correct_at_source",)),
            if_none=self._fallback(name, parts, "if_none", line),
            if_down=self._fallback(name, parts, "if_down", line),
            if_refused=self._fallback(name, parts, "if_refused", line),
        )
        title = self.reader.text(parts.get("title"), f"{where}.title") or shape.title
        return Datum(
            name=name,
            type=shape.kind,
            kind="register",
            title=title or self._default_text(name),
            ask=self.reader.text(parts.get("ask"), f"{where}.ask"),
            hint=self.reader.text(parts.get("hint"), f"{where}.hint"),
            source=source,
            shape=shape,
            currency=self.pack.currency,
            changed_meaning=self.reader.flag(parts.get("changed_meaning"), where),
            line=line,
        )

    def _default_text(self, name: str) -> Text:
        named = self.texts.get(name) or self.pack.texts.get(name)
        self.reader.used.add(name)
        return named.text if named else NO_TEXT

    def _register(self, path: list[str], line: int, where: str) -> Register | None:
        if path[0] != "registers" or len(path) not in (2, 3):
            self.reader.error(
                line,
                f'{where}.from cannot be "{".".join(path)}".',
                "Write  registers.<register>.<fact>  or  registers.<register>.",
            )
            return None
        if not self.reader.known(path[1], line, f"{where}.from", "register", self.pack.registers):
            return None
        return self.pack.registers[path[1]]

    def _fallback(
        self, name: str, parts: Mapping[str, Node], key: str, line: int
    ) -> Fallback | None:
        where = f"data.{name}.{key}"
        node = parts.get(key) or self.fallbacks.get(key)
        if node is None:
            action = self.pack.fallbacks.get(key, "")
            if not action:
                self.reader.error(
                    line,
                    f"{name} comes from a register; nothing says what happens if "
                    f"{_MEANS[key]} ({_SAYS[key]}).",
                    f"Add  {key}: review  here, or under fallbacks: of the service or the pack.",
                )
                return None
            return Fallback(action, _stand_in(name, action, ""))  # type: ignore[arg-type]
        datum = ""
        if node.is_map and len(node.value) == 1:
            action, value = next(iter(node.value.items()))
            datum = self.reader.plain(value, where)
            if action not in ("ask", "upload"):
                self.reader.error(
                    node.line,
                    f"{where} can only name a datum for ask or upload.",
                    "Write  {upload: <datum>},  {ask: <datum>},  review,  wait  or  accept.",
                )
                return None
        else:
            action = self.reader.one_of(node, where, ACTIONS)
        if not action:
            return None
        return Fallback(action, _stand_in(name, action, datum))  # type: ignore[arg-type]

    # --- computed data and conditions

    def _compute(self, nodes: Mapping[str, Node], lines: Mapping[str, int]) -> None:
        """Read `value:` of computed data, each after those that it needs."""
        wanted = {
            name: words_of(value.value) if (value := node.value["value"]).is_text else frozenset()
            for name, node in nodes.items()
        }
        order, cycle = in_order(wanted)
        if cycle:
            self._cycle(cycle, lines)
            for name in cycle:
                self.names.data[name] = ANY
        for name in order:
            where = f"data.{name}"
            parts = self.reader.section(nodes[name], where, COMPUTED_KEYS)
            value = self.names.expression(
                parts["value"], f"{where}.value", self.names.data, owner=name
            )
            kind = value.type if value is not None else ANY
            self.names.data[name] = kind
            self.data[name] = Datum(
                name=name,
                type="computed",
                kind="computed",
                title=self.reader.text(parts.get("title"), f"{where}.title"),
                value=value,
                expression_type=kind,
                currency=self.pack.currency,
                changed_meaning=self.reader.flag(parts.get("changed_meaning"), where),
                line=lines.get(name, nodes[name].line),
            )

    def _cycle(self, cycle: tuple[str, ...], lines: Mapping[str, int]) -> None:
        self.reader.error(
            lines.get(cycle[0], 0),
            f"data.{cycle[0]} depends on itself: {' → '.join(cycle)}.",
            "Take one of these out of the other's when:, value: or by:.",
        )

    def _conditions(self, datum: Datum, node: Node) -> Datum:
        """Read the expressions of one datum, now that all names have types."""
        name, parts, where = datum.name, node.value, f"data.{datum.name}"
        found: dict[str, Any] = {}
        when = self.names.condition(parts.get("when"), f"{where}.when", self.names.data)
        if when is not None:
            found["when"] = when
        if datum.kind == "asked":
            conditions = types.Conditions(self.names, self.reader, self.texts, self.names.data)
            found.update(conditions.read(datum, parts, where, owner=name))
        if datum.source is not None and datum.source.by:
            line = parts["by"].line
            self.reader.known(datum.source.by, line, f"{where}.by", "datum", self.data)
        return replace(datum, **found) if found else datum

    # --- what is asked instead of a register

    def _stand_ins(self, nodes: Mapping[str, Node]) -> None:
        for datum in list(self.data.values()):
            if datum.source is None:
                continue
            for key in FALLBACKS:
                fallback: Fallback | None = getattr(datum.source, key)
                if fallback and fallback.datum == datum.name:
                    self._asked_itself(datum, key)
                elif fallback and fallback.datum:
                    self._stand_in(datum, fallback, key, nodes)

    def _asked_itself(self, datum: Datum, key: str) -> None:
        if datum.type not in (*shapes.SCALARS, "address"):
            self.reader.error(
                datum.line,
                f"{datum.name} has several parts; it cannot be asked in one question ({key}: ask).",
                f"Write  {key}: {{ask: <a datum>}},  {key}: upload  or  {key}: review.",
            )
        if not self.data[datum.name].ask:
            ask = self._default_text(datum.name) or datum.title
            self.data[datum.name] = replace(self.data[datum.name], ask=ask)

    def _stand_in(
        self, datum: Datum, fallback: Fallback, key: str, nodes: Mapping[str, Node]
    ) -> None:
        name = fallback.datum
        if name in nodes:
            declared = self.data[name]
            if fallback.action == "upload" and declared.type != "file":
                self.reader.error(
                    datum.line,
                    f'{datum.name}.{key} uploads "{name}", which is not a file.',
                    f"Give data.{name} the  type: file.",
                )
            self.data[name] = replace(declared, stands_in_for=datum.name)
            return
        if fallback.action == "ask":
            self.reader.error(
                datum.line,
                f'data.{datum.name}.{key} asks "{name}", which does not exist.',
                did_you_mean(name, nodes),
            )
            return
        if name not in self.data:
            ask = self._default_text(name) or self._default_text("upload")
            self.data[name] = Datum(
                name=name,
                type="file",
                ask=ask,
                title=datum.title,
                accept=self.pack.accept,
                max_bytes=self.pack.max_bytes,
                when=datum.when,
                stands_in_for=datum.name,
                line=datum.line,
            )
            self.names.data[name] = datatypes.type_of(self.data[name])

    # --- order

    def _sort(self) -> None:
        wanted = {}
        for name, datum in self.data.items():
            needs: set[str] = set()
            for expression in (datum.when, datum.value):
                if expression is not None:
                    needs |= expression.roots
            if datum.source is not None and datum.source.by:
                needs.add(datum.source.by)
            if datum.stands_in_for:
                needs.add(datum.stands_in_for)
            wanted[name] = frozenset(needs)
        self.triggers = frozenset().union(*wanted.values()) & frozenset(self.data)
        self.order, cycle = in_order(wanted)
        if cycle:
            lines = {name: datum.line for name, datum in self.data.items()}
            self._cycle(cycle, lines)


def _stand_in(name: str, action: str, datum: str) -> str:
    if action == "ask":
        return datum or name
    if action == "upload":
        return datum or f"{name}_document"
    return ""

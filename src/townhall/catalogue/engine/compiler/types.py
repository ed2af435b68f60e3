"""What may be written about a question of each type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from townhall.catalogue.engine import datatypes
from townhall.catalogue.engine.compiler.expressions import RESERVED, Names
from townhall.catalogue.engine.definition import (
    NO_TEXT,
    Check,
    Datum,
    NamedText,
    Option,
    Repeat,
    Text,
)
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.problems import did_you_mean
from townhall.catalogue.engine.reader import Reader, Written
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import ANY, DATE
from townhall.rules.engine import Type as ExpressionType

COMMON_KEYS: Final = (
    "type",
    "ask",
    "title",
    "hint",
    "required",
    "when",
    "always",
    "default",
    "valid",
    "changed_meaning",
)
TYPE_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("max_length", "lines"),
    "number": ("min", "max", "decimals", "unit"),
    "money": ("min", "max"),
    "date": ("not_after", "not_before"),
    "period": ("not_after", "not_before"),
    "choice": ("options", "several"),
    "yes/no": (),
    "plate": (),
    "email": (),
    "phone": (),
    "address": (),
    "place": (),
    "file": ("accept", "max", "several"),
    "group": ("repeat", "item", "fields"),
}
ASKED_KEYS: Final = tuple(
    dict.fromkeys((*COMMON_KEYS, *(k for ks in TYPE_KEYS.values() for k in ks)))
)
FILE_KINDS: Final = ("pdf", "jpg", "png", "heic", "txt", "docx")
_MAX_FIELDS: Final = 40


@dataclass
class TypeReader:
    """Reads one question without its expressions."""

    pack: Pack
    reader: Reader
    texts: Mapping[str, NamedText]

    def asked(
        self, name: str, node: Node, where: str, line: int, *, in_group: bool = False
    ) -> Datum:
        """Read a question; inside a group, groups and files are not possible."""
        reader = self.reader
        kinds = [kind for kind in TYPE_KEYS if not (in_group and kind in ("group", "file"))]
        kind_node = node.value.get("type")
        if kind_node is None:
            reader.error(
                line,
                f"{where} does not say what it is.",
                f"Add  type:  ({', '.join(kinds)}),  from:  (a register)  or  value:  (computed).",
            )
        kind = reader.one_of(kind_node, f"{where}.type", kinds, "text")
        parts = self._section(node, where, kind)
        found: dict[str, Any] = {
            "ask": reader.text(parts.get("ask"), f"{where}.ask") or self._default(name, kind),
            "title": reader.text(parts.get("title"), f"{where}.title"),
            "hint": reader.text(parts.get("hint"), f"{where}.hint"),
            "required": reader.flag(parts.get("required"), f"{where}.required", default=True),
            "always": reader.flag(parts.get("always"), f"{where}.always"),
            "changed_meaning": reader.flag(parts.get("changed_meaning"), where),
            "currency": self.pack.currency,
        }
        found.update(self._details(kind, parts, where, line))
        return Datum(name=name, type=kind, line=line, **found)

    def _section(self, node: Node, where: str, kind: str) -> dict[str, Node]:
        known = (*COMMON_KEYS, *TYPE_KEYS[kind])
        for key in node.value:
            if key in known:
                continue
            kinds = [each for each, keys in TYPE_KEYS.items() if key in keys]
            hint = did_you_mean(key, ASKED_KEYS)
            if kinds:
                hint = f"Only {' and '.join(kinds)} can have {key}:."
            self.reader.error(node.key_lines[key], f'{where} ({kind}) has no "{key}".', hint)
        parts: dict[str, Node] = node.value
        return parts

    def _default(self, name: str, kind: str) -> Text:
        for key in (name, kind.replace("/", "_")):
            named = self.texts.get(key) or self.pack.texts.get(key)
            if named:
                self.reader.used.add(key)
                return named.text
        return NO_TEXT

    def _details(
        self, kind: str, parts: Mapping[str, Node], where: str, line: int
    ) -> dict[str, Any]:
        reader = self.reader
        match kind:
            case "text":
                return {
                    "max_length": reader.whole(parts.get("max_length"), f"{where}.max_length"),
                    "lines": reader.whole(parts.get("lines"), f"{where}.lines", 1, 40),
                }
            case "number" | "money":
                return self._number(parts, where)
            case "choice":
                return {
                    "several": reader.flag(parts.get("several"), f"{where}.several"),
                    "options": self._options(parts.get("options"), f"{where}.options", line),
                }
            case "file":
                return self._file(parts, where)
            case "group":
                return self._group(parts, where, line)
        return {}

    def _number(self, parts: Mapping[str, Node], where: str) -> dict[str, Any]:
        reader = self.reader
        found: dict[str, Any] = {
            "min": reader.decimal(parts.get("min"), f"{where}.min"),
            "max": reader.decimal(parts.get("max"), f"{where}.max"),
            "unit": reader.text(parts.get("unit"), f"{where}.unit", neutral=True),
        }
        if "decimals" in parts:
            found["decimals"] = reader.whole(parts["decimals"], f"{where}.decimals", 0, 9)
        if found["min"] is not None and found["max"] is not None and found["min"] > found["max"]:
            reader.error(parts["max"].line, f"{where}.max is smaller than its min.")
        return found

    def _options(self, node: Node | None, where: str, line: int) -> tuple[Option, ...]:
        reader = self.reader
        if node is None:
            reader.error(
                line,
                f"{where} is missing: a choice needs answers.",
                "Add  options: {key: text, …}.",
            )
            return ()
        if node.is_list:
            values = [(item, reader.plain(item, where)) for item in node.value]
            found = []
            for item, value in values:
                if not value.replace(".", "", 1).isdigit():
                    first = {reader.languages[0]: value}
                    reader.written.append(Written(f"{where} ({value})", item.line, first))
                text = dict.fromkeys(reader.languages, value)
                found.append(Option(value, text))
        elif node.is_map:
            found = [
                Option(key, reader.text(value, f"{where}.{key}"), exclusive=key == "none")
                for key, value in node.value.items()
            ]
        else:
            found = []
        seen: set[str] = set()
        for option in found:
            if option.value in seen or not option.value or len(option.value) > 200:
                reader.error(
                    node.line, f'{where} has the answer "{option.value[:40]}" twice or badly.'
                )
            seen.add(option.value)
        if not found:
            reader.error(node.line, f"{where} has no answers.")
        return tuple(found)

    def _file(self, parts: Mapping[str, Node], where: str) -> dict[str, Any]:
        reader = self.reader
        accept = reader.words(parts.get("accept"), f"{where}.accept") or self.pack.accept
        for kind in accept:
            if kind not in FILE_KINDS:
                reader.error(
                    parts["accept"].line if "accept" in parts else 0,
                    f'{where}.accept cannot be "{kind}".',
                    f"Write some of: {', '.join(FILE_KINDS)}.",
                )
        return {
            "accept": accept,
            "max_bytes": reader.size(parts.get("max"), f"{where}.max", self.pack.max_bytes),
            "several": reader.flag(parts.get("several"), f"{where}.several"),
        }

    def _group(self, parts: Mapping[str, Node], where: str, line: int) -> dict[str, Any]:
        reader = self.reader
        fields = {}
        for name, node in reader.named(parts.get("fields"), f"{where}.fields").items():
            place = f"{where}.fields.{name}"
            if name in RESERVED or not node.is_map:
                reader.error(node.line, f"{place} cannot be read.", "Write  {type: text, ask: …}.")
            else:
                fields[name] = self.asked(name, node, place, node.line, in_group=True)
        if not fields:
            reader.error(
                line, f"{where} is a group without fields.", "Add  fields: {name: {type: …}}."
            )
        if len(fields) > _MAX_FIELDS:
            reader.error(line, f"{where} has more than {_MAX_FIELDS} fields.")
        least, most = 1, 20
        if "repeat" in parts:
            bounds = reader.section(parts["repeat"], f"{where}.repeat", ("min", "max"))
            least = reader.whole(bounds.get("min"), f"{where}.repeat.min", 0, 100)
            most = reader.whole(bounds.get("max"), f"{where}.repeat.max", 20, 100)
        if least > most:
            reader.error(line, f"{where}.repeat has a max that is smaller than its min.")
        return {
            "fields": fields,
            "repeat": Repeat(least, most),
            "item": reader.text(parts.get("item"), f"{where}.item"),
        }


@dataclass
class Conditions:
    """Reads the expressions of questions: bounds, checks, defaults."""

    names: Names
    reader: Reader
    texts: Mapping[str, NamedText]
    scope_names: Mapping[str, ExpressionType]

    def read(
        self, datum: Datum, parts: Mapping[str, Node], where: str, owner: str
    ) -> dict[str, Any]:
        """Return what the expressions of the question add to it."""
        found: dict[str, Any] = {}
        for key in ("not_after", "not_before"):
            if key in parts and datum.type in ("date", "period"):
                found[key] = self.names.expression(
                    parts[key], f"{where}.{key}", self.scope_names, DATE, owner=owner
                )
        if "valid" in parts:
            found["valid"] = tuple(self._checks(parts["valid"], where, owner))
        if "default" in parts:
            found.update(self._default(datum, parts["default"], where))
        if datum.fields:
            found["fields"] = self._fields(datum, parts["fields"].value, where, owner)
        return found

    def _checks(self, node: Node, where: str, owner: str) -> Iterable[Check]:
        for item in self.reader.items(node, f"{where}.valid"):
            place = f"{where}.valid"
            parts = self.reader.section(item, place, ("if", "say"))
            condition = self.names.condition(
                parts.get("if"), f"{place}.if", self.scope_names, owner=owner
            )
            if "if" not in parts or "say" not in parts:
                self.reader.error(
                    item.line,
                    f"{place} needs a condition and what to say when it does not hold.",
                    "Write  - {if: <condition>, say: <text>}.",
                )
            say = said(self.reader, parts.get("say"), f"{place}.say", self.texts)
            if condition is not None:
                yield Check(condition, say)

    def _default(self, datum: Datum, node: Node, where: str) -> dict[str, Any]:
        text = self.reader.plain(node, f"{where}.default")
        if text.startswith("="):
            expression = self.names.expression(
                Node(text[1:].strip(), node.line),
                f"{where}.default",
                self.scope_names,
                datatypes.type_of(datum),
            )
            return {"default_value": expression}
        try:
            given = text.split(",") if datum.several else text
            datatypes.from_json(datum, given)
        except datatypes.Invalid as error:
            self.reader.error(
                node.line,
                f'{where}.default cannot be "{text[:40]}": {error.message.english()}',
                "Write an answer that people could give, or  = <expression>.",
            )
        return {"default": text}

    def _fields(
        self, datum: Datum, nodes: Mapping[str, Node], where: str, owner: str
    ) -> dict[str, Datum]:
        names = dict(self.scope_names)
        names.update({name: datatypes.type_of(field) for name, field in datum.fields.items()})
        inner = Conditions(self.names, self.reader, self.texts, names)
        found = {}
        for name, field in datum.fields.items():
            place, parts = f"{where}.fields.{name}", nodes[name].value
            when = self.names.condition(parts.get("when"), f"{place}.when", names, owner=owner)
            more = inner.read(field, parts, place, owner)
            found[name] = replace(field, when=when, **more)
        return found


def said(reader: Reader, node: Node | None, where: str, texts: Mapping[str, NamedText]) -> Text:
    """Return a text that is written here, or named under `texts:`."""
    if node is not None and node.is_text and node.value in texts:
        reader.used.add(node.value)
        return texts[node.value].text
    if node is not None and node.is_text and _looks_like_key(node.value):
        reader.known(node.value, node.line, where, "text", texts)
        return NO_TEXT
    return reader.text(node, where)


def _looks_like_key(text: str) -> bool:
    return "_" in text and " " not in text


__all__ = ["ANY", "ASKED_KEYS", "RESERVED", "TYPE_KEYS", "Conditions", "TypeReader", "said"]

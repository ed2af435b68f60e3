"""Texts, letters, the service page, and the words by which a service is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from townhall.catalogue.engine.compiler.expressions import Names
from townhall.catalogue.engine.definition import (
    NO_TEXT,
    GuidanceOutcome,
    Guide,
    Law,
    Letter,
    NamedText,
    Paragraph,
    SearchWords,
    Text,
)
from townhall.catalogue.engine.reader import NAME, Reader
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import Expression

LETTER_KEYS: Final = ("kind", "title", "text", "valid_for")
GUIDE_KEYS: Final = ("for", "need", "time", "cost", "more")
OUTCOME_KEYS: Final = ("if", "show", "apply", "key", "law")


def guide(reader: Reader, node: Node | None) -> Guide:
    """Read `guide:`, what the service page tells before anything is asked."""
    if node is None:
        return Guide()
    parts = reader.section(node, "guide", GUIDE_KEYS)
    return Guide(
        who=reader.texts(parts.get("for"), "guide.for"),
        need=reader.texts(parts.get("need"), "guide.need"),
        time=reader.texts(parts.get("time"), "guide.time"),
        cost=reader.texts(parts.get("cost"), "guide.cost"),
        more=reader.texts(parts.get("more"), "guide.more"),
    )


def laws(reader: Reader, node: Node | None) -> tuple[Law, ...]:
    """Read `law:`, the citations on which the service rests."""
    if node is not None and node.is_map and not {"title", "url"} & set(node.value):
        return tuple(law for law in (reader.law(node, "law"),) if law)
    found = (reader.law(item, "law") for item in reader.items(node, "law"))
    return tuple(law for law in found if law)


def search_words(reader: Reader, top: Mapping[str, Node]) -> SearchWords:
    """Read `topics:`, `synonyms:` and `examples:`."""
    return SearchWords(
        topics=reader.words(top.get("topics"), "topics"),
        synonyms=reader.per_language(top.get("synonyms"), "synonyms"),
        examples=reader.per_language(top.get("examples"), "examples"),
    )


@dataclass
class LetterReader:
    """Reads letters; conditions and placeholders know everything about the case."""

    reader: Reader
    names: Names

    def read(self, name: str, node: Node, where: str) -> Letter:
        """Read one letter or certificate."""
        reader = self.reader
        parts = reader.section(node, where, LETTER_KEYS)
        for key in ("title", "text"):
            if key not in parts and node.is_map:
                reader.error(node.line, f"{where} has no {key}.", f"Add  {key}: …")
        kinds = ("letter", "certificate")
        kind = reader.one_of(parts.get("kind"), f"{where}.kind", kinds, "letter")
        return Letter(
            name=name,
            title=reader.text(parts.get("title"), f"{where}.title"),
            paragraphs=tuple(
                self._paragraph(item, f"{where}.text")
                for item in reader.items(parts.get("text"), f"{where}.text")
            ),
            kind="certificate" if kind == "certificate" else "letter",
            valid_for=reader.period(parts.get("valid_for"), f"{where}.valid_for"),
            line=node.line,
        )

    def _paragraph(self, node: Node, where: str) -> Paragraph:
        if node.is_map and "text" in node.value:
            parts = self.reader.section(node, where, ("if", "text"))
            condition = self.names.condition(parts.get("if"), f"{where}.if", self.names.flow)
            return Paragraph(self.reader.text(parts["text"], where), condition)
        return Paragraph(self.reader.text(node, where))


def outcomes(
    reader: Reader, names: Names, texts: Mapping[str, NamedText], node: Node | None
) -> tuple[GuidanceOutcome, ...]:
    """Read `outcomes:` of a guidance service; the first whose condition holds wins."""
    found: list[GuidanceOutcome] = []
    failed: list[Expression] = []
    for item in reader.items(node, "outcomes"):
        where = f"outcomes line {len(found) + 1}"
        parts = reader.section(item, where, OUTCOME_KEYS)
        show = reader.plain(parts.get("show"), f"{where}.show")
        if "show" not in parts and item.is_map:
            reader.error(item.line, f"{where} shows nothing.", "Add  show: <a text under texts:>.")
        elif show:
            reader.known(show, item.line, f"{where}.show", "text", texts)
            reader.used.add(show)
        key = reader.plain(parts.get("key"), f"{where}.key", show)
        if key and not NAME.fullmatch(key):
            reader.error(
                item.line, f'{where}.key cannot be "{key[:40]}".', "Write small letters, digits, _."
            )
        if any(each.key == key for each in found):
            reader.error(
                item.line, f'the outcome "{key}" is there twice.', "Add  key: <another name>."
            )
        condition = names.condition(parts.get("if"), f"{where}.if", names.results, after=failed)
        if condition is not None:
            failed.append(condition)
        found.append(
            GuidanceOutcome(
                key=key,
                show=show,
                text=texts.get(show) or NamedText((), NO_TEXT),
                condition=condition,
                apply=reader.plain(parts.get("apply"), f"{where}.apply"),
                law=reader.law(parts.get("law"), f"{where}.law"),
                line=item.line,
            )
        )
    return tuple(found)


def because(
    reader: Reader, parts: Mapping[str, Node], where: str, texts: Mapping[str, NamedText]
) -> Text:
    """Read a reason: a text written here or named under `texts:`."""
    node = parts.get("because")
    if node is not None and node.is_text and node.value in texts:
        reader.used.add(node.value)
        return texts[node.value].text
    return reader.text(node, f"{where}.because")

"""Conditions of eligibility, results, and pages of a service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from townhall.catalogue.engine.compiler import content, types
from townhall.catalogue.engine.compiler.expressions import Names, in_order, words_of
from townhall.catalogue.engine.compiler.people import PeopleReader
from townhall.catalogue.engine.definition import (
    NO_TEXT,
    Datum,
    EligibleLine,
    NamedText,
    Page,
    Result,
)
from townhall.catalogue.engine.goals import Goal
from townhall.catalogue.engine.problems import did_you_mean
from townhall.catalogue.engine.reader import EMPTY, NAME, Reader
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import Expression

ELIGIBLE_KEYS: Final = ("if", "else", "say", "law")
RESULT_KEYS: Final = ("value", "goal", "of", "because", "law", "title")
PAGE_KEYS: Final = ("ask", "title", "key", "show")


@dataclass
class SectionReader:
    """Reads sections that look at the data of the service."""

    reader: Reader
    names: Names
    texts: Mapping[str, NamedText]
    people: PeopleReader

    def eligible(self, node: Node | None) -> Iterator[EligibleLine]:
        """Read `eligible:`, line by line."""
        for number, item in enumerate(self.reader.items(node, "eligible"), start=1):
            where = f"eligible line {number}"
            parts = self.reader.section(item, where, ELIGIBLE_KEYS)
            condition = self.names.condition(parts.get("if"), f"{where}.if", self.names.results)
            for key, hint in (("if", "Add  if: <condition>."), ("say", "Add  say: <reason>.")):
                if key not in parts and item.is_map:
                    what = "condition" if key == "if" else "reason"
                    self.reader.error(item.line, f"{where} has no {what}.", hint)
            verdict = self.reader.one_of(parts.get("else"), f"{where}.else", ("no", "review"), "no")
            say = parts.get("say")
            if condition is not None:
                yield EligibleLine(
                    condition=condition,
                    verdict="review" if verdict == "review" else "no",
                    say=types.said(self.reader, say, f"{where}.say", self.texts),
                    say_key=say.value if say and say.is_text and say.value in self.texts else "",
                    law=self.reader.law(parts.get("law"), f"{where}.law"),
                    line=item.line,
                )

    def results(self, node: Node | None) -> dict[str, Result]:
        """Read `results:`, each after those that it needs."""
        nodes = self.reader.named(node, "results")
        values = {
            name: each.value.get("value", EMPTY) if each.is_map else each
            for name, each in nodes.items()
        }
        order, cycle = in_order(
            {
                name: words_of(value.value) if value.is_text else frozenset()
                for name, value in values.items()
            }
        )
        if cycle and node is not None:
            self.reader.error(
                node.key_lines[cycle[0]],
                f"results.{cycle[0]} depends on itself: {' → '.join(cycle)}.",
                "Take one of these out of the other's value.",
            )
        found = {}
        for name in order:
            where = f"results.{name}"
            if name in self.names.data or name in types.RESERVED:
                self.reader.error(
                    nodes[name].line,
                    f"{where} has the name of something else.",
                    "Choose another name.",
                )
                continue
            parts: Mapping[str, Node] = {}
            if nodes[name].is_map:
                parts = self.reader.section(nodes[name], where, RESULT_KEYS)
            value: Expression | Goal | None
            if "goal" in parts:
                value = self.people.goal(parts["goal"], f"{where}.goal", parts.get("of"))
            else:
                value = self.names.expression(values[name], f"{where}.value", self.names.results)
            if value is None:
                if values[name] is EMPTY and "goal" not in parts:
                    self.reader.error(nodes[name].line, f"{where} has no value.", "Add  value: …")
                self.names.results[name] = types.ANY
                continue
            self.names.results[name] = value.type
            found[name] = Result(
                name=name,
                value=value,
                because=content.because(self.reader, parts, where, self.texts)
                if "because" in parts or not isinstance(value, Goal)
                else NO_TEXT,
                title=self.reader.text(parts.get("title"), f"{where}.title"),
                law=self.reader.law(parts.get("law"), f"{where}.law"),
                line=nodes[name].line,
            )
        return found

    def pages(self, node: Node | None, data: Mapping[str, Datum]) -> tuple[Page, ...]:
        """Read `pages:`; every question stands on one page only."""
        found: list[Page] = []
        asked: dict[str, int] = {}
        for item in self.reader.items(node, "pages"):
            where = f"page {len(found) + 1}"
            parts = self.reader.section(item, where, PAGE_KEYS)
            ask = []
            for each in self.reader.items(parts.get("ask"), f"{where}.ask"):
                name = self.reader.plain(each, f"{where}.ask")
                if name in asked:
                    self.reader.error(
                        each.line,
                        f'{where} asks "{name}" again; it is asked in line {asked[name]} already.',
                        "Keep one of them.",
                    )
                elif self._askable(name, each.line, where, data):
                    ask.append(name)
                    asked[name] = each.line
            show = tuple(
                name
                for each in self.reader.items(parts.get("show"), f"{where}.show")
                if (name := self.reader.plain(each, f"{where}.show"))
                and self.reader.known(name, each.line, f"{where}.show", "datum", data)
            )
            if "ask" not in parts and not show:
                self.reader.error(item.line, f"{where} asks nothing.", "Add  ask: [<datum>].")
            key = self.reader.plain(parts.get("key"), f"{where}.key", next(iter((*ask, *show)), ""))
            if key and (not NAME.fullmatch(key) or any(page.key == key for page in found)):
                self.reader.error(
                    item.line, f'{where} cannot have the key "{key[:40]}".', "Choose another key."
                )
                continue
            if key:
                title = self.reader.text(parts.get("title"), f"{where}.title")
                found.append(Page(key, tuple(ask), title, show, item.line))
        return tuple(found)

    def _askable(self, name: str, line: int, where: str, data: Mapping[str, Datum]) -> bool:
        if name not in data:
            asked = [each for each, datum in data.items() if datum.kind == "asked"]
            self.reader.error(
                line, f'{where} asks "{name}", which does not exist.', did_you_mean(name, asked)
            )
            return False
        datum = data[name]
        if datum.kind == "computed":
            self.reader.error(
                line, f'{where} asks "{name}", which is computed.', "Take it out of ask."
            )
            return False
        if datum.kind == "register" and not _asked_itself(datum):
            self.reader.error(
                line,
                f'{where} asks "{name}", which comes from a register.',
                "Write  show: [" + name + "]  to show it, or  if_none: ask  at the datum.",
            )
            return False
        return True


def _asked_itself(datum: Datum) -> bool:
    source = datum.source
    fallbacks = (source.if_none, source.if_down, source.if_refused) if source else ()
    return any(each is not None and each.datum == datum.name for each in fallbacks)


def with_stand_ins(pages: tuple[Page, ...], data: Mapping[str, Datum]) -> tuple[Page, ...]:
    """Give a place to questions that replace a register and stand on no page.

    Beside the key by which the register is read; without one on a page of
    their own at the front, where facts about the person belong.
    """
    asked = {name for page in pages for name in page.ask}
    found = list(pages)
    for name, datum in data.items():
        replaced = data[datum.stands_in_for] if datum.stands_in_for else datum
        if name in asked or not (datum.stands_in_for or _asked_itself(datum)):
            continue
        by = replaced.source.by if replaced.source else ""
        for number, page in enumerate(found):
            if by and by in page.ask:
                at = page.ask.index(by) + 1
                found[number] = replace(page, ask=(*page.ask[:at], name, *page.ask[at:]))
                break
        else:
            found.insert(0, Page(name, (name,), line=datum.line))
    return tuple(found)

"""From the root of the file to a `Definition`, section by section."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from townhall.catalogue.engine.compiler import content, flow
from townhall.catalogue.engine.compiler.data import FALLBACKS, DataReader
from townhall.catalogue.engine.compiler.expressions import CHANNELS, Names
from townhall.catalogue.engine.compiler.people import PeopleReader
from townhall.catalogue.engine.compiler.sections import SectionReader, with_stand_ins
from townhall.catalogue.engine.compiler.what_if import what_if
from townhall.catalogue.engine.definition import (
    Booking,
    Datum,
    Definition,
    Duplicates,
    Keep,
    Letter,
    Migration,
    TestCase,
    Who,
)
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.pack import keep_periods, named_texts
from townhall.catalogue.engine.problems import Findings, did_you_mean
from townhall.catalogue.engine.reader import EMPTY, KEY, Reader
from townhall.catalogue.engine.source import Node

COMMON_KEYS: Final = (
    "service",
    "version",
    "title",
    "summary",
    "guide",
    "agency",
    "events",
    "channels",
    "topics",
    "synonyms",
    "examples",
    "law",
    "data",
    "pages",
    "people",
    "results",
    "texts",
    "tests",
    "fallbacks",
)
CASE_KEYS: Final = (
    *COMMON_KEYS,
    "who",
    "eligible",
    "fee",
    "award",
    "what_if",
    "flow",
    "letters",
    "deadline",
    "keep",
    "duplicates",
    "book",
    "publish",
    "migrate",
)
GUIDANCE_KEYS: Final = (*COMMON_KEYS, "guidance", "outcomes")
WHO_KEYS: Final = ("login", "may_act_for")
DUPLICATES_KEYS: Final = ("place", "within", "days")
BOOK_KEYS: Final = ("minutes", "when", "title")
MIGRATE_KEYS: Final = ("data", "states")
TEST_KEYS: Final = ("name", "given", "steps", "expect")
_DISTANCE: Final = " m"


@dataclass
class ServiceReader:
    """Reads one service; everything wrong with it lands in `findings`."""

    root: Node
    pack: Pack
    findings: Findings
    source: str = ""
    reader: Reader = field(init=False)
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        self.reader = Reader(self.findings, self.pack.languages)
        self.names = Names(self.pack, self.reader)

    def read(self) -> Definition:
        """Return the definition as far as it could be read."""
        reader, names, pack = self.reader, self.names, self.pack
        guidance = self.root.is_map and reader.flag(self.root.value.get("guidance"), "guidance")
        top = reader.section(
            self.root,
            "a guidance service" if guidance else "the service",
            GUIDANCE_KEYS if guidance else CASE_KEYS,
        )
        self._needed(top, guidance=guidance)
        texts = named_texts(reader, top.get("texts"), "texts")
        data = DataReader(pack, reader, names, texts, self._fallbacks(top))
        data.read(top.get("data"))
        names.begin_results()
        people = PeopleReader(pack, reader, names)
        told = people.read(top.get("people"))
        sections = SectionReader(reader, names, texts, people)
        results = sections.results(top.get("results"))
        award = people.award(top.get("award"), results, data.data)
        names.begin_flow()
        pages = sections.pages(top.get("pages"), data.data)
        states = flow.FlowReader(pack, reader, names, texts).read(top.get("flow"))
        tests = tuple(self._tests(top.get("tests")))
        definition = Definition(
            service=self._key(top),
            version=reader.whole(top.get("version"), "version", 1),
            hash="",
            pack=pack,
            filename=self.findings.file,
            **self._head(top, guidance=guidance),
            eligible=tuple(sections.eligible(top.get("eligible"))),
            data=data.data,
            order=data.order,
            triggers=data.triggers,
            pages=with_stand_ins(pages, data.data),
            people=told,
            results=results,
            award=award,
            what_if=what_if(reader, top.get("what_if"), data.data, results),
            fee=flow.fee(reader, names, pack, texts, top.get("fee")),
            flow=states,
            letters=self._letters(top.get("letters"), states),
            deadline=flow.deadline(reader, pack, top.get("deadline")),
            keep=self._keep(top.get("keep")),
            texts=texts,
            duplicates=self._duplicates(top.get("duplicates"), data.data),
            book=tuple(self._book(top.get("book"))),
            publish=reader.words(top.get("publish"), "publish"),
            migrate=self._migrate(top.get("migrate")),
            guidance=guidance,
            outcomes=content.outcomes(reader, names, texts, top.get("outcomes")),
            tests=tests,
            languages=pack.languages,
            source=self.source,
        )
        written = canonical(self.root, definition)
        digest = hashlib.sha256(written.encode()).hexdigest()
        return replace(definition, hash=digest, canonical=written)

    # --- the head

    def _head(self, top: Mapping[str, Node], *, guidance: bool) -> dict[str, Any]:
        """Return what lists, search and the service page show."""
        reader = self.reader
        return {
            "title": reader.text(top.get("title"), "title"),
            "summary": reader.text(top.get("summary"), "summary"),
            "guide": content.guide(reader, top.get("guide")),
            "agency": self._agency(top.get("agency")),
            "events": self._events(top.get("events")),
            "channels": self._channels(top.get("channels")),
            "who": self._who(top.get("who"), guidance=guidance),
            "law": content.laws(reader, top.get("law")),
            "words": content.search_words(reader, top),
        }

    def _needed(self, top: Mapping[str, Node], *, guidance: bool) -> None:
        needed = ["service", "version", "title", "pages", "data"]
        needed += ["outcomes"] if guidance else ["agency", "flow"]
        for key in needed:
            if key not in top and self.root.is_map:
                self.reader.error(
                    1, f"the service has no {key}.", f"Add  {key}: …  ({_EXAMPLES[key]})"
                )

    def _key(self, top: Mapping[str, Node]) -> str:
        key = self.reader.plain(top.get("service"), "service")
        if key and not KEY.fullmatch(key):
            self.reader.error(
                top["service"].line,
                f'service cannot be "{key[:60]}".',
                "Use small letters, digits and -, beginning with a letter.",
            )
        return key

    def _agency(self, node: Node | None) -> str:
        agency = self.reader.plain(node, "agency")
        if node is not None and agency:
            self.reader.known(agency, node.line, "agency", "agency", self.pack.agencies)
        return agency

    def _events(self, node: Node | None) -> tuple[str, ...]:
        return tuple(
            key
            for item in self.reader.items(node, "events")
            if (key := self.reader.plain(item, "events"))
            and self.reader.known(key, item.line, "events", "life event", self.pack.events)
        )

    def _channels(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return self.pack.channels
        return tuple(
            found
            for item in self.reader.items(node, "channels")
            if (found := self.reader.one_of(item, "channels", CHANNELS))
        )

    def _who(self, node: Node | None, *, guidance: bool) -> Who:
        if guidance:
            return Who("none")
        if node is None:
            return Who()
        parts = self.reader.section(node, "who", WHO_KEYS)
        levels = ("none", "low", "substantial", "high")
        login = self.reader.one_of(parts.get("login"), "who.login", levels, "low")
        return Who(login, self.reader.words(parts.get("may_act_for"), "who.may_act_for"))  # type: ignore[arg-type]

    def _fallbacks(self, top: Mapping[str, Node]) -> dict[str, Node]:
        node = top.get("fallbacks")
        return {} if node is None else self.reader.section(node, "fallbacks", FALLBACKS)

    # --- letters and the rest

    def _letters(self, node: Node | None, states: Mapping[str, Any]) -> dict[str, Letter]:
        letters = content.LetterReader(self.reader, self.names)
        found = {
            name: letters.read(name, each, f"letters.{name}")
            for name, each in self.reader.named(node, "letters").items()
        }
        used = [name for state in states.values() for name in (state.letter, state.issue) if name]
        for name in dict.fromkeys((*used, "receipt") if states else used):
            if name not in found and name in self.pack.letters:
                # A fault in the pack's letter is a fault of the service that sends it.
                found[name] = letters.read(
                    name, self.pack.letters[name], f"the pack's letter {name}"
                )
        return found

    def _keep(self, node: Node | None) -> Keep:
        periods, then = keep_periods(self.reader, node, "keep")
        merged = {**self.pack.keep.periods, **periods}
        return Keep(merged, then or self.pack.keep.then)  # type: ignore[arg-type]

    def _duplicates(self, node: Node | None, data: Mapping[str, Datum]) -> Duplicates | None:
        if node is None:
            return None
        parts = self.reader.section(node, "duplicates", DUPLICATES_KEYS)
        place = self.reader.plain(parts.get("place"), "duplicates.place")
        if place not in data or data[place].type != "place":
            places = [name for name, datum in data.items() if datum.type == "place"]
            self.reader.error(
                node.line,
                f'duplicates.place names "{place}", which is not a place.',
                did_you_mean(place, places) or "Add a datum of  type: place.",
            )
            return None
        within = parts.get("within", Node("100 m", node.line))
        text = self.reader.plain(within, "duplicates.within").removesuffix(_DISTANCE)
        days = self.reader.whole(parts.get("days"), "duplicates.days", 60, 3650)
        metres = self.reader.whole(Node(text, within.line), "duplicates.within", 100, 100_000)
        return Duplicates(place, metres, days)

    def _book(self, node: Node | None) -> Any:
        for name, each in self.reader.named(node, "book").items():
            where = f"book.{name}"
            parts = self.reader.section(each, where, BOOK_KEYS)
            minutes = self.reader.whole(parts.get("minutes"), f"{where}.minutes", 15, 1440)
            when = self.names.condition(parts.get("when"), f"{where}.when", self.names.results)
            yield Booking(name, minutes, when)

    def _migrate(self, node: Node | None) -> Migration:
        if node is None:
            return Migration()
        parts = self.reader.section(node, "migrate", MIGRATE_KEYS)
        data = {}
        for name, each in self.reader.named(parts.get("data"), "migrate.data").items():
            if each.is_map:
                to = self.reader.section(each, f"migrate.data.{name}", ("to",)).get("to")
                data[name] = self.reader.plain(to, f"migrate.data.{name}.to")
            else:
                data[name] = self.reader.one_of(
                    each, f"migrate.data.{name}", ("ask_again", "keep", "drop"), "ask_again"
                )
        states = {
            name: self.reader.plain(each, f"migrate.states.{name}")
            for name, each in self.reader.named(parts.get("states"), "migrate.states").items()
        }
        return Migration(data, states)

    def _tests(self, node: Node | None) -> Any:
        for number, item in enumerate(self.reader.items(node, "tests"), start=1):
            where = f"test {number}"
            parts = self.reader.section(item, where, TEST_KEYS)
            name = self.reader.plain(parts.get("name"), f"{where}.name", where)
            for key in ("given", "expect"):
                if key in parts and not parts[key].is_map:
                    self.reader.error(parts[key].line, f"{where}.{key} must have parts.")
            given, expect = parts.get("given", EMPTY), parts.get("expect", EMPTY)
            steps = [
                each.plain() for each in self.reader.items(parts.get("steps"), f"{where}.steps")
            ]
            yield TestCase(
                name=name,
                given=given.plain() if given.is_map else {},
                steps=tuple(step for step in steps if isinstance(step, dict)),
                expect=expect.plain() if expect.is_map else {},
                line=item.line,
            )


_EXAMPLES: Final = {
    "service": "a stable key such as  resident-permit",
    "version": "a number, raised at each change",
    "title": "what people call it",
    "pages": "what is asked together:  - {ask: [plate]}",
    "data": "what the service has to know",
    "outcomes": "what applies:  - {if: <condition>, show: <text>}",
    "agency": "who is responsible",
    "flow": "the states of a case",
}


def canonical(root: Node, definition: Definition) -> str:
    """Return the canonical JSON that names the version.

    The file as it is written, without layout, and those defaults of the pack
    that reached people through it: texts, letters, fallbacks, retention. So a
    case keeps its letter even when the pack's letter changes.
    """
    pack = definition.pack
    types = {datum.type.replace("/", "_") for datum in definition.data.values()}
    reached = {*definition.data, *types, *definition.actions, "upload"}
    defaults = {
        "languages": list(pack.languages),
        "currency": pack.currency,
        "fallbacks": dict(pack.fallbacks),
        "keep": {name: str(period) for name, period in definition.keep.periods.items()},
        "then": definition.keep.then,
        "files": [list(pack.accept), pack.max_bytes],
        "starts": pack.deadline_starts,
        "channels": list(pack.channels),
        "texts": {
            name: {"title": dict(text.title), "body": [dict(each) for each in text.body]}
            for name, text in sorted(pack.texts.items())
            if name in reached
        },
        "letters": {
            name: pack.letters[name].plain()
            for name in sorted(definition.letters)
            if name in pack.letters and name not in _written(root, "letters")
        },
    }
    tree = {"format": 1, "service": root.plain(), "pack": defaults}
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _written(root: Node, section: str) -> Mapping[str, Any]:
    node = root.value.get(section) if root.is_map else None
    return node.value if node is not None and node.is_map else {}

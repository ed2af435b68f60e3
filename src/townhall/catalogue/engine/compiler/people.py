"""`people:` and `award:`: whom the law sees, and what is paid as long as it says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from townhall.catalogue.engine.casework import Award
from townhall.catalogue.engine.compiler.expressions import Names
from townhall.catalogue.engine.definition import Datum, Result
from townhall.catalogue.engine.goals import Goal
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.lawvalues import type_of
from townhall.catalogue.engine.people import Children, People
from townhall.catalogue.engine.problems import did_you_mean
from townhall.catalogue.engine.reader import Reader
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import DATE, Expression, ListType, MoneyType, RecordType
from townhall.rules.engine.law import FAMILY, HOUSEHOLD, PERSON, Entity, Lawbook, LawError

PEOPLE_KEYS: Final = ("me", "partner", "children", "family", "household", "otherwise", "day")
AWARD_KEYS: Final = (
    "amount",
    "every",
    "from",
    "until",
    "wait_over",
    "by",
    "offer",
    "answers",
    "title",
)
PERIODS: Final = ("week", "month")
_CHILD_KEYS: Final = ("each", "where", "when", "all")


class PeopleReader:
    """Reads the section of a definition that tells the law of people."""

    def __init__(self, pack: Pack, reader: Reader, names: Names) -> None:
        self.pack = pack
        self.reader = reader
        self.names = names
        self.people: People | None = None

    def read(self, node: Node | None) -> People | None:
        """Read `people:`."""
        if node is None:
            return None
        try:
            lawbook = self.pack.lawbook
        except LawError as error:
            self.reader.error(node.line, f"the law of the pack cannot be read: {error}")
            return None
        if lawbook is None:
            self.reader.error(
                node.line, "people: the pack has no law.", "Take out  people:  and every  goal:."
            )
            return None
        parts = self.reader.section(node, "people", PEOPLE_KEYS)
        couple, partner = self._partner(parts.get("partner"), lawbook)
        self.people = People(
            lawbook,
            me=self._bindings(parts.get("me"), "people.me", PERSON, lawbook),
            couple=couple,
            partner=partner,
            children=tuple(self._children(parts.get("children"), lawbook)),
            family=self._bindings(parts.get("family"), "people.family", FAMILY, lawbook),
            household=self._bindings(
                parts.get("household"), "people.household", HOUSEHOLD, lawbook
            ),
            usual=self.reader.one_of(
                parts.get("otherwise"), "people.otherwise", ("usual", "unknown"), "unknown"
            )
            == "usual",
            day=self.names.expression(parts.get("day"), "people.day", self.names.data, DATE),
        )
        return self.people

    def _partner(
        self, node: Node | None, lawbook: Lawbook
    ) -> tuple[Expression | None, Mapping[str, Expression]]:
        if node is None:
            return None, {}
        if not node.is_map or "when" not in node.value:
            self.reader.error(
                node.line, "people.partner has no condition.", "Add  when: <condition>."
            )
            return None, {}
        when = self.names.condition(node.value["when"], "people.partner.when", self.names.data)
        under = () if when is None else (when,)
        told = self._bindings(
            node, "people.partner", PERSON, lawbook, besides=("when",), under=under
        )
        return when, told

    def _bindings(
        self,
        node: Node | None,
        where: str,
        entity: Entity,
        lawbook: Lawbook,
        *,
        besides: tuple[str, ...] = (),
        under: tuple[Expression, ...] = (),
    ) -> dict[str, Expression]:
        found: dict[str, Expression] = {}
        if node is None:
            return found
        known = names_of(lawbook, entity)
        for fact, value in self.reader.section(node, where, (*besides, *known)).items():
            if fact in besides:
                continue
            wanted = type_of(lawbook.unit_of(fact))
            read = self.names.expression(
                value, f"{where}.{fact}", self.names.data, wanted, under=under
            )
            if read is not None:
                found[fact] = read
        return found

    def _children(self, node: Node | None, lawbook: Lawbook) -> Iterable[Children]:
        for number, item in enumerate(self.reader.items(node, "people.children"), start=1):
            where = f"people.children {number}"
            known = names_of(lawbook, PERSON)
            parts = self.reader.section(item, where, (*_CHILD_KEYS, *known))
            each = self.names.expression(
                parts.get("each"), f"{where}.each", self.names.data, absent=True
            )
            if each is None:
                self.reader.error(item.line, f"{where} has no list.", "Add  each: <list>.")
                continue
            when = self.names.condition(parts.get("when"), f"{where}.when", self.names.data)
            fields = _fields(each)
            told = {}
            for fact, value in parts.items():
                if fact in ("each", "when", "all"):
                    continue
                name = self.reader.plain(value, f"{where}.{fact}")
                if fields and name not in fields:
                    self.reader.error(
                        value.line,
                        f'{where}.{fact}: an item has no "{name}".',
                        did_you_mean(name, fields),
                    )
                elif fact != "where":
                    told[fact] = name
            where_node = parts.get("where")
            chosen = self.reader.plain(where_node, f"{where}.where") if where_node else ""
            shared = self._bindings(parts.get("all"), f"{where}.all", PERSON, lawbook)
            yield Children(each, told, chosen, when, shared)

    # --- goals

    def goal(self, node: Node, where: str, of: Node | None) -> Goal | None:
        """Read the rule that is a result."""
        name = self.reader.plain(node, where)
        if self.people is None:
            self.reader.error(
                node.line,
                f"{where}: nobody is told to the law.",
                "Add  people: {me: {<fact>: <datum>}}.",
            )
            return None
        lawbook = self.people.lawbook
        if name not in lawbook.versions:
            self.reader.error(
                node.line,
                f'{where}: "{name}" is no rule of the law.',
                did_you_mean(name, tuple(lawbook.versions)),
            )
            return None
        version = lawbook.versions[name][-1]
        whose = self.reader.one_of(of, f"{where}.of", ("me", "partner"), "me")
        member = 1 if whose == "partner" and version.entity == PERSON else 0
        goal = Goal(self.people, name, version.unit, member)
        for fact in self._untold(goal):
            self.reader.error(
                node.line,
                f'{where}: the law needs to know "{fact}", which nobody tells it.',
                f"Add  {fact}: …  under people:, or  otherwise: usual.",
            )
        return goal

    def _untold(self, goal: Goal) -> Iterable[str]:
        people = goal.people
        try:
            law = people.lawbook.on(self.pack.today or _newest(people.lawbook))
            given = [
                name
                for entity in (PERSON, FAMILY, HOUSEHOLD)
                for name in people.bound(entity)
                if name in people.lawbook.versions
            ]
            planned = law.plan([goal.name], given)
        except (LawError, LookupError) as error:
            self.reader.error(1, f"the law of the pack: {error}")
            return
        for number, name in planned.inputs.items():
            entity = planned.entity(number)
            if name in people.bound(entity) or entity not in (PERSON, FAMILY, HOUSEHOLD):
                continue
            fact = people.lawbook.facts.get(name)
            if not (people.usual and fact is not None and fact.usual is not None):
                yield name

    def _answers(self, node: Node | None, data: Mapping[str, Datum]) -> Mapping[str, str]:
        found = {}
        for name, value in (node.value if node is not None and node.is_map else {}).items():
            if self.reader.known(name, value.line, "award.answers", "datum", data):
                found[name] = self.reader.plain(value, f"award.answers.{name}")
        return found

    # --- award

    def award(
        self, node: Node | None, results: Mapping[str, Result], data: Mapping[str, Datum]
    ) -> Award | None:
        """Read `award:`."""
        if node is None:
            return None
        parts = self.reader.section(node, "award", AWARD_KEYS)
        amount = self.reader.plain(parts.get("amount"), "award.amount")
        if amount not in results:
            self.reader.error(
                node.line,
                f'award.amount: "{amount}" is no result.',
                did_you_mean(amount, tuple(results)),
            )
            return None
        if not isinstance(results[amount].value.type, MoneyType):
            self.reader.error(node.line, f"award.amount: {amount} is no amount of money.")
        role = self.reader.plain(parts.get("by"), "award.by")
        if role:
            self.reader.known(role, node.line, "award.by", "role", self.pack.roles)
        names = self.names.results
        return Award(
            amount=amount,
            every=self.reader.one_of(parts.get("every"), "award.every", PERIODS, "week"),
            start=self.names.expression(parts.get("from"), "award.from", names, DATE),
            until=self.names.expression(parts.get("until"), "award.until", names, DATE),
            wait_over=self.reader.decimal(parts.get("wait_over"), "award.wait_over"),
            by=role,
            offer=self.names.condition(parts.get("offer"), "award.offer", names),
            answers=self._answers(parts.get("answers"), data),
            title=self.reader.text(parts.get("title"), "award.title"),
            line=node.line,
        )


def _newest(lawbook: Lawbook) -> date:
    """Return the last day of which the law is claimed to be there."""
    end = lawbook.covers[1] if lawbook.covers else max(lawbook.changes, default=date.max)
    return end - timedelta(days=1)


def names_of(lawbook: Lawbook, entity: Entity) -> tuple[str, ...]:
    """Return the facts and rules of an entity that a service may tell."""
    facts = (name for name, fact in lawbook.facts.items() if fact.entity == entity)
    rules = (name for name, each in lawbook.versions.items() if each[-1].entity == entity)
    return (*facts, *rules)


def _fields(each: Expression) -> tuple[str, ...]:
    if isinstance(each.type, ListType) and isinstance(each.type.item, RecordType):
        return tuple(each.type.item.fields)
    return ()

"""What registers know of somebody who asks what they could get, read outside any case.

The reading goes through the same gate as that of a case: a ticket for one purpose, and a journal
line in the same transaction. There is no case and no service; the random id of this questionnaire
stands in its place, the gate gives such a ticket to nobody but the person themselves, and it
ends with the reading. Only who chose it is read about, and only themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import structlog

from townhall.cases.errors import NotOffered, NotPermitted
from townhall.cases.operations import moment, pinned, reading
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.compiler.once_only import OnceOnly
from townhall.catalogue.engine.definition import Datum, Definition
from townhall.catalogue.engine.pack import PackError
from townhall.catalogue.engine.people import Bindings, Children
from townhall.catalogue.engine.situation import Situation, evaluated
from townhall.exchange import operations as exchange
from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.text import marked
from townhall.rules.answers import BIRTH, Registered, write
from townhall.rules.engine import Expression, Money
from townhall.rules.engine.law import Lawbook
from townhall.rules.registered import Reading

ASKING = marked("To work out what you can get, because you asked for it")
_WORST_LAST = ("none", "refused", "unavailable")


def readable_registers(acting: Acting) -> tuple[str, ...]:
    """Return the registers that may be read for somebody; none where it is not offered.

    It is offered to people who are signed in for themselves: not to officers, and not to who
    acts for another, whose consent nobody has.
    """
    once_only = _offered()
    if once_only is None or not _is_themselves(acting):
        return ()
    return once_only.registers


def read_registers(acting: Acting) -> Reading:
    """Read what registers know of the acting person, as facts of the law.

    Raises
    ------
    NotOffered
        If the pack does not say what may be read.
    NeedsSignIn, NotPermitted
        If the sign-in is too weak, or the person acts for somebody else.
    """
    once_only = _offered()
    if once_only is None:
        raise NotOffered("This town hall reads no registers outside a service.")
    definition = once_only.definition
    pinned.insist_on_access(definition, acting)
    if not _is_themselves(acting) or acting.person_id is None:
        raise NotPermitted("Registers are read only for the person who is signed in.")
    now = moment.now()
    this = uuid4()
    situation = Situation(
        today=moment.day_of(now),
        channel=acting.channel,
        person={"id": str(acting.person_id), "name": acting.name},
        language=acting.language,
    )
    with scope(acting):
        situation, _ = reading.read_due(
            acting,
            definition=definition,
            situation=situation,
            stored={},
            person_id=acting.person_id,
            subject_id=this,
            service_no=None,
            now=now,
            purpose=ASKING,
        )
        exchange.revoke_tickets(acting, person_id=acting.person_id, case_id=this, service_no=None)
    return _Telling(once_only, situation, now.isoformat(timespec="seconds")).reading()


def _offered() -> OnceOnly | None:
    """Return what may be read; a file that cannot be used takes only this away from people."""
    try:
        return catalogue.once_only()
    except PackError as error:
        structlog.get_logger().error("the once-only file cannot be used", problems=str(error))
        return None


def _is_themselves(acting: Acting) -> bool:
    return acting.on_behalf_of is None and acting.actor == f"person:{acting.person_id}"


class _Telling:
    """What was read, put into facts of the law."""

    def __init__(self, once_only: OnceOnly, situation: Situation, at: str) -> None:
        assert once_only.definition.people is not None
        self.once_only = once_only
        self.definition: Definition = once_only.definition
        self.people = once_only.definition.people
        self.book: Lawbook = self.people.lawbook
        self.situation = situation
        self.values = situation.values(self.definition)
        self.at = at

    def reading(self) -> Reading:
        """Return what registers said, by whom it is about."""
        people = self.people
        knows_partner = people.couple is not None and self._value(people.couple) is True
        children, named_by = self._children()
        return Reading(
            at=self.at,
            me=self._told(people.me),
            partner=self._told(people.partner) if knows_partner else None,
            children=children,
            children_from=named_by,
            family=self._told(people.family),
            household=self._told(people.household),
            silent=self._silent(),
        )

    def _value(self, expression: Expression) -> Any:
        return evaluated(expression, self.values)

    def _told(self, bindings: Bindings) -> dict[str, Registered]:
        found = {
            name: self._registered(name, self._value(expression), expression)
            for name, expression in bindings.items()
        }
        return {name: each for name, each in found.items() if each is not None}

    def _registered(self, name: str, value: Any, of: Expression) -> Registered | None:
        """Return a fact of the law as a register gave it; None if none did."""
        fact = self.book.facts.get(name)
        text = write(fact, value.amount if isinstance(value, Money) else value) if fact else None
        register = next(iter(self._registers_of(of)), "")
        return Registered(text, register, self.at) if text is not None and register else None

    def _registers_of(self, expression: Expression) -> Iterable[str]:
        """Yield the registers on which an expression rests."""
        for name in sorted(expression.names):
            datum = self.definition.data.get(name.partition(".")[0])
            if datum is None:
                continue
            if datum.source is not None:
                yield datum.source.register
            elif datum.value is not None:
                yield from self._registers_of(datum.value)

    def _children(self) -> tuple[tuple[Mapping[str, Registered], ...] | None, str]:
        """Return the children that registers name, and which register; None if none says."""
        found: list[Mapping[str, Registered]] = []
        said = ""
        for children in self.people.children:
            items = self._value(children.each)
            if not isinstance(items, (list, tuple)):
                continue
            said = next(iter(self._registers_of(children.each)), "")
            found += [told for item in items if (told := self._child(children, item)) is not None]
        return (tuple(found), said) if said else (None, "")

    def _child(
        self, children: Children, item: Mapping[str, Any]
    ) -> Mapping[str, Registered] | None:
        if children.where and item.get(children.where) is not True:
            return None
        if self._is_grown(item.get(children.fields.get(BIRTH, ""))):
            return None
        told = {
            name: self._registered(name, item.get(part), children.each)
            for name, part in children.fields.items()
        }
        return {name: each for name, each in told.items() if each is not None}

    def _is_grown(self, born: Any) -> bool:
        if not isinstance(born, date):
            return False
        today, years = self.situation.today, self.once_only.children_under
        return (today.year - years, today.month, today.day) >= (born.year, born.month, born.day)

    def _silent(self) -> dict[str, str]:
        """Return the registers that gave nothing, with why."""
        outcomes: dict[str, list[str]] = {}
        for datum in self.definition.register_data:
            fact = self.situation.facts.get(datum.name)
            if fact is not None:
                outcomes.setdefault(_register_of(datum), []).append(fact.outcome)
        return {
            register: max(each, key=_WORST_LAST.index)
            for register, each in outcomes.items()
            if "found" not in each
        }


def _register_of(datum: Datum) -> str:
    assert datum.source is not None
    return datum.source.register

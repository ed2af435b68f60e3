"""What a new version means for applications already begun: its samples, played again.

The tests of the old version are its sample applications. Each is played to its
end with the old version, and its answers are taken over into the new one as a
migration would: renamed, dropped or asked again as `migrate:` says, and asked
again where the type or the meaning changed or the answer is not acceptable any
more. Nothing is lost silently: whatever is not taken over is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from townhall.catalogue.engine import datatypes, interview
from townhall.catalogue.engine.definition import Datum, Definition
from townhall.catalogue.engine.testing.given import BadTest
from townhall.catalogue.engine.testing.runner import play


@dataclass(frozen=True, slots=True)
class Replayed:
    """One sample application under the new version.

    `asked` are questions that would be asked now; `dropped` answers that lead
    nowhere any more.
    """

    name: str
    asked: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether the application could be sent without another question."""
        return not self.asked


def replay(old: Definition, new: Definition) -> tuple[Replayed, ...]:
    """Play every sample of the old version, and take its answers into the new one."""
    found = []
    for test in old.tests:
        try:
            player, played = play(old, old.pack, replace(test, steps=()))
        except BadTest:
            continue
        if played.errors or played.open:
            continue
        answers = migrated(old, new, played.situation.answers)
        registers = replace(player.registers, definition=new)
        situation = replace(played.situation, answers=answers, facts={})
        for _ in range(len(new.data) + 1):
            due = interview.reads_due(new, situation)
            if not due:
                break
            facts = {**situation.facts, **{each.datum.name: registers.read(each) for each in due}}
            situation = replace(situation, facts=facts)
        asked = tuple(
            datum.name for page in interview.page_list(new, situation) for datum in page.open
        )
        kept = set(interview.drop_hidden(new, situation))
        renamed = new.migrate.data
        dropped = tuple(
            name
            for name in played.situation.answers
            if renamed.get(name, name) not in kept and name not in asked
        )
        found.append(Replayed(test.name, asked, dropped))
    return tuple(found)


def migrated(old: Definition, new: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that the new version can take over, under its names.

    Not taken over: what `migrate:` drops or asks again, what changed its type
    or meaning, and what the new version would refuse.
    """
    found: dict[str, Any] = {}
    for name, answer in answers.items():
        target = new.migrate.data.get(name, name)
        datum, before = new.data.get(target), old.data.get(name)
        if datum is None or before is None or not _same_question(before, datum):
            continue
        try:
            found[target] = datatypes.from_json(datum, answer)
        except datatypes.Invalid:
            continue
    return found


def _same_question(old: Datum, new: Datum) -> bool:
    return (
        interview.askable(new)
        and old.type == new.type
        and old.several == new.several
        and not new.changed_meaning
    )

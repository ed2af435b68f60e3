"""What a new version of a definition changes, in words and by kind.

Kinds, the gravest first: `meaning` (same key, other question), `type`,
`removed`, `added_required`, `added_optional`, `flow`, `rule`, `text`, `other`.
Drafts and cases keep their version; the kinds tell what a migration has to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from townhall.catalogue.engine import meaning
from townhall.catalogue.engine.datatypes.display import in_language
from townhall.catalogue.engine.definition import Datum, Definition, State
from townhall.catalogue.engine.goals import Goal
from townhall.rules.engine import Expression

ChangeKind = Literal[
    "meaning",
    "type",
    "removed",
    "added_required",
    "added_optional",
    "flow",
    "rule",
    "text",
    "other",
]
_TEXT_FIELDS: Final = ("ask", "title", "hint", "item", "unit")
_RULES: Final = {
    "when": "when it is asked",
    "valid": "what is accepted",
    "min": "the least value",
    "max": "the greatest value",
    "decimals": "the decimals",
    "max_length": "the length",
    "not_after": "the latest day",
    "not_before": "the earliest day",
    "accept": "the kinds of files",
    "max_bytes": "the size of files",
    "default": "the suggested answer",
    "default_value": "the suggested answer",
    "always": "whether it is always asked",
    "several": "whether several answers may be given",
    "repeat": "how often it may be answered",
    "source": "the register, or what happens without it",
    "value": "how it is computed",
    "fields": "its parts",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: its kind, where it is, and what to tell about it."""

    kind: ChangeKind
    words: str
    where: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the change for storage and for programs."""
        return {"kind": self.kind, "words": self.words, "where": self.where}


def compare(old: Definition, new: Definition) -> tuple[Change, ...]:
    """Return what the new version changes, in the order of the file."""
    language = new.languages[0] if new.languages else "en"
    return tuple(_Comparison(old, new, language).changes())


def _plain(value: Any) -> Any:
    """Return a value that can be compared: expressions by their canonical text."""
    if isinstance(value, (Expression, Goal)):
        return value.canonical
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {
            each.name: _plain(getattr(value, each.name))
            for each in fields(value)
            if each.name not in ("line", "pack", "expression_type", "shape")
        }
    return value


def _shown(value: Any) -> str:
    if value is None or value in ("", ()):
        return "nothing"
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, Expression):
        return f"“{value.canonical}”"
    if isinstance(value, (tuple, list)):
        return ", ".join(_shown(each) for each in value)
    return str(value)


@dataclass(frozen=True, slots=True)
class _Comparison:
    old: Definition
    new: Definition
    language: str

    def changes(self) -> Iterator[Change]:
        yield from self._head()
        yield from self._eligible()
        yield from self._data()
        yield from self._pages()
        yield from self._results()
        yield from self._flow()
        yield from self._promises()
        yield from self._outcomes()
        yield from self._texts()

    def _head(self) -> Iterator[Change]:
        old, new = self.old, self.new
        for name in ("title", "summary", "guide"):
            if _plain(getattr(old, name)) != _plain(getattr(new, name)):
                yield Change("text", f"says the {name} in other words.", name)
        for name, words in (("agency", "the agency"), ("who", "who may apply")):
            before, after = getattr(old, name), getattr(new, name)
            if before != after:
                yield Change("rule", f"changes {words}: {_who(before)} → {_who(after)}.", name)
        for name, words in (("channels", "channels"), ("events", "life events")):
            yield from self._lists(name, words)

    def _lists(self, name: str, words: str) -> Iterator[Change]:
        before, after = getattr(self.old, name), getattr(self.new, name)
        for each in after:
            if each not in before:
                yield Change("other", f"adds {each} to the {words}.", name)
        for each in before:
            if each not in after:
                yield Change("other", f"takes {each} from the {words}.", name)

    # --- data

    def _data(self) -> Iterator[Change]:
        old, new = self.old.data, self.new.data
        renamed = {name: target for name, target in self.new.migrate.data.items() if target in new}
        for name, datum in old.items():
            if name in new or datum.kind != "asked":
                continue
            target = renamed.get(name)
            words = f"; its answers go to {target}" if target else ""
            yield Change("removed", f"no longer asks “{self._label(datum)}”{words}.", name)
        for name, datum in new.items():
            if name not in old and datum.kind == "asked":
                yield self._added(datum)
        for name, datum in new.items():
            if name in old:
                yield from self._datum(old[name], datum)
        for name in (each for each in new if each not in old and new[each].kind != "asked"):
            what = "reads from a register" if new[name].kind == "register" else "computes"
            yield Change("rule", f"now {what}: {name}.", name)
        for name in (each for each in old if each not in new and old[each].kind != "asked"):
            what = "reads from a register" if old[name].kind == "register" else "computes"
            yield Change("rule", f"no longer {what}: {name}.", name)

    def _label(self, datum: Datum) -> str:
        return in_language(datum.label, self.language) or datum.name

    def _added(self, datum: Datum) -> Change:
        condition = f" when {datum.when.canonical}" if datum.when else ""
        if datum.required:
            words = f"asks one question more{condition}: “{self._label(datum)}”."
            return Change("added_required", words, datum.name)
        words = f"lets people answer one question more{condition}: “{self._label(datum)}”."
        return Change("added_optional", words, datum.name)

    def _datum(self, old: Datum, new: Datum) -> Iterator[Change]:
        name = new.name
        if old.kind != new.kind:
            kinds = {"asked": "asked", "register": "read from a register", "computed": "computed"}
            words = f"{name} is now {kinds[new.kind]}; it was {kinds[old.kind]}."
            yield Change("type", words, name)
            return
        if old.type != new.type:
            yield Change("type", f"{name} was {old.type} and is now {new.type}.", name)
        elif new.changed_meaning:
            yield Change("meaning", f"“{self._label(new)}” means something else now.", name)
        elif meaning.means_other(old, new, self.language):
            yield Change(
                "meaning",
                f"{name} asks “{self._label(new)}”; it asked “{self._label(old)}”.",
                name,
            )
        elif _plain([getattr(old, each) for each in _TEXT_FIELDS]) != _plain(
            [getattr(new, each) for each in _TEXT_FIELDS]
        ):
            yield Change("text", f"asks “{self._label(new)}” in other words.", name)
        if old.required != new.required:
            must = "must be answered now" if new.required else "may be left empty now"
            kind: ChangeKind = "added_required" if new.required else "rule"
            yield Change(kind, f"“{self._label(new)}” {must}.", name)
        yield from self._options(old, new)
        for key, words in _RULES.items():
            before, after = getattr(old, key), getattr(new, key)
            if _plain(before) != _plain(after):
                detail = (
                    ""
                    if key in ("valid", "source", "fields")
                    else f": {_shown(before)} → {_shown(after)}"
                )
                yield Change("rule", f"{name}: changes {words}{detail}.", name)

    def _options(self, old: Datum, new: Datum) -> Iterator[Change]:
        before = {each.value: each for each in old.options}
        after = {each.value: each for each in new.options}
        for value in before:
            if value not in after:
                words = f"{new.name} can no longer be answered “{value}”."
                yield Change("removed", words, new.name)
        for value, option in after.items():
            if value not in before:
                yield Change(
                    "added_optional", f"{new.name} can now be answered “{value}”.", new.name
                )
            elif dict(before[value].text) != dict(option.text):
                yield Change(
                    "text", f"says the answer “{value}” of {new.name} in other words.", new.name
                )

    def _pages(self) -> Iterator[Change]:
        def layout(definition: Definition) -> list[list[str]]:
            both = self.old.data.keys() & self.new.data.keys()
            rows = ([each for each in page.ask if each in both] for page in definition.pages)
            return [row for row in rows if row]

        if layout(self.old) != layout(self.new):
            yield Change(
                "other", "asks in another order, or groups questions in another way.", "pages"
            )

    # --- rules

    def _eligible(self) -> Iterator[Change]:
        old = {each.condition.canonical: each for each in self.old.eligible}
        new = {each.condition.canonical: each for each in self.new.eligible}
        verdicts = {"no": "is refused", "review": "goes to an officer"}
        for text, line in new.items():
            if text not in old:
                words = f"new condition “{text}”: who does not meet it {verdicts[line.verdict]}."
                yield Change("rule", words, "eligible")
            elif old[text].verdict != line.verdict:
                words = f"who does not meet “{text}” now {verdicts[line.verdict]}."
                yield Change("rule", words, "eligible")
            elif dict(old[text].say) != dict(line.say):
                yield Change("text", f"gives the reason for “{text}” in other words.", "eligible")
            elif old[text].law != line.law:
                yield Change("text", f"cites another law for “{text}”.", "eligible")
        for text in old:
            if text not in new:
                yield Change("rule", f"no longer requires “{text}”.", "eligible")

    def _results(self) -> Iterator[Change]:
        old, new = self.old.results, self.new.results
        for name in new:
            if name not in old:
                yield Change("rule", f"now also computes {name}.", f"results.{name}")
            elif old[name].value.canonical != new[name].value.canonical:
                yield Change("rule", f"computes {name} in another way.", f"results.{name}")
            elif _plain(old[name]) != _plain(new[name]):
                yield Change("text", f"explains {name} in other words.", f"results.{name}")
        for name in old:
            if name not in new:
                yield Change("rule", f"no longer computes {name}.", f"results.{name}")
        told = [each.people.canonical if each.people else "" for each in (self.old, self.new)]
        if told[0] != told[1]:
            yield Change("rule", "tells the law other things of people.", "people")
        if _plain(self.old.award) != _plain(self.new.award):
            yield Change("rule", "changes what is paid in periods.", "award")
        if _plain(self.old.fee) != _plain(self.new.fee):
            before = self.old.fee.amount.canonical if self.old.fee else "none"
            after = self.new.fee.amount.canonical if self.new.fee else "none"
            detail = f": {before} → {after}" if before != after else ", but not its amount"
            yield Change("rule", f"changes the fee{detail}.", "fee")

    def _flow(self) -> Iterator[Change]:
        old, new = self.old.flow, self.new.flow
        for name in new:
            if name not in old:
                yield Change("flow", f"adds the state “{name}”.", f"flow.{name}")
        for name in old:
            if name not in new:
                target = self.new.migrate.states.get(name)
                words = f"; its cases go to “{target}”" if target else ""
                yield Change("flow", f"drops the state “{name}”{words}.", f"flow.{name}")
        for name, state in new.items():
            if name in old:
                yield from self._state(old[name], state)

    def _state(self, old: State, new: State) -> Iterator[Change]:
        where = f"flow.{new.name}"
        for name, words in (
            ("by", "is worked on by"),
            ("within", "may take"),
            ("letter", "sends the letter"),
            ("issue", "issues"),
            ("four_eyes", "needs four eyes"),
            ("amend", "can be amended until"),
        ):
            before, after = getattr(old, name), getattr(new, name)
            if _plain(before) != _plain(after):
                yield Change(
                    "flow", f"“{new.name}” {words} {_shown(after)} (was: {_shown(before)}).", where
                )
        for action in new.can:
            if action not in old.can:
                yield Change("flow", f"in “{new.name}” officers can now {action}.", where)
        for action in old.can:
            if action not in new.can:
                yield Change("flow", f"in “{new.name}” officers can no longer {action}.", where)
        ways = ("to", "branches", "doubt", "auto", "end", "outcome")
        if _plain([getattr(old, each) for each in ways]) != _plain(
            [getattr(new, each) for each in ways]
        ):
            yield Change("flow", f"“{new.name}” leads on in another way.", where)
        if old.appeal != new.appeal:
            words = "can be appealed against" if new.appeal else "cannot be appealed against now"
            detail = f" at {new.appeal.service} within {new.appeal.within}" if new.appeal else ""
            yield Change("flow", f"“{new.name}” {words}{detail}.", where)
        if (old.title, old.next) != (new.title, new.next):
            yield Change("text", f"tells people about “{new.name}” in other words.", where)

    def _promises(self) -> Iterator[Change]:
        before, after = self.old.deadline, self.new.deadline
        if _plain(before) != _plain(after):
            shown = [str(each.legal) if each else "none" for each in (before, after)]
            detail = f": {shown[0]} → {shown[1]}" if shown[0] != shown[1] else ""
            yield Change("rule", f"changes the deadline{detail}.", "deadline")
        if _plain(self.old.keep) != _plain(self.new.keep):
            yield Change("rule", "changes how long data are kept.", "keep")

    def _outcomes(self) -> Iterator[Change]:
        old = {each.key: each for each in self.old.outcomes}
        new = {each.key: each for each in self.new.outcomes}
        for key, outcome in new.items():
            if key not in old:
                yield Change("rule", f"adds the outcome “{key}”.", f"outcomes.{key}")
            elif _plain(old[key].condition) != _plain(outcome.condition):
                yield Change(
                    "rule", f"the outcome “{key}” holds in other cases.", f"outcomes.{key}"
                )
            elif _plain(old[key]) != _plain(outcome):
                yield Change(
                    "text", f"tells the outcome “{key}” in other words.", f"outcomes.{key}"
                )
        for key in old:
            if key not in new:
                yield Change("rule", f"drops the outcome “{key}”.", f"outcomes.{key}")
        both = [key for key in old if key in new]
        if both != [key for key in new if key in old]:
            yield Change("rule", "tries the outcomes in another order.", "outcomes")

    def _texts(self) -> Iterator[Change]:
        for name in _changed(self.old.letters, self.new.letters):
            added = name not in self.old.letters
            dropped = name not in self.new.letters
            what = "adds" if added else "drops" if dropped else "rewrites"
            yield Change("text", f"{what} the letter “{name}”.", f"letters.{name}")
        for key, words in (
            ("law", "the citations"),
            ("words", "the words by which it is found"),
            ("what_if", "the numbers that people may try out"),
            ("duplicates", "how earlier reports are found"),
            ("book", "appointments"),
            ("publish", "what is published"),
        ):
            if _plain(getattr(self.old, key)) != _plain(getattr(self.new, key)):
                yield Change("other", f"changes {words}.", key)
        more = len(self.new.tests) - len(self.old.tests)
        if more or _plain(self.old.tests) != _plain(self.new.tests):
            words = (
                f"has {abs(more)} {'test' if abs(more) == 1 else 'tests'}"
                f" {'more' if more > 0 else 'fewer'}"
                if more
                else "changes its tests"
            )
            yield Change("other", f"{words}.", "tests")


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[str]:
    for name in dict.fromkeys((*old, *new)):
        if _plain(old.get(name)) != _plain(new.get(name)):
            yield name


def _who(value: Any) -> str:
    if hasattr(value, "login"):
        acting = f", or for others ({', '.join(value.may_act_for)})" if value.may_act_for else ""
        return f"sign-in {value.login}{acting}"
    return str(value)

"""What a service definition is once it has been checked: plain frozen values.

The compiler makes these from the YAML file; everybody else only reads them.
Texts are `{language: text}` mappings, expressions are compiled against the
typed graph of `rules.engine`. A `Definition` is named by `hash`, the SHA-256
of its canonical JSON, and never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from townhall.catalogue.engine.casework import (
    Appeal,
    AutoStep,
    Award,
    Booking,
    Branch,
    Deadline,
    Duplicates,
    EligibleLine,
    Fee,
    Keep,
    Letter,
    Paragraph,
    Result,
    State,
    Verdict,
    WhatIf,
)
from townhall.catalogue.engine.words import NO_TEXT, NOTHING, Law, Text

if TYPE_CHECKING:
    from townhall.catalogue.engine.jurisdiction import Pack
    from townhall.catalogue.engine.people import People
    from townhall.catalogue.engine.shapes import Shape
    from townhall.rules.engine import Expression
    from townhall.rules.engine import Type as ExpressionType

Kind = Literal["asked", "register", "computed"]
FallbackAction = Literal["ask", "upload", "review", "wait", "accept"]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice. `exclusive` cannot be ticked beside another."""

    value: str
    text: Text
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Fallback:
    """What happens when a register gives no fact.

    `ask` and `upload` name the datum that is asked instead (the datum itself
    for a plain `ask`); `review` sends the case to an officer; `wait` reads
    again later; `accept` takes "no entry" as a normal answer.
    """

    action: FallbackAction
    datum: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a datum comes from: a fact of a register, read by a key.

    `fact` is empty for the whole entry. `by` names the datum that holds the
    key; empty means the person applying. `facts` lists what is really read.
    """

    register: str
    fact: str = ""
    by: str = ""
    facts: tuple[str, ...] = ()
    edit: str = ""
    if_none: Fallback | None = None
    if_down: Fallback | None = None
    if_refused: Fallback | None = None

    def fallback(self, outcome: str) -> Fallback | None:
        """Return what is declared for `none`, `unavailable` or `refused`."""
        return {
            "none": self.if_none,
            "unavailable": self.if_down,
            "refused": self.if_refused,
        }.get(outcome)


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that an answer must meet, and what to say when it does not."""

    condition: Expression
    say: Text


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often a group may be answered, both ends included."""

    min: int = 0
    max: int = 20


@dataclass(frozen=True, slots=True)
class Datum:
    """One thing that the service has to know.

    `kind` says how it becomes known: `asked` of the resident, read from a
    `register`, or `computed` from other data. `path` is the name by which
    expressions know it. `stands_in_for` names the register datum that this
    question replaces when the register gives nothing; such a question exists
    only then.
    """

    name: str
    type: str
    kind: Kind = "asked"
    ask: Text = NO_TEXT
    title: Text = NO_TEXT
    hint: Text = NO_TEXT
    required: bool = True
    when: Expression | None = None
    always: bool = False
    default: str = ""
    default_value: Expression | None = None
    options: tuple[Option, ...] = ()
    several: bool = False
    min: Decimal | None = None
    max: Decimal | None = None
    decimals: int | None = None
    unit: Text = NO_TEXT
    max_length: int = 0
    lines: int = 1
    not_after: Expression | None = None
    not_before: Expression | None = None
    accept: tuple[str, ...] = ()
    max_bytes: int = 0
    valid: tuple[Check, ...] = ()
    fields: Mapping[str, Datum] = NOTHING
    repeat: Repeat | None = None
    item: Text = NO_TEXT
    source: Source | None = None
    value: Expression | None = None
    expression_type: ExpressionType | None = None
    shape: Shape | None = None
    currency: str = ""
    stands_in_for: str = ""
    changed_meaning: bool = False
    line: int = 0

    @property
    def label(self) -> Text:
        """Return the short name for summaries: the title, else the question."""
        return self.title or self.ask

    def option(self, value: str) -> Option | None:
        """Return the option with this value, if the choice has it."""
        return next((each for each in self.options if each.value == value), None)


@dataclass(frozen=True, slots=True)
class Page:
    """Data asked together, and register facts shown beside them."""

    key: str
    ask: tuple[str, ...]
    title: Text = NO_TEXT
    show: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Guide:
    """What the service page tells before anything is asked."""

    who: tuple[Text, ...] = ()
    need: tuple[Text, ...] = ()
    time: tuple[Text, ...] = ()
    cost: tuple[Text, ...] = ()
    more: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """Who may apply: the least assurance, and for whom one may act."""

    login: Literal["none", "low", "substantial", "high"] = "low"
    may_act_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text with a name: one line, or a title with a body."""

    body: tuple[Text, ...]
    title: Text = NO_TEXT

    @property
    def text(self) -> Text:
        """Return the only or first paragraph, else the title."""
        return self.body[0] if self.body else self.title


@dataclass(frozen=True, slots=True)
class GuidanceOutcome:
    """A line of the answers of a guidance service; the first that holds wins."""

    key: str
    show: str
    text: NamedText
    condition: Expression | None = None
    apply: str = ""
    law: Law | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class SearchWords:
    """The resident's own words for the service, by language."""

    topics: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = NOTHING
    examples: Mapping[str, tuple[str, ...]] = NOTHING


@dataclass(frozen=True, slots=True)
class Migration:
    """What a new version does with drafts (data) and cases (states) of the old."""

    data: Mapping[str, str] = NOTHING
    states: Mapping[str, str] = NOTHING


@dataclass(frozen=True, slots=True)
class TestCase:
    """One entry under `tests:`, still as written; `testing` gives it meaning."""

    __test__ = False  # not a test of our own, whatever pytest makes of the name

    name: str
    given: Mapping[str, Any] = NOTHING
    steps: tuple[Mapping[str, Any], ...] = ()
    expect: Mapping[str, Any] = NOTHING
    line: int = 0


@dataclass(frozen=True, slots=True)
class Definition:
    """A checked, immutable version of a public service.

    `order` is the order in which data become known (a datum stands after
    everything that its `when`, `value` or `by` needs); `triggers` are the data
    on which other data depend. `pack` gives the dated parameters, lists and
    functions, which are not part of the hash.
    """

    service: str
    version: int
    hash: str
    title: Text
    pack: Pack = field(repr=False, compare=False)
    filename: str = ""
    summary: Text = NO_TEXT
    guide: Guide = Guide()
    agency: str = ""
    events: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    who: Who = Who()
    law: tuple[Law, ...] = ()
    words: SearchWords = SearchWords()
    eligible: tuple[EligibleLine, ...] = ()
    data: Mapping[str, Datum] = NOTHING
    order: tuple[str, ...] = ()
    triggers: frozenset[str] = frozenset()
    pages: tuple[Page, ...] = ()
    people: People | None = field(default=None, repr=False, compare=False)
    results: Mapping[str, Result] = NOTHING
    award: Award | None = None
    what_if: WhatIf | None = None
    fee: Fee | None = None
    flow: Mapping[str, State] = NOTHING
    letters: Mapping[str, Letter] = NOTHING
    deadline: Deadline | None = None
    keep: Keep = field(default_factory=Keep)
    texts: Mapping[str, NamedText] = NOTHING
    duplicates: Duplicates | None = None
    book: tuple[Booking, ...] = ()
    publish: tuple[str, ...] = ()
    migrate: Migration = Migration()
    guidance: bool = False
    outcomes: tuple[GuidanceOutcome, ...] = ()
    tests: tuple[TestCase, ...] = ()
    languages: tuple[str, ...] = ()
    source: str = field(default="", repr=False, compare=False)
    canonical: str = field(default="", repr=False, compare=False)

    @property
    def start(self) -> str:
        """Return the state in which a submitted case begins."""
        return next(iter(self.flow), "")

    @property
    def register_data(self) -> tuple[Datum, ...]:
        """Return the data that registers answer, in dependency order."""
        return tuple(self.data[name] for name in self.order if self.data[name].kind == "register")

    @property
    def roles(self) -> frozenset[str]:
        """Return every role that works on cases of this service."""
        return frozenset(state.by for state in self.flow.values() if state.by)

    @property
    def actions(self) -> frozenset[str]:
        """Return every action that some state allows."""
        return frozenset(action for state in self.flow.values() for action in state.can)

    def page(self, key: str) -> Page | None:
        """Return the page with this key, if there is one."""
        return next((page for page in self.pages if page.key == key), None)

    def page_of(self, datum: str) -> Page | None:
        """Return the page that asks this datum."""
        return next((page for page in self.pages if datum in page.ask), None)

    def outcome(self, key: str) -> GuidanceOutcome | None:
        """Return the guidance outcome with this key."""
        return next((each for each in self.outcomes if each.key == key), None)

    def action_label(self, action: str) -> Text:
        """Return what the button of one of the service's own actions says."""
        named = self.texts.get(action) or self.pack.texts.get(action)
        return named.text if named else NO_TEXT


Answers = Mapping[str, Any]
"""Canonical JSON answers by datum; `None` = asked and left empty."""

__all__ = [
    "NOTHING",
    "NO_TEXT",
    "Answers",
    "Appeal",
    "AutoStep",
    "Award",
    "Booking",
    "Branch",
    "Check",
    "Datum",
    "Deadline",
    "Definition",
    "Duplicates",
    "EligibleLine",
    "Fallback",
    "FallbackAction",
    "Fee",
    "GuidanceOutcome",
    "Guide",
    "Keep",
    "Kind",
    "Law",
    "Letter",
    "Migration",
    "NamedText",
    "Option",
    "Page",
    "Paragraph",
    "Repeat",
    "Result",
    "SearchWords",
    "Source",
    "State",
    "TestCase",
    "Text",
    "Verdict",
    "WhatIf",
    "Who",
]

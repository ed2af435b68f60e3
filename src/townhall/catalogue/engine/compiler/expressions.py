"""Which names an expression may use where, and the findings about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.reader import Reader
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import (
    ANY,
    DATE,
    TEXT,
    YES_NO,
    ChoiceType,
    Expression,
    ExpressionError,
    MoneyType,
    RecordType,
    Scope,
    parse,
)
from townhall.rules.engine import Type as ExpressionType

CHANNELS: Final = ("web", "counter", "assistant", "api", "sms")
PERSON: Final = RecordType("person", {"id": TEXT, "name": TEXT, "email": TEXT})
CASE: Final = RecordType(
    "case",
    {
        "number": TEXT,
        "submitted": DATE,
        "due": DATE,
        "decided": DATE,
        "outcome": TEXT,
        "reason": TEXT,
    },
)
KEYWORDS: Final = frozenset(
    {"and", "or", "not", "in", "if", "then", "else", "yes", "no", "true", "false", "it"}
)
RESERVED: Final = KEYWORDS | {
    "today",
    "channel",
    "language",
    "person",
    "case",
    "fee",
    "eligibility",
    "checks",
    "service",
    "agency",
}
_WORD: Final = re.compile(r"'[^']*'|\"[^\"]*\"|([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Use:
    """An expression of the file, for the checks that look at all of them.

    `owner` is the datum to which the expression belongs: it is only evaluated
    when that datum exists. `after` are conditions known to be false when it is
    evaluated, because a list is read from the top; `under` are conditions known
    to hold. `absent` says that absence has a meaning there.
    """

    where: str
    line: int
    expression: Expression
    owner: str = ""
    after: tuple[Expression, ...] = ()
    absent: bool = False
    under: tuple[Expression, ...] = ()


@dataclass
class Names:
    """The names that grow while the file is read, and the scopes over them.

    `data` knows data only; `results` adds what is computed; `flow` adds the
    fee, the case and what the checks found.
    """

    pack: Pack
    reader: Reader
    uses: list[Use] = field(default_factory=list)

    def __post_init__(self) -> None:
        pack = self.pack
        self.data: dict[str, ExpressionType] = {
            "person": PERSON,
            "channel": ChoiceType(CHANNELS),
            "language": ChoiceType(pack.languages),
            "today": DATE,
        }
        for name in pack.lists:
            self.data[name] = pack.lists[name].type
        self.results: dict[str, ExpressionType] = {}
        self.flow: dict[str, ExpressionType] = {}
        self._parsed: dict[tuple[int, str, ExpressionType | None], Expression] = {}
        self._scopes: dict[int, tuple[Mapping[str, ExpressionType], Scope]] = {}

    def begin_results(self) -> None:
        """Let expressions that follow see all data; results are added one by one."""
        self.results.update(self.data)

    def begin_flow(self) -> None:
        """Let expressions that follow see results, the fee and the case."""
        self.flow.update(self.results)
        self.flow.update(
            {
                "fee": MoneyType(self.pack.currency),
                "case": CASE,
                "eligibility": ChoiceType(("yes", "no", "review", "depends")),
                "checks": ChoiceType(("ok", "doubt", "no")),
            }
        )

    def scope(self, names: Mapping[str, ExpressionType]) -> Scope:
        """Return the scope over one of the growing name tables."""
        known = self._scopes.get(id(names))
        if known is None:
            known = self._scopes[id(names)] = (names, self.pack.scope(names))
        return known[1]

    def expression(
        self,
        node: Node | None,
        where: str,
        names: Mapping[str, ExpressionType],
        expect: ExpressionType | None = None,
        *,
        owner: str = "",
        after: Iterable[Expression] = (),
        absent: bool = False,
        under: Iterable[Expression] = (),
    ) -> Expression | None:
        """Read an expression; what is wrong with it becomes a finding."""
        if node is None:
            return None
        text = self.reader.plain(node, where)
        if not text:
            return None
        # The same condition often stands at many data: one graph serves them all.
        key = (id(names), text, expect)
        found = self._parsed.get(key)
        try:
            if found is None:
                found = self._parsed[key] = parse(text, self.scope(names), expect)
        except ExpressionError as error:
            self.reader.error(node.line, f"{where} {error.message}", error.hint)
            return None
        use = Use(where, node.line, found, owner, tuple(after), absent, tuple(under))
        self.uses.append(use)
        return found

    def condition(
        self,
        node: Node | None,
        where: str,
        names: Mapping[str, ExpressionType],
        *,
        owner: str = "",
        after: Iterable[Expression] = (),
    ) -> Expression | None:
        """Read an expression that must be yes or no."""
        return self.expression(node, where, names, YES_NO, owner=owner, after=after)


def words_of(text: str) -> frozenset[str]:
    """Return the names in an expression's text, without reading its types.

    Only for putting computed values in order before their types are known.
    """
    return frozenset(match for match in _WORD.findall(text) if match and match not in KEYWORDS)


def in_order(
    wanted: Mapping[str, frozenset[str]],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort names so that each stands after those it needs.

    Parameters
    ----------
    wanted
        For each name the names it needs; others are ignored.

    Returns
    -------
    The order (stable), and the first cycle found as a path that ends where it
    begins, or nothing.
    """
    order: list[str] = []
    state: dict[str, int] = {}
    cycle: tuple[str, ...] = ()
    for first in wanted:
        if first in state:
            continue
        # Depth-first without recursion: a chain of 1,000 data is no error.
        stack = [(first, iter(sorted(wanted[first])))]
        state[first] = 1
        while stack:
            name, needs = stack[-1]
            for need in needs:
                if need not in wanted or state.get(need) == 2:
                    continue
                if state.get(need) == 1:
                    path = [each for each, _ in stack]
                    cycle = cycle or (*path[path.index(need) :], need)
                    continue
                state[need] = 1
                stack.append((need, iter(sorted(wanted[need]))))
                break
            else:
                stack.pop()
                state[name] = 2
                order.append(name)
    return tuple(order), cycle


__all__ = [
    "ANY",
    "CASE",
    "CHANNELS",
    "PERSON",
    "RESERVED",
    "Names",
    "Use",
    "in_order",
    "words_of",
]

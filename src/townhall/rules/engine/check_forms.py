"""Typing of the functions whose type depends on their arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from .errors import ExpressionError
from .graph import Body
from .hints import did_you_mean, short, wrong_count
from .syntax import Call, Literal, Name, Tree
from .types import (
    ANY,
    DATE,
    DURATION,
    FILE,
    NUMBER,
    TEXT,
    YES_NO,
    ChoiceType,
    ListType,
    MoneyType,
    Type,
    is_ordered,
    is_text,
)
from .values import parse_date, parse_duration

if TYPE_CHECKING:
    from .check import Checker

MAX_DECIMALS: Final = 12


def _usage(checker: Checker, tree: Call) -> ExpressionError:
    function = checker.scope.function(tree.name)
    return wrong_count(tree, function.usage if function else tree.name)


def _present(checker: Checker, tree: Call) -> int:
    if len(tree.arguments) != 1:
        raise _usage(checker, tree)
    argument = tree.arguments[0]
    if not isinstance(argument, Name):
        raise ExpressionError("asks present(...) of something that is not a name.", argument.at + 1)
    number = checker.node(argument)
    if checker.builder[number].operation not in ("name", "item"):
        raise ExpressionError(
            f"asks whether {argument.dotted} is present, which is a rate and always is.",
            argument.at + 1,
        )
    return checker.builder.add("present", (number,), YES_NO)


def _list_argument(checker: Checker, tree: Call) -> tuple[int, Type]:
    """Add the first argument, which must be a list; return it and its items' type."""
    if not 1 <= len(tree.arguments) <= 2:
        raise _usage(checker, tree)
    number = checker.node(tree.arguments[0])
    kind = checker.kind(number)
    if not isinstance(kind, ListType):
        raise ExpressionError(
            f"gives {tree.name} {checker.describe(tree.arguments[0], number)}, "
            "but a list is needed.",
            tree.arguments[0].at + 1,
        )
    return number, kind.item


def _quantifier(checker: Checker, tree: Call) -> int:
    """`any` and `all`."""
    number, item = _list_argument(checker, tree)
    if len(tree.arguments) == 1:
        if item != YES_NO:
            raise ExpressionError(
                f"asks {tree.name}(...) of a list of {item} without a condition.",
                tree.at + 1,
                f"Write {tree.name}(list, condition).",
            )
        return checker.builder.add(tree.name, (number,), YES_NO)
    body, names = checker.body(tree.arguments[1], tree.arguments[0], item)
    _must_be_condition(body.type, tree)
    return checker.builder.add(tree.name, (number, *names), YES_NO, body)


def _must_be_condition(kind: Type, tree: Call) -> None:
    if kind not in (YES_NO, ANY):
        raise ExpressionError(
            f"gives {tree.name}(...) a condition that is {kind}, not yes or no.",
            tree.arguments[1].at + 1,
        )


def _count(checker: Checker, tree: Call) -> int:
    if len(tree.arguments) == 1:
        number = checker.node(tree.arguments[0])
        if checker.kind(number) == FILE:
            return checker.builder.add("count", (number,), NUMBER)
    number, item = _list_argument(checker, tree)
    if len(tree.arguments) == 1:
        return checker.builder.add("count", (number,), NUMBER)
    body, names = checker.body(tree.arguments[1], tree.arguments[0], item)
    _must_be_condition(body.type, tree)
    return checker.builder.add("count", (number, *names), NUMBER, body)


def _over_items(checker: Checker, tree: Call, allowed: Callable[[Type], bool]) -> int:
    """`sum`, `min` or `max` over a list, of the items or of a value for each."""
    number, kind = _list_argument(checker, tree)
    body: Body | None = None
    names: tuple[int, ...] = ()
    if len(tree.arguments) == 2:
        body, names = checker.body(tree.arguments[1], tree.arguments[0], kind)
        kind = body.type
    if not allowed(kind):
        raise ExpressionError(
            f"takes {tree.name}(...) of {kind}, which has no {tree.name}.",
            tree.at + 1,
            f"Say which part of an item: {tree.name}(list, part).",
        )
    return checker.builder.add(tree.name, (number, *names), kind, body)


def _is_amount(kind: Type) -> bool:
    return kind == NUMBER or isinstance(kind, MoneyType)


def _sum(checker: Checker, tree: Call) -> int:
    return _over_items(checker, tree, _is_amount)


def _extreme(checker: Checker, tree: Call) -> int:
    """`min` and `max`: over a list, or of several values."""
    if not tree.arguments:
        raise _usage(checker, tree)
    first = checker.node(tree.arguments[0])
    if isinstance(checker.kind(first), ListType) or len(tree.arguments) == 1:
        return _over_items(checker, tree, is_ordered)
    numbers = [first, *(checker.node(argument) for argument in tree.arguments[1:])]
    for position, argument in enumerate(tree.arguments):
        aligned = checker.align(numbers[0], numbers[position])
        if aligned is None or not is_ordered(aligned[2]):
            raise ExpressionError(
                f"takes {tree.name}(...) of {checker.describe(tree.arguments[0], numbers[0])} "
                f"and {checker.describe(argument, numbers[position])}.",
                argument.at + 1,
                "All must be numbers, money of one currency, or dates.",
            )
        numbers[0], numbers[position] = aligned[0], aligned[1]
    kind = checker.kind(numbers[0])
    fitting = tuple(
        checker.fit(number, kind, argument, f"gives {tree.name}")
        for number, argument in zip(numbers, tree.arguments, strict=True)
    )
    operation = "least" if tree.name == "min" else "greatest"
    return checker.builder.add(operation, fitting, kind)


def _rounding(checker: Checker, tree: Call) -> int:
    if not 1 <= len(tree.arguments) <= 2:
        raise _usage(checker, tree)
    number = checker.node(tree.arguments[0])
    kind = checker.kind(number)
    if not _is_amount(kind):
        raise ExpressionError(
            f"rounds {checker.describe(tree.arguments[0], number)}, which is no amount.",
            tree.at + 1,
        )
    decimals = 0
    if len(tree.arguments) == 2:
        written = checker.builder[checker.node(tree.arguments[1])].data
        if (
            not isinstance(written, Decimal)
            or written != written.to_integral_value()
            or abs(written) > MAX_DECIMALS
        ):
            raise ExpressionError(
                f"rounds to a number of decimals that is not written out, "
                f"or not between -{MAX_DECIMALS} and {MAX_DECIMALS}.",
                tree.arguments[1].at + 1,
                f"Write {tree.name}(value, 2).",
            )
        decimals = int(written)
    return checker.builder.add(tree.name, (number,), kind, decimals)


def _number(checker: Checker, tree: Call) -> int:
    if len(tree.arguments) != 1:
        raise _usage(checker, tree)
    number = checker.node(tree.arguments[0])
    kind = checker.kind(number)
    if kind == NUMBER:
        return number
    if not isinstance(kind, ChoiceType) or not kind.numeric:
        raise ExpressionError(
            f"turns {checker.describe(tree.arguments[0], number)} into a number.",
            tree.at + 1,
            "Only a choice whose options are all numbers can be turned.",
        )
    return checker.builder.add("number", (number,), NUMBER)


def _written_text(tree: Call, position: int, example: str) -> str:
    argument = tree.arguments[position]
    if isinstance(argument, Literal) and isinstance(argument.value, str):
        return argument.value
    raise ExpressionError(
        f"calls {tree.name} with something that is not a written text.",
        argument.at + 1,
        f"Write {example}.",
    )


def _date(checker: Checker, tree: Call) -> int:
    if len(tree.arguments) != 1:
        raise _usage(checker, tree)
    text = _written_text(tree, 0, "date('2026-04-06')")
    try:
        value = parse_date(text)
    except ValueError as error:
        raise ExpressionError(
            f"has a date that cannot be read: {error}.", tree.arguments[0].at + 1
        ) from None
    return checker.builder.add("literal", (), DATE, value)


def _duration(checker: Checker, tree: Call) -> int:
    if len(tree.arguments) != 1:
        raise _usage(checker, tree)
    text = _written_text(tree, 0, "duration('8 weeks')")
    try:
        value = parse_duration(text)
    except ValueError as error:
        raise ExpressionError(
            f"has a duration that cannot be read: {error}.", tree.arguments[0].at + 1
        ) from None
    return checker.builder.add("literal", (), DURATION, value)


def _working_days(checker: Checker, tree: Call) -> int:
    """`add_working_days` and `working_days_between`."""
    if len(tree.arguments) != 2:
        raise _usage(checker, tree)
    if checker.scope.calendar is None:
        raise ExpressionError(
            f"calls {tree.name}, but there is no calendar of holidays.",
            tree.at + 1,
            "Add the holidays to the pack.",
        )
    adding = tree.name == "add_working_days"
    wanted = (DATE, NUMBER) if adding else (DATE, DATE)
    numbers = tuple(
        checker.fit(checker.node(argument), kind, argument, f"gives {tree.name}")
        for argument, kind in zip(tree.arguments, wanted, strict=True)
    )
    return checker.builder.add(tree.name, numbers, DATE if adding else NUMBER)


def _day(checker: Checker, tree: Tree, place: str) -> int:
    return checker.fit(checker.node(tree), DATE, tree, place)


def rate_node(checker: Checker, key: str, day: int | None, tree: Tree) -> int:
    """Add the dated parameter `key`, in force on a day (today, if none is given).

    Raises
    ------
    ExpressionError
        If there is no such rate.
    """
    parameters = checker.scope.parameters
    known = parameters.keys() if parameters is not None else ()
    if parameters is None or key not in parameters:
        hint = did_you_mean(key, known)
        raise ExpressionError(
            f'uses the rate "{short(key)}", which does not exist.',
            tree.at + 1,
            hint or f"Rates: {', '.join(sorted(known)[:12]) or 'none'}.",
        )
    parameter = parameters[key]
    if parameter.levels:
        raise ExpressionError(
            f'uses "{key}" as a rate, but it is a tariff.',
            tree.at + 1,
            f"Write tariff('{key}', ...).",
        )
    checker.parameters.add(key)
    inputs = (checker.today() if day is None else day,)
    return checker.builder.add("rate", inputs, parameter.type, key)


def _rate(checker: Checker, tree: Call) -> int:
    if not 1 <= len(tree.arguments) <= 2:
        raise _usage(checker, tree)
    key = _written_text(tree, 0, "rate('key')")
    day = _day(checker, tree.arguments[1], "gives rate") if len(tree.arguments) == 2 else None
    return rate_node(checker, key, day, tree.arguments[0])


def _tariff(checker: Checker, tree: Call) -> int:
    if not tree.arguments:
        raise _usage(checker, tree)
    key = _written_text(tree, 0, "tariff('table', key)")
    parameters = checker.scope.parameters
    tables = [name for name in parameters if parameters[name].levels] if parameters else []
    if parameters is None or key not in tables:
        hint = did_you_mean(key, tables)
        raise ExpressionError(
            f'uses the tariff "{short(key)}", which does not exist.',
            tree.arguments[0].at + 1,
            hint or f"Tariffs: {', '.join(sorted(tables)[:12]) or 'none'}.",
        )
    parameter = parameters[key]
    steps = tree.arguments[1 : 1 + parameter.levels]
    rest = tree.arguments[1 + parameter.levels :]
    if len(steps) < parameter.levels or len(rest) > 1:
        raise ExpressionError(
            f'gives tariff "{key}" {len(tree.arguments) - 1} keys, but it has {parameter.levels}.',
            tree.at + 1,
            "A date may follow the keys.",
        )
    day = _day(checker, rest[0], "gives tariff") if rest else checker.today()
    entry = parameter.rows[-1].value
    numbers = []
    for step in steps:
        number = checker.node(step)
        kind = checker.kind(number)
        if kind not in (NUMBER, YES_NO, ANY) and not is_text(kind):
            raise ExpressionError(
                f"uses {checker.describe(step, number)} as the key of a tariff.", step.at + 1
            )
        _has_entries(key, kind, entry, step)
        entry = next(iter(entry.values()))
        numbers.append(number)
    checker.parameters.add(key)
    return checker.builder.add("tariff", (day, *numbers), parameter.type, key)


def _has_entries(key: str, kind: Type, entry: Mapping[str, object], tree: Tree) -> None:
    if not isinstance(kind, ChoiceType):
        return
    for option in kind.options:
        if option not in entry:
            hint = did_you_mean(option, entry)
            raise ExpressionError(
                f"looks up '{option[:40]}' in the tariff \"{key}\", which has no such entry.",
                tree.at + 1,
                f"{hint} It has: {', '.join(entry)}.".strip(),
            )


def _matches_type(checker: Checker, tree: Call) -> int:
    if len(tree.arguments) != 2:
        raise _usage(checker, tree)
    argument = tree.arguments[0]
    number = checker.fit(checker.node(argument), TEXT, argument, "gives matches_type")
    name = _written_text(tree, 1, "matches_type(text, 'date')")
    if name not in checker.scope.formats:
        known = sorted(checker.scope.formats)
        hint = did_you_mean(name, known) or f"Formats: {', '.join(known)}."
        raise ExpressionError(
            f"asks for the format '{name[:40]}', which does not exist.",
            tree.arguments[1].at + 1,
            hint,
        )
    return checker.builder.add("matches", (number,), YES_NO, name)


FORMS: Final[Mapping[str, Callable[[Checker, Call], int]]] = {
    "present": _present,
    "count": _count,
    "sum": _sum,
    "any": _quantifier,
    "all": _quantifier,
    "min": _extreme,
    "max": _extreme,
    "round": _rounding,
    "floor": _rounding,
    "ceiling": _rounding,
    "number": _number,
    "date": _date,
    "duration": _duration,
    "add_working_days": _working_days,
    "working_days_between": _working_days,
    "rate": _rate,
    "tariff": _tariff,
    "matches_type": _matches_type,
}

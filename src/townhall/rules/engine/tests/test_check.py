"""Types are checked when a definition is loaded, and the message says what to write."""

from __future__ import annotations

import pytest

from townhall.rules.engine import (
    BUILTINS,
    DATE,
    NUMBER,
    TEXT,
    YES_NO,
    ChoiceType,
    ExpressionError,
    Function,
    ListType,
    MoneyType,
    RecordType,
    Scope,
    parse,
)

from .world import SCOPE

WRONG = [
    # names
    ("vehicle.keper == person.id", 'uses "vehicle.keper", which does not exist'),
    ("vehicle.keper == person.id", 'Did you mean "vehicle.keeper"?'),
    ("vehicle.keper == person.id", "vehicle has: keeper, make, zone_class."),
    ("vehicel.keeper == person.id", 'Did you mean "vehicle"?'),
    ("n.size > 3", 'takes "size" of n, which is number and has no parts'),
    ("children.age > 3", "Say of which item: any(children, age == ...)"),
    ("count > 3", "count is a function: write count(...)"),
    ("zebra_crossing", "Known names: address, children,"),
    ("any(children, agee < 16)", 'Did you mean "age"?'),
    ("it > 3", 'uses "it", which does not exist'),
    # amounts
    ("fee + n", "adds fee (GBP) and n (number)"),
    ("fee + n", "Multiply a rate, or use a tariff"),
    ("fee > n", "compares fee (GBP) with n (number)"),
    ("fee + euros > 3", "adds fee (GBP) and euros (EUR)"),
    ("fee == euros", "compares fee (GBP) with euros (EUR)"),
    ("euros > 3", "compares euros (EUR) with the number 3"),
    ("fee * fee > 3", "multiplies fee (GBP) by fee (GBP)"),
    ("n / fee > 3", "divides n (number) by fee (GBP)"),
    ("min(fee, n) > 3", "takes min(...) of fee (GBP) and n (number)"),
    ("if resident then fee else n", "gives fee (GBP) after then but n (number) after else"),
    # dates and texts
    ("person.born < '2000-01-01'", "Write a date as date('2000-01-01')"),
    ("today - words > 3", "takes words (text) from today (date)"),
    ("today + 3 < today", "Say of what: add_days(date, number)"),
    ("today + today == today", "adds today (date) and today (date)"),
    ("words < 'm'", "compares words (text) with the text 'm'"),
    ("words + 'm' == words", "Texts cannot be joined"),
    ("'a' in words", "Ask contains(text, part)"),
    ("date('2026-02-30') < today", "has a date that cannot be read"),
    ("date(words) < today", "calls date with something that is not a written text"),
    ("today + duration('8 fortnights') < today", "has a duration that cannot be read"),
    # choices
    ("tow == 'caravn'", "uses 'caravn', which is not one of the options"),
    ("tow == 'caravn'", 'Did you mean "caravan"? The options are: caravan, trailer, nothing.'),
    ("tow in ['caravan', 'lorry']", "uses 'lorry'"),
    ("'bagde' in extras", 'Did you mean "badge"?'),
    ("tow == size", "which is not one of the options"),
    ("months > 3", "turn it into a number with number(...)"),
    ("months == 4", "compares months (choice) with the number 4"),
    ("number(tow) > 3", "turns tow (choice) into a number"),
    ("weekday(today) == 'Monday'", 'Did you mean "monday"?'),
    # conditions
    ("n", "gives n (number), but yes/no is needed"),
    ("n and resident", "uses n (number) with and, which needs yes or no"),
    ("not fee", "uses fee (GBP) with not"),
    ("if n then yes else no", "uses n (number) with if"),
    ("-words == words", "negates words (text)"),
    ("resident < yes", "compares resident (yes/no)"),
    # lists
    ("n in n", "looks for something in n (number), which is no list"),
    ("n in address.zone", "Ask contains(text, part)"),
    ("n in ['a']", "looks for n (number) in a list of choice"),
    ("n in []", "has an empty list"),
    ("n in [1, 'a']", "mixes number and choice in one list"),
    ("children == children", "Ask  in,  any(...) or count(...) of a list"),
    ("any(children)", "without a condition"),
    ("any(n, yes)", "but a list is needed"),
    ("any(children, age)", "a condition that is number, not yes or no"),
    ("sum(children) > 3", "Say which part of an item: sum(list, part)"),
    ("sum(children, school.name) == 3", "takes sum(...) of text"),
    ("count(children, 3) > 1", "a condition that is number"),
    # calls
    ("year_between(today, today) > 3", 'Did you mean "years_between"?'),
    ("years_between(today) > 3", "Write years_between(date, date)"),
    ("years_between(n, today) > 3", "gives years_between n (number), but date is needed"),
    ("present(n + 1)", "asks present(...) of something that is not a name"),
    ("present(cb.eldest)", "which is a rate and always is"),
    ("present()", "Write present(name)"),
    ("round(words) == 1", "rounds words (text)"),
    ("round(n, n) == 1", "decimals that is not written out"),
    ("round(n, 99) == 1", "not between -12 and 12"),
    ("charge_percentage(n, income) > 3", "gives charge_percentage n (number), but money (GBP)"),
    ("matches_type(words, 'plat')", "asks for the format 'plat'"),
    # rates
    ("rate('cb.oldest') > 3", 'uses the rate "cb.oldest", which does not exist'),
    ("rate('cb.oldest') > 3", 'Did you mean "cb.eldest"?'),
    ("rate(words) > 3", "Write rate('key')"),
    ("rate('permit') > 3", "Write tariff('permit', ...)"),
    ("tariff('permt', months) > 3", 'Did you mean "permit"?'),
    ("tariff('permit') > 3", 'gives tariff "permit" 0 keys, but it has 1'),
    ("tariff('permit', tow) > 3", "looks up 'caravan' in the tariff \"permit\""),
    ("tariff('permit', fee) > 3", "uses fee (GBP) as the key of a tariff"),
    ("tariff('permit_by_size', months, size) > 3", "looks up '3' in the tariff"),
]


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_a_wrong_expression_is_refused_with_what_to_write(text: str, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, SCOPE, YES_NO)
    assert says in str(caught.value)
    assert 1 <= caught.value.column <= len(text) + 1


def test_the_message_continues_a_sentence_about_its_place() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("vehicle.keper == person.id", SCOPE)
    assert caught.value.message == 'uses "vehicle.keper", which does not exist.'
    assert caught.value.hint.startswith('Did you mean "vehicle.keeper"?')


def test_names_and_roots_of_an_expression() -> None:
    rule = parse("vehicle.keeper == person.id and any(children, age < n)", SCOPE)
    assert rule.names == {"vehicle.keeper", "person.id", "children", "children.age", "n"}
    assert rule.roots == {"vehicle", "person", "children", "n"}
    assert rule.parameters == frozenset()


def test_a_rate_needs_today_and_is_listed() -> None:
    rule = parse("cb.eldest * 52 + tariff('permit', months)", SCOPE)
    assert rule.names == {"today", "months"}
    assert rule.parameters == {"cb.eldest", "permit"}
    assert rule.type == MoneyType("GBP")


def test_a_name_hides_a_parameter() -> None:
    scope = Scope({"zones": TEXT}, parameters=SCOPE.parameters)
    assert parse("zones", scope).type == TEXT
    assert parse("zones", scope).parameters == frozenset()


def test_a_bare_number_is_money_where_money_is_expected() -> None:
    free = parse("if resident then 0 else max(12.50, 3)", SCOPE, MoneyType("GBP"))
    assert free.type == MoneyType("GBP")
    with pytest.raises(ExpressionError, match=r"but money \(EUR\) is needed"):
        parse("0", SCOPE, MoneyType("EUR"))


def test_a_written_text_fits_a_choice_only_if_it_is_an_option() -> None:
    tow = ChoiceType(["caravan", "trailer"])
    assert parse("if resident then 'caravan' else 'trailer'", SCOPE, tow).type == tow
    with pytest.raises(ExpressionError, match='Did you mean "trailer"'):
        parse("if resident then 'caravan' else 'trialer'", SCOPE, tow)


def test_equal_parts_are_one_node_and_nothing_idle_is_kept() -> None:
    graph = parse("n + 1 > 3 and n + 1 < 9 and fee > 3", SCOPE).graph
    assert [node.operation for node in graph].count("add") == 1
    used = {part for node in graph for part in node.inputs}
    assert used == set(range(len(graph) - 1))
    for number, node in enumerate(graph):
        assert all(part < number for part in node.inputs)


def test_a_graph_can_be_a_key() -> None:
    one, other = (parse("any(children, age < 16) and n > 3", SCOPE).graph for _ in range(2))
    assert hash(one) == hash(other)
    assert one == other


def test_working_days_need_a_calendar_when_the_expression_is_read() -> None:
    with pytest.raises(ExpressionError, match="no calendar of holidays"):
        parse("add_working_days(today, 3)", Scope({}))


def test_a_message_stays_short_whatever_was_written() -> None:
    for text in ("x" * 9_000, "x" * 9_000 + "(1)", f"rate('{'x' * 9_000}')", f"n.{'x' * 9_000}"):
        with pytest.raises(ExpressionError) as caught:
            parse(text, SCOPE)
        assert len(str(caught.value)) < 1_000


def test_two_functions_of_one_name_are_refused() -> None:
    again = Function("count", (NUMBER,), NUMBER, abs)
    with pytest.raises(ValueError, match='two functions are named "count"'):
        Scope({}, functions=(*BUILTINS, again))


def test_variadic_functions() -> None:
    total = Function("total", (NUMBER, NUMBER), NUMBER, lambda *all_: sum(all_), variadic=True)
    scope = Scope({}, functions=(*BUILTINS, total))
    assert parse("total(1)", scope).evaluate({}).value == 1
    assert parse("total(1, 2, 3)", scope).evaluate({}).value == 6
    with pytest.raises(ExpressionError, match=r"Write total\(number, number, \.\.\.\)"):
        parse("total()", scope)
    with pytest.raises(ExpressionError, match="but number is needed"):
        parse("total(1, 'a')", scope)


def test_records_fit_by_their_parts() -> None:
    wide = RecordType("p", {"born": DATE, "name": TEXT})
    narrow = RecordType("q", {"born": DATE})
    born = Function("born_of", (narrow,), DATE, lambda record: record["born"])
    scope = Scope({"wide": wide, "all": ListType(wide)}, functions=(*BUILTINS, born))
    assert parse("born_of(wide)", scope).type == DATE
    with pytest.raises(ExpressionError, match="gives born_of"):
        parse("born_of(all)", scope)


def test_lists_nest_three_deep_and_no_deeper() -> None:
    kind = NUMBER
    record = RecordType("r", {"n": kind})
    for _ in range(4):
        record = RecordType("r", {"n": kind, "more": ListType(record)})
    scope = Scope({"more": ListType(record)})
    parse("any(more, any(more, any(more, n > 1)))", scope)
    with pytest.raises(ExpressionError, match="more than 3 deep"):
        parse("any(more, any(more, any(more, any(more, n > 1))))", scope)

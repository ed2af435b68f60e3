"""The expression engine; everything that other rooms and packs may use.

>>> from townhall.rules.engine import NUMBER, YES_NO, Scope, parse
>>> rule = parse("age >= 18 and resident", Scope({"age": NUMBER, "resident": YES_NO}))
>>> rule.evaluate({"age": 17}).value
False
>>> sorted(rule.evaluate({"age": 30}).unknown)
['resident']
"""

from .calendar import Calendar
from .errors import (
    AbsentUsed,
    EvaluationError,
    ExpressionError,
    MissingParameter,
    ParameterError,
    WrongValue,
)
from .explain import Step
from .expression import Expression, Outcome, parse
from .functions import BUILTINS, FORMATS, Form, Function
from .graph import Body, Graph, Node
from .jsonlogic import export as json_logic
from .names import Facts, Use, failing, holding, unguarded, uses
from .parameters import Parameter, Parameters, Row
from .scope import Scope
from .types import (
    ANY,
    DATE,
    DURATION,
    FILE,
    NUMBER,
    PLACE,
    TEXT,
    YES_NO,
    ChoiceType,
    ListType,
    MoneyType,
    RecordType,
    Type,
)
from .values import ABSENT, UNKNOWN, Duration, Money, Value, parse_date, parse_duration

__all__ = [
    "ABSENT",
    "ANY",
    "BUILTINS",
    "DATE",
    "DURATION",
    "FILE",
    "FORMATS",
    "NUMBER",
    "PLACE",
    "TEXT",
    "UNKNOWN",
    "YES_NO",
    "AbsentUsed",
    "Body",
    "Calendar",
    "ChoiceType",
    "Duration",
    "EvaluationError",
    "Expression",
    "ExpressionError",
    "Facts",
    "Form",
    "Function",
    "Graph",
    "ListType",
    "MissingParameter",
    "Money",
    "MoneyType",
    "Node",
    "Outcome",
    "Parameter",
    "ParameterError",
    "Parameters",
    "RecordType",
    "Row",
    "Scope",
    "Step",
    "Type",
    "Use",
    "Value",
    "WrongValue",
    "failing",
    "holding",
    "json_logic",
    "parse",
    "parse_date",
    "parse_duration",
    "unguarded",
    "uses",
]

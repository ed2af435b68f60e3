"""Law as a typed graph: rules written once, read by every back end.

How it hangs together
---------------------
`book` collects what an author writes: facts, rules, exceptions, programmes.
`lawbook` joins the books of a jurisdiction with its dated rates, checks that
everything fits, and gives the `law` of a day: one graph for each span between
two changes. Rules are Python functions that run once, on `terms`; `writing` has
the words that they use; `units` and `entities` are checked while they run.

`planning` picks and orders the nodes that some goals need. Over the plan work the
back ends: `exact` (one situation, on Decimals, and its bounds where facts are not
known) and `populations` (columns, machine code, SQL). `answers` has what people
want to know of a decision: why, what to ask next, and the question turned round.

Promises: an unknown fact is never a zero; weeks are not added to years; every
amount shows the law and the dated rate that it rests on; the same facts on the
same day give the same result.
"""

from . import reforms
from .answers import asking, explaining, reverse, telling
from .book import Book
from .entities import COMPANY, FAMILY, HOUSEHOLD, PERSON, WORLD, Entity
from .errors import FactError, LawError, NoResult, NotInForce, OpenFact
from .exact import bounds
from .law import Decision, Law, Variable
from .lawbook import Lawbook
from .situation import Family, Household, Situation
from .terms import Term
from .units import (
    DATE,
    DAY,
    DAYS,
    GBP,
    HOUR,
    MONTH,
    NUMBER,
    PERCENT,
    WEEK,
    YEAR,
    YEARS,
    YES_NO,
    Unit,
    choice,
)
from .writing import (
    add_months,
    add_years,
    all_of,
    any_of,
    applies,
    at_least,
    at_most,
    choose,
    clip,
    count,
    days_between,
    floor,
    highest,
    lowest,
    mondays_between,
    partner,
    percent,
    position,
    rate,
    round_down,
    round_half_up,
    round_up,
    scale,
    steps,
    today,
    total,
    when,
    years_between,
)

__all__ = [
    "COMPANY",
    "DATE",
    "DAY",
    "DAYS",
    "FAMILY",
    "GBP",
    "HOUR",
    "HOUSEHOLD",
    "MONTH",
    "NUMBER",
    "PERCENT",
    "PERSON",
    "WEEK",
    "WORLD",
    "YEAR",
    "YEARS",
    "YES_NO",
    "Book",
    "Decision",
    "Entity",
    "FactError",
    "Family",
    "Household",
    "Law",
    "LawError",
    "Lawbook",
    "NoResult",
    "NotInForce",
    "OpenFact",
    "Situation",
    "Term",
    "Unit",
    "Variable",
    "add_months",
    "add_years",
    "all_of",
    "any_of",
    "applies",
    "asking",
    "at_least",
    "at_most",
    "bounds",
    "choice",
    "choose",
    "clip",
    "count",
    "days_between",
    "explaining",
    "floor",
    "highest",
    "lowest",
    "mondays_between",
    "partner",
    "percent",
    "position",
    "rate",
    "reforms",
    "reverse",
    "round_down",
    "round_half_up",
    "round_up",
    "scale",
    "steps",
    "telling",
    "today",
    "total",
    "when",
    "years_between",
]

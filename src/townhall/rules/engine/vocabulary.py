"""The words of `words`: one table per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The single words of a language."""

    yes: str
    no: str
    unknown: str
    absent: str
    failed: str
    none: str
    since: str
    items: tuple[str, str]  # one, several
    months: tuple[str, ...]
    periods: Mapping[str, str]
    units: Mapping[str, tuple[str, str]]  # one, several


LANGUAGES: Final[Mapping[str, Vocabulary]] = {
    "en": Vocabulary(
        yes="yes",
        no="no",
        unknown="not known yet",
        absent="not given",
        failed="no result",
        none="none",
        since="from",
        items=("{} entry", "{} entries"),
        months=(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        periods={
            "day": "a day",
            "week": "a week",
            "month": "a month",
            "year": "a year",
            "hour": "an hour",
        },
        units={
            "year": ("{} year", "{} years"),
            "month": ("{} month", "{} months"),
            "day": ("{} day", "{} days"),
            "working day": ("{} working day", "{} working days"),
        },
    ),
    "cy": Vocabulary(
        yes="ie",
        no="na",
        unknown="ddim yn hysbys eto",
        absent="heb ei roi",
        failed="dim canlyniad",
        none="dim",
        since="o",
        items=("{} cofnod", "{} cofnod"),
        months=(
            "Ionawr",
            "Chwefror",
            "Mawrth",
            "Ebrill",
            "Mai",
            "Mehefin",
            "Gorffennaf",
            "Awst",
            "Medi",
            "Hydref",
            "Tachwedd",
            "Rhagfyr",
        ),
        periods={
            "day": "y dydd",
            "week": "yr wythnos",
            "month": "y mis",
            "year": "y flwyddyn",
            "hour": "yr awr",
        },
        # After a numeral Welsh keeps the singular.
        units={
            "year": ("{} flwyddyn", "{} blynedd"),
            "month": ("{} mis", "{} mis"),
            "day": ("{} diwrnod", "{} diwrnod"),
            "working day": ("{} diwrnod gwaith", "{} diwrnod gwaith"),
        },
    ),
}

# Operation or function to its phrase; {0}, {1} are the words of what it rests on.
PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "eq": "{0} is {1}",
        "ne": "{0} is not {1}",
        "lt": "{0} is less than {1}",
        "le": "{0} is at most {1}",
        "gt": "{0} is more than {1}",
        "ge": "{0} is at least {1}",
        "in": "{0} is one of {1}",
        "not_in": "{0} is not one of {1}",
        "present": "{0} is given",
        "not_present": "{0} is not given",
        "not": "it is not so that {0}",
        "and": "all of these hold",
        "or": "at least one of these holds",
        "if": "depends on whether {0}",
        "add": "{0} plus {1}",
        "sub": "{0} less {1}",
        "mul": "{0} times {1}",
        "div": "{0} divided by {1}",
        "neg": "minus {0}",
        "shift": "{0} plus {1}",
        "span": "the time from {1} to {0}",
        "least": "the least of {joined}",
        "greatest": "the greatest of {joined}",
        "round": "{0}, rounded",
        "floor": "{0}, rounded down",
        "ceiling": "{0}, rounded up",
        "number": "{0}",
        "cast": "{0}",
        "matches": "{0} is written in the right format",
        "any_where": "at least one of {0} meets the condition",
        "all_where": "each of {0} meets the condition",
        "count_where": "how many of {0} meet the condition",
        "sum_where": "the sum over {0}",
        "min_where": "the least over {0}",
        "max_where": "the greatest over {0}",
        "any_of": "at least one of {0}",
        "all_of": "each of {0}",
        "count_of": "how many {0}",
        "sum_of": "the sum of {0}",
        "min_of": "the least of {0}",
        "max_of": "the greatest of {0}",
        "rate": "rate {0}",
        "tariff": "tariff {0} for {1}",
        "years_between": "full years from {0} to {1}",
        "months_between": "full months from {0} to {1}",
        "days_between": "days from {0} to {1}",
        "working_days_between": "working days from {0} to {1}",
        "add_days": "{0} plus {1} days",
        "add_months": "{0} plus {1} months",
        "add_years": "{0} plus {1} years",
        "add_working_days": "{0} plus {1} working days",
        "weekday": "day of the week of {0}",
        "lower": "{0}",
        "length": "number of characters of {0}",
        "contains": "{0} contains {1}",
        "starts_with": "{0} begins with {1}",
        "distance_m": "metres from {0} to {1}",
    },
    "cy": {
        "eq": "{0} yw {1}",
        "ne": "nid {1} yw {0}",
        "lt": "mae {0} yn llai na {1}",
        "le": "nid yw {0} yn fwy na {1}",
        "gt": "mae {0} yn fwy na {1}",
        "ge": "nid yw {0} yn llai na {1}",
        "in": "mae {0} yn un o {1}",
        "not_in": "nid yw {0} yn un o {1}",
        "present": "mae {0} wedi'i roi",
        "not_present": "nid yw {0} wedi'i roi",
        "not": "nid yw'n wir: {0}",
        "and": "mae pob un o'r rhain yn wir",
        "or": "mae o leiaf un o'r rhain yn wir",
        "if": "yn dibynnu a yw hyn yn wir: {0}",
        "add": "{0} plws {1}",
        "sub": "{0} minws {1}",
        "mul": "{0} wedi'i luosi â {1}",
        "div": "{0} wedi'i rannu â {1}",
        "neg": "minws {0}",
        "shift": "{0} plws {1}",
        "span": "yr amser o {1} i {0}",
        "least": "y lleiaf o {joined}",
        "greatest": "y mwyaf o {joined}",
        "round": "{0}, wedi'i dalgrynnu",
        "floor": "{0}, wedi'i dalgrynnu i lawr",
        "ceiling": "{0}, wedi'i dalgrynnu i fyny",
        "number": "{0}",
        "cast": "{0}",
        "matches": "mae {0} yn y fformat cywir",
        "any_where": "mae o leiaf un o {0} yn bodloni'r amod",
        "all_where": "mae pob un o {0} yn bodloni'r amod",
        "count_where": "faint o {0} sy'n bodloni'r amod",
        "sum_where": "y cyfanswm dros {0}",
        "min_where": "y lleiaf dros {0}",
        "max_where": "y mwyaf dros {0}",
        "any_of": "o leiaf un o {0}",
        "all_of": "pob un o {0}",
        "count_of": "nifer {0}",
        "sum_of": "cyfanswm {0}",
        "min_of": "y lleiaf o {0}",
        "max_of": "y mwyaf o {0}",
        "rate": "cyfradd {0}",
        "tariff": "tariff {0} ar gyfer {1}",
        "years_between": "blynyddoedd llawn o {0} i {1}",
        "months_between": "misoedd llawn o {0} i {1}",
        "days_between": "diwrnodau o {0} i {1}",
        "working_days_between": "diwrnodau gwaith o {0} i {1}",
        "add_days": "{0} plws {1} diwrnod",
        "add_months": "{0} plws {1} mis",
        "add_years": "{0} plws {1} blynedd",
        "add_working_days": "{0} plws {1} diwrnod gwaith",
        "weekday": "diwrnod yr wythnos ar gyfer {0}",
        "lower": "{0}",
        "length": "nifer y nodau yn {0}",
        "contains": "mae {0} yn cynnwys {1}",
        "starts_with": "mae {0} yn dechrau gyda {1}",
        "distance_m": "metrau o {0} i {1}",
    },
}

# The same comparisons, of dates.
DATE_PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "lt": "{0} is before {1}",
        "le": "{0} is on or before {1}",
        "gt": "{0} is after {1}",
        "ge": "{0} is on or after {1}",
        "least": "the earliest of {0} and {1}",
        "greatest": "the latest of {0} and {1}",
    },
    "cy": {
        "lt": "mae {0} cyn {1}",
        "le": "mae {0} ar neu cyn {1}",
        "gt": "mae {0} ar ôl {1}",
        "ge": "mae {0} ar neu ar ôl {1}",
        "least": "y cynharaf o {0} a {1}",
        "greatest": "y diweddaraf o {0} a {1}",
    },
}

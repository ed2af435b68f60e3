"""What employers, pension payers, banks and companies report about the people of the borough.

Everything adds up to the adjusted net income of the person; of a trader, the profit is missing
here, because no register knows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from townhall.packs.uk.borough.people import TAX_YEARS, TODAY, Person

THIS_YEAR = "2026-27"
_ALLOWANCE, _HIGHER_FROM = 12_570, 50_270
_EMPLOYERS = (
    "Wrenford Infirmary",
    "Lockside Foods Ltd",
    "Borough of Wrenford",
    "Millfields School",
    "Harbour Freight Ltd",
    "Priory Homes Ltd",
)
# The new State Pension of those who reached the age from 6 April 2016, else the basic one, a week.
_STATE_PENSION = {
    "new": {"2023-24": "203.85", "2024-25": "221.20", "2025-26": "230.25", THIS_YEAR: "241.30"},
    "basic": {"2023-24": "156.20", "2024-25": "169.50", "2025-26": "176.45", THIS_YEAR: "184.90"},
}
_WEEKS = 52
_NEW_PENSION_BORN_FROM = 1951
_TRADERS = frozenset({"grace"})
_SAVERS: Mapping[str, tuple[str, int, int]] = {
    # Bank, interest and dividends of a year.
    "grace": ("Wrenford Building Society", 640, 1_150),
    "amara": ("Quayside Bank", 310, 0),
    "harold": ("Wrenford Building Society", 95, 0),
    "priya": ("Quayside Bank", 120, 0),
}
_CHILD_BENEFIT: Mapping[str, Mapping[str, str]] = {
    "amara": {"2024-25": "3094.00", "2025-26": "3148.60"},
    "megan": {"2024-25": "2212.60", "2025-26": "2251.60"},
}


def reported(person: Person) -> dict[str, Any]:
    """Return the facts of the income register about a person who has an income."""
    retired = TODAY.year - person.born.year >= 67
    facts = _pensions(person) if retired else _jobs(person)
    bank, interest, dividends = _SAVERS.get(person.key, ("", 0, 0))
    if interest:
        facts["interest"] = [
            {"tax_year": year, "bank": bank, "amount": _money(interest)} for year in TAX_YEARS
        ]
    if dividends:
        facts["dividends"] = [
            {"tax_year": year, "company": "Quay Street Traders plc", "amount": _money(dividends)}
            for year in TAX_YEARS
        ]
    if person.key in _CHILD_BENEFIT:
        facts["child_benefit"] = [
            {"tax_year": year, "amount": amount}
            for year, amount in _CHILD_BENEFIT[person.key].items()
        ]
    return facts


def _jobs(person: Person) -> dict[str, Any]:
    if person.key in _TRADERS:
        return {}
    employer = _EMPLOYERS[person.number % len(_EMPLOYERS)]
    _, interest, dividends = _SAVERS.get(person.key, ("", 0, 0))
    years = [
        (year, int(amount) - interest - dividends)
        for year, amount in zip(TAX_YEARS, person.incomes, strict=True)
    ]
    return {
        "employment": [
            {"tax_year": year, "employer": employer, "pay": _money(pay), "tax": _money(_tax(pay))}
            for year, pay in years
        ],
        "monthly_pay": _money(years[-1][1] // 12),
    }


def _pensions(person: Person) -> dict[str, Any]:
    kind = "new" if person.born.year >= _NEW_PENSION_BORN_FROM else "basic"
    _, interest, dividends = _SAVERS.get(person.key, ("", 0, 0))
    state, private = [], []
    for year, amount in zip((*TAX_YEARS, THIS_YEAR), _with_this_year(person), strict=True):
        income = amount - interest - dividends
        paid: Decimal = min(Decimal(_STATE_PENSION[kind][year]) * _WEEKS, Decimal(income))
        state.append({"tax_year": year, "amount": _money(paid)})
        if income > paid:
            private.append(
                {
                    "tax_year": year,
                    "payer": "Wrenford Pension Fund",
                    "amount": _money(income - paid),
                    "tax": _money(min(Decimal(_tax(income)), income - paid)),
                }
            )
    return {"state_pension": state} | ({"pensions": private} if private else {})


def _with_this_year(person: Person) -> tuple[int, ...]:
    years = [int(amount) for amount in person.incomes]
    return (*years, years[-1] + 300)


def _tax(income: int) -> int:
    """Return what an employer deducts in a year, to the pound."""
    basic = max(0, min(income, _HIGHER_FROM) - _ALLOWANCE) * 20
    return (basic + max(0, income - _HIGHER_FROM) * 40) // 100


def _money(amount: int | Decimal) -> str:
    return f"{amount:.2f}"

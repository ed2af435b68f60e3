"""What the second source presumes in benefit cases about more than one member.

Its cases give the savings and the rent of a household, hours of care and reported awards; our law
asks whose the savings are, who pays the rent and who is paid for caring. How the one follows from
the other is no law: it is written here, seen from its cases, and supplied as facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from townhall.packs.uk.verification.names import Facts
from townhall.packs.uk.verification.policyengine_families import Family

Row = Mapping[str, Any]
NOTHING: Final = Decimal(0)

# Carer's Allowance a week (SSCBA 1992 s.70, Sch. 4 Part III) and the limit of net earnings a week
# (SI 1976/409 reg. 8), by the first year of the tax year: awards that cases leave to be presumed.
CARERS: Final[Mapping[int, tuple[str, str]]] = {
    2015: ("62.10", "110"),
    2016: ("62.10", "110"),
    2017: ("62.70", "116"),
    2018: ("64.60", "120"),
    2019: ("66.15", "123"),
    2020: ("67.25", "128"),
    2021: ("67.60", "128"),
    2022: ("69.70", "132"),
    2023: ("76.75", "139"),
    2024: ("81.90", "151"),
    2025: ("83.30", "196"),
    2026: ("86.45", "204"),
}
# Severe Disablement Allowance a week with the higher age-related addition.
SEVERE_DISABLEMENT: Final[Mapping[int, str]] = {2026: "119.35"}
OVERLAPPING: Final = (
    "state_pension",
    "state_pension_reported",
    "incapacity_benefit_reported",
    "maternity_allowance",
    "maternity_allowance_reported",
    "jsa_contrib",
    "jsa_contrib_reported",
    "esa_contrib",
    "esa_contrib_reported",
    "widowed_parents_allowance_reported",
)
CARE_BENEFITS: Final = ("attendance_allowance", "pip_dl", "dla_sc", "dla_sc_middle_plus")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is in a case, as `presumed` is asked about them."""

    people: Sequence[Row]
    benunits: Sequence[Row]
    units: Sequence[Family]
    homes: Sequence[tuple[Row, tuple[int, ...]]]
    year: int

    def home_of(self, unit: int) -> Row:
        return next((row for row, units in self.homes if unit in units), {})

    @property
    def adults(self) -> frozenset[int]:
        return frozenset(number for unit in self.units for number in unit.adults)


def presumed(
    world: Any, units: Sequence[Family], year: int
) -> tuple[list[Facts], list[Facts], list[Facts]]:
    """Return facts of ours for each person, family and household of a case."""
    homes = [(_home(row, world), _units_in(row, world, units)) for row in world.households]
    benunits = [dict(row) for row in world.benunits]
    if len(benunits) == 1:
        benunits[0] = {**world.people[0], **benunits[0]}
    cast = Cast(world.people, benunits, units, homes, year)
    persons: list[Facts] = [_person(cast, number) for number in range(len(cast.people))]
    families: list[Facts] = [_family(cast, number) for number in range(len(units))]
    households: list[Facts] = [{} for _ in homes]
    for number in range(len(units)):
        _carers_benefits(cast, number, persons)
    for number in range(len(cast.people) - getattr(world, "added", 0), len(cast.people)):
        persons[number]["is_resident_for_benefits"] = False  # takes no part in the case
    for home, members in homes:
        _capital(cast, home, members, persons)
        _rent(cast, home, members, families)
        _carers(cast, members, persons)
    return persons, families, households


def _home(row: Row, world: Any) -> Row:
    """A household; of somebody alone, all that is given is in one row."""
    return {**world.people[0], **row} if len(world.households) == 1 else row


def _units_in(row: Row, world: Any, units: Sequence[Family]) -> tuple[int, ...]:
    keys = world.keys["people"]
    named = row.get("members") or keys
    inside = {keys.index(str(each)) for each in ([named] if isinstance(named, str) else named)}
    return tuple(
        number for number, unit in enumerate(units) if inside & {*unit.adults, *unit.others}
    )


def _number(row: Row, *names: str) -> Decimal:
    return sum((Decimal(row.get(name) or 0) for name in names), NOTHING)


def _person(cast: Cast, number: int) -> Facts:
    row = cast.people[number]
    facts: Facts = {}
    adult = number in cast.adults
    if row.get("is_disabled_for_benefits"):
        if not adult:
            facts["receives_dla_or_pip"] = True
        own = row.get("has_own_esa_award") or _has_own_esa(cast, number)
        if row.get("esa_includes_support_component") is False and own:
            facts["has_limited_capability_for_work_only"] = True
        else:
            facts["has_limited_capability_for_work_related_activity"] = True
            facts["has_limited_capability_for_work_only"] = True
    if _has_own_esa(cast, number):
        facts["has_support_component"] = True
    if _number(row, "sda_reported") > 0:
        weekly = SEVERE_DISABLEMENT.get(cast.year, "0")
        facts["severe_disablement_allowance"] = Decimal(weekly) * 52
    age = Decimal(str(row.get("age", 40)))
    if not adult and 16 <= age < 18:
        facts["in_non_advanced_education"] = True
    if age >= 19:
        facts["age_when_education_began"] = 19
    if "state_pension_age" in row:
        facts["state_pension_date"] = _on_birthday(row, cast.year, row["state_pension_age"])
    facts["receives_pension_credit"] = _number(row, "pension_credit_reported") > 0
    if "pension_credit" in row:
        facts["receives_pension_credit"] = _number(row, "pension_credit") > 0
    if _number(row, "housing_benefit_reported") > 0:
        couple = next((each.adults for each in cast.units if number in each.adults), ())
        working_age = any(
            _number(cast.people[each], "esa_income_reported", "jsa_income_reported") > 0
            for each in couple
        )
        facts["receives_pension_age_housing_benefit"] = not working_age
    return facts


def _has_own_esa(cast: Cast, number: int) -> bool:
    """Whether an Employment and Support Allowance is this person's; a family's is its head's."""
    row = cast.people[number]
    if _number(row, "esa_contrib_reported", "esa_contrib", "esa_income_reported") > 0:
        return True
    return any(
        unit.adults and unit.adults[0] == number and _number(benunit, "esa_income") > 0
        for unit, benunit in zip(cast.units, cast.benunits, strict=True)
    )


def _on_birthday(row: Row, year: int, age: Any) -> Any:
    from townhall.packs.uk.verification.policyengine_families import date_of_birth
    from townhall.rules.engine import calendar

    return calendar.add_months(date_of_birth(row, year), int(Decimal(age) * 12))


def _carers_benefits(cast: Cast, number: int, persons: list[Facts]) -> None:
    """Give a carer's benefit to who is due one; of partners who care for one person to one."""
    unit = cast.units[number]
    members = (*unit.adults, *unit.others)
    home = cast.home_of(number)
    # Carer Support Payment took the place of Carer's Allowance in Scotland.
    scottish = cast.year >= 2025 and "SCOTLAND" in (home.get("country"), home.get("region"))
    due = {each: _carers_benefit(cast.people[each], cast.year, scottish) for each in members}
    both = [each for each in unit.adults if due[each].get("is_entitled_to_carer_benefit")]
    if len(both) > 1 and _care_for_same(cast, number):
        first = min(
            both,
            key=lambda each: (
                _number(cast.people[each], "carers_allowance_reported") <= 0,
                each != unit.adults[0],
            ),
        )
        for each in both:
            if each != first:
                due[each] = {}
    for each, facts in due.items():
        persons[each] |= facts


def _carers_benefit(row: Row, year: int, scottish: bool) -> Facts:
    """A carer's benefit that is reported, given, or due for the hours of care and claimed."""
    weekly, limit = (Decimal(each) for each in CARERS.get(year, ("0", "0")))
    if "carers_allowance" in row:
        given = _number(row, "carers_allowance")
        return {"carers_allowance": given, "receives_carer_benefit": given > 0}
    if "carer_support_payment" in row:
        return {}
    reported = _number(row, "carers_allowance_reported") > 0
    hours = Decimal(row.get("care_hours") or 0) >= 35
    claims = row.get("would_claim_carers_allowance") is not False
    earned = _number(row, "employment_income", "self_employment_income") / 52
    learns = row.get("is_in_non_advanced_education") or row.get("current_education") in (
        "UPPER_SECONDARY",
        "POST_SECONDARY",
    )
    due = reported or (hours and claims and earned <= limit and not learns)
    if not due or row.get("is_entitled_to_carer_benefit") is False:
        return {}
    paid = max(weekly * 52 - _number(row, *OVERLAPPING), NOTHING)
    if "carers_allowance_pre_overlap" in row:
        return {}
    return {
        "carer_support_payment" if scottish else "carers_allowance": paid,
        "receives_carer_benefit": paid > 0,
        "is_entitled_to_carer_benefit": True,
    }


def _family(cast: Cast, number: int) -> Facts:
    row = cast.benunits[number]
    members = [cast.people[each] for each in cast.units[number].adults]
    names = ("child_tax_credit_reported", "working_tax_credit_reported")
    facts: Facts = {"receives_tax_credits": any(_number(each, *names) > 0 for each in members)}
    working = any(_number(each, "working_tax_credit_reported") > 0 for each in members)
    facts["receives_working_tax_credit"] = working
    support = ("income_support_reported", "jsa_income_reported")
    facts["receives_income_support"] = any(_number(each, *support) > 0 for each in members)
    facts["claims_when_older_benefits_end"] = (
        row.get("would_claim_uc_at_legacy_closure") is not False
    )
    esa = any(_number(each, "esa_income_reported") > 0 for each in members)
    facts["receives_income_related_employment_support_allowance"] = esa
    facts["partners_care_for_same_person"] = _care_for_same(cast, number)
    facts["claims_universal_credit"] = row.get("would_claim_uc") is not False
    facts["claims_pension_credit"] = row.get("would_claim_pc") is not False
    facts["claims_marriage_allowance"] = not any(
        each.get("would_claim_marriage_allowance") is False for each in members
    )
    share = Decimal(row.get("uc_latent_deduction_rate") or 0)
    advance = row.get("uc_deduction_combination") == "ADVANCE_ONLY"
    if not (advance and "uc_advance_repayment_amount" in row):
        facts["other_deductions_percent"] = share * 100
    return facts


def _care_for_same(cast: Cast, number: int) -> bool:
    """Partners who care are taken to care for one person, unless each has an award."""
    given = cast.benunits[number].get("partners_care_for_same_severely_disabled_person")
    if given is not None:
        return bool(given)
    members = [cast.people[each] for each in cast.units[number].adults]
    reports = [_number(each, "carers_allowance_reported") > 0 for each in members]
    return not (len(members) > 1 and all(reports))


def _capital(cast: Cast, home: Row, members: tuple[int, ...], persons: list[Facts]) -> None:
    """Share what a household has among the families that report nothing, by their adults."""
    units = {number: cast.units[number].adults for number in members}
    corporate = _number(home, "corporate_wealth")
    holdings = {
        person: min(_number(cast.people[person], "owned_company_holding_value"), corporate)
        for number in members
        for person in (*cast.units[number].adults, *cast.units[number].others)
    }
    pool = _number(home, "savings", "cash_isa", "owned_land") + corporate
    fixed: dict[int, Decimal] = {}
    for number, adults in units.items():
        row = cast.benunits[number]
        own = sum((holdings[person] for person in adults), NOTHING)
        pool -= sum((holdings[each] for each in cast.units[number].others), NOTHING)
        reported = _reported(row)
        if reported is None:
            pool -= own
        else:
            fixed[number] = reported
            pool -= max(reported, own) if "pension_credit_reported_capital" not in row else NOTHING
    # Where pensioners live with younger families, what the household has is taken for theirs.
    old = {number for number, adults in units.items() if _is_old(cast, adults)}
    open_ = {number for number in units if number not in fixed}
    sharing = (open_ & old) or open_
    shares = sum(len(units[number]) for number in sharing)
    owners = sum(len(adults) for adults in units.values())
    pool = max(pool, NOTHING)
    property_ = _number(home, "other_residential_property_value", "non_residential_property_value")
    if any("pension_credit_reported_capital" in cast.benunits[number] for number in members):
        shares = owners
    for number, adults in units.items():
        first = adults[0]
        if number in fixed:
            persons[first]["savings"] = fixed[number]
            for person in adults:  # covered by what is reported
                persons[person]["lifetime_isa_surrender_value"] = NOTHING
        else:
            own = sum((holdings[person] for person in adults), NOTHING)
            part = pool * len(adults) / shares if number in sharing else NOTHING
            persons[first]["savings"] = part + own
        for person in adults:
            given = _number(cast.people[person], "owned_company_holding_value")
            whole = _whole(cast.benunits[number])
            persons[person]["company_holding_value"] = given if whole else holdings[person]
        if not _whole(cast.benunits[number]) and property_:
            persons[first]["other_property_value"] = property_ * len(adults) / owners
        _hold_together(cast, adults, persons)


def _is_old(cast: Cast, adults: tuple[int, ...]) -> bool:
    return any(Decimal(str(cast.people[each].get("age", 40))) >= 66 for each in adults)


def _hold_together(cast: Cast, adults: tuple[int, ...], persons: list[Facts]) -> None:
    """Each owner holds the own company; the rest of the family's savings is the first one's."""
    first = adults[0]
    for person in adults[1:]:
        own = persons[person]["company_holding_value"]
        persons[person]["savings"] = own
        persons[first]["savings"] = max(persons[first]["savings"] - own, NOTHING)


def _reported(row: Row) -> Decimal | None:
    for name in (
        "uc_reported_capital",
        "pension_credit_reported_capital",
        "benunit_reported_capital",
    ):
        if name in row and Decimal(row[name]) >= 0:
            return Decimal(row[name])
    return None


def _whole(row: Row) -> bool:
    """Whether all capital of a family is reported, property and all."""
    return any(
        name in row and Decimal(row[name]) >= 0
        for name in ("uc_reported_capital", "pension_credit_reported_capital")
    )


def _rent(cast: Cast, home: Row, members: tuple[int, ...], families: list[Facts]) -> None:
    """The family of the household's head, or of the eldest, keeps the home; sharers pay too."""
    keeper = _keeper(cast, members)
    sharers = {
        number
        for number in members
        if any(
            row.get("liable_for_share_of_household_rent") is True
            for row in (
                cast.benunits[number],
                *(cast.people[each] for each in cast.units[number].adults),
            )
        )
    }
    payers = len(sharers | {keeper})
    alone = len(members) == 1 and "benunit_is_rent_liable" in cast.benunits[keeper]
    for number in members:
        row = cast.benunits[number]
        keeps = number == keeper and not alone
        families[number]["keeps_the_home"] = keeps
        pays = keeps or number in sharers
        if "benunit_rent" in row:
            pays = pays and _number(row, "benunit_rent") > 0
        liable = bool(row.get("benunit_is_rent_liable", pays))
        families[number]["is_liable_for_rent"] = liable
        given = "benunit_rent" in row
        rent = _number(row, "benunit_rent") if given else _number(home, "rent") / payers
        families[number]["rent"] = rent / 12 if pays or given else NOTHING
        # What the allowance of an area is stands in no case: the rent is taken to be within it.
        families[number]["local_housing_allowance"] = families[number]["rent"]


def _keeper(cast: Cast, members: tuple[int, ...]) -> int:
    """The family of the eldest of those who are named head, else of the eldest adult."""
    adults = [(number, person) for number in members for person in cast.units[number].adults]
    heads = [pair for pair in adults if cast.people[pair[1]].get("is_household_head") is True]
    among = heads or adults
    ages = [Decimal(str(cast.people[person].get("age", 40))) for _, person in among]
    return among[ages.index(max(ages))][0] if among else -1


def _carers(cast: Cast, members: tuple[int, ...], persons: list[Facts]) -> None:
    """Whom each carer on a benefit looks after: the own family first, else the eldest in need."""
    inside = [
        (number, person)
        for number in members
        for person in (*cast.units[number].adults, *cast.units[number].others)
    ]
    needy = [(unit, person) for unit, person in inside if _needs_care(cast.people[person])]
    needy.sort(key=lambda pair: -Decimal(str(cast.people[pair[1]].get("age", 40))))
    carers = [
        (unit, person) for unit, person in inside if persons[person].get("receives_carer_benefit")
    ]
    cared: set[int] = set()
    for own in (True, False):
        for unit, carer in list(carers):
            found = [
                person
                for other, person in needy
                if person != carer and person not in cared and (other == unit) is own
            ]
            if found:
                cared.add(found[0])
                carers.remove((unit, carer))
    for person in cared:
        persons[person]["is_cared_for_by_carer_on_benefit"] = True


def _needs_care(row: Row) -> bool:
    if any(row.get(name) for name in (*CARE_BENEFITS, "armed_forces_independence_payment")):
        return True
    return (
        row.get("aa_category", "NONE") != "NONE"
        or row.get("pip_dl_category", "NONE") != "NONE"
        or row.get("dla_sc_category", "NONE") in ("MIDDLE", "HIGHER")
    )

"""What people earn and receive in a tax year, before tax: the facts that every programme shares.

Each is a fact of a person in pounds a year. What the law makes of them (which part counts, what
is relieved) is in the modules of the programmes.
"""

from townhall.rules.engine.law import GBP, PERSON, YEAR, Book

book = Book("incomes")


def _income(
    name: str,
    en: str,
    cy: str,
    ask_en: str = "",
    ask_cy: str = "",
    *,
    cost: int = 2,
    low: int | None = 0,
    rarely: bool = False,
) -> None:
    ask = {"ask": {"en": ask_en, "cy": ask_cy}} if ask_en else {}
    book.fact(
        name,
        PERSON,
        GBP / YEAR,
        title={"en": en, "cy": cy},
        usual=0,
        low=low,
        cost=cost,
        rarely=rarely,
        **ask,
    )


_income(
    "employment_income",
    "Pay from jobs before tax",
    "Cyflog o swyddi cyn treth",
    "What do you earn from your jobs in a year, before tax?",
    "Faint ydych chi'n ei ennill o'ch swyddi mewn blwyddyn, cyn treth?",
)
_income(
    "self_employment_income",
    "Profit from self-employment",
    "Elw o hunangyflogaeth",
    "What profit does your self-employment make in a year?",
    "Pa elw mae eich hunangyflogaeth yn ei wneud mewn blwyddyn?",
    cost=3,
    low=None,  # a loss is below zero
)
_income(
    "private_pension_income",
    "Pensions other than the State Pension",
    "Pensiynau heblaw Pensiwn y Wladwriaeth",
    "What do you get in a year from workplace and private pensions, before tax?",
    "Faint gewch chi mewn blwyddyn o bensiynau gwaith a phreifat, cyn treth?",
)
_income(
    "state_pension",
    "State Pension",
    "Pensiwn y Wladwriaeth",
    "What State Pension do you get in a year?",
    "Faint o Bensiwn y Wladwriaeth gewch chi mewn blwyddyn?",
)
_income(
    "savings_interest",
    "Interest from savings outside ISAs",
    "Llog o gynilion y tu allan i ISAs",
    "What interest do you get in a year from savings outside ISAs?",
    "Pa log gewch chi mewn blwyddyn o gynilion y tu allan i ISAs?",
)
_income(
    "tax_free_savings_interest",
    "Interest from ISAs and other savings that are free of tax",
    "Llog o ISAs a chynilion eraill sy'n rhydd o dreth",
    "What interest do you get in a year from ISAs?",
    "Pa log gewch chi mewn blwyddyn o ISAs?",
)
_income(
    "dividend_income",
    "Dividends",
    "Difidendau",
    "What dividends do you get in a year outside ISAs?",
    "Pa ddifidendau gewch chi mewn blwyddyn y tu allan i ISAs?",
)
_income(
    "property_income",
    "Profit from letting property",
    "Elw o osod eiddo",
    "What profit does letting property make you in a year?",
    "Pa elw mae gosod eiddo yn ei wneud i chi mewn blwyddyn?",
    cost=3,
    low=None,  # a loss is below zero
)
_income(
    "miscellaneous_income",
    "Other taxable income",
    "Incwm trethadwy arall",
    "What other taxable income do you get in a year?",
    "Pa incwm trethadwy arall gewch chi mewn blwyddyn?",
    cost=3,
    low=None,  # a loss is below zero
    rarely=True,
)

# Statutory payments by an employer.
_income(
    "statutory_sick_pay_received",
    "Statutory Sick Pay received",
    "Tâl Salwch Statudol a gafwyd",
)
_income(
    "statutory_maternity_pay_received",
    "Statutory Maternity Pay received",
    "Tâl Mamolaeth Statudol a gafwyd",
)
_income(
    "statutory_paternity_pay_received",
    "Statutory Paternity Pay received",
    "Tâl Tadolaeth Statudol a gafwyd",
)

# Benefits that stand for earnings. Most are taxable (ITEPA 2003 s.660), see taxable_benefits.
_income(
    "carers_allowance",
    "Carer's Allowance received",
    "Lwfans Gofalwr a gafwyd",
    "What Carer's Allowance do you get in a year?",
    "Faint o Lwfans Gofalwr gewch chi mewn blwyddyn?",
)
_income(
    "contribution_based_jobseekers_allowance",
    "New Style Jobseeker's Allowance received",
    "Lwfans Ceisio Gwaith Dull Newydd a gafwyd",
    "What New Style Jobseeker's Allowance do you get in a year?",
    "Faint o Lwfans Ceisio Gwaith Dull Newydd gewch chi mewn blwyddyn?",
)
_income(
    "contribution_based_employment_support_allowance",
    "New Style Employment and Support Allowance received",
    "Lwfans Cyflogaeth a Chymorth Dull Newydd a gafwyd",
    "What New Style Employment and Support Allowance do you get in a year?",
    "Faint o Lwfans Cyflogaeth a Chymorth Dull Newydd gewch chi mewn blwyddyn?",
)
_income(
    "incapacity_benefit",
    "Incapacity Benefit received",
    "Budd-dal Analluogrwydd a gafwyd",
)
_income(
    "severe_disablement_allowance",
    "Severe Disablement Allowance received",
    "Lwfans Anabledd Difrifol a gafwyd",
)
_income(
    "maternity_allowance",
    "Maternity Allowance received",
    "Lwfans Mamolaeth a gafwyd",
    "What Maternity Allowance do you get in a year?",
    "Faint o Lwfans Mamolaeth gewch chi mewn blwyddyn?",
)
_income(
    "widowed_parents_allowance",
    "Widowed Parent's Allowance or widow's pension received",
    "Lwfans Rhiant Gweddw neu bensiwn gweddw a gafwyd",
)
_income(
    "industrial_injuries_benefit",
    "Industrial Injuries Disablement Benefit received",
    "Budd-dal Anabledd Anafiadau Diwydiannol a gafwyd",
)
_income(
    "maintenance_received",
    "Maintenance from a former husband, wife or civil partner",
    "Cynhaliaeth gan gyn-ŵr, cyn-wraig neu gyn-bartner sifil",
    "What maintenance for yourself do you get in a year?",
    "Faint o gynhaliaeth i chi eich hun gewch chi mewn blwyddyn?",
)

# What people give and pay in.
_income(
    "gift_aid",
    "Gifts to charity under Gift Aid, as paid",
    "Rhoddion i elusen dan Rhodd Cymorth, fel y'u talwyd",
    "What do you give to charities under Gift Aid in a year?",
    "Faint ydych chi'n ei roi i elusennau dan Rhodd Cymorth mewn blwyddyn?",
    rarely=True,
)

_income(
    "employee_pension_contributions",
    "Pension contributions taken from pay before tax",
    "Cyfraniadau pensiwn a dynnir o gyflog cyn treth",
    "What pension contributions are taken from your pay in a year?",
    "Pa gyfraniadau pensiwn a dynnir o'ch cyflog mewn blwyddyn?",
)
_income(
    "personal_pension_contributions",
    "Pension contributions paid by yourself, with the tax relief added",
    "Cyfraniadau pensiwn a dalwch eich hun, gyda'r rhyddhad treth wedi'i ychwanegu",
    "What do you pay into a personal pension in a year, with the tax relief added?",
    "Faint ydych chi'n ei dalu i bensiwn personol mewn blwyddyn, gyda'r rhyddhad treth?",
    cost=3,
)
_income(
    "employer_pension_contributions",
    "Pension contributions paid by the employer",
    "Cyfraniadau pensiwn a delir gan y cyflogwr",
)
_income(
    "pension_contributions_by_salary_sacrifice",
    "Pay given up for pension contributions (salary sacrifice)",
    "Cyflog a ildiwyd am gyfraniadau pensiwn (aberthu cyflog)",
)

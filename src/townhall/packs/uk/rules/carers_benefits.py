"""Carer's Allowance and Carer Support Payment, as far as other benefits count them.

SSCBA 1992 s.70, Sch. 4 Part III; Carer's Assistance (Carer Support Payment) (Scotland) Regulations
2023 (SSI 2023/302). What Scotland pays more than Carer's Allowance does not count.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import GBP, PERSON, YEAR, Book, at_most, rate

book = Book("carers_benefits")

book.fact(
    "carer_support_payment",
    PERSON,
    GBP / YEAR,
    title=both(
        "Carer Support Payment received, where it is told apart from Carer's Allowance",
        "Taliad Cymorth Gofalwyr a gafwyd, lle gwahaniaethir ef oddi wrth Lwfans Gofalwr",
    ),
    usual=0,
    low=0,
    cost=3,
)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Carer Support Payment that counts", "Taliad Cymorth Gofalwyr sy'n cyfrif"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 66(1)(b)(iiia); State Pension "
    "Credit Regulations 2002 (SI 2002/1792) reg. 15",
    because=both(
        "{carer_support_payment}, at most a year of Carer's Allowance at {carers_allowance.weekly}",
        "{carer_support_payment}, blwyddyn o Lwfans Gofalwr ar {carers_allowance.weekly} ar y "
        "mwyaf",
    ),
    otherwise=both("None is paid", "Ni thelir dim"),
)
def carer_support_payment_counted(carer_support_payment):
    return at_most(carer_support_payment, rate("carers_allowance.weekly").per(YEAR))

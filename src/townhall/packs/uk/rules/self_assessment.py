"""Self Assessment: what a person owes for a tax year after what was deducted at source.

Source: Taxes Management Act 1970 ss.8, 9, 59A, 59B; Income Tax (Payments on Account) Regulations
1996 (SI 1996/1654). Rates and dates of a tax year are those of any day in it.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    DATE,
    GBP,
    PERSON,
    YEAR,
    YES_NO,
    Book,
    at_least,
    rate,
    round_down,
    round_half_up,
    when,
)

book = Book("self_assessment")

book.fact(
    "tax_deducted_at_source",
    PERSON,
    GBP / YEAR,
    title=both(
        "Tax taken from pay and pensions already", "Treth a dynnwyd eisoes o gyflog a phensiynau"
    ),
    usual=0,
    low=0,
)


@book.rule(
    PERSON,
    DATE,
    title=both(
        "Last day for the return and the payment", "Diwrnod olaf y ffurflen dreth a'r taliad"
    ),
    cite="Taxes Management Act 1970 ss.8(1D)(b), 59B(4)",
    because=both(
        "{self_assessment.due_date}: 31 January after the end of the tax year",
        "{self_assessment.due_date}: 31 Ionawr ar ôl diwedd y flwyddyn dreth",
    ),
)
def return_due_on():
    return rate("self_assessment.due_date")


@book.rule(
    PERSON,
    GBP,
    title=both("Tax and National Insurance for the year", "Treth ac Yswiriant Gwladol y flwyddyn"),
    cite="Taxes Management Act 1970 s.9(1); SSCBA 1992 ss.11(5), 16",
    because=both(
        "Income tax {income_tax} and National Insurance {national_insurance_of_self_employed}",
        "Treth incwm {income_tax} ac Yswiriant Gwladol {national_insurance_of_self_employed}",
    ),
    otherwise=both("Nothing is charged", "Ni chodir dim"),
)
def self_assessment_liability(income_tax, national_insurance_of_self_employed):
    # Each to the penny as it is shown, so that what people add up themselves comes out the same.
    tax = round_half_up(income_tax, "0.01")
    due = tax + round_half_up(national_insurance_of_self_employed, "0.01")
    return due.as_unit(GBP)  # a sum that is owed once, for the year


@book.rule(
    PERSON,
    GBP,
    title=both("Tax to pay", "Treth i'w thalu"),
    cite="Taxes Management Act 1970 s.59B(1)",
    because=both(
        "{self_assessment_liability} less {tax_deducted_at_source} deducted already",
        "{self_assessment_liability} llai {tax_deducted_at_source} a ddidynnwyd eisoes",
    ),
    otherwise=both(
        "At least as much was deducted already as is due: {tax_deducted_at_source}",
        "Didynnwyd eisoes o leiaf gymaint ag sy'n ddyledus: {tax_deducted_at_source}",
    ),
)
def self_assessment_to_pay(self_assessment_liability, tax_deducted_at_source):
    return at_least(self_assessment_liability - tax_deducted_at_source.as_unit(GBP), 0)


@book.rule(
    PERSON,
    GBP,
    title=both("Tax repaid to you", "Treth a ad-delir i chi"),
    cite="Taxes Management Act 1970 s.59B(1)",
    because=both(
        "{tax_deducted_at_source} was deducted, {self_assessment_liability} is due",
        "Didynnwyd {tax_deducted_at_source}, mae {self_assessment_liability} yn ddyledus",
    ),
    otherwise=both("No more was deducted than is due", "Ni ddidynnwyd mwy nag sy'n ddyledus"),
)
def self_assessment_repayment(self_assessment_liability, tax_deducted_at_source):
    return at_least(tax_deducted_at_source.as_unit(GBP) - self_assessment_liability, 0)


@book.rule(
    PERSON,
    GBP,
    title=both(
        "Tax that payments on account are measured by", "Treth y mesurir taliadau ar gyfrif wrthi"
    ),
    cite="Taxes Management Act 1970 s.59A(1)(b)",
    because=both(
        "{self_assessment_to_pay}, without Class 2 National Insurance {class_2}",
        "{self_assessment_to_pay}, heb Yswiriant Gwladol Dosbarth 2 {class_2}",
    ),
)
def relevant_amount_for_account(self_assessment_to_pay, class_2):
    return at_least(self_assessment_to_pay - class_2.as_unit(GBP), 0)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Pays on account for the next year", "Yn talu ar gyfrif am y flwyddyn nesaf"),
    cite="Taxes Management Act 1970 s.59A(1)(c)-(d); SI 1996/1654 regs. 3, 4",
    because=both(
        "{relevant_amount_for_account} is at least {self_assessment.account_least}, and less than "
        "{self_assessment.account_share} of the tax was deducted",
        "Mae {relevant_amount_for_account} o leiaf {self_assessment.account_least}, a didynnwyd "
        "llai na {self_assessment.account_share} o'r dreth",
    ),
    otherwise=both(
        "{relevant_amount_for_account} is less than {self_assessment.account_least}, or more than "
        "{self_assessment.account_share} of the tax was deducted",
        "Mae {relevant_amount_for_account} yn llai na {self_assessment.account_least}, neu "
        "didynnwyd mwy na {self_assessment.account_share} o'r dreth",
    ),
)
def pays_on_account(relevant_amount_for_account, tax_deducted_at_source):
    deducted = tax_deducted_at_source.as_unit(GBP)
    assessed = relevant_amount_for_account + deducted
    most = assessed * rate("self_assessment.account_share")
    enough = relevant_amount_for_account >= rate("self_assessment.account_least")
    return enough & (deducted <= most)


@book.rule(
    PERSON,
    GBP,
    title=both("Each payment on account", "Pob taliad ar gyfrif"),
    cite="Taxes Management Act 1970 s.59A(2)",
    because=both(
        "Half of {relevant_amount_for_account}: once by {self_assessment.due_date}, once by "
        "{self_assessment.second_account_day}, towards the next tax year",
        "Hanner {relevant_amount_for_account}: unwaith erbyn {self_assessment.due_date}, unwaith "
        "erbyn {self_assessment.second_account_day}, tuag at y flwyddyn dreth nesaf",
    ),
    otherwise=both("No payments on account are due", "Nid oes taliadau ar gyfrif yn ddyledus"),
)
def payment_on_account(pays_on_account, relevant_amount_for_account):
    # The two dates are told in the reason; naming them here makes them rates of this rule.
    rate("self_assessment.due_date")
    rate("self_assessment.second_account_day")
    return when(pays_on_account, round_down(relevant_amount_for_account / 2, "0.01"), 0)

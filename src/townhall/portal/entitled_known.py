"""What registers said on the pages of *What can I get?*: with its source, and correctable.

A fact of a register is shown beside the questions and is no field of the form. Who says that it
is different today answers the question instead, for this calculation only: the register stays
as it is, and its fact can be taken again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from babel.lists import format_list

from townhall.catalogue import operations as catalogue
from townhall.foundation.text import current_language, formats, gettext, ngettext
from townhall.portal import entitled, words
from townhall.portal.entitled import BASE
from townhall.rules import questionnaire
from townhall.rules.answers import BIRTH, Answers, Registered, key_of, split
from townhall.rules.engine.law.book import Fact
from townhall.rules.entitlements import Assessment
from townhall.rules.questionnaire import Page
from townhall.rules.registered import Reading

Row = dict[str, Any]
CHANGE = "change"
"""Name of what an address and a form say about which facts are to be answered instead."""


def without_known(page: Page, answers: Answers, changing: Collection[str]) -> Page:
    """Return a page without the questions that registers answered.

    Parameters
    ----------
    changing : names of answers that the person wants to give instead.
    """
    asked = tuple(
        (fact, member)
        for fact, member in page.asked
        if (key := key_of(fact, member)) in changing or not answers.is_registered(key)
    )
    return replace(page, asked=asked)


def known_rows(assessment: Assessment, page: Page, changing: Collection[str]) -> list[Row]:
    """Return what registers said of the questions of a page, each with a way to change it."""
    answers = assessment.answers
    return [
        _row(assessment, fact, member, answers.registered[key])
        for fact, member in page.asked
        if (key := key_of(fact, member)) not in changing and answers.is_registered(key)
    ]


def corrected_rows(answers: Answers, page: Page) -> list[Row]:
    """Return what registers said of what the person answers instead, to take it again."""
    return [
        {
            "label": entitled.fact_words(answers, fact, member),
            "value": entitled.answer_words(fact, known.text),
            "source": source(known),
            "key": key,
        }
        for fact, member in page.asked
        if (known := answers.registered.get(key := key_of(fact, member)))
    ]


def _row(assessment: Assessment, fact: Fact, member: int, known: Registered) -> Row:
    return {
        "label": entitled.fact_words(assessment.answers, fact, member),
        "value": entitled.answer_words(fact, known.text),
        "source": source(known),
        "href": change(assessment, fact, member),
    }


def change(assessment: Assessment, fact: Fact, member: int) -> str:
    """Return the address at which a fact can be answered instead of its register."""
    key = questionnaire.page_of(assessment, fact, member)
    return f"{BASE}/{key}?{urlencode({CHANGE: key_of(fact, member)})}"


def source(known: Registered) -> str:
    """Return where a fact comes from, and when it was read."""
    register = words.named_register(catalogue.pack(), known.register)
    return words.provenance(register, datetime.fromisoformat(known.at))


def with_source(assessment: Assessment, row: Row) -> Row:
    """Return a row of the summary with where it comes from, if a register said it."""
    key = row.get("key", "")
    known = assessment.answers.registered.get(key)
    if known is None:
        return row
    if assessment.answers.is_registered(key):
        href = f"{row['href']}?{urlencode({CHANGE: key})}"
        return {**row, "note": source(known), "href": href}
    fact = assessment.law.book.facts[split(key)[2]]
    told = gettext("You changed it for this calculation. %(register)s says: %(value)s")
    register = _upper(names([known.register]))
    value = entitled.answer_words(fact, known.text)
    return {**row, "note": told % {"register": register, "value": value}}


# --- who is in the family


def children_row(reading: Reading) -> Row:
    """Return the children that a register named, with a way to say another number."""
    count = reading.count or 0
    born = [
        formats.date(datetime.fromisoformat(each[BIRTH].text).date())
        for each in reading.children or ()
        if BIRTH in each
    ]
    value = [ngettext("%(num)s child", "%(num)s children", count) % {"num": count}]
    value += [gettext("born on %(day)s") % {"day": day} for day in born]
    return {
        "label": gettext("Children who live with you"),
        "value": value if count else [gettext("None")],
        "source": source(Registered("", reading.children_from, reading.at)),
        "href": f"{BASE}/{questionnaire.FAMILY_PAGE}?{urlencode({CHANGE: 'children'})}",
    }


def family_note(reading: Reading | None, answers: Answers) -> str:
    """Return the source of the number of children, if it stands as a register gave it."""
    if reading is None or reading.count is None or reading.count != answers.children:
        return ""
    told = source(Registered("", reading.children_from, reading.at))
    return gettext("Children: %(source)s") % {"source": told}


# --- the registers


def notices(reading: Reading) -> list[Row]:
    """Return what to say about the registers that gave nothing."""
    titles = {
        "none": gettext("%(register)s has no entry about you"),
        "unavailable": gettext("%(register)s does not answer at the moment"),
        "refused": gettext("%(register)s may not tell us this"),
    }
    return [
        {
            "kind": "info" if outcome == "none" else "warning",
            "title": titles[outcome] % {"register": _upper(names([register]))},
            "text": gettext("So we ask you instead."),
        }
        for register, outcome in reading.silent.items()
    ]


def names(registers: Iterable[str]) -> str:
    """Return registers as they stand in a sentence: "the population register and the …"."""
    pack = catalogue.pack()
    every = [words.named_register(pack, each) for each in registers]
    return format_list(every, locale=current_language())


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]

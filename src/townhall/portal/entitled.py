"""What somebody can get, in words: programmes, reasons, questions, and the answers so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.foundation.text import current_language, formats, gettext, ngettext, pick
from townhall.portal import lawfields
from townhall.portal.explained import Telling, because_of, between
from townhall.rules import questionnaire
from townhall.rules.answers import BIRTH, SOME, UNKNOWN, Answers, key_of
from townhall.rules.engine.law import YES_NO
from townhall.rules.engine.law.answers.explaining import short
from townhall.rules.engine.law.answers.reasons import Reason
from townhall.rules.engine.law.book import Fact
from townhall.rules.engine.law.units import WEEK, YEAR
from townhall.rules.engine.law.wording import written
from townhall.rules.entitlements import Assessment, Award

BASE = "/what-can-i-get"
Row = dict[str, Any]
Boxes = Sequence[tuple[Fact, int]]
_ORDER = {"yes": 0, "up_to": 1, "open": 2, "no": 3}
_LOOKS = {
    "yes": ("success", "check"),
    "up_to": ("info", "help"),
    "open": ("warning", "help"),
    "no": ("neutral", "no"),
}
STEPS = 3
"""Steps of an explanation that are shown at once; the others have a page of their own."""
NAMED = 3
"""Most facts that are named of those on which a programme depends."""


def name_of(answers: Answers, member: int) -> str:
    """Return who a person is: you, your partner, or a child by its number."""
    if member < answers.adults:
        return gettext("Your partner") if member else gettext("You")
    number = member - answers.adults + 1
    born = answers.facts.get(f"person.{member}.{BIRTH}", UNKNOWN)
    if born == UNKNOWN:
        return gettext("Child %(number)s") % {"number": number}
    day = formats.date(date.fromisoformat(born))
    return gettext("Child %(number)s, born on %(day)s") % {"number": number, "day": day}


def whose(answers: Answers, fact: Fact, member: int) -> str:
    """Return whose a fact is where it is not the reader's own, else nothing."""
    if fact.entity.name != "person" or member == 0:
        return ""
    return name_of(answers, member)


# --- programmes


def brief(assessment: Assessment) -> list[Row]:
    """Return every programme that pays in a line, for beside the questions."""
    return [
        {**_head(assessment, award), "href": f"{BASE}/result"}
        for award in _sorted(assessment)
        if award.programme.gives
    ]


def awards(assessment: Assessment, *, gives: bool) -> list[Row]:
    """Return every programme with its reasons and the first steps of its explanation.

    What people pay is explained where they were asked what it takes.
    """
    return [
        {**_head(assessment, award), **_grounds(assessment, award, STEPS)}
        for award in _sorted(assessment)
        if award.programme.gives == gives and (gives or assessment.answers.duties)
    ]


def explained(assessment: Assessment, name: str, member: int) -> Row | None:
    """Return one programme with every step of its explanation; None if there is none such."""
    for award in assessment.awards:
        if award.programme.name == name and award.member == member:
            return {**_head(assessment, award), **_grounds(assessment, award, 0)}
    return None


def _sorted(assessment: Assessment) -> list[Award]:
    """Return every programme, what can be had first; "no" for both of a couple is told once."""
    refused = {
        award.programme.name for award in assessment.awards if not award.member and _is_no(award)
    }
    told = [
        award
        for award in assessment.awards
        if not (award.member and _is_no(award) and award.programme.name in refused)
    ]
    return sorted(told, key=lambda award: _ORDER[award.state])


def _is_no(award: Award) -> bool:
    return award.state == "no"


def _head(assessment: Assessment, award: Award) -> Row:
    kind, icon = _LOOKS[award.state]
    if not award.programme.gives and award.state == "yes":
        kind, icon = "neutral", "check"
    title = pick(award.programme.title)
    entity = assessment.law.variables[award.programme.goal].kind.entity
    both = award.state == "no" and all(
        _is_no(each) for each in assessment.awards if each.programme is award.programme
    )
    if entity.name == "person" and assessment.answers.couple and not both:
        title = f"{title} – {name_of(assessment.answers, award.member)}"
    amount = _amount(assessment, award)
    return {
        "id": f"{award.programme.name}-{award.member}".replace("_", "-"),
        "title": title,
        "tag": _tag(award, amount),
        "amount": amount,
        "weekly": _weekly(assessment, award),
        "kind": kind,
        "icon": icon,
        "state": award.state,
    }


def _tag(award: Award, amount: str) -> str:
    if award.state == "no":
        return gettext("No") if award.programme.gives else gettext("Nothing to pay")
    if award.state == "yes":
        return gettext("Yes") if award.programme.gives else gettext("To pay")
    if award.state == "up_to" and amount:
        return gettext("Perhaps")
    return gettext("It depends")


def _amount(assessment: Assessment, award: Award) -> str:
    unit = assessment.law.variables[award.programme.goal].kind.unit
    if unit == YES_NO or award.state in ("no", "open"):
        return ""
    return between((award.low, award.high, 0), unit)


def _weekly(assessment: Assessment, award: Award) -> str:
    """Return about how much an exact amount a year is a week."""
    unit = assessment.law.variables[award.programme.goal].kind.unit
    if not award.exact or not award.programme.gives or award.state != "yes" or unit.period != YEAR:
        return ""
    a_week = (award.low / Decimal(52)).quantize(Decimal("0.01"))
    words = written(a_week, type(unit)(unit.base, WEEK), current_language())
    return gettext("That is about %(amount)s.") % {"amount": words}


def _grounds(assessment: Assessment, award: Award, steps: int) -> Row:
    decision, language = assessment.decision, current_language()
    people = range(assessment.answers.adults + assessment.answers.children)
    names = [name_of(assessment.answers, each) for each in people]
    telling = Telling(decision, assessment.ranged, names)
    top, deciding = short(decision, award.programme.goal, award.member, language)
    return {
        "because": because_of(top),
        "cite": top.cite,
        "reasons": [_reason(telling, each) for each in deciding if each.raw is not None],
        "depends": _depends(assessment, award),
        "lacks_law": award.lacks_law,
        "tree": telling.tree(top, steps),
        "why": f"{BASE}/why/{award.programme.name}/{award.member}",
        "rule": f"/rules/{award.programme.goal}",
        "service": award.programme.service,
        "about": pick(award.programme.about) if award.programme.about else "",
    }


def _reason(telling: Telling, reason: Reason) -> Row:
    return {
        "title": telling.title(reason),
        "value": telling.value(reason),
        "cite": reason.cite,
    }


def _depends(assessment: Assessment, award: Award) -> list[Row]:
    """Return the first facts on which a programme hangs, with where each is asked."""
    found: list[Row] = []
    for name, member in award.depends:
        fact = assessment.law.book.facts.get(name)
        if fact is None:
            continue
        key = questionnaire.page_of(assessment, fact, member)
        found.append({"title": fact_words(assessment.answers, fact, member), "href": key})
        if len(found) == NAMED:
            break
    return found


def fact_words(answers: Answers, fact: Fact, member: int) -> str:
    """Return a fact in words, with whose it is."""
    person = whose(answers, fact, member)
    return f"{person}: {pick(fact.title)}" if person else pick(fact.title)


# --- answers


def summary(assessment: Assessment) -> list[Row]:
    """Return every answer, with the page on which it can be changed."""
    answers = assessment.answers
    rows: list[Row] = [
        {
            "label": gettext("Who lives with you"),
            "value": family_words(answers),
            "href": f"{BASE}/{questionnaire.FAMILY_PAGE}",
        }
    ]
    pages = questionnaire.pages(assessment)
    for key in questionnaire.answered_pages(assessment):
        page = pages[key]
        for role, boxes in page.boxes.items():
            said = tuple(each for each in boxes if _is_said(answers, *each))
            if said:
                rows.append(_ticked(assessment, page, role, said))
        rows.extend(
            {
                "label": fact_words(answers, fact, member),
                "value": answer_words(fact, answers.facts[key_of(fact, member)]),
                "href": f"{BASE}/{key}",
                "key": key_of(fact, member),
            }
            for fact, member in page.questions
            if key_of(fact, member) in answers.facts
        )
    return rows


def _is_said(answers: Answers, fact: Fact, member: int) -> bool:
    """Whether the person ticked a box or left it, and no register answered."""
    key = key_of(fact, member)
    return key in answers.facts and not answers.is_registered(key)


def family_words(answers: Answers) -> str:
    """Return who is in the family."""
    children = ngettext("%(num)s child", "%(num)s children", answers.children) % {
        "num": answers.children
    }
    if answers.couple:
        if not answers.children:
            return gettext("You and your partner")
        return gettext("You, your partner and %(children)s") % {"children": children}
    if not answers.children:
        return gettext("You alone")
    return gettext("You and %(children)s") % {"children": children}


def answer_words(fact: Fact, text: str) -> str:
    """Return one answer in words."""
    if text == UNKNOWN:
        return gettext("I do not know")
    if text == SOME:
        return gettext("Amount not given yet")
    return lawfields.shown(fact, text)


def _ticked(
    assessment: Assessment,
    page: questionnaire.Page,
    role: str,
    boxes: Boxes,
) -> Row:
    facts = assessment.answers.facts
    said = [(pick(fact.title), fact, facts.get(key_of(fact, member), "")) for fact, member in boxes]
    some = [words for words, fact, text in said if questionnaire.is_ticked(fact, text)]
    unknown = any(text == UNKNOWN for _, _, text in said)
    if unknown:
        some.append(gettext("The others: I do not know") if some else gettext("I do not know"))
    return {
        "label": ticks_heading(assessment.answers, role, boxes),
        "value": some or gettext("None of these"),
        "href": f"{BASE}/{page.key}",
    }


def assumed(assessment: Assessment) -> list[Row]:
    """Return what nobody was asked for, with the value that was taken as usual.

    What has a question of its own can be changed; the rest is taken by the calculation.
    """
    told: list[Row] = []
    law, language = assessment.law, current_language()
    for name, member in assessment.assumed:
        fact = law.book.facts[name]
        value = assessment.decision.values[name][member]
        if value is None:
            continue
        title = fact_words(assessment.answers, fact, member)
        key = questionnaire.page_of(assessment, fact, member)
        told.append(
            {
                "text": f"{title}: {written(value, fact.unit, language)}",
                "title": title,
                "href": f"{BASE}/{key}" if key else "",
            }
        )
    return sorted(told, key=lambda row: not row["href"])


# --- questions


def heading(answers: Answers, page: questionnaire.Page) -> str:
    """Return the heading of a page of several questions."""
    if page.details:
        money = all(fact.unit.is_money for fact, _ in page.asked)
        return gettext("How much is it, before tax?") if money else gettext("Say more about these")
    named = {
        questionnaire.YOU_PAGE: gettext("You and your partner") if answers.couple else "",
        questionnaire.CHILDREN_PAGE: gettext("When were your children born?"),
        questionnaire.HOME_PAGE: gettext("Your home"),
        questionnaire.UNUSUAL_PAGE: gettext("What we took as usual"),
    }
    if named.get(page.key):
        return named[page.key]
    boxes = page.boxes
    if boxes:
        return _ticks_page_heading(answers, boxes)
    names = {fact.name for fact, _ in page.asked}
    if len(names) == 1:
        return pick(page.asked[0][0].title)
    return gettext("About you") if page.key == questionnaire.YOU_PAGE else gettext("More about it")


def _ticks_page_heading(answers: Answers, boxes: Mapping[str, Boxes]) -> str:
    if len(boxes) == 1:
        return ticks_heading(answers, *next(iter(boxes.items())))
    if next(iter(boxes.values()))[0][0].unit.is_money:
        return gettext("Which of these do you and your partner have?")
    if not boxes.keys() - {role for role in boxes if role.startswith("child-")}:
        return gettext("Which of these are true for your children?")
    return gettext("Which of these are true?")


def ticks_heading(answers: Answers, role: str, boxes: Boxes) -> str:
    """Return the question above boxes to tick."""
    fact, member = boxes[0]
    if fact.unit.is_money:
        headings = {
            questionnaire.YOU: gettext("Which of these do you have?"),
            questionnaire.PARTNER: gettext("Which of these does your partner have?"),
        }
    else:
        headings = {
            questionnaire.YOU: gettext("Which of these are true for you?"),
            questionnaire.PARTNER: gettext("Which of these are true for your partner?"),
            questionnaire.FAMILY_ROLE: gettext("Which of these are true for your family?"),
            questionnaire.HOME: gettext("Which of these are true for your home?"),
        }
    return headings.get(role) or name_of(answers, member)


def progress(assessment: Assessment, current: str) -> Row:
    """Return how far somebody is: pages answered, and at most so many to come."""
    done = {key for key in questionnaire.answered_pages(assessment, own=True) if key != current}
    left = {key for key in questionnaire.likely_pages(assessment) if key != current} - done
    first = current == questionnaire.FAMILY_PAGE
    at = 1 if first else len(done) + 2
    told = ngettext(
        "Step %(at)s. About one more.",
        "Step %(at)s. Up to %(num)s more, often far fewer.",
        len(left),
    )
    words = told % {"at": at, "num": len(left)} if left else gettext("The last step for now.")
    return {"words": words, "done": at - 1, "left": len(left)}

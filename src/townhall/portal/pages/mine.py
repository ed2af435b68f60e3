"""My page: what waits for me, my cases, my drafts, my letters, and who looked at my data."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from townhall.awards import operations as awards
from townhall.cases import operations as cases
from townhall.catalogue import operations as catalogue
from townhall.exchange import days
from townhall.exchange import operations as exchange
from townhall.foundation.acting import Acting
from townhall.foundation.text import gettext, ngettext, pick
from townhall.portal import awards as shown
from townhall.portal import words
from townhall.portal.context import page
from townhall.portal.pages import proofs
from townhall.portal.pages.errors import answering, explain, sign_in

PER_PAGE = 30


@require_safe
@answering
def my_page(request: HttpRequest) -> HttpResponse:
    """Show a resident everything that is theirs."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None:
        return not_a_resident(request, acting)
    lines = cases.my_cases(acting)
    offers = awards.my_offers(acting)
    offered = {each.draft_id for each in offers}
    drafts = [words.draft_row(line) for line in cases.my_drafts(acting) if line.id not in offered]
    todo = [
        {
            "title": pick(line.title),
            "text": gettext("We asked you for something. Until you answer, nothing can go on."),
            "href": f"/cases/{line.id}",
            "action": gettext("See what is needed"),
        }
        for line in lines
        if line.waits_for_me
    ]
    return page(
        request,
        "portal/me.html",
        greeting=_greeting(acting.name),
        summary=_summary(len(todo), len(drafts), len(offers)),
        done=_done_words(request),
        todo=todo,
        offers=[shown.offer(each) for each in offers],
        awards=[shown.row(each) for each in awards.my_awards(acting)],
        cases=[words.case_row(line) for line in lines],
        drafts=drafts,
        letters=[words.letter_row(letter) for letter in cases.my_letters(acting)],
    )


@require_safe
@answering
def who_looked(request: HttpRequest) -> HttpResponse:
    """Show every look into registers and cases about a person, newest first."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None:
        return not_a_resident(request, acting)
    given = request.GET.get("after", "")
    after = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
    found = exchange.who_looked(acting, after=after, limit=PER_PAGE)
    sealed = days.sealed_days(acting)
    return page(
        request,
        "portal/looked.html",
        lines=[
            {**look(line), "proof": f"/me/looked/{line.number}" if _day_of(line) in sealed else ""}
            for line in found.lines
        ],
        next_href=f"?{urlencode({'after': found.after})}" if found.after is not None else "",
        first_href="/me/looked" if after is not None else "",
    )


@require_safe
@answering
def look_receipt(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out the receipt of one line about oneself: that it stands in its day, unchanged."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None:
        return not_a_resident(request, acting)
    return proofs.handed_out(
        request,
        lambda: days.line_receipt(acting, number=number),
        name=f"journal-line-{number}",
    )


def not_a_resident(request: HttpRequest, acting: Acting) -> HttpResponse:
    """Ask whoever is nobody to sign in, and tell an officer that this is no page of theirs."""
    if acting.actor == "anonymous":
        return sign_in(request)
    return explain(
        request,
        403,
        gettext("You are signed in as an officer"),
        [
            gettext("A working account has no page of its own and sees no private data."),
            gettext("Sign in with your private account to see your own cases."),
        ],
        links=[(gettext("To the worklist"), "/officer/"), (gettext("Go to the start page"), "/")],
    )


def _greeting(name: str) -> str:
    hour = timezone.localtime().hour
    first = next(iter(name.split()), "")
    if hour < 12:
        words_for = gettext("Good morning, %(name)s")
    elif hour < 18:
        words_for = gettext("Good afternoon, %(name)s")
    else:
        words_for = gettext("Good evening, %(name)s")
    return words_for % {"name": first} if first else gettext("My page")


def _summary(waiting: int, drafts: int, offers: int) -> str:
    if waiting:
        return ngettext("One case waits for you.", "%(num)s cases wait for you.", waiting) % {
            "num": waiting
        }
    if offers:
        return ngettext(
            "One claim is ready for you.", "%(num)s claims are ready for you.", offers
        ) % {"num": offers}
    if drafts:
        return ngettext(
            "You have one thing to finish.", "You have %(num)s things to finish.", drafts
        ) % {"num": drafts}
    return gettext("There is nothing you have to do.")


def _done_words(request: HttpRequest) -> str:
    return {
        "saved": gettext("Saved. You can go on whenever you like, on any device."),
        "declined": gettext("Put away. You can claim it whenever you like."),
        "discarded": gettext("The draft is deleted."),
        "withdrawn": gettext("Withdrawn. We do nothing more about it."),
    }.get(request.GET.get("done", ""), "")


def _day_of(line: exchange.JournalLine) -> date:
    return line.at.astimezone(UTC).date()


def look(line: exchange.JournalLine) -> dict[str, Any]:
    """Return one line of the journal in words."""
    pack = catalogue.pack()
    register, agency = pack.registers.get(line.register), pack.agencies.get(line.agency)
    who = pick(agency.title) if agency else gettext("Townhall")
    by_rule = line.actor in ("system",) or line.actor.startswith("person:")
    if register:
        facts = [
            pick(getattr(register.facts.get(kind), "title", None)) or kind for kind in line.kinds
        ]
        what = f"{pick(register.title)}: {', '.join(facts)}" if facts else pick(register.title)
    else:
        what = gettext("Your case")
    refused = line.outcome in ("refused", "denied")
    title = gettext("%(who)s looked at: %(what)s")
    if refused:
        title = gettext("%(who)s was refused: %(what)s")
    return {
        "title": title % {"who": who, "what": what},
        # Kept in the house's own words, read in the reader's.
        "why": gettext(line.purpose) + (f" ({gettext(line.reason)})" if line.reason else ""),
        "basis": line.legal_basis,
        "at": words.when(line.at),
        "at_iso": line.at.isoformat(timespec="seconds"),
        "case_href": f"/cases/{line.case_id}" if line.case_id and not by_rule else "",
        "icon": "lock" if refused else ("list" if by_rule else "eye"),
        "kind": "danger" if refused else ("accent" if by_rule else "highlight"),
    }

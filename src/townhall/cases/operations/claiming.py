"""Taking cases up and giving them back, one or many at once.

A bulk act is one transaction that does what can be done and says why for the rest:
one case that a colleague has does not stop the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from townhall.cases import models
from townhall.cases.models import case as cases
from townhall.cases.operations import denials, officers, transitions
from townhall.cases.views import Bulk
from townhall.foundation.acting import Acting
from townhall.foundation.text import gettext

CLAIM = "take up a case"


def claim(acting: Acting, *, case_ids: Iterable[UUID]) -> Bulk:
    """Take cases up; those that a colleague has, or that are not there, are left out.

    Returns
    -------
    What was taken, and for the others the reason in words.
    """
    return _each(acting, case_ids, _take)


def release(acting: Acting, *, case_ids: Iterable[UUID]) -> Bulk:
    """Give back cases that one has taken up."""
    return _each(acting, case_ids, _give_back)


def _each(
    acting: Acting, case_ids: Iterable[UUID], act: Callable[[Acting, models.Case], str]
) -> Bulk:
    wanted = list(dict.fromkeys(case_ids))
    done: list[UUID] = []
    failed: dict[UUID, str] = {}
    with denials.within(acting, CLAIM):
        found = {case.id: case for case in cases.many_for_officer(acting.services, wanted)}
        for case_id in wanted:
            case = found.get(case_id)
            why = act(acting, case) if case else gettext("There is no such case.")
            if why:
                failed[case_id] = why
            else:
                done.append(case_id)
    return Bulk(tuple(done), failed)


def _take(acting: Acting, case: models.Case) -> str:
    if not case.open:
        return gettext("The case has ended.")
    if case.claimed_by == acting.actor:
        return ""
    if case.claimed_by:
        return gettext("%(name)s has taken it up.") % {"name": case.claimed_name}
    if officers.is_own(acting, case):
        return gettext("Nobody works on a case of their own.")
    cases.update(case, claimed_by=acting.actor, claimed_name=acting.name)
    transitions.record(acting, case, "case.claimed")
    return ""


def _give_back(acting: Acting, case: models.Case) -> str:
    if case.claimed_by != acting.actor:
        return gettext("You have not taken it up.")
    cases.update(case, claimed_by="", claimed_name="")
    transitions.record(acting, case, "case.released")
    return ""

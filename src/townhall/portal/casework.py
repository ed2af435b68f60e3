"""What casework operations return, as rows and sentences for an officer's page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from townhall.cases import views
from townhall.catalogue.engine.definition import Definition
from townhall.foundation.text import formats, gettext, ngettext, pick
from townhall.portal import words
from townhall.portal.tracing import trace

Row = dict[str, Any]


def worklist_row(row: views.WorklistRow, today: date) -> Row:
    """Return one open case of the worklist."""
    return {
        "id": str(row.id),
        "href": f"/officer/cases/{row.id}",
        "number": row.number,
        "title": pick(row.title),
        "state": pick(row.state_title) or row.state,
        "kind": "warning" if row.waits_for_second else "neutral" if row.paused else "info",
        "received": formats.date(row.received_at, length="medium"),
        "due": "" if row.paused or row.due is None else formats.date(row.due, length="medium"),
        "late": late(row, today),
        "by": gettext("You") if row.mine else row.claimed_by_name,
        "mine": row.mine,
        "free": not row.claimed_by,
        "second": row.waits_for_second,
    }


def late(row: views.WorklistRow, today: date) -> str:
    """Return how urgent a case is, in words; empty if it is not."""
    if row.paused:
        return gettext("waits for the resident")
    if row.due is None:
        return ""
    days = (row.due - today).days
    if days < 0:
        return ngettext("%(num)s day late", "%(num)s days late", -days) % {"num": -days}
    if days == 0:
        return gettext("today")
    if days <= 3:
        return ngettext("in %(num)s day", "in %(num)s days", days) % {"num": days}
    return ""


def due_words(due: views.DueView) -> str:
    """Return one sentence on a due date, for the person who has to keep it."""
    if due.paused_since:
        return gettext("The clock stands still since %(day)s.") % {
            "day": formats.date(due.paused_since)
        }
    if due.on is None:
        return ""
    day = formats.date(due.on)
    if due.overdue:
        return gettext("%(day)s – late") % {"day": day}
    return day


def action_words(definition: Definition, action: str) -> str:
    """Return what an action is called: a text of the service or pack, else the standard words."""
    own = definition.texts.get(action) or definition.pack.texts.get(action)
    if own is not None:
        # The pack's texts are plain ones, a service's may have a title and a body.
        return pick(own if isinstance(own, Mapping) else own.text)
    standard = {
        "grant": gettext("Grant"),
        "refuse": gettext("Refuse"),
        "part_grant": gettext("Grant in part"),
        "reopen": gettext("Open again"),
        "transfer": gettext("Hand to another team"),
        "withdraw": gettext("Record a withdrawal"),
    }
    return standard.get(action, action.replace("_", " ").capitalize())


def action_row(definition: Definition, action: views.ActionView, proposed: str) -> Row:
    """Return one thing that this officer can do now."""
    notes = []
    if action.blocked:
        notes.append(action.blocked)
    if action.needs_second:
        notes.append(gettext("A second officer has to confirm it."))
    leads = pick(action.leads_to_title)
    if leads:
        notes.append(gettext("The case becomes: %(state)s.") % {"state": leads})
    return {
        "value": action.action,
        "text": action_words(definition, action.action),
        "note": " ".join(notes),
        "blocked": bool(action.blocked),
        "proposed": action.action == proposed,
        "needs_reason": action.needs_reason,
    }


def proposal(definition: Definition, found: views.Proposal) -> Row:
    """Return what the rules propose, with their reasons."""
    headlines = {
        "yes": gettext("The rules say yes"),
        "no": gettext("The rules say no"),
        "review": gettext("The rules leave this to you"),
        "depends": gettext("The rules cannot tell yet"),
    }
    kinds = {"yes": "success", "no": "danger"}
    return {
        "title": headlines.get(found.eligibility, found.eligibility),
        "kind": kinds.get(found.eligibility, "warning"),
        "action": action_words(definition, found.action) if found.action else "",
        "reasons": words.reasons(found.reasons, definition=definition),
        "results": results(definition, found.results, found.fee),
        "depends": [pick(each) for each in found.depends_on],
    }


def results(
    definition: Definition, found: tuple[views.ResultView, ...], fee: views.Fee | None
) -> list[Row]:
    """Return amounts and periods with the steps that lead to each."""
    rows = [
        {
            "label": pick(each.title) or each.name.replace("_", " "),
            "value": each.shown,
            "because": pick(each.because),
            "trace": trace(each.trace, definition),
        }
        for each in found
        if each.shown
    ]
    if fee:
        rows.append(
            {
                "label": gettext("Fee"),
                "value": formats.money(fee.amount, fee.currency),
                "because": "",
                "trace": None,
            }
        )
    return rows


def evidence_rows(definition: Definition, answers: tuple[views.Answer, ...]) -> list[Row]:
    """Return the evidence for the macro `summary`: every value with where it comes from."""
    rows = []
    for answer in answers:
        if answer.source == "register":
            register = words.register_words(definition, answer.register)
            note, icon = words.provenance(register, answer.as_of), "lock"
            if answer.outcome != "found":
                note = gettext("The register gave no answer.")
        elif answer.source == "computed":
            note, icon = gettext("Worked out from the answers"), "list"
        elif answer.source == "officer":
            note, icon = gettext("Entered by an officer"), "pencil"
        else:
            note, icon = gettext("Said by the resident"), "person"
        if answer.changed:
            note = gettext("%(note)s. Changed since the first version.") % {"note": note}
        if answer.marked:
            note, icon = gettext("You asked about this: %(why)s") % {"why": answer.why}, "alert"
        rows.append(
            {
                "label": pick(answer.title),
                "value": words.answer_words(definition, answer) or gettext("Not given"),
                "note": note,
                "note_icon": icon,
                "uploads": [file_row(file) for file in answer.files],
            }
        )
    return rows


def file_row(file: views.FileView) -> Row:
    """Return an uploaded file with what is known about it."""
    scans = {
        "clean": gettext("checked for viruses"),
        "infected": gettext("contains a virus: it cannot be opened"),
        "not scanned": gettext("not checked for viruses: open it with care"),
    }
    return {
        "href": "" if file.scan == "infected" else f"files/{file.id}",
        "name": file.name,
        "scan": scans.get(file.scan, file.scan),
        "kind": "danger" if file.scan == "infected" else "neutral",
    }


def decision_row(definition: Definition, made: views.DecisionView) -> Row:
    """Return a decision that was made, for the record."""
    by = gettext("by rule, without a person") if made.automatic else made.decided_by
    if made.second_by:
        by = gettext("%(first)s, confirmed by %(second)s") % {"first": by, "second": made.second_by}
    return {
        "title": pick(made.state_title),
        "kind": words.state_kind(made.outcome, False, False),
        "by": by,
        "at": words.when(made.decided_at),
        "reason": made.reason,
        "reasons": words.reasons(made.reasons, definition=definition),
        "results": results(definition, made.results, made.fee),
        "basis": gettext("Evidence %(number)s · definition %(hash)s · rules %(rules)s")
        % {
            "number": made.evidence_revision,
            "hash": made.definition_hash[:12],
            "rules": made.pack_hash[:12],
        },
    }

"""The page "check your answers": answers, facts, and what follows from them with the reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from townhall.cases.views import DraftView
from townhall.catalogue.engine import datatypes, letters
from townhall.catalogue.engine.definition import Datum, Text
from townhall.foundation.text import current_language, formats, gettext, pick
from townhall.portal import prefilled, words
from townhall.portal.tracing import trace

Row = dict[str, Any]


def everything(draft: DraftView) -> dict[str, Any]:
    """Return all that the template `portal/check.html` shows of a draft."""
    assessment = draft.assessment
    unfinished = [each for each in draft.pages if not each.complete]
    fee_words = ""
    if assessment.fee is not None and assessment.fee.amount:
        fee_words = formats.money(assessment.fee.amount, assessment.fee.currency)
    reasons = words.reasons(assessment.reasons, definition=draft.definition, fill=_filled(draft))
    return {
        "rows": _answers(draft),
        "facts": _facts(draft),
        "correct": prefilled.correction_words(),
        "notices": [
            prefilled.notice(draft, each) for each in draft.sources if prefilled.is_news(each)
        ],
        "verdict": _verdict(draft, finished=not unfinished),
        "results": _results(draft, fee_words),
        # What stands in the way is read without opening anything; its steps are below.
        "against": [{**each, "trace": None} for each in reasons if each["holds"] is False],
        "reasons": reasons,
        "traces": _traces(draft),
        "errors": [
            (
                f"/apply/{draft.id}/{each.key}",
                gettext("Answer: %(page)s") % {"page": _page_title(each)},
            )
            for each in unfinished
        ],
        "can_submit": draft.complete,
        "insist": assessment.eligibility == "no",
        "fee_words": gettext("The fee is %(fee)s.") % {"fee": fee_words} if fee_words else "",
        "send_words": gettext("Send it all the same")
        if assessment.eligibility == "no"
        else gettext("Send it"),
    }


def _filled(draft: DraftView) -> Callable[[Text], str]:
    """Return what words a text of the definition, with its blanks filled from the draft."""

    def words_of(text: Text) -> str:
        return letters.fill(text, draft.assessment.values, current_language(), draft.definition)

    return words_of


def _page_title(state: Any) -> str:
    return pick(state.title) or (pick(state.ask[0].label) if state.ask else state.key)


def _answers(draft: DraftView) -> list[Row]:
    rows = []
    for state in draft.pages:
        page = draft.definition.page(state.key)
        for name in page.ask if page else ():
            if name not in draft.answers or (name in draft.situation.facts and _found(draft, name)):
                continue
            datum = draft.definition.data[name]
            rows.append(
                {
                    "label": pick(datum.label),
                    "value": _shown(datum, draft.answers[name]),
                    "href": f"/apply/{draft.id}/{state.key}",
                }
            )
    return rows


def _shown(datum: Datum, answer: Any) -> str | list[str]:
    return words.value(datum, answer) or gettext("Not given")


def _found(draft: DraftView, name: str) -> bool:
    return draft.situation.facts[name].outcome == "found"


def _facts(draft: DraftView) -> list[Row]:
    found = (prefilled.fact_row(draft, datum.name) for datum in draft.definition.register_data)
    return [
        {"label": row["label"], "value": row["value"], "note": row["source"]}
        for row in found
        if row is not None
    ]


def _verdict(draft: DraftView, *, finished: bool) -> dict[str, str]:
    if not finished:
        return {
            "kind": "info",
            "title": gettext("Some answers are still missing"),
            "text": gettext("Answer them, and you see here what follows."),
        }
    verdicts = {
        "yes": (
            "success",
            gettext("As it stands, you are entitled"),
            gettext("Send it, and it is decided by the rules below."),
        ),
        "no": (
            "danger",
            gettext("As it stands, you are not entitled"),
            gettext("The reasons are below. If an answer is wrong, change it."),
        ),
        "review": (
            "warning",
            gettext("An officer has to look at it"),
            gettext("You can send it. A person decides, and you get the reasons in writing."),
        ),
        "depends": (
            "info",
            gettext("That depends on something we do not know yet"),
            _depends_on(draft),
        ),
    }
    kind, title, text = verdicts[draft.assessment.eligibility]
    never_no = all(line.verdict != "no" for line in draft.definition.eligible)
    if draft.assessment.eligibility == "yes" and never_no:
        # There is nothing to be entitled to: a report, a return.
        kind, title = "accent", gettext("Ready to send")
        text = gettext("Nothing stands in the way.")
    return {"kind": kind, "title": title, "text": text}


def _depends_on(draft: DraftView) -> str:
    names = dict.fromkeys(path.split(".")[0] for path in sorted(draft.assessment.unknown))
    known = (draft.definition.data.get(name) for name in names)
    labels = [pick(datum.label) for datum in known if datum is not None and pick(datum.label)]
    told = gettext("You can send it. We find out, or an officer asks you.")
    if not labels:
        return told
    return gettext("It depends on: %(what)s.") % {"what": ", ".join(labels)} + " " + told


def _results(draft: DraftView, fee_words: str) -> list[Row]:
    rows = []
    for name, result in draft.assessment.results.items():
        shown = datatypes.display_value(result.value, current_language())
        if not shown:
            continue
        defined = draft.definition.results.get(name)
        rows.append(
            {
                "label": (pick(defined.title) if defined else "") or name.replace("_", " "),
                "value": shown,
                "because": _filled(draft)(result.because),
            }
        )
    if fee_words:
        fee = draft.definition.fee
        rows.append(
            {
                "label": gettext("Fee"),
                "value": fee_words,
                "because": _filled(draft)(fee.because) if fee else "",
            }
        )
    return rows


def _traces(draft: DraftView) -> list[Row]:
    rows = []
    for name, result in draft.assessment.results.items():
        defined = draft.definition.results.get(name)
        if told := trace(result.step, draft.definition):
            label = (pick(defined.title) if defined else "") or name.replace("_", " ")
            value = datatypes.display_value(result.value, current_language())
            rows.append({"label": label, "value": value, "trace": told})
    if draft.assessment.fee_step and (told := trace(draft.assessment.fee_step, draft.definition)):
        rows.append({"label": gettext("Fee"), "trace": told})
    return rows

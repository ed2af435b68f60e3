"""What each key of the format means: one line each, for the schema and the page.

A test holds these tables against the keys that the compiler reads: no key
without a line, no line without a key.
"""

from __future__ import annotations

from typing import Final

# kind of value, and its line. Kinds are explained in `format.KINDS`.
Line = tuple[str, str]

SERVICE: Final[dict[str, Line]] = {
    "service": (
        "key",
        "Stable key: in addresses, the API and statistics. Never renamed, never reused.",
    ),
    "version": (
        "whole",
        "Raised at each change. Drafts and cases stay on the version they began with.",
    ),
    "title": ("text", "What people call the service."),
    "summary": ("text", "One sentence, for lists and search results."),
    "guide": ("guide", "What the service page tells before anything is asked."),
    "agency": ("agency", "Who is responsible: worklists, and the sender of letters."),
    "events": ("events", "Life events under which the service is listed."),
    "channels": ("channels", "Where it is offered. By default everywhere the pack says."),
    "who": ("who", "Who may apply: the least level of sign-in, and for whom one may act."),
    "topics": ("words", "Subjects, for search."),
    "synonyms": ("search_words", "Other names that people use for it."),
    "examples": ("search_words", "Sentences in which people say that they need it."),
    "law": ("laws", "The law on which the service rests."),
    "eligible": (
        "eligible",
        "Conditions. All hold: yes. A failing `no` beats a failing `review`; "
        "what is unknown makes it “depends on …”.",
    ),
    "data": (
        "data",
        "Everything the service has to know: asked, read from a register, or computed.",
    ),
    "fallbacks": (
        "fallbacks",
        "What happens when a register gives nothing, for all data of the service.",
    ),
    "pages": (
        "pages",
        "Which questions stand together, in which order. "
        "A page with nothing left to ask is skipped.",
    ),
    "people": ("people", "Whom the law sees, and which data are facts of the law."),
    "what_if": ("what_if", "Numbers that people may try out before they send, and what is drawn."),
    "award": ("award", "What is paid in periods, and adjusts itself when a fact changes."),
    "results": (
        "results",
        "Named values computed when the case is decided; letters and later expressions know them.",
    ),
    "fee": ("fee", "What it costs."),
    "flow": (
        "flow",
        "The states of a case. The first one is where a submitted case begins; `draft`, "
        "`waiting_citizen` and `withdrawn` are built in.",
    ),
    "letters": ("letters", "Letters and certificates. Missing ones come from the pack."),
    "deadline": ("deadline", "By when a case must be decided."),
    "keep": (
        "keep",
        "How long each outcome and drafts are kept; what is missing comes from the pack.",
    ),
    "texts": ("texts", "Named texts, for `say:`, `because:`, `show:` and labels of own actions."),
    "duplicates": ("duplicates", "Earlier reports nearby are shown before a new one is written."),
    "book": ("book", "Appointments that may be needed."),
    "publish": ("words", "Named aggregates for open data."),
    "migrate": ("migrate", "What happens to drafts and cases of the version before."),
    "guidance": (
        "flag",
        "`yes` makes it a guidance service: nobody signs in, nothing is stored, there is no case.",
    ),
    "outcomes": (
        "outcomes",
        "The answers of a guidance service; the first whose condition holds is shown. "
        "The last has no condition.",
    ),
    "tests": ("tests", "Examples that must come out as said. Without them nothing goes live."),
}
GUIDE: Final[dict[str, Line]] = {
    "for": ("texts_list", "Who it is for."),
    "need": ("texts_list", "What you need."),
    "time": ("texts_list", "How long it takes."),
    "cost": ("texts_list", "What it costs."),
    "more": ("texts_list", "Anything else that people should know first."),
}
WHO: Final[dict[str, Line]] = {
    "login": (
        "login",
        "Least level of sign-in: `none`, `low` (the default), `substantial`, `high`.",
    ),
    "may_act_for": ("words", "Kinds of mandate accepted."),
}
ELIGIBLE: Final[dict[str, Line]] = {
    "if": ("condition", "Must hold."),
    "else": (
        "verdict",
        "What it means if it does not: `no` (the default), or `review` by an officer.",
    ),
    "say": ("say", "The reason, told to people: a text, or a key under `texts:`."),
    "law": ("law", "The law behind it."),
}
ASKED: Final[dict[str, Line]] = {
    "type": ("type", "What kind of answer it is."),
    "ask": (
        "text",
        "The question. A text of the pack, by the name or type of the datum, is the default.",
    ),
    "title": ("text", "A short name for summaries."),
    "hint": ("text", "Help under the question."),
    "required": ("flag", "`no` lets people leave it empty. The default is `yes`."),
    "when": ("condition", "The datum exists only then; otherwise it is absent, and never asked."),
    "always": ("flag", "Guidance: ask even if it can no longer change the outcome."),
    "default": ("scalar", "An answer filled in beforehand; `= expression` computes it."),
    "valid": ("checks", "Conditions on the answer, and what to say when one fails."),
    "changed_meaning": (
        "flag",
        "The question means something else than in the version before: ask it again.",
    ),
    "max_length": ("whole", "Most characters of a text."),
    "lines": ("whole", "Lines of the box for a text."),
    "min": ("number", "Least number or amount."),
    "max": ("size_or_number", "Greatest number or amount; for a file, its size: `10 MB`."),
    "decimals": ("whole", "Decimal places of a number."),
    "unit": ("text", "Unit shown beside a number."),
    "not_after": ("expression", "Latest day."),
    "not_before": ("expression", "Earliest day."),
    "options": (
        "options",
        "The answers: a list, or value → text. Of several, `none` excludes the others.",
    ),
    "several": ("flag", "Several answers, or files, may be given."),
    "accept": ("file_kinds", "Kinds of files, recognised by content."),
    "repeat": ("repeat", "How often a group is answered: `{min: 1, max: 20}`."),
    "item": ("text", "What one entry of a group is called."),
    "fields": ("fields", "The questions of a group."),
}
REGISTER: Final[dict[str, Line]] = {
    "from": (
        "source",
        "`registers.<register>.<fact>`, or `registers.<register>` for the whole entry.",
    ),
    "by": (
        "name",
        "The datum that holds the key. Without it, the entry of the person applying is read.",
    ),
    "title": ("text", "A short name for summaries."),
    "ask": ("text", "The question, if the register gives nothing and the person is asked."),
    "hint": ("text", "Help under the question."),
    "edit": ("edit", "`correct_at_source` lets people report that the register is wrong."),
    "when": ("condition", "It is read only then."),
    "changed_meaning": ("flag", "It means something else than in the version before."),
    "if_none": ("fallback", "The register has no entry."),
    "if_down": ("fallback", "The register does not answer."),
    "if_refused": ("fallback", "The register refuses to answer."),
}
COMPUTED: Final[dict[str, Line]] = {
    "value": ("expression", "How it is computed."),
    "title": ("text", "A short name for summaries."),
    "when": ("condition", "It exists only then."),
    "changed_meaning": ("flag", "It means something else than in the version before."),
}
PAGE: Final[dict[str, Line]] = {
    "ask": ("names", "The questions on it."),
    "title": ("text", "Its heading."),
    "key": ("name", "Its name in addresses; by default the first question."),
    "show": ("names", "Register facts shown beside the questions."),
}
RESULT: Final[dict[str, Line]] = {
    "value": ("expression", "How it is computed; this or `goal`."),
    "goal": ("name", "A rule of the law whose value it is, with the reasons of the law."),
    "of": ("whose", "Of a rule about a person: `me` (the default) or `partner`."),
    "because": ("say", "Why, in words with `{values}`."),
    "law": ("law", "The law behind it."),
    "title": ("text", "What it is called."),
}
PEOPLE: Final[dict[str, Line]] = {
    "me": ("told", "Fact of the law → expression, for the applicant."),
    "partner": (
        "told",
        "The same for the partner, with `when:`, the condition for there being one.",
    ),
    "children": (
        "told_children",
        "Lists: `each:`, `where:`, `when:`, fact → field of an item, `all:` for facts of all.",
    ),
    "family": ("told", "Facts of the family."),
    "household": ("told", "Facts of the household."),
    "otherwise": (
        "otherwise",
        "`usual`: other facts have their usual value; `unknown` (the default): nobody knows them.",
    ),
    "day": ("expression", "The day whose law decides; by default today."),
}
WHAT_IF: Final[dict[str, Line]] = {
    "change": ("words", "Asked numbers and amounts; those that are answered can be tried out."),
    "draw": ("name", "The result whose curve is drawn; by default the first that is a number."),
}
AWARD: Final[dict[str, Line]] = {
    "amount": ("name", "The result that is paid for each period."),
    "every": ("every", "`week` (for each Monday; the default) or `month`."),
    "from": ("expression", "First day; without it the day of the application."),
    "until": ("expression", "The day after the last."),
    "wait_over": ("number", "A change of more than this, in all, waits for an officer."),
    "by": ("role", "Who decides then."),
    "offer": (
        "condition",
        "When a changed fact makes it so for somebody without the award, the claim is made ready.",
    ),
    "answers": ("free_map", "Datum → answer of such a claim."),
    "title": ("text", "What the award is called; without it, as the service."),
}
FEE: Final[dict[str, Line]] = {
    "amount": ("expression", "An amount of money."),
    "pay": ("pay", "`before_decision` (the default), `after` or `none`."),
    "refund_on": ("words", "Outcomes on which it is given back."),
    "because": ("say", "Why, in words."),
    "law": ("law", "The law behind it."),
}
STATE: Final[dict[str, Line]] = {
    "title": ("text", "What residents read as the state of their case."),
    "next": ("text", "What happens now, in words with `{values}`."),
    "auto": (
        "steps",
        "Steps that the house does by itself: `check_register`, `check_eligibility`, `{check: …}`.",
    ),
    "by": ("role", "The role that works on it."),
    "within": (
        "period",
        "How long it may take; where a case ends, how long it can be opened again.",
    ),
    "can": (
        "words",
        "What officers can do: `ask grant refuse part_grant withdraw reopen transfer extend`, "
        "or own actions.",
    ),
    "to": (
        "to",
        "Where it leads: `{ok: …, doubt: …, no: …}`, `{action: state}`, or a list of conditions.",
    ),
    "doubt": ("name", "Where a doubtful case goes if `to:` is a list."),
    "four_eyes": ("condition", "A second person must confirm: `yes`, or when."),
    "end": ("flag", "The case ends here."),
    "outcome": ("name", "The outcome; by default the name of the state."),
    "issue": ("name", "The certificate that is made."),
    "letter": ("name", "The letter that is sent."),
    "amend": (
        "expression",
        "Where a case ends: the last day on which the resident may send new answers in place "
        "of these.",
    ),
    "appeal": ("appeal", "How to contest it: `{to: <service>, within: 6 weeks}`."),
}
BRANCH: Final[dict[str, Line]] = {
    "if": ("condition", "Must hold; the last line has none."),
    "go": ("name", "The state."),
    "because": ("say", "Why, in words."),
}
STEP: Final[dict[str, Line]] = {
    "check": ("condition", "Must hold."),
    "else": ("step_verdict", "What it means if it does not: `doubt` (the default) or `no`."),
    "because": ("say", "Why, in words."),
}
APPEAL: Final[dict[str, Line]] = {
    "to": ("key", "The service by which people appeal."),
    "within": ("period", "Until when."),
}
LETTER: Final[dict[str, Line]] = {
    "kind": ("letter_kind", "`letter` (the default) or `certificate`."),
    "title": ("text", "Its heading, with `{values}`."),
    "text": ("paragraphs", "Its paragraphs: texts with `{values}`, or `{if: condition, text: …}`."),
    "valid_for": ("period", "How long a certificate is valid."),
}
DEADLINE: Final[dict[str, Line]] = {
    "legal": ("period", "The term of the law."),
    "promise": ("period", "What the agency promises, not longer than the law."),
    "extend": ("scalar", "`once 6 weeks`: how often and by how long it may be extended."),
    "pause_while": (
        "pause",
        "The clock stands still in `waiting_citizen` (the default), or `never`.",
    ),
    "if_missed": ("missed", "`escalate` (the default), `grant`, `refuse` or `note`."),
    "starts": ("starts", "`day_after` receipt (the default of most packs), or `same_day`."),
    "law": ("law", "The law behind it."),
}
DUPLICATES: Final[dict[str, Line]] = {
    "place": ("name", "The datum that holds the place."),
    "within": ("scalar", "How near: `100 m`."),
    "days": ("whole", "How long back."),
}
BOOK: Final[dict[str, Line]] = {
    "minutes": ("whole", "How long it takes."),
    "when": ("condition", "It is offered only then."),
    "title": ("text", "What it is called."),
}
MIGRATE: Final[dict[str, Line]] = {
    "data": ("migrate_data", "Old datum → `{to: new}`, `ask_again`, `keep` or `drop`."),
    "states": ("name_map", "State that disappears → state in which its cases go on."),
}
OUTCOME: Final[dict[str, Line]] = {
    "if": ("condition", "Holds; the last line has none."),
    "show": ("name", "The text shown, under `texts:`."),
    "apply": ("key", "The service that can be applied for with the answers given."),
    "key": ("name", "Its name; by default that of the text."),
    "law": ("law", "The law behind it."),
}
TEST: Final[dict[str, Line]] = {
    "name": ("scalar", "What it shows."),
    "given": ("given", "Registers, answers and circumstances."),
    "steps": ("test_steps", "What officers and the resident do then."),
    "expect": ("expect", "What must come out."),
}
GIVEN: Final[dict[str, Line]] = {
    "registers": (
        "free_map",
        "Register → name of a fixture, facts written out, or `down`, `none`, `refused`.",
    ),
    "answers": ("free_map", "What people answer, as they would type it."),
    "today": ("date", "The day; by default that of the pack."),
    "channel": ("channel", "The channel."),
    "person": (
        "scalar",
        "Who applies; `none` = nobody signed in. By default the fixture of the person register.",
    ),
    "as": ("scalar", "The kind of mandate by which somebody acts for another."),
    "language": ("scalar", "The language of the case."),
}
EXPECT: Final[dict[str, Line]] = {
    "state": ("name", "The state reached."),
    "outcome": ("name", "The outcome of the case, or of the guidance."),
    "fee": ("number", "The fee."),
    "asked": ("names", "Exactly these questions, in this order."),
    "letter": ("name", "The letter sent, or `none`."),
    "eligible": ("eligibility", "`yes`, `no`, `review` or `depends`."),
    "because": ("words", "The reasons that made it so, as keys under `texts:`."),
    "results": ("free_map", "Result → value."),
    "deadline": ("date", "The legal due date of a case received today."),
    "errors": ("free_map", "Question → what is said about its answer; `yes` = anything."),
    "next": ("name", "The question that is asked next."),
    "visited": ("names", "The states on the way."),
}
TEST_STEP: Final[dict[str, Line]] = {
    "officer": ("name", "The action of an officer; `approve` or `reject` as second pair of eyes."),
    "resident": ("free", "Answers to what was asked, or `withdraw`."),
    "reason": ("scalar", "The reason given."),
    "as": ("scalar", "Which officer."),
    "fields": ("names", "The questions sent back."),
    "today": ("date", "The day from now on."),
}

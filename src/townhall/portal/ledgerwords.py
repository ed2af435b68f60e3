"""The ledger in words for people: what each log and each kind of entry is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from townhall.catalogue import operations as catalogue
from townhall.exchange import days
from townhall.foundation.text import current_language, gettext, marked, pick
from townhall.ledger import showing
from townhall.ledger.showing import Witnesses

_TITLES: Final = {
    "access": marked("Who looked at people's data"),
    "algorithms": marked("Algorithms in use"),
    "credentials": marked("Credentials"),
    "decisions": marked("Decisions and letters"),
    "definitions": marked("Versions of services"),
    "keys": marked("Who must sign"),
    "registers": marked("Registers"),
}
_ABOUT: Final = {
    "access": marked(
        "One seal a day over the journal of who read what. A line cannot be taken out later."
    ),
    "algorithms": marked("Which services decide by themselves, in which version, since when."),
    "credentials": marked("Keys of issuers and lists of credentials that were taken back."),
    "decisions": marked(
        "A sealed mark for every decision and letter. Nobody can read in it what was decided."
    ),
    "definitions": marked("Which rules of a service were in force when."),
    "keys": marked("The witnesses whose signatures count, and every change of them."),
    "registers": marked("Now and then a seal over everything that a register says."),
}
_KINDS: Final = {
    "adopted": marked("Taken in after a loss"),
    "algorithm": marked("Algorithm"),
    "day": marked("Day of the journal"),
    "decision": marked("Decision or letter"),
    "definition": marked("Version of a service"),
    "erased": marked("Erased"),
    "event": marked("Event of a credential"),
    "issuer_key": marked("Key of an issuer"),
    "policy": marked("Policy of the witnesses"),
    "root": marked("Seal of a register"),
    "rules_version": marked("New rules of this log"),
    "status_list": marked("List of statuses"),
}
_FIELDS: Final = {
    "agency": marked("Agency"),
    "algorithm": marked("Algorithm"),
    "case_number": marked("Case number"),
    "count": marked("Facts"),
    "day": marked("Day"),
    "decided_at": marked("Decided"),
    "definition": marked("Version of the service"),
    "digest": marked("Fingerprint"),
    "document": marked("Letter"),
    "explanation": marked("Explanation"),
    "handle": marked("Random mark"),
    "index": marked("Number"),
    "issued_at": marked("Issued"),
    "letter": marked("Kind of letter"),
    "lines": marked("Lines"),
    "outcome": marked("Outcome"),
    "policy": marked("Policy"),
    "previous": marked("Seal of the day before"),
    "register": marked("Register"),
    "root": marked("Seal"),
    "sequence": marked("Sequence"),
    "service": marked("Service"),
    "signatures": marked("Signatures"),
    "status": marked("Status"),
    "version": marked("Version"),
}
_LONGEST: Final = 300  # characters of a value that a page shows
_FIRST: Final = ("agency", "algorithm", "register", "service")
_STATES: Final = {
    "in_development": marked("in development"),
    "in_use": marked("in use"),
    "withdrawn": marked("withdrawn"),
}
_OUTCOMES: Final = {
    "denied": marked("refused"),
    "found": marked("found"),
    "none": marked("nothing on record"),
    "refused": marked("refused"),
    "unavailable": marked("the register did not answer"),
    "viewed": marked("looked at"),
}
_ALARMS: Final = {
    showing.NOT_FINAL: marked("Not enough witnesses are signing. New entries are waiting."),
    showing.NOT_SIGNING: marked("This witness is not signing: %(witness)s."),
    showing.OTHER_COPY: marked(
        "Our record could not be compared with the copy of this witness, or differs from it:"
        " %(witness)s. We are looking into it."
    ),
    showing.DAMAGED: marked("The daily check found a fault. We are looking into it."),
    showing.UNCHECKED: marked("The daily check could not be finished. We are looking into it."),
    showing.STOPPED: marked("Nothing is being recorded. New entries are waiting."),
    showing.NOT_LEFT: marked("Seals could not be left outside this house. We are looking into it."),
    showing.OLD_KEY: marked(
        "Somebody signs with a key that we gave up. What is recorded here is not affected."
    ),
}
_PARTIES: Final = {
    "demonstration.example/auditor": marked("Audit office (demonstration)"),
    "demonstration.example/citizens": marked("Citizens' association (demonstration)"),
    "demonstration.example/court": marked("Court (demonstration)"),
    "demonstration.example/university": marked("University (demonstration)"),
}


def title_of(log: str) -> str:
    """Return what a log is called."""
    return gettext(_TITLES[log]) if log in _TITLES else log


def about(log: str) -> str:
    """Return what a log holds."""
    return gettext(_ABOUT[log]) if log in _ABOUT else ""


def kind_of(kind: str) -> str:
    """Return what a kind of entry is called."""
    return gettext(_KINDS[kind]) if kind in _KINDS else kind


def field_of(name: str) -> str:
    """Return what a field is called."""
    return gettext(_FIELDS[name]) if name in _FIELDS else name.replace("_", " ")


def names() -> dict[tuple[str, str], str]:
    """Return what people call the keys that entries and lines of the journal name.

    By field and key: a service, an algorithm, a register, an agency, a fact, a state.
    """
    pack = catalogue.pack()
    services = {card.key: card.title for card in catalogue.services(current_language())}
    found = {("agency", days.WHOSE): gettext("Access journal of this town hall")}
    found |= {("service", key): title for key, title in services.items()}
    found |= {("algorithm", key): title for key, title in services.items()}
    found |= {("agency", key): pick(each.title) for key, each in pack.agencies.items()}
    for key, register in pack.registers.items():
        found["register", key] = pick(register.title)
        for kind, fact in register.facts.items():
            found["fact", f"{key}.{kind}"] = pick(fact.title)
    found |= {("status", key): gettext(text) for key, text in _STATES.items()}
    found |= {("outcome", key): gettext(text) for key, text in _OUTCOMES.items()}
    return found


def fields(public: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what an entry says, what people look for first, hashes last.

    What is empty says nothing, and what is long, the text of a policy, is for the file.
    """
    said = {name: str(value) for name, value in public.items() if 0 < len(str(value)) < _LONGEST}
    ordered = sorted(said, key=lambda name: (name not in _FIRST, len(said[name]), name))
    called = names()
    return [(field_of(name), called.get((name, said[name]), said[name])) for name in ordered]


def party(name: str) -> str:
    """Return who a witness is; others than those of the demonstration by their own name."""
    return gettext(_PARTIES[name]) if name in _PARTIES else name


def alarm(kind: str, witness: str) -> str:
    """Return what is wrong, for anybody: without addresses, and without an operator's words."""
    return gettext(_ALARMS[kind]) % {"witness": party(witness.removesuffix("/rules"))}


def witness_pages(vouching: Witnesses) -> list[dict[str, str]]:
    """Return what people call each witness, and where its own page is, "" if unknown."""
    return [
        {"name": party(each), "href": vouching.addresses.get(each, "")} for each in vouching.parties
    ]

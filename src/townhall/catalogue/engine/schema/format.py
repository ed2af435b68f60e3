"""The JSON Schema of the definition format.

It describes what an editor sees after reading YAML with its usual types; the
loader itself takes every scalar as text, so `no`, `12` and `2026-11-01` need no
quotes. Names, types of expressions and whether things fit together are the
linter's questions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from townhall.catalogue.engine.compiler.expressions import CHANNELS
from townhall.catalogue.engine.compiler.service import CASE_KEYS, GUIDANCE_KEYS
from townhall.catalogue.engine.compiler.types import COMMON_KEYS, FILE_KINDS, TYPE_KEYS
from townhall.catalogue.engine.pack import ACTIONS
from townhall.catalogue.engine.reader import KEY, NAME, ROLE
from townhall.catalogue.engine.schema import words
from townhall.catalogue.engine.schema.answers import DIALECT
from townhall.catalogue.engine.schema.words import Line

_Schema = dict[str, Any]
IDENTIFIER: Final = "urn:townhall:service-definition:1"
_SCALAR: Final = {"type": ["string", "number", "boolean"]}
_FLAG: Final = {"enum": [True, False, "yes", "no", "true", "false", "on", "off"]}


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/$defs/{name}"}


def _one_of(*values: str) -> _Schema:
    return {"enum": list(values)}


def _list_of(name: str) -> _Schema:
    """One thing alone counts as a list of one."""
    return {"anyOf": [_ref(name), {"type": "array", "items": _ref(name)}]}


def _map_of(name: str, pattern: str = NAME.pattern) -> _Schema:
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^{pattern}$"},
        "additionalProperties": _ref(name),
    }


def _object(lines: Mapping[str, Line], required: tuple[str, ...] = ()) -> _Schema:
    found: _Schema = {
        "type": "object",
        "properties": {
            key: {**_ref(kind), "description": meaning} for key, (kind, meaning) in lines.items()
        },
        "additionalProperties": False,
    }
    if required:
        found["required"] = list(required)
    return found


def _yes_no_word(*values: str) -> _Schema:
    """`no` is a boolean to an editor that reads YAML with its usual types."""
    extra: list[Any] = [False] if "no" in values else []
    extra += [True] if "yes" in values else []
    return {"enum": [*values, *extra]}


KINDS: Final[dict[str, tuple[str, _Schema]]] = {
    "scalar": ("a word or number", _SCALAR),
    "key": ("a key: small letters, digits, -", {"type": "string", "pattern": f"^{KEY.pattern}$"}),
    "name": ("a name: small letters, digits, _", {"type": "string"}),
    "names": ("one name or a list", _list_of("name")),
    "words": ("one word or a list", _list_of("scalar")),
    "number": ("a number", {"type": ["number", "string"]}),
    "whole": ("a whole number", {"type": ["integer", "string"]}),
    "flag": ("yes or no", _FLAG),
    "date": ("a day: 2026-11-22", {"type": "string"}),
    "period": ("a length of time: 8 weeks, 10 working days, P6M", {"type": "string"}),
    "size_or_number": ("a number, or a size: 10 MB", {"type": ["number", "string"]}),
    "text": (
        "a text, or one for each language: {en: …, cy: …}",
        {
            "anyOf": [
                _SCALAR,
                {
                    "type": "object",
                    "propertyNames": {"pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
                    "additionalProperties": _SCALAR,
                },
            ]
        },
    ),
    "texts_list": ("a text or a list of texts", _list_of("text")),
    "say": ("a text, or the name of one under texts:", _ref("text")),
    "expression": ("an expression", _SCALAR),
    "condition": ("an expression that is yes or no", _SCALAR),
    "agency": ("an agency of the pack", _ref("key")),
    "role": ("a role of the pack", {"type": "string", "pattern": f"^{ROLE.pattern}$"}),
    "events": ("life events of the pack", _list_of("key")),
    "channel": (f"one of {', '.join(CHANNELS)}", _one_of(*CHANNELS)),
    "channels": (f"some of {', '.join(CHANNELS)}", _list_of("channel")),
    "login": ("none, low, substantial or high", _one_of("none", "low", "substantial", "high")),
    "search_words": (
        "a list, or one for each language",
        {"anyOf": [_ref("words"), {"type": "object", "additionalProperties": _ref("words")}]},
    ),
    "law": (
        "a citation, or {title, url}",
        {
            "anyOf": [
                _ref("text"),
                {
                    "type": "object",
                    "properties": {"title": _ref("text"), "url": {"type": "string"}},
                    "additionalProperties": False,
                },
            ]
        },
    ),
    "laws": ("a citation or a list", _list_of("law")),
    "guide": ("parts, see guide", _object(words.GUIDE)),
    "who": ("parts, see who", _object(words.WHO)),
    "verdict": ("no or review", _yes_no_word("no", "review")),
    "step_verdict": ("doubt or no", _yes_no_word("doubt", "no")),
    "eligibility": (
        "yes, no, review or depends",
        {"anyOf": [_yes_no_word("yes", "no", "review", "depends"), {"type": "object"}]},
    ),
    "eligible_line": ("parts, see eligible", _object(words.ELIGIBLE, ("if", "say"))),
    "eligible": ("a list of conditions", _list_of("eligible_line")),
    "fallback": (
        "ask, upload, review, wait, accept, {ask: datum} or {upload: datum}",
        {
            "anyOf": [
                _one_of(*ACTIONS),
                {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": 1,
                    "properties": {"ask": _ref("name"), "upload": _ref("name")},
                    "additionalProperties": False,
                },
            ]
        },
    ),
    "fallbacks": (
        "if_none, if_down, if_refused",
        _object({key: words.REGISTER[key] for key in ("if_none", "if_down", "if_refused")}),
    ),
    "source": (
        "registers.<register>.<fact>",
        {"type": "string", "pattern": r"^registers\.[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"},
    ),
    "edit": ("correct_at_source", _one_of("correct_at_source")),
    "type": (", ".join(TYPE_KEYS), _one_of(*TYPE_KEYS)),
    "options": (
        "a list of answers, or value → text",
        {
            "anyOf": [
                {"type": "array", "items": _SCALAR, "minItems": 1},
                {"type": "object", "additionalProperties": _ref("text"), "minProperties": 1},
            ]
        },
    ),
    "file_kinds": (f"some of {', '.join(FILE_KINDS)}", _list_of("file_kind")),
    "file_kind": (f"one of {', '.join(FILE_KINDS)}", _one_of(*FILE_KINDS)),
    "repeat": (
        "{min, max}",
        _object({"min": ("whole", "Least entries."), "max": ("whole", "Most entries.")}),
    ),
    "check": (
        "{if, say}",
        _object(
            {"if": ("condition", "Must hold."), "say": ("say", "Said when it does not.")},
            ("if", "say"),
        ),
    ),
    "checks": ("a list of {if, say}", _list_of("check")),
    "register_datum": ("from a register", _object(words.REGISTER, ("from",))),
    "computed_datum": ("computed", _object(words.COMPUTED, ("value",))),
    "data": ("datum → its parts", _map_of("datum")),
    "fields": ("name → question", _map_of("asked_datum")),
    "page": ("parts, see pages", _object(words.PAGE)),
    "pages": ("a list of pages", _list_of("page")),
    "result": (
        "an expression, or parts",
        {"anyOf": [_SCALAR, _object(words.RESULT)]},
    ),
    "whose": ("me or partner", _one_of("me", "partner")),
    "told": (
        "fact → expression",
        {"type": "object", "additionalProperties": _ref("expression")},
    ),
    "told_child": (
        "{each, fact: field}",
        {
            "type": "object",
            "properties": {"all": _ref("told")},
            "additionalProperties": _ref("scalar"),
        },
    ),
    "told_children": (
        "a list of {each, fact: field}",
        {
            "anyOf": [
                _ref("told_child"),
                {"type": "array", "items": _ref("told_child")},
            ]
        },
    ),
    "otherwise": ("usual or unknown", _one_of("usual", "unknown")),
    "people": ("parts, see people", _object(words.PEOPLE)),
    "what_if": ("parts, see what_if", _object(words.WHAT_IF, ("change",))),
    "every": ("week or month", _one_of("week", "month")),
    "award": ("parts, see award", _object(words.AWARD, ("amount",))),
    "results": ("name → value", _map_of("result")),
    "pay": ("before_decision, after or none", _one_of("before_decision", "after", "none")),
    "fee": ("parts, see fee", _object(words.FEE, ("amount",))),
    "step": (
        "check_register, check_eligibility or {check: …}",
        {
            "anyOf": [
                _one_of("check_register", "check_eligibility"),
                _object(words.STEP, ("check",)),
            ]
        },
    ),
    "steps": ("a step or a list", _list_of("step")),
    "branch": ("{if, go, because}", _object(words.BRANCH, ("go",))),
    "to": (
        "outcome or action → state, or a list of conditions",
        {"anyOf": [_ref("name_map"), {"type": "array", "items": _ref("branch")}]},
    ),
    "name_map": ("name → name", {"type": "object", "additionalProperties": _ref("name")}),
    "appeal": ("{to, within}", _object(words.APPEAL, ("to", "within"))),
    "state": ("parts, see flow", _object(words.STATE)),
    "flow": ("state → its row", _map_of("state")),
    "letter_kind": ("letter or certificate", _one_of("letter", "certificate")),
    "paragraph": (
        "a text, or {if, text}",
        {
            "anyOf": [
                _object(
                    {
                        "if": ("condition", "The paragraph is there only then."),
                        "text": ("text", "The paragraph."),
                    },
                    ("text",),
                ),
                _ref("text"),
            ]
        },
    ),
    "paragraphs": ("a list of paragraphs", _list_of("paragraph")),
    "letter": ("parts, see letters", _object(words.LETTER, ("title", "text"))),
    "letters": ("name → letter", _map_of("letter")),
    "pause": ("waiting_citizen or never", _one_of("waiting_citizen", "never")),
    "missed": (
        "escalate, grant, refuse or note",
        _one_of("escalate", "grant", "refuse", "note"),
    ),
    "starts": ("day_after or same_day", _one_of("day_after", "same_day")),
    "deadline": ("parts, see deadline", _object(words.DEADLINE, ("legal",))),
    "keep": (
        "outcome → period, and then: erase or archive",
        {"type": "object", "additionalProperties": {"type": "string"}},
    ),
    "named_text": (
        "a text, or {title, body}",
        {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"title": _ref("text"), "body": _ref("texts_list")},
                    "minProperties": 1,
                    "additionalProperties": False,
                },
                _ref("texts_list"),
            ]
        },
    ),
    "texts": ("name → text", _map_of("named_text")),
    "duplicates": ("parts, see duplicates", _object(words.DUPLICATES, ("place",))),
    "booking": ("parts, see book", _object(words.BOOK)),
    "book": ("name → appointment", _map_of("booking")),
    "migrate_data": (
        "datum → what happens",
        _map_of("migration"),
    ),
    "migration": (
        "{to: datum}, ask_again, keep or drop",
        {
            "anyOf": [
                _one_of("ask_again", "keep", "drop"),
                _object({"to": ("name", "The new datum.")}, ("to",)),
            ]
        },
    ),
    "migrate": ("parts, see migrate", _object(words.MIGRATE)),
    "outcome": ("parts, see outcomes", _object(words.OUTCOME, ("show",))),
    "outcomes": ("a list of outcomes", _list_of("outcome")),
    "free": ("anything", {}),
    "free_map": ("name → value", {"type": "object"}),
    "given": ("parts, see tests", _object(words.GIVEN)),
    "expect": ("parts, see tests", {**_object(words.EXPECT), "minProperties": 1}),
    "test_step": ("parts, see tests", _object(words.TEST_STEP)),
    "test_steps": ("a list of steps", _list_of("test_step")),
    "test": ("parts, see tests", _object(words.TEST, ("given", "expect"))),
    "tests": ("a list of tests", _list_of("test")),
}


def _asked() -> _Schema:
    """A question: each type has its own further keys."""
    variants = []
    for kind, extra in TYPE_KEYS.items():
        lines = {key: words.ASKED[key] for key in (*COMMON_KEYS, *extra)}
        variant = _object(lines, ("type",))
        variant["properties"]["type"] = {
            "const": kind,
            "description": words.ASKED["type"][1],
        }
        variants.append(variant)
    return {"oneOf": variants}


def definition_schema() -> _Schema:
    """Return the schema of a definition file, service or guidance."""
    defs = {name: {**schema, "title": title} for name, (title, schema) in KINDS.items()}
    defs["asked_datum"] = _asked()
    defs["datum"] = {"anyOf": [_ref("asked_datum"), _ref("register_datum"), _ref("computed_datum")]}
    case_needs = ("service", "version", "title", "agency", "data", "pages", "flow", "tests")
    guidance_needs = (
        "service",
        "version",
        "title",
        "guidance",
        "data",
        "pages",
        "outcomes",
        "tests",
    )
    return {
        "$schema": DIALECT,
        "$id": IDENTIFIER,
        "title": "Townhall service definition",
        "description": "One public service: form, decision, casework and letters follow from it.",
        "oneOf": [
            {
                "title": "a service",
                **_object({key: words.SERVICE[key] for key in CASE_KEYS}, case_needs),
            },
            {
                "title": "a guidance service",
                **_object({key: words.SERVICE[key] for key in GUIDANCE_KEYS}, guidance_needs),
            },
        ],
        "$defs": defs,
    }


def as_text() -> str:
    """Return the schema as the file that is kept beside this code."""
    return json.dumps(definition_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

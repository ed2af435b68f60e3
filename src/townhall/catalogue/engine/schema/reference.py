"""The reference page of the definition format, made from the same tables as the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from townhall.catalogue.engine.compiler.expressions import RESERVED
from townhall.catalogue.engine.compiler.flow import CHECK_STEPS, STANDARD
from townhall.catalogue.engine.compiler.service import GUIDANCE_KEYS
from townhall.catalogue.engine.compiler.types import TYPE_KEYS
from townhall.catalogue.engine.schema import words
from townhall.catalogue.engine.schema.format import KINDS
from townhall.catalogue.engine.schema.words import Line
from townhall.rules.engine import BUILTINS

_HEAD: Final = """# The service definition

<!-- Generated: `townhall catalogue schema --reference`. A test holds it against the code. -->

One YAML file describes one public service. From it follow the form, the API, the decision, the
casework, the deadlines, the letters and the tests. A file is compiled once into an immutable
version, named by the hash of its content; drafts and cases stay on the version they began with.

`townhall catalogue lint FILE` says everything that is wrong in one run, `townhall catalogue test
FILE` also runs the tests in it, `townhall catalogue schema` prints the JSON Schema for editors.

**How it is read.** Every scalar is text and gets its type from the format: `no`, `12`, `120.00` and
`2026-11-01` need no quotes. A text that contains `: ` or ` #`, begins with one of `{ [ ' " & * ! |
> % @`, or holds a comma inside `{ }` needs quotes. Repeated keys, anchors, aliases and tags are
refused. A file has at most 256 KB.

**Texts** are plain (in the town hall's first language) or one for each language: `{en: …, cy: …}`.
`{name}` is filled in with a value in letters, reasons (`say`, `because`), outcomes and `next`;
`{{` stands for a brace. Texts hold no logic and no HTML.
"""
EXAMPLE: Final = """service: which-parking-permit
version: 1
guidance: yes
title: {en: "Which parking permit do I need?"}
data:
  resident: {type: yes/no, ask: {en: "Do you live in a permit zone?"}}
  visitors: {type: yes/no, ask: {en: "Do you expect visitors by car?"}, when: "not resident"}
pages: [{ask: [resident]}, {ask: [visitors]}]
outcomes:
  - {if: resident, show: resident_permit}
  - {if: visitors, show: vouchers}
  - {show: none_needed}              # the last line has no condition: every path ends
texts:
  resident_permit: {title: {en: A resident permit}, body: [{en: Apply for it here.}]}
  vouchers: {title: {en: Visitor vouchers}, body: [{en: Buy them in advance.}]}
  none_needed: {title: {en: No permit}, body: [{en: You need none.}]}
tests:
  - {name: a, given: {answers: {resident: yes}}, expect: {outcome: resident_permit}}
  - {name: b, given: {answers: {resident: no, visitors: yes}}, expect: {outcome: vouchers}}
  - {name: c, given: {answers: {resident: no, visitors: no}}, expect: {outcome: none_needed}}
"""
_EXAMPLE: Final = f"""A whole guidance service, in a town hall of one language:

```yaml
{EXAMPLE}```
"""
_CHECKS: Final = """## What the linter finds

Everything in one run, by line, each with what to write instead; errors keep a version from going
live, advice does not.

- unreadable or surprising YAML: repeated keys, anchors, aliases, tags, invisible direction marks
- unknown keys, names, functions, registers, facts, roles, agencies, life events, letters, texts
  and services
- type errors in expressions; data, computed values or results that depend on themselves
- a question on no page, a page that asks nothing, a question before the one that decides about it,
  a routing question that is not first
- a datum, state, eligibility line or outcome that can never be reached
- a use of something that may be absent, without `present(…)` or the same condition
- a question without text; a reachable text without a translation; a `{blank}` that does not exist
- a register without a fallback for “no entry”, “down” and “refused”
- a state that leads nowhere, cannot end, or moves on by itself in a circle; an action without a
  place to lead to; a check without a place for doubtful cases
- eligibility without a reason; guidance whose last outcome has a condition
- a promise or `within:` longer than the legal deadline; an outcome without retention; a fee paid
  before the decision without `refund_on:`; four eyes in a role that one person holds
- no tests, a test that names what does not exist, an outcome that no test reaches
"""
_EXPRESSIONS: Final = """## Expressions

Conditions, fees and computed values are written in one small language: names, `'text'`, numbers,
`yes`, `no`, `and or not`, `== != < <= > >=`, `in`, `not in`, `+ - * /`, `if a then b else c`,
lists `['a', 'b']` and the functions below. They know:

- every datum, and its parts: `vehicle.keeper`;
- every result, and the `fee`;
- `person` (`id`, `name`, `email`), `channel`, `today`, `language`;
- in the flow and in letters `case` (`number`, `submitted`, `due`, `decided`, `outcome`, `reason`),
  `eligibility` (`'yes'`, `'no'`, `'review'`, `'depends'`) and `checks` (`'ok'`, `'doubt'`, `'no'`);
- lists of the pack by name, its rates by `rate('key')`, its tariffs by `tariff('table', key)`.

What is not known yet is **unknown**, never zero or empty: `no and unknown` is no, `yes and unknown`
is unknown. What does not exist (its `when` is false, it was left empty) is **absent**: an
expression that uses such a datum must ask `present(name)` first, or stand under the same
condition.
"""


def reference() -> str:
    """Return the page as Markdown."""
    lines = "\n".join(_page()).splitlines()
    kept = (line.rstrip() for at, line in enumerate(lines) if line or at == 0 or lines[at - 1])
    return "\n".join(kept) + "\n"


def _page() -> Iterator[str]:
    yield _HEAD
    yield _EXAMPLE
    yield "## The file"
    yield from _table(
        words.SERVICE,
        {key: "" if key in GUIDANCE_KEYS else "not for guidance" for key in words.SERVICE},
    )
    yield "## data\n"
    yield "A datum is **asked**, read **from a register**, or **computed**.\n"
    yield "### Asked"
    yield from _table(words.ASKED, _types_of_keys())
    yield f"Types: {', '.join(f'`{kind}`' for kind in TYPE_KEYS)}.\n"
    yield "### From a register"
    yield from _table(words.REGISTER)
    yield (
        "A fallback says what happens instead: `review` (an officer finds out), `wait` (read again "
        "later), `ask` (the person answers), `upload` (the person proves it), `{ask: datum}` and "
        "`{upload: datum}` (by that question), `accept` (no entry is a normal answer).\n"
    )
    yield "### Computed"
    yield from _table(words.COMPUTED)
    for title, lines in _SECTIONS.items():
        yield f"## {title}"
        yield from _table(lines)
        if title == "flow":
            yield from _flow()
        if title == "tests":
            for part, more in _TESTS.items():
                yield f"### {part}"
                yield from _table(more)
    yield _EXPRESSIONS
    yield "\n| function | what it gives |"
    yield "|---|---|"
    for function in BUILTINS:
        yield f"| `{function.usage}` | {function.doc} |"
    yield ""
    yield _CHECKS
    yield f"Reserved names: {', '.join(f'`{name}`' for name in sorted(RESERVED))}."


_SECTIONS: Final[Mapping[str, Mapping[str, Line]]] = {
    "guide": words.GUIDE,
    "who": words.WHO,
    "eligible": words.ELIGIBLE,
    "pages": words.PAGE,
    "people": words.PEOPLE,
    "what_if": words.WHAT_IF,
    "results": words.RESULT,
    "award": words.AWARD,
    "fee": words.FEE,
    "flow": words.STATE,
    "letters": words.LETTER,
    "deadline": words.DEADLINE,
    "outcomes (guidance)": words.OUTCOME,
    "duplicates": words.DUPLICATES,
    "book": words.BOOK,
    "migrate": words.MIGRATE,
    "tests": words.TEST,
}
_TESTS: Final[Mapping[str, Mapping[str, Line]]] = {
    "given": words.GIVEN,
    "steps": words.TEST_STEP,
    "expect": words.EXPECT,
}


def _flow() -> Iterator[str]:
    yield f"Standard actions: {', '.join(f'`{each}`' for each in STANDARD)}. "
    yield (
        "`grant` leads to the state `granted`, `refuse` to `refused`, `part_grant` to "
        "`part_granted`, unless `to:` says otherwise. An action of the service's own needs a place "
        "in `to:` and a label under `texts:`.\n"
    )
    yield (
        f"Steps: {', '.join(f'`{each}`' for each in CHECK_STEPS)}, and a check of your own. The "
        "worst verdict counts: `no`, `doubt`, `ok`. Whoever is not sure to be eligible is never "
        "granted anything by a step.\n"
    )
    yield "A line of a list under `to:`"
    yield from _table(words.BRANCH)
    yield "A step with a condition"
    yield from _table(words.STEP)
    yield "appeal"
    yield from _table(words.APPEAL)


def _types_of_keys() -> dict[str, str]:
    special: dict[str, list[str]] = {}
    for kind, keys in TYPE_KEYS.items():
        for key in keys:
            special.setdefault(key, []).append(kind)
    return {key: f"only {', '.join(kinds)}" for key, kinds in special.items()}


def _table(lines: Mapping[str, Line], notes: Mapping[str, str] | None = None) -> Iterator[str]:
    yield ""
    yield "| key | value | meaning |"
    yield "|---|---|---|"
    for key, (kind, meaning) in lines.items():
        note = (notes or {}).get(key, "")
        value = KINDS[kind][0].replace("|", "\\|").replace("<", "&lt;")
        suffix = f" ({note})" if note else ""
        yield f"| `{key}` | {value} | {meaning}{suffix} |"
    yield ""

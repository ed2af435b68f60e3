"""The one page of a witness, for people: what it keeps, what is wrong, and a place to complain.

Whoever was promised an entry that never came does not have to ask the town hall that
withholds it: the promise is handed in here, without an account and without a script.
Nothing on the page comes from elsewhere, so a witness needs no other server for it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from http import HTTPStatus
from typing import Any, Final

from townhall.ledger.witness.alarms import Alarm

FILE: Final = "promise"
FORM: Final = "multipart/form-data"
_BOUNDARY: Final = re.compile(r'boundary="?([^";\s]{1,70})"?$')
_DEMONSTRATION: Final = "demonstration.example/"  # how the witnesses of a demonstration are named

_STYLE: Final = """
:root { background: light-dark(#fff, #14191d); color: light-dark(#1b2023, #eef1f3);
  color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 44rem; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; overflow-wrap: anywhere; margin: 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; }
p, ul { margin: .5rem 0; }
.note { border-inline-start: .375rem solid; padding: .5rem 1rem; margin: 1.5rem 0; }
.small { font-size: .9375rem; }
.good { border-color: light-dark(#0a7a3c, #58c98a); }
.bad { border-color: light-dark(#b3261e, #ff8f85); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid light-dark(#767676, #8c8c8c); padding: .5rem .75rem .5rem 0;
  text-align: start; vertical-align: top; }
td.figure, th.figure { text-align: end; font-variant-numeric: tabular-nums; }
code { font-family: ui-monospace, monospace; font-size: .875em; overflow-wrap: anywhere; }
label { display: block; font-weight: 600; margin: 1rem 0 .25rem; }
input, button { font: inherit; max-width: 100%; }
button { background: light-dark(#0b4f7d, #9fd3f7); border: 2px solid transparent;
  border-radius: .25rem; color: light-dark(#fff, #06283f); cursor: pointer;
  margin-top: 1rem; min-height: 2.75rem; padding: .25rem 1.25rem; }
summary { cursor: pointer; min-height: 1.5rem; }
a { color: light-dark(#0b4f7d, #9fd3f7); }
:focus-visible { outline: 3px solid light-dark(#0b4f7d, #9fd3f7); outline-offset: 2px; }
"""
_POLICY: Final = (
    "default-src 'none'; style-src 'sha256-"
    + b64encode(sha256(_STYLE.encode()).digest()).decode()
    + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
]


def page(
    health: Mapping[str, Any],
    alarms: Iterable[Alarm],
    keys: Iterable[object],
    policies: Iterable[str] = (),
) -> bytes:
    """Return the page.

    Parameters
    ----------
    health
        Of `Witness.health`.
    alarms
        Those that are open and shown, the newest first; `health` says how many there are.
    keys
        The public keys.
    policies
        The text of the policy in force, of every record of policies that is kept here.
    """
    name = str(health["name"])
    parts = [
        f"<h1>Witness {_t(name)}</h1>",
        "<p>A witness of public records. It keeps a full copy of each record below, checks that "
        "nothing old was changed and that every new entry keeps the rules, and signs only then."
        "</p>",
        _whose(name),
        _state(health, list(alarms)),
        "<h2>The records</h2><p>How many entries this witness has seen, and how many of them it "
        "keeps and has checked.</p>",
        _records(health["logs"]),
        _COMPLAINT,
        _policies(policies),
        "<h2>Compare the keys</h2><p>Receipts and policies that count on this witness must name "
        "these keys, and no others of its name.</p>",
        "<details><summary>The keys that this witness signs with</summary><ul>",
        *(f"<li><code>{_t(key)}</code></li>" for key in keys),
        '</ul></details><p>For programs: <a href="/health">health</a>, '
        '<a href="/alarms">alarms</a>, <a href="/keys">keys</a>.</p>',
    ]
    return _document(f"Witness {name}", "".join(parts))


def answered(name: str, status: HTTPStatus, words: str, due: int | None) -> bytes:
    """Return the page that answers somebody who handed in a promise.

    Parameters
    ----------
    status, words
        What the witness answered; see `overdue.Promises.judge`.
    due
        The deadline of the promise, POSIX seconds; None if it is no promise.
    """
    heading, more = _ANSWERS.get(status, _ANSWERS[HTTPStatus.SERVICE_UNAVAILABLE])
    if status == HTTPStatus.TOO_EARLY and due is not None:
        more = f"The town hall has until {_moment(due)}. Keep the file, and come back then."
    mood = {HTTPStatus.OK: " good", HTTPStatus.TOO_EARLY: ""}.get(status, " bad")
    technical = (
        f'<p class="small">Technical reason: {_t(words)}.</p>' if status in _REASONED else ""
    )
    return _document(
        f"{heading} – Witness {name}",
        f'<h1>{heading}</h1><div class="note{mood}"><p>{more}</p></div>{technical}'
        '<p><a href="/">Back to this witness</a></p>',
    )


_REASONED: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE)
"""Where the witness's own words say more than the page does."""
_ANSWERS: Final = {
    HTTPStatus.OK: (
        "The promise was kept",
        "The entry is in the record. You can get its receipt from the town hall.",
    ),
    HTTPStatus.ACCEPTED: (
        "The promise was broken",
        "The day has passed, and the entry is not in the record. This witness keeps your promise "
        "and shows it to everybody, the other witnesses among them. You need not do anything "
        "more; you may hand it to other witnesses, too.",
    ),
    HTTPStatus.TOO_EARLY: (
        "It is not due yet",
        "The town hall still has time. Keep the file.",
    ),
    HTTPStatus.BAD_REQUEST: (
        "This is not a promise",
        "Choose the file promise.json as you saved it, unchanged.",
    ),
    HTTPStatus.FORBIDDEN: (
        "This was not signed by the record",
        "Nobody promised this, or the file was changed. Save the promise again at the town hall.",
    ),
    HTTPStatus.NOT_FOUND: (
        "This witness does not keep that record",
        "Hand the file to a witness that does: the page of the record names them all.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "This witness cannot answer at the moment",
        "Nothing was lost. Try again in a few minutes, or go to another witness.",
    ),
}


def uploaded(content_type: str, body: bytes) -> bytes:
    """Return the file that the form of the page sent; empty if there is none (RFC 7578)."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        return b""
    for part in body.split(b"--" + found[1].encode("latin-1", "replace")):
        head, _, content = part.partition(b"\r\n\r\n")
        if b'name="%s"' % FILE.encode() in head:
            return content.removesuffix(b"\r\n")
    return b""


def _state(health: Mapping[str, Any], alarms: list[Alarm]) -> str:
    if health["stopped"] is not None:
        return (
            '<div class="note bad"><p><strong>This witness has stopped signing.</strong></p>'
            f"<p>{_t(health['stopped'])}</p></div>"
        )
    if not alarms:
        return '<div class="note good"><p>Nothing is wrong, as far as this witness knows.</p></div>'
    told = "".join(
        f"<p><strong>{_t(each.origin)}</strong>, since {_moment(each.at)}: {_t(each.text)}</p>"
        for each in alarms
    )
    more = int(health["open_alarms"]) - len(alarms)
    if more > 0:
        told += f"<p>And {more} more, that this page does not show.</p>"
    return f'<div class="note bad"><h2>What is wrong</h2>{told}</div>'


def _whose(name: str) -> str:
    """Return whose word it is: in a demonstration that of the town hall itself."""
    if name.startswith(_DEMONSTRATION):
        return (
            '<div class="note"><p><strong>This is a demonstration.</strong> Whoever runs the '
            "town hall runs this witness, too, so it proves nothing about them. In real use, "
            "independent institutions run the witnesses.</p></div>"
        )
    return "<p>It belongs to whoever runs it, not to the town hall.</p>"


def _policies(policies: Iterable[str]) -> str:
    """Return the fingerprints that readers compare with those on a page of the town hall."""
    told = "".join(f"<p><code>{sha256(each.encode()).hexdigest()}</code></p>" for each in policies)
    if not told:
        return ""
    return (
        "<h2>Compare the policy</h2><p>A policy says whose signatures count. Its fingerprint "
        "(SHA-256) on the pages of the town hall and in receipts of today must be this:</p>" + told
    )


def _records(logs: Mapping[str, Mapping[str, Any]]) -> str:
    rows = "".join(
        f'<tr><td><a href="/mirror/{sha256(origin.encode()).hexdigest()}/checkpoint">'
        f'{_t(origin)}</a></td><td class="figure">{log.get("seen", 0):,}</td>'
        f'<td class="figure">{log["rules_hold_up_to"]:,}</td></tr>'
        for origin, log in logs.items()
    )
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Records"><table><thead><tr>'
        '<th scope="col">Record</th><th scope="col" class="figure">Seen</th>'
        '<th scope="col" class="figure">Checked</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


_COMPLAINT: Final = f"""
<h2>Were you promised an entry that never came?</h2>
<p>If a town hall gave you a promise in writing and its deadline has passed, hand the file in here.
This witness looks into its own copy. If the entry is missing, it keeps your promise and shows it
to everybody. The file holds nothing about you but hashes.</p>
<form method="post" action="/overdue" enctype="{FORM}">
<label for="{FILE}">The promise (promise.json)</label>
<input type="file" id="{FILE}" name="{FILE}" accept=".json,application/json" required>
<div><button>Hand it in</button></div>
</form>
"""


def _document(title: str, content: str) -> bytes:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_t(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{content}</main></body></html>\n"
    ).encode()


def _t(value: object) -> str:
    return escape(str(value))


def _moment(time: int) -> str:
    try:
        return f"{datetime.fromtimestamp(time, UTC):%-d %B %Y, %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return f"second {time}"

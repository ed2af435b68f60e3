"""Partners: the same operations for programs, over HTTP.

Promises
--------
* What a page can do, a program can do: look services up, apply, follow a case,
  read the decision with its reasons. There is no second rule, check or path.
* Each partner has tokens of its own (`th_…`). A token names what it may do, for
  which services, and whether it may apply for a person; only its hash is kept.
* `POST` asks for an `Idempotency-Key`: a retry gives the first answer again, the
  same key with another body is refused (409).
* Errors are `application/problem+json` (RFC 9457): what was wrong, where, what
  to do. Lists are paged by key (`after`), never by number.
* A partner sees the cases that it submitted, and no others: all else is 404.

Where to start: `operations.py` (tokens, who a token is), `api.py` (the addresses),
`problems.py` (every error's shape), `commands.py` (`townhall partners …`).
"""

"""Cases: everything between "I would like to apply" and the letter with the decision.

Promises
--------
* A **draft** is pinned to one version of a definition (its content hash), lives
  on the server, is saved page by page and can be resumed on any device. Facts
  from registers are read by `exchange` and stay on the server; what a browser
  sends for them is ignored.
* **Submitting** happens exactly once and is one transaction: snapshot of answers
  and facts, case, number, deadline, event, jobs. Nothing outside the database is
  called in it. The facts in the snapshot are those the resident saw on the page
  "check your answers"; older than `FACTS_FRESH` they are read again when the
  draft is opened, never silently at submit.
* A **case** is in one state of the table in its definition. Its row has constant
  size; its history are events, its evidence are numbered revisions
  (`cases_application`), its decisions an append-only table with the trace.
* An **action** names the state that the officer saw. If the case moved meanwhile
  the answer is `StaleState`, which says what happened. Reasons are asked where
  the resident is concerned. Four eyes: the second person differs from the first
  as a human being, and signs the same evidence.
* A **deadline** counts working days of the pack's calendar, stands still while
  the resident is asked, and explains how its date came about.
* The **letter** exists before the decision is shown: until the worker has made
  it, the resident reads that the decision is being sent. Its code opens a public
  page that says what is genuine, and nothing personal.
* Another person's id is answered like an id that does not exist, and leaves a
  line in the journal of that other person.

Who owns what
-------------
Every table with something personal carries `person_id`, never null. A case
without sign-in belongs to a subject made for it alone: a secret token is the
key, and the subject's id is derived from the token's hash, so the database holds
nothing from which the token could be made (`engine/anonymous.py`).
`cases_submission` (idempotency keys of programs) is not citizen-owned: it holds
keyed hashes and a case id only, because a key must be unique whoever it is for.

Where to start
--------------
`operations/` has the use cases, by who asks: `drafts`, `submitting`, `residents`
(own cases), `lists` and `casework` (officers), `letters`, `retention`.
`views.py` are the values they return. `engine/` is pure: `deadline`, `anonymous`,
`letter`. `models/` is one file a concept and the only writer of its tables.
`jobs.py` lets the worker do what must not hold a person up: letters, waiting
automatic steps, missed deadlines, retention.
"""
